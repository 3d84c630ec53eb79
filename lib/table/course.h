/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Course: how an event's effect goes on, step by step, until the level is back. */
#ifndef LIB_TABLE_COURSE_H
#define LIB_TABLE_COURSE_H

#include "table/table.h"

/* Bins are those of compare (tide_compare_slot): the history reaches before the windows. */
typedef struct tide_course {
  const tide_windows *windows; /* all of it set; after: how far the course is followed at most.
                                  Washout and after are whole days */
  int64_t step;                /* seconds, whole days */
  const tide_zone *zone;       /* of times in the table; NULL: UTC */
  size_t group_values;
  tide_contrast_options contrast;
  bool history;
  const tide_tally *control;     /* as compare's */
  tide_receiver_gaps *receivers; /* may be NULL */
} tide_course;

extern const tide_columns tide_course_columns;

/* One row for each step within the archive: the messages of all its days, compared with those of
 * the window before the event. The interval comes from earlier dates whose windows are as far apart
 * (stats/reference.h), so that later steps, before which the level can have wandered more, have
 * wider intervals. Ends after two steps in a row in which the rate is within a tenth of the old
 * level, or has passed it, from the side to which the first step went. TIDE_USAGE if the archive
 * has no whole step after the event. TIDE_FATAL when out of memory. */
tide_status tide_course_write(const tide_course *, const tide_tally *total,
                              const tide_tally *groups, const tide_extent *,
                              const tide_row_writer *, tide_error *);

#endif
