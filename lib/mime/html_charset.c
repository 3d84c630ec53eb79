/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The charset that a page of HTML says it has. */
#include "parser.h"
#include "base/utf8.h"

/* "charset=x" in the value of a <meta>'s content. */
static tide_span charset_in(tide_span value) {
  size_t at = tide_span_ifind(value, SPAN("charset"));
  tide_span rest = tide_span_trim(tide_span_slice(value, at + 7, value.len));
  if (rest.len == 0 || rest.ptr[0] != '=')
    return (tide_span){0};
  rest = tide_span_trim(tide_span_slice(rest, 1, rest.len));
  return tide_span_slice(rest, 0, tide_span_find_char(rest, ';'));
}

/* What the page says of itself near its beginning; empty if it says nothing. */
static tide_span meta_charset(tide_span page) {
  enum { LOOKED_AT = 4096 }; /* browsers take 1024; what mail programs write is deeper */
  page = tide_span_slice(page, 0, LOOKED_AT);
  if (tide_span_istarts(page, SPAN("<?xml "))) { /* XHTML: <?xml version="1.0" encoding="x"?> */
    tide_span rest = tide_span_slice(page, 6, tide_span_find_char(page, '>')), key, said;
    while (tide_html_attribute(&rest, &key, &said))
      if (tide_span_iequal(key, SPAN("encoding")) && said.len)
        return said;
  }
  for (size_t at = 0; at < page.len; at++) {
    at += tide_span_ifind(tide_span_slice(page, at, page.len), SPAN("<meta"));
    tide_span tag = tide_span_slice(page, at + 5, page.len), name, value, charset = {0};
    tag.len = tide_span_find_char(tag, '>');
    while (charset.len == 0 && tide_html_attribute(&tag, &name, &value)) {
      if (tide_span_iequal(name, SPAN("charset")))
        charset = value;
      else if (tide_span_iequal(name, SPAN("content")))
        charset = charset_in(value);
    }
    if (charset.len)
      return charset;
  }
  return (tide_span){0};
}

tide_span tide_html_charset(tide_span charset, tide_span bytes, bool *unicode) {
  const char *said = tide_charset_find(charset), *other;
  *unicode = false;
  if (said && said != tide_charset_utf8)
    return charset;
  const bool valid = tide_utf8_valid(bytes), plain = valid && tide_ascii_length(bytes) == bytes.len;
  *unicode = valid && said;
  if (valid && !plain)
    return charset;
  tide_span meta = meta_charset(bytes);
  if (meta.len == 0 || !(other = tide_charset_find(meta)) || other == tide_charset_utf8)
    return charset;
  /* A page that can be read so far is none of UTF-16 and UTF-32. In ASCII only charsets of seven
   * bits say anything else. */
  bool wide = strncmp(other, "UTF-16", 6) == 0 || strncmp(other, "UTF-32", 6) == 0;
  if (wide || (plain && !tide_charset_is_shifted(other)))
    return charset;
  *unicode = false;
  return meta;
}
