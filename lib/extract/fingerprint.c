/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What wrote a message: the names of the fields that the writing program wrote, in its order and
 * spelling, and the shapes of some values. All that the program's user or the mail's way varies is
 * left out: two messages of one program are to have the same layout, whoever sent them by whatever
 * relays. docs/fingerprints.md says what goes in and why. */
#include "extract/fingerprint.h"

#include "base/mix.h"
#include "extract/extractors.h"
#include "sketch.h"

/* --- Date --- */

/* Is it as RFC 5322 has it, to the last blank? Most are: this spares them the way below. */
static bool is_usual_date(tide_span v) {
  static const char usual[][32] = {"Aaa, 9 Aaa 9999 99:99:99 +9999",
                                   "Aaa, 99 Aaa 9999 99:99:99 +9999"};
  static const char shapes[256] = {
      ['0' ... '9'] = '9', ['a' ... 'z'] = 'a', ['A' ... 'Z'] = 'A', [' '] = ' ',
      [','] = ',',         [':'] = ':',         ['+'] = '+',         ['-'] = '+'};
  enum { SHORT = 30 };
  char shape[SHORT + 1];
  if (v.len != SHORT && v.len != SHORT + 1)
    return false;
  for (size_t i = 0; i < v.len; i++)
    shape[i] = shapes[(unsigned char)v.ptr[i]];
  return memcmp(shape, usual[v.len - SHORT], v.len) == 0;
}

/* "Aaa, 9 Aaa 9999 9:9:9 +z (ABC)": letters by their case, numbers by whether they are longer than
 * two digits, so that no shape depends on the day or the hour; zones by their form: Outlook and
 * Pegasus write +0100 in London's summer and -0000 in its winter. */
static void put_date(tide_sketch *s, tide_span v) {
  if (is_usual_date(v)) {
    tide_sketch_put(s, SPAN(" date=\"Aaa, 9 Aaa 9999 9:9:9 +z\""));
    return;
  }
  tide_sketch_put(s, SPAN(" date=\""));
  size_t at = 0, end = s->len + PIECE_MAX;
  bool time_seen = false;
  while (at < v.len && s->len < end) {
    char c = v.ptr[at];
    size_t from = at++;
    if (tide_is_space(c)) {
      while (at < v.len && tide_is_space(v.ptr[at]))
        at++;
      tide_sketch_char(s, ' ');
    } else if (tide_is_digit(c)) {
      while (at < v.len && tide_is_digit(v.ptr[at]))
        at++;
      tide_sketch_char(s, '9');
      if (at - from > 2)
        tide_sketch_put(s, SPAN("999"));
    } else if (tide_is_alpha(c)) {
      while (at < v.len && tide_is_alpha(v.ptr[at]))
        at++;
      tide_span word = tide_span_slice(v, from, at);
      if (time_seen) { /* GMT, UT, EST */
        bool utc = tide_span_iequal(word, SPAN("GMT")) || tide_span_iequal(word, SPAN("UT")) ||
                   tide_span_iequal(word, SPAN("UTC")) || word.len == 1;
        tide_sketch_piece(s, utc ? word : SPAN("zone"));
      } else { /* Mon, MON, Monday */
        for (size_t i = 0; i < word.len && i < 4; i++)
          tide_sketch_char(s, tide_lower(word.ptr[i]) == word.ptr[i] ? 'a' : 'A');
      }
    } else if ((c == '+' || c == '-') && time_seen) {
      while (at < v.len && tide_is_digit(v.ptr[at]))
        at++;
      tide_span zone = tide_span_slice(v, from, at);
      tide_sketch_put(s, zone.len == 5 ? SPAN("+z") : SPAN("+odd"));
    } else if (c == '(') {
      at += tide_span_find_char(tide_span_slice(v, at, v.len), ')') + 1;
      tide_sketch_piece(s, at - from <= 7 ? SPAN("(ABC)") : SPAN("(words)"));
    } else {
      time_seen |= c == ':';
      tide_sketch_char(s, c > ' ' && c < 0x7f ? c : '?');
    }
  }
  tide_sketch_char(s, '"');
}

/* --- From, mailer --- */

/* How the sender's address is written: a client writes a name in quotes or not. */
static void put_from(tide_sketch *s, tide_span v) {
  size_t angle = tide_span_find_char(v, '<');
  tide_sketch_put(s, SPAN(" from="));
  if (v.len && v.ptr[0] == '"')
    tide_sketch_put(s, SPAN("\"name\""));
  else if (tide_span_starts(v, SPAN("=?")))
    tide_sketch_put(s, SPAN("=?name?="));
  else if (angle > 0 && angle < v.len)
    tide_sketch_put(s, SPAN("name"));
  if (angle < v.len)
    tide_sketch_put(s, SPAN("<>"));
  else if (tide_span_find_char(v, '(') < v.len)
    tide_sketch_put(s, SPAN("(name)"));
}

