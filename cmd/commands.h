/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands: each takes its settings and returns the program's exit code. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "settings.h"
#include "spamtide/table.h"

int command_timeline(const settings *);
int command_compare(const settings *);
int command_placebo(const settings *);
int command_records(const settings *);
int command_explain(const settings *);
int command_relays(const settings *);
int command_rules(const settings *);
int command_changes(const settings *);
int command_recovery(const settings *);
int command_concentration(const settings *);
int command_events(const settings *);

/* The columns of `rules hits` and of `events`. */
extern const tide_columns rules_columns, events_columns;

#endif
