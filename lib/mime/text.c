/* The text of a message: its parts decoded, their charsets converted, HTML as a reader sees it. GMime finds and decodes the parts. */
#include "parser.h"

#include <gmime/gmime.h>

/* GMime calls itself for each level of nesting: what is handed to it may not declare more. */
enum { CONTAINERS_MAX = 256 };

static tide_status put_part(tide_parser *p, tide_span bytes, tide_span charset, bool html) {
  bool lied = false;
  tide_status status = p->text.len ? tide_buffer_putc(&p->text, '\n') : TIDE_OK;
  if (status == TIDE_OK && !html) {
    status = charset_put(bytes, charset, &p->text, &lied);
  } else if (status == TIDE_OK) {
    tide_buffer_clear(&p->utf8);
    p->utf8.limit = 4 * TIDE_LIMIT_TEXT;
    status = charset_put(bytes, charset, &p->utf8, &lied);
    if (status != TIDE_FATAL) {
      tide_status stripped = tide_html_text(tide_buffer_span(&p->utf8), &p->text);
      if (stripped != TIDE_OK) status = stripped;
    }
  }
  if (lied) p->message.defects |= TIDE_DEFECT_BAD_CHARSET;
  return status;
}

static tide_status take_leaf(tide_parser *p, GMimePart *part) {
  GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
  bool html = g_mime_content_type_is_type(type, "text", "html");
  if (!g_mime_content_type_is_type(type, "text", "*")) return TIDE_OK;
  GMimeDataWrapper *content = g_mime_part_get_content(part);
  if (!content) return TIDE_OK;
  GMimeStream *memory = g_mime_stream_mem_new();
  g_mime_data_wrapper_write_to_stream(content, memory);
  GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
  const char *charset = g_mime_content_type_get_parameter(type, "charset");
  tide_status status = put_part(p, tide_span_make((const char *)bytes->data, bytes->len), tide_span_of(charset ? charset : ""), html);
  g_object_unref(memory);
  return status;
}

static tide_status walk(tide_parser *p, GMimeObject *object, unsigned depth, unsigned *parts) {
  if (!object) return TIDE_OK;
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
    for (int i = 0, count = g_mime_multipart_get_count(multipart); i < count && status == TIDE_OK; i++)
      status = walk(p, g_mime_multipart_get_part(multipart, i), depth + 1, parts);
    return status;
  }
  if (GMIME_IS_MESSAGE_PART(object)) {
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    return inner ? walk(p, g_mime_message_get_mime_part(inner), depth + 1, parts) : TIDE_OK;
  }
  return GMIME_IS_PART(object) ? take_leaf(p, GMIME_PART(object)) : TIDE_OK;
}

/* Where the `most`-th line that begins with "--" begins, or the end. */
static size_t dashes_end(tide_span bytes, unsigned most) {
  size_t at = 0;
  for (unsigned count = 0; count < most; count++) {
    size_t next = tide_span_find(tide_span_slice(bytes, at, bytes.len), SPAN("\n--"));
    if (at + next >= bytes.len) return bytes.len;
    at += next + 3;
  }
  return at;
}

/* Where the `most`-th "message/" or "boundary" begins, or the end: no container can be declared without one of them. */
static size_t containers_end(tide_span bytes, unsigned most, bool multiparts) {
  unsigned count = 0;
  for (size_t at = 0; at < bytes.len; at++) {
    at += tide_span_find_char(tide_span_slice(bytes, at, bytes.len), multiparts ? '=' : '/');
    size_t word = at;
    while (multiparts && word && (bytes.ptr[word - 1] == ' ' || bytes.ptr[word - 1] == '\t')) word--;
    tide_span before = tide_span_slice(bytes, 0, word);
    if (!tide_span_iends(before, multiparts ? SPAN("boundary") : SPAN("message"))) continue;
    if (++count == most) return word - 8;
  }
  return bytes.len;
}

