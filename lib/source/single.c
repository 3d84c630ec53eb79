/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message as a file: RFC 5322 from the first byte to the last, with an mbox separator line
 * before it at most. */
#include "formats.h"

#include <string.h>

#include "mail/date.h"

/* The next line of s without its end; moves s past it. */
static tide_span line_take(tide_span *s) {
  size_t end = tide_span_find_char(*s, '\n');
  tide_span line = tide_span_slice(*s, 0, end);
  *s = tide_span_slice(*s, end + 1, s->len);
  if (line.len && line.ptr[line.len - 1] == '\r')
    line.len--;
  return line;
}

/* A field that a program wrote, and a value as programs write it: text that explains mail has the
 * name alone, or a sentence after it. */
static bool field_is_written(tide_span line) {
  static const struct {
    tide_span name, value;
  } written[] = {
      {SPAN("received"), SPAN("from ")}, {SPAN("received"), SPAN("by ")},
      {SPAN("received"), SPAN("(")},     {SPAN("return-path"), SPAN("<")},
      {SPAN("message-id"), SPAN("<")},   {SPAN("delivered-to"), SPAN("<")},
  };
  size_t colon = tide_span_find_char(line, ':');
  tide_span name = tide_span_trim(tide_span_slice(line, 0, colon));
  tide_span value = tide_span_trim(tide_span_slice(line, colon + 1, line.len));
  for (size_t i = 0; i < sizeof written / sizeof *written; i++)
    if (tide_span_iequal(name, written[i].name) && tide_span_istarts(value, written[i].value))
      return true;
  return false;
}

enum { FIELD_MOST = 64 }; /* bytes in which a field that is looked for begins its value */

/* Is there a quoted field in the line, as in a table of messages: `"1.eml","Message-ID: <…`? */
static bool line_quotes_field(tide_span line) {
  for (size_t at; (at = tide_span_find_char(line, '"')) < line.len;) {
    line = tide_span_slice(line, at + 1, line.len);
    const tide_span near = tide_span_slice(line, 0, FIELD_MOST);
    if (tide_line_is_header(near) && tide_field_is_mail(near))
      return true;
  }
  return false;
}

int tide_message_bid(tide_span peek) {
  peek = tide_span_slice(peek, tide_marks_length(peek), peek.len);
  int fields = 0, known = 0, junk = 0;
  bool written = false, first_junk = false; /* the head's own first line is none */
  for (int lines = 0; peek.len && lines < 60; lines++) {
    tide_span line = line_take(&peek);
    if (line.len == 0) {
      if (fields)
        break;
      continue;
    }
    /* A row of a table of messages. */
    if (fields == 0 && !(tide_line_is_header(line) && tide_field_is_mail(line)) &&
        line_quotes_field(line))
      return 0;
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
      if (!fields && tide_span_trim(line).len)
        junk++;
    } else if (tide_line_is_header(line)) {
      fields++;
      known += tide_field_is_mail(line);
      written = written || (first_junk && fields == 1 && field_is_written(line));
    } else if (!(lines == 0 && (tide_span_starts(line, SPAN("From ")) ||
                                tide_span_starts(line, SPAN(">From "))))) {
      if (known >= 3 && junk == 0)
        break; /* a whole head: the text begins without an empty line */
      junk++;
      first_junk = fields == 0 && junk == 1;
      /* Something binary holds it, and more behind it. */
      if (fields == 0 && tide_span_find_char(line, '\0') < line.len)
        return 0;
    }
  }
  if (known == 0)
    return 0;
  if (junk == 0)
    return 50;
  /* One odd line, and a head after it that a program wrote. */
  if (written && junk == 1)
    return 20;
  /* A damaged head: still mail where it says so more than once and mostly consists of fields. */
  return known >= 2 && fields > 2 * junk ? 20 : 0;
}

enum { KNOWN_ENOUGH = 3 };

/* What a line is in a head. */
typedef enum head_part { HEAD_FIELD, HEAD_MORE, HEAD_NONE } head_part;

/* *known counts the fields that only mail has. */
static head_part head_part_of(tide_span line, int *known) {
  if (tide_line_is_header(line)) {
    *known += tide_field_is_mail(line);
    return HEAD_FIELD;
  }
  return line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t') ? HEAD_MORE : HEAD_NONE;
}

/* Does s begin with the head of a stored message? One that a person forwards within a text has no
 * field that a program wrote; written: one is in the line before. */
