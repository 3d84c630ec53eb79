/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Content-Type of the text, its charset and boundary, and its transfer encoding. */
#include "parameter.h"
#include "sketch.h"

enum {
  PART_HEAD = 4096, /* bytes of a body in which the header of its first part is looked for */
  PART_LEVELS = 4
};

enum { CHARSET, BOUNDARY, PARAMETERS };
static const tide_span parameters[PARAMETERS] = {[CHARSET] = {"charset", sizeof "charset" - 1},
                                                 [BOUNDARY] = {"boundary", sizeof "boundary" - 1}};

static tide_span type_name(tide_span content_type) {
  size_t end = 0;
  while (end < content_type.len && content_type.ptr[end] != ';' &&
         !tide_is_space(content_type.ptr[end]))
    end++;
  return tide_span_slice(content_type, 0, end);
}

/* What Content-Type and Content-Transfer-Encoding of one part say. */
typedef struct part {
  tide_span type, encoding; /* values; empty if they are absent */
  bool encoding_first;
} part;

/* The header of the first part of a multipart body. False if it is not there. */
static bool first_part(tide_span body, tide_span boundary, part *out, tide_span *rest) {
  tide_span near = tide_span_slice(body, 0, PART_HEAD);
  for (size_t at = 0; boundary.len && at < near.len;) {
    tide_span left = tide_span_slice(near, at, near.len);
    tide_span line = tide_span_slice(left, 0, tide_span_find_char(left, '\n'));
    at += line.len + 1;
    if (!tide_span_starts(line, SPAN("--")) ||
        !tide_span_starts(tide_span_slice(line, 2, line.len), boundary))
      continue;
    *out = (part){0};
    *rest = tide_span_slice(body, at, body.len);
    tide_span head = tide_span_slice(*rest, 0, PART_HEAD);
    for (size_t i = 0; i < head.len;) {
      left = tide_span_slice(head, i, head.len);
      size_t end = tide_span_find_char(left, '\n');
      if (end == 0 || (end == 1 && left.ptr[0] == '\r'))
        break;
      while (end + 1 < left.len && (left.ptr[end + 1] == ' ' || left.ptr[end + 1] == '\t'))
        end += 1 + tide_span_find_char(tide_span_slice(left, end + 1, left.len), '\n');
      tide_span field = tide_span_slice(left, 0, end);
      tide_span value =
          tide_span_trim(tide_span_slice(field, tide_span_find_char(field, ':') + 1, field.len));
      if (tide_span_istarts(field, SPAN("Content-Type:"))) {
        out->type = value;
      } else if (tide_span_istarts(field, SPAN("Content-Transfer-Encoding:"))) {
        out->encoding = value;
        out->encoding_first = out->type.len == 0;
      }
      i += end + 1;
    }
    return true;
  }
  return false;
}

/* Multiparts that only carry others: with an attachment, a picture or a signature a client's text
 * is the first part of one. */
static bool is_carrier(tide_span type) {
  return tide_span_iequal(type, SPAN("multipart/mixed")) ||
         tide_span_iequal(type, SPAN("multipart/related")) ||
         tide_span_iequal(type, SPAN("multipart/signed"));
}

/* Whether it is quoted. Which one it is depends on the text, and so does its case: Outlook Express
 * writes "iso-8859-1" and "Windows-1252". */
static void put_charset(tide_sketch *s, tide_span content_type, tide_span charset) {
  if (charset.ptr == NULL)
    return;
  bool quoted = charset.ptr > content_type.ptr && charset.ptr[-1] == '"';
  tide_sketch_piece(s, quoted ? SPAN("charset=\"a\"") : SPAN("charset=a"));
}

static void put_boundary(tide_sketch *s, tide_span content_type, tide_span boundary,
                         tide_sent_date *sent) {
  if (boundary.len == 0)
    return;
  bool quoted = boundary.ptr > content_type.ptr && boundary.ptr[-1] == '"';
  tide_sketch_put(s, SPAN("boundary="));
  if (quoted)
    tide_sketch_char(s, '"');
  size_t lead = 0;
  while (lead < boundary.len && lead < PIECE_MAX && !tide_is_alnum(boundary.ptr[lead]))
    lead++;
  tide_sketch_piece(s, tide_span_slice(boundary, 0, lead));
  boundary = tide_span_slice(boundary, lead, boundary.len);
  tide_identifier shape;
  tide_identifier_read(boundary, &shape);
  tide_sketch_identifier(s, boundary, &shape, false);
  size_t dot = tide_span_find_char(boundary, '.');
  if (tide_span_starts(boundary, SPAN("NextPart_")) && dot < boundary.len &&
      tide_sent_date_read(sent))
    tide_sketch_piece(s, tide_is_file_time(boundary, dot, sent->date.time) ? SPAN(",filetime")
                                                                           : SPAN(",no-filetime"));
  if (quoted)
    tide_sketch_char(s, '"');
}

/* What comes after the first semicolon: nothing, a blank, or a line's end. Outlook goes to the
 * next line, and few of its imitators do. */
static void put_gap(tide_sketch *s, tide_span behind) {
  size_t end = 0;
  while (end < behind.len && tide_is_space(behind.ptr[end]))
    end++;
  tide_sketch_char(s, ';');
  if (tide_span_find_char(tide_span_slice(behind, 0, end), '\n') < end)
    tide_sketch_char(s, '~');
  else if (end)
    tide_sketch_char(s, ' ');
}

void tide_sketch_content(tide_sketch *s, const tide_message *m, tide_sent_date *sent) {
  const uint32_t type_at = m->first[TIDE_HEADER_CONTENT_TYPE],
                 encoding_at = m->first[TIDE_HEADER_CONTENT_TRANSFER_ENCODING];
  if (type_at == TIDE_HEADER_NONE)
    return;
  part p = {.type = tide_message_header(m, TIDE_HEADER_CONTENT_TYPE),
            .encoding = tide_message_header(m, TIDE_HEADER_CONTENT_TRANSFER_ENCODING),
            .encoding_first = encoding_at < type_at};
  tide_span body = m->body, type = type_name(p.type);
  for (int level = 0; level < PART_LEVELS && is_carrier(type); level++) {
    part inner;
    tide_span values[PARAMETERS];
    tide_header_parameters(p.type, parameters, PARAMETERS, values);
    if (!first_part(body, values[BOUNDARY], &inner, &body))
      break;
    p = inner;
    type = type_name(p.type);
  }
  /* A message that is only an attachment tells no more than that its text has no type. */
  bool text = tide_span_istarts(type, SPAN("text/")) || tide_span_istarts(type, SPAN("multipart/"));
  tide_sketch_put(s, SPAN(" type="));
  if (tide_span_istarts(type, SPAN("text/")))
    type.len = sizeof "text" - 1; /* plain or HTML is the writer's choice */
  tide_sketch_piece(s, text ? type : SPAN("other"));
  if (text) {
    tide_span values[PARAMETERS];
    tide_header_parameters(p.type, parameters, PARAMETERS, values);
    if (values[CHARSET].ptr || values[BOUNDARY].ptr)
      put_gap(s, tide_span_slice(p.type, tide_span_find_char(p.type, ';') + 1, p.type.len));
    put_charset(s, p.type, values[CHARSET]);
    put_boundary(s, p.type, values[BOUNDARY], sent);
  }
  if (p.encoding_first)
    tide_sketch_put(s, SPAN(" encoding-first"));
  if (tide_byte_classes_in(p.encoding) & IS_UPPER)
    tide_sketch_put(s, SPAN(" ENCODING"));
}
