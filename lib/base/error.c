/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/status.h"

#include <stdarg.h>
#include <stdio.h>

tide_status tide_error_set(tide_error *err, tide_status status, const char *format, ...) {
  if (!err)
    return status;
  err->status = status;
  va_list args;
  va_start(args, format);
  vsnprintf(err->text, sizeof err->text, format, args);
  va_end(args);
  for (char *p = err->text; *p; p++)
    if ((unsigned char)*p < 0x20 || *p == 0x7f)
      *p = '?';
  return status;
}
