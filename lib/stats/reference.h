/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reference: how much the ratio of two windows varies at dates when nothing was done. */
#ifndef LIB_STATS_REFERENCE_H
#define LIB_STATS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/contrast.h"
#include "stats/mixture.h"
#include "base/status.h"

enum {
  TIDE_REFERENCE_WINDOWS = 4,     /* windows of history that are needed */
  TIDE_REFERENCE_HALVING = 10,    /* windows in which the weight of a date falls to its half */
  TIDE_REFERENCE_DAYS_MOST = 1095 /* older days say little of today's swings */
};

/* Whole days of 24 hours that end at the event; the last of them is the day before it. */
typedef struct tide_history {
  size_t count;
  const double *value;
  const bool *gap;       /* days on which nothing was collected; NULL: none */
  const double *control; /* the same days of what the event has not touched; NULL: none */
} tide_history;

/* The windows of the comparison in whole days. */
typedef struct tide_reference_windows {
  size_t before, washout, after;
} tide_reference_windows;

typedef struct tide_reference {
  size_t dates;   /* earlier dates whose windows hold no gap and end before the event; 0: there are
                     fewer than TIDE_REFERENCE_WINDOWS windows, which say too little alone */
  double freedom; /* degrees of freedom: days of history in windows over the mean length of one; 0:
                     there is nothing, and nothing else is given */
  double spread;  /* mean square of the logarithm of the ratio at those dates */
  double wander;  /* what of it is more than independent things would show; not below 0 */
  double half_wander; /* of windows half as long, in the same time; NaN: no week is left of them, or
                         it is not known */
  tide_quantity quantity;
  /* With a control spread and wander are those of the ratio over the control's ratio, and there is
   * also: */
  double alone;       /* the spread of the ratio without control */
  double correlation; /* of both ratios' logarithms, about 0; NaN without control */
  /* What wanders is not Student's with this freedom, but normal of a wander that is not known, with
   * `wander` besides. The freedom is infinite then. */
  bool mixed;
  tide_mixture mixture; /* of `mixed` */
} tide_reference;

/* The weight of a date whose windows end so many days before the event: 1 for the nearest, half as
 * much for each TIDE_REFERENCE_HALVING windows. */
double tide_reference_weight(const tide_reference_windows *, size_t ago);

/* The levels of real mail wander over weeks, which no covariance of neighbouring days shows: on two
 * archives of ham the logarithm of the ratio of neighbouring windows of 28 days has twice to three
 * times the standard deviation that a model of days gives (docs/STATISTICS.md). So the archive's
 * own earlier dates are asked: the mean square of the same statistic at every date before the event
 * estimates its variance where nothing happened. It is a mean square about 0, not a variance about
 * the mean: that the ratio is 1 on the whole is known. Overlapping windows are not independent: so
 * many days of history have the degrees of freedom of the windows that fit side by side. The
 * noise of independent things is taken out and put back for the event's own counts, which may be
 * much smaller. Placebo-in-time, as the literature of interrupted time series has it (Turner and
 * others 2021).
 *
 * How far a level strays changes over the years (on linux-media it doubles in ten): a date counts
 * half as much as one that is TIDE_REFERENCE_HALVING windows nearer. So the dates stand for fewer
 * days: the square of the sum of their weights over the sum of the squares (Kish 1965, Survey
 * Sampling).
 *
 * With a control the statistic is a difference in differences on the scale of the logarithm, the
 * control as an offset (Bottomley, Scott and Isham 2019, American Journal of Epidemiology 188,
 * 226-236): what happened to both is in neither its value nor its variance. Where subject and
 * control have nothing in common, its variance is the sum of both.
 *
 * Looks at TIDE_REFERENCE_DAYS_MOST days at most, from the first that has anything, of the control
 * too. TIDE_FATAL when memory is out. */
tide_status tide_reference_estimate(const tide_history *, const tide_reference_windows *,
                                    tide_quantity, tide_reference *out);

/* Do levels wander more over longer windows? Then they have not been seen to end their wandering,
 * and a few windows say little of how far it goes. The wander of windows half as long is exceeded
 * by a fifth at 0 to 17 % of dates on linux-media and linux-mips, but at 46 to 97 % where the level
 * is a random walk or jumps (docs/statistics-methods.md). */
bool tide_reference_grows(const tide_reference *);

/* The same of the step of a model with a trend (tide_contrast_step) at those dates, of which one in
 * a seventh of a window is looked at: so slopes that come and go by themselves are in its variance.
 * The history's control is not looked at. */
tide_status tide_reference_estimate_step(const tide_history *, const tide_reference_windows *,
                                         tide_quantity, const tide_contrast_options *,
                                         tide_reference *out);
