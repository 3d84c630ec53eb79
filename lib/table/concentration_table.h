/* SPDX-License-Identifier: GPL-3.0-or-later */
/* concentration: how much comes from how few, as rows. */
#ifndef LIB_TABLE_CONCENTRATION_TABLE_H
#define LIB_TABLE_CONCENTRATION_TABLE_H

#include "table/table.h"

typedef struct tide_concentration_table {
  const tide_windows *windows;
  const tide_extent *extent; /* its days are those of tide_concentration_day */
  size_t group_values;       /* values in a group */
  size_t inner_values; /* the last of them, at least one: of what is concentrated; those before say
                          where. What has several (a template) is known by the first */
  tide_span absent; /* the inner value of messages that have none: they are counted apart, and are
                       no group */
  tide_receiver_gaps *receivers; /* may be NULL */
  bool clipped[2];               /* the window before, the one after reaches beyond the archive */
} tide_concentration_table;

extern const tide_columns tide_concentration_columns;

/* The day of a time: those before the event are below 0, those after the washout are not; without
 * an event any number. false: the time is in no period. */
bool tide_concentration_bin(const tide_windows *, int64_t time, int64_t *bin);

/* The start of the day of 24 hours in which gaps are looked for: counted from the event, as far
 * from the windows as tells of gaps in them; without an event those of UTC. false: of no use. */
bool tide_concentration_day(const tide_windows *, int64_t time, int64_t *day);

/* One row per period and combination of the outer values. Periods are before and after where there
 * is an event, else all. The tally's bins are those of tide_concentration_bin. Days in gaps are
 * none for the intervals. */
tide_status tide_concentration_write(const tide_concentration_table *, const tide_tally *,
                                     const tide_row_writer *, tide_error *);

#endif
