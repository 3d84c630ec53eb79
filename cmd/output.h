/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where results go: standard output, or a file that appears whole or not at all. */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "spamtide/buffer.h"
#include "spamtide/status.h"

typedef struct output {
  int fd;
  const char *path; /* NULL: standard output */
  char *temporary;  /* the name until it is whole; NULL where it is written in place (a device, a
                       pipe) */
  tide_buffer pending;
  bool reader_gone; /* the other end of the pipe was closed: no error, but no use to go on */
} output;

/* path NULL or "-" is standard output. TIDE_FATAL with the system's reason. */
tide_status output_open(output *, const char *path, tide_error *);
/* TIDE_END once the reader has gone. TIDE_FATAL for a full disk and the like. */
tide_status output_write(output *, tide_span, tide_error *);
/* Writes out what is pending; with `keep` the file takes its name, otherwise nothing of it is left.
 */
tide_status output_close(output *, bool keep, tide_error *);
/* Removes an unfinished file; for a signal handler: only what is async-signal-safe. */
void output_abandon(void);

#endif
