/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a function of one number is 0. */
#include "root.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdbool.h>

tide_status tide_root_find(gsl_function *f, double low, double high, int steps, double *root) {
  gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (!solver)
    return TIDE_FATAL;
  bool over = gsl_root_fsolver_set(solver, f, low, high) != GSL_SUCCESS;
  *root = NAN;
  for (int i = 0; i < steps && !over && gsl_root_fsolver_iterate(solver) == GSL_SUCCESS; i++) {
    *root = gsl_root_fsolver_root(solver);
    over = gsl_root_test_interval(gsl_root_fsolver_x_lower(solver),
                                  gsl_root_fsolver_x_upper(solver), 1e-12, 0) == GSL_SUCCESS;
  }
  gsl_root_fsolver_free(solver);
  return TIDE_OK;
}
