/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of a Content-Type field, for what only looks at one of them. */
#include "parameter.h"

/* s from its position `at` on, without leading white space. */
static tide_span from(tide_span s, size_t at) {
  while (at < s.len && tide_is_space(s.ptr[at]))
    at++;
  return tide_span_slice(s, at, s.len);
}

/* The value that text begins with, behind the name of its parameter. */
static tide_span value_of(tide_span text) {
  text = from(text, 0);
  if (text.len == 0 || text.ptr[0] != '=')
    return (tide_span){0};
  text = from(text, 1);
  if (text.len && text.ptr[0] == '"') {
    text = tide_span_slice(text, 1, text.len);
    return tide_span_slice(text, 0, tide_span_find_char(text, '"'));
  }
  size_t end = 0;
  while (end < text.len && !tide_is_space(text.ptr[end]) && text.ptr[end] != ';' &&
         text.ptr[end] != '(')
    end++;
  return tide_span_slice(text, 0, end);
}

static bool is_named(tide_span text, tide_span name) {
  return tide_name_equal(tide_span_slice(text, 0, name.len), name) || tide_span_istarts(text, name);
}

void tide_header_parameters(tide_span value, const tide_span names[], size_t count,
                            tide_span values[]) {
  tide_span rest = tide_span_trim(value);
  for (size_t i = 0; i < count; i++)
    values[i] = (tide_span){0};
  while (rest.len) {
    rest = from(rest, tide_span_find_char(rest, ';') + 1);
    for (size_t i = 0; i < count; i++)
      if (!values[i].ptr && is_named(rest, names[i]))
        values[i] = value_of(tide_span_slice(rest, names[i].len, rest.len));
  }
}
