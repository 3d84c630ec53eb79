/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a message: its parts decoded, their charsets converted, HTML as a reader sees it.
 * GMime takes a message with several parts apart; the body of any other is decoded without a tree,
 * by GMime's decoders (tests/unit/test_text.c holds both against each other). */
#include <gmime/gmime.h>

#include "content.h"
#include "parser.h"

#include "spamtide/scan.h"

enum {
  /* Bytes of one part that are decoded: HTML shrinks to a quarter and less, and the rest of it
     would find no room in the text. */
  PART_MAX = 4 * TIDE_LIMIT_TEXT,
  PLAIN_PARTS = 64, /* text parts of a multipart that is taken apart without GMime */
  /* What GMime is given. Its parser enters 1024 levels (3.2.13) and looks at all of them for each
   * line that begins with "--", it takes about 1300 bytes for a part and 500 for a header field.
   * These keep a message below 200 MB and a second: tests/unit/test_text.c, bombs. */
  DASH_LINES_MAX = 16 << 10,
  FIELD_LINES_MAX = 128 << 10,
  BLOCK_MAX = 1 << 20 /* bytes of one part's header: GMime lets its buffer grow 4 KiB at a time */
};

/* Appends what a reader sees of the part to the text; TIDE_SKIP where not all of it has room. */
static tide_status put_part(tide_parser *p, const content *part) {
  bool lied = false;
  tide_span bytes;
  tide_status whole = content_decode(part, PART_MAX, &p->decoded, &bytes);
  if (whole == TIDE_FATAL)
    return TIDE_FATAL;
  if (whole == TIDE_SKIP)
    bytes = utf8_trim(bytes);
  tide_status status = p->text.len ? tide_buffer_putc(&p->text, '\n') : TIDE_OK;
  if (status == TIDE_OK && !part->html) {
    status = charset_put(&p->converter, bytes, part->charset, &p->text, &lied);
  } else if (status == TIDE_OK) {
    tide_span unicode;
    p->utf8.limit = PART_MAX;
    status = charset_decode(&p->converter, bytes, part->charset, &p->utf8, &unicode, &lied);
    if (status != TIDE_FATAL) {
      tide_status stripped =
          tide_html_text(utf8_trim(unicode), &p->text, p->wants_links ? &p->links : NULL);
      if (stripped != TIDE_OK)
        status = stripped;
    }
  }
  if (lied)
    p->message.defects |= TIDE_DEFECT_BAD_CHARSET;
  if (status == TIDE_OK && whole == TIDE_SKIP) {
    /* The next part may still have room. */
    p->message.defects |= TIDE_DEFECT_LONG_TEXT;
  }
  return status;
}

/* --- messages without parts --- */

typedef enum body_kind { BODY_TEXT, BODY_TREE, BODY_OTHER } body_kind;

static body_kind kind_of_type(tide_span type, bool *html) {
  *html = tide_span_iequal(type, SPAN("text/html"));
  if (tide_span_istarts(type, SPAN("multipart/")) || tide_span_istarts(type, SPAN("message/")) ||
      tide_span_iequal(type, SPAN("text/rfc822-headers")))
    return BODY_TREE;
  return tide_span_istarts(type, SPAN("text/")) ? BODY_TEXT : BODY_OTHER;
}

/* What the message's own Content-… fields say of its body; the boundary is empty where GMime has to
 * find it. */
static tide_status read_body(tide_parser *p, content *part, body_kind *kind, tide_span *boundary) {
  tide_span value = tide_span_slice(tide_message_header(&p->message, TIDE_HEADER_CONTENT_TYPE), 0,
                                    TIDE_LIMIT_HEADER_VALUE);
  content_type type;
  *part = (content){.bytes = p->message.body,
                    .encoding = content_encoding_read(
                        tide_message_header(&p->message, TIDE_HEADER_CONTENT_TRANSFER_ENCODING))};
  *kind = BODY_TEXT;
  *boundary = (tide_span){0};
  /* RFC 2045 5.2: what is no type is plain text. */
  if (tide_span_find_char(tide_span_slice(value, 0, tide_span_find_char(value, ';')), '/') >=
      tide_span_find_char(value, ';'))
    return TIDE_OK;
  if (content_type_read(value, &type)) {
    *kind = kind_of_type(type.type, &part->html);
    part->charset = type.charset;
    if (content_is_multipart(type.type))
      *boundary = type.boundary;
    return TIDE_OK;
  }
  tide_span copy = tide_arena_copy(&p->arena, value);
  if (!copy.ptr)
    return TIDE_FATAL;
  GMimeContentType *parsed = g_mime_content_type_parse(NULL, copy.ptr);
  char *name = g_mime_content_type_get_mime_type(parsed);
  const char *charset = g_mime_content_type_get_parameter(parsed, "charset");
  *kind = kind_of_type(tide_span_of(name), &part->html);
  part->charset = tide_arena_copy(&p->arena, tide_span_of(charset ? charset : ""));
  g_free(name);
  g_object_unref(parsed);
  return part->charset.ptr ? TIDE_OK : TIDE_FATAL;
}

