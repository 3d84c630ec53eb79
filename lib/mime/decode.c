/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Header values as a reader sees them. */
#include "parser.h"

#include <gmime/gmime.h>
#include <pthread.h>

static pthread_once_t mime_once = PTHREAD_ONCE_INIT;

void tide_mime_init(void) {
  pthread_once(&mime_once, g_mime_init);
}

/* Line breaks with the white space around them become one space; the bytes are not looked at
 * otherwise. */
static tide_span unfold(tide_span value, tide_arena *arena) {
  if (value.len > TIDE_LIMIT_HEADER_VALUE)
    value = tide_utf8_trim(tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE));
  if (value.len == 0 || !memchr(value.ptr, '\n', value.len))
    return value;
  char *text = tide_arena_take(arena, value.len + 1);
  size_t len = 0;
  if (!text)
    return (tide_span){0};
  for (size_t at = 0; at < value.len;) {
    if (value.ptr[at] != '\n') {
      text[len++] = value.ptr[at++];
      continue;
    }
    while (len && tide_is_space(text[len - 1]))
      len--;
    while (at < value.len && tide_is_space(value.ptr[at]))
      at++;
    text[len++] = ' ';
  }
  return tide_span_make(text, len);
}

/* A copy of s in the arena as valid UTF-8: bytes that are not are read as Windows-1252. */
static tide_span copy_valid(tide_span s, tide_arena *arena) {
  tide_buffer valid = {0};
  bool lied = false;
  tide_status status = tide_charset_put(NULL, s, (tide_span){0}, &valid, &lied);
  tide_span out = {0};
  if (status == TIDE_OK)
    out = tide_arena_copy(arena, tide_buffer_span(&valid));
  else
    arena->failed = true;
  tide_buffer_free(&valid);
  return out;
}

tide_span tide_header_unfold(tide_span value, tide_arena *arena) {
  value = unfold(value, arena);
  return tide_utf8_valid(value) ? value : copy_valid(value, arena);
}

bool tide_header_is_raw(tide_span value) {
  return !tide_utf8_valid(tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE));
}

tide_span tide_header_words(converter *c, tide_span value, tide_span fallback, tide_arena *arena) {
  value = unfold(value, arena);
  /* Nine subjects in ten: nothing to decode. An escape begins ISO-2022-JP that nobody encoded. */
  bool words = tide_span_find(value, SPAN("=?")) < value.len;
  if (!words && tide_utf8_valid(value) && tide_span_find_char(value, '\x1b') == value.len)
    return value;
  tide_buffer decoded = {0};
  tide_span out = {0};
  if (tide_encoded_words_put(c, value, fallback, &decoded) == TIDE_OK)
    out = tide_arena_copy(arena, tide_buffer_span(&decoded));
  else
    arena->failed = true; /* not an empty value: the run ends */
  tide_buffer_free(&decoded);
  return out;
}

tide_span tide_header_decode(tide_span value, tide_arena *arena) {
  converter own = {0}; /* nothing is open yet */
  tide_span out = tide_header_words(&own, value, (tide_span){0}, arena);
  tide_converter_close(&own);
  return out;
}
