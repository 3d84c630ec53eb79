/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands: each takes its settings and returns the program's exit code. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "command.h"

/* All that ask a question: the row says which. */
int command_ask(const command *, const settings *);
int command_rules(const command *, const settings *);

#endif
