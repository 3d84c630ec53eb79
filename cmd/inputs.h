/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that the options name, and that no output may be one of them. */
#ifndef CMD_INPUTS_H
#define CMD_INPUTS_H

#include "session.h"

/* Calls each for what every option named to be read, in the order of --asn, --country, --campaigns,
 * --labels (or what was found in its place), --trust, --where, --control: a file, a directory, what
 * is `built_in`, or something else (a network, a host name). Ends with the first status that is not
 * TIDE_OK. */
tide_status inputs_each(const session *,
                        tide_status (*each)(void *context, const char *use, const char *path,
                                            bool built_in, tide_error *),
                        void *context, tide_error *);

/* TIDE_USAGE if the output or the account would be written over something that is read, by
 * whatever name, or over each other. Asked before anything is written. */
tide_status inputs_apart(const session *, tide_error *);

#endif
