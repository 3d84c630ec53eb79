/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mbox: messages one after the other, each begun by a `From ` line that is not the message's.
 * Which lines are such lines is judged in separator.c; here the mailbox is cut at them,
 * Content-Length is asked where one is inside a body, and what is the mailbox's own is left
 * out. */
#include "formats.h"

#include "base/scan.h"
#include "packed.h"

enum { PREAMBLE_MAX = 2048 };

static bool starts_separator(tide_span s) {
  return s.len >= 5 && (s.ptr[0] == 'F' || s.ptr[0] == 'f') && memcmp(s.ptr + 1, "rom ", 4) == 0;
}

/* The next place after a line feed, a '>' or marks where "From " begins. Where the message itself
 * began with "from ", others may. */
static size_t next_from(tide_span w, size_t at, bool lower) {
  if (!lower)
    return tide_scan_from(w, at);
  for (at = at ? at : 1; at + 5 <= w.len; at++) {
    char before = w.ptr[at - 1];
    if ((before == '\n' || before == '>') && starts_separator(tide_span_slice(w, at, w.len)))
      return at;
  }
  return w.len;
}

/* Reads the header block of the message that begins at w[head] as far as w[end], where a separator
 * or an escaped line begins: what is after that may be the next message's. Goes on where the
 * last call stopped, so that no line is read twice. Sets cut->body where its empty line was found,
 * and then what Content-Length says. */
static void read_head(tide_cut *cut, tide_span w, size_t head, size_t end) {
  w = tide_span_slice(w, 0, end < TIDE_LIMIT_MESSAGE ? end : TIDE_LIMIT_MESSAGE);
  size_t at = cut->headed > head ? cut->headed : tide_head_begin(w, head);
  for (; at < w.len; at = tide_scan_head(w, at + 1)) {
    char first = w.ptr[at];
    if (first == '\n' || (first == '\r' && at + 1 < w.len && w.ptr[at + 1] == '\n')) {
      cut->body = at + (first == '\n' ? 1 : 2);
      break;
    }
    tide_span line = tide_span_slice(w, at, w.len);
    enum { OTHER = sizeof "Content-" - 1 }; /* "Content-Type" is told by one look */
    if (line.len <= OTHER || tide_lower(line.ptr[OTHER]) != 'l' ||
        !tide_span_istarts(line, SPAN("Content-Length:")))
      continue;
    line.len = tide_span_find_char(line, '\n');
    if (!tide_span_uint(
            tide_span_trim(tide_span_slice(line, sizeof "Content-Length:" - 1, line.len)),
            &cut->length))
      cut->length = 0;
  }
  cut->headed = w.len;
  cut->length_end = cut->body && cut->length && cut->length < TIDE_LIMIT_MESSAGE
                        ? cut->body + (size_t)cut->length
                        : SIZE_MAX;
}

/* Content-Length is right in nearly all archives and absurd in the rest, so it is believed only
 * where a separator or the end is at the place it names. Asked only when a separator was found
 * before that place. */
static tide_verdict length_holds(const tide_place *p, size_t end, bool last, size_t *separator) {
  tide_span w = p->window;
  size_t at = end;
  /* mbox writers put one empty line after the body; some count it, some do not. */
  for (int lines = 0; lines < 3 && at < w.len; lines++) {
    if (at > 0 && w.ptr[at - 1] == '\n' &&
        tide_span_starts(tide_span_slice(w, at, w.len), SPAN("From "))) {
      size_t begin;
      tide_place there = *p;
      there.at = *separator = at;
      return tide_separator_at(&there, last, &begin);
    }
    if (w.ptr[at] == '\n')
      at++;
    else if (w.ptr[at] == '\r' && at + 1 < w.len && w.ptr[at + 1] == '\n')
      at += 2;
    else
      break;
  }
  if (w.len - (at < w.len ? at : w.len) < 8) {
    if (!last)
      return TIDE_VERDICT_MORE;
    *separator = w.len;
    return at >= w.len && end <= w.len ? TIDE_VERDICT_YES : TIDE_VERDICT_NO;
  }
  return TIDE_VERDICT_NO;
}

/* The message that mail programs keep at the beginning of a folder (Pine, UW imapd, Dovecot): never
 * received, always from the same sender under the same subject. */
static bool is_internal_data(tide_span envelope, tide_span bytes) {
  static const tide_span subject =
      SPAN("\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA");
  if (!tide_span_starts(envelope, SPAN("From MAILER-DAEMON")))
    return false;
  tide_span head = tide_span_slice(bytes, 0, PREAMBLE_MAX);
  size_t end = tide_span_find(head, SPAN("\n\n")), crlf = tide_span_find(head, SPAN("\n\r\n"));
  head.len = end < crlf ? end : crlf;
  return tide_span_find(head, subject) < head.len &&
         tide_span_find(head, SPAN("\nReceived:")) == head.len;
}

