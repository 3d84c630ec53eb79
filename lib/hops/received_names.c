/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a word says of a host, with whatever is around it. */
#include "received_names.h"

#include "received_words.h"

/* "192.0.2.1:25", "[192.0.2.1.4321]": with a port after it. */
static bool address_with_port(tide_span word, bool bracketed, tide_ip *out) {
  size_t at = word.len;
  while (at && tide_is_digit(word.ptr[at - 1]))
    at--;
  if (at < 8 || at == word.len || word.len - at > 5)
    return false;
  char mark = word.ptr[at - 1];
  /* Bare, "192.0.2.1.4321" is told from a name by a number that no address has. */
  const bool port = bracketed || word.len - at > 3 || (word.len - at == 3 && word.ptr[at] > '2');
  return (mark == ':' || (mark == '.' && port)) && tide_span_find_char(word, '.') < at - 1 &&
         tide_ip_parse(tide_span_slice(word, 0, at - 1), out);
}

static bool ends_address(char c) {
  return c == ',' || c == ';' || c == ')' || c == ' ' || c == '.';
}

tide_address_kind tide_address_read(tide_span word, tide_ip *out) {
  if (word.len > TIDE_BRACKETS_MAX)
    return ADDRESS_NONE;
  char c = word.ptr[0];
  bool bracketed = c == '[';
  if (bracketed) {
    const size_t close = tide_span_find_char(word, ']');
    if (close + 1 < word.len && word.ptr[close + 1] == '@')
      return ADDRESS_NONE; /* "[192.0.2.1]@host": whatever the peer's own ident server said */
    word = tide_span_slice(word, 1, close);
    while (word.len && word.ptr[0] == '[')
      word = tide_span_slice(word, 1, word.len); /* "[[192.0.2.1]]" */
  } else if (c == '?') {
    word = tide_span_slice(word, 1, word.len - (word.ptr[word.len - 1] == '?'));
  } else if (!tide_is_digit(c) && c != ':' && !(tide_lower(c) >= 'a' && tide_lower(c) <= 'f') &&
             !tide_span_istarts(word, SPAN("IPv6:"))) {
    return ADDRESS_NONE;
  }
  while (word.len && ends_address(word.ptr[word.len - 1]))
    word.len--;
  while (word.len && word.ptr[0] == ' ')
    word = tide_span_slice(word, 1, word.len);
  if (!tide_ip_parse(word, out) && !address_with_port(word, bracketed, out))
    return ADDRESS_NONE;
  return bracketed ? ADDRESS_BRACKETED : ADDRESS_BARE;
}

tide_address_kind tide_address_behind(tide_span word, tide_span *name, tide_ip *out) {
  tide_address_kind kind = ADDRESS_NONE;
  if (!word.len)
    return kind;
  const char *end = word.ptr + word.len, *at = memchr(word.ptr, '[', word.len);
  if (at && at > word.ptr && (kind = tide_address_of(tide_span_between(at, end), out))) {
    at -= at[-1] == '@' || at[-1] == '/';
  } else if (!at &&
             ((at = memrchr(word.ptr, '/', word.len)) || (at = memrchr(word.ptr, '@', word.len)))) {
    kind = tide_address_of(tide_span_between(at + 1, end), out);
  }
  if (kind)
    *name = tide_span_between(word.ptr, at);
  return kind;
}

static bool is_address_byte(char c) {
  return tide_is_digit(c) || c == '.' || c == ':' || (tide_lower(c) >= 'a' && tide_lower(c) <= 'f');
}

bool tide_address_inside(tide_span text, tide_ip *out) {
  size_t end;
  for (size_t at = 0; at < text.len; at = end + 1) {
    for (end = at; end < text.len && is_address_byte(text.ptr[end]);)
      end++;
    tide_span literal = tide_span_slice(text, at, end);
    /* "host:192.0.2.1": the letters before the colon are no address's, though some could be. */
    size_t colon = tide_span_find_char(literal, ':');
    tide_ip any;
    if (colon > 0 && colon < literal.len && memchr(literal.ptr, '.', literal.len) &&
        !tide_ip_parse(literal, &any))
      literal = tide_span_slice(literal, colon, literal.len);
    /* "unknown-192.0.2.1": a name that goes on after it would be one of DNS. */
    const bool begins = literal.ptr == text.ptr || literal.ptr[0] == ':' ||
                        !tide_is_name_byte(literal.ptr[-1]) || literal.ptr[-1] == '-' ||
                        literal.ptr[-1] == '_';
    const bool whole = begins && (end == text.len || !tide_is_name_byte(text.ptr[end]));
    while (literal.len &&
           (literal.ptr[literal.len - 1] == '.' || literal.ptr[literal.len - 1] == ':'))
      literal.len--;
    while (literal.len && literal.ptr[0] == ':' && !tide_ip_parse(literal, out))
      literal = tide_span_slice(literal, 1, literal.len); /* "IP:192.0.2.1" */
    if (whole && literal.len > 2 &&
        (tide_ip_parse(literal, out) || address_with_port(literal, true, out)) &&
        tide_ip_is_public(out))
      return true;
  }
  return false;
}

