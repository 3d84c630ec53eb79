/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wait: is it news that a stream of messages has stopped, or that it had not begun? */
#ifndef LIB_STATS_WAIT_H
#define LIB_STATS_WAIT_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/reference.h"

/* How many independent events the counts of consecutive days are worth, at least 1 where any is
 * above 0, at most their sum: the sum over the days' dispersion, whose numerator has the
 * covariances of days up to a week apart with Bartlett's weights (Newey and West 1987). Ten
 * messages of one day are worth one event, ten on ten days that lie anyhow are worth ten; of a
 * single day nothing is known, and each of its messages counts. A run of messages, such as a
 * mailing, comes as one and stops as one. 0 without days or messages. */
double tide_wait_events(const double *days, size_t count);

/* The two-sided p-value of silence: a stream that had so many independent events in `active_days`
 * has none in the `silent_days` beside them, which may lie after (it went silent) or before (it is
 * new). Given that all events are on one side, that happens with probability (active / (active +
 * silent))^events whatever its rate is (Przyborowski and Wilenski 1940); where r has a wander, the
 * rate of the silent days may differ by it, and the probability is the mean over Student's
 * distribution. r may be NULL or empty: the level does not wander. At most 1; 1 without events or
 * days. */
double tide_wait_p(double events, double active_days, double silent_days, const tide_reference *r);

/* The rate of the silent days over that of the active ones at which the probability of their
 * silence is `tail`, such as 0.025: the upper bound of an interval for it. Infinite without events
 * or days.
 */
double tide_wait_bound(double events, double active_days, double silent_days, double tail,
                       const tide_reference *r);

/* What is called unchanged neither fell to a tenth nor rose tenfold. */
#define TIDE_OUTCOME_FACTOR 10.0

/* What became of a stream at an event. */
typedef enum tide_outcome {
  TIDE_OUTCOME_NONE,    /* not asked: there is no test */
  TIDE_OUTCOME_TOO_FEW, /* no news, and even a change by the factor TIDE_OUTCOME_FACTOR may have
                           been missed: too few messages, or too little history */
  TIDE_OUTCOME_SILENT,  /* messages before, none after, and that is news */
  TIDE_OUTCOME_NEW,     /* none before, as far as was looked, messages after, and that is news */
  TIDE_OUTCOME_FELL,
  TIDE_OUTCOME_ROSE,
  TIDE_OUTCOME_UNCHANGED, /* no news, and the interval leaves such a change out */
  TIDE_OUTCOME_COUNT
} tide_outcome;

/* "silent", "too-few" and so on; "" of NONE. */
const char *tide_outcome_name(tide_outcome);

typedef struct tide_outcome_of {
  double before, after; /* messages */
  double ratio;         /* of the rates; looked at where both sides have messages */
  double low, high;     /* its interval */
  double p;             /* of no change, adjusted where there are many tests; NaN: there is none */
  double wait_p;        /* tide_wait_p of the silent side, adjusted likewise */
  bool too_few;         /* no split of its messages could have been significant */
  bool seen_earlier;    /* before the window before: what comes back is not new, it rose */
} tide_outcome_of;

/* Does the interval of a ratio leave out that it changed by TIDE_OUTCOME_FACTOR, either way? Where
 * it does not, a change that is no news is not called unchanged. */
bool tide_outcome_is_told(double low, double high);
/* level: below which a p-value is news, such as 0.05. */
tide_outcome tide_outcome_judge(const tide_outcome_of *, double level);

#endif
