/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Content-… fields of a part say, and the bytes that they describe. */
#ifndef LIB_MIME_CONTENT_H
#define LIB_MIME_CONTENT_H

#include <gmime/gmime.h>

#include "base/arena.h"
#include "base/buffer.h"

/* Letters of base64 that are no whole group of four yet. */
typedef struct base64_group {
  uint32_t bits;
  unsigned have; /* letters */
} base64_group;

/* Appends what the letters in `in` stand for. Signs that are none are passed over (RFC 2045 6.8);
 * padding ends a group, and another may follow. */
tide_status tide_base64_put(base64_group *, tide_span in, tide_buffer *out);
/* The same for a group that ends without its padding. */
tide_status tide_base64_end(base64_group *, tide_buffer *out);

/* What is among the words of a text. */
typedef enum content_markup { MARKUP_NONE, MARKUP_HTML, MARKUP_ENRICHED } content_markup;

/* One body to decode. */
typedef struct content {
  tide_span bytes, charset; /* charset is empty if none was given */
  GMimeContentEncoding encoding;
  content_markup markup;
  bool delsp; /* the blank that ends a line, and the line's end, are not part of the text */
} content;

typedef struct content_type {
  tide_span type;              /* as written: "text/plain" */
  tide_span charset, boundary; /* empty if there is none */
  bool delsp;                  /* RFC 3676 4; not found where it has to be repaired */
} content_type;

/* Reads a Content-Type as nearly all mail writes it (RFC 2045 5.1), borrowed from value. False if
 * tide_content_type_repair is needed: for comments, escapes, RFC 2231, encoded words, a parameter
 * that comes twice, and whatever else can be read in more than one way. */
bool tide_content_type_read(tide_span value, content_type *out);
/* Does a parameter's value mean what it says? GMime decodes encoded words in it, and blanks at its
 * ends are read differently by different programs. */
bool tide_content_is_plain(tide_span value);
/* Reads whatever is there: comments, semicolons that are missing, quotes that never close,
 * "charset: x", RFC 2231. Of a parameter twice the first counts; what is no type is text/plain (RFC
 * 2045 5.2). In the arena; TIDE_FATAL when out of memory. */
tide_status tide_content_type_repair(tide_span value, tide_arena *, content_type *out);
/* Writes it as the RFC would. */
tide_status tide_content_type_put(const content_type *, tide_buffer *out);
/* Is it a multipart that tide_content_split knows? Not a digest, whose parts are messages. */
bool tide_content_is_multipart(tide_span type);
content_markup tide_content_markup_of(tide_span type);
/* What a Content-Transfer-Encoding says, however it is spelled; DEFAULT where that is nothing
 * known.
 */
GMimeContentEncoding tide_content_encoding_read(tide_span value);
/* Does a line of the body begin with the boundary? */
bool tide_content_has_boundary(tide_span body, tide_span boundary);
/* The boundary of a multipart that does not say it, or says another: what comes after the dashes
 * of the first line above a Content-… field. Empty if there is none. */
tide_span tide_content_guess_boundary(tide_span body);

/* The header block of a part. */
typedef struct content_head {
  bool has_type, has_encoding;
  content_type type;
  GMimeContentEncoding encoding;
} content_head;

/* Reads the header block after the boundary line at `at` of the body; false if it is anything
 * but fields as they should be. */
bool tide_content_head_read(tide_span body, size_t at, content_head *out);

/* The text parts of a multipart body in their order, found without a tree (RFC 2046 5.1.1). bytes
 * and charset are borrowed from body. False if GMime must parse it: for parts nested deeper than
 * CONTENT_LEVELS, more parts than `most`, messages or digests inside, a missing end, or a header
 * that is not plain. */
enum { CONTENT_LEVELS = 8 };
bool tide_content_split(tide_span body, tide_span boundary, content *out, size_t most,
                        size_t *count);

/* The content without its transfer encoding, up to `most` bytes, appended to `into` or borrowed
 * from the content itself. TIDE_SKIP if there was more, TIDE_FATAL when out of memory.
 * Quoted-printable and uuencode are byte for byte what GMime's decoders give. Of base64 all blocks
 * are decoded, padded or not, and lines of plain text between and after them, such as a list's
 * footer, stay as they are. */
tide_status tide_content_decode(const content *, size_t most, tide_buffer *into, tide_span *out);

#endif
