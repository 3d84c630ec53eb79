/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that puts the text of an error together, cut where it is too long. */
#include "base/status.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/visible.h"

tide_status tide_error_set(tide_error *err, tide_status status, const char *format, ...) {
  if (!err)
    return status;
  err->status = status;
  va_list args;
  va_start(args, format);
  char text[TIDE_ERROR_MAX];
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  tide_visible(tide_span_of(text), err->text, sizeof err->text);
  return status;
}

tide_status tide_error_memory(tide_error *err) {
  return tide_error_set(err, TIDE_FATAL, "out of memory");
}

tide_status tide_error_of_status(tide_error *err, tide_status status) {
  if (status == TIDE_OK)
    return TIDE_OK;
  return status == TIDE_END ? tide_error_set(err, status, "stopped") : tide_error_memory(err);
}

tide_status tide_error_of_file(tide_error *err, const char *path) {
  const int number = errno;
  return tide_error_set(err, number == ENOMEM ? TIDE_FATAL : TIDE_USAGE, "%s: %s", path,
                        strerror(number));
}
