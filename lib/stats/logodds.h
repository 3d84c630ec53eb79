/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weighted log-odds ratios: whose share of a whole changed, when many things share it. */
#ifndef LIB_STATS_LOGODDS_H
#define LIB_STATS_LOGODDS_H

#include <stdint.h>

/* Counts of one thing and of all things, on two sides; and how many the prior holds of each. */
typedef struct tide_logodds_counts {
  double before, after;         /* of the thing */
  double all_before, all_after; /* of all things together */
  double prior, all_prior;      /* above 0 */
} tide_logodds_counts;

typedef struct tide_logodds {
  double log_odds; /* natural; above 0 if the thing's share is larger after */
  double z;        /* over its standard error */
  double p;        /* two-sided, of the normal distribution */
} tide_logodds;

/* The log-odds ratio of after to before with an informative Dirichlet prior, over its standard
 * error: Monroe, Colaresi and Quinn, "Fightin' Words" (Political Analysis 16, 2008). Of the
 * variance their approximation leaves out what the other things add; here it is kept, as it matters
 * where one thing is most of the whole. All NaN if a side's odds are not positive. */
tide_logodds tide_logodds_estimate(const tide_logodds_counts *);

#endif
