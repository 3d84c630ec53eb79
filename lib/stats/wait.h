/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wait: is it news that a stream of messages has stopped, or that it had not begun? */
#ifndef LIB_STATS_WAIT_H
#define LIB_STATS_WAIT_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/reference.h"

/* How many independent events the counts of consecutive days are worth, at least 1 if any is above
 * 0, and at most their sum: the sum divided by the days' dispersion, whose numerator has the
 * covariances of days up to a week apart with Bartlett's weights (Newey and West 1987). Ten
 * messages on one day are worth one event, ten on ten scattered days are worth ten: a mailing
 * begins and ends as a whole. From a single day nothing is known, and each of its messages counts.
 * 0 without days or messages. */
double tide_wait_events(const double *days, size_t count);

/* The two-sided p-value of silence: a stream with that many independent events in `active_days` has
 * none in the `silent_days` after them (it went silent) or before them (it is new). The probability
 * that all events are on one side is (active / (active + silent))^events for any rate (Przyborowski
 * and Wilenski 1940); if r has a wander, the rate of the silent days may differ by it, and the
 * probability is the mean over Student's distribution. r may be NULL or empty: the level does not
 * wander. At most 1; 1 without events or days. */
double tide_wait_p(double events, double active_days, double silent_days, const tide_reference *r);

/* The rate of the silent days over that of the active ones at which the probability of their
 * silence is `tail`, such as 0.025: the upper bound of an interval for it. Infinite without events
 * or days.
 */
double tide_wait_bound(double events, double active_days, double silent_days, double tail,
                       const tide_reference *r);

/* A stream that is called unchanged neither fell to a tenth nor rose tenfold. */
#define TIDE_OUTCOME_FACTOR 10.0

/* What became of a stream at an event. */
typedef enum tide_outcome {
  TIDE_OUTCOME_NONE,    /* not asked: there is no test */
  TIDE_OUTCOME_TOO_FEW, /* not significant, and even a change by TIDE_OUTCOME_FACTOR may have been
                           missed: too few messages, or too little history */
  TIDE_OUTCOME_SILENT,  /* messages before and significantly none after */
  TIDE_OUTCOME_NEW,     /* significantly none before, as far as was looked, and messages after */
  TIDE_OUTCOME_FELL,
  TIDE_OUTCOME_ROSE,
  TIDE_OUTCOME_UNCHANGED, /* not significant, and the interval excludes such a change */
  TIDE_OUTCOME_COUNT
} tide_outcome;

/* "silent", "too-few" and so on; "" for NONE. */
const char *tide_outcome_name(tide_outcome);

typedef struct tide_outcome_of {
  double before, after; /* messages */
  double ratio;         /* of the rates; looked at where both sides have messages */
  double low, high;     /* its interval */
  double p;             /* of no change, adjusted if there are many tests; NaN if there is none */
  double wait_p;        /* tide_wait_p of the silent side, also adjusted */
  bool too_few;         /* no split of its messages could have been significant */
  bool seen_earlier;    /* before the window before: what comes back is not new, it rose */
} tide_outcome_of;

/* Does the interval of a ratio exclude a change by TIDE_OUTCOME_FACTOR in both directions? If not,
 * a change that is not significant is not called unchanged. */
bool tide_outcome_is_told(double low, double high);
/* level: below which a p-value is news, such as 0.05. */
tide_outcome tide_outcome_judge(const tide_outcome_of *, double level);

#endif
