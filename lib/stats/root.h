/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a function of one number is 0. */
#ifndef LIB_STATS_ROOT_H
#define LIB_STATS_ROOT_H

#include <gsl/gsl_math.h>

#include "base/status.h"

/* Brent's method between two places at which f has different signs: *root to 1e-12, or as near as
 * `steps` steps came; NaN if there is none. TIDE_FATAL when out of memory. */
tide_status tide_root_find(gsl_function *f, double low, double high, int steps, double *root);

#endif
