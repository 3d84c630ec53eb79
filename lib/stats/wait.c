/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams that stop or begin. Messages come in mailings: what counts is how many independent events
 * they are worth, and whether so many could have missed the silent side by chance. */
#include "stats/wait.h"

#include <math.h>

/* Days apart at which a mailing is taken to be over. */
enum { WEEK = 7 };

double tide_wait_events(const double *days, size_t count) {
  double sum = 0, covariance = 0;
  for (size_t i = 0; i < count; i++)
    sum += days[i];
  if (!(sum > 0))
    return 0;
  if (count == 1)
    return sum;
  const double n = (double)count, mean = sum / n;
  double variance = 0;
  for (size_t lag = 0; lag < WEEK && lag < count; lag++) {
    double products = 0;
    for (size_t i = lag; i < count; i++)
      products += (days[i] - mean) * (days[i - lag] - mean);
    if (lag)
      covariance += 2 * (1 - (double)lag / WEEK) * products;
    else
      variance = products;
  }
  /* Days that avoid each other are luck, not knowledge; so is less spread than independent events
   * have. */
  const double dispersion = fmax(variance, variance + covariance) / (n - 1) / mean;
  return fmax(sum / fmax(dispersion, 1), 1);
}

/* Over so much of a logarithm silence goes from sure to improbable, however many the events. */
static const double silence_width = 1;

/* The probability of silence where silent days are as long as `exposure` active ones. */
static double silence(double events, double exposure, const tide_wander *w) {
  double p = 0;
  for (size_t i = 0; i < w->count; i++)
    p += w->weight[i] * exp(-events * log1p(exposure * exp(w->level[i])));
  return p;
}

double tide_wait_bound(double events, double active_days, double silent_days, double tail,
                       const tide_reference *r) {
  enum { HALVINGS = 60 };
  tide_wander wander;
  double low = -40, high = 40; /* logarithms */
  if (!(events > 0) || !(active_days > 0) || !(silent_days > 0))
    return INFINITY;
  tide_reference_wander(r, silence_width, &wander);
  for (int i = 0; i < HALVINGS; i++) {
    const double middle = (low + high) / 2;
    if (silence(events, silent_days / active_days * exp(middle), &wander) > tail)
      low = middle;
    else
      high = middle;
  }
  return exp((low + high) / 2);
}

double tide_wait_p(double events, double active_days, double silent_days, const tide_reference *r) {
  tide_wander wander;
  if (!(events > 0) || !(active_days > 0) || !(silent_days > 0))
    return 1;
  tide_reference_wander(r, silence_width, &wander);
  return fmin(2 * silence(events, silent_days / active_days, &wander), 1);
}

const char *tide_outcome_name(tide_outcome outcome) {
  switch (outcome) {
  case TIDE_OUTCOME_TOO_FEW: return "too-few";
  case TIDE_OUTCOME_SILENT: return "silent";
  case TIDE_OUTCOME_NEW: return "new";
  case TIDE_OUTCOME_FELL: return "fell";
  case TIDE_OUTCOME_ROSE: return "rose";
  case TIDE_OUTCOME_UNCHANGED: return "unchanged";
  case TIDE_OUTCOME_NONE:
  case TIDE_OUTCOME_COUNT: break;
  }
  return "";
}

bool tide_outcome_is_told(double low, double high) {
  return low > 1 / TIDE_OUTCOME_FACTOR && high < TIDE_OUTCOME_FACTOR;
}

tide_outcome tide_outcome_judge(const tide_outcome_of *o, double level) {
  const bool one_side = !(o->before > 0) || !(o->after > 0);
  if (!(o->before + o->after > 0))
    return TIDE_OUTCOME_TOO_FEW;
  if (o->before > 0 && one_side && o->wait_p < level)
    return TIDE_OUTCOME_SILENT;
  if (one_side && o->wait_p < level)
    return o->seen_earlier ? TIDE_OUTCOME_ROSE : TIDE_OUTCOME_NEW;
  if (o->too_few || one_side || isnan(o->p))
    return TIDE_OUTCOME_TOO_FEW;
  if (!(o->p < level))
    return tide_outcome_is_told(o->low, o->high) ? TIDE_OUTCOME_UNCHANGED : TIDE_OUTCOME_TOO_FEW;
  return o->ratio < 1 ? TIDE_OUTCOME_FELL : TIDE_OUTCOME_ROSE;
}
