/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Borrowed bytes. A span owns nothing and promises no NUL; the bytes live as long as what they were
 * cut from. */
#ifndef LIB_BASE_SPAN_H
#define LIB_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct tide_span {
  const char *ptr;
  size_t len;
} tide_span;

/* A span over a string literal. */
#define SPAN(literal) ((tide_span){"" literal "", sizeof(literal) - 1})

static inline tide_span tide_span_of(const char *text) {
  return (tide_span){text, text ? strlen(text) : 0};
}
static inline tide_span tide_span_make(const char *ptr, size_t len) {
  return (tide_span){ptr, len};
}

/* [from, to) of s; both are clamped to its length. */
static inline tide_span tide_span_slice(tide_span s, size_t from, size_t to) {
  if (to > s.len)
    to = s.len;
  if (from > to)
    from = to;
  return (tide_span){s.ptr ? s.ptr + from : s.ptr, to - from};
}

/* ASCII only and free of the locale (isspace and tolower are not): RFC 5234 core rules. */
static inline bool tide_is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool tide_is_digit(char c) {
  return c >= '0' && c <= '9';
}
static inline bool tide_is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool tide_is_alnum(char c) {
  return tide_is_alpha(c) || tide_is_digit(c);
}
/* Of a name of DNS, or of a user at one. */
static inline bool tide_is_name_byte(char c) {
  return tide_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '@';
}
static inline char tide_lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* 0 to 15; -1 where it is no hexadecimal digit. */
static inline int tide_hex_digit(char c) {
  if (tide_is_digit(c))
    return c - '0';
  c = tide_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
static inline bool tide_span_equal(tide_span a, tide_span b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
/* The same for names, which are short: without a call, by eight bytes at once, the last of which
 * may be looked at twice. */
static inline bool tide_name_equal(tide_span a, tide_span b) {
  if (a.len != b.len)
    return false;
  if (a.len < 4) {
    for (size_t i = 0; i < a.len; i++)
      if (a.ptr[i] != b.ptr[i])
        return false;
    return true;
  }
  if (a.len < 8) {
    uint32_t begin, want_begin, end, want_end;
    memcpy(&begin, a.ptr, 4);
    memcpy(&want_begin, b.ptr, 4);
    memcpy(&end, a.ptr + a.len - 4, 4);
    memcpy(&want_end, b.ptr + a.len - 4, 4);
    return begin == want_begin && end == want_end;
  }
  uint64_t x, y;
  for (size_t at = 0;; at = at + 16 <= a.len ? at + 8 : a.len - 8) {
    memcpy(&x, a.ptr + at, 8);
    memcpy(&y, b.ptr + at, 8);
    if (x != y)
      return false;
    if (at + 8 == a.len)
      return true;
  }
}
/* Equal except ASCII case. */
bool tide_span_iequal(tide_span a, tide_span b);
bool tide_span_starts(tide_span s, tide_span prefix);
/* What scanners ask most of all, and nearly always in vain: told by the first byte. */
static inline bool tide_span_istarts(tide_span s, tide_span prefix) {
  if (s.len < prefix.len)
    return false;
  return prefix.len == 0 || (tide_lower(s.ptr[0]) == tide_lower(prefix.ptr[0]) &&
                             tide_span_iequal(tide_span_slice(s, 0, prefix.len), prefix));
}
bool tide_span_iends(tide_span s, tide_span suffix);
/* Bytewise order, shorter first: <0, 0, >0. */
int tide_span_compare(tide_span a, tide_span b);
/* Position of the first needle in s, or s.len. */
size_t tide_span_find(tide_span s, tide_span needle);
size_t tide_span_ifind(tide_span s, tide_span needle);
size_t tide_span_find_char(tide_span s, char c);
/* Without leading and trailing ASCII white space. */
tide_span tide_span_trim(tide_span s);
/* The same, by a look where one space is in front and none behind, as nearly all is written. */
static inline tide_span tide_span_trim_field(tide_span s) {
  if (s.len > 1 && s.ptr[0] == ' ' && (unsigned char)s.ptr[1] > ' ' &&
      (unsigned char)s.ptr[s.len - 1] > ' ')
    return tide_span_make(s.ptr + 1, s.len - 1);
  return tide_span_trim(s);
}
/* An unsigned decimal number that is the whole of s; false on anything else or overflow. */
bool tide_span_uint(tide_span s, uint64_t *out);
/* n in decimal digits, without a NUL; returns how many. */
enum { TIDE_UINT_TEXT = 20 };
size_t tide_uint_format(uint64_t n, char out[TIDE_UINT_TEXT]);

#endif
