/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Characters are passed on or written as escapes, one at a time: control characters, those that
 * turn the direction of text, and bytes that are no UTF-8 may not pass. */
#include "base/visible.h"

#include "base/utf8.h"

bool tide_hides(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 ||
         (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
         c == 0x200f || c == 0x061c || c == 0xfeff;
}

/* The length of the character at the start of text, and whether it stays as it is. */
static size_t step(tide_span text, bool backslash, bool *stays) {
  uint32_t c = 0;
  size_t len = tide_utf8_take(text, &c);
  *stays = len > 0 && !tide_hides(c) && !(backslash && c == '\\');
  return len ? len : 1;
}

static size_t escape(tide_span text, bool backslash, char *out, size_t size) {
  static const char digits[] = "0123456789abcdef";
  size_t to = 0;
  for (size_t at = 0; at < text.len;) {
    bool stays;
    size_t len = step(tide_span_slice(text, at, text.len), backslash, &stays);
    if (to + (stays ? len : 4 * len) >= size)
      break;
    for (size_t i = 0; i < len; i++) {
      unsigned char byte = (unsigned char)text.ptr[at + i];
      if (stays) {
        out[to++] = (char)byte;
        continue;
      }
      out[to++] = '\\';
      out[to++] = 'x';
      out[to++] = digits[byte >> 4];
      out[to++] = digits[byte & 15];
    }
    at += len;
  }
  if (size)
    out[to] = '\0';
  return to;
}

size_t tide_visible(tide_span text, char *out, size_t size) {
  return escape(text, false, out, size);
}

tide_span tide_path_visible(tide_span path, tide_arena *arena) {
  bool stays = true;
  for (size_t at = 0; at < path.len && stays;)
    at += step(tide_span_slice(path, at, path.len), true, &stays);
  if (stays)
    return path;
  const size_t size = 4 * path.len + 1;
  char *out = tide_arena_take(arena, size);
  return out ? tide_span_make(out, escape(path, true, out, size)) : (tide_span){0};
}
