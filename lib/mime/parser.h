/* What the files of lib/mime/ share. */
#ifndef LIB_MIME_PARSER_H
#define LIB_MIME_PARSER_H

#include "spamtide/message.h"
#include "spamtide/record.h"

struct tide_parser {
  tide_message message;
  tide_header *headers;
  size_t header_cap;
  tide_arena arena;     /* the decoded subject */
  tide_buffer text;     /* decoded text of the message */
  tide_buffer plain;    /* a body without its `>From ` escapes */
  tide_buffer utf8;     /* one part, before its HTML is read */
};

/* Decodes the text of the parser's message into parser->text; adds defects. */
tide_status text_decode(tide_parser *);
/* Appends bytes in a charset as UTF-8. charset may be empty (none was given). Sets *lied where it is unknown or does not fit. */
tide_status charset_put(tide_span bytes, tide_span charset, tide_buffer *out, bool *lied);
/* True where s is valid UTF-8. */
bool utf8_valid(tide_span s);
/* The code point of a named entity without & and ;, or 0. */
uint32_t entity_find(tide_span name);

#endif
