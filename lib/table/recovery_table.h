/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recovery: how long until the volume was back, as rows. */
#ifndef LIB_TABLE_RECOVERY_TABLE_H
#define LIB_TABLE_RECOVERY_TABLE_H

#include "stats/recovery.h"
#include "table/table.h"

typedef struct tide_recovery_table {
  const tide_zone *zone; /* times are written in it */
  int64_t event;         /* seconds since the epoch */
  int64_t before_days;   /* whole days before it that the level is taken from, as far as the archive
                            has them */
  tide_recovery_options options;
  size_t group_values;
  tide_receiver_gaps *receivers; /* may be NULL */
} tide_recovery_table;

extern const tide_columns tide_recovery_columns;

/* One row per group. The tallies' bins are days from the event (tide_day_of). The days are the
 * extent's, the same for every group; where it has no since or until, the day of its first or last
 * message is left out. `total` holds each message once, in one group, and with groups its row comes
 * first, as TIDE_GROUP_ALL. TIDE_FATAL if there are more than TIDE_LIMIT_SERIES days on a side.
 */
tide_status tide_recovery_write(const tide_recovery_table *, const tide_extent *,
                                const tide_tally *total, const tide_tally *groups,
                                const tide_row_writer *, tide_error *);

#endif
