/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of lib/mime/ share. */
#ifndef LIB_MIME_PARSER_H
#define LIB_MIME_PARSER_H

#include "charset.h"
#include "mime/message.h"
#include "record/record.h"

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

/* Fills the parser's message with its head and where its body begins. TIDE_SKIP: it is no message;
 * TIDE_FATAL. */
tide_status tide_head_index(tide_parser *, tide_span bytes);
/* Does the text begin at a line of a head that is no field, without an empty line before it (RFC
 * 5322 2.1 wants one)? Where no field follows up to the next empty line, and it is more than one
 * stray line. Of a part a boundary ends it, too. *field, NULL at first, is the next such field,
 * where one was found: lines before it need no look. */
bool tide_head_begins_text(tide_span rest, bool part, const char **field);

/* Decodes the text of the parser's message into parser->text; adds defects. */
tide_status tide_text_decode(tide_parser *);

/* Appends an unfolded header value with its encoded words decoded, as valid UTF-8. fallback is the
 * charset of what is raw in it and is no UTF-8; empty: Windows-1252. */
tide_status tide_encoded_words_put(converter *, tide_span value, tide_span fallback,
                                   tide_buffer *out);
/* tide_header_decode with these. */
tide_span tide_header_words(converter *, tide_span value, tide_span fallback, tide_arena *);
/* Has the header value bytes outside ASCII that are no UTF-8? */
bool tide_header_is_raw(tide_span value);

/* The charset that the message's body says it is in, of several parts the first that says one;
 * empty if none does. */
tide_span tide_body_charset(tide_parser *);

/* The charset that an HTML page is read in: what the header says, and where that is nothing,
 * ASCII or unknown what a <meta> of the page says (WHATWG HTML 13.2.3.2), unless the bytes are
 * UTF-8: *unicode tells that they are, and need no decoding. */
tide_span tide_html_charset(tide_span charset, tide_span bytes, bool *unicode);

/* Takes the next name and value off a tag's attributes. False: there are no more. */
bool tide_html_attribute(tide_span *rest, tide_span *name, tide_span *value);

/* Appends the text of text/enriched (RFC 1896) without its commands. */
tide_status tide_enriched_text(tide_span in, tide_buffer *out);

enum { TIDE_ENTITY_MAX = 21 }; /* letters of the longest name, NegativeVeryThinSpace */
/* The code point of a named entity without & and ;, or 0. */
uint32_t tide_entity_find(tide_span name);

#endif
