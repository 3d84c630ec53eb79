/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tails of GSL's distributions, with what these do not take kept away from them. */
#include "stats/overlap.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

double tide_overlap_p(uint64_t all, uint64_t a, uint64_t b, uint64_t common) {
  const uint64_t most = INT32_MAX;
  if (all > most)
    all = most;
  if (a > all)
    a = all;
  if (b > all)
    b = all;
  if (common == 0)
    return 1;
  if (common > a || common > b)
    return 0;
  gsl_set_error_handler_off();
  const double p =
      gsl_cdf_hypergeometric_Q((unsigned)common - 1, (unsigned)a, (unsigned)(all - a), (unsigned)b);
  return p < 1 ? p : 1;
}

double tide_agreement_p(uint64_t draws, uint64_t pairs, double kinds) {
  const double mean = (double)draws * ((double)draws - 1) / (2 * kinds);
  if (!(mean > 0))
    return 1;
  gsl_set_error_handler_off();
  /* The tail of Poisson's distribution by that of the gamma distribution, which takes any number.
   */
  return gsl_cdf_gamma_Q(mean, (double)pairs + 1, 1);
}

tide_richness tide_richness_least(uint64_t seen, uint64_t once, uint64_t twice,
                                  uint64_t occasions) {
  const double z = 1.959963984540054, t = (double)occasions, a = (t - 1) / t, f1 = (double)once,
               f2 = (double)twice, pairs = f1 * (f1 - 1), more = f2 + 1;
  const double unseen = a * pairs / (2 * more);
  tide_richness r = {(double)seen + unseen, (double)seen, (double)seen};
  if (!(unseen > 0)) {
    r.least = (double)seen;
    return r;
  }
  const double variance = a * pairs / (2 * more) +
                          a * a * f1 * (2 * f1 - 1) * (2 * f1 - 1) / (4 * more * more) +
                          a * a * f1 * f1 * f2 * (f1 - 1) * (f1 - 1) / (4 * pow(more, 4));
  const double spread = exp(z * sqrt(log1p(variance / (unseen * unseen))));
  r.low = (double)seen + unseen / spread;
  r.high = (double)seen + unseen * spread;
  return r;
}
