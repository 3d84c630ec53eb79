/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of a Content-Type field, for what only looks at one of them. */
#include "parameter.h"

tide_span tide_header_parameter(tide_span value, tide_span name) {
  size_t at = 0;
  while (at < value.len) {
    at += tide_span_find_char(tide_span_slice(value, at, value.len), ';') + 1;
    tide_span rest = tide_span_trim(tide_span_slice(value, at, value.len));
    if (!tide_span_istarts(rest, name))
      continue;
    rest = tide_span_trim(tide_span_slice(rest, name.len, rest.len));
    if (rest.len == 0 || rest.ptr[0] != '=')
      continue;
    rest = tide_span_trim(tide_span_slice(rest, 1, rest.len));
    if (rest.len && rest.ptr[0] == '"') {
      rest = tide_span_slice(rest, 1, rest.len);
      return tide_span_slice(rest, 0, tide_span_find_char(rest, '"'));
    }
    size_t end = 0;
    while (end < rest.len && !tide_is_space(rest.ptr[end]) && rest.ptr[end] != ';' &&
           rest.ptr[end] != '(')
      end++;
    return tide_span_slice(rest, 0, end);
  }
  return (tide_span){0};
}
