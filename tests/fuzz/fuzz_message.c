/* The header index and decoded text of any bytes: every span lies inside the message, the text is valid UTF-8. */
#include <stdlib.h>

#include "spamtide/message.h"
#include "spamtide/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void inside(tide_span part, tide_span whole) {
  if (part.len && (part.ptr < whole.ptr || part.ptr + part.len > whole.ptr + whole.len)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static tide_parser *parser;
  if (!parser) {
    tide_mime_init();
    if (tide_parser_new(&parser) != TIDE_OK) abort();
  }
  /* The first byte chooses how an mbox would have escaped it. */
  tide_raw raw = {.bytes = tide_span_make((const char *)data + (size > 0), size ? size - 1 : 0),
                  .escape = size ? (tide_escape)(data[0] % 3) : TIDE_ESCAPE_NONE};
  const tide_message *m;
  tide_arena arena = {0};
  tide_status status = tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT | TIDE_NEED_TEXT, &m);
  if (status == TIDE_OK) {
    inside(m->head, raw.bytes);
    inside(m->body, raw.bytes);
    for (uint32_t i = 0; i < m->header_count; i++) {
      inside(m->headers[i].name, raw.bytes);
      inside(m->headers[i].value, raw.bytes);
      tide_span domain;
      tide_header_decode(m->headers[i].value, &arena);
      tide_header_unfold(m->headers[i].value, &arena);
      tide_address_count(m->headers[i].value, &domain, &arena);
    }
    if (m->text.len > TIDE_LIMIT_TEXT) abort();
  } else if (status != TIDE_SKIP) {
    abort();
  }
  tide_arena_free(&arena);
  return 0;
}
