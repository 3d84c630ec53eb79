/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing byte buffer with a ceiling. Passing the ceiling is a status, never a crash and never
 * silent. */
#ifndef LIB_BASE_BUFFER_H
#define LIB_BASE_BUFFER_H

#include "base/span.h"
#include "base/status.h"

/* Zero-initialised is empty with no ceiling (limit 0). */
typedef struct tide_buffer {
  char *ptr;
  size_t len, cap;
  size_t limit; /* most bytes it may hold; 0: no limit of its own */
} tide_buffer;

/* All return TIDE_OK; TIDE_SKIP when the limit is reached (what fits is kept by put, nothing by
 * reserve); TIDE_FATAL when out of memory. */
tide_status tide_buffer_reserve(tide_buffer *, size_t more);
tide_status tide_buffer_put_growing(tide_buffer *,
                                    tide_span s); /* what put does if there is no room yet */
static inline tide_status tide_buffer_put(tide_buffer *b, tide_span s) {
  if (s.len > b->cap - b->len)
    return tide_buffer_put_growing(b, s);
  if (s.len)
    memcpy(b->ptr + b->len, s.ptr, s.len);
  b->len += s.len;
  return TIDE_OK;
}
static inline tide_status tide_buffer_putc(tide_buffer *b, char c) {
  if (b->len == b->cap) {
    tide_status status = tide_buffer_reserve(b, 1);
    if (status != TIDE_OK)
      return status;
  }
  b->ptr[b->len++] = c;
  return TIDE_OK;
}
tide_status tide_buffer_printf(tide_buffer *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline tide_span tide_buffer_span(const tide_buffer *b) {
  return (tide_span){b->ptr, b->len};
}
static inline void tide_buffer_clear(tide_buffer *b) {
  b->len = 0;
}
void tide_buffer_free(tide_buffer *);

/* One code point as UTF-8; a surrogate or a value beyond U+10FFFF becomes U+FFFD. */
tide_status tide_buffer_put_utf8(tide_buffer *, uint32_t code_point);

#endif