/* X-Priority: "3" is Outlook Express, "3 (Normal)" Outlook; which number is the person's choice. */
static void put_priority(tide_sketch *s, tide_span v) {
  if (v.len == 0)
    return;
  tide_sketch_put(s, SPAN(" priority=9"));
  if (tide_span_find_char(v, '(') < v.len)
    tide_sketch_put(s, SPAN("(word)"));
}

/* The mailer's name: its words up to the first with a digit, without remarks in parentheses. */
static void put_mailer(tide_sketch *s, tide_span v) {
  if (v.len == 0)
    return;
  tide_sketch_put(s, SPAN(" mailer=\""));
  size_t begin = s->len, word = s->len;
  for (size_t at = 0; at < v.len && s->len - begin < PIECE_MAX; at++) {
    char c = v.ptr[at];
    size_t end = at, most = at + PIECE_MAX - (s->len - begin);
    while (end < most && end < v.len && (tide_byte_class(v.ptr[end]) & IS_LETTER))
      end++;
    if (end > at) {
      tide_sketch_piece(s, tide_span_slice(v, at, end));
      at = end - 1;
    } else if (c == '(') {
      tide_span remark = tide_span_slice(v, at, v.len);
      remark.len = tide_span_find_char(remark, ')');
      if (tide_byte_classes_in(remark) &
          IS_DIGIT) /* "The Bat! (v3.80) Professional": the version, and what follows it */
        break;
      at += remark.len;
    } else if (tide_is_space(c)) {
      if (s->len > begin && s->text[s->len - 1] != ' ')
        tide_sketch_char(s, ' ');
      word = s->len;
    } else if (tide_is_digit(c)) {
      s->len = word;
      break;
    } else if (c == '/' || c == ',' || c == '[' || c == ';') {
      break;
    } else {
      tide_sketch_char(s, c > ' ' && c < 0x7f && c != '"' ? c : '?');
    }
  }
  while (s->len > begin && (s->text[s->len - 1] == ' ' || s->text[s->len - 1] == '-'))
    s->len--;
  tide_sketch_char(s, '"');
}

/* --- the whole --- */

/* Where the writing program's fields begin: after the last Received field. Servers put their own
 * above it; what forged fields are lower is the writing program's too. */
static uint32_t first_sent(const tide_message *m) {
  uint32_t first = 0;
  for (uint32_t at = m->first[TIDE_HEADER_RECEIVED]; at != TIDE_HEADER_NONE;
       at = m->headers[at].next)
    first = at + 1;
  return first;
}

/* A message while its layout is made. */
typedef struct letter {
  const tide_message *message;
  const tide_additions *known;
  tide_field_part *parts; /* NULL: nobody asks */
  tide_span id, priority;
  tide_sent_date sent;
  bool id_filled, date_filled; /* by a relay */
} letter;

static void letter_read(letter *l) {
  const tide_message *m = l->message;
  l->id = tide_message_header(m, TIDE_HEADER_MESSAGE_ID);
  l->sent.text = tide_message_header(m, TIDE_HEADER_DATE);
  const tide_header *filler = tide_id_filled_in_by(m, l->id);
  l->id_filled = filler;
  l->date_filled = filler && tide_date_filled_in(filler, &l->sent);
}

static tide_field_part what_became(const letter *l, const tide_header *h) {
  if ((h->id == TIDE_HEADER_MESSAGE_ID && l->id_filled) ||
      (h->id == TIDE_HEADER_DATE && l->date_filled) ||
      (h->id == TIDE_HEADER_TO && tide_span_istarts(h->value, SPAN("undisclosed"))))
    return TIDE_FIELD_FILLED_IN;
  return tide_additions_find(l->known, h) ? TIDE_FIELD_ADDED : TIDE_FIELD_SENT;
}

/* Most names are told apart by their length, without a call. */
static bool is_named(const tide_header *h, tide_span name) {
  return h->id == TIDE_HEADER_OTHER && h->name.len == name.len && tide_span_iequal(h->name, name);
}

/* Exchange Online's count of the fields that it got: what comes after it is its own, or
 * rewritten (294 of 300 messages have it, 50 of these a Message-ID behind it). */
static bool ends_received(const tide_header *h) {
  return is_named(h, SPAN("X-IncomingHeaderCount"));
}

/* The fields from i on are a server's. */
static void put_nothing(letter *l, uint32_t i) {
  const tide_message *m = l->message;
  l->id_filled = l->id_filled || m->first[TIDE_HEADER_MESSAGE_ID] >= i;
  l->date_filled = l->date_filled || m->first[TIDE_HEADER_DATE] >= i;
  for (; l->parts && i < m->header_count; i++)
    l->parts[i] =
        tide_additions_find(l->known, &m->headers[i]) ? TIDE_FIELD_ADDED : TIDE_FIELD_FILLED_IN;
}

