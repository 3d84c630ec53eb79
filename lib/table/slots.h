/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The days of a comparison: those of its windows and those of the history before the event, with
 * room for the counts of one group. */
#ifndef LIB_TABLE_SLOTS_H
#define LIB_TABLE_SLOTS_H

#include "table/outages.h"
#include "stats/pool.h"
#include "stats/wait.h"
#include "table/table.h"

enum { SECONDS_A_DAY = 86400 };

typedef enum unit {
  UNIT_MESSAGES,
  UNIT_BYTES,
  UNIT_ORIGINS,
  UNIT_DAILY_ORIGINS,
  UNIT_RECIPIENTS,
  UNIT_COUNT
} unit;

const char *tide_unit_name(unit);
uint64_t tide_unit_of(const tide_count *, unit);
tide_quantity tide_unit_quantity(unit);

/* An exact interval that was held against a reference: thousands of groups have the same few
 * messages, and that of all. */
typedef struct slots_few {
  tide_reference_few few;
  double wander, freedom; /* of the reference; 0: the place is free */
  tide_mixture mixture;   /* its own, where the freedom is infinite */
  double low, high, p;
} slots_few;

enum { SLOTS_FEW = 1024 };

typedef struct slots {
  /* The slots of both windows that are not all gap, in the order of time. */
  size_t count, before;
  int64_t *number;
  double *days, *start; /* lengths without gaps, and starts, in days from the event */
  tide_count *counts;
  double window_days[2]; /* of before and after, without gaps */
  double gap_days[2];
  /* Days of each window that are there as a whole, those of them without mail of any kind, and
   * whether any mail came in it at all. */
  size_t whole_days[2], empty_days[2];
  bool any_mail[2];
  bool clipped; /* is a window shorter than was asked for? The caller says. */
  /* The days of history: the last is the day before the event. */
  size_t past;
  bool *past_gap;
  tide_count *past_counts;
  tide_reference_windows windows; /* none where they are too short for a history of days */
  tide_reference own[UNIT_COUNT], whole[UNIT_COUNT]; /* of the group counted, and of all */
  tide_reference own_step[UNIT_COUNT], whole_step[UNIT_COUNT]; /* of a model's step, with a trend */
  tide_contrast_options contrast;
  bool asked[UNIT_COUNT];
  /* What tide_slots_series and its like lend. */
  double *value, *other_days, *other_start, *other_value, *past_value;
  /* What the event has not touched. */
  bool has_control;
  tide_count *control_counts, *control_past_counts;
  double *scaled_days, *control_past_value;
  double control_before[UNIT_COUNT], control_after[UNIT_COUNT];
  tide_contrast control[UNIT_COUNT];        /* its own; method "" and no ratio if there is none */
  tide_reference control_alone[UNIT_COUNT]; /* its error, for contrasts without other reference */
  tide_outages outages;
  slots_few few[SLOTS_FEW];
  double presumed[UNIT_COUNT]; /* of how all mail wanders (tide_reference_presumed); 0: unknown */
  const tide_pool_known *pool; /* how groups wander; NULL: unknown */
  tide_pool_known pool_own;    /* what `pool` is where nobody lent another */
  tide_reference pooled;       /* and how the group counted does, by its own ratios too */
  int64_t first_number;
  size_t *place, places; /* of slot first_number + i: its index in number, or SIZE_MAX */
  void *memory[6];
} slots;

/* Windows are clipped already. tide_slots_free when done, whatever is returned. */
tide_status tide_slots_make(const tide_compare *, slots *, tide_error *);
void tide_slots_free(slots *);

/* Takes the counts of a group, and its reference; TIDE_FATAL when out of memory. */
tide_status tide_slots_count(slots *, const tide_tally *, uint32_t group);
/* Takes the counts of the control, and its contrasts: to be called before anything else is counted.
 */
tide_status tide_slots_count_control(slots *, const tide_tally *, const tide_contrast_options *);
/* What was counted last is all: groups with too little history of their own take its reference. */
void tide_slots_count_was_all(slots *);
/* NULL if there is none; with a control and
 * without history that of the control's own error. */
const tide_reference *tide_slots_reference(const slots *, unit);
/* What history there is, be it too short to go by alone: freedom 0 if there is none. */
const tide_reference *tide_slots_history(const slots *, unit);
const tide_reference *tide_slots_step_history(const slots *, unit);
/* Learns how groups wander: `known`, or where that is NULL by the days of all groups. What is
 * counted from here on are groups. TIDE_FATAL when out of memory. */
tide_status tide_slots_pool(slots *, const tide_tally *groups, const tide_pool_known *known);
/* What was learned, for a group whose own history is too short; NULL if there is none. */
const tide_reference *tide_slots_pooled(const slots *, unit);
/* Has what was counted last messages enough in its past, near days counting more, for a reference
 * of its own? */
enum { TIDE_HISTORY_LEAST = 5 }; /* to a window */
bool tide_slots_has_history(const slots *);
/* Does it tell of the archive's earlier dates? */
bool tide_slots_reference_is_history(const slots *, const tide_reference *);

/* tide_reference_calibrate_exact, remembered. */
void tide_slots_calibrate_exact(slots *, const tide_reference *, const tide_reference_few *,
                                double confidence, tide_contrast *);

/* Lent until the next call. */
tide_series tide_slots_series(slots *, unit);
/* The series with the days after the event as long as the control's ratio makes them: a ratio of
 * it is one over the control's. The series itself without a control. */
tide_series tide_slots_scaled(slots *, const tide_series *, unit);
/* The series of tide_slots_series without the slot that has the highest count. */
tide_series tide_slots_without_peak(slots *, size_t *peak);

/* Slots of a window, the outermost cut short where it is no whole number of days. */
int64_t tide_slots_begun(int64_t seconds);

#endif
