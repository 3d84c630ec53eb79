/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats, for the registry in format.c. */
#ifndef LIB_SOURCE_FORMATS_H
#define LIB_SOURCE_FORMATS_H

#include "source/source.h"

#define TIDE_FORMAT_DECLARED(name) extern const tide_format tide_format_##name;
TIDE_FORMATS(TIDE_FORMAT_DECLARED)
#undef TIDE_FORMAT_DECLARED

/* --- what formats share --- */

enum { TIDE_SEPARATOR_MAX = 1024 }; /* a longer line is no separator */

typedef enum tide_verdict {
  TIDE_VERDICT_NO,
  TIDE_VERDICT_YES,
  TIDE_VERDICT_MORE /* the window ends too soon to say */
} tide_verdict;

/* A line that begins with `From `, and what it stands in. */
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
 * ends: at the line, or at what stands in front of it (a byte order mark, NULs). */
tide_verdict tide_separator_at(tide_place *, bool last, size_t *begin);

/* Where the head begins of a message whose separator ends at w[at]: oddities that stand right
 * after one are left out (blank lines, a second `From ` line, byte order marks, NULs), where a
 * head follows them. w ends with the message, or after its head. */
size_t tide_head_begin(tide_span w, size_t at);

/* How many bytes of marks s begins with: byte order marks, invisible spaces, NULs, a carriage
 * return before other text. */
size_t tide_marks_length(tide_span s);

/* The line without carriage returns at its end. */
tide_span tide_line_strip(tide_span line);

/* Is the field in this line one that only mail has, or that mail always has? And one that programs
 * write, and nobody copies into a text by hand? */
bool tide_field_is_mail(tide_span line);
bool tide_field_is_trace(tide_span line);

/* How sure it is that s begins with the head of a message; as tide_format.bid. */
int tide_message_bid(tide_span s);

/* Does what begins as one message go on with others, behind something that parts them? It is a
 * mailbox of a kind that is not known then. */
bool tide_message_has_more(tide_span message);

/* What holds the messages in s, which begins as no mailbox: "a database or a disk image"; NULL
 * where there are none. */
const char *tide_message_holder(tide_span s);

#endif
