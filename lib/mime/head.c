/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header index: one pass, nothing copied. */
#include "parser.h"

#include <stdlib.h>

#include "base/invariant.h"
#include "base/scan.h"

static const tide_span known[TIDE_HEADER_COUNT] = {
#define X(id, text) {text, sizeof text - 1},
    TIDE_HEADERS(X)
#undef X
};

/* Known fields by the length of their name and its last letter, which tell them apart:
 * tests/unit/test_message.c finds them all. A cell without one has RECEIVED, the zero, which the
 * name then is not. */
enum { KNOWN_NAME_MAX = 25 };
static const uint8_t by_length[KNOWN_NAME_MAX + 1][32] = {
#define CELL(letter, id) [(letter)&31] = TIDE_HEADER_##id
    [2] = {CELL('o', TO), CELL('c', CC)},
    [3] = {CELL('c', BCC)},
    [4] = {CELL('m', FROM), CELL('e', DATE)},
    [6] = {CELL('r', SENDER)},
    [7] = {CELL('t', SUBJECT)},
    [8] = {CELL('d', RECEIVED), CELL('r', X_MAILER)},
    [9] = {CELL('e', X_MIMEOLE)},
    [10] = {CELL('d', MESSAGE_ID), CELL('t', USER_AGENT)},
    [11] = {CELL('h', RETURN_PATH), CELL('e', RESENT_DATE)},
    [12] = {CELL('e', CONTENT_TYPE), CELL('o', DELIVERED_TO)},
    [14] = {CELL('h', CONTENT_LENGTH)},
    [25] = {CELL('g', CONTENT_TRANSFER_ENCODING)},
#undef CELL
};

/* ">From: name": programs that escape each line of an mbox that begins with "From"
 * (imap-backup#224). */
__attribute__((noinline)) static tide_header_id escaped_id(tide_span name) {
  return tide_span_equal(name, SPAN(">From")) ? TIDE_HEADER_FROM : TIDE_HEADER_OTHER;
}

/* name is not empty. Inlined, as the calls cost half a percent of a timeline by headers. */
__attribute__((always_inline)) static inline tide_header_id header_id(tide_span name) {
  if (name.len > KNOWN_NAME_MAX)
    return TIDE_HEADER_OTHER;
  const uint8_t id = by_length[name.len][name.ptr[name.len - 1] & 31];
  /* Nearly all mail writes them as the RFCs do. */
  if (tide_name_equal(name, known[id]) || tide_span_iequal(name, known[id]))
    return (tide_header_id)id;
  return name.len == sizeof ">From" - 1 ? escaped_id(name) : TIDE_HEADER_OTHER;
}

static bool grow_headers(tide_parser *p) {
  size_t cap = p->header_cap ? p->header_cap * 2 : 64;
  if (cap > TIDE_LIMIT_HEADERS)
    cap = TIDE_LIMIT_HEADERS;
  tide_header *grown = realloc(p->headers, cap * sizeof *grown);
  if (!grown)
    return false;
  p->headers = grown;
  p->header_cap = cap;
  return true;
}

static inline tide_status header_add(tide_parser *p, tide_span name, tide_span value,
                                     uint32_t last[]) {
  tide_message *m = &p->message;
  if (m->header_count == p->header_cap) {
    if (m->header_count >= TIDE_LIMIT_HEADERS) {
      m->defects |= TIDE_DEFECT_TOO_MANY_HEADERS;
      return TIDE_OK;
    }
    if (!grow_headers(p))
      return TIDE_FATAL;
  }
  uint32_t at = m->header_count++;
  tide_header_id id = header_id(name);
  p->headers[at] = (tide_header){.name = name, .value = value, .id = id, .next = TIDE_HEADER_NONE};
  if (id != TIDE_HEADER_OTHER) {
    if (value.len > TIDE_LIMIT_HEADER_VALUE)
      m->defects |= TIDE_DEFECT_LONG_HEADER;
    if (m->first[id] == TIDE_HEADER_NONE)
      m->first[id] = at;
    else
      p->headers[last[id]].next = at;
    last[id] = at;
  }
  return TIDE_OK;
}

/* The line feeds from the beginning of a message on, found by the hundred bytes and taken one by
 * one. */
typedef struct line_feeds {
  tide_span bytes;
  size_t base, scanned; /* where the last scan began and ended */
  size_t count, at;
  bool odd; /* a NUL or a carriage return is in what was scanned */
  uint16_t ends[TIDE_SCAN_LINES + TIDE_SCAN_SLACK];
} line_feeds;

/* The next one not taken, or the end of the bytes. */
static inline const char *line_end(line_feeds *l) {
  while (l->at == l->count) {
    if (l->scanned >= l->bytes.len)
      return l->bytes.ptr + l->bytes.len;
    l->base = l->scanned;
    l->count = tide_scan_lines(l->bytes, l->base, l->bytes.len, l->ends, &l->odd);
    l->scanned += TIDE_SCAN_LINES;
    l->at = 0;
  }
  return l->bytes.ptr + l->base + l->ends[l->at++];
}

static void find_odd_bytes(tide_message *m) {
  tide_span head = m->head;
  if (head.len == 0)
    return;
  if (memchr(head.ptr, '\0', head.len))
    m->defects |= TIDE_DEFECT_NUL_BYTES;
  const char *end = head.ptr + head.len;
  for (const char *cr = head.ptr; (cr = memchr(cr, '\r', (size_t)(end - cr))); cr++) {
    /* At the very end of a message that has no body it may be half of a line end. */
    if (cr + 1 == end || cr[1] == '\n')
      continue;
    m->defects |= TIDE_DEFECT_BARE_CR;
    return;
  }
}

