/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of lib/mime/ share. */
#ifndef LIB_MIME_PARSER_H
#define LIB_MIME_PARSER_H

#include <iconv.h>

#include "spamtide/message.h"
#include "spamtide/record.h"

enum { CHARSET_NAME_MAX = 40 };

/* The converter last used: most messages of an archive share one or two charsets. */
typedef struct converter {
  char name[CHARSET_NAME_MAX]; /* as iconv knows it; empty: none is open */
  iconv_t cd;
} converter;

struct tide_parser {
  tide_message message;
  tide_header *headers;
  size_t header_cap;
  tide_arena arena; /* the decoded subject */
  tide_buffer text; /* decoded text of the message */
  tide_links links; /* of its HTML */
  bool wants_links;
  tide_buffer body;    /* the body without its `>From ` escapes */
  tide_buffer plain;   /* what GMime reads */
  tide_buffer decoded; /* one part without its transfer encoding */
  tide_buffer utf8;    /* one part in UTF-8, before its HTML is read */
  converter converter;
  bool tree_only; /* by tests: GMime takes every multipart apart */
};

/* Decodes the text of the parser's message into parser->text; adds defects. */
tide_status text_decode(tide_parser *);

/* Appends bytes in a charset as UTF-8. charset may be empty (none was given). Sets *lied where it
 * is unknown or does not fit; bytes that do not fit are read as Windows-1252, one by one. */
tide_status charset_put(converter *, tide_span bytes, tide_span charset, tide_buffer *out,
                        bool *lied);
/* The same into *out, which is `bytes` where they are UTF-8 already, and else in scratch. */
tide_status charset_decode(converter *, tide_span bytes, tide_span charset, tide_buffer *scratch,
                           tide_span *out, bool *lied);
void converter_close(converter *);
/* What a byte of 0x80..0x9f is in Windows-1252. */
uint32_t windows_1252_at(unsigned char byte);

/* Appends an unfolded header value with its encoded words decoded, as valid UTF-8. */
tide_status encoded_words_put(tide_span value, tide_buffer *out);

/* True where s is valid UTF-8 (RFC 3629). */
bool utf8_valid(tide_span s);
/* The length of the run of ASCII at the start of s. */
size_t ascii_length(tide_span s);
/* s without the piece of a character that a cut left at its end. */
tide_span utf8_trim(tide_span s);

/* The code point of a named entity without & and ;, or 0. */
uint32_t entity_find(tide_span name);

#endif
