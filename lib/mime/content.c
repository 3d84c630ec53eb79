/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields that say what a part is, read without GMime where there is only one reading. */
#include "content.h"
#include "base/limits.h"
#include "mime/message.h"
#include "base/scan.h"

enum { ENCODING_MAX = 64, BOUNDARY_MAX = 200 };

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

/* At a parameter's value: a token or a quoted string without escapes; moves past it. */
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

bool tide_content_is_plain(tide_span value) {
  for (size_t i = 0; i < value.len; i++)
    if (value.ptr[i] <= ' ' || value.ptr[i] == 0x7f)
      return false;
  return value.len > 0 && tide_span_find(value, SPAN("=?")) == value.len;
}

/* Some programs have it upside down; and what else is read as something better known. */
static tide_span upright_type(tide_span type) {
  if (tide_span_iequal(type, SPAN("plain/text")))
    return SPAN("text/plain");
  if (tide_span_iequal(type, SPAN("application/xhtml+xml")))
    return SPAN("text/html"); /* a page all the same (RFC 3236) */
  return tide_span_iequal(type, SPAN("html/text")) ? SPAN("text/html") : type;
}

bool tide_content_type_read(tide_span value, content_type *out) {
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
    at = skip_blanks(value, at + 1); /* after the semicolon */
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
    tide_span *known = NULL;
    if (tide_span_iequal(name, SPAN("charset")))
      known = &out->charset;
    else if (tide_span_iequal(name, SPAN("boundary")))
      known = &out->boundary;
    if (known && (known->len || !tide_content_is_plain(text)))
      return false;
    if (known == &out->charset && tide_span_find_char(text, '=') < text.len)
      return false;
    if (known)
      *known = text;
    if (tide_span_iequal(name, SPAN("delsp")))
      out->delsp = tide_span_iequal(text, SPAN("yes"));
    at = skip_blanks(value, at);
    if (at < value.len && value.ptr[at] != ';')
      return false;
  }
  out->type = upright_type(out->type);
  return true;
}

/* --- what is not written as it should be --- */

/* A parameter's value while it is put together; RFC 2231 cuts it into pieces. */
typedef struct parameter {
  const char *name;
  tide_span *into; /* room for the value comes after its bytes */
  char *text;
  size_t len;
  bool blanks; /* the value may have some, without quotes */
  bool whole;  /* what follows of the same name does not count */
} parameter;

static size_t skip_comments(tide_span s, size_t at) {
  for (size_t depth = 0; at < s.len; at++) {
    if (s.ptr[at] == '(')
      depth++;
    else if (s.ptr[at] == ')' && depth)
      depth--;
    else if (depth == 0 && !is_blank(s.ptr[at]))
      break;
  }
  return at;
}

static void take_byte(parameter *p, char c) {
  if (p && c != '\n' && c != '\r' && c != '\0')
    p->text[p->len++] = c;
}

/* Where a value ends that is without quotes and whose first word ends at `end`: with its line
 * or a semicolon, if nothing before that could be another parameter. */
static size_t blanks_end(tide_span s, size_t end) {
  size_t at = end;
  while (at < s.len && s.ptr[at] != ';' && s.ptr[at] != '\n')
    if (memchr("=:,(\"", s.ptr[at++], 5))
      return end;
  return at;
}

/* Behind a charset's name that is in its value once more, in front of a quote of its own or
 * not: charset="charset="iso-8859-1", as four phishing mails of 2005 have it. */
static size_t skip_own_name(tide_span s, size_t at) {
  static const tide_span name = SPAN("charset");
  for (;;) {
    size_t end = at + (at < s.len && s.ptr[at] == '"');
    if (!tide_span_istarts(tide_span_slice(s, end, s.len), name))
      return at;
    end = skip_blanks(s, end + name.len);
    if (end == s.len || s.ptr[end] != '=')
      return at;
    at = skip_blanks(s, end + 1);
  }
}

