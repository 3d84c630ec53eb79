/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A multipart body to its text parts without a tree of objects. Two in three messages of an archive
 * are multipart, and for them GMime's tree costs ten times what all the rest does; this takes apart
 * those that leave no doubt, and GMime the others (tests/unit/test_split.c holds one against the
 * other). */
#include "content.h"
#include "base/limits.h"
#include "base/scan.h"

enum { FIELDS_MAX = 64 };

typedef struct level {
  tide_span boundary;
  bool has_parts;
} level;

static bool read_field(content_head *h, tide_span name, tide_span value) {
  if (tide_span_iequal(name, SPAN("Content-Type"))) {
    if (h->has_type || !tide_content_type_read(value, &h->type))
      return false;
    h->has_type = true;
  } else if (tide_span_iequal(name, SPAN("Content-Transfer-Encoding"))) {
    if (h->has_encoding || value.len == 0 || memchr(value.ptr, '\0', value.len))
      return false;
    h->encoding = tide_content_encoding_read(value);
    h->has_encoding = true;
  }
  return true;
}

/* The header block of a part at `at`; moves past its empty line. False if it is anything but
 * fields. */
static bool read_head(tide_span body, size_t *at, content_head *h) {
  *h = (content_head){.encoding = GMIME_CONTENT_ENCODING_DEFAULT};
  for (unsigned fields = 0; *at < body.len && fields <= FIELDS_MAX; fields++) {
    tide_span rest = tide_span_slice(body, *at, body.len);
    size_t stop = tide_span_find_char(rest, '\n');
    if (stop == rest.len)
      return false;
    if (stop == 0 || (stop == 1 && rest.ptr[0] == '\r')) {
      *at += stop + 1;
      return true;
    }
    size_t name = tide_scan_name(tide_span_slice(rest, 0, stop));
    if (name == 0 || name == stop || rest.ptr[name] != ':' || tide_span_starts(rest, SPAN("--")))
      return false;
    size_t next = stop + 1;
    while (next < rest.len && (rest.ptr[next] == ' ' || rest.ptr[next] == '\t')) {
      tide_span more = tide_span_slice(rest, next, rest.len);
      stop = next + tide_span_find_char(more, '\n');
      /* White space alone: one reader's end of the header is the other's continuation. */
      if (stop == rest.len || tide_span_trim(tide_span_slice(rest, next, stop)).len == 0)
        return false;
      next = stop + 1;
    }
    if (next > TIDE_LIMIT_HEADER_VALUE)
      return false;
    if (!read_field(h, tide_span_slice(rest, 0, name),
                    tide_span_trim(tide_span_slice(rest, name + 1, stop))))
      return false;
    *at += next;
  }
  return false;
}

bool tide_content_head_read(tide_span body, size_t at, content_head *out) {
  at += tide_span_find_char(tide_span_slice(body, at, body.len), '\n') + 1;
  return read_head(body, &at, out) && out->has_type;
}

typedef enum line_kind { LINE_TEXT, LINE_SEPARATOR, LINE_END, LINE_DOUBT } line_kind;

/* Is the line, which begins with "--", a delimiter of that boundary? White space may follow (RFC
 * 2046 5.1.1). */
static line_kind read_line(tide_span line, tide_span boundary) {
  if (line.len < 2 + boundary.len || memcmp(line.ptr + 2, boundary.ptr, boundary.len) != 0)
    return LINE_TEXT;
  tide_span behind = tide_span_slice(line, 2 + boundary.len, line.len);
  line_kind kind = LINE_SEPARATOR;
  if (tide_span_starts(behind, SPAN("--"))) {
    kind = LINE_END;
    behind = tide_span_slice(behind, 2, behind.len);
  }
  if (behind.len && behind.ptr[behind.len - 1] == '\r')
    behind.len--;
  for (size_t i = 0; i < behind.len; i++)
    if (behind.ptr[i] != ' ' && behind.ptr[i] != '\t')
      return tide_is_space(behind.ptr[i]) ? LINE_DOUBT : LINE_TEXT;
  return kind;
}

