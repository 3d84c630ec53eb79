/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables in words: --help, man pages, completion. */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stdio.h>

#include "command.h"

void help_program(FILE *);
void help_command(FILE *, const command *);
/* A page for man(7): of the program where command is NULL. */
void help_man(FILE *, const command *);
/* For bash: `source <(spamtide completion)`. */
void help_completion(FILE *);
/* The options of a command as a table for docs/. */
void help_markdown(FILE *, const command *);

#endif
