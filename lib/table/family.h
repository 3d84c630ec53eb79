/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the table of families, and who fills which part of it. */
#ifndef LIB_TABLE_FAMILY_H
#define LIB_TABLE_FAMILY_H

#include "slots.h"
#include "table/families_table.h"
#include "stats/overlap.h"

/* What the rows of compare give, by the names of its columns. */
#define FAMILY_COMPARED(X)                                                                         \
  X(before)                                                                                        \
  X(after)                                                                                         \
  X(before_days)                                                                                   \
  X(after_days)                                                                                    \
  X(before_per_day)                                                                                \
  X(after_per_day)                                                                                 \
  X(change_pct)                                                                                    \
  X(change_low)                                                                                    \
  X(change_high)                                                                                   \
  X(p_value)                                                                                       \
  X(p_adjusted)                                                                                    \
  X(method)                                                                                        \
  X(contribution_pct)                                                                              \
  X(status)                                                                                        \
  X(cautions)

typedef enum family_compared {
#define X(name) FAMILY_##name,
  FAMILY_COMPARED(X)
#undef X
      FAMILY_COMPARED_COUNT
} family_compared;

/* Before the event, and after it. */
enum { SIDE_BEFORE, SIDE_AFTER, SIDES };

typedef struct family_row {
  const tide_zone *zone;
  bool has_event;
  int64_t event;
  tide_span name;
  tide_sender all;
  uint32_t fingerprints;
  uint32_t group; /* its number in the tally of families */
  tide_value compared[FAMILY_COMPARED_COUNT];
  uint64_t active[SIDES]; /* days with mail */
  bool has_bots;
  uint64_t origins[SIDES];
  tide_richness bots[SIDES];
  bool waited;
  int64_t wait_from;
  double wait_days, wait_p, wait_least, quiet_p; /* wait_least: the p-value of a wait that lasts
                                                    as long as the window; NaN where not asked */
  bool changed;                                  /* does the status say that there was a change? */
  bool dated;
  int64_t date, date_low, date_high;
  bool has_templates;
  uint64_t templates;
  tide_span subject, members, mailer, consistent_with, campaigns, networks, layout, example;
} family_row;

/* What is the same for all rows. */
typedef struct families {
  const tide_families_table *table;
  tide_windows clipped;
  tide_families found;
  tide_tally *days; /* groups are families, bins days from the event */
  family_row *rows; /* those of the families after that of all */
  size_t count;     /* with that of all */
  tide_arena arena; /* texts of rows */
} families;

/* The counts of all and of the families, by day from the event and by slot of the comparison. */
typedef struct family_tallies {
  const tide_tally *total_days;
  tide_tally *total_slots, *slots, *control_slots; /* the last is NULL without a control */
} family_tallies;

/* Which of the windows, cut to the archive, a day from the event lies in; SIDES where in none. */
int tide_family_side(const tide_windows *, int64_t day);

/* Fills the days with mail and the waits; and the dates of those that have changed. */
tide_status tide_family_waits_fill(families *, const family_tallies *, tide_error *);
tide_status tide_family_dates_fill(families *, const family_tallies *, tide_error *);
/* Fills origins and bots. */
tide_status tide_family_bots_fill(families *, const tide_tally *total);
/* Fills the texts of networks, campaigns and consistent_with, and the templates. */
tide_status tide_family_traits_fill(families *);

#endif