static void put_names(tide_sketch *s, letter *l, uint32_t from) {
  const tide_message *m = l->message;
  tide_span last = {0}, subject = {0};
  for (uint32_t i = from; i < m->header_count; i++) {
    const tide_header *h = &m->headers[i];
    if (ends_received(h)) {
      put_nothing(l, i);
      break;
    }
    tide_field_part became = what_became(l, h);
    if (l->parts)
      l->parts[i] = became;
    if (became != TIDE_FIELD_SENT)
      continue;
    if (h->id == TIDE_HEADER_SUBJECT) {
      subject = h->name; /* lists that mark it move it to the end: Mailman 2.1 */
      continue;
    }
    tide_span name = tide_span_slice(h->name, 0, PIECE_MAX);
    if (tide_name_equal(name, last))
      continue;
    if (s->len)
      tide_sketch_char(s, ',');
    tide_sketch_piece(s, name);
    last = name;
    if (is_named(h, SPAN("X-Priority")))
      l->priority = h->value;
  }
  if (subject.len) {
    if (s->len)
      tide_sketch_char(s, ',');
    tide_sketch_piece(s, subject);
  }
}

tide_status tide_fingerprint_layout(const tide_message *m, const tide_additions *known,
                                    tide_arena *arena, tide_field_part *parts, tide_span *layout) {
  tide_sketch s;
  letter l = {.message = m, .known = known, .parts = parts};
  uint32_t first = first_sent(m);
  letter_read(&l);
  s.len = 0;
  for (uint32_t i = 0; parts && i < first; i++)
    parts[i] = TIDE_FIELD_ABOVE;
  put_names(&s, &l, first);
  if (s.len == 0 && first) /* a server has put its own field below all */
    put_names(&s, &l, 0);
  *layout = (tide_span){0};
  if (s.len == 0)
    return TIDE_OK;
  tide_span mailer = tide_message_header(m, TIDE_HEADER_X_MAILER);
  if (mailer.len == 0)
    mailer = tide_message_header(m, TIDE_HEADER_USER_AGENT);
  tide_sent_id id = {0};
  if (l.id.len)
    tide_sent_id_read(m, l.id, &l.sent, &id);
  if (l.id.len && !l.id_filled && !tide_sent_id_is_imitation(&id))
    put_mailer(&s, mailer);
  put_priority(&s, l.priority);
  if (m->first[TIDE_HEADER_CONTENT_TYPE] == TIDE_HEADER_NONE || id.shape.seen & IS_DOLLAR)
    put_from(&s, tide_message_header(m, TIDE_HEADER_FROM));
  if (l.id.len && !l.id_filled)
    tide_sketch_id(&s, m, &id);
  if (l.sent.text.len && !l.date_filled)
    put_date(&s, l.sent.text);
  tide_sketch_content(&s, m, &l.sent);
  *layout = tide_arena_copy(arena, tide_span_make(s.text, s.len));
  return layout->ptr ? TIDE_OK : TIDE_FATAL;
}

/* Fixed, since names outlive the process: words of eight bytes, the lowest first on any machine,
 * and the finisher of splitmix64 (public domain, S. Vigna). */
static uint64_t layout_hash(tide_span s) {
  uint64_t h = s.len;
  for (size_t at = 0; at < s.len; at += 8) {
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    uint64_t word = 0;
    if (at + 8 <= s.len)
      word = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
             (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
             (uint64_t)p[7] << 56;
    else
      for (size_t i = 0; at + i < s.len; i++)
        word |= (uint64_t)p[i] << 8 * i;
    h = (h ^ word) * TIDE_MIX_STEP;
    h ^= h >> 32;
  }
  return tide_mix(h);
}

void tide_fingerprint_name(tide_span layout, char out[TIDE_FINGERPRINT_NAME + 1]) {
  uint64_t h = layout_hash(layout);
  out[0] = 'f';
  for (int i = 1; i < TIDE_FINGERPRINT_NAME; i++)
    out[i] = "0123456789abcdef"[h >> (64 - 4 * i) & 15];
  out[TIDE_FINGERPRINT_NAME] = 0;
}

static tide_status fingerprint_apply(const tide_extraction *x, tide_record *r) {
  char name[TIDE_FINGERPRINT_NAME + 1];
  tide_status status = tide_fingerprint_layout(x->message, x->options->additions, x->arena, NULL,
                                               &r->fingerprint_layout);
  if (status != TIDE_OK || r->fingerprint_layout.len == 0)
    return status;
  tide_fingerprint_name(r->fingerprint_layout, name);
  r->fingerprint = tide_arena_copy(x->arena, tide_span_make(name, TIDE_FINGERPRINT_NAME));
  return r->fingerprint.ptr ? TIDE_OK : TIDE_FATAL;
}

const tide_extractor tide_extract_fingerprint = {
    .name = "fingerprint", .fills = TIDE_PART_FINGERPRINT, .apply = fingerprint_apply};
