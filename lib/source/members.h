/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A container as a kind of walk: its members, as files in a directory, put into batches. */
#ifndef LIB_SOURCE_MEMBERS_H
#define LIB_SOURCE_MEMBERS_H

#include "formats.h"
#include "input.h"
#include "packed.h"
#include "source/source.h"

typedef struct tide_members tide_members;

typedef struct tide_members_options {
  const tide_packed *kind;
  const char *path;
  const tide_format *forced;
  tide_feed_options feed;
  bool named;   /* by the person */
  bool maildir; /* is in cur or new */
} tide_members_options;

/* Begins with the file that `in` reads, of which `head` was read before; takes the input over, also
 * where it fails. TIDE_OK or TIDE_FATAL. */
tide_status tide_members_open(tide_members **out, tide_input *in, tide_span head,
                              const tide_members_options *);
/* Fills the batch with the next members, or with the next piece of a long one. Members that are not
 * mail go to the batch's findings. TIDE_OK; TIDE_END: there is nothing more, but there may be
 * findings; TIDE_FATAL. */
tide_status tide_members_fill(tide_members *, tide_batch *);
/* If the batch has a piece of a long member, cuts it into messages. Pieces are cut in their order.
 * Meanwhile the next piece may be unpacked, but not what comes after a member's last piece. TIDE_OK
 * or TIDE_FATAL. */
tide_status tide_members_cut(tide_members *, tide_batch *);
/* Is what comes next another piece of the same member? */
bool tide_members_goes_on(const tide_members *);
void tide_members_close(tide_members *);

#endif
