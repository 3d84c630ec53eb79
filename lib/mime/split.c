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

/* The header block of a part at `at`; moves past its empty line. False where it is anything but
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

bool tide_content_split(tide_span body, tide_span boundary, content *out, size_t most,
                        size_t *count) {
  level levels[CONTENT_LEVELS] = {{.has_parts = false}};
  unsigned open = 0;
  content *part = NULL; /* the one whose end is not found yet */
  size_t start = 0;     /* of its bytes */
  *count = 0;
  if (!may_open(levels, 0, boundary))
    return false;
  levels[open++] = (level){.boundary = boundary};
  size_t at = tide_span_starts(body, SPAN("--")) ? 0 : tide_scan_dashes(body, 0);
  while (at < body.len) {
    tide_span rest = tide_span_slice(body, at, body.len);
    size_t len = tide_span_find_char(rest, '\n');
    line_kind kind = LINE_TEXT;
    unsigned i = open;
    while (i > 0 && kind == LINE_TEXT)
      kind = read_line(tide_span_slice(rest, 0, len), levels[--i].boundary);
    if (kind == LINE_DOUBT)
      return false;
    if (kind == LINE_TEXT) {
      at = tide_scan_dashes(body, at + 1);
      continue;
    }
    if (part) {
      /* The line end before the delimiter belongs to it. Where one has a CR and the other none,
       * GMime 3.2.13 goes by the delimiter's. */
      size_t end = at - (at > start);
      bool cr = end > start && body.ptr[end - 1] == '\r';
      if (end > start && cr != (len > 0 && rest.ptr[len - 1] == '\r'))
        return false;
      end -= cr;
      part->bytes = tide_span_slice(body, start, end);
      part = NULL;
    }
    /* A multipart inside that ends here without a part: readers show what there is. */
    for (unsigned k = i + 1; k < open; k++)
      if (!levels[k].has_parts)
        return false;
    open = i + 1;
    at += len + (len < rest.len);
    if (kind == LINE_END) {
      if (!levels[i].has_parts)
        return false;
      if (i == 0)
        return true;
      open = i;
      at = tide_scan_dashes(body, at);
      continue;
    }
    levels[i].has_parts = true;
    content_head h;
    if (!read_head(body, &at, &h))
      return false;
    tide_span type = h.has_type ? h.type.type : SPAN("text/plain");
    if (type.ptr[type.len - 1] == '/')
      return false; /* no type at all for GMime */
    if (tide_span_istarts(type, SPAN("multipart/"))) {
      bool encoded = h.encoding == GMIME_CONTENT_ENCODING_BASE64 ||
                     h.encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
                     h.encoding == GMIME_CONTENT_ENCODING_UUENCODE;
      if (encoded || !tide_content_is_multipart(type) || !may_open(levels, open, h.type.boundary))
        return false;
      levels[open++] = (level){.boundary = h.type.boundary};
    } else if (tide_span_istarts(type, SPAN("message/")) ||
               tide_span_iequal(type, SPAN("text/rfc822-headers"))) {
      return false;
    } else if (tide_span_istarts(type, SPAN("text/"))) {
      if (*count == most)
        return false;
      part = &out[(*count)++];
      *part = (content){.charset = h.type.charset,
                        .encoding = h.encoding,
                        .markup = tide_content_markup_of(type),
                        .delsp = h.type.delsp};
      start = at;
    }
    at = tide_scan_dashes(body, at);
  }
  return false;
}
