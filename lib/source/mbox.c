/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mbox: messages one behind the other, each begun by a `From ` line that is not the message's.
 *
 * No standard says what such a line is; RFC 4155 only names one default. A `From ` at the start of
 * a line cuts only where it looks like a separator (a date ends it) and stands like one (before a
 * header field, normally behind an empty line): of 2.6 million such lines in one set of archives,
 * 3,186 had no date and were text (perceval#20). */
#include "formats.h"

#include "spamtide/date.h"
#include "spamtide/scan.h"

enum { SEPARATOR_MAX = 1024, LINE_PEEK = 256 };

typedef enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_MORE } verdict;

static tide_span strip_cr(tide_span line) {
  while (line.len && line.ptr[line.len - 1] == '\r')
    line.len--;
  return line;
}

/* Is the `From ` at w[at], which begins a line, a separator? MORE where w ends too soon to say. */
static verdict separator_at(tide_span w, size_t at, bool last) {
  tide_span rest = tide_span_slice(w, at, w.len);
  size_t end = tide_span_find_char(tide_span_slice(rest, 0, SEPARATOR_MAX), '\n');
  bool ended = end < rest.len && rest.ptr[end] == '\n';
  if (!ended && rest.len >= SEPARATOR_MAX)
    return VERDICT_NO;
  if (!ended && !last)
    return VERDICT_MORE;
  tide_date date;
  if (!tide_date_parse_separator(strip_cr(tide_span_slice(rest, 0, end)), &date, NULL))
    return VERDICT_NO;
  tide_span after = tide_span_slice(rest, end + 1, rest.len);
  tide_span line = tide_span_slice(after, 0, LINE_PEEK);
  size_t line_end = tide_span_find_char(line, '\n');
  if (line_end == line.len && after.len < LINE_PEEK && !last)
    return VERDICT_MORE;
  line = tide_span_slice(line, 0, line_end);
  if (tide_line_is_header(line))
    return VERDICT_YES;
  /* Without a field behind it, only an empty line before it can tell it from text: a message
   * without headers, the end of a file that is still growing, or sendmail's second `>From ` line.
   */
  bool blank_before = at == 0 || (at >= 2 && w.ptr[at - 2] == '\n') ||
                      (at >= 3 && w.ptr[at - 2] == '\r' && w.ptr[at - 3] == '\n');
  if (!blank_before)
    return VERDICT_NO;
  return strip_cr(line).len == 0 || tide_span_starts(line, SPAN(">From ")) ? VERDICT_YES
                                                                           : VERDICT_NO;
}

/* Reads the header block of the message that begins at w[head] as far as w[end], where a separator
 * or an escaped line begins: what lies behind that may be the next message's. Goes on where the
 * last call stopped, so that no line is read twice. Sets cut->body where its empty line was found,
 * and then what Content-Length says. */
