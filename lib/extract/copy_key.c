/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two copies of one message have in common, however each of them came here: the Message-ID
 * with what the text says; without an ID, what the sender wrote in the header, and the body.
 *
 * An ID alone does not do: spammers write the same one into all of their mail, and a list's copy
 * has another text than the one that came directly. Servers on the way write their own fields,
 * refold lines and end them in another way; an mbox escapes lines, and may lose the last empty one:
 * none of that is looked at. */
#include "extract/extractors.h"
#include "extract/fingerprint.h"
#include "extract/template.h"

/* Kinds of keys, as their first byte. */
enum { KEY_ID_TEXT = 'i', KEY_ID_BODY = 'b', KEY_WHOLE = 'w' };

/* A key while it is put together: in the arena, whose room was reckoned before. */
typedef struct keyed {
  char *text;
  size_t len;
} keyed;

static void put_byte(keyed *k, char c) {
  k->text[k->len++] = c;
}

static void put(keyed *k, tide_span s) {
  if (s.len)
    memcpy(k->text + k->len, s.ptr, s.len);
  k->len += s.len;
}

/* What is in the angle brackets (RFC 5322 3.6.4), or all if there are none; with blanks
 * folded into it as some servers do. Empty: it names no message. */
static tide_span usable_id(tide_span value, tide_arena *arena) {
  tide_span id = tide_span_trim(value);
  const size_t open = tide_span_find_char(id, '<');
  const tide_span behind = tide_span_slice(id, open + 1, id.len);
  const size_t close = tide_span_find_char(behind, '>');
  if (open < id.len && close < behind.len)
    id = tide_span_slice(behind, 0, close);
  char *text = tide_arena_take(arena, id.len + 1);
  size_t len = 0;
  bool named = false;
  for (size_t i = 0; text && i < id.len; i++) {
    if ((unsigned char)id.ptr[i] <= ' ')
      continue;
    text[len++] = id.ptr[i];
    named = named || tide_is_alnum(id.ptr[i]) || (unsigned char)id.ptr[i] >= 0x80;
  }
  return named ? tide_span_make(text, len) : (tide_span){0};
}

/* A field as its writer wrote it: its name without regard to case, its value without folding. */
static void put_field(keyed *k, const tide_header *h) {
  bool blank = false;
  for (size_t i = 0; i < h->name.len; i++)
    put_byte(k, tide_lower(h->name.ptr[i]));
  put_byte(k, ':');
  for (size_t i = 0; i < h->value.len; i++) {
    const char c = h->value.ptr[i];
    if (tide_is_space(c)) {
      blank = true;
      continue;
    }
    if (blank)
      put_byte(k, ' ');
    blank = false;
    put_byte(k, c);
  }
  put_byte(k, '\n');
}

/* A line without the sign that the mailbox put before it. */
static tide_span line_unescape(tide_span line, tide_escape escape) {
  if (escape == TIDE_ESCAPE_DOT)
    return tide_span_starts(line, SPAN("..")) ? tide_span_slice(line, 1, line.len) : line;
  size_t quotes = 0;
  while (quotes < line.len && line.ptr[quotes] == '>')
    quotes++;
  const bool escaped =
      (quotes == 1 && escape == TIDE_ESCAPE_ONE) || (quotes && escape == TIDE_ESCAPE_ALL);
  return escaped && tide_span_starts(tide_span_slice(line, quotes, line.len), SPAN("From "))
             ? tide_span_slice(line, 1, line.len)
             : line;
}

/* The body in lines that end in a line feed, without what is blank at its end. False: there is
 * nothing. */
