/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The account of a run as a file: all that it takes to repeat and to cite it. */
#ifndef CMD_ACCOUNT_H
#define CMD_ACCOUNT_H

#include "session.h"

/* Writes it as JSON to settings->account, whole or not at all; the inputs are read once more for
 * their digests. *code is the program's exit code, and becomes EXIT_SOME_LOST where a file
 * that was read can't be read any more. TIDE_END if it was interrupted, TIDE_FATAL
 * with the reason. */
tide_status account_write(const session *, int *code, tide_error *);

#endif