/* How much of the message may be handed to GMime: up to the part, or the declaration of a container, that is one too many. */
static size_t safe_length(tide_parser *p, tide_span bytes) {
  size_t parts = dashes_end(bytes, TIDE_LIMIT_PARTS);
  if (parts < bytes.len) p->message.defects |= TIDE_DEFECT_TOO_MANY_PARTS;
  bytes.len = parts;
  size_t safe = containers_end(bytes, CONTAINERS_MAX, false);
  /* A multipart inside another stands behind a line of dashes of its own. */
  if (dashes_end(bytes, CONTAINERS_MAX) < bytes.len) {
    size_t multiparts = containers_end(bytes, CONTAINERS_MAX, true);
    if (multiparts < safe) safe = multiparts;
  }
  if (safe < bytes.len) p->message.defects |= TIDE_DEFECT_TOO_DEEP;
  return safe;
}

/* Takes the mbox's '>' out of a copy of the message. */
static tide_status unescape(tide_parser *p, const tide_raw *raw) {
  tide_buffer_clear(&p->plain);
  tide_span rest = raw->bytes;
  tide_status status = TIDE_OK;
  while (rest.len && status == TIDE_OK) {
    size_t end = tide_span_find_char(rest, '\n');
    tide_span line = tide_span_slice(rest, 0, end + 1);
    size_t quotes = 0;
    while (quotes < line.len && line.ptr[quotes] == '>') quotes++;
    bool escaped = quotes && (quotes == 1 || raw->escape == TIDE_ESCAPE_ALL) && line.ptr > p->message.body.ptr - 1 &&
                   tide_span_starts(tide_span_slice(line, quotes, line.len), SPAN("From "));
    status = tide_buffer_put(&p->plain, tide_span_slice(line, escaped, line.len));
    rest = tide_span_slice(rest, end + 1, rest.len);
  }
  return status;
}

/* A message without MIME, or one that says it is plain text in ASCII or UTF-8 and not encoded: its body is its text. Most list mail is so. */
static bool is_plain(const tide_message *m) {
  tide_span type = tide_message_header(m, TIDE_HEADER_CONTENT_TYPE), encoding = tide_message_header(m, TIDE_HEADER_CONTENT_TRANSFER_ENCODING);
  if (encoding.len && !tide_span_iequal(encoding, SPAN("7bit")) && !tide_span_iequal(encoding, SPAN("8bit"))) return false;
  return type.len == 0 || tide_span_iequal(type, SPAN("text/plain"));
}

tide_status text_decode(tide_parser *p) {
  tide_message *m = &p->message;
  tide_span bytes = m->raw->bytes, body = m->body;
  tide_status status = TIDE_OK;
  tide_buffer_clear(&p->text);
  p->text.limit = TIDE_LIMIT_TEXT;
  if (m->raw->escape != TIDE_ESCAPE_NONE) {
    status = unescape(p, m->raw);
    if (status != TIDE_OK) return TIDE_FATAL;
    bytes = tide_buffer_span(&p->plain);
    body = tide_span_slice(bytes, (size_t)(m->body.ptr - m->raw->bytes.ptr), bytes.len);
  }
  if (is_plain(m)) {
    status = put_part(p, body, (tide_span){0}, false);
  } else {
    bytes.len = safe_length(p, bytes);
    GByteArray borrowed = {.data = (guint8 *)(uintptr_t)bytes.ptr, .len = (guint)bytes.len};
    GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(&borrowed);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    g_object_unref(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    unsigned parts = 0;
    if (message) {
      status = walk(p, g_mime_message_get_mime_part(message), 0, &parts);
      g_object_unref(message);
    }
    g_object_unref(parser);
  }
  if (status == TIDE_SKIP) {
    m->defects |= TIDE_DEFECT_LONG_TEXT;
    status = TIDE_OK;
  }
  m->text = tide_buffer_span(&p->text);
  return status;
}
