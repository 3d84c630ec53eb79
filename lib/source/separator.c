/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a line of an mbox that begins with `From ` a separator, or text?
 *
 * No standard says; RFC 4155 only names one default. A line is judged by what it says (a sender, a
 * date, both, or anything at all), by what comes before it and by what follows: the less it looks
 * like a separator itself, the more must be around it. Every answer depends on the bytes alone,
 * never on the piece that they were read in: where it would, MORE is the answer.
 * Evidence: tests/unit/test_mbox.c, test-corpora/mbox. Of 2.6 million lines that begin so in one
 * set of archives, 3,186 had no date and were text (perceval#20); whole archives of Usenet and of
 * Mozilla's have none in any (import-export-tools-ng#215). */
#include "formats.h"

#include "mail/date.h"
#include "base/scan.h"

enum {
  LINE_PEEK = 256,
  HEAD_PEEK = 4096, /* what of a head is read to know that it is one */
  HEAD_LINES = 40
};

tide_span tide_line_strip(tide_span line) {
  while (line.len && line.ptr[line.len - 1] == '\r')
    line.len--;
  return line;
}

/* The next line of s without its end; moves s past it. */
static tide_span line_take(tide_span *s) {
  size_t end = tide_span_find_char(*s, '\n');
  tide_span line = tide_line_strip(tide_span_slice(*s, 0, end));
  *s = tide_span_slice(*s, end + 1, s->len);
  return line;
}

static bool line_is_blank(tide_span line) {
  return tide_span_trim(line).len == 0;
}

static bool line_is_folded(tide_span line) {
  return line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
}

/* A header field, but not the address of a page ("http://…"). */
static bool line_is_field(tide_span line) {
  size_t colon = tide_scan_name(line);
  if (colon == 0 || colon + 1 >= line.len || line.ptr[colon] != ':')
    return tide_line_is_header(line);
  return line.ptr[colon + 1] != '/' ||
         !tide_span_starts(tide_span_slice(line, colon + 1, line.len), SPAN("//"));
}

/* Marks that programs leave in front of a line: byte order marks, invisible spaces, NULs of a block
 * that was never written, a lone carriage return. */
size_t tide_marks_length(tide_span s) {
  size_t at = 0;
  while (at < s.len) {
    tide_span rest = tide_span_slice(s, at, s.len);
    if (rest.ptr[0] == '\0')
      at++;
    else if (rest.ptr[0] == '\1' && rest.len > 1 && (unsigned char)rest.ptr[1] > ' ')
      at++;
    else if (rest.ptr[0] == '\r' && rest.len > 1 && rest.ptr[1] != '\n' && rest.ptr[1] != '\r')
      at++;
    else if (tide_span_starts(rest, SPAN("\xef\xbb\xbf")) ||
             tide_span_starts(rest, SPAN("\xe2\x80\x8b")))
      at += 3;
    else if (tide_span_starts(rest, SPAN("\xc2\xa0")))
      at += 2;
    else
      break;
  }
  return at;
}

/* Where the marks begin that are between the beginning of a line and the `From ` at w[at]; at
 * itself if there are none. False if something else is there. */
static bool marks_before(tide_span w, size_t from, size_t at, size_t *begin) {
  while (at > from) {
    if (w.ptr[at - 1] == '\n')
      break;
    if (w.ptr[at - 1] == '\0')
      at--;
    else if (at >= from + 3 &&
             tide_span_equal(tide_span_slice(w, at - 3, at), SPAN("\xef\xbb\xbf")))
      at -= 3;
    else
      return false;
  }
  *begin = at;
  return true;
}

/* The line that ends before w[at], where a line begins; without its end. Lines are short, so the
 * search goes back by pieces: AddressSanitizer's memrchr looks at all it is given, which is the
 * whole message, again for each of its lines (tests/golden/hostile.sh). */
static tide_span line_before(tide_span w, size_t from, size_t at) {
  if (at <= from)
    return tide_span_slice(w, from, from);
  size_t end = at - 1, begin = end;
  while (begin > from) {
    size_t piece = begin - from < HEAD_PEEK ? begin - from : HEAD_PEEK;
    const char *feed = memrchr(w.ptr + begin - piece, '\n', piece);
    if (feed)
      return tide_span_slice(w, (size_t)(feed + 1 - w.ptr), end);
    begin -= piece;
  }
  return tide_span_slice(w, from, end);
}

/* "--boundary--" */
static bool line_closes_multipart(tide_span line) {
  while (line.len && tide_is_space(line.ptr[line.len - 1]))
    line.len--;
  if (line.len < 5 || !tide_span_starts(line, SPAN("--")) || !tide_span_iends(line, SPAN("--")))
    return false;
  for (size_t i = 2; i + 2 < line.len; i++)
    if (line.ptr[i] != '-')
      return true;
  return false;
}

/* Is the line that ends before w[at] blank? Mostly nothing is in it. */
static bool blank_before(tide_span w, size_t from, size_t at) {
  if (at >= from + 2 && w.ptr[at - 2] == '\n')
    return true;
  return line_is_blank(line_before(w, from, at));
}

/* Is it the boundary of the digest whose head begins at w[from]? Its parts may have no head of
 * their own (RFC 2046 5.1.5). In other multiparts such a line is rather a close that lacks its
 * dashes. */
static bool opens_digest_part(tide_span w, size_t from, tide_span mark) {
  tide_span head = tide_span_slice(w, from, from + HEAD_PEEK);
  size_t end = tide_span_find(head, SPAN("\n\n")), crlf = tide_span_find(head, SPAN("\n\r\n"));
  head.len = end < crlf ? end : crlf;
  return tide_span_ifind(head, SPAN("multipart/digest")) < head.len &&
         tide_span_find(head, tide_span_slice(mark, 2, mark.len)) < head.len;
}

/* The head of a part. */
typedef struct part_head {
  tide_span boundary; /* the line above it, without its end; empty: it is the message's own */
  bool content;       /* one of its fields says what the part is, */
  bool message;       /* and that it is a message, */
  bool carries;       /* a message or a mailbox */
  bool encoded;       /* no line of it is one of the mailbox */
} part_head;

static void part_field(tide_span line, part_head *out) {
  static const tide_span mailboxes[] = {SPAN("message/"), SPAN("mbox"), SPAN("digest")},
                         encodings[] = {SPAN("base64"), SPAN("uue")};
  out->content |= tide_span_istarts(line, SPAN("Content-"));
  out->message |= tide_span_istarts(line, SPAN("Content-Type:")) &&
                  tide_span_ifind(line, SPAN("message/rfc822")) < line.len;
  for (size_t i = 0; i < sizeof mailboxes / sizeof *mailboxes; i++)
    out->carries |= tide_span_ifind(line, mailboxes[i]) < line.len;
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
    out->encoded |= tide_span_istarts(line, SPAN("Content-Transfer-Encoding:")) &&
                    tide_span_ifind(line, encodings[i]) < line.len;
}

/* Does the header block of a part of the message end before w[at], after a blank line? What
 * follows is then the part's: a mailbox that was attached, or a message/rfc822 part that begins
 * with its own `From ` line. `from` is where the message begins. */
static bool ends_part_head(tide_span w, size_t from, size_t at, part_head *out) {
  *out = (part_head){.content = false};
  at -= at >= from + 2 && w.ptr[at - 2] == '\n' ? 1 : line_before(w, from, at).len + 1;
  for (int lines = 0; at > from && lines < HEAD_LINES; lines++) {
    tide_span line = tide_line_strip(line_before(w, from, at));
    if (tide_span_starts(line, SPAN("--"))) {
      out->boundary = tide_span_trim(line);
      if (line.len <= 2 || tide_is_space(line.ptr[2]))
        return false;
      out->carries |= lines == 0;
      return out->content || (lines == 0 && !line_closes_multipart(line) &&
                              opens_digest_part(w, from, out->boundary));
    }
    if (!line_is_folded(line) && !tide_line_is_header(line))
      return false;
    part_field(line, out);
    at -= line_before(w, from, at).len + 1;
  }
  return at <= from && out->message;
}

/* Does the part that carries a mailbox go on after p->at? Where its boundary will come, and not
 * because the next message uses the same: what begins here names it nowhere in its head. A message
 * that was cut off has no such boundary. */
static tide_verdict inside_carried(tide_place *p, tide_span after, bool last) {
  enum { LOOKED_AT = 256 << 10 };
  const tide_span w = p->window, mark = p->carried;
  if (!p->carried_end) {
    size_t at = (size_t)(mark.ptr + mark.len - w.ptr), most = p->at + LOOKED_AT;
    tide_span ahead = tide_span_slice(w, 0, most);
    do
      at += 1 + tide_span_find(tide_span_slice(ahead, at + 1, ahead.len), mark);
    while (at < ahead.len && w.ptr[at - 1] != '\n');
    if (at >= ahead.len)
      return last || ahead.len == most ? TIDE_VERDICT_NO : TIDE_VERDICT_MORE;
    p->carried_end = at;
  }
  if (p->at > p->carried_end) {
    p->carried = (tide_span){0};
    p->carried_end = 0;
    return TIDE_VERDICT_NO;
  }
  /* No further than the boundary, up to where the window surely reaches. */
  tide_span head = tide_span_slice(after, 0, HEAD_PEEK);
  const size_t reach = p->carried_end - (size_t)(after.ptr - w.ptr);
  if (after.ptr > w.ptr + p->carried_end)
    head.len = 0;
  else if (head.len > reach)
    head.len = reach;
  size_t end = tide_span_find(head, SPAN("\n\n")), crlf = tide_span_find(head, SPAN("\n\r\n"));
  head.len = end < crlf ? end : crlf;
  /* A short one may be in a head by chance: "b" does in most. */
  size_t boundary = tide_span_ifind(head, SPAN("boundary"));
  bool named = tide_span_find(tide_span_slice(head, boundary, head.len),
                              tide_span_slice(mark, 2, mark.len)) < head.len - boundary;
  return named ? TIDE_VERDICT_NO : TIDE_VERDICT_YES;
}

/* git's patches begin with a hash and a date that never changes; they are quoted in mail as they
 * are (git-format-patch(1)). */
static bool line_is_patch(tide_span line) {
  enum { BEFORE = sizeof "From " - 1, STAMP = sizeof " Mon Sep 17 00:00:00 2001" - 1 };
  if (line.len != BEFORE + 40 + STAMP && line.len != BEFORE + 64 + STAMP)
    return false;
  for (size_t i = BEFORE; i < line.len - STAMP; i++)
    if (!tide_is_digit(line.ptr[i]) && !(line.ptr[i] >= 'a' && line.ptr[i] <= 'f'))
      return false;
  return tide_span_iends(line, SPAN(" Mon Sep 17 00:00:00 2001"));
}

/* --- what follows --- */

typedef struct head_seen {
  int fields, known, traces, junk;
  bool first; /* its first line is a field */
  bool whole; /* its end was seen, or enough of it */
} head_seen;

/* Reads the head that begins s, marks before its first line aside. */
static head_seen head_read(tide_span s, bool last) {
  head_seen seen = {0};
  bool all = last || s.len >= HEAD_PEEK;
  s = tide_span_slice(s, 0, HEAD_PEEK);
  s = tide_span_slice(s, tide_marks_length(s), s.len);
  bool blank = false;
  for (int lines = 0; s.len; lines++) {
    if (lines == HEAD_LINES) {
      seen.whole = true;
      return seen;
    }
    if (tide_span_find_char(s, '\n') == s.len && !all)
      return seen;
    tide_span line = line_take(&s);
    const bool from =
        tide_span_starts(line, SPAN("From ")) || tide_span_starts(line, SPAN(">From "));
    /* A separator that stands alone, with blank lines around it, is the last line of a text. */
    if (seen.fields ? line.len == 0 || tide_span_starts(line, SPAN("From ")) : from && blank) {
      seen.whole = true;
      return seen;
    }
    blank = line.len == 0;
    if (from && !seen.fields)
      continue; /* those of other programs, and of hosts on the way (RFC 976 2.4) */
    if (line_is_field(line)) {
      seen.first |= lines == 0;
      seen.fields++;
      seen.known += tide_field_is_mail(line);
      seen.traces += tide_field_is_trace(line);
    } else if (line.len && !(seen.fields && line_is_folded(line))) {
      seen.junk++;
    }
  }
  seen.whole = all;
  return seen;
}

/* Does what comes after `From ` look like a sender or a number, and not like a sentence? */
static bool looks_plain(tide_span line) {
  tide_span s = tide_span_trim(tide_span_slice(line, 5, line.len));
  if (s.len == 0)
    return true;
  char end = s.ptr[s.len - 1];
  if (end == ':' || end == ',')
    return false;
  bool words = false;
  for (size_t i = 0; i < s.len; i++) {
    if (s.ptr[i] == '@' || tide_is_digit(s.ptr[i]))
      return true;
    words |= tide_is_space(s.ptr[i]);
  }
  return !words || s.ptr[0] == '-';
}

/* A head after a line without a date. In a mailbox that has no dates one field is enough. With
 * something odd before its first field it must be a head beyond doubt, and the line one word, or
 * one like others of its mailbox. */
static tide_verdict undated(tide_span line, tide_span after, const tide_place *p, bool last) {
  head_seen seen = head_read(after, last);
  bool plain = looks_plain(line), first = p->at == p->from && !p->envelope.len;
  bool alike = p->envelope.len && !tide_date_parse_separator(p->envelope, NULL, NULL);
  bool same = plain && alike;
  tide_span word = tide_span_trim(tide_span_slice(line, 5, line.len));
  bool single = tide_span_find_char(word, ' ') == word.len;
  /* "From 12:30 to 14:00", where other separators have a sender and a date. */
  const bool phrase =
      p->envelope.len && !alike && !single && tide_span_find_char(word, '@') == word.len;
  if (seen.first && (same || (plain && seen.known > phrase) || (seen.traces && seen.known > 1)))
    return TIDE_VERDICT_YES;
  if (!seen.whole)
    return TIDE_VERDICT_MORE;
  if (seen.junk < 2 && seen.traces && tide_span_equal(line, p->envelope))
    return TIDE_VERDICT_YES;
  return (single || alike || first) && seen.junk < 2 && seen.traces && seen.known > 2
             ? TIDE_VERDICT_YES
             : TIDE_VERDICT_NO;
}

/* A line without a date right after text: a separator in a mailbox that has neither dates nor
 * blank lines (mboxshell#16), where a head begins that a program wrote. */
static tide_verdict crowded(tide_span line, tide_span after, const tide_place *p, bool last) {
  if (!p->envelope.len || tide_date_parse_separator(p->envelope, NULL, NULL) ||
      !(tide_span_equal(line, p->envelope) || looks_plain(line)))
    return TIDE_VERDICT_NO;
  head_seen seen = head_read(after, last);
  if (seen.first && seen.traces && seen.known > 1)
    return TIDE_VERDICT_YES;
  return seen.whole ? TIDE_VERDICT_NO : TIDE_VERDICT_MORE;
}

tide_verdict tide_separator_at(tide_place *p, bool last, size_t *begin) {
  tide_span w = p->window, rest = tide_span_slice(w, p->at, w.len);
  size_t end = tide_span_find_char(tide_span_slice(rest, 0, TIDE_SEPARATOR_MAX), '\n');
  bool ended = end < rest.len && rest.ptr[end] == '\n';
  *begin = p->at;
  if (!ended && rest.len >= TIDE_SEPARATOR_MAX)
    return TIDE_VERDICT_NO;
  if (!ended && !last)
    return TIDE_VERDICT_MORE;
  if (!marks_before(w, p->from, p->at, begin))
    return TIDE_VERDICT_NO;
  tide_span line = tide_line_strip(tide_span_slice(rest, 0, end)), sender = {0};
  /* "From Reuters, 11 Nov 2008 21:30" is text. */
  const bool dated = tide_date_parse_separator(line, NULL, &sender) &&
                     !(sender.len && sender.ptr[sender.len - 1] == ',');
  /* "From : Bob <b@x>" is a field, mostly of a head that somebody quotes (RFC 5322 4.5.8). */
  if (!dated && tide_line_is_header(line))
    return TIDE_VERDICT_NO;
  tide_span after = tide_span_slice(rest, end + 1, rest.len);
  tide_span next = tide_span_slice(after, 0, LINE_PEEK);
  size_t next_end = tide_span_find_char(next, '\n');
  if (next_end == next.len && after.len < LINE_PEEK && !last)
    return TIDE_VERDICT_MORE;
  next = tide_span_slice(next, 0, next_end);
  const bool field = line_is_field(next);
  /* Mailboxes put together by hand have no empty lines: a date and a field will do. */
  const bool first = *begin == p->from;
  const bool blank = first || blank_before(w, p->from, *begin);
  if (!blank && !(dated && field) && !line_closes_multipart(line_before(w, p->from, *begin)))
    return dated ? TIDE_VERDICT_NO : crowded(line, after, p, last);
  part_head part;
  if (!first && blank && ends_part_head(w, p->from, *begin, &part) && !part.encoded) {
    if (p->carried_end && p->at > p->carried_end)
      p->carried = (tide_span){0};
    if (!p->carried.len && dated) {
      p->carried = part.boundary;
      p->carried_end = 0;
    }
    /* A text that nothing ends was cut off there, and carries nothing. */
    if (part.carries || !part.boundary.len || !dated || !field)
      return TIDE_VERDICT_NO;
  }
  if (!first && line_is_patch(line) && !line_is_patch(p->envelope))
    return TIDE_VERDICT_NO;
  if (!first && p->carried.len) {
    tide_verdict inside = inside_carried(p, after, last);
    if (inside != TIDE_VERDICT_NO)
      return inside == TIDE_VERDICT_YES ? TIDE_VERDICT_NO : inside;
  }
  if (dated && field)
    return TIDE_VERDICT_YES;
  if (!blank)
    return field ? TIDE_VERDICT_YES : TIDE_VERDICT_NO;
  /* A whole asctime date after a sender is no text, whatever follows. A date of another form is
   * followed by a head, by nothing at all (a message without headers, the end of a file that is
   * still growing) or by sendmail's second `>From ` line. */
  if (dated && ((sender.len && tide_date_has_asctime(line)) || tide_line_strip(next).len == 0 ||
                tide_span_starts(next, SPAN(">From "))))
    return TIDE_VERDICT_YES;
  if (dated) {
    head_seen seen = head_read(after, last);
    if (!seen.whole)
      return TIDE_VERDICT_MORE;
    return seen.known > 1 && seen.fields > seen.junk ? TIDE_VERDICT_YES : TIDE_VERDICT_NO;
  }
  return undated(line, after, p, last);
}

size_t tide_head_begin(tide_span w, size_t at) {
  enum { ODD_LINES = 8 };
  if (at < w.len && tide_is_alpha(w.ptr[at]) && tide_lower(w.ptr[at]) != 'f')
    return at; /* nearly all */
  for (int lines = 0; lines < ODD_LINES && at < w.len; lines++) {
    at += tide_marks_length(tide_span_slice(w, at, w.len));
    tide_span rest = tide_span_slice(w, at, w.len);
    tide_span line = line_take(&rest);
    bool odd = tide_span_istarts(line, SPAN("From ")) && !tide_line_is_header(line);
    if (!odd) {
      size_t i = 0;
      while (i < line.len && (tide_is_space(line.ptr[i]) || line.ptr[i] == '\1'))
        i++;
      odd = i == line.len;
    }
    if (!odd || rest.len == 0)
      return at;
    head_seen seen = head_read(tide_span_slice(rest, 0, HEAD_PEEK), true);
    if (!seen.known || seen.junk > seen.fields)
      return at;
    at = (size_t)(rest.ptr - w.ptr);
  }
  return at;
}
