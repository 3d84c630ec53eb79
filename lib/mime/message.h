/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message: a header index that copies nothing, and decoded text when it is asked for. */
#ifndef LIB_MIME_MESSAGE_H
#define LIB_MIME_MESSAGE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "source/source.h"
#include "base/status.h"

/* Header fields that extractors look up, by a number instead of a name. X(enumerator, "Name") */
#define TIDE_HEADERS(X)                                                                            \
  X(RECEIVED, "Received")                                                                          \
  X(DATE, "Date")                                                                                  \
  X(RESENT_DATE, "Resent-Date")                                                                    \
  X(FROM, "From")                                                                                  \
  X(SENDER, "Sender")                                                                              \
  X(TO, "To")                                                                                      \
  X(CC, "Cc")                                                                                      \
  X(BCC, "Bcc")                                                                                    \
  X(SUBJECT, "Subject")                                                                            \
  X(MESSAGE_ID, "Message-ID")                                                                      \
  X(RETURN_PATH, "Return-Path")                                                                    \
  X(DELIVERED_TO, "Delivered-To")                                                                  \
  X(X_MAILER, "X-Mailer")                                                                          \
  X(USER_AGENT, "User-Agent")                                                                      \
  X(X_MIMEOLE, "X-MimeOLE")                                                                        \
  X(CONTENT_TYPE, "Content-Type")                                                                  \
  X(CONTENT_TRANSFER_ENCODING, "Content-Transfer-Encoding")                                        \
  X(CONTENT_LENGTH, "Content-Length")

typedef enum tide_header_id {
#define X(id, name) TIDE_HEADER_##id,
  TIDE_HEADERS(X)
#undef X
      TIDE_HEADER_COUNT,
  TIDE_HEADER_OTHER = TIDE_HEADER_COUNT
} tide_header_id;

typedef struct tide_header {
  tide_span name;  /* as written, without white space before the colon */
  tide_span value; /* as written: still folded, leading and trailing white space trimmed, 8-bit
                      bytes as they are */
  tide_header_id id;
  uint32_t next; /* index of the next field with the same known id, or TIDE_HEADER_NONE */
} tide_header;

#define TIDE_HEADER_NONE UINT32_MAX

/* Everything borrows from tide_raw's bytes or from the parser, and lives until the parser takes its
 * next message. */
struct tide_message {
  const tide_raw *raw;
  tide_span head, body; /* the header block without its empty line, and what follows it */
  const tide_header *headers;
  uint32_t header_count;
  uint32_t
      first[TIDE_HEADER_COUNT]; /* index of the first field with that id, or TIDE_HEADER_NONE */
  unsigned defects;             /* TIDE_DEFECT_… of record.h that were found so far */
  tide_span subject;            /* decoded; empty unless TIDE_NEED_SUBJECT was asked for */
  tide_span text;  /* decoded, lines end in LF; empty unless TIDE_NEED_TEXT was asked for */
  tide_span links; /* targets of what a reader sees of HTML, a line feed after each; empty unless
                      TIDE_NEED_LINKS was asked for */
};
typedef struct tide_message tide_message;

/* What an extractor needs beyond the header index. */
enum {
  TIDE_NEED_HEADERS = 0,
  TIDE_NEED_SUBJECT = 1 << 0,
  TIDE_NEED_TEXT = 1 << 1,
  TIDE_NEED_LINKS = 1 << 2 /* and text */
};

/* A parser and its reused buffers; one for each worker, never shared by threads. */
typedef struct tide_parser tide_parser;

/* What must happen before any parser is made; any number of times, from any thread. */
void tide_mime_init(void);

tide_status tide_parser_new(tide_parser **out);
void tide_parser_free(tide_parser *);

/* Indexes the headers of raw, and decodes what `needs` asks for. *out is borrowed from the parser
 * until the next call. TIDE_SKIP if there is no header field at all (the message is damaged),
 * TIDE_FATAL when out of memory. A line in the header block that is neither a field nor a
 * continuation is passed over (defect `header-junk`); a block that runs into the end is taken whole
 * (defect `no-body`). */
tide_status tide_message_parse(tide_parser *, const tide_raw *raw, unsigned needs,
                               const tide_message **out);

/* The first value of a known field, or an empty span. */
static inline tide_span tide_message_header(const tide_message *m, tide_header_id id) {
  return m->first[id] == TIDE_HEADER_NONE ? (tide_span){0} : m->headers[m->first[id]].value;
}

/* A header value as a reader sees it: unfolded, RFC 2047 decoded (encoded words that are broken
 * across words and unlabelled 8-bit text included), as valid UTF-8 in the arena. At most
 * TIDE_LIMIT_HEADER_VALUE bytes of input. */
tide_span tide_header_decode(tide_span value, tide_arena *);
/* The same without decoding encoded words: line breaks with the white space around them become one
 * space. */
tide_span tide_header_unfold(tide_span value, tide_arena *);

/* The charset that a Content-Type field names, however it is written, in lower case in the arena;
 * empty if it names none. */
tide_span tide_content_charset(tide_span value, tide_arena *);

/* The addresses of an address header (RFC 5322 3.4, read leniently): the number of mailboxes, and
 * the domain of the first in lower case in *domain (may be NULL; empty if there is none). */
uint32_t tide_address_count(tide_span value, tide_span *domain, tide_arena *);

/* Text in UTF-8 with look-alikes as the ASCII letters that a reader takes them for, appended to
 * out: compatibility forms and accents (Unicode NFKD), Greek and Cyrillic letters that print like
 * Latin ones, small capitals and letters with a stroke, digits and signs inside words ("v1@gra").
 * For search only: it makes wrong words of right Greek and Russian. TIDE_SKIP at out's limit,
 * TIDE_FATAL when out of memory. */
tide_status tide_lookalikes_fold(tide_span text, tide_buffer *out);

/* What a reader of this HTML sees: tags out (inside words too: "V<b></b>iagra" is "Viagra"), block
 * elements and <br> as line breaks, comments, style, script, title and hidden elements out,
 * entities decoded, white space folded, zero-width characters out. html is UTF-8 or
 * ASCII-compatible; appended to out up to its limit (TIDE_SKIP). links (may be NULL) gets the href,
 * src and action of elements that are not hidden, decoded, where they lead to another host, a line
 * feed after each; full is set where one had no room. */
typedef struct tide_links {
  tide_buffer targets;
  bool full;
} tide_links;
tide_status tide_html_text(tide_span html, tide_buffer *out, tide_links *links);

#endif
