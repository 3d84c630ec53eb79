/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formula, and nothing else. */
#include "stats/logodds.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

tide_logodds tide_logodds_estimate(const tide_logodds_counts *c) {
  const double with_before = c->before + c->prior, with_after = c->after + c->prior,
               without_before = c->all_before + c->all_prior - with_before,
               without_after = c->all_after + c->all_prior - with_after;
  if (!(with_before > 0 && with_after > 0 && without_before > 0 && without_after > 0))
    return (tide_logodds){NAN, NAN, NAN};
  tide_logodds x = {.log_odds =
                        log(with_after / without_after) - log(with_before / without_before)};
  const double variance = 1 / with_after + 1 / without_after + 1 / with_before + 1 / without_before;
  x.z = x.log_odds / sqrt(variance);
  x.p = 2 * gsl_cdf_ugaussian_Q(fabs(x.z));
  return x;
}
