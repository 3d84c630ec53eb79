/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages are put together in memory first: standard error has no buffer, so each fprintf would be
 * a write of its own, and a message of several would mix with what others write (POSIX: a write of
 * up to PIPE_BUF bytes to a pipe is not divided). */
#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "spamtide/buffer.h"
#include "spamtide/visible.h"

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
  static const char out_of_memory[] = "spamtide: out of memory\n";
  tide_buffer words = {0}, line = {0};
  va_list arguments;
  va_start(arguments, format);
  int len = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  const size_t words_size = len > 0 ? (size_t)len + 1 : 1, line_size = 4 * words_size;
  tide_status status = tide_buffer_put(&line, SPAN("spamtide: "));
  if (status == TIDE_OK)
    status = tide_buffer_reserve(&words, words_size);
  if (status == TIDE_OK)
    status = tide_buffer_reserve(&line, line_size + 1);
  if (status == TIDE_OK) {
    va_start(arguments, format);
    vsnprintf(words.ptr, words_size, format, arguments);
    va_end(arguments);
    /* Words and names may hold what speaks to a terminal. */
    line.len += tide_visible(tide_span_of(words.ptr), line.ptr + line.len, line_size);
    line.ptr[line.len++] = '\n';
  }
  say_whole(status == TIDE_OK ? tide_buffer_span(&line) : tide_span_of(out_of_memory));
  tide_buffer_free(&words);
  tide_buffer_free(&line);
}