/* Two levels that could take the same line for theirs leave a doubt. */
static bool may_open(const level *levels, unsigned count, tide_span boundary) {
  if (count == CONTENT_LEVELS || !tide_content_is_plain(boundary) ||
      (boundary.len > 1 && memcmp(boundary.ptr + boundary.len - 2, "--", 2) == 0))
    return false;
  for (unsigned i = 0; i < count; i++)
    if (tide_span_equal(levels[i].boundary, boundary))
      return false;
  return true;
}

/* A split under way. */
typedef struct split {
  tide_span body;
  size_t at; /* in it */
  level levels[CONTENT_LEVELS];
  unsigned open;
  content *part; /* the one whose end is not found yet, */
  size_t start;  /* and where its bytes begin */
} split;

/* The part ends before the delimiter, whose line end before it is its own. Where one of them has a
 * CR and the other none, GMime 3.2.13 goes by the delimiter's: false. */
static bool end_part(split *s, tide_span delimiter) {
  size_t end = s->at - (s->at > s->start);
  const bool cr = end > s->start && s->body.ptr[end - 1] == '\r',
             other = delimiter.len > 0 && delimiter.ptr[delimiter.len - 1] == '\r';
  if (end > s->start && cr != other)
    return false;
  s->part->bytes = tide_span_slice(s->body, s->start, end - cr);
  s->part = NULL;
  return true;
}

/* What begins behind a delimiter of the innermost level: a text, a multipart, or what is passed
 * over. False: it leaves a doubt. */
static bool begin_part(split *s, content *out, size_t most, size_t *count) {
  content_head h;
  s->levels[s->open - 1].has_parts = true;
  if (!read_head(s->body, &s->at, &h))
    return false;
  const tide_span type = h.has_type ? h.type.type : SPAN("text/plain");
  if (type.ptr[type.len - 1] == '/')
    return false; /* no type at all for GMime */
  if (tide_span_istarts(type, SPAN("multipart/"))) {
    const bool encoded = h.encoding == GMIME_CONTENT_ENCODING_BASE64 ||
                         h.encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
                         h.encoding == GMIME_CONTENT_ENCODING_UUENCODE;
    if (encoded || !tide_content_is_multipart(type) ||
        !may_open(s->levels, s->open, h.type.boundary))
      return false;
    s->levels[s->open++] = (level){.boundary = h.type.boundary};
    return true;
  }
  if (tide_span_istarts(type, SPAN("message/")) ||
      tide_span_iequal(type, SPAN("text/rfc822-headers")))
    return false;
  if (!tide_span_istarts(type, SPAN("text/")))
    return true;
  if (*count == most)
    return false;
  s->part = &out[(*count)++];
  *s->part = (content){.charset = h.type.charset,
                       .encoding = h.encoding,
                       .markup = tide_content_markup_of(type),
                       .delsp = h.type.delsp};
  s->start = s->at;
  return true;
}

bool tide_content_split(tide_span body, tide_span boundary, content *out, size_t most,
                        size_t *count) {
  split s = {.body = body};
  *count = 0;
  if (!may_open(s.levels, 0, boundary))
    return false;
  s.levels[s.open++] = (level){.boundary = boundary};
  s.at = tide_span_starts(body, SPAN("--")) ? 0 : tide_scan_dashes(body, 0);
  while (s.at < body.len) {
    const tide_span rest = tide_span_slice(body, s.at, body.len),
                    line = tide_span_slice(rest, 0, tide_span_find_char(rest, '\n'));
    line_kind kind = LINE_TEXT;
    unsigned i = s.open;
    while (i > 0 && kind == LINE_TEXT)
      kind = read_line(line, s.levels[--i].boundary);
    if (kind == LINE_DOUBT)
      return false;
    if (kind == LINE_TEXT) {
      s.at = tide_scan_dashes(body, s.at + 1);
      continue;
    }
    if (s.part && !end_part(&s, line))
      return false;
    /* A multipart inside that ends here without a part: readers show what there is. */
    for (unsigned k = i + 1; k < s.open; k++)
      if (!s.levels[k].has_parts)
        return false;
    s.at += line.len + (line.len < rest.len);
    s.open = kind == LINE_END ? i : i + 1;
    if (kind == LINE_END && !s.levels[i].has_parts)
      return false;
    if (kind == LINE_END && i == 0)
      return true;
    if (kind == LINE_SEPARATOR && !begin_part(&s, out, most, count))
      return false;
    s.at = tide_scan_dashes(body, s.at);
  }
  return false;
}
