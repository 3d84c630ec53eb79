/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery: how long until a daily series was back at a part of its level before an event. Numbers
 * in, numbers out. */
#ifndef SPAMTIDE_RECOVERY_H
#define SPAMTIDE_RECOVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "spamtide/status.h"

/* How it ended. X(enumerator, "name", "meaning") */
#define TIDE_RECOVERY_STATUSES(X)                                                                  \
  X(RECOVERED, "recovered", "back at the level asked for, and stayed")                             \
  X(NOT_WITHIN, "not-within-archive",                                                              \
    "fell and was not back, or had not stayed for long enough, when the archive ends")             \
  X(NEVER_FELL, "never-fell", "never below the level asked for in the first days after the event") \
  X(NOTHING_BEFORE, "nothing-before",                                                              \
    "no message before the event: there is no level to come back to")                              \
  X(TOO_FEW, "too-few-before", "fewer messages before the event than a level can be taken from")   \
  X(TOO_SHORT, "archive-too-short",                                                                \
    "the archive has no whole day before, or too few days after, for one smoothed level")

typedef enum tide_recovery_status {
#define X(id, name, meaning) TIDE_RECOVERY_##id,
  TIDE_RECOVERY_STATUSES(X)
#undef X
} tide_recovery_status;

enum { TIDE_RECOVERY_LEAST = 20 }; /* messages before the event, below which it is TOO_FEW */

typedef struct tide_recovery_options {
  double to;      /* part of the level before that counts as recovered, such as 0.9 */
  size_t smooth;  /* days that a smoothed level is the mean of; 1 or more */
  size_t sustain; /* days that it must stay */
} tide_recovery_options;

/* Days are whole days of 24 hours counted from the event. The level at the end of day d is the mean
 * of the `smooth` days that end there; the first is at d = smooth, so that no level has a day from
 * before the event in it. */
typedef struct tide_recovery {
  tide_recovery_status status;
  double before; /* mean a day before the event */
  double target; /* the level asked for */
  double first;  /* the first level behind the event */
  double lowest; /* the least level until it was recovered, or until the archive ends, and when */
  size_t lowest_day;
  double last; /* the last level of the archive */
  size_t days; /* after the event until it was recovered: the first level at or above target that
                  stays there for `sustain` days */
  bool has_half;
  size_t half_days; /* after the event until half of the first deficit (before - first) was gone and
                       stayed so; where has_half */
} tide_recovery;

/* before[0..before_days) and after[0..after_days): counts of whole days on both sides of the event,
 * NaN for days that are not known, which no level has in it;
 * a sustain of 0 asks for the one level only. What status leaves out is 0: all levels where nothing
 * is before (NOTHING_BEFORE) or too little (TOO_SHORT, then `before` is given where there are
 * days), days but for RECOVERED. NEVER_FELL is decided by the first sustain + 1 levels, or as many
 * as there are. Definitions are this project's own: no source gives one. TIDE_FATAL when memory is
 * out. */
tide_status tide_recovery_find(const double *before, size_t before_days, const double *after,
                               size_t after_days, const tide_recovery_options *,
                               tide_recovery *out);

const char *tide_recovery_status_name(tide_recovery_status);

#endif
