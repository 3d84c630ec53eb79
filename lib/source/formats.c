/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailbox files other than mbox: Apple's .emlx, MMDF, Babyl, rnews, Dovecot's dbox, UW's mbx,
 * batches of SMTP. Each is a rule for where the next message ends; where a file states a length it
 * is believed as far as what follows bears it out, and else the next mark is looked for. */
#include "formats.h"

#include "packed.h"

static bool starts_at(tide_span w, size_t at, tide_span what) {
  return tide_span_starts(tide_span_slice(w, at, w.len), what);
}

/* Where `what` comes at or after `from`; w.len if it does not. */
static size_t find_at(tide_span w, size_t from, tide_span what) {
  return from + tide_span_find(tide_span_slice(w, from, w.len), what);
}

/* After the line that w[at] is in; 0 if its end is not there yet. */
static size_t line_behind(tide_span w, size_t at, bool last) {
  size_t end = find_at(w, at, SPAN("\n"));
  if (end < w.len)
    return end + 1;
  return last ? w.len : 0;
}

static bool is_blank(char c) {
  return c == '\n' || c == '\r' || c == '\f';
}

static size_t skip_blank(tide_span w, size_t at) {
  while (at < w.len && is_blank(w.ptr[at]))
    at++;
  return at;
}

/* Where a message is in the window, and where what follows it may begin. */
typedef struct place {
  size_t begin, end, behind;
} place;

static tide_status deliver(tide_cut *cut, tide_span w, place at, tide_raw *out, size_t *used) {
  tide_span bytes = tide_span_slice(w, at.begin, at.end);
  *used = at.behind;
  *out = (tide_raw){.offset = at.begin};
  if (tide_span_starts(bytes, SPAN("From "))) {
    size_t line = tide_span_find_char(bytes, '\n');
    out->envelope = tide_line_strip(tide_span_slice(bytes, 0, line));
    bytes = tide_span_slice(bytes, line + 1, bytes.len);
  }
  out->bytes = tide_span_slice(bytes, tide_head_begin(bytes, 0), bytes.len);
  out->size = out->bytes.len + cut->dropped;
  /* Dovecot compresses messages one by one where it is told to. */
  const tide_packed *packed = tide_packed_find(out->bytes);
  cut->packed = packed ? packed->name : NULL;
  return packed ? TIDE_SKIP : TIDE_OK;
}

/* Searches for `mark` after the message that begins at w[begin]; what was searched is not searched
 * again. w.len: none, and `last`; SIZE_MAX: more bytes are needed. */
static size_t find_mark(tide_cut *cut, tide_span w, size_t begin, tide_span mark, bool last) {
  size_t from = cut->seen > begin ? cut->seen : begin;
  size_t at = find_at(w, from, mark);
  if (at < w.len || last)
    return at;
  if (w.len > from + mark.len)
    cut->seen = w.len - mark.len;
  return SIZE_MAX;
}

/* --- MMDF: lines of four ^A before and after each message (mmdf(5)) --- */

static int mmdf_bid(tide_span peek) {
  return tide_span_starts(peek, SPAN("\1\1\1\1\n")) || tide_span_starts(peek, SPAN("\1\1\1\1\r\n"))
             ? 100
             : 0;
}

static tide_status mmdf_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  size_t begin = skip_blank(w, 0);
  while (starts_at(w, begin, SPAN("\1\1\1\1"))) {
    size_t behind = line_behind(w, begin, last);
    if (behind == 0)
      return TIDE_END;
    begin = skip_blank(w, behind);
  }
  if (begin >= w.len || (!last && w.len - begin < 4))
    return TIDE_END;
  size_t end = find_mark(cut, w, begin, SPAN("\n\1\1\1\1"), last);
  if (end == SIZE_MAX)
    return TIDE_END;
  if (end == w.len)
    return deliver(cut, w, (place){begin, end, end}, out, used);
  size_t behind = line_behind(w, end + 1, last);
  return behind ? deliver(cut, w, (place){begin, end + 1, behind}, out, used) : TIDE_END;
}

/* --- Babyl: Emacs' Rmail before version 23 (quimby.gnus.org/notes/BABYL) --- */

static int babyl_bid(tide_span peek) {
  return tide_span_starts(peek, SPAN("BABYL OPTIONS:")) ? 100 : 0;
}

/* A message is "1,labels" and a line end, its head, the line EOOH, the head as it is shown, an
 * empty line, the body; with "0" before the labels the head was never shown otherwise and is
 * after EOOH. */
