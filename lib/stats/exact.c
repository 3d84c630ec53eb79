/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Given their sum, one of two Poisson counts is binomial: intervals are Clopper and Pearson's,
 * found by the odds. */
#include "stats/exact.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>

#include "base/limits.h"
#include "root.h"

typedef struct beta_point {
  double a, b, tail;
  bool upper;
} beta_point;

/* In log odds, so that bounds near 0 and near 1 are found as exactly as others. */
static double beta_excess(double odds, void *context) {
  const beta_point *p = context;
  double x = 1 / (1 + exp(-odds));
  return (p->upper ? gsl_cdf_beta_Q(x, p->a, p->b) : gsl_cdf_beta_P(x, p->a, p->b)) - p->tail;
}

/* The odds below which (upper: above which) a beta variable is with probability tail. */
static tide_status beta_odds(double a, double b, double tail, bool upper, double *odds) {
  beta_point point = {a, b, tail, upper};
  gsl_function f = {.function = beta_excess, .params = &point};
  double found;
  TIDE_TRY(tide_root_find(&f, -700, 700, 500, &found));
  *odds = exp(found);
  return TIDE_OK;
}

/* Two-sided: both tails of splits no likelier than x. The factor lets through what differs by
 * rounding alone, as R's binom.test does. */
/* Of `from` and more of n. */
static double upper_tail(unsigned from, double p, unsigned n) {
  if (from > n)
    return 0;
  return from == 0 ? 1 : gsl_cdf_binomial_Q(from - 1, p, n);
}

static double binomial_p(unsigned x, unsigned n, double p) {
  double limit = gsl_ran_binomial_pdf(x, p, n) * (1 + 1e-7), mean = n * p;
  if (x == mean)
    return 1;
  bool low = x < mean;
  /* The mass falls on either side of the mean: the first split beyond it that is unlikely enough is
   * found by halving. */
  unsigned from = low ? (unsigned)ceil(mean) : 0, to = low ? n + 1 : (unsigned)floor(mean) + 1;
  while (from < to) {
    unsigned middle = from + (to - from) / 2;
    bool unlikely = gsl_ran_binomial_pdf(middle, p, n) <= limit;
    if (unlikely == low)
      to = middle;
    else
      from = middle + 1;
  }
  double sum;
  if (low)
    sum = gsl_cdf_binomial_P(x, p, n) + upper_tail(from, p, n);
  else
    sum = (x == 0 ? 1 : gsl_cdf_binomial_Q(x - 1, p, n)) +
          (from == 0 ? 0 : gsl_cdf_binomial_P(from - 1, p, n));
  return sum < 1 ? sum : 1;
}

tide_status tide_exact_ratio(uint64_t before, uint64_t after, double before_days, double after_days,
                             double confidence, tide_exact *out) {
  if (before > TIDE_LIMIT_EXACT || after > TIDE_LIMIT_EXACT || before + after == 0 ||
      before + after > TIDE_LIMIT_EXACT)
    return TIDE_FAIL;
  gsl_set_error_handler_off();
  double tail = (1 - confidence) / 2, days = before_days / after_days, b = (double)before,
         a = (double)after;
  double low = 0, high = INFINITY;
  if ((after && beta_odds(a, b + 1, tail, false, &low) != TIDE_OK) ||
      (before && beta_odds(a + 1, b, tail, true, &high) != TIDE_OK))
    return TIDE_FATAL;
  out->low = low * days;
  out->high = high * days;
  out->p = binomial_p((unsigned)after, (unsigned)(before + after),
                      after_days / (before_days + after_days));
  return TIDE_OK;
}
