/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message as a file: RFC 5322 from the first byte to the last, with an mbox separator line
 * before it at most. */
#include "formats.h"

#include "spamtide/date.h"

/* Fields that only mail has, or that mail always has. A licence or a CSV file may begin with "Note:
 * …", so a line that merely looks like a field proves nothing. */
static bool header_is_mail(tide_span line) {
  static const tide_span names[] = {
      SPAN("received"),
      SPAN("return-path"),
      SPAN("from"),
      SPAN("to"),
      SPAN("date"),
      SPAN("subject"),
      SPAN("message-id"),
      SPAN("sender"),
      SPAN("reply-to"),
      SPAN("delivered-to"),
      SPAN("mime-version"),
      SPAN("content-type"),
      SPAN("x-mailer"),
      SPAN("cc"),
      SPAN("delivery-date"),
      SPAN("envelope-to"),
      SPAN("status"),
      SPAN("x-status"),
      SPAN("newsgroups"),
      SPAN("path"),
      SPAN("authentication-results"),
      SPAN("dkim-signature"),
      SPAN("content-transfer-encoding"),
      SPAN("x-original-to"),
      SPAN("resent-from"),
      SPAN("resent-date"),
      SPAN("received-spf"),
      SPAN("in-reply-to"),
      SPAN("content-disposition"),
      SPAN("x-envelope-from"),
      SPAN("arc-seal"),
  };
  tide_span name = tide_span_trim(tide_span_slice(line, 0, tide_span_find_char(line, ':')));
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tide_span_iequal(name, names[i]))
      return true;
  return false;
}

/* The next line of s without its end; moves s behind it. */
static tide_span line_take(tide_span *s) {
  size_t end = tide_span_find_char(*s, '\n');
  tide_span line = tide_span_slice(*s, 0, end);
  *s = tide_span_slice(*s, end + 1, s->len);
  if (line.len && line.ptr[line.len - 1] == '\r')
    line.len--;
  return line;
}

static int message_bid(tide_span peek) {
  if (tide_span_starts(peek, SPAN("\xef\xbb\xbf")))
    peek = tide_span_slice(peek, 3, peek.len);
  int fields = 0, known = 0, junk = 0;
  for (int lines = 0; peek.len && lines < 60; lines++) {
    tide_span line = line_take(&peek);
    if (line.len == 0) {
      if (fields)
        break;
      continue;
    }
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t') {
      if (!fields)
        junk++;
    } else if (tide_line_is_header(line)) {
      fields++;
      known += header_is_mail(line);
    } else if (!(lines == 0 && (tide_span_starts(line, SPAN("From ")) ||
                                tide_span_starts(line, SPAN(">From "))))) {
      junk++;
    }
  }
  if (known == 0)
    return 0;
  if (junk == 0)
    return 50;
  /* A damaged head: still mail where it says so more than once and mostly consists of fields. */
  return known >= 2 && fields > 2 * junk ? 20 : 0;
}

static tide_status message_next(tide_cut *cut, tide_span window, bool last, tide_raw *out,
                                size_t *used) {
  cut->seen = window.len;
  if (!last || window.len == 0)
    return TIDE_END;
  tide_span rest = window;
  *out = (tide_raw){.offset = 0, .escape = TIDE_ESCAPE_NONE};
  if (tide_span_starts(rest, SPAN("\xef\xbb\xbf")))
    rest = tide_span_slice(rest, 3, rest.len);
  if (tide_span_starts(rest, SPAN("From ")))
    out->envelope = line_take(&rest);
  out->bytes = rest;
  out->size = rest.len + cut->dropped;
  *used = window.len;
  return TIDE_OK;
}

const tide_format tide_format_message = {.name = "message",
                                         .help = "each file is one message",
                                         .bid = message_bid,
                                         .next = message_next};
