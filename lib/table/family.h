/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One row of the table of families, and who fills which part of it. */
#ifndef LIB_TABLE_FAMILY_H
#define LIB_TABLE_FAMILY_H

#include "slots.h"
#include "base/map.h"
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

/* What is known of one family beside its counts; of most there is none of it. */
typedef struct family_texts {
  tide_span subject, members, consistent_with, campaigns, networks;
} family_texts;

typedef struct families families;

/* There may be as many as there are messages: what can be looked up when a row is written is not
 * here. */
typedef struct family_row {
  const families *of;
  uint32_t place; /* among the families, after that of all: 0 */
  uint32_t group; /* its number in the tally of families */
  /* What compare says; of texts their number among families.words. */
  unsigned char kinds[FAMILY_COMPARED_COUNT];
  bool has_bots, waited, changed, dated; /* changed: does the status say so? */
  union {
    uint64_t uint;
    double real;
  } compared[FAMILY_COMPARED_COUNT];
  uint32_t active[SIDES]; /* days with mail */
  uint64_t origins[SIDES];
  tide_richness bots[SIDES];
  int64_t wait_from;
  double wait_days, wait_p, wait_least, quiet_p; /* wait_least: the p-value of a wait that lasts
                                                    as long as the window; NaN if not asked */
  double wait_alone;                             /* wait_p without a wander, and not adjusted */
  int64_t date, date_low, date_high;
  uint64_t templates;
  family_texts *texts; /* NULL: none */
} family_row;

/* What families do where nothing is known to have happened. */
typedef struct family_quiet {
  tide_pool_known pool; /* how they wander (stats/pool.h); dates 0: that cannot be learned */
  size_t length, event; /* days without gaps, and those before the event */
  double *least;        /* by day: the least p-value of any family's wait from there on */
} family_quiet;

/* What is the same for all rows. */
struct families {
  const tide_families_table *table;
  tide_windows clipped;
  tide_families found;
  tide_span *map; /* by fingerprint's group: the group of its family */
  tide_sender all;
  bool has_templates;
  tide_tally *days; /* groups are families, bins days from the event */
  family_row *rows; /* those of the families after that of all */
  size_t count;     /* with that of all */
  family_quiet quiet;
  tide_map words;    /* what compare says in words */
  tide_arena arena;  /* texts of rows */
  tide_buffer place; /* of the example of the row that is written */
};

/* NULL for the row of all. */
static inline const tide_family *tide_family_of(const family_row *r) {
  return r->place ? &r->of->found.at[r->place - 1] : NULL;
}
/* All of its messages. */
static inline const tide_sender *tide_family_all(const family_row *r) {
  return r->place ? &tide_family_of(r)->all : &r->of->all;
}
static inline tide_span tide_family_name(const tide_family *f) {
  return f->name.len ? f->name : SPAN("(unknown)");
}
static inline tide_span tide_family_row_name(const family_row *r) {
  return r->place ? tide_family_name(tide_family_of(r)) : SPAN(TIDE_GROUP_ALL);
}
/* Does it stand for one family? Not if it is that of all, or of all others. */
static inline bool tide_family_is_one(const family_row *r) {
  return r->place && tide_family_of(r)->largest != TIDE_EXAMPLE_NONE;
}
static inline bool tide_family_has_event(const family_row *r) {
  return r->of->table->windows->has_event;
}

/* What compare says of it. */
tide_value tide_family_said(const family_row *, family_compared);
/* Its texts, to be filled; NULL when out of memory. */
family_texts *tide_family_texts_make(families *, family_row *);

/* The counts of all and of the families, by day from the event and by slot of the comparison. */
typedef struct family_tallies {
  const tide_tally *total_days;
  tide_tally *total_slots, *slots, *control_slots; /* the last is NULL without a control */
} family_tallies;

/* The group of each fingerprint's family. */
tide_status tide_family_names_fill(families *, const tide_tally *groups);
/* Makes the slots, and asks compare. */
tide_status tide_family_compared_fill(families *, family_tallies *, const tide_tally *groups,
                                      tide_error *);
/* Adjusts the waits, and fills the statuses by what compare says and they add. */
tide_status tide_family_statuses_fill(families *);
/* What compare says of the control beside all messages. */
void tide_family_control_take(const families *, const family_tallies *, tide_families_control *);
/* Which of the windows, cut to the archive, a day from the event is in; SIDES where in none. */
int tide_family_side(const tide_windows *, int64_t day);

/* Fills the waits, by the slots; and, by the days, on how many there was mail, and the dates of
 * those that have changed. */
tide_status tide_family_waits_fill(families *, const family_tallies *, tide_error *);
tide_status tide_family_dates_fill(families *, const family_tallies *, tide_error *);
/* Learns what families do at other times by f->days; and frees that again. */
tide_status tide_family_quiet_learn(families *);
void tide_family_quiet_free(family_quiet *);
/* The share of the archive's other days at which any family fell as silent, with the event's. */
double tide_family_quiet_share(const family_quiet *, const family_row *);
/* Fills origins and bots. */
tide_status tide_family_bots_fill(families *, const tide_tally *total);
/* Fills the texts of networks, campaigns and consistent_with, and the templates. */
tide_status tide_family_traits_fill(families *);

#endif