/* A value at `at`, however it is written; p may be NULL. Moves past it. */
static void take_value(tide_span s, size_t *at, parameter *p) {
  bool quoted = *at < s.len && s.ptr[*at] == '"';
  size_t end = *at + quoted;
  while (quoted && end < s.len && s.ptr[end] != '"')
    end += 1 + (s.ptr[end] == '\\');
  if (quoted && end < s.len) {
    for (size_t i = *at + 1; i < end; i++) {
      i += s.ptr[i] == '\\' && i + 1 < end;
      take_byte(p, s.ptr[i]);
    }
    *at = end + 1;
    return;
  }
  /* A quote that never closes ends with the line, or with what it should have closed before. */
  end = *at + quoted;
  while (end < s.len && s.ptr[end] != ';' && s.ptr[end] != '\n' &&
         (quoted || !is_blank(s.ptr[end])))
    end++;
  if (p && p->blanks && !quoted)
    end = blanks_end(s, end);
  tide_span value = tide_span_trim(tide_span_slice(s, *at + quoted, end));
  for (size_t i = 0; i < value.len; i++)
    if (value.ptr[i] != '"' && value.ptr[i] != '\\') /* \"x\", as some mail engine has it */
      take_byte(p, value.ptr[i]);
  *at = end;
}

/* RFC 2231 4: charset'language'value, %XX for a byte, in what was appended from `from` on. */
static void decode_extended(parameter *p, size_t from, bool first) {
  tide_span s = tide_span_make(p->text + from, p->len - from);
  size_t at = 0;
  if (first) {
    size_t quote = tide_span_find_char(s, '\'');
    size_t second = quote + 1 + tide_span_find_char(tide_span_slice(s, quote + 1, s.len), '\'');
    at = second < s.len ? second + 1 : 0;
  }
  size_t to = from;
  for (; at < s.len; at++) {
    int high = at + 2 < s.len && s.ptr[at] == '%' ? tide_hex_digit(s.ptr[at + 1]) : -1,
        low = high >= 0 ? tide_hex_digit(s.ptr[at + 2]) : -1;
    bool hex = low >= 0 && (high || low);
    p->text[to++] = hex ? (char)(high << 4 | low) : s.ptr[at];
    at += hex ? 2 : 0;
  }
  p->len = to;
}

/* One parameter: "name=value", "name: value", "name*0*=value". Moves past it, or after a word
 * that is none. */
static void take_parameter(tide_span s, size_t *at, parameter *known, size_t count) {
  size_t from = *at, end = from;
  while (end < s.len && !is_blank(s.ptr[end]) && !strchr("=:;,(\"", s.ptr[end]))
    end++;
  tide_span name = tide_span_slice(s, from, end);
  bool extended = name.len && name.ptr[name.len - 1] == '*';
  name.len -= extended;
  size_t star = tide_span_find_char(name, '*');
  bool piece = star < name.len,
       first = !piece || tide_span_equal(tide_span_slice(name, star, name.len), SPAN("*0"));
  name.len = star;
  end = skip_comments(s, end);
  if (end == s.len || (s.ptr[end] != '=' && s.ptr[end] != ':')) {
    *at = end > from ? end : from + 1;
    return;
  }
  *at = skip_comments(s, end + 1);
  parameter *p = NULL;
  for (size_t i = 0; i < count; i++)
    if (tide_span_iequal(name, tide_span_of(known[i].name)) && !known[i].whole)
      p = &known[i];
  size_t start = p ? p->len : 0;
  if (tide_span_iequal(name, SPAN("charset")))
    *at = skip_own_name(s, *at);
  take_value(s, at, p);
  if (p && extended)
    decode_extended(p, start, first);
  if (p)
    p->whole = !piece && p->len > 0;
}

/* The type as it is written, without what is no part of one: "text/plain", "text / plain". room is
 * as long as s. */
