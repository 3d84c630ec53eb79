/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timeline: counts by bin of time and by group, as a long table (a row for each bin and group) or a
 * wide one (a row for each bin, a column for each group). */
#ifndef LIB_TABLE_TIMELINE_H
#define LIB_TABLE_TIMELINE_H

#include "table/table.h"

/* Which rows a long table has for its groups. Whichever are left out are zeros, so that the sum
 * over the rows is the same. */
typedef enum tide_timeline_rows {
  TIDE_TIMELINE_ROWS_AUTO,  /* ALL up to TIDE_TIMELINE_FEW groups, the rest that --top leaves not
                               counted; FILLED where there are more */
  TIDE_TIMELINE_ROWS_ALL,   /* every bin for every group: what a plot needs */
  TIDE_TIMELINE_ROWS_FILLED /* a group only in the bins where it has mail */
} tide_timeline_rows;
/* Nobody tells more lines of a plot apart, and with thousands of groups nearly all rows are zeros:
 * 8,000 messages by url_domain and day make 13.4 million rows, of which some 10,000 are not. */
enum { TIDE_TIMELINE_FEW = 50 };

typedef enum tide_timeline_unit {
  TIDE_TIMELINE_MESSAGES,
  TIDE_TIMELINE_BYTES,
  TIDE_TIMELINE_ORIGINS,
  TIDE_TIMELINE_UNITS
} tide_timeline_unit;
/* As --unit takes them; NULL at the end. */
extern const char *const tide_timeline_unit_names[TIDE_TIMELINE_UNITS + 1];

typedef struct tide_timeline {
  const tide_binning *binning;
  const tide_windows *windows;
  bool has_since, has_until;
  int64_t since, until; /* bins are shown from since and before until even if there is no mail */
  const tide_extent *extent; /* of all mail that was read */
  size_t group_values;       /* values in a group */
  tide_timeline_rows rows;
  bool wide;
  bool share;              /* long: a column more; wide: instead of the counts */
  tide_timeline_unit unit; /* that shares are of, and that a wide table holds */
} tide_timeline;

/* All that there are, for help and docs; and those of one table, without its groups. */
extern const tide_columns tide_timeline_columns;
tide_columns tide_timeline_columns_of(const tide_timeline *);

/* What a table will be: known when all is counted, before anything of it is written. */
typedef struct tide_timeline_plan {
  uint32_t *order; /* group numbers in the order of rows or columns */
  uint32_t groups;
  bool any;
  int64_t first, last; /* starts of the first and the last bin */
  uint64_t rows;
  bool filled; /* as TIDE_TIMELINE_ROWS_FILLED */
} tide_timeline_plan;

/* The tally's bins are bin starts. TIDE_FATAL if there would be more than TIDE_LIMIT_ROWS rows
 * (of a wide table: bins times groups), or more than TIDE_LIMIT_COLUMNS columns. */
tide_status tide_timeline_plan_make(const tide_timeline *, const tide_tally *groups,
                                    tide_timeline_plan *out, tide_error *);
void tide_timeline_plan_free(tide_timeline_plan *);

/* Long: bin_start, period, [group columns], messages, bytes, origins, covered, and with shares
 * share_pct. Wide: bin_start, period, covered, [a column a group]. `total` holds each message once,
 * in the empty group; it is asked for shares only, and may else be NULL. */
tide_status tide_timeline_write(const tide_timeline *, const tide_timeline_plan *,
                                const tide_tally *groups, const tide_tally *total,
                                const tide_row_writer *, tide_error *);

/* A few messages far from all others in time: mostly the clock of a server, or of a sender where
 * there is no Received. They give a table many bins without mail. */
typedef struct tide_stray {
  uint64_t messages; /* mostly none, and then all is zero */
  int64_t edge;      /* where the bins of all others begin; of those after them, end */
  uint64_t bins;     /* up to there; TIDE_LIMIT_ROWS stands for more */
} tide_stray;

/* Those that are at most a hundredth of all, or one, and are further from the next message than a
 * quarter of the time that the middle 98 percent take (of fewer than a hundred messages: all of
 * it), and than two dozen bins; of at least ten messages. `total` holds each message once.
 * TIDE_FATAL when out of memory. */
tide_status tide_timeline_strays(const tide_binning *, const tide_tally *total, tide_stray *before,
                                 tide_stray *behind);

#endif
