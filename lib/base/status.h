/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a call ended, and the one error a person may have to be told of. */
#ifndef LIB_BASE_STATUS_H
#define LIB_BASE_STATUS_H

/* What is lost, from nothing to the run. Every function that can fail returns one of these. */
typedef enum tide_status {
  TIDE_OK = 0,
  TIDE_END = 1,    /* exhausted, not an error */
  TIDE_SKIP = -1,  /* this message is lost */
  TIDE_FAIL = -2,  /* this source is lost */
  TIDE_FATAL = -3, /* the run is lost: memory, output */
  TIDE_USAGE = -4  /* what the person asked for makes no sense: an option, a rule file, a zone */
} tide_status;

enum { TIDE_ERROR_MAX = 1024 };

/* The reason of the last failure, as one line without a newline and without control characters. */
typedef struct tide_error {
  tide_status status;
  char text[TIDE_ERROR_MAX];
} tide_error;

/* Sets *err (may be NULL) from a printf format and returns status, so that a failure is one
 * statement: return tide_error_set(err, TIDE_FAIL, "open: %s", path); What hides
 * is escaped (tide_visible): paths and rule files may hold terminal escapes. Text over
 * TIDE_ERROR_MAX - 1 bytes is cut. */
tide_status tide_error_set(tide_error *err, tide_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a file that a person named, with what errno says of it: TIDE_USAGE, or TIDE_FATAL
 * where memory is out. */
tide_status tide_error_of_file(tide_error *err, const char *path);

#endif