static size_t take_type(tide_span s, size_t at, char *room, tide_span *type) {
  bool quoted = at < s.len && (s.ptr[at] == '"' || s.ptr[at] == '\'');
  size_t end = at + quoted, len = 0;
  for (size_t next = end; next < s.len; next = skip_blanks(s, end)) {
    const bool slash = s.ptr[next] == '/' || (len && room[len - 1] == '/');
    if (next > end && !slash)
      break;
    size_t from = next;
    while (next < s.len && s.ptr[next] &&
           (tide_is_alnum(s.ptr[next]) || strchr("/-.+_", s.ptr[next])))
      room[len++] = s.ptr[next++];
    if (next == from)
      break;
    end = next;
  }
  *type = tide_span_make(room, len);
  bool is_name = end < s.len && (s.ptr[end] == '=' || s.ptr[end] == ':');
  if (is_name && tide_span_find_char(*type, '/') == type->len) {
    *type = (tide_span){0}; /* a parameter where the type should be */
    return at;
  }
  return end + (quoted && end < s.len);
}

/* A type of two words, or the default (RFC 2045 5.2). */
static tide_span whole_type(tide_span type) {
  size_t slash = tide_span_find_char(type, '/');
  tide_span sub = tide_span_slice(type, slash + 1, type.len);
  sub.len = tide_span_find_char(sub, '/');
  if (tide_span_iequal(type, SPAN("html")) || tide_span_iequal(type, SPAN("text/htm")))
    return SPAN("text/html");
  if (tide_span_istarts(type, SPAN("multipart")) && sub.len == 0)
    return SPAN("multipart/mixed");
  return slash == 0 || sub.len == 0 ? SPAN("text/plain")
                                    : upright_type(tide_span_slice(type, 0, slash + 1 + sub.len));
}

tide_status tide_content_type_repair(tide_span value, tide_arena *arena, content_type *out) {
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  *out = (content_type){.charset = {0}};
  char *room = tide_arena_take(arena, 3 * value.len + 3);
  if (!room)
    return TIDE_FATAL;
  parameter known[] = {
      {.name = "charset", .into = &out->charset, .text = room},
      {.name = "boundary", .into = &out->boundary, .text = room + value.len + 1, .blanks = true}};
  char *type_room = room + 2 * value.len + 2;
  const size_t count = sizeof known / sizeof *known;
  tide_span type;
  size_t at = take_type(value, skip_comments(value, 0), type_room, &type);
  out->type = whole_type(type);
  while (at < value.len) {
    at = skip_comments(value, at);
    if (at < value.len && (value.ptr[at] == ';' || value.ptr[at] == ','))
      at++;
    else if (at < value.len)
      take_parameter(value, &at, known, count);
  }
  for (size_t i = 0; i < count; i++)
    *known[i].into = tide_span_make(known[i].text, known[i].len);
  return TIDE_OK;
}

tide_span tide_content_charset(tide_span value, tide_arena *arena) {
  content_type type;
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  if (!tide_content_type_read(value, &type) &&
      tide_content_type_repair(value, arena, &type) != TIDE_OK)
    return (tide_span){0};
  tide_span charset = type.charset.len ? tide_arena_copy(arena, type.charset) : (tide_span){0};
  for (size_t i = 0; i < charset.len; i++)
    ((char *)(uintptr_t)charset.ptr)[i] = tide_lower(charset.ptr[i]);
  return charset;
}

static tide_status put_quoted_value(tide_span name, tide_span value, tide_buffer *out) {
  if (value.len)
    TIDE_TRY(tide_buffer_put(out, name));
  for (size_t i = 0; i < value.len; i++) {
    if (value.ptr[i] == '"' || value.ptr[i] == '\\')
      TIDE_TRY(tide_buffer_putc(out, '\\'));
    TIDE_TRY(tide_buffer_putc(out, value.ptr[i]));
  }
  return value.len ? tide_buffer_putc(out, '"') : TIDE_OK;
}

tide_status tide_content_type_put(const content_type *type, tide_buffer *out) {
  TIDE_TRY(tide_buffer_put(out, type->type));
  TIDE_TRY(put_quoted_value(SPAN("; charset=\""), type->charset, out));
  return put_quoted_value(SPAN("; boundary=\""), type->boundary, out);
}

/* --- transfer encodings --- */

typedef struct encoding_row {
  const char *name; /* letters and digits of it, in lower case */
  GMimeContentEncoding encoding;
} encoding_row;

