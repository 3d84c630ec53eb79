/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the kinds. */
#include "stats/mixture.h"

#include <math.h>

double tide_mixture_deviation(size_t kind) {
  static const double least = 0.02, step = 1.4;
  return least * pow(step, (double)kind);
}

double tide_mixture_variance(const tide_mixture *m, size_t kind, double more) {
  const double deviation = tide_mixture_deviation(kind);
  return deviation * deviation * m->growth + more;
}

double tide_mixture_tail(const tide_mixture *m, double more, double x) {
  double sum = 0;
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    sum += m->weight[k] * erfc(x / sqrt(2 * tide_mixture_variance(m, k, more)));
  return sum;
}

double tide_mixture_bound(const tide_mixture *m, double more, double tail) {
  enum { HALVINGS = 48 };
  double low = 0, high = 1000;
  for (int i = 0; i < HALVINGS; i++) {
    const double middle = (low + high) / 2;
    if (tide_mixture_tail(m, more, middle) > tail)
      low = middle;
    else
      high = middle;
  }
  return high;
}