static tide_status babyl_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  static const tide_span mark = SPAN("*** EOOH ***");
  size_t begin = 0;
  if (!cut->began && babyl_bid(w)) {
    begin = find_at(w, 0, SPAN("\x1f"));
    begin += begin < w.len;
  }
  begin = skip_blank(w, begin);
  if (begin >= w.len)
    return TIDE_END;
  size_t end = find_mark(cut, w, begin, SPAN("\n\x1f"), last);
  if (end == SIZE_MAX)
    return TIDE_END;
  size_t behind = end < w.len ? end + 2 : end;
  tide_span all = tide_span_slice(w, 0, end < w.len ? end + 1 : end);
  bool shown = all.ptr[begin] == '1';
  size_t head = line_behind(all, begin, true);
  size_t eooh = find_at(all, head, mark);
  if (eooh == all.len)
    return deliver(cut, w, (place){head, all.len, behind}, out, used);
  size_t rest = line_behind(all, eooh, true);
  if (!shown)
    return deliver(cut, w, (place){rest, all.len, behind}, out, used);
  size_t body = find_at(all, rest, SPAN("\n\n")), crlf = find_at(all, rest, SPAN("\n\r\n"));
  body = body < crlf ? body : crlf;
  while (eooh > head && is_blank(all.ptr[eooh - 1]))
    eooh--;
  TIDE_TRY(deliver(cut, w, (place){head, all.len, behind}, out, used));
  size_t before = (size_t)(out->bytes.ptr - w.ptr);
  if (eooh > before && body > eooh) {
    cut->hole_at = eooh - before;
    cut->hole_len = body - eooh;
    out->size -= cut->hole_len;
  }
  return TIDE_OK;
}

/* --- rnews: batches of news articles, each with its length (RFC 1036 4.3) --- */

static int rnews_bid(tide_span peek) {
  return tide_span_starts(peek, SPAN("#! rnews ")) ? 100 : 0;
}

static tide_status rnews_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  static const tide_span mark = SPAN("#! rnews ");
  size_t begin = skip_blank(w, 0), head = begin;
  uint64_t length = 0;
  if (begin >= w.len || (!last && w.len - begin < mark.len))
    return TIDE_END;
  if (starts_at(w, begin, mark)) {
    head = line_behind(w, begin, last);
    if (head == 0)
      return TIDE_END;
    tide_span said = tide_span_trim(tide_span_slice(w, begin + mark.len, head));
    if (!tide_span_uint(said, &length) || length >= TIDE_LIMIT_MESSAGE)
      length = 0;
  }
  if (length && cut->dropped == 0) {
    size_t end = head + (size_t)length;
    if (!last && w.len < end + mark.len)
      return TIDE_END;
    if (end == w.len || starts_at(w, end, mark))
      return deliver(cut, w, (place){head, end, end}, out, used);
  }
  size_t end = find_mark(cut, w, head, SPAN("\n#! rnews "), last);
  if (end == SIZE_MAX)
    return TIDE_END;
  end += end < w.len;
  return deliver(cut, w, (place){head, end, end}, out, used);
}

/* --- .emlx: Apple Mail's files of one message: its length, the message, a property list --- */

static bool emlx_length(tide_span peek, size_t *head, uint64_t *length) {
  size_t end = tide_span_find_char(tide_span_slice(peek, 0, 32), '\n');
  if (end >= 32 || end >= peek.len ||
      !tide_span_uint(tide_span_trim(tide_span_slice(peek, 0, end)), length))
    return false;
  *head = end + 1;
  return true;
}

static int emlx_bid(tide_span peek) {
  size_t head;
  uint64_t length;
  return emlx_length(peek, &head, &length) &&
                 tide_message_bid(tide_span_slice(peek, head, peek.len)) >= 50
             ? 60
             : 0;
}

static tide_status emlx_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  size_t head = 0;
  uint64_t length = 0;
  cut->seen = w.len;
  if (!last || w.len == 0)
    return TIDE_END;
  size_t end = w.len;
  if (emlx_length(w, &head, &length) && length < w.len &&
      starts_at(w, head + length, SPAN("<?xml")))
    end = head + (size_t)length;
  else
    for (size_t at = head; (at = find_at(w, at, SPAN("\n<?xml "))) < w.len; at++)
      if (find_at(w, at, SPAN("<plist")) < at + 256)
        end = at + 1;
  return deliver(cut, w, (place){head, end, w.len}, out, used);
}

/* --- dbox: Dovecot's files of one message (sdbox) or several (mdbox) --- */

static int dbox_bid(tide_span peek) {
  size_t end = tide_span_find_char(tide_span_slice(peek, 0, 64), '\n');
  return end > 2 && tide_is_digit(peek.ptr[0]) && peek.ptr[1] == ' ' && peek.ptr[2] == 'M' &&
                 starts_at(peek, end + 1, SPAN("\1\2"))
             ? 100
             : 0;
}

