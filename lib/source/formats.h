/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a stream of bytes is cut into messages: what a format is, and all formats. */
#ifndef LIB_SOURCE_FORMATS_H
#define LIB_SOURCE_FORMATS_H

#include "source/source.h"

/* What a format remembers between calls for one stream of bytes. */
typedef struct tide_cut {
  size_t seen;       /* bytes of the current message that were searched already */
  uint64_t dropped;  /* bytes of the current message that were dropped between TIDE_LIMIT_MESSAGE
                        and seen */
  size_t escapes;    /* escaped lines met in the current message */
  size_t headed;     /* up to where the current message's header block was read */
  size_t body;       /* where its body begins; 0: not found yet */
  uint64_t length;   /* its Content-Length; 0: none */
  size_t length_end; /* where Content-Length says that it ends; SIZE_MAX: it does not say, or was
                        found wrong */
  bool length_used;  /* Content-Length was proved right against a separator inside the body */
  size_t carried, carried_len; /* the boundary above a mailbox that is attached; 0: none was met */
  size_t carried_end;          /* where that boundary comes again; 0: not looked for yet */
  bool began;                  /* a message has been found in this stream */
  bool said;                   /* that something of the stream is packed was said */
  /* of the message that was cut off last */
  size_t hole_at, hole_len; /* within its bytes: what is not the message's (Babyl's second head) */
  const char *packed;       /* what it is compressed with (TIDE_SKIP), or what packed file is at its
                               end, behind the mailbox; NULL */
} tide_cut;

typedef struct tide_format {
  const char *name; /* as --input takes it */
  /* How sure this format is that a file beginning with peek is its own: 0 no, 100 certain. */
  int (*bid)(tide_span peek);
  /* Cuts the next message off window, which begins where the last one ended. TIDE_OK: *out and
   * *used (bytes of window that are done with) are set. TIDE_SKIP: *used bytes are no message (what
   * a mail program keeps in a folder for itself). TIDE_END: more bytes are needed; or, where
   * `last`, there is no further message. out->offset is relative to window. */
  tide_status (*next)(tide_cut *, tide_span window, bool last, tide_raw *out, size_t *used);
} tide_format;

#define TIDE_FORMAT_DECLARED(name) extern const tide_format tide_format_##name;
TIDE_FORMATS(TIDE_FORMAT_DECLARED)
#undef TIDE_FORMAT_DECLARED

/* All formats, NULL at the end. */
extern const tide_format *const tide_formats[];
enum { TIDE_PEEK_BYTES = 64 << 10 }; /* enough to choose a format by */
/* The format that bids most for a file beginning with peek, or NULL if it is not mail. */
const tide_format *tide_format_choose(tide_span peek);
/* --- what formats share --- */

enum { TIDE_SEPARATOR_MAX = 1024 }; /* a longer line is no separator */

typedef enum tide_verdict {
  TIDE_VERDICT_NO,
  TIDE_VERDICT_YES,
  TIDE_VERDICT_MORE /* the window ends too soon to say */
} tide_verdict;

/* A line that begins with `From `, and what it is in. */
typedef struct tide_place {
  tide_span window;
  size_t from;        /* where the current message begins, after its own separator */
  size_t at;          /* of the `From ` */
  tide_span envelope; /* the current message's own separator, or empty */
  tide_span carried; /* the boundary above a mailbox that the message carries ("--b"), or empty; set
                        where one is met */
  size_t carried_end; /* where that boundary comes again; 0: not looked for yet */
} tide_place;

/* Is it a separator? `last` where the window ends with the file. *begin is where the message before
 * ends: at the line, or at what is in front of it (a byte order mark, NULs). */
tide_verdict tide_separator_at(tide_place *, bool last, size_t *begin);

/* Where the head begins of a message whose separator ends at w[at]: oddities that are right
 * after one are left out (blank lines, a second `From ` line, byte order marks, NULs), where a
 * head follows them. w ends with the message, or after its head. */
size_t tide_head_begin(tide_span w, size_t at);

/* How many bytes of marks s begins with: byte order marks, invisible spaces, NULs, a carriage
 * return before other text. */
size_t tide_marks_length(tide_span s);

/* The line without carriage returns at its end. */
tide_span tide_line_strip(tide_span line);

/* True if line (without its end) begins with a header field's name and a colon (RFC 5322 2.2).
 */
bool tide_line_is_header(tide_span line);
/* Is the field in this line one that only mail has, or that mail always has? And one that programs
 * write, and nobody copies into a text by hand? */
bool tide_field_is_mail(tide_span line);
bool tide_field_is_trace(tide_span line);

/* How sure it is that s begins with the head of a message; as tide_format.bid. */
int tide_message_bid(tide_span s);

/* Does what begins as one message go on with others, with something between them? Then it is a
 * mailbox of an unknown kind. */
bool tide_message_has_more(tide_span message);

/* What holds the messages in s, which begins as no mailbox: "a database or a disk image"; NULL
 * if there are none. */
const char *tide_message_holder(tide_span s);

#endif
