/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals: a first Ctrl-C ends the run cleanly, a second one at once. */
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H

#include <stdatomic.h>

/* True once the run shall end. */
extern atomic_bool interrupted;

/* Takes over SIGINT, SIGTERM and SIGHUP, and turns SIGPIPE into an error of write. Call once,
 * before threads start. */
void interrupt_install(void);
/* 128 + the signal that came, or 0. */
int interrupt_exit_code(void);

#endif
