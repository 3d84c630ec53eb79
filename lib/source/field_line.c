/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a line a field of a head, and one of mail? */
#include "formats.h"

#include "base/scan.h"

bool tide_line_is_header(tide_span line) {
  size_t i = tide_scan_name(line);
  if (i == 0)
    return false;
  while (i < line.len && (line.ptr[i] == ' ' || line.ptr[i] == '\t'))
    i++;
  return i < line.len && line.ptr[i] == ':';
}

/* Fields that only mail has, or that mail always has. A licence or a CSV file may begin with "Note:
 * …", so a line that merely looks like a field proves nothing. */
typedef struct mail_field {
  tide_span name;
  bool trace; /* written by programs only */
} mail_field;

static const mail_field *field_find(tide_span line) {
  static const mail_field fields[] = {
      {SPAN("received"), true},
      {SPAN("return-path"), true},
      {SPAN("from"), false},
      {SPAN("to"), false},
      {SPAN("date"), false},
      {SPAN("subject"), false},
      {SPAN("message-id"), true},
      {SPAN("sender"), false},
      {SPAN("reply-to"), false},
      {SPAN("delivered-to"), true},
      {SPAN("mime-version"), true},
      {SPAN("content-type"), true},
      {SPAN("x-mailer"), true},
      {SPAN("cc"), false},
      {SPAN("delivery-date"), true},
      {SPAN("envelope-to"), true},
      {SPAN("status"), true},
      {SPAN("x-status"), true},
      {SPAN("x-mozilla-status"), true},
      {SPAN("newsgroups"), false},
      {SPAN("path"), false},
      {SPAN("authentication-results"), true},
      {SPAN("dkim-signature"), true},
      {SPAN("content-transfer-encoding"), true},
      {SPAN("x-original-to"), true},
      {SPAN("resent-from"), false},
      {SPAN("resent-date"), false},
      {SPAN("received-spf"), true},
      {SPAN("in-reply-to"), true},
      {SPAN("content-disposition"), true},
      {SPAN("x-envelope-from"), true},
      {SPAN("arc-seal"), true},
  };
  tide_span name = tide_span_trim(tide_span_slice(line, 0, tide_span_find_char(line, ':')));
  const char first = name.len ? tide_lower(name.ptr[0]) : '\0';
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    const tide_span known = fields[i].name;
    if (known.len == name.len && known.ptr[0] == first && tide_span_iequal(name, known))
      return &fields[i];
  }
  return NULL;
}

bool tide_field_is_mail(tide_span line) {
  return field_find(line) != NULL;
}

bool tide_field_is_trace(tide_span line) {
  const mail_field *field = field_find(line);
  return field && field->trace;
}
