/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digests of files: what a run has read, so that it can be shown to have been repeated on the same
 * bytes. */
#ifndef CMD_DIGEST_H
#define CMD_DIGEST_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/span.h"
#include "base/status.h"
#include "base/stop.h"

enum { TIDE_DIGEST_TEXT = 65 };
typedef struct tide_digest {
  char sha256[TIDE_DIGEST_TEXT]; /* FIPS 180-4, in hexadecimal; empty if something could not be
                                    read */
  uint64_t files, bytes;
  struct timespec changed; /* when the last of the files and directories changed (st_ctim) */
} tide_digest;

/* Of a file its SHA-256. Of a directory that of what `find -L . -type f -print0 | LC_ALL=C sort -z
 * | xargs -0 sha256sum` writes in it: of all regular files below, links followed, as mail is read.
 * Of a directory that links lead to twice only what comes first in bytewise order is taken, down to
 * TIDE_LIMIT_DIRECTORY_DEPTH. Reads everything once more. TIDE_END if *stop became true,
 * TIDE_FAIL with the system's reason, TIDE_FATAL when out of memory. */
tide_status tide_digest_path(const char *path, const atomic_bool *stop, tide_digest *out,
                             tide_error *);
/* Is a later than b? */
bool tide_digest_is_later(const struct timespec *a, const struct timespec *b);
/* Of bytes in memory: files is 0. */
tide_status tide_digest_bytes(tide_span bytes, tide_digest *out, tide_error *);

#endif