/* Bytes before the first separator that are no message: a banner, or the headers of a web server's
 * answer that were saved with the mailbox. */
static bool is_preamble(tide_span bytes) {
  return bytes.len <= PREAMBLE_MAX &&
         (tide_span_starts(bytes, SPAN("HTTP/")) || tide_message_bid(bytes) == 0);
}

/* The kind of the packed file that was appended to the mailbox whose last message this is; NULL if
 * there is none. It begins at the start of a line, and contains a NUL, which hardly any mail
 * does. */
static const char *packed_behind(tide_span message) {
  if (tide_span_find_char(message, '\0') == message.len)
    return NULL;
  for (size_t at; (at = tide_span_find_char(message, '\n')) < message.len;) {
    message = tide_span_slice(message, at + 1, message.len);
    /* A line of mail can begin with the letters that some packed files begin with. */
    const bool text = message.len && (tide_is_alpha(message.ptr[0]) || message.ptr[0] == ' ');
    const tide_packed *packed = text && !tide_span_starts(message, SPAN("PK\x03\x04")) &&
                                        !tide_span_starts(message, SPAN("BZh"))
                                    ? NULL
                                    : tide_packed_find(message);
    if (tide_packed_is_read(packed))
      return packed->name;
  }
  return NULL;
}

/* Where the separators end that the message begins with: some programs put their own in front of
 * another's. */
static size_t separators_end(tide_span w, size_t head) {
  enum { SEPARATORS_MAX = 8 };
  for (int i = 0; i < SEPARATORS_MAX && starts_separator(tide_span_slice(w, head, w.len)); i++)
    head += tide_span_find_char(tide_span_slice(w, head, w.len), '\n') + 1;
  return head;
}

/* How a kind of mbox tells messages apart. */
typedef struct dialect {
  tide_escape escape;
  bool by_length; /* Content-Length counts */
} dialect;

/* Finds where the message that begins at p->from ends. YES: at *end, and *next is where the next
 * one begins. NO: with the window. MORE: the window ends too soon. */
static tide_verdict find_end(tide_cut *cut, tide_place *p, bool last, dialect kind, size_t *end,
                             size_t *next) {
  const tide_span w = p->window;
  const size_t head = p->from;
  const bool lower = p->envelope.len && p->envelope.ptr[0] == 'f';
  size_t at = cut->seen > head ? cut->seen : head;
  for (;; at++) {
    size_t done = at;
    at = next_from(w, at, lower);
    if (at >= w.len) {
      /* The last bytes may be the beginning of a "From " cut in two; nothing before them is looked
       * at, or counted, twice. */
      cut->seen = w.len > done + 8 ? w.len - 8 : done;
      return last ? TIDE_VERDICT_NO : TIDE_VERDICT_MORE;
    }
    if (w.ptr[at - 1] == '>') {
      size_t first = at - 1;
      while (first > head && w.ptr[first - 1] == '>')
        first--;
      bool counts =
          kind.escape == TIDE_ESCAPE_ALL || (kind.escape == TIDE_ESCAPE_ONE && first == at - 1);
      if (counts && first > head && w.ptr[first - 1] == '\n') {
        if (!cut->body)
          read_head(cut, w, head, first);
        if (cut->body && first >= cut->body)
          cut->escapes++;
      }
      continue;
    }
    p->at = at;
    tide_verdict is = tide_separator_at(p, last, end);
    /* Further lines right after the first belong to it. */
    if (is == TIDE_VERDICT_NO ||
        (is == TIDE_VERDICT_YES && p->envelope.len && *end < separators_end(w, head)))
      continue;
    cut->seen = at;
    if (is == TIDE_VERDICT_MORE)
      return is;
    *next = at;
    if (!kind.by_length || cut->dropped)
      return is;
    if (!cut->body)
      read_head(cut, w, head, *end);
    /* A separator within two line ends of the place is that place. */
    if (cut->length_end == SIZE_MAX || cut->length_end <= at + 4)
      return is;
    size_t separator = 0;
    tide_verdict holds = TIDE_VERDICT_MORE;
    if (cut->length_end + TIDE_SEPARATOR_MAX <= w.len || last)
      holds = length_holds(p, cut->length_end, last, &separator);
    if (holds == TIDE_VERDICT_MORE)
      return holds;
    cut->length_end = SIZE_MAX;
    if (holds == TIDE_VERDICT_YES) {
      cut->length_used = true;
      *end = *next = separator;
    }
    return is;
  }
}

