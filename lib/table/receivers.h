/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Servers that received the archive's mail, and which of them stopped while others went on: a fall
 * that is a server's and no sender's. */
#ifndef LIB_TABLE_RECEIVERS_H
#define LIB_TABLE_RECEIVERS_H

#include "table/outages.h"
#include "tally/tally.h"

#define TIDE_RECEIVERS_COUNTED TIDE_TALLY_ASIDE

typedef struct tide_receivers {
  const tide_tally *days; /* all mail by receiver (a record's `receiver`, in lower case); bins are
                             days of 24 hours counted from the event, by their start */
  const tide_extent *extent; /* its days are the same, of all mail */
  tide_bin reach;            /* the days that say how a server usually is */
  tide_bin shown;            /* what is asked about: gaps elsewhere are not told */
  int64_t event;
} tide_receivers;

/* Tells `say` of each server that had a part of at least TIDE_RECEIVER_SHARE percent of the mail
 * that was asked for, and in `shown` a gap (tide_gaps_find) of its own: others received then on at
 * least half of the days, and the archive as a whole has no gap there. In the order of names.
 * TIDE_FATAL when out of memory. */
enum { TIDE_RECEIVER_SHARE = 5 };
tide_status tide_receivers_cautions(const tide_receivers *,
                                    void (*say)(void *context, const char *sentence), void *context,
                                    tide_error *);

#endif
