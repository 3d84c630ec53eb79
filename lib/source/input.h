/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes from a file descriptor: the one place that reads. */
#ifndef LIB_SOURCE_INPUT_H
#define LIB_SOURCE_INPUT_H

#include <sys/types.h>

#include "convert.h"
#include "base/status.h"
#include "base/stop.h"

typedef struct tide_input {
  int fd;
  bool waits; /* a pipe or a terminal: may block, so the stop flag is looked at while waiting */
  const atomic_bool *stop; /* may be NULL */
  uint64_t size;           /* of a regular file, else 0 */
  tide_convert convert;
  tide_buffer raw; /* what was read and is still to be converted */
} tide_input;

/* "-" is standard input. Never blocks: tide_input_read waits for a FIFO that nobody writes to.
 * is_file: the path was a regular file when it was found; if it is a FIFO or a device by now,
 * reading it could wait for ever, so it is TIDE_FAIL. TIDE_FAIL with the reason. */
tide_status tide_input_open(tide_input *, const char *path, bool is_file, const atomic_bool *stop,
                            tide_error *);
/* Appends up to `most` bytes to buffer, as many as one or more reads give. TIDE_END at the end of
 * the file (or when stopped), TIDE_FAIL with the system's reason, TIDE_FATAL when out of memory.
 * Reads, not mappings: a file that shrinks meanwhile ends early and harms nobody. */
tide_status tide_input_read(tide_input *, tide_buffer *buffer, size_t most, tide_error *);
/* buffer has the beginning of the file. If that shows that the file must be converted, converts it
 * and all that is read later. Such a file is read in turn, and offsets are those of the converted
 * bytes. `last`: the file ended. TIDE_OK or TIDE_FATAL. */
tide_status tide_input_convert(tide_input *, tide_buffer *buffer, bool last);
/* The same from offset `at` of a regular file, by any number of threads at once. TIDE_END if the
 * file ends within `most` bytes; the bytes before its end are in the buffer. */
tide_status tide_input_read_at(const tide_input *, tide_buffer *buffer, size_t most, uint64_t at,
                               tide_error *);
/* Did a regular file end, at `at`, before the size that it had when it was opened? *err says so. */
bool tide_input_shrank(const tide_input *, uint64_t at, tide_error *);
/* The offset at which tide_input_read goes on in a regular file. */
uint64_t tide_input_position(tide_input *);
/* Moves to another offset of a regular file, as lseek(2) does; returns the new one, or -1. */
int64_t tide_input_seek(tide_input *, int64_t offset, int whence);
/* Back to the beginning. False if there is no going back. */
bool tide_input_rewind(tide_input *);
void tide_input_close(tide_input *);

#endif
