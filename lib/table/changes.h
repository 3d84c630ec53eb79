/* SPDX-License-Identifier: GPL-3.0-or-later */
/* changes: the dates at which the volume changed, as rows. */
#ifndef LIB_TABLE_CHANGES_H
#define LIB_TABLE_CHANGES_H

#include "base/stop.h"
#include "stats/offset.h"
#include "table/table.h"

/* A day to look for beside a change. */
typedef struct tide_mark {
  tide_span name;
  int64_t time; /* seconds since the epoch */
} tide_mark;

/* What all messages have in common with the control. */
typedef struct tide_changes_common {
  uint64_t messages; /* of the control; below TIDE_CHANGES_LEAST it cannot serve */
  tide_offset_common found;
} tide_changes_common;

typedef struct tide_changes {
  const tide_binning *binning; /* bins of a day or longer */
  size_t group_values;         /* columns before the table's own */
  size_t min_length;           /* bins that a level lasts at least */
  uint64_t penalty;            /* strength that a change must have; 0: the standard of the length */
  tide_receiver_gaps *receivers; /* may be NULL */
  const tide_mark *marks;
  size_t mark_count;
  const tide_tally *control;   /* counts of what events have not touched, in the empty group and the
                                  same bins: levels are in proportion to its level (stats/offset.h);
                                  NULL: none */
  tide_changes_common *common; /* filled by tide_changes_write where there is a control; may be NULL
                                */
  const atomic_bool *stop;     /* may be NULL; once true writing ends with TIDE_END */
} tide_changes;

enum {
  TIDE_CHANGES_LEAST = 30,     /* messages, below which a group is not searched */
  TIDE_CHANGES_EVENT_DAYS = 30 /* what is further from a change is not named beside it */
};
extern const tide_columns tide_changes_columns;

/* The mark nearest to a time, or NULL if none is within TIDE_CHANGES_EVENT_DAYS. */
const tide_mark *tide_changes_mark(const tide_changes *, int64_t time);

/* One row per gap (table/outages.h), with the total; then one row per change, by group and date;
 * a group without one has a row that says why. The bins that are searched are the extent's, the
 * same for every group; where it has no since or until, the bin of its first or last message is
 * left out, as it may not be whole. `total` holds each message once, in one group; with groups, its
 * rows come first, as TIDE_GROUP_ALL. Bins of both tallies are bin starts, and the extent's days
 * are those of the binning's zone. TIDE_FATAL if there are more than TIDE_LIMIT_SERIES bins, or
 * those that would be looked at (tide_segment_reach) of all groups pass TIDE_LIMIT_SEARCH. */
tide_status tide_changes_write(const tide_changes *, const tide_extent *, const tide_tally *total,
                               const tide_tally *groups, const tide_row_writer *, tide_error *);

#endif
