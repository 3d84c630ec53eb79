/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where results go: standard output, or a file that appears whole or not at all. */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/status.h"

typedef struct output {
  int fd;
  const char *path;       /* NULL: standard output */
  char *target;           /* the name that the file will have: path with its links followed */
  char *temporary;        /* its name until it is whole; NULL if it is written in place (a device, a
                             pipe) */
  uint64_t device, inode; /* of the unfinished file */
  tide_buffer pending;
  bool waits;       /* a pipe or a socket: writing may wait for whoever reads */
  bool reader_gone; /* the other end of the pipe was closed: no error, but no use to go on */
} output;

/* path NULL or "-" is standard output. Links are followed, and an existing file's mode is kept. A
 * file that may not be written to is not replaced. TIDE_FATAL with the system's reason. */
tide_status output_open(output *, const char *path, tide_error *);
/* TIDE_END once the reader has gone. TIDE_FATAL for a full disk and the like. */
tide_status output_write(output *, tide_span, tide_error *);
/* Writes out what is pending; with `keep` the file takes its name, otherwise nothing of it is left.
 */
tide_status output_close(output *, bool keep, tide_error *);
/* Writes a whole file, as an output is. */
tide_status output_whole(const char *path, tide_span text, tide_error *);
/* What is at the output's place now; false if there is nothing yet. */
bool output_stat(const char *path, struct stat *);
/* Do two paths, links followed, name one file, though it need not be there yet? */
bool output_same_name(const char *a, const char *b);

#endif