/* Does a line that is no field begin the first part of the message's multipart? */
static bool is_first_boundary(const tide_message *m, const tide_header *headers, tide_span line) {
  enum { LOOKED_AT = 512 }; /* of the type, since there may be millions of such lines */
  uint32_t number = m->first[TIDE_HEADER_CONTENT_TYPE];
  if (number == TIDE_HEADER_NONE || !tide_span_starts(line, SPAN("--")))
    return false;
  tide_span boundary = tide_span_trim(tide_span_slice(line, 2, line.len)),
            type = tide_span_slice(headers[number].value, 0, LOOKED_AT);
  return boundary.len && tide_span_istarts(type, SPAN("multipart/")) &&
         tide_span_find(type, boundary) < type.len;
}

/* As programs write fields: with a capital. Words of a text with a colon mostly have none. */
static bool is_written_field(tide_span line) {
  size_t len = tide_scan_name(line);
  tide_span name = tide_span_slice(line, 0, len);
  return len > 0 && len < line.len && line.ptr[len] == ':' &&
         (tide_lower(name.ptr[0]) != name.ptr[0] || header_id(name) != TIDE_HEADER_OTHER);
}

bool tide_head_begins_text(tide_span rest, bool part, const char **field) {
  enum { LOOKED_AT = 16 << 10 };
  tide_span s = tide_span_slice(rest, 0, LOOKED_AT);
  if (rest.ptr < *field || tide_span_starts(rest, SPAN(">From ")))
    return false;
  for (size_t lines = 0; s.len; lines++) {
    size_t end = tide_span_find_char(s, '\n');
    tide_span line = tide_span_slice(s, 0, end);
    if (line.len == 0 || (line.len == 1 && line.ptr[0] == '\r'))
      return lines > 1 || rest.ptr[0] == '<';
    if (part && tide_span_starts(line, SPAN("--")))
      return true;
    if (is_written_field(line)) {
      *field = line.ptr;
      return false;
    }
    s = tide_span_slice(s, end + 1, s.len);
  }
  return true;
}

/* Does the text begin with the line up to `stop`, which is no field? Else the line is junk. */
static bool ends_at_line(tide_parser *p, tide_span rest, const char *stop, bool is_first,
                         const char **known_field) {
  tide_message *m = &p->message;
  const tide_span line = tide_span_make(rest.ptr, (size_t)(stop - rest.ptr));
  if (is_first_boundary(m, p->headers, line))
    return true; /* no empty line comes before it */
  const bool separator =
      is_first && (tide_span_starts(line, SPAN(">From ")) || tide_span_starts(line, SPAN("From ")));
  if (!separator)
    m->defects |= TIDE_DEFECT_HEADER_JUNK;
  return m->header_count && tide_head_begins_text(rest, false, known_field);
}

tide_status tide_head_index(tide_parser *p, tide_span bytes) {
  tide_message *m = &p->message;
  uint32_t last[TIDE_HEADER_COUNT];
  if (bytes.len == 0)
    return TIDE_SKIP;
  const char *at = bytes.ptr, *end = bytes.ptr + bytes.len;
  const char *body = NULL, *known_field = NULL;
  for (int i = 0; i < TIDE_HEADER_COUNT; i++)
    m->first[i] = TIDE_HEADER_NONE;
  if (tide_span_starts(bytes, SPAN("\xef\xbb\xbf")))
    at += 3; /* a byte order mark: saved by a Windows editor */
  const char *head = at;
  line_feeds feeds;
  feeds.bytes = bytes;
  feeds.scanned = feeds.count = feeds.at = 0;
  feeds.odd = false;
  while (at < end) {
    const char *stop = line_end(&feeds);
    if (stop == at || (*at == '\r' && stop == at + 1 && stop < end)) {
      body = stop + 1;
      break;
    }
    const char *name_end = at + tide_scan_name(tide_span_make(at, (size_t)(stop - at)));
    /* White space before the colon is obsolete, and written all the same (RFC 5322 4.5.8). */
    const char *colon = name_end;
    bool field = name_end > at && colon < stop;
    if (field && *colon != ':') {
      while (colon < stop && (*colon == ' ' || *colon == '\t'))
        colon++;
      field = colon < stop && *colon == ':';
    }
    /* Continuation lines belong to it, to a line of junk as to a field. */
    const char *next = stop < end ? stop + 1 : end;
    while (next < end && (*next == ' ' || *next == '\t')) {
      stop = line_end(&feeds);
      next = stop < end ? stop + 1 : end;
    }
    if (field) {
      tide_span value = tide_span_trim_field(tide_span_make(colon + 1, (size_t)(stop - colon - 1)));
      TIDE_TRY(header_add(p, tide_span_make(at, (size_t)(name_end - at)), value, last));
    } else if (ends_at_line(p, tide_span_make(at, (size_t)(end - at)), stop, at == head,
                            &known_field)) {
      body = at;
      break;
    }
    at = next;
  }
  if (!body) {
    m->defects |= TIDE_DEFECT_NO_BODY;
    body = at = end;
  }
  TIDE_INVARIANT(head <= at && at <= body && body <= end);
  m->headers = p->headers;
  m->head = tide_span_make(head, (size_t)(at - head));
  m->body = tide_span_make(body, (size_t)(end - body));
  if (feeds.odd)
    find_odd_bytes(m);
  /* A separator's date and sender make a message even of text without a head. */
  return m->header_count || m->raw->envelope.len ? TIDE_OK : TIDE_SKIP;
}