/* What is presumed of how far the ratio of windows of so many days (their mean) wanders, beyond
 * what independent things show: variance and noise are those that a model of the days and
 * independence give its logarithm. Days that stray much have levels that do, and the more so the
 * longer the windows. The 90 to 95 % quantiles of the ratio are 1.2, 1.25 and 1.4 times what the
 * model gives at 14, 28 and 56 days on linux-media, and 1.1, 1.3 and 1.4 times on linux-mips;
 * thinned to 2 a day no more, and hardly another on trec07p and nazario (docs/STATISTICS.md). So
 * what the variance has beyond the noise grows by (days / 7)^0.3; to that come 0.15^2, since an
 * archive of steady days may have a level that strays. */
double tide_reference_presumed(double variance, double noise, double days);
/* The same of few things, of which there is no model: their dispersion stands for it, rounded up to
 * a power of 1.25, as thousands of groups have the same few things. */
double tide_reference_presumed_few(double before, double after, double dispersion, double days);

/* Adds what is presumed to what the history showed, as a prior of eight degrees of freedom (a
 * scaled inverse chi-squared one, whose posterior mean is the weighted one: Smyth 2004, Statistical
 * Applications in Genetics and Molecular Biology 3, 3, where many small samples share one). The
 * history has one less than `freedom`, as two windows make one ratio. So where there is no history
 * there is a reference all the same. A history of more than four has its own say: the prior is then
 * worth 32 over them, 1.2 beside three years of windows of four weeks. Were it worth eight always,
 * an archive that swings more than its days let presume would show a change at 7 to 9 % of quiet
 * dates with windows of 28 and 56 days, and not at 5 to 6 % (docs/statistics-tables.md). */
void tide_reference_presume(tide_reference *, double presumed);

/* tide_reference_calibrate for such a step, whose own noise is tide_contrast_step's. */
void tide_reference_calibrate_step(const tide_reference *, double noise, double confidence,
                                   tide_contrast *);

/* Adds the noise that the control's own counts before and after the event give its ratio. To be
 * called once for an estimate that had a control. */
void tide_reference_take_control(tide_reference *, double before, double after);

/* The variance of the logarithm of the ratio that the reference gives counts of so many things
 * before and after. */
double tide_reference_variance(const tide_reference *, double before, double after);

/* Two-sided p-value of such a logarithm of the ratio, by the reference alone; NaN without one. */
double tide_reference_p(const tide_reference *, double log_ratio, double before, double after);

/* Levels that the wander may have brought: the logarithm of the ratio that they make, and how
 * probable each is, by Student's distribution with the reference's freedom, or by its mixture.
 * Student's lie the closer, the narrower `width` is: the change of level over which what is
 * averaged goes from 0 to 1, such as the noise of the counts. Levels further apart than that would
 * make steps of it. */
enum {
  TIDE_WANDER_STEPS = 48,  /* between levels, at least */
  TIDE_WANDER_CLOSER = 32, /* so many times as many at most */
  TIDE_WANDER_LEVELS = TIDE_WANDER_STEPS * TIDE_WANDER_CLOSER + 1
};
typedef struct tide_wander {
  size_t count;
  double level[TIDE_WANDER_LEVELS], weight[TIDE_WANDER_LEVELS];
} tide_wander;
/* One level, 0, where r is NULL or has no wander. */
void tide_reference_wander(const tide_reference *r, double width, tide_wander *out);

/* Widens a contrast to what the reference asks for: its interval and p-value are the reference's,
 * with the model's error instead of the reference's if it is larger. With a mixture the wider
 * interval stays, and the larger p-value. Does nothing where there is no reference or the contrast
 * has no ratio. before and after are the counts in the windows. */
void tide_reference_calibrate(const tide_reference *, double before, double after,
                              double confidence, tide_contrast *);

/* Few things, whose interval is exact (tide_exact_ratio). */
typedef struct tide_reference_few {
  uint64_t before, after;
  double before_days, after_days;
} tide_reference_few;

/* The same where the contrast is the exact one of few things. Given their sum the count after is
 * binomial, but about a ratio that has wandered: the probability of a tail is the mean over what
 * the wander may be (tide_reference_wander). The interval has the
 * ratios at which neither tail is below its half of 1 - confidence, the p-value is twice the
 * smaller tail at ratio 1; of these and what the contrast has the wider and the larger stay.
 * Without wander this is Clopper and Pearson's interval. A silent side has a bound on one side
 * alone, as there. */
void tide_reference_calibrate_exact(const tide_reference *, const tide_reference_few *,
                                    double confidence, tide_contrast *);

#endif
