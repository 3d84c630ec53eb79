/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers that received the archive's mail, and which of them stopped while others went on: a fall
 * that is a server's and no sender's. */
#ifndef LIB_TABLE_RECEIVERS_H
#define LIB_TABLE_RECEIVERS_H

#include "base/arena.h"
#include "table/outages.h"
#include "tally/tally.h"

#define TIDE_RECEIVERS_COUNTED TIDE_TALLY_ASIDE

typedef struct tide_receivers {
  const tide_tally *days; /* all mail by receiver (a record's `receiver`, in lower case), in the
                             bins of the extent's days, by their start */
  const tide_extent *extent;
  const tide_binning *civil; /* days are those of its zone; NULL: 24 hours counted from the event */
  int64_t event;
  tide_bin reach; /* the days that say how a server usually is */
  tide_bin shown; /* what is asked about: gaps elsewhere are left out */
} tide_receivers;

/* A gap of one server's. */
typedef struct tide_receiver_gap {
  tide_span name;
  int64_t from, to; /* seconds since the epoch, [from, to) */
  bool ends;        /* within the archive */
  bool tilts;       /* tide_receiver_gaps_tilt */
} tide_receiver_gap;

struct tide_receiver_gaps {
  tide_receiver_gap *at; /* in the order of names */
  size_t count, room;
  tide_arena names;
};

/* Of each server that had a part of at least TIDE_RECEIVER_SHARE percent of the mail that was asked
 * for, the gaps (tide_gaps_find) of its own in `shown`: others received then on at least half of
 * the days, and the archive as a whole has no gap there. tide_receiver_gaps_free when done,
 * whatever is returned; TIDE_FATAL when out of memory. */
enum { TIDE_RECEIVER_SHARE = 5 };
tide_status tide_receivers_find(const tide_receivers *, tide_receiver_gaps *out);
void tide_receiver_gaps_free(tide_receiver_gaps *);

/* Has one of two windows more of such a gap than the other, so that what differs may be the server?
 * The gap is then one to be told. NULL: there are none. */
bool tide_receiver_gaps_tilt(tide_receiver_gaps *, tide_bin before, tide_bin after);
/* Tells `say` of each gap that tilts something. TIDE_FATAL when out of memory. */
tide_status tide_receiver_gaps_say(const tide_receiver_gaps *,
                                   void (*say)(void *context, const char *sentence), void *context);

#endif