/* --- messages with parts --- */

static tide_status take_leaf(tide_parser *p, GMimePart *object) {
  GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(object));
  GMimeDataWrapper *wrapper = g_mime_part_get_content(object);
  /* What is no type ("Content-Type: text") GMime takes for text as we do, and leaves its name as it
   * is. */
  bool is_text = g_mime_content_type_is_type(type, "text", "*") || GMIME_IS_TEXT_PART(object);
  if (!is_text || !wrapper)
    return TIDE_OK;
  /* The parser was told to keep its stream, which is our memory: a part is a stretch of it. */
  GMimeStream *stream = g_mime_data_wrapper_get_stream(wrapper);
  tide_span bytes = tide_buffer_span(&p->plain);
  if (!GMIME_IS_STREAM_MEM(stream) || stream->bound_start < 0)
    return TIDE_OK;
  size_t end = stream->bound_end < 0 ? bytes.len : (size_t)stream->bound_end;
  const char *charset = g_mime_content_type_get_parameter(type, "charset");
  content part = {.bytes = tide_span_slice(bytes, (size_t)stream->bound_start, end),
                  .charset = tide_span_of(charset ? charset : ""),
                  .encoding = g_mime_data_wrapper_get_encoding(wrapper),
                  .html = g_mime_content_type_is_type(type, "text", "html")};
  return put_part(p, &part);
}

/* Calls itself for each level, TIDE_LIMIT_DEPTH at most. */
static tide_status walk(tide_parser *p, GMimeObject *object, unsigned depth, unsigned *parts) {
  if (!object)
    return TIDE_OK;
  if (depth > TIDE_LIMIT_DEPTH) {
    p->message.defects |= TIDE_DEFECT_TOO_DEEP;
    return TIDE_OK;
  }
  if (++*parts > TIDE_LIMIT_PARTS) {
    p->message.defects |= TIDE_DEFECT_TOO_MANY_PARTS;
    return TIDE_OK;
  }
  if (GMIME_IS_MULTIPART(object)) {
    GMimeMultipart *multipart = GMIME_MULTIPART(object);
    tide_status status = TIDE_OK;
    int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count && status == TIDE_OK && *parts <= TIDE_LIMIT_PARTS; i++)
      status = walk(p, g_mime_multipart_get_part(multipart, i), depth + 1, parts);
    /* No boundary was declared, or it is nowhere: readers show what there is. Of the message
     * itself, take_tree does. */
    const char *prologue = count == 0 && depth ? g_mime_multipart_get_prologue(multipart) : NULL;
    if (!prologue)
      return status;
    return put_part(
        p, &(content){.bytes = tide_span_of(prologue), .encoding = GMIME_CONTENT_ENCODING_DEFAULT});
  }
  if (GMIME_IS_MESSAGE_PART(object)) {
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    return inner ? walk(p, g_mime_message_get_mime_part(inner), depth + 1, parts) : TIDE_OK;
  }
  return GMIME_IS_PART(object) ? take_leaf(p, GMIME_PART(object)) : TIDE_OK;
}

/* True where line looks like a header field: a name and a colon. */
static bool looks_like_field(tide_span line) {
  size_t at = 0;
  while (at < line.len && at < 128 && line.ptr[at] > ' ' && line.ptr[at] != ':')
    at++;
  while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
    at++;
  return at > 0 && at < line.len && line.ptr[at] == ':';
}

/* How far into a message GMime is led, line by line. */
typedef struct safety {
  size_t dashes, fields;
  unsigned blocks;   /* header blocks that may be open or yet to come, before text begins */
  size_t block_size; /* bytes of the one that is open */
  bool digest;
} safety;