static bool put_body(keyed *k, const tide_message *m) {
  tide_span rest = m->body;
  const size_t begin = k->len;
  size_t filled = k->len;
  while (rest.len) {
    const size_t end = tide_span_find_char(rest, '\n');
    tide_span line = line_unescape(tide_span_slice(rest, 0, end), m->raw->escape);
    rest = tide_span_slice(rest, end + 1, rest.len);
    while (line.len && (line.ptr[line.len - 1] == '\r' || line.ptr[line.len - 1] == ' '))
      line.len--;
    put(k, line);
    put_byte(k, '\n');
    if (line.len)
      filled = k->len;
  }
  k->len = filled;
  /* Of what was cut off only the length is known. */
  if (m->raw->cut)
    for (int shift = 0; shift < 64; shift += 8)
      put_byte(k, (char)(m->raw->size >> shift & 0xff));
  return k->len > begin;
}

/* The fields that the sender wrote, as a fingerprint takes them. *any becomes true if there is
 * one. */
static tide_status put_sent(keyed *k, const tide_extraction *x, bool *any) {
  const tide_message *m = x->message;
  tide_field_part *parts = tide_arena_take(x->arena, (m->header_count + 1) * sizeof *parts);
  tide_span layout;
  if (!parts ||
      tide_fingerprint_layout(m, x->options->additions, x->arena, parts, &layout) != TIDE_OK)
    return TIDE_FATAL;
  for (uint32_t i = 0; i < m->header_count; i++) {
    if (parts[i] != TIDE_FIELD_SENT || m->headers[i].id == TIDE_HEADER_MESSAGE_ID)
      continue;
    put_field(k, &m->headers[i]);
    *any = true;
  }
  return TIDE_OK;
}

static unsigned copy_key_needs(const tide_extract_options *options) {
  (void)options;
  return TIDE_NEED_SUBJECT | TIDE_NEED_TEXT;
}

static tide_status copy_key_apply(const tide_extraction *x, tide_record *r) {
  const tide_message *m = x->message;
  tide_span text = {0};
  const tide_template_text read = {.subject = m->subject, .text = m->text};
  const tide_span id = usable_id(tide_message_header(m, TIDE_HEADER_MESSAGE_ID), x->arena);
  /* A template's signature, but no word of it depends on whom this copy was delivered to. */
  if (id.len && tide_template_make(&read, x->arena, NULL, &text) != TIDE_OK)
    return TIDE_FATAL;
  bool sent = false, body = false;
  keyed k = {.len = 0};
  k.text = tide_arena_take(x->arena, id.len + text.len + m->head.len + m->body.len +
                                         2 * (size_t)m->header_count + 32);
  if (!k.text)
    return TIDE_FATAL;
  put_byte(&k, KEY_WHOLE);
  if (id.len) {
    k.text[0] = text.len ? KEY_ID_TEXT : KEY_ID_BODY;
    put(&k, id);
    put_byte(&k, '\n');
  } else if (put_sent(&k, x, &sent) != TIDE_OK) {
    return TIDE_FATAL;
  }
  if (text.len) {
    put(&k, text);
  } else {
    put_byte(&k, '\n');
    body = put_body(&k, m);
  }
  /* Of what neither names itself nor says anything no two can be told apart. */
  r->has_copy_key = id.len || (sent && body);
  if (r->has_copy_key)
    r->copy_key = tide_hash_wide(tide_span_make(k.text, k.len));
  return TIDE_OK;
}

const tide_extractor tide_extract_copy_key = {.name = "copy_key",
                                              .fills = TIDE_PART_COPY_KEY,
                                              .needs = copy_key_needs,
                                              .apply = copy_key_apply};

static tide_status copy_id_apply(const tide_extraction *x, tide_record *r) {
  const tide_span id = usable_id(tide_message_header(x->message, TIDE_HEADER_MESSAGE_ID), x->arena);
  r->has_copy_id = id.len;
  if (id.len)
    r->copy_id = tide_hash_wide(id);
  return TIDE_OK;
}

const tide_extractor tide_extract_copy_id = {
    .name = "copy_id", .fills = TIDE_PART_COPY_ID, .apply = copy_id_apply};
