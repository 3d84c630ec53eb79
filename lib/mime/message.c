/* The header index: one pass, nothing copied. */
#include "parser.h"

#include <stdlib.h>

typedef struct known_name {
  const char *name;
  uint8_t len;
} known_name;

static const known_name known[TIDE_HEADER_COUNT] = {
#define X(id, text) {text, sizeof text - 1},
    TIDE_HEADERS(X)
#undef X
};

/* Length and first letter tell nearly all other fields apart at one look. */
static tide_header_id header_id(tide_span name) {
  char first = tide_lower(name.ptr[0]);
  for (int i = 0; i < TIDE_HEADER_COUNT; i++)
    if (known[i].len == name.len && tide_lower(known[i].name[0]) == first && tide_span_iequal(name, tide_span_make(known[i].name, name.len)))
      return (tide_header_id)i;
  return TIDE_HEADER_OTHER;
}

tide_status tide_parser_new(tide_parser **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_parser_free(tide_parser *p) {
  if (!p) return;
  tide_arena_free(&p->arena);
  tide_buffer_free(&p->text);
  tide_buffer_free(&p->plain);
  tide_buffer_free(&p->utf8);
  free(p->headers);
  free(p);
}

static tide_status header_add(tide_parser *p, tide_span name, tide_span value, uint32_t last[]) {
  tide_message *m = &p->message;
  if (m->header_count == TIDE_LIMIT_HEADERS) {
    m->defects |= TIDE_DEFECT_TOO_MANY_HEADERS;
    return TIDE_OK;
  }
  if (m->header_count == p->header_cap) {
    size_t cap = p->header_cap ? p->header_cap * 2 : 64;
    tide_header *grown = realloc(p->headers, cap * sizeof *grown);
    if (!grown) return TIDE_FATAL;
    p->headers = grown;
    p->header_cap = cap;
  }
  uint32_t at = m->header_count++;
  tide_header_id id = header_id(name);
  p->headers[at] = (tide_header){.name = name, .value = value, .id = id, .next = TIDE_HEADER_NONE};
  if (id != TIDE_HEADER_OTHER) {
    if (m->first[id] == TIDE_HEADER_NONE) m->first[id] = at;
    else p->headers[last[id]].next = at;
    last[id] = at;
  }
  return TIDE_OK;
}

/* One past the line's last byte, its line feed not included. */
static const char *line_end(const char *at, const char *end) {
  const char *lf = memchr(at, '\n', (size_t)(end - at));
  return lf ? lf : end;
}

static tide_status index_headers(tide_parser *p, tide_span bytes) {
  tide_message *m = &p->message;
  uint32_t last[TIDE_HEADER_COUNT];
  const char *at = bytes.ptr, *end = bytes.ptr + bytes.len;
  const char *body = end;
  bool ended = false;
  for (int i = 0; i < TIDE_HEADER_COUNT; i++) m->first[i] = TIDE_HEADER_NONE;
  if (tide_span_starts(bytes, SPAN("\xef\xbb\xbf"))) at += 3;
  const char *head = at;
  while (at < end) {
    const char *stop = line_end(at, end);
    if (stop == at || (*at == '\r' && stop == at + 1 && stop < end)) {
      body = stop < end ? stop + 1 : end;
      ended = true;
      break;
    }
    /* The name: printable ASCII up to the colon, white space before it allowed (RFC 5322 4.5.8). */
    const char *colon = at;
    while (colon < stop && *colon > ' ' && *colon != ':' && *colon != 0x7f) colon++;
    const char *name_end = colon;
    while (colon < stop && (*colon == ' ' || *colon == '\t')) colon++;
    bool field = name_end > at && colon < stop && *colon == ':';
    const char *next = stop < end ? stop + 1 : end;
    /* Continuation lines belong to it, to a line of junk as to a field. */
    while (next < end && (*next == ' ' || *next == '\t')) {
      const char *more = line_end(next, end);
      stop = more;
      next = more < end ? more + 1 : end;
    }
    if (field) {
      tide_span value = tide_span_trim(tide_span_make(colon + 1, (size_t)(stop - colon - 1)));
      tide_status status = header_add(p, tide_span_make(at, (size_t)(name_end - at)), value, last);
      if (status != TIDE_OK) return status;
    } else {
      tide_span line = tide_span_make(at, (size_t)(stop - at));
      bool separator = at == head && (tide_span_starts(line, SPAN(">From ")) || tide_span_starts(line, SPAN("From ")));
      if (!separator) m->defects |= TIDE_DEFECT_HEADER_JUNK;
    }
    at = next;
  }
  if (!ended) m->defects |= TIDE_DEFECT_NO_BODY;
  m->headers = p->headers;
  m->head = tide_span_make(head, (size_t)((ended ? at : end) - head));
  m->body = tide_span_make(body, (size_t)(end - body));
  if (m->head.len && memchr(m->head.ptr, '\0', m->head.len)) m->defects |= TIDE_DEFECT_NUL_BYTES;
  for (const char *cr = m->head.ptr, *stop = m->head.ptr + m->head.len; cr && (cr = memchr(cr, '\r', (size_t)(stop - cr))); cr++)
    if (cr + 1 < stop && cr[1] != '\n') {
      m->defects |= TIDE_DEFECT_BARE_CR;
      break;
    }
  return m->header_count ? TIDE_OK : TIDE_SKIP;
}

tide_status tide_message_parse(tide_parser *p, const tide_raw *raw, unsigned needs, const tide_message **out) {
  p->message = (tide_message){.raw = raw};
  tide_arena_reset(&p->arena);
  tide_status status = index_headers(p, raw->bytes);
  if (status != TIDE_OK) return status;
  if (needs & TIDE_NEED_SUBJECT) {
    tide_span subject = tide_message_header(&p->message, TIDE_HEADER_SUBJECT);
    if (subject.len > TIDE_LIMIT_HEADER_VALUE) p->message.defects |= TIDE_DEFECT_LONG_HEADER;
    p->message.subject = tide_header_decode(subject, &p->arena);
  }
  if (needs & TIDE_NEED_TEXT) status = text_decode(p);
  *out = &p->message;
  return status;
}
