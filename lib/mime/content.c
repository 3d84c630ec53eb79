/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields that say what a part is, read without GMime where there is only one reading. */
#include "content.h"

enum { ENCODING_MAX = 64 };

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blanks(tide_span s, size_t at) {
  while (at < s.len && is_blank(s.ptr[at]))
    at++;
  return at;
}

/* Of the characters of a token (RFC 2045 5.1) those that are never anything else in real mail: no '
 * and *, which RFC 2231 gives a meaning. */
static bool is_token(char c) {
  return tide_is_alnum(c) || (c && strchr("-_.+!#$%&^`{|}~", c));
}

/* At a parameter's value: a token or a quoted string without escapes; moves behind it. */
static bool read_value(tide_span s, size_t *at, tide_span *value) {
  bool quoted = *at < s.len && s.ptr[*at] == '"';
  size_t from = *at + quoted, end = from;
  if (quoted) {
    while (end < s.len && s.ptr[end] != '"' && s.ptr[end] != '\\' && s.ptr[end] != '\n' &&
           s.ptr[end] != '\0')
      end++;
    if (end == s.len || s.ptr[end] != '"')
      return false;
  } else {
    while (end < s.len && is_token(s.ptr[end]))
      end++;
    if (end == from)
      return false;
  }
  *value = tide_span_slice(s, from, end);
  *at = end + quoted;
  return true;
}

/* A value that means what it says: GMime decodes encoded words in it, and blanks at its ends are
 * read differently by different programs. */
static bool is_plain(tide_span value) {
  for (size_t i = 0; i < value.len; i++)
    if (value.ptr[i] <= ' ' || value.ptr[i] == 0x7f)
      return false;
  return value.len > 0 && tide_span_find(value, SPAN("=?")) == value.len;
}

bool content_type_read(tide_span value, content_type *out) {
  *out = (content_type){.charset = {0}};
  size_t end = tide_span_find_char(value, ';'), slashes = 0;
  out->type = tide_span_trim(tide_span_slice(value, 0, end));
  for (size_t i = 0; i < out->type.len; i++) {
    char c = out->type.ptr[i];
    if (!tide_is_alnum(c) && c != '/' && c != '-' && c != '.' && c != '+')
      return false;
    slashes += c == '/';
  }
  if (slashes != 1 || out->type.ptr[0] == '/')
    return false;
  for (size_t at = end; at < value.len;) {
    at = skip_blanks(value, at + 1); /* behind the semicolon */
    if (at == value.len)
      break;
    size_t from = at;
    while (at < value.len && (tide_is_alnum(value.ptr[at]) || value.ptr[at] == '-'))
      at++;
    tide_span name = tide_span_slice(value, from, at), text;
    at = skip_blanks(value, at);
    if (name.len == 0 || at == value.len || value.ptr[at] != '=')
      return false;
    at = skip_blanks(value, at + 1);
    if (!read_value(value, &at, &text))
      return false;
    tide_span *known = tide_span_iequal(name, SPAN("charset"))    ? &out->charset
                       : tide_span_iequal(name, SPAN("boundary")) ? &out->boundary
                                                                  : NULL;
    if (known && (known->len || !is_plain(text)))
      return false;
    if (known)
      *known = text;
    at = skip_blanks(value, at);
    if (at < value.len && value.ptr[at] != ';')
      return false;
  }
  return true;
}

GMimeContentEncoding content_encoding_read(tide_span value) {
  char text[ENCODING_MAX + 1];
  value = tide_span_slice(value, 0, ENCODING_MAX);
  if (value.len == 0)
    return GMIME_CONTENT_ENCODING_DEFAULT;
  memcpy(text, value.ptr, value.len);
  text[value.len] = '\0';
  return g_mime_content_encoding_from_string(text);
}

bool content_is_multipart(tide_span type) {
  return type.len > sizeof "multipart/" - 1 && tide_span_istarts(type, SPAN("multipart/")) &&
         !tide_span_iequal(type, SPAN("multipart/digest"));
}
