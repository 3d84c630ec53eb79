/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capacity doubles up to the ceiling, so that adding n bytes copies fewer than 2 n. */
#include "base/buffer.h"
#include "base/invariant.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

tide_status tide_buffer_reserve(tide_buffer *b, size_t more) {
  size_t need;
  if (__builtin_add_overflow(b->len, more, &need))
    return TIDE_FATAL;
  TIDE_INVARIANT(b->len <= b->cap && (!b->limit || b->len <= b->limit));
  if (b->limit && need > b->limit)
    return TIDE_SKIP;
  if (need <= b->cap)
    return TIDE_OK;
  size_t cap = b->cap ? b->cap : 256;
  while (cap < need)
    cap = cap > SIZE_MAX / 2 ? need : cap * 2;
  if (b->limit && cap > b->limit)
    cap = b->limit;
  char *grown = realloc(b->ptr, cap);
  if (!grown)
    return TIDE_FATAL;
  b->ptr = grown;
  b->cap = cap;
  return TIDE_OK;
}

tide_status tide_buffer_put_growing(tide_buffer *b, tide_span s) {
  tide_status status = tide_buffer_reserve(b, s.len);
  if (status == TIDE_SKIP) {
    s.len = b->limit - b->len;
    if (tide_buffer_reserve(b, s.len) != TIDE_OK)
      return TIDE_FATAL;
  } else if (status != TIDE_OK) {
    return status;
  }
  (void)tide_buffer_put(b, s); /* there is room now */
  return status;
}

tide_status tide_buffer_printf(tide_buffer *b, const char *format, ...) {
  va_list args;
  va_start(args, format);
  char small[256];
  int n = vsnprintf(small, sizeof small, format, args);
  va_end(args);
  if (n < 0)
    return TIDE_FATAL;
  if ((size_t)n < sizeof small)
    return tide_buffer_put(b, (tide_span){small, (size_t)n});
  TIDE_TRY(tide_buffer_reserve(b, (size_t)n + 1));
  va_start(args, format);
  vsnprintf(b->ptr + b->len, (size_t)n + 1, format, args);
  va_end(args);
  b->len += (size_t)n;
  return TIDE_OK;
}

tide_status tide_buffer_put_utf8(tide_buffer *b, uint32_t c) {
  char out[4];
  size_t n = 0;
  if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
    c = 0xfffd;
  if (c < 0x80) {
    out[n++] = (char)c;
  } else if (c < 0x800) {
    out[n++] = (char)(0xc0 | c >> 6);
    out[n++] = (char)(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out[n++] = (char)(0xe0 | c >> 12);
    out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
    out[n++] = (char)(0x80 | (c & 0x3f));
  } else {
    out[n++] = (char)(0xf0 | c >> 18);
    out[n++] = (char)(0x80 | (c >> 12 & 0x3f));
    out[n++] = (char)(0x80 | (c >> 6 & 0x3f));
    out[n++] = (char)(0x80 | (c & 0x3f));
  }
  /* Whole or not at all: half a character would be invalid UTF-8. */
  TIDE_TRY(tide_buffer_reserve(b, n));
  return tide_buffer_put(b, (tide_span){out, n});
}

void tide_buffer_free(tide_buffer *b) {
  free(b->ptr);
  b->ptr = NULL;
  b->len = b->cap = 0;
}