/* The number in the 16 hexadecimal digits that end the line. */
static bool dbox_length(tide_span line, uint64_t *length) {
  enum { DIGITS = 16 };
  line = tide_span_trim(line);
  if (line.len < DIGITS)
    return false;
  *length = 0;
  for (size_t i = line.len - DIGITS; i < line.len; i++) {
    char c = tide_lower(line.ptr[i]);
    if (!tide_is_digit(c) && !(c >= 'a' && c <= 'f'))
      return false;
    *length = *length << 4 | (uint64_t)(tide_is_digit(c) ? c - '0' : c - 'a' + 10);
  }
  return *length < TIDE_LIMIT_MESSAGE;
}

/* "^A^B", type and length; the message; "^A^C" and lines about it; an empty line. */
static tide_status dbox_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  static const tide_span mark = SPAN("\n\1\3\n");
  size_t begin = 0;
  if (!cut->began && dbox_bid(w))
    begin = line_behind(w, 0, true);
  begin = skip_blank(w, begin);
  if (begin >= w.len)
    return TIDE_END;
  size_t head = begin;
  uint64_t length = 0;
  if (starts_at(w, begin, SPAN("\1\2"))) {
    head = line_behind(w, begin, last);
    if (head == 0)
      return TIDE_END;
    if (!dbox_length(tide_span_slice(w, begin, head), &length))
      length = 0;
  } else if (!last && w.len - begin < 2) {
    return TIDE_END;
  }
  size_t end = head + (size_t)length;
  if (length && !last && w.len < end + mark.len)
    return TIDE_END;
  if (!length || cut->dropped || !starts_at(w, end, mark))
    end = find_mark(cut, w, head, mark, last);
  if (end == SIZE_MAX)
    return TIDE_END;
  size_t behind = end;
  if (end < w.len) {
    behind = find_at(w, end + mark.len - 1, SPAN("\n\n"));
    if (behind == w.len && !last) {
      if (end > cut->seen)
        cut->seen = end;
      return TIDE_END;
    }
    behind = behind < w.len ? behind + 2 : w.len;
  }
  return deliver(cut, w, (place){head, end, behind}, out, used);
}

/* --- mbx, mtx and tenex: UW's IMAP server, Pine and their forebears (its docs/formats.txt) --- */

/* "11-Nov-2008 21:30:00 +0000,1234;000000000001-00000001", the line in front of each message, at
 * w[at]: *head after it, and the length that it states. TIDE_END: it may go on beyond the window.
 */
static tide_status mbx_line(tide_span w, size_t at, bool last, size_t *head, uint64_t *length) {
  static const char form[] = "99-aaa-9999 99:99:99 s9999,";
  enum { LINE_MAX_BYTES = 80, FORM = sizeof form - 1 };
  const size_t behind = line_behind(tide_span_slice(w, 0, at + LINE_MAX_BYTES), at, last);
  if (behind == 0)
    return w.len < at + LINE_MAX_BYTES && !last ? TIDE_END : TIDE_SKIP;
  const tide_span line = tide_span_slice(w, at, behind);
  for (size_t i = 0; i < FORM; i++) {
    const char c = i < line.len ? line.ptr[i] : '\0';
    const bool fits = (form[i] == '9' && (tide_is_digit(c) || (i == 0 && c == ' '))) ||
                      (form[i] == 'a' && tide_is_alpha(c)) ||
                      (form[i] == 's' && (c == '+' || c == '-')) || form[i] == c;
    if (!fits)
      return TIDE_SKIP;
  }
  const size_t end = tide_span_find_char(line, ';');
  *head = behind;
  return end < line.len && tide_span_uint(tide_span_slice(line, FORM, end), length) ? TIDE_OK
                                                                                    : TIDE_SKIP;
}

enum { MBX_HEAD = 2048 }; /* bytes of keywords and of the next message's number */

static int mbx_bid(tide_span peek) {
  size_t head;
  uint64_t length;
  return tide_span_starts(peek, SPAN("*mbx*\r\n")) ||
                 mbx_line(peek, 0, true, &head, &length) == TIDE_OK
             ? 100
             : 0;
}

