/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text/enriched (RFC 1896) and its predecessor text/richtext (RFC 1341 7.1.3) without their
 * commands: "<bold>Vi</bold>agra" is one word. */
#include "parser.h"

enum { COMMAND_MAX = 60 }; /* RFC 1896 4: letters of a command */

/* The length of the command at the start of s, or 0 if it is none. */
static size_t command_length(tide_span s, tide_span *name) {
  size_t at = 1;
  at += at < s.len && s.ptr[at] == '/';
  size_t from = at;
  while (at < s.len && at - from < COMMAND_MAX && (tide_is_alnum(s.ptr[at]) || s.ptr[at] == '-'))
    at++;
  *name = tide_span_slice(s, from, at);
  return at > from && at < s.len && s.ptr[at] == '>' ? at + 1 : 0;
}

tide_status tide_enriched_text(tide_span in, tide_buffer *out) {
  unsigned hidden = 0; /* parameters and comments that are open */
  for (size_t at = 0; at < in.len;) {
    tide_span rest = tide_span_slice(in, at, in.len), name;
    size_t len = tide_span_find_char(rest, '<');
    if (len) {
      if (!hidden)
        TIDE_TRY(tide_buffer_put(out, tide_span_slice(rest, 0, len)));
      at += len;
      continue;
    }
    len = command_length(rest, &name);
    bool twice = tide_span_starts(rest, SPAN("<<")) || tide_span_iequal(name, SPAN("lt"));
    if (len == 0 || twice) {
      if (!hidden)
        TIDE_TRY(tide_buffer_putc(out, '<'));
      if (!len)
        len = twice ? 2 : 1;
      at += len;
      continue;
    }
    if (tide_span_iequal(name, SPAN("param")) || tide_span_iequal(name, SPAN("comment"))) {
      bool closes = rest.ptr[1] == '/';
      hidden = closes ? hidden - (hidden > 0) : hidden + 1;
    } else if (tide_span_iequal(name, SPAN("nl")) && !hidden) {
      TIDE_TRY(tide_buffer_putc(out, '\n'));
    }
    at += len;
  }
  return TIDE_OK;
}
