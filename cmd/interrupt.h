/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals: a first Ctrl-C ends the run cleanly and within half a second, a second one at once; none
 * leaves a half file. */
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

#include <stdatomic.h>

/* True once the run is to end. */
extern atomic_bool interrupted;

/* Takes over SIGINT, SIGTERM and SIGHUP, turns SIGPIPE and SIGXFSZ into errors of write, and
 * removes the unfinished file before any other signal ends the program. Call once, before threads
 * start. */
void interrupt_install(void);
/* The line, with its end, for a run that does not end in time by itself; NULL if all is said.
 * What it points to stays. Before the first call it says that there is no result. */
void interrupt_last_words(const char *line);
/* The run is over: from here on exit() is ours. Before, it is a library's, and ends with
 * EXIT_FAILED and no file. */
void interrupt_end(void);
/* 128 + the signal that came, or 0. */
int interrupt_exit_code(void);

#endif
