/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to a person, on standard error: the one place that writes there. Each is one write(2),
 * so that it stays in one piece where standard output, or another program, writes to the same
 * terminal, pipe or file. */
#ifndef CMD_SAY_H
#define CMD_SAY_H

#include "base/span.h"

/* A line: "spamtide: ", the text, a line end. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Text that is whole already, as it stands. */
void say_whole(tide_span text);

#endif
