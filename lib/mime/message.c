/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message as far as somebody needs it: its head, its subject, its text. */
#include "parser.h"

#include <stdlib.h>

/* What the buffers may keep for the next message: one bomb does not hold its memory for the rest of
 * the run.
 */
enum { BUFFER_KEEP = 4 << 20 };

tide_status tide_parser_new(tide_parser **out) {
  tide_parser *p = calloc(1, sizeof *p);
  if (!p)
    return TIDE_FATAL;
  *out = p;
  return TIDE_OK;
}

void tide_parser_free(tide_parser *p) {
  if (!p)
    return;
  tide_arena_free(&p->arena);
  tide_buffer_free(&p->text);
  tide_buffer_free(&p->links.targets);
  tide_buffer_free(&p->body);
  tide_buffer_free(&p->plain);
  tide_buffer_free(&p->decoded);
  tide_buffer_free(&p->utf8);
  tide_converter_close(&p->converter);
  free(p->headers);
  free(p);
}

static void buffer_shrink(tide_buffer *b) {
  if (b->cap > BUFFER_KEEP)
    tide_buffer_free(b);
}

tide_status tide_message_parse(tide_parser *p, const tide_raw *raw, unsigned needs,
                               const tide_message **out) {
  p->message = (tide_message){.raw = raw};
  tide_arena_reset(&p->arena);
  TIDE_TRY(tide_head_index(p, raw->bytes));
  if (needs & TIDE_NEED_SUBJECT) {
    tide_span subject = tide_message_header(&p->message, TIDE_HEADER_SUBJECT);
    tide_span fallback = tide_header_is_raw(subject) ? tide_body_charset(p) : (tide_span){0};
    p->message.subject = tide_header_words(&p->converter, subject, fallback, &p->arena);
    if (subject.len && !p->message.subject.ptr)
      return TIDE_FATAL;
  }
  if (needs & (TIDE_NEED_TEXT | TIDE_NEED_LINKS)) {
    p->wants_links = needs & TIDE_NEED_LINKS;
    const tide_status status = tide_text_decode(p);
    buffer_shrink(&p->body);
    buffer_shrink(&p->plain);
    buffer_shrink(&p->decoded);
    buffer_shrink(&p->utf8);
    TIDE_TRY(status);
  }
  *out = &p->message;
  return p->arena.failed ? TIDE_FATAL : TIDE_OK;
}
