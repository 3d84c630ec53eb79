/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a message: its parts decoded, their charsets converted, HTML as a reader sees it.
 * GMime takes a message with several parts apart; the body of any other is decoded without a tree,
 * by GMime's decoders (tests/unit/test_text.c holds both against each other). */
#include <gmime/gmime.h>

#include "content.h"
#include "parser.h"

#include "base/scan.h"

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

static tide_status put_marked(tide_parser *p, content_markup markup, tide_span text) {
  if (markup == MARKUP_ENRICHED)
    return tide_enriched_text(text, &p->text);
  return tide_html_text(text, &p->text, p->wants_links ? &p->links : NULL);
}

/* Joins the lines that DelSp=yes tells (RFC 3676 4.1): programs of Japan cut words by it. Quoted
 * lines and the "-- " of a signature stay as they are. */
static tide_status join_lines(tide_span in, tide_buffer *into, tide_span *out) {
  into->limit = PART_MAX;
  tide_buffer_clear(into);
  for (size_t at = 0, end; at < in.len; at = end) {
    end = at + tide_span_find_char(tide_span_slice(in, at, in.len), '\n');
    end += end < in.len;
    tide_span line = tide_span_slice(in, at, end), text = line;
    while (text.len && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
      text.len--;
    const bool flows = text.len && text.ptr[text.len - 1] == ' ' && text.ptr[0] != '>' &&
                       !tide_span_equal(text, SPAN("-- ")) && end < in.len && in.ptr[end] != '>';
    TIDE_TRY(tide_buffer_put(into, flows ? tide_span_slice(text, 0, text.len - 1) : line));
  }
  *out = tide_buffer_span(into);
  return TIDE_OK;
}

/* Appends what a reader sees of the part to the text; TIDE_SKIP if not all of it has room. */
static tide_status put_part(tide_parser *p, const content *part) {
  bool lied = false;
  tide_span bytes;
  tide_status whole = tide_content_decode(part, PART_MAX, &p->decoded, &bytes);
  if (whole == TIDE_FATAL)
    return TIDE_FATAL;
  if (whole == TIDE_SKIP)
    bytes = tide_utf8_trim(bytes);
  const tide_span marks = tide_charset_marked(bytes), label = marks.len ? marks : part->charset;
  if (tide_span_starts(bytes, SPAN("\xef\xbb\xbf")))
    bytes = tide_span_slice(bytes, 3, bytes.len);
  tide_status status = p->text.len ? tide_buffer_putc(&p->text, '\n') : TIDE_OK;
  if (status == TIDE_OK && part->markup == MARKUP_NONE) {
    if (part->delsp)
      TIDE_TRY(join_lines(bytes, &p->utf8, &bytes));
    status = tide_charset_put(&p->converter, bytes, label, &p->text, &lied);
  } else if (status == TIDE_OK) {
    tide_span unicode = bytes, charset = label;
    bool ready = false;
    if (part->markup == MARKUP_HTML)
      charset = tide_html_charset(charset, bytes, &ready);
    p->utf8.limit = PART_MAX;
    if (!ready)
      status = tide_charset_decode(&p->converter, bytes, charset, &p->utf8, &unicode, &lied);
    if (status != TIDE_FATAL) {
      tide_status stripped = put_marked(p, part->markup, tide_utf8_trim(unicode));
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

static body_kind kind_of_type(tide_span type) {
  if (tide_span_istarts(type, SPAN("multipart/")) || tide_span_istarts(type, SPAN("message/")) ||
      tide_span_iequal(type, SPAN("text/rfc822-headers")))
    return BODY_TREE;
  return tide_span_istarts(type, SPAN("text/")) ? BODY_TEXT : BODY_OTHER;
}

static tide_status read_type(tide_span value, tide_arena *arena, content_type *type) {
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  return tide_content_type_read(value, type) ? TIDE_OK
                                             : tide_content_type_repair(value, arena, type);
}

/* What the message's own Content-… fields say of its body. */
static tide_status read_body(tide_parser *p, content *part, content_type *type) {
  *part = (content){.bytes = p->message.body,
                    .encoding = tide_content_encoding_read(
                        tide_message_header(&p->message, TIDE_HEADER_CONTENT_TRANSFER_ENCODING))};
  tide_status status =
      read_type(tide_message_header(&p->message, TIDE_HEADER_CONTENT_TYPE), &p->arena, type);
  part->markup = tide_content_markup_of(type->type);
  part->charset = type->charset;
  part->delsp = type->delsp;
  return status;
}

/* The boundary of a multipart, or what seems to be meant where it is nowhere in the body. */
static void find_boundary(content_type *type, tide_span body) {
  if (!tide_span_istarts(type->type, SPAN("multipart/")) ||
      (type->boundary.len && tide_content_has_boundary(body, type->boundary)))
    return;
  tide_span guess = tide_content_guess_boundary(body);
  if (guess.len)
    type->boundary = guess;
}

tide_span tide_body_charset(tide_parser *p) {
  enum { PARTS_LOOKED_AT = 16 };
  content part;
  content_type type;
  bool ready;
  if (read_body(p, &part, &type) != TIDE_OK)
    return (tide_span){0};
  if (type.charset.len || !tide_span_istarts(type.type, SPAN("multipart/")))
    return part.markup == MARKUP_HTML ? tide_html_charset(type.charset, part.bytes, &ready)
                                      : type.charset;
  tide_span body = part.bytes;
  size_t at = tide_span_starts(body, SPAN("--")) ? 0 : tide_scan_dashes(body, 0);
  for (int i = 0; i < PARTS_LOOKED_AT && at < body.len; i++) {
    content_head head;
    tide_span charset =
        tide_content_head_read(body, at, &head) ? head.type.charset : (tide_span){0};
    if (charset.len)
      return charset;
    at = tide_scan_dashes(body, at + 1);
  }
  return (tide_span){0};
}

/* --- messages with parts --- */

/* A message that GMime takes apart, and how far that has come. */
typedef struct tree {
  tide_parser *p;
  tide_span bytes; /* what GMime reads */
  unsigned parts;
} tree;

static tide_status take_inside(tree *t, const content *part, unsigned depth);

/* True if line looks like a header field: a name and a colon. */
static bool looks_like_field(tide_span line) {
  size_t at = 0;
  while (at < line.len && at < 128 && line.ptr[at] > ' ' && line.ptr[at] != ':')
    at++;
  while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
    at++;
  return at > 0 && at < line.len && line.ptr[at] == ':';
}

/* A field of a part as it is written; empty if there is none. */
static tide_span raw_field(GMimePart *object, const char *name) {
  GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(object));
  GMimeHeader *header = g_mime_header_list_get_header(list, name);
  const char *value = header ? g_mime_header_get_raw_value(header) : NULL;
  return tide_span_trim(tide_span_of(value ? value : ""));
}

static tide_status take_leaf(tree *t, GMimePart *object, unsigned depth) {
  GMimeDataWrapper *wrapper = g_mime_part_get_content(object);
  /* What the part is we read for ourselves, since we forgive more. */
  content_type type;
  if (read_type(raw_field(object, "Content-Type"), &t->p->arena, &type) != TIDE_OK)
    return TIDE_FATAL;
  const bool piece = tide_span_iequal(type.type, SPAN("message/partial"));
  bool is_message = piece || tide_span_iequal(type.type, SPAN("message/rfc822")) ||
                    tide_span_iequal(type.type, SPAN("message/global"));
  if ((!tide_span_istarts(type.type, SPAN("text/")) && !is_message) || !wrapper)
    return TIDE_OK;
  /* The parser was told to keep its stream, which is our memory: a part is a stretch of it. */
  GMimeStream *stream = g_mime_data_wrapper_get_stream(wrapper);
  if (!GMIME_IS_STREAM_MEM(stream) || stream->bound_start < 0)
    return TIDE_OK;
  size_t end = stream->bound_end < 0 ? t->bytes.len : (size_t)stream->bound_end;
  content part = {.bytes = tide_span_slice(t->bytes, (size_t)stream->bound_start, end),
                  .charset = type.charset,
                  .encoding =
                      tide_content_encoding_read(raw_field(object, "Content-Transfer-Encoding")),
                  .markup = tide_content_markup_of(type.type),
                  .delsp = type.delsp};
  /* The first piece of a message that was sent in several begins with its head (RFC 2046 5.2.2.1),
   * the others in the middle of whatever it was. */
  if (piece &&
      !looks_like_field(tide_span_slice(part.bytes, 0, tide_span_find_char(part.bytes, '\n'))))
    return TIDE_OK;
  return is_message ? take_inside(t, &part, depth) : put_part(t->p, &part);
}

/* What is in a multipart that names no boundary, or one that is nowhere: its parts where their
 * heads tell them apart, else all of it, as readers show it. */
static tide_status put_parts_without_boundary(tide_parser *p, tide_span body) {
  content parts[PLAIN_PARTS];
  size_t count = 0;
  tide_span boundary = tide_content_guess_boundary(body);
  if (!boundary.len || !tide_content_split(body, boundary, parts, PLAIN_PARTS, &count))
    return put_part(p, &(content){.bytes = body, .encoding = GMIME_CONTENT_ENCODING_DEFAULT});
  for (size_t i = 0; i < count; i++)
    TIDE_TRY(put_part(p, &parts[i]));
  return TIDE_OK;
}

/* Calls itself for each level, TIDE_LIMIT_DEPTH at most. */
static tide_status walk(tree *t, GMimeObject *object, unsigned depth) {
  if (!object)
    return TIDE_OK;
  if (depth > TIDE_LIMIT_DEPTH) {
    t->p->message.defects |= TIDE_DEFECT_TOO_DEEP;
    return TIDE_OK;
  }
  if (++t->parts > TIDE_LIMIT_PARTS) {
    t->p->message.defects |= TIDE_DEFECT_TOO_MANY_PARTS;
    return TIDE_OK;
  }
  if (GMIME_IS_MULTIPART(object)) {
    GMimeMultipart *multipart = GMIME_MULTIPART(object);
    tide_status status = TIDE_OK;
    int count = g_mime_multipart_get_count(multipart);
    for (int i = 0; i < count && status == TIDE_OK && t->parts <= TIDE_LIMIT_PARTS; i++)
      status = walk(t, g_mime_multipart_get_part(multipart, i), depth + 1);
    /* No boundary was declared, or it is nowhere: readers show what there is. Of the message
     * itself, take_tree does. */
    const char *prologue = count == 0 && depth ? g_mime_multipart_get_prologue(multipart) : NULL;
    if (!prologue)
      return status;
    return put_parts_without_boundary(t->p, tide_span_of(prologue));
  }
  if (GMIME_IS_MESSAGE_PART(object)) {
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    return inner ? walk(t, g_mime_message_get_mime_part(inner), depth + 1) : TIDE_OK;
  }
  return GMIME_IS_PART(object) ? take_leaf(t, GMIME_PART(object), depth) : TIDE_OK;
}

enum { BOUNDARIES = 8 };

/* How far into a message GMime is led, line by line. */
typedef struct safety {
  size_t dashes, fields;
  unsigned blocks;   /* header blocks that may be open or yet to come, before text begins */
  size_t block_size; /* bytes of the one that is open */
  bool part;         /* it is a part's, and so far all of it were fields, the first "Content-…" */
  bool message;      /* the head that is open says that a message follows */
  bool inner;        /* the next line is the first of that message */
  tide_span boundaries[BOUNDARIES];
  unsigned boundary_count;
  const char *field; /* of tide_head_begins_text */
  bool digest;
} safety;

/* Is the line, which begins with "--", one of the boundaries that are open? Those inside it end
 * there, and with two dashes more it does, too. */
static bool meets_boundary(safety *s, tide_span line) {
  tide_span name = tide_span_trim(tide_span_slice(line, 2, line.len));
  for (unsigned i = s->boundary_count; i-- > 0;) {
    const tide_span open = s->boundaries[i];
    if (!tide_span_starts(name, open))
      continue;
    tide_span rest = tide_span_slice(name, open.len, name.len);
    if (rest.len && !tide_span_equal(rest, SPAN("--")))
      continue;
    s->boundary_count = i + (rest.len == 0);
    return rest.len == 0;
  }
  return false;
}

/* Remembers the boundary that a field names, of the first few. */
static void note_boundary(safety *s, tide_span field) {
  content_type type;
  size_t colon = tide_span_find_char(field, ':');
  if (s->boundary_count == BOUNDARIES || !tide_span_istarts(field, SPAN("Content-Type")) ||
      !tide_content_type_read(tide_span_trim(tide_span_slice(field, colon + 1, field.len)),
                              &type) ||
      type.boundary.len == 0)
    return;
  s->boundaries[s->boundary_count++] = type.boundary;
}

/* False if the line at `at` is one too many of its kind; the defect is set. */
static bool is_safe(tide_parser *p, safety *s, tide_span line) {
  if (line.len >= 2 && line.ptr[0] == '-' && line.ptr[1] == '-') {
    /* In a digest a part without a type is a message (RFC 2046 5.1.5), with a header block of its
     * own. */
    s->blocks = s->digest ? 2 : 1;
    s->block_size = 0;
    s->message = false;
    s->part = meets_boundary(s, line);
    if (++s->dashes <= DASH_LINES_MAX)
      return true;
    p->message.defects |= TIDE_DEFECT_TOO_MANY_PARTS;
    return false;
  }
  if (line.ptr[0] == '\n' || (line.len > 1 && line.ptr[0] == '\r' && line.ptr[1] == '\n')) {
    s->blocks -= s->blocks > 0;
    s->block_size = 0;
    s->part = false;
    s->inner = s->message;
    s->message = false;
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
  if (s->part)
    note_boundary(s, start);
  s->digest = s->digest || tide_span_ifind(start, SPAN("/digest")) < start.len;
  s->message = s->message || (s->part && tide_span_istarts(start, SPAN("Content-Type:")) &&
                              tide_span_ifind(start, SPAN("message/rfc822")) < start.len);
  s->blocks += tide_span_ifind(start, SPAN("message/")) < start.len ||
               tide_span_ifind(start, SPAN("/rfc822")) < start.len;
  return true;
}

/* Does the text of a part begin at `at`, right after its fields, without the empty line that
 * should be there? After a boundary it has as few lines as it likes. */
static bool begins_part_text(safety *s, tide_span body, size_t at) {
  tide_span rest = tide_span_slice(body, at, body.len);
  if (!s->part || !s->blocks)
    return false;
  if (rest.ptr[0] == '-' || rest.ptr[0] == '\n' || rest.ptr[0] == '\r' ||
      tide_span_istarts(rest, SPAN("Content-")))
    return false;
  /* "-- " and a signature's lines are no part's head. */
  if (s->block_size == 0) {
    s->part = false;
    return false;
  }
  if (looks_like_field(tide_span_slice(rest, 0, tide_span_find_char(rest, '\n'))))
    return false;
  s->part = tide_head_begins_text(rest, true, &s->field);
  return s->part;
}

/* A message inside another that has no head: its text begins at once. GMime would read it as one.
 */
static bool lacks_head(const safety *s, tide_span rest) {
  enum { LINES_LOOKED_AT = 8 };
  if (!s->inner || rest.ptr[0] == '-')
    return false;
  for (int i = 0; i < LINES_LOOKED_AT && rest.len; i++) {
    const tide_span line = tide_span_slice(rest, 0, tide_span_find_char(rest, '\n'));
    if (tide_span_trim(line).len == 0 || tide_span_starts(line, SPAN("--")))
      return i > 0;
    if (looks_like_field(line) || tide_span_starts(line, SPAN("From ")))
      return false;
    rest = tide_span_slice(rest, line.len + 1, rest.len);
  }
  return true;
}

/* Appends the body as far as GMime can bear it: not beyond the line that is one too many of its
 * kind, and of a field of megabytes only the beginning. type is the body's own. */
static tide_status put_safe(tide_parser *p, const content_type *own, tide_span body,
                            tide_buffer *into) {
  const tide_span type = own->type;
  safety s = {.inner = tide_span_istarts(type, SPAN("message/")),
              .digest = tide_span_ifind(type, SPAN("/digest")) < type.len,
              .blocks = !tide_span_istarts(type, SPAN("multipart/")),
              .boundaries = {own->boundary},
              .boundary_count = own->boundary.len > 0};
  size_t from = 0; /* body's bytes up to here are written */
  for (size_t at = 0; at < body.len;) {
    size_t next = at + tide_span_find_char(tide_span_make(body.ptr + at, body.len - at), '\n') + 1;
    if (s.blocks && !(body.ptr[at] == '-' || body.ptr[at] == '\n' || body.ptr[at] == '\r'))
      while (next < body.len && (body.ptr[next] == ' ' || body.ptr[next] == '\t'))
        next += tide_span_find_char(tide_span_make(body.ptr + next, body.len - next), '\n') + 1;
    if (next > body.len)
      next = body.len;
    const bool headless = lacks_head(&s, tide_span_slice(body, at, body.len));
    s.inner = false;
    if (headless || begins_part_text(&s, body, at)) {
      TIDE_TRY(tide_buffer_put(into, tide_span_slice(body, from, at)));
      TIDE_TRY(tide_buffer_putc(into, '\n'));
      from = at;
      is_safe(p, &s, SPAN("\n"));
    }
    if (!is_safe(p, &s, tide_span_slice(body, at, next))) {
      body.len = at;
      break;
    }
    if (s.blocks && next - at > TIDE_LIMIT_HEADER_VALUE) {
      p->message.defects |= TIDE_DEFECT_LONG_HEADER;
      TIDE_TRY(tide_buffer_put(into, tide_span_slice(body, from, at + TIDE_LIMIT_HEADER_VALUE)));
      TIDE_TRY(tide_buffer_putc(into, '\n'));
      from = next;
    }
    at = next;
  }
  return tide_buffer_put(into, tide_span_slice(body, from, body.len));
}

/* GMime reads t->bytes, and its parts are put; body is what the message is without its head, NULL
 * for one inside another. */
static tide_status take_message(tree *t, unsigned depth, const tide_span *body) {
  GByteArray borrowed = {.data = (guint8 *)(uintptr_t)t->bytes.ptr, .len = (guint)t->bytes.len};
  GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(&borrowed);
  g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
  GMimeParser *parser = g_mime_parser_new_with_stream(stream);
  g_object_unref(stream);
  g_mime_parser_set_persist_stream(parser, TRUE);
  GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
  tide_status status = TIDE_OK;
  if (message) {
    GMimeObject *root = g_mime_message_get_mime_part(message);
    if (body && GMIME_IS_MULTIPART(root) && g_mime_multipart_get_count(GMIME_MULTIPART(root)) == 0)
      status =
          put_part(t->p, &(content){.bytes = *body, .encoding = GMIME_CONTENT_ENCODING_DEFAULT});
    else
      status = walk(t, root, depth);
    g_object_unref(message);
  }
  g_object_unref(parser);
  return status;
}

/* A message that is encoded inside another: RFC 2046 5.2.1 forbids it, and gateways do it. */
static tide_status take_inside(tree *t, const content *part, unsigned depth) {
  enum { LEVELS = 8 }; /* of depth that one costs, as its bytes are held twice */
  static const char head[] = "Content-Type: message/rfc822\n\n";
  tide_buffer decoded = {0}, plain = {0};
  tide_span bytes;
  tide_status status = tide_content_decode(part, PART_MAX, &decoded, &bytes), whole = status;
  if (status != TIDE_FATAL)
    status = tide_buffer_put(&plain, tide_span_of(head));
  if (status == TIDE_OK)
    status = put_safe(t->p, &(content_type){.type = SPAN("message/rfc822")}, bytes, &plain);
  if (status == TIDE_OK) {
    tree inner = {.p = t->p, .bytes = tide_buffer_span(&plain), .parts = t->parts};
    status = take_message(&inner, depth + LEVELS, NULL);
    t->parts = inner.parts;
  } else {
    status = TIDE_FATAL;
  }
  tide_buffer_free(&decoded);
  tide_buffer_free(&plain);
  return status == TIDE_OK && whole == TIDE_SKIP ? TIDE_SKIP : status;
}

/* GMime reads a message of our making: the two fields that it needs, as we read them, and the body.
 */
static tide_status put_tree(tide_parser *p, const content_type *type, const content *part) {
  const char *encoding = g_mime_content_encoding_to_string(part->encoding);
  tide_buffer_clear(&p->plain);
  TIDE_TRY(tide_buffer_reserve(&p->plain, part->bytes.len + 1024));
  TIDE_TRY(tide_buffer_put(&p->plain, SPAN("Content-Type: ")));
  TIDE_TRY(tide_content_type_put(type, &p->plain));
  if (encoding)
    TIDE_TRY(tide_buffer_printf(&p->plain, "\nContent-Transfer-Encoding: %s", encoding));
  TIDE_TRY(tide_buffer_put(&p->plain, SPAN("\n\n")));
  return put_safe(p, type, part->bytes, &p->plain);
}

static tide_status take_tree(tide_parser *p, const content_type *type, const content *part) {
  if (put_tree(p, type, part) != TIDE_OK)
    return TIDE_FATAL;
  tree t = {.p = p, .bytes = tide_buffer_span(&p->plain)};
  return take_message(&t, 0, &part->bytes);
}

/* Takes the parts of a body apart, by GMime only where it has to. */
static tide_status take_parts(tide_parser *p, const content_type *type, const content *part) {
  content parts[PLAIN_PARTS];
  size_t count;
  if (p->tree_only || !type->boundary.len || !tide_content_is_multipart(type->type) ||
      !tide_content_split(part->bytes, type->boundary, parts, PLAIN_PARTS, &count))
    return take_tree(p, type, part);
  for (size_t i = 0; i < count; i++)
    TIDE_TRY(put_part(p, &parts[i]));
  return TIDE_OK;
}

/* --- the message --- */

/* The body without the points that BSMTP put before others. */
static tide_status unescape_dots(tide_parser *p, tide_span *body) {
  const tide_span rest = *body;
  size_t from = 0;
  tide_buffer_clear(&p->body);
  for (size_t at = 0; at < rest.len; at++) {
    if (tide_span_starts(tide_span_slice(rest, at, rest.len), SPAN(".."))) {
      TIDE_TRY(tide_buffer_put(&p->body, tide_span_slice(rest, from, at)));
      from = at + 1;
    }
    at += tide_span_find_char(tide_span_slice(rest, at, rest.len), '\n');
  }
  TIDE_TRY(tide_buffer_put(&p->body, tide_span_slice(rest, from, rest.len)));
  *body = tide_buffer_span(&p->body);
  return TIDE_OK;
}

/* The body without the mbox's '>'. A copy is made only where there is one. */
static tide_status unescape(tide_parser *p, tide_escape escape, tide_span *body) {
  const tide_span rest = *body;
  bool copied = false;
  size_t from = 0, at = 0;
  if (escape == TIDE_ESCAPE_NONE)
    return TIDE_OK;
  if (escape == TIDE_ESCAPE_DOT)
    return unescape_dots(p, body);
  while ((at = tide_scan_from(rest, at)) < rest.len) {
    size_t line = at;
    while (line && rest.ptr[line - 1] == '>')
      line--;
    bool starts = line == 0 || rest.ptr[line - 1] == '\n';
    size_t quotes = at - line;
    if (starts && quotes && (quotes == 1 || escape == TIDE_ESCAPE_ALL)) {
      if (!copied)
        tide_buffer_clear(&p->body);
      copied = true;
      TIDE_TRY(tide_buffer_put(&p->body, tide_span_slice(rest, from, line)));
      from = line + 1;
    }
    at++;
  }
  if (!copied)
    return TIDE_OK;
  TIDE_TRY(tide_buffer_put(&p->body, tide_span_slice(rest, from, rest.len)));
  *body = tide_buffer_span(&p->body);
  return TIDE_OK;
}

/* A body whose lines end in CR alone gets the line feeds that its parts are found by. Some copies
 * of mail from the Macintosh have them in the head only. */
static tide_status end_lines(tide_parser *p, tide_span *body) {
  tide_span inside = tide_span_trim(*body);
  if (tide_span_find_char(inside, '\n') < inside.len ||
      tide_span_find_char(inside, '\r') == inside.len)
    return TIDE_OK;
  if (body->ptr != p->body.ptr) {
    tide_buffer_clear(&p->body);
    if (tide_buffer_put(&p->body, *body) != TIDE_OK)
      return TIDE_FATAL;
  }
  for (size_t i = 0; i < p->body.len; i++)
    if (p->body.ptr[i] == '\r')
      p->body.ptr[i] = '\n';
  *body = tide_buffer_span(&p->body);
  return TIDE_OK;
}

/* Lines end in LF, however they were stored or encoded: base64 has CRLF inside it even where the
 * archive has none, and `$` or a count of bytes must not tell them apart. */
static void end_lines_alike(tide_buffer *text) {
  size_t len = text->len ? tide_span_find_char(tide_buffer_span(text), '\r') : 0;
  for (size_t at = len; at < text->len;) {
    size_t next =
        at + 1 + tide_span_find_char(tide_span_make(text->ptr + at + 1, text->len - at - 1), '\r');
    at += next > at + 1 && text->ptr[at + 1] == '\n';
    memmove(text->ptr + len, text->ptr + at, next - at);
    len += next - at;
    at = next;
  }
  text->len = len;
}

tide_status tide_text_decode(tide_parser *p) {
  tide_message *m = &p->message;
  content part;
  content_type type;
  tide_buffer_clear(&p->text);
  tide_buffer_clear(&p->links.targets);
  p->text.limit = TIDE_LIMIT_TEXT;
  p->links.targets.limit = TIDE_LIMIT_LINKS;
  p->links.full = false;
  if (read_body(p, &part, &type) != TIDE_OK ||
      unescape(p, m->raw->escape, &part.bytes) != TIDE_OK || end_lines(p, &part.bytes) != TIDE_OK)
    return TIDE_FATAL;
  tide_status status = TIDE_OK;
  find_boundary(&type, part.bytes);
  switch (kind_of_type(type.type)) {
  case BODY_TEXT: status = put_part(p, &part); break;
  case BODY_TREE: status = take_parts(p, &type, &part); break;
  case BODY_OTHER: break;
  }
  if (status == TIDE_FATAL)
    return status;
  end_lines_alike(&p->text);
  m->text = tide_buffer_span(&p->text);
  m->links = tide_buffer_span(&p->links.targets);
  if (p->links.full)
    m->defects |= TIDE_DEFECT_LONG_TEXT;
  if (status == TIDE_SKIP) {
    m->defects |= TIDE_DEFECT_LONG_TEXT;
    m->text = tide_utf8_trim(m->text);
  }
  return TIDE_OK;
}