static bool begins_with_head(tide_span s, bool written) {
  enum { LINES_MOST = 60 };
  int known = 0;
  for (int lines = 0; s.len && !(written && known >= KNOWN_ENOUGH) && lines < LINES_MOST; lines++) {
    const tide_span line = line_take(&s);
    const head_part part = head_part_of(line, &known);
    if (part == HEAD_NONE)
      return false;
    written = written || (part == HEAD_FIELD && field_is_written(line));
  }
  return written && known >= KNOWN_ENOUGH;
}

/* Does a head come after a NUL, in its line or the next, as where something binary separates
 * messages? */
static bool has_head_behind_nul(tide_span s) {
  enum { HEAD_MOST = 8 << 10 };
  for (size_t at; (at = tide_span_find_char(s, '\0')) < s.len;) {
    while (at < s.len && s.ptr[at] == '\0')
      at++;
    s = tide_span_slice(s, at, s.len);
    const tide_span near = tide_span_slice(s, 0, HEAD_MOST);
    tide_span behind = near, line = line_take(&behind);
    while (line.len && !tide_is_alnum(line.ptr[0]))
      line = tide_span_slice(line, 1, line.len);
    if (begins_with_head(near, false) || begins_with_head(behind, field_is_written(line)))
      return true;
  }
  return false;
}

/* Behind a line that is a single point, with which Becky! ends each message, the last one too: so
 * few files need to be searched. */
static bool has_head_behind_point(tide_span s) {
  if (s.len < TIDE_PEEK_BYTES && !tide_span_iends(tide_span_trim(s), SPAN("\n.")))
    return false;
  for (size_t at; (at = tide_span_find(s, SPAN("\n."))) < s.len;) {
    s = tide_span_slice(s, at + 1, s.len);
    tide_span behind = s;
    if (line_take(&behind).len == 1 && begins_with_head(behind, false))
      return true;
  }
  return false;
}

bool tide_message_has_more(tide_span message) {
  return has_head_behind_point(message) || has_head_behind_nul(message);
}

/* Three fields of mail in lines that follow each other, anywhere in something binary? */
static bool has_head_in_binary(tide_span s) {
  int known = 0;
  if (tide_span_find_char(s, '\0') == s.len)
    return false;
  while (s.len && known < KNOWN_ENOUGH)
    if (head_part_of(line_take(&s), &known) == HEAD_NONE)
      known = 0;
  return known == KNOWN_ENOUGH;
}

/* Messages as values of a CSV or of JSON, each in quotes. A program's text may quote a field too,
 * but does not begin like one of those. */
static bool is_table(tide_span s) {
  const char before[] = ",:[ \n";
  tide_span rest = s, head = line_take(&rest);
  if (!head.len || (!strchr("\"{[", head.ptr[0]) && tide_span_find_char(head, ',') == head.len))
    return false;
  for (size_t at = 0;; at++) {
    at += tide_span_find_char(tide_span_slice(s, at, s.len), '"');
    if (at >= s.len)
      return false;
    tide_span behind = tide_span_slice(s, at + 1, at + 1 + FIELD_MOST);
    if ((at == 0 || memchr(before, s.ptr[at - 1], sizeof before - 1)) &&
        field_is_written(line_take(&behind)))
      return true;
  }
}

const char *tide_message_holder(tide_span s) {
  if (has_head_behind_point(s))
    return "a mailbox of Becky!";
  if (tide_span_find(s, SPAN("<OPFMessageCopy")) < s.len)
    return "a message of Outlook for Mac";
  if (is_table(s))
    return "a table or JSON";
  return has_head_behind_nul(s) || has_head_in_binary(s) ? "a database or a disk image" : NULL;
}

static tide_status message_next(tide_cut *cut, tide_span window, bool last, tide_raw *out,
                                size_t *used) {
  cut->seen = window.len;
  if (!last || window.len == 0)
    return TIDE_END;
  tide_span rest = window;
  *out = (tide_raw){.offset = 0, .escape = TIDE_ESCAPE_NONE};
  rest = tide_span_slice(rest, tide_marks_length(rest), rest.len);
  tide_span behind = rest, first = line_take(&behind);
  /* "From : a@b" is a field, with white space before the colon (RFC 5322 4.5.8). */
  if (tide_span_starts(first, SPAN("From ")) && !tide_line_is_header(first)) {
    out->envelope = first;
    rest = behind;
  }
  rest = tide_span_slice(rest, tide_head_begin(rest, 0), rest.len);
  out->bytes = rest;
  out->size = rest.len + cut->dropped;
  *used = window.len;
  return TIDE_OK;
}

const tide_format tide_format_message = {
    .name = "message", .bid = tide_message_bid, .next = message_next};