static const encoding_row encodings[] = {
    {"base64", GMIME_CONTENT_ENCODING_BASE64},
    {"quotedprintable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE},
    {"qp", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE},
    {"uuencode", GMIME_CONTENT_ENCODING_UUENCODE},
    {"uuencoded", GMIME_CONTENT_ENCODING_UUENCODE},
    {"uue", GMIME_CONTENT_ENCODING_UUENCODE},
    {"7bit", GMIME_CONTENT_ENCODING_7BIT},
    {"8bit", GMIME_CONTENT_ENCODING_8BIT},
    {"binary", GMIME_CONTENT_ENCODING_BINARY},
};

/* Of a value such as "base64;", "\"Quoted-Printable\"" or "(comment) base_64" the letters and
 * digits before what ends a word count. */
GMimeContentEncoding tide_content_encoding_read(tide_span value) {
  /* As nearly all mail has it. */
  if (value.len == 0)
    return GMIME_CONTENT_ENCODING_DEFAULT;
  if (tide_span_iequal(value, SPAN("7bit")))
    return GMIME_CONTENT_ENCODING_7BIT;
  if (tide_span_iequal(value, SPAN("quoted-printable")))
    return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
  if (tide_span_iequal(value, SPAN("base64")))
    return GMIME_CONTENT_ENCODING_BASE64;
  char name[ENCODING_MAX + 1];
  size_t len = 0;
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  for (size_t at = skip_comments(value, 0); at < value.len && len < ENCODING_MAX; at++) {
    char c = value.ptr[at];
    if (tide_is_alnum(c))
      name[len++] = tide_lower(c);
    else if (len && !strchr("-_/ ", c))
      break;
  }
  name[len] = '\0';
  const char *plain = name + (name[0] == 'x'); /* "x-base64" */
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
    if (strcmp(plain, encodings[i].name) == 0)
      return encodings[i].encoding;
  /* A word more after it; "quoted-printible", "quoted-printeable". */
  if (strncmp(plain, "base64", 6) == 0)
    return GMIME_CONTENT_ENCODING_BASE64;
  return strncmp(plain, "quotedprint", 11) == 0 ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
                                                : GMIME_CONTENT_ENCODING_DEFAULT;
}

/* --- boundaries --- */

bool tide_content_has_boundary(tide_span body, tide_span boundary) {
  for (size_t at = tide_span_starts(body, SPAN("--")) ? 0 : tide_scan_dashes(body, 0);
       at < body.len; at = tide_scan_dashes(body, at + 1))
    if (tide_span_starts(tide_span_slice(body, at + 2, body.len), boundary))
      return true;
  return false;
}

tide_span tide_content_guess_boundary(tide_span body) {
  for (size_t at = tide_span_starts(body, SPAN("--")) ? 0 : tide_scan_dashes(body, 0);
       at < body.len; at = tide_scan_dashes(body, at + 1)) {
    tide_span rest = tide_span_slice(body, at + 2, body.len);
    size_t end = tide_span_find_char(rest, '\n');
    tide_span boundary = tide_span_trim(tide_span_slice(rest, 0, end));
    if (boundary.len && boundary.len <= BOUNDARY_MAX &&
        tide_span_istarts(tide_span_slice(rest, end + 1, rest.len), SPAN("Content-")))
      return boundary;
  }
  return (tide_span){0};
}

content_markup tide_content_markup_of(tide_span type) {
  if (tide_span_istarts(type, SPAN("text/")) && tide_span_iends(type, SPAN("html")))
    return MARKUP_HTML; /* text/x-amp-html and text/watch-html, too */
  return tide_span_iequal(type, SPAN("text/enriched")) ||
                 tide_span_iequal(type, SPAN("text/richtext"))
             ? MARKUP_ENRICHED
             : MARKUP_NONE;
}

bool tide_content_is_multipart(tide_span type) {
  return type.len > sizeof "multipart/" - 1 && tide_span_istarts(type, SPAN("multipart/")) &&
         !tide_span_iequal(type, SPAN("multipart/digest"));
}
