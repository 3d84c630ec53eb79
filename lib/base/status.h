/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setting errors. The types are in include/spamtide/status.h, since users of the library see them
 * too. */
#ifndef LIB_BASE_STATUS_H
#define LIB_BASE_STATUS_H

#include "spamtide/status.h"

/* Evaluates a call; if its status is not TIDE_OK, the function around it returns that status. Use
 * it for every chain of calls that may fail, in functions that hold nothing to release: their
 * caller releases what must be released. */
#define TIDE_TRY(...)                                                                              \
  do {                                                                                             \
    const tide_status tried_ = (__VA_ARGS__);                                                      \
    if (tried_ != TIDE_OK)                                                                         \
      return tried_;                                                                               \
  } while (0)

/* The singular or plural in a sentence: `one` if the number is 1, else `many` (also for 0 and 0.5).
 * Either is a noun, or a whole format. */
static inline const char *tide_plural(double number, const char *one, const char *many)
    __attribute__((format_arg(2), format_arg(3)));
static inline const char *tide_plural(double number, const char *one, const char *many) {
  return number == 1 ? one : many;
}

/* Sets *err (may be NULL) from a printf format and returns status, so that a failure is one
 * statement: return tide_error_set(err, TIDE_FAIL, "open: %s", path); Control
 * characters and the like are escaped (tide_visible), since paths and rule files may contain
 * terminal escapes. Text over TIDE_ERROR_MAX - 1 bytes is cut. */
tide_status tide_error_set(tide_error *err, tide_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Always the same error: TIDE_FATAL and "out of memory". */
tide_status tide_error_memory(tide_error *err);
/* For a function that gives a status but no text, and fails only when out of memory or the stop
 * flag is set: "stopped" for TIDE_END, "out of memory" for the rest, nothing for TIDE_OK. Returns
 * status. */
tide_status tide_error_of_status(tide_error *err, tide_status status);
/* The same as tide_error_set for a file that a person named, with what errno says of it:
 * TIDE_USAGE, or TIDE_FATAL if memory is out. */
tide_status tide_error_of_file(tide_error *err, const char *path);

#endif