/* How long four numbers with points between them are at the start of s, "192.0.2.1"; 0: there are
 * none, or more. */
static size_t quad_length(tide_span s) {
  size_t at = 0;
  for (int numbers = 1;; numbers++) {
    const size_t from = at;
    while (at < s.len && tide_is_digit(s.ptr[at]))
      at++;
    if (at == from || at - from > 3)
      return 0;
    const bool point = at < s.len && s.ptr[at] == '.';
    if (numbers == 4)
      return point && at + 1 < s.len && tide_is_digit(s.ptr[at + 1]) ? 0 : at;
    if (!point)
      return 0;
    at++;
  }
}

bool tide_holds_address(tide_span text) {
  for (size_t at = 0, len; at < text.len; at += len ? len : 1) {
    const bool begins =
        at == 0 || !(tide_is_digit(text.ptr[at - 1]) ||
                     (text.ptr[at - 1] == '.' && at > 1 && tide_is_digit(text.ptr[at - 2])));
    tide_ip ip;
    len = begins ? quad_length(tide_span_slice(text, at, text.len)) : 0;
    if (!len || !tide_ip_parse(tide_span_slice(text, at, at + len), &ip) || !tide_ip_is_public(&ip))
      continue;
    size_t end = at + len, label = end;
    for (; end < text.len && tide_is_name_byte(text.ptr[end]); end++)
      if (text.ptr[end] == '.')
        label = end + 1;
    bool letters = label < end && label > at + len;
    for (size_t i = label; i < end; i++)
      letters = letters && !tide_is_digit(text.ptr[i]);
    if (!letters)
      return true;
    len = end - at;
  }
  return false;
}

tide_span tide_name_without_brackets(tide_span s) {
  if (s.len >= 2 && ((s.ptr[0] == '<' && s.ptr[s.len - 1] == '>') ||
                     (s.ptr[0] == '[' && s.ptr[s.len - 1] == ']')))
    return tide_span_slice(s, 1, s.len - 1);
  return s;
}

tide_span tide_name_bare(tide_span s) {
  while (s.len && (s.ptr[s.len - 1] == ',' || s.ptr[s.len - 1] == ';'))
    s.len--;
  if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
    return tide_span_slice(s, 1, s.len - 1);
  if (s.len > 1 && s.ptr[s.len - 1] == '"')
    s.len--; /* "HELO name" */
  return s.len && (s.ptr[0] == '<' || s.ptr[0] == '[') ? tide_name_without_brackets(s) : s;
}

tide_span tide_name_without_dot(tide_span name) {
  return tide_span_slice(name, 0, name.len - (name.len > 1 && name.ptr[name.len - 1] == '.'));
}

bool tide_name_is_plain(tide_span name) {
  if (name.len && tide_is_digit(name.ptr[name.len - 1]) &&
      (memchr(name.ptr, ':', name.len) || memchr(name.ptr, '|', name.len)))
    return false; /* "host:192.0.2.1" */
  return name.len && tide_is_alnum(name.ptr[0]) &&
         (tide_is_alnum(name.ptr[name.len - 1]) || name.ptr[name.len - 1] == '.') &&
         tide_scan_any(name, "[/=<") == name.len;
}

bool tide_name_is_looked_up(tide_span name) {
  for (size_t i = 0; i < name.len; i++)
    if (memchr(":=<>{}[]/#,;\"|\\?", name.ptr[i], 16))
      return false;
  return name.len > 0;
}

bool tide_name_is_unknown(tide_span name) {
  return (name.len == 7 && tide_span_iequal(name, SPAN("unknown"))) ||
         tide_span_istarts(name, SPAN("<unknown")) || tide_span_equal(name, SPAN("UnknownHost")) ||
         tide_span_equal(name, SPAN("Unknown_Domain")) || tide_span_equal(name, SPAN("NXDOMAIN")) ||
         tide_span_equal(name, SPAN("DNSERROR"));
}