/* False where the line at `at` is one too many of its kind; the defect is set. */
static bool is_safe(tide_parser *p, safety *s, tide_span line) {
  if (line.len >= 2 && line.ptr[0] == '-' && line.ptr[1] == '-') {
    /* In a digest a part without a type is a message (RFC 2046 5.1.5), with a header block of its
     * own. */
    s->blocks = s->digest ? 2 : 1;
    s->block_size = 0;
    if (++s->dashes <= DASH_LINES_MAX)
      return true;
    p->message.defects |= TIDE_DEFECT_TOO_MANY_PARTS;
    return false;
  }
  if (line.ptr[0] == '\n' || (line.len > 1 && line.ptr[0] == '\r' && line.ptr[1] == '\n')) {
    s->blocks -= s->blocks > 0;
    s->block_size = 0;
    return true;
  }
  if (looks_like_field(line) && ++s->fields > FIELD_LINES_MAX) {
    p->message.defects |= TIDE_DEFECT_TOO_MANY_HEADERS;
    return false;
  }
  if (s->blocks == 0)
    return true;
  s->block_size += line.len < TIDE_LIMIT_HEADER_VALUE ? line.len : TIDE_LIMIT_HEADER_VALUE;
  if (s->block_size > BLOCK_MAX) {
    p->message.defects |= TIDE_DEFECT_TOO_MANY_HEADERS;
    return false;
  }
  tide_span start = tide_span_slice(line, 0, 1024);
  s->digest = s->digest || tide_span_ifind(start, SPAN("/digest")) < start.len;
  s->blocks += tide_span_ifind(start, SPAN("message/")) < start.len ||
               tide_span_ifind(start, SPAN("/rfc822")) < start.len;
  return true;
}

/* Appends the body to p->plain as far as GMime can bear it: not beyond the line that is one too
 * many of its kind, and of a field of megabytes only the beginning. */
static tide_status put_safe(tide_parser *p, tide_span body) {
  tide_span type = tide_span_slice(tide_message_header(&p->message, TIDE_HEADER_CONTENT_TYPE), 0,
                                   TIDE_LIMIT_HEADER_VALUE);
  safety s = {.digest = tide_span_ifind(type, SPAN("/digest")) < type.len,
              .blocks = !tide_span_istarts(type, SPAN("multipart/"))};
  size_t from = 0; /* body's bytes up to here are in p->plain */
  tide_status status = TIDE_OK;
  for (size_t at = 0; at < body.len && status == TIDE_OK;) {
    size_t next = at + tide_span_find_char(tide_span_make(body.ptr + at, body.len - at), '\n') + 1;
    if (s.blocks && !(body.ptr[at] == '-' || body.ptr[at] == '\n' || body.ptr[at] == '\r'))
      while (next < body.len && (body.ptr[next] == ' ' || body.ptr[next] == '\t'))
        next += tide_span_find_char(tide_span_make(body.ptr + next, body.len - next), '\n') + 1;
    if (next > body.len)
      next = body.len;
    if (!is_safe(p, &s, tide_span_slice(body, at, next))) {
      body.len = at;
      break;
    }
    if (s.blocks && next - at > TIDE_LIMIT_HEADER_VALUE) {
      p->message.defects |= TIDE_DEFECT_LONG_HEADER;
      status =
          tide_buffer_put(&p->plain, tide_span_slice(body, from, at + TIDE_LIMIT_HEADER_VALUE));
      if (status == TIDE_OK)
        status = tide_buffer_putc(&p->plain, '\n');
      from = next;
    }
    at = next;
  }
  return status == TIDE_OK ? tide_buffer_put(&p->plain, tide_span_slice(body, from, body.len))
                           : status;
}

static tide_status put_field(tide_parser *p, tide_span name, tide_header_id id) {
  tide_span value = tide_message_header(&p->message, id);
  if (value.len > TIDE_LIMIT_HEADER_VALUE) {
    p->message.defects |= TIDE_DEFECT_LONG_HEADER;
    value.len = TIDE_LIMIT_HEADER_VALUE;
  }
  tide_status status = tide_buffer_put(&p->plain, name);
  if (status == TIDE_OK)
    status = tide_buffer_put(&p->plain, value);
  return status == TIDE_OK ? tide_buffer_putc(&p->plain, '\n') : status;
}

/* GMime reads a message of our making: the two fields that it needs, as our index sees them, and
 * the body. */
