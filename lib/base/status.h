/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors as they are set: what they are stands in include/spamtide/status.h, since those who link
 * the library see them too. */
#ifndef LIB_BASE_STATUS_H
#define LIB_BASE_STATUS_H

#include "spamtide/status.h"

/* Calls, and returns the status from the function that stands here unless it is TIDE_OK: the one
 * way to write a chain of calls that may fail. It is for functions that hold nothing to release;
 * what must be released is released by the function that calls such a one. */
#define TIDE_TRY(...)                                                                              \
  do {                                                                                             \
    const tide_status tried_ = (__VA_ARGS__);                                                      \
    if (tried_ != TIDE_OK)                                                                         \
      return tried_;                                                                               \
  } while (0)

/* What a sentence says of a number: `one` where it is 1, else `many` (as of 0, or of 0.5). Either
 * is a noun, or a whole format. */
static inline const char *tide_plural(double number, const char *one, const char *many)
    __attribute__((format_arg(2), format_arg(3)));
static inline const char *tide_plural(double number, const char *one, const char *many) {
  return number == 1 ? one : many;
}

/* Sets *err (may be NULL) from a printf format and returns status, so that a failure is one
 * statement: return tide_error_set(err, TIDE_FAIL, "open: %s", path); What hides
 * is escaped (tide_visible): paths and rule files may hold terminal escapes. Text over
 * TIDE_ERROR_MAX - 1 bytes is cut. */
tide_status tide_error_set(tide_error *err, tide_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The one word for it: TIDE_FATAL and "out of memory". */
tide_status tide_error_memory(tide_error *err);
/* For a function that gives a status and no text, and fails by memory or the stop flag only: says
 * "stopped" of TIDE_END, "out of memory" of the rest, nothing of TIDE_OK. Returns status. */
tide_status tide_error_of_status(tide_error *err, tide_status status);
/* The same as tide_error_set for a file that a person named, with what errno says of it:
 * TIDE_USAGE, or TIDE_FATAL where memory is out. */
tide_status tide_error_of_file(tide_error *err, const char *path);

#endif
