/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: words become the values of options. */
#ifndef CMD_ARGUMENTS_H
#define CMD_ARGUMENTS_H

#include "request/option.h"

/* Reads argv[0..argc) into settings (a struct that offsets point into, already holding defaults for
 * what has no `preset`). Operands are collected in argv order in *operands, which the caller
 * frees, and lists are freed by tide_options_free, on failure too. --name=value, --name value,
 * -nvalue, -n value, flags together as in -ab, "--" ends options, "-" is an operand; options and
 * operands may mix. No abbreviations: a script must not break when an option is added. An option
 * that is not a list is given once. TIDE_USAGE with one line that says what is wrong and, for a
 * typo, what was perhaps meant. */
tide_status options_parse(const tide_option_group *const *groups, int argc, char **argv,
                          void *settings, tide_option_list *operands, tide_error *);

#endif
