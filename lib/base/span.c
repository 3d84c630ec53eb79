/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches and comparisons that look at no locale. */
#include "base/span.h"

bool tide_span_iequal(tide_span a, tide_span b) {
  if (a.len != b.len)
    return false;
  for (size_t i = 0; i < a.len; i++)
    if (tide_lower(a.ptr[i]) != tide_lower(b.ptr[i]))
      return false;
  return true;
}

bool tide_span_starts(tide_span s, tide_span prefix) {
  return s.len >= prefix.len && tide_span_equal(tide_span_slice(s, 0, prefix.len), prefix);
}

bool tide_span_iends(tide_span s, tide_span suffix) {
  return s.len >= suffix.len &&
         tide_span_iequal(tide_span_slice(s, s.len - suffix.len, s.len), suffix);
}

int tide_span_compare(tide_span a, tide_span b) {
  size_t n = a.len < b.len ? a.len : b.len;
  int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
  return order ? order : (a.len > b.len) - (a.len < b.len);
}

size_t tide_span_find(tide_span s, tide_span needle) {
  if (needle.len == 0)
    return 0;
  if (s.len < needle.len)
    return s.len;
  const char *at = memmem(s.ptr, s.len, needle.ptr, needle.len);
  return at ? (size_t)(at - s.ptr) : s.len;
}

size_t tide_span_ifind(tide_span s, tide_span needle) {
  if (needle.len == 0)
    return 0;
  for (size_t i = 0; i + needle.len <= s.len; i++)
    if (tide_lower(s.ptr[i]) == tide_lower(needle.ptr[0]) &&
        tide_span_iequal(tide_span_slice(s, i, i + needle.len), needle))
      return i;
  return s.len;
}

size_t tide_span_find_char(tide_span s, char c) {
  const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;
  return at ? (size_t)(at - s.ptr) : s.len;
}

tide_span tide_span_trim(tide_span s) {
  while (s.len && tide_is_space(s.ptr[0])) {
    s.ptr++;
    s.len--;
  }
  while (s.len && tide_is_space(s.ptr[s.len - 1]))
    s.len--;
  return s;
}

bool tide_span_uint(tide_span s, uint64_t *out) {
  if (s.len == 0)
    return false;
  uint64_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (!tide_is_digit(s.ptr[i]))
      return false;
    if (__builtin_mul_overflow(n, 10u, &n) ||
        __builtin_add_overflow(n, (uint64_t)(s.ptr[i] - '0'), &n))
      return false;
  }
  *out = n;
  return true;
}

size_t tide_uint_format(uint64_t n, char out[TIDE_UINT_TEXT]) {
  char text[TIDE_UINT_TEXT];
  size_t at = sizeof text;
  do
    text[--at] = (char)('0' + n % 10);
  while (n /= 10);
  memcpy(out, text + at, sizeof text - at);
  return sizeof text - at;
}
