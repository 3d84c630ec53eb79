/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages are put together in memory first: standard error has no buffer, so each fprintf would be
 * a write of its own, and a message of several would mix with what others write (POSIX: a write of
 * up to PIPE_BUF bytes to a pipe is not divided). */
#include "say.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/status.h"
#include "base/visible.h"

void say_whole(tide_span text) {
  int saved = errno;
  while (text.len) {
    ssize_t n = write(STDERR_FILENO, text.ptr, text.len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break; /* nobody is there to be told */
    text = tide_span_slice(text, (size_t)n, text.len);
  }
  errno = saved;
}

void say(const char *format, ...) {
  /* No heap: that memory is out must be said too. A path is as long as the system takes. */
  static const char head[] = "spamtide: ";
  char words[PATH_MAX + TIDE_ERROR_MAX], line[sizeof head + 4 * sizeof words];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(words, sizeof words, format, arguments);
  va_end(arguments);
  memcpy(line, head, sizeof head - 1);
  size_t len = sizeof head - 1;
  /* Words and names may hold what speaks to a terminal. */
  len += tide_visible(tide_span_of(words), line + len, sizeof line - len - 1);
  line[len++] = '\n';
  say_whole(tide_span_make(line, len));
}