static void read_head(tide_cut *cut, tide_span w, size_t head, size_t end) {
  size_t at = cut->headed > head ? cut->headed : head;
  w = tide_span_slice(w, 0, end < TIDE_LIMIT_MESSAGE ? end : TIDE_LIMIT_MESSAGE);
  for (; at < w.len; at = tide_scan_head(w, at + 1)) {
    char first = w.ptr[at];
    if (first == '\n' || (first == '\r' && at + 1 < w.len && w.ptr[at + 1] == '\n')) {
      cut->body = at + (first == '\n' ? 1 : 2);
      break;
    }
    tide_span line = tide_span_slice(w, at, w.len);
    if (!tide_span_istarts(line, SPAN("Content-Length:")))
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
 * where a separator or the end stands at the place it names. Asked only when a separator was found
 * before that place. */
static verdict length_holds(tide_span w, size_t end, bool last, size_t *separator) {
  size_t at = end;
  /* mbox writers put one empty line behind the body; some count it, some do not. */
  for (int lines = 0; lines < 3 && at < w.len; lines++) {
    if (at > 0 && w.ptr[at - 1] == '\n' &&
        tide_span_starts(tide_span_slice(w, at, w.len), SPAN("From "))) {
      verdict v = separator_at(w, at, last);
      *separator = at;
      return v;
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
      return VERDICT_MORE;
    *separator = w.len;
    return at >= w.len && end <= w.len ? VERDICT_YES : VERDICT_NO;
  }
  return VERDICT_NO;
}

static tide_status mbox_next_as(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used,
                                tide_escape escape, bool by_length) {
  size_t begin = 0;
  if (!cut->began) { /* empty lines before the first message are nobody's */
    if (tide_span_starts(w, SPAN("\xef\xbb\xbf")))
      begin = 3;
    while (begin < w.len && (w.ptr[begin] == '\n' || w.ptr[begin] == '\r'))
      begin++;
  }
  if (begin >= w.len)
    return TIDE_END;
  size_t head = begin;
  tide_span message = tide_span_slice(w, begin, w.len);
  if (message.len < 5 && !last)
    return TIDE_END;
  bool enveloped = tide_span_starts(message, SPAN("From "));
  if (enveloped) {
    size_t end = tide_span_find_char(message, '\n');
    if (end == message.len && !last)
      return TIDE_END;
    head = begin + end + 1 < w.len ? begin + end + 1 : w.len;
  }
  size_t at = cut->seen > head ? cut->seen : head;
  size_t end = w.len;
  for (;;) {
    size_t done = at;
    at = tide_scan_from(w, at);
    if (at >= w.len) {
      if (!last) {
        /* The last bytes may be the beginning of a "From " cut in two; nothing before them is
         * looked at, or counted, twice. */
        cut->seen = w.len > done + 8 ? w.len - 8 : done;
        return TIDE_END;
      }
      break;
    }
    if (w.ptr[at - 1] == '>') {
      size_t first = at - 1;
      while (first > head && w.ptr[first - 1] == '>')
        first--;
      bool counts = escape == TIDE_ESCAPE_ALL || (escape == TIDE_ESCAPE_ONE && first == at - 1);
      if (counts && first > head && w.ptr[first - 1] == '\n') {
        if (!cut->body)
          read_head(cut, w, head, first);
        if (cut->body && first >= cut->body)
          cut->escapes++;
      }
      at++;
      continue;
    }
    verdict is = separator_at(w, at, last);
    if (is == VERDICT_YES && by_length && cut->dropped == 0) {
      if (!cut->body)
        read_head(cut, w, head, at);
      /* A separator within two line ends of the place is that place. */
      if (cut->length_end != SIZE_MAX && cut->length_end > at + 4) {
        size_t separator = 0;
        verdict holds = cut->length_end + SEPARATOR_MAX > w.len && !last
                            ? VERDICT_MORE
                            : length_holds(w, cut->length_end, last, &separator);
        if (holds == VERDICT_MORE) {
          cut->seen = at;
          return TIDE_END;
        }
        if (holds == VERDICT_YES) {
          cut->length_used = true;
          at = separator;
          cut->length_end = SIZE_MAX;
          if (at < w.len)
            end = at;
          break;
        }
        cut->length_end = SIZE_MAX;
      }
    }
    if (is == VERDICT_YES) {
      end = at;
      break;
    }
    if (is == VERDICT_MORE) {
      cut->seen = at;
      return TIDE_END;
    }
    at++;
  }
  tide_span bytes = tide_span_slice(w, head, end);
  /* The empty line before the separator is the mbox's own. */
  if (bytes.len >= 2 && bytes.ptr[bytes.len - 1] == '\n') {
    size_t cr = bytes.ptr[bytes.len - 2] == '\r';
    if (bytes.len >= 2 + cr && bytes.ptr[bytes.len - 2 - cr] == '\n')
      bytes.len -= 1 + cr;
  }
  bool literal = cut->length_used || escape == TIDE_ESCAPE_NONE;
  *out = (tide_raw){
      .envelope = enveloped
                      ? strip_cr(tide_span_slice(
                            w, begin, head > begin && w.ptr[head - 1] == '\n' ? head - 1 : head))
                      : (tide_span){0},
      .bytes = bytes,
      .offset = begin,
      .size = bytes.len + cut->dropped - (literal ? 0 : cut->escapes),
      .escape = literal || cut->escapes == 0 ? TIDE_ESCAPE_NONE : escape,
  };
  *used = end;
  return TIDE_OK;
}

static tide_status mbox_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, TIDE_ESCAPE_ALL, true);
}
static tide_status mboxrd_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, TIDE_ESCAPE_ALL, false);
}
static tide_status mboxo_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, TIDE_ESCAPE_ONE, false);
}
static tide_status mboxcl_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  return mbox_next_as(cut, w, last, out, used, TIDE_ESCAPE_ONE, true);
}
static tide_status mboxcl2_next(tide_cut *cut, tide_span w, bool last, tide_raw *out,
                                size_t *used) {
  return mbox_next_as(cut, w, last, out, used, TIDE_ESCAPE_NONE, true);
}

static int mbox_bid(tide_span peek) {
  size_t begin = tide_span_starts(peek, SPAN("\xef\xbb\xbf")) ? 3 : 0;
  while (begin < peek.len && (peek.ptr[begin] == '\n' || peek.ptr[begin] == '\r'))
    begin++;
  tide_span rest = tide_span_slice(peek, begin, peek.len);
  if (!tide_span_starts(rest, SPAN("From ")))
    return 0;
  if (separator_at(rest, 0, true) == VERDICT_YES)
    return 100;
  /* No date that can be read, but what follows is a header: at the very start of a file that is
   * proof enough. */
  size_t end = tide_span_find_char(rest, '\n');
  tide_span next = tide_span_slice(rest, end + 1, rest.len);
  return tide_line_is_header(tide_span_slice(next, 0, tide_span_find_char(next, '\n'))) ? 60 : 0;
}

const tide_format tide_format_mbox = {
    .name = "mbox",
    .help = "mbox, its dialect found line by line (the default where a file begins with `From `)",
    .bid = mbox_bid,
    .next = mbox_next};
const tide_format tide_format_mboxrd = {
    .name = "mboxrd", .help = "mbox that escapes `>From ` at any depth", .next = mboxrd_next};
const tide_format tide_format_mboxo = {
    .name = "mboxo", .help = "mbox that escapes `From ` only", .next = mboxo_next};
const tide_format tide_format_mboxcl = {.name = "mboxcl",
                                        .help = "mboxo with Content-Length where it proves right",
                                        .next = mboxcl_next};
const tide_format tide_format_mboxcl2 = {
    .name = "mboxcl2", .help = "mbox with Content-Length and no escapes", .next = mboxcl2_next};