static tide_status mbox_next_as(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used,
                                dialect kind) {
  size_t begin = 0;
  if (!cut->began) { /* marks and empty lines before the first message are nobody's */
    do
      begin += tide_marks_length(tide_span_slice(w, begin, w.len));
    while (begin < w.len && (w.ptr[begin] == '\n' || w.ptr[begin] == '\r') && ++begin);
  }
  if (begin >= w.len)
    return TIDE_END;
  tide_place place = {.window = w, .from = begin};
  tide_span message = tide_span_slice(w, begin, w.len);
  if (message.len < 5 && !last)
    return TIDE_END;
  bool enveloped = starts_separator(message);
  if (enveloped) {
    size_t end = tide_span_find_char(message, '\n');
    if (end == message.len && !last)
      return TIDE_END;
    place.from = begin + end + 1 < w.len ? begin + end + 1 : w.len;
    place.envelope = tide_line_strip(tide_span_slice(message, 0, end));
  }
  size_t end = w.len, next = w.len;
  if (cut->carried && !cut->dropped) {
    place.carried = tide_span_slice(w, cut->carried, cut->carried + cut->carried_len);
    place.carried_end = cut->carried_end;
  }
  const tide_verdict found = find_end(cut, &place, last, kind, &end, &next);
  cut->carried = place.carried.len ? (size_t)(place.carried.ptr - w.ptr) : 0;
  cut->carried_len = place.carried.len;
  cut->carried_end = place.carried_end;
  switch (found) {
  case TIDE_VERDICT_MORE: return TIDE_END;
  case TIDE_VERDICT_NO: end = next = w.len; break;
  case TIDE_VERDICT_YES: break;
  }
  tide_span bytes = tide_span_slice(w, 0, end);
  bytes = tide_span_slice(bytes, tide_head_begin(bytes, place.from), end);
  /* The empty line before the separator is the mbox's own. */
  if (bytes.len >= 2 && bytes.ptr[bytes.len - 1] == '\n') {
    size_t cr = bytes.ptr[bytes.len - 2] == '\r';
    if (bytes.len >= 2 + cr && bytes.ptr[bytes.len - 2 - cr] == '\n')
      bytes.len -= 1 + cr;
  }
  *used = next;
  if (cut->dropped == 0 && ((!cut->began && !enveloped && next < w.len && is_preamble(bytes)) ||
                            is_internal_data(place.envelope, bytes)))
    return TIDE_SKIP;
  bool literal = cut->length_used || kind.escape == TIDE_ESCAPE_NONE;
  cut->packed = last && next == w.len && cut->dropped == 0 ? packed_behind(bytes) : NULL;
  *out = (tide_raw){
      .envelope = place.envelope,
      .bytes = bytes,
      .offset = begin,
      .size = bytes.len + cut->dropped - (literal ? 0 : cut->escapes),
      .escape = literal || cut->escapes == 0 ? TIDE_ESCAPE_NONE : kind.escape,
  };
  return TIDE_OK;
}

static tide_status mbox_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, (dialect){TIDE_ESCAPE_ALL, true});
}
static tide_status mboxrd_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, (dialect){TIDE_ESCAPE_ALL, false});
}
static tide_status mboxo_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, (dialect){TIDE_ESCAPE_ONE, false});
}
static tide_status mboxcl_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, (dialect){TIDE_ESCAPE_ONE, true});
}
static tide_status mboxcl2_next(tide_cut *cut, tide_span w, bool last, tide_raw *out,
                                size_t *used) {
  return mbox_next_as(cut, w, last, out, used, (dialect){TIDE_ESCAPE_NONE, true});
}

static int mbox_bid(tide_span peek) {
  size_t begin = 0;
  do
    begin += tide_marks_length(tide_span_slice(peek, begin, peek.len));
  while (begin < peek.len && (peek.ptr[begin] == '\n' || peek.ptr[begin] == '\r') && ++begin);
  tide_place place = {.window = tide_span_slice(peek, begin, peek.len)};
  size_t end;
  if (starts_separator(place.window))
    return tide_separator_at(&place, true, &end) == TIDE_VERDICT_YES ? 90 : 0;
  /* A mailbox after something else: nothing that may be a message's own head. */
  const size_t end_at = place.window.len < PREAMBLE_MAX ? place.window.len : PREAMBLE_MAX;
  while ((place.at = tide_scan_from(place.window, place.at + 1)) < end_at)
    if (place.window.ptr[place.at - 1] == '\n' &&
        tide_separator_at(&place, true, &end) == TIDE_VERDICT_YES)
      return is_preamble(tide_span_slice(place.window, 0, end)) ? 40 : 0;
  return 0;
}

/* mbox finds the dialect line by line. mboxrd escapes `>From ` at any depth, mboxo only `From `;
 * mboxcl is mboxo with Content-Length, believed where it proves right, and mboxcl2 has that and no
 * escapes. */
const tide_format tide_format_mbox = {.name = "mbox", .bid = mbox_bid, .next = mbox_next};
const tide_format tide_format_mboxrd = {.name = "mboxrd", .next = mboxrd_next};
const tide_format tide_format_mboxo = {.name = "mboxo", .next = mboxo_next};
const tide_format tide_format_mboxcl = {.name = "mboxcl", .next = mboxcl_next};
const tide_format tide_format_mboxcl2 = {.name = "mboxcl2", .next = mboxcl2_next};
