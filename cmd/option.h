/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line as data: from one table come parsing, --help, the man page and completion. */
#ifndef CMD_OPTION_H
#define CMD_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef enum option_kind {
  OPTION_FLAG,    /* bool */
  OPTION_TEXT,    /* const char * */
  OPTION_FILE,    /* const char *: completed as a file's name */
  OPTION_LIST,    /* option_list: may be given several times */
  OPTION_NUMBER,  /* uint64_t, from 1 to most */
  OPTION_CHOICE,  /* const char *: one of choices */
  OPTION_DURATION /* int64_t seconds */
} option_kind;

typedef struct option_list {
  const char **items;
  size_t count;
} option_list;

typedef struct option {
  const char *name; /* long name without dashes; NULL ends a table */
  char letter;      /* short name or 0 */
  option_kind kind;
  const char *argument; /* what stands for its argument in help, in capitals; NULL for a flag */
  const char *help;     /* sentences */
  size_t offset;        /* of its value in the settings */
  const char *const *choices; /* OPTION_CHOICE: NULL-terminated */
  const char *standard;       /* the value where it is not given, as text; NULL: none */
  uint64_t most;              /* OPTION_NUMBER */
} option;

/* Options under one heading; commands share groups. */
typedef struct option_group {
  const char *heading;
  const option *options;
} option_group;

/* Reads argv[0..argc) into settings (a struct that offsets point into, already holding defaults for
 * what has no `standard`). Operands are collected in argv order in *operands, which the caller
 * frees, and those of lists are freed by options_free, on failure too. --name=value, --name value,
 * -nvalue, -n value, flags together as in -ab, "--" ends options, "-" is an operand; options and
 * operands may mix. No abbreviations: a script must not break when an option is added. An option
 * that is not a list is given once. TIDE_USAGE with one line that says what is wrong and, for a
 * typo, what was perhaps meant. */
tide_status options_parse(const option_group *const *groups, int argc, char **argv, void *settings,
                          option_list *operands, tide_error *);
/* Frees the items of all lists among the options. */
void options_free(const option_group *const *groups, void *settings);

#endif
