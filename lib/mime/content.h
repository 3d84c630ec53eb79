/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Content-… fields of a part say, and the bytes they say it of. */
#ifndef LIB_MIME_CONTENT_H
#define LIB_MIME_CONTENT_H

#include <gmime/gmime.h>

#include "spamtide/buffer.h"

/* One body to decode. */
typedef struct content {
  tide_span bytes, charset; /* charset is empty where none was given */
  GMimeContentEncoding encoding;
  bool html;
} content;

typedef struct content_type {
  tide_span type;              /* as written: "text/plain" */
  tide_span charset, boundary; /* empty where there is none */
} content_type;

/* Reads a Content-Type as nearly all mail writes it (RFC 2045 5.1), borrowed from value; false
 * where GMime has to: comments, escapes, RFC 2231, encoded words, a parameter twice, and whatever
 * else leaves more than one reading. */
bool content_type_read(tide_span value, content_type *out);
/* Is it a multipart that content_split knows? Not a digest, whose parts are messages. */
bool content_is_multipart(tide_span type);
/* What a Content-Transfer-Encoding says; DEFAULT where that is nothing known. */
GMimeContentEncoding content_encoding_read(tide_span value);

/* The text parts of a multipart body in their order, found without a tree (RFC 2046 5.1.1); false
 * where GMime has to take it apart: anything nested deeper than CONTENT_LEVELS, more parts than
 * `most`, messages and digests inside, an end that is missing, a header that is not plain. bytes
 * and charset are borrowed from body. */
enum { CONTENT_LEVELS = 8 };
bool content_split(tide_span body, tide_span boundary, content *out, size_t most, size_t *count);

/* The content without its transfer encoding, up to `most` bytes, appended to `into` or borrowed
 * from the content itself. TIDE_SKIP where there was more, TIDE_FATAL when memory is out. Byte for
 * byte what GMime's decoders give, and for base64 without its padding the last letters too. */
tide_status content_decode(const content *, size_t most, tide_buffer *into, tide_span *out);

#endif
