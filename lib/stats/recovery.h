/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery: how long until a daily series was back at a part of its level before an event. Numbers
 * in, numbers out. */
#ifndef LIB_STATS_RECOVERY_H
#define LIB_STATS_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* How it ended. X(enumerator, "name", "meaning") */
#define TIDE_RECOVERY_STATUSES(X)                                                                  \
  X(RECOVERED, "recovered", "back at the level asked for, and stayed")                             \
  X(NOT_WITHIN, "not-within-archive",                                                              \
    "fell and was not back, or had not stayed for long enough, when the archive ends")             \
  X(NO_FALL, "no-fall", "no fall beyond what the level strays by itself in the first days after")  \
  X(NEVER_FELL, "never-fell",                                                                      \
    "fell, but not below the level asked for in the first days after the event")                   \
  X(NOTHING_BEFORE, "nothing-before",                                                              \
    "no message before the event: there is no level to come back to")                              \
  X(TOO_FEW, "too-few-before", "fewer messages before the event than a level can be taken from")   \
  X(TOO_SHORT, "archive-too-short",                                                                \
    "the archive has less than a week of whole days before or after, or too few after for one "    \
    "smoothed level")

typedef enum tide_recovery_status {
#define X(id, name, meaning) TIDE_RECOVERY_##id,
  TIDE_RECOVERY_STATUSES(X)
#undef X
} tide_recovery_status;

enum {
  TIDE_RECOVERY_LEAST = 20,    /* messages before the event, below which it is TOO_FEW */
  TIDE_RECOVERY_WEEK = 7,      /* days that are needed on both sides */
  TIDE_RECOVERY_HISTORY = 365, /* days before the event that say how the level strays */
  TIDE_RECOVERY_SAMPLES = 399  /* series that an interval is made from */
};

typedef struct tide_recovery_options {
  double to;      /* part of the level before that counts as recovered, such as 0.9 */
  size_t smooth;  /* days that a smoothed level is the mean of; 1 or more */
  size_t sustain; /* days that it must stay */
} tide_recovery_options;

/* Counts of whole days of 24 hours counted from the event: history, then those that the level
 * before is taken from, then those after. NaN for days that are not known, which no level has in
 * it. */
typedef struct tide_recovery_days {
  const double *counts;
  size_t history, before, after;
} tide_recovery_days;

/* A number of days after the event, with its interval, 95%. */
typedef struct tide_recovery_time {
  bool known, has_interval;
  bool is_open; /* has the interval no upper end? */
  size_t days, low, high;
} tide_recovery_time;

/* The level at the end of day d is the mean of the `smooth` days that end there; the first is at d
 * = smooth, so that no level has a day from before the event in it. */
typedef struct tide_recovery {
  tide_recovery_status status;
  double before; /* mean a day before the event */
  double target; /* the level asked for */
  double fall_p; /* two-sided p-value of the fall; 1 where it rose; NaN if it was not tested */
  double first;  /* the first level after the event */
  double lowest; /* the least level until it was recovered, or until the archive ends, and when */
  size_t lowest_day;
  double last;             /* the last level of the archive */
  tide_recovery_time back; /* after the event until it was recovered: the first level at or above
                              target that stays there for `sustain` days */
  tide_recovery_time half; /* after the event until, after the lowest level, half of the deepest
                              deficit (before - lowest) was gone and stayed so */
} tide_recovery;

/* A sustain of 0 asks for the one level only. What status leaves out is 0: all levels where nothing
 * is before (NOTHING_BEFORE) or too little (TOO_SHORT, then `before` is given where there are
 * days), times except RECOVERED. NO_FALL and NEVER_FELL are decided by the first smooth + sustain
 * days, or as many as there are. Definitions are this project's own: no source gives one.
 * TIDE_FATAL when out of memory.
 *
 * The fall: the sum of those days against that of the days before, bursts cut, held against how the
 * level strays by itself around (stats/wander.h); p is that of its strength, chi-squared with
 * one degree of freedom, and NO_FALL from 0.05 on, or where it rose.
 *
 * The intervals are from a block bootstrap (Kuensch 1989, Annals of Statistics 17, 1217-1241). The
 * course is taken as the level before, and after the event as the best course that only rises
 * (isotonic regression; Barlow & others 1972). What days are over the course is drawn in blocks of
 * 14 days: history and days before, each over the mean of the 91 days around it, where there are
 * 91; else all days over the course. Of TIDE_RECOVERY_SAMPLES series so made, times have two
 * intervals with a 20th beyond each end: that of the times themselves (percentile), and that of
 * their errors, which are their differences from the time of the course itself, taken off the time
 * seen (basic: Davison & Hinkley 1997, sections 5.2 and 5.3). The first fails where noise makes
 * times late, the second where errors depend on the course; the interval goes from the lower low to
 * the higher high, and is open where the level of more than a 20th of the series was not back.
 * tools/calibrate measures that it holds the truth in 91 to 100 of 100 cases. The draws are the
 * same in every run. */
tide_status tide_recovery_find(const tide_recovery_days *, const tide_recovery_options *,
                               tide_recovery *out);

const char *tide_recovery_status_name(tide_recovery_status);

#endif