static tide_status mbx_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  size_t begin = 0, head = 0;
  uint64_t length = 0;
  if (!cut->began && tide_span_starts(w, SPAN("*mbx*\r\n")))
    begin = MBX_HEAD;
  if (begin >= w.len)
    return TIDE_END;
  const tide_status line = mbx_line(w, begin, last, &head, &length);
  if (line == TIDE_END)
    return TIDE_END;
  if (line != TIDE_OK)
    head = begin;
  size_t next, stated = head + (size_t)length;
  if (line == TIDE_OK && cut->dropped == 0 && length < TIDE_LIMIT_MESSAGE) {
    if (!last && stated >= w.len)
      return TIDE_END;
    const tide_status behind = stated < w.len ? mbx_line(w, stated, last, &next, &length) : TIDE_OK;
    if (behind == TIDE_END)
      return TIDE_END;
    if (behind == TIDE_OK && stated <= w.len)
      return deliver(cut, w, (place){head, stated, stated}, out, used);
  }
  /* A length that leads nowhere: the next line of that form. */
  for (size_t end = cut->seen > head ? cut->seen : head; end < w.len;) {
    end = find_at(w, end, SPAN("\n"));
    end += end < w.len;
    const tide_status found = end < w.len ? mbx_line(w, end, last, &next, &length) : TIDE_SKIP;
    if (found == TIDE_OK)
      return deliver(cut, w, (place){head, end, end}, out, used);
    if (found == TIDE_END)
      break;
    if (end < w.len)
      cut->seen = end;
  }
  return last ? deliver(cut, w, (place){head, w.len, w.len}, out, used) : TIDE_END;
}

/* --- BSMTP: what a client would say to a server, in a file (RFC 2442) --- */

static bool is_smtp_command(tide_span line) {
  static const tide_span verbs[] = {
      SPAN("HELO"), SPAN("EHLO"), SPAN("LHLO"), SPAN("MAIL FROM:"), SPAN("RCPT TO:"), SPAN("RSET"),
      SPAN("NOOP"), SPAN("VERB"), SPAN("TICK"), SPAN("XUSR"),       SPAN("DATA"),     SPAN("QUIT")};
  const char first = line.len ? tide_lower(line.ptr[0]) : '\0';
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (tide_lower(verbs[i].ptr[0]) == first && tide_span_istarts(line, verbs[i]))
      return line.len == verbs[i].len || line.ptr[verbs[i].len - 1] == ':' ||
             tide_is_space(line.ptr[verbs[i].len]);
  return false;
}

/* Past the commands from w[at] on: where the message begins that DATA announces, or whatever else
 * is there. 0: there is nothing, or not yet. */
static size_t bsmtp_head(tide_span w, size_t at, bool last, bool *announced) {
  *announced = false;
  for (size_t behind; at < w.len && (behind = line_behind(w, at, last)); at = behind) {
    const tide_span line = tide_span_trim(tide_span_slice(w, at, behind));
    *announced = tide_span_iequal(line, SPAN("DATA"));
    if (*announced)
      return behind;
    if (line.len && !is_smtp_command(line))
      return at;
  }
  return 0;
}

static int bsmtp_bid(tide_span peek) {
  bool announced;
  const size_t head = bsmtp_head(peek, 0, true, &announced);
  return announced && tide_message_bid(tide_span_slice(peek, head, peek.len)) ? 100 : 0;
}

/* After DATA, to the line that is a point. */
static tide_status bsmtp_next(tide_cut *cut, tide_span w, bool last, tide_raw *out, size_t *used) {
  bool announced;
  const size_t head = bsmtp_head(w, 0, last, &announced);
  if (head == w.len || (head == 0 && (w.len == 0 || is_smtp_command(w) || is_blank(w.ptr[0]))))
    return TIDE_END;
  size_t end, from = cut->seen > head ? cut->seen : head;
  for (;; from = end + 1) {
    end = find_at(w, from, SPAN("\n."));
    if (end + 3 >= w.len && !last) {
      cut->seen = w.len > from + 3 ? w.len - 3 : from; /* nothing before it is counted twice */
      return TIDE_END;
    }
    if (end == w.len || end + 2 == w.len || is_blank(w.ptr[end + 2]))
      break;
    cut->escapes += w.ptr[end + 2] == '.';
  }
  const size_t behind = end < w.len ? line_behind(w, end + 1, last) : end;
  if (behind == 0) {
    cut->seen = end;
    return TIDE_END;
  }
  const size_t escapes = cut->escapes;
  TIDE_TRY(deliver(cut, w, (place){head, end < w.len ? end + 1 : end, behind}, out, used));
  out->size -= escapes;
  out->escape = escapes ? TIDE_ESCAPE_DOT : TIDE_ESCAPE_NONE;
  return TIDE_OK;
}

const tide_format tide_format_mmdf = {.name = "mmdf", .bid = mmdf_bid, .next = mmdf_next};
const tide_format tide_format_babyl = {.name = "babyl", .bid = babyl_bid, .next = babyl_next};
const tide_format tide_format_rnews = {.name = "rnews", .bid = rnews_bid, .next = rnews_next};
const tide_format tide_format_emlx = {.name = "emlx", .bid = emlx_bid, .next = emlx_next};
const tide_format tide_format_dbox = {.name = "dbox", .bid = dbox_bid, .next = dbox_next};
const tide_format tide_format_mbx = {.name = "mbx", .bid = mbx_bid, .next = mbx_next};
const tide_format tide_format_bsmtp = {.name = "bsmtp", .bid = bsmtp_bid, .next = bsmtp_next};