static tide_status take_tree(tide_parser *p, tide_span body) {
  tide_buffer_clear(&p->plain);
  tide_status status = tide_buffer_reserve(&p->plain, body.len + 1024);
  if (status == TIDE_OK)
    status = put_field(p, SPAN("Content-Type: "), TIDE_HEADER_CONTENT_TYPE);
  if (status == TIDE_OK &&
      p->message.first[TIDE_HEADER_CONTENT_TRANSFER_ENCODING] != TIDE_HEADER_NONE)
    status =
        put_field(p, SPAN("Content-Transfer-Encoding: "), TIDE_HEADER_CONTENT_TRANSFER_ENCODING);
  if (status == TIDE_OK)
    status = tide_buffer_putc(&p->plain, '\n');
  if (status == TIDE_OK)
    status = put_safe(p, body);
  if (status != TIDE_OK)
    return TIDE_FATAL;
  GByteArray borrowed = {.data = (guint8 *)p->plain.ptr, .len = (guint)p->plain.len};
  GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(&borrowed);
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  g_mime_parser_set_persist_stream(parser, TRUE);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  unsigned parts = 0;
  if (message) {
    GMimeObject *root = g_mime_message_get_mime_part(message);
    if (GMIME_IS_MULTIPART(root) && g_mime_multipart_get_count(GMIME_MULTIPART(root)) == 0)
      status = put_part(p, &(content){.bytes = body, .encoding = GMIME_CONTENT_ENCODING_DEFAULT});
    else
      status = walk(p, root, 0, &parts);
    g_object_unref(message);
  }
  g_object_unref(parser);
  return status;
}

/* Takes the parts of a body apart, by GMime only where it has to. */
static tide_status take_parts(tide_parser *p, tide_span body, tide_span boundary) {
  content parts[PLAIN_PARTS];
  size_t count;
  if (p->tree_only || !boundary.len || !content_split(body, boundary, parts, PLAIN_PARTS, &count))
    return take_tree(p, body);
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < count && status == TIDE_OK; i++)
    status = put_part(p, &parts[i]);
  return status;
}

/* --- the message --- */

/* The body without the mbox's '>'. A copy is made only where there is one. */
static tide_status unescape(tide_parser *p, tide_escape escape, tide_span *body) {
  tide_span rest = *body;
  bool copied = false;
  tide_status status = TIDE_OK;
  size_t from = 0, at = 0;
  if (escape == TIDE_ESCAPE_NONE)
    return TIDE_OK;
  while (status == TIDE_OK && (at = tide_scan_from(rest, at)) < rest.len) {
    size_t line = at;
    while (line && rest.ptr[line - 1] == '>')
      line--;
    bool starts = line == 0 || rest.ptr[line - 1] == '\n';
    size_t quotes = at - line;
    if (starts && quotes && (quotes == 1 || escape == TIDE_ESCAPE_ALL)) {
      if (!copied)
        tide_buffer_clear(&p->body);
      copied = true;
      status = tide_buffer_put(&p->body, tide_span_slice(rest, from, line));
      from = line + 1;
    }
    at++;
  }
  if (status == TIDE_OK && copied)
    status = tide_buffer_put(&p->body, tide_span_slice(rest, from, rest.len));
  if (copied)
    *body = tide_buffer_span(&p->body);
  return status;
}

tide_status text_decode(tide_parser *p) {
  tide_message *m = &p->message;
  content part;
  body_kind kind;
  tide_span boundary;
  tide_buffer_clear(&p->text);
  tide_buffer_clear(&p->links.targets);
  p->text.limit = TIDE_LIMIT_TEXT;
  p->links.targets.limit = TIDE_LIMIT_LINKS;
  p->links.full = false;
  tide_status status = read_body(p, &part, &kind, &boundary);
  if (status == TIDE_OK)
    status = unescape(p, m->raw->escape, &part.bytes);
  if (status != TIDE_OK)
    return TIDE_FATAL;
  switch (kind) {
  case BODY_TEXT: status = put_part(p, &part); break;
  case BODY_TREE: status = take_parts(p, part.bytes, boundary); break;
  case BODY_OTHER: break;
  }
  if (status == TIDE_FATAL)
    return status;
  m->text = tide_buffer_span(&p->text);
  m->links = tide_buffer_span(&p->links.targets);
  if (p->links.full)
    m->defects |= TIDE_DEFECT_LONG_TEXT;
  if (status == TIDE_SKIP) {
    m->defects |= TIDE_DEFECT_LONG_TEXT;
    m->text = utf8_trim(m->text);
  }
  return TIDE_OK;
}
