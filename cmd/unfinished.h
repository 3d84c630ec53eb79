/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unfinished file, which no end of the program leaves behind. There is one at a time. */
#ifndef CMD_UNFINISHED_H
#define CMD_UNFINISHED_H

/* The path is borrowed until the next call; NULL: there is none. */
void unfinished_set(const char *path);
/* For a handler of a signal: only what is async-signal-safe. */
void unfinished_remove(void);

#endif
