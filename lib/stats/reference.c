/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The archive's own earlier dates as the measure of what a ratio of two windows is worth. */
#include "stats/reference.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

/* Below so many things on a side half of one is added to both, so that an empty window has a
 * logarithm (Haldane 1956; Anscombe 1956). */
enum { COUNT_SMALL = 5 };

/* Of what is presumed: see tide_reference_presumed. */
static const double presumed_days = 7, presumed_power = 0.3, presumed_least = 0.15,
                    presumed_freedom = 8, history_freedom = 4;

/* Running totals of the first i days: of values, those of the control, and gaps. */
typedef struct totals {
  double *value, *control;
  size_t *gaps;
} totals;

static void totals_free(totals *t) {
  free(t->value);
  free(t->control);
  free(t->gaps);
}

static tide_status totals_make(const tide_history *h, size_t skip, totals *t) {
  size_t count = h->count - skip;
  t->value = calloc(count + 1, sizeof *t->value);
  t->control = calloc(count + 1, sizeof *t->control);
  t->gaps = calloc(count + 1, sizeof *t->gaps);
  if (!t->value || !t->control || !t->gaps) {
    totals_free(t);
    return TIDE_FATAL;
  }
  for (size_t i = 0; i < count; i++) {
    const bool gap = h->gap && h->gap[skip + i];
    t->value[i + 1] = t->value[i] + (gap ? 0 : h->value[skip + i]);
    t->control[i + 1] = t->control[i] + (gap || !h->control ? 0 : h->control[skip + i]);
    t->gaps[i + 1] = t->gaps[i] + gap;
  }
  return TIDE_OK;
}

/* Of counts before and after the logarithm of their ratio, and the variance that independent things
 * give it. */
typedef struct count_ratio {
  double value, noise;
} count_ratio;

static count_ratio log_ratio_of(double before, double after) {
  if (before < COUNT_SMALL || after < COUNT_SMALL) {
    before += 0.5;
    after += 0.5;
  }
  return (count_ratio){log(after / before), 1 / before + 1 / after};
}

/* The same of the days before a date and after it, of a running total. */
static count_ratio log_ratio_at(const double *sum, size_t from, const tide_reference_windows *w) {
  const size_t date = from + w->before, begin = date + w->washout;
  return log_ratio_of(sum[date] - sum[from], sum[begin + w->after] - sum[begin]);
}

static bool any_at(const double *sum, size_t from, const tide_reference_windows *w) {
  const size_t date = from + w->before, begin = date + w->washout;
  return sum[date] > sum[from] || sum[begin + w->after] > sum[begin];
}

/* The first day on which a series has anything. */
static size_t begin_of(const double *value, size_t count) {
  size_t day = 0;
  while (day < count && !(value[day] > 0))
    day++;
  return day;
}

/* The day that the history begins with. Before a stream's first message, and the control's, there
 * is no level that could have wandered: two mailboxes seldom begin on one day. */
static size_t history_begin(const tide_history *h) {
  size_t begin = begin_of(h->value, h->count);
  if (h->control && begin_of(h->control, h->count) > begin)
    begin = begin_of(h->control, h->count);
  if (h->count > TIDE_REFERENCE_DAYS_MOST && h->count - TIDE_REFERENCE_DAYS_MOST > begin)
    begin = h->count - TIDE_REFERENCE_DAYS_MOST;
  return begin;
}

/* Sums over earlier dates, each with the weight of its nearness. */
typedef struct weighed {
  size_t dates;
  double weight, weight_squares;
  double squares, noise;         /* of the statistic, and the variance of independent things */
  double own, control, products; /* of squares of both ratios, and of their products */
  const tide_reference_windows *windows; /* whose length the weights go by */
} weighed;

double tide_reference_weight(const tide_reference_windows *w, size_t ago) {
  const double halving = (double)(TIDE_REFERENCE_HALVING * (w->before + w->after)) / 2;
  return exp2(-(double)ago / halving);
}

/* The weight of a date whose windows end so many days before the event. */
static double weighed_next(weighed *sums, size_t ago) {
  const double weight = tide_reference_weight(sums->windows, ago);
  sums->dates++;
  sums->weight += weight;
  sums->weight_squares += weight * weight;
  return weight;
}

/* Takes what the dates, of which one in `stride` was looked at, say. Their weights make them worth
 * fewer (Kish 1965). Days of the washout are in no window. */
static void weighed_take(const weighed *sums, const tide_reference_windows *w, size_t stride,
                         tide_reference *out) {
  const double length = (double)(w->before + w->after), window = length / 2,
               worth = sums->weight * sums->weight / sums->weight_squares;
  if (!sums->dates)
    return;
  out->freedom = ((worth - 1) * (double)stride + length) / window;
  if (((double)(sums->dates - 1) * (double)stride + length) / window >= TIDE_REFERENCE_WINDOWS)
    out->dates = sums->dates;
  out->spread = out->wander = sums->squares / sums->weight;
  if (out->quantity == TIDE_QUANTITY_COUNT)
    out->wander = fmax(out->spread - sums->noise / sums->weight, 0);
}

static tide_status ratios_estimate(const tide_history *h, const tide_reference_windows *w,
                                   const tide_reference_windows *weights, tide_reference *out) {
  const size_t span = w->before + w->washout + w->after, skip = history_begin(h);
  if (!w->before || !w->after)
    return TIDE_OK;
  size_t count = h->count - skip;
  if (count < span)
    return TIDE_OK;
  totals t;
  if (totals_make(h, skip, &t) != TIDE_OK)
    return TIDE_FATAL;
  weighed sums = {.windows = weights};
  const double rates = log((double)w->before / (double)w->after);
  for (size_t from = 0; from + span <= count; from++) {
    if (t.gaps[from + span] > t.gaps[from] || !any_at(t.value, from, w))
      continue;
    if (h->control && !any_at(t.control, from, w))
      continue;
    const double weight = weighed_next(&sums, count - span - from);
    const count_ratio ratio = log_ratio_at(t.value, from, w);
    count_ratio other = {-rates, 0};
    if (h->control)
      other = log_ratio_at(t.control, from, w);
    sums.squares += weight * (ratio.value - other.value) * (ratio.value - other.value);
    sums.noise += weight * (ratio.noise + other.noise);
    sums.own += weight * (ratio.value + rates) * (ratio.value + rates);
    sums.control += weight * (other.value + rates) * (other.value + rates);
    sums.products += weight * (ratio.value + rates) * (other.value + rates);
  }
  totals_free(&t);
  weighed_take(&sums, w, 1, out);
  if (sums.dates)
    out->alone = sums.own / sums.weight;
  if (sums.dates && h->control)
    out->correlation = sums.products / sqrt(sums.own * sums.control);
  return TIDE_OK;
}

tide_status tide_reference_estimate(const tide_history *h, const tide_reference_windows *w,
                                    tide_quantity quantity, tide_reference *out) {
  enum { HALF_LEAST = 7 };
  const tide_reference_windows half = {w->before / 2, w->washout, w->after / 2};
  const tide_reference none = {.quantity = quantity, .correlation = NAN, .half_wander = NAN};
  tide_reference of_half = none;
  *out = none;
  TIDE_TRY(ratios_estimate(h, w, w, out));
  if (!out->dates || half.before < HALF_LEAST || half.after < HALF_LEAST)
    return TIDE_OK;
  TIDE_TRY(ratios_estimate(h, &half, w, &of_half));
  out->half_wander = of_half.wander;
  return TIDE_OK;
}

bool tide_reference_grows(const tide_reference *r) {
  static const double growth_much = 1.2;
  return r->dates && r->wander > presumed_least * presumed_least &&
         r->wander > growth_much * r->half_wander;
}

double tide_reference_presumed(double variance, double noise, double days) {
  const double growth = pow(fmax(days, presumed_days) / presumed_days, presumed_power);
  return fmax(variance - noise, 0) * growth + presumed_least * presumed_least;
}

double tide_reference_presumed_few(double before, double after, double dispersion, double days) {
  const double noise = 1 / (before + 0.5) + 1 / (after + 0.5), grid = log(1.25);
  /* What rounding leaves of a power is no step more. */
  static const double rounding = 1e-9;
  /* NaN, where a day is all there is, is 1. */
  const double bursts = dispersion > 1 ? exp(grid * ceil(log(dispersion) / grid - rounding)) : 1;
  return tide_reference_presumed(noise * bursts, noise, days);
}

void tide_reference_presume(tide_reference *r, double presumed) {
  const double known = r->freedom > 1 ? r->freedom - 1 : 0,
               prior = presumed_freedom * fmin(1, history_freedom / fmax(known, 1));
  r->freedom = prior + known;
  r->wander = (prior * presumed + known * r->wander) / r->freedom;
  r->spread = (prior * presumed + known * r->spread) / r->freedom;
}

void tide_reference_take_control(tide_reference *r, double before, double after) {
  if (r->quantity == TIDE_QUANTITY_COUNT)
    r->wander += log_ratio_of(before, after).noise;
}

double tide_reference_variance(const tide_reference *r, double before, double after) {
  if (r->quantity != TIDE_QUANTITY_COUNT)
    return r->spread;
  return r->wander + log_ratio_of(before, after).noise;
}

/* The chance that a logarithm with that variance, beside the mixture's, is further from 0. */
static double tail_of(const tide_reference *r, double variance, double log_ratio) {
  return r->mixed ? tide_mixture_tail(&r->mixture, variance, fabs(log_ratio))
                  : 2 * gsl_cdf_tdist_Q(fabs(log_ratio) / sqrt(variance), r->freedom);
}

/* Where that chance is `tail`. */
static double bound_of(const tide_reference *r, double variance, double tail) {
  return r->mixed ? tide_mixture_bound(&r->mixture, variance, tail)
                  : sqrt(variance) * gsl_cdf_tdist_Qinv(tail / 2, r->freedom);
}

double tide_reference_p(const tide_reference *r, double log_ratio, double before, double after) {
  const double variance = tide_reference_variance(r, before, after);
  return r->dates && variance > 0 ? tail_of(r, variance, log_ratio) : NAN;
}

/* Widens a contrast to a variance of its logarithm. Of the model's variance and the reference's the
 * larger counts, but by the reference's distribution: a model of 14 + 14 days has eight degrees of
 * freedom or so, and its interval would be the wider one at half of the dates for them alone. */
static void widen(const tide_reference *r, double variance, double confidence, tide_contrast *c) {
  if (!(r->freedom > 0) || !(c->ratio > 0) || !isfinite(c->ratio) || !(variance > 0))
    return;
  if (!r->mixed) {
    variance = fmax(variance, c->standard_error * c->standard_error);
    c->low = c->high = c->p = NAN;
  }
  const double log_ratio = log(c->ratio);
  const double half = bound_of(r, variance, 1 - confidence);
  const double p = tail_of(r, variance, log_ratio);
  /* NaN, where the model gave nothing, loses against the reference. */
  if (!(c->low < exp(log_ratio - half)))
    c->low = exp(log_ratio - half);
  if (!(c->high > exp(log_ratio + half)))
    c->high = exp(log_ratio + half);
  if (!(c->p > p)) {
    c->p = p;
    c->standard_error =
        r->mixed ? half / gsl_cdf_ugaussian_Qinv((1 - confidence) / 2) : sqrt(variance);
    c->freedom = r->freedom;
  }
}

void tide_reference_calibrate(const tide_reference *r, double before, double after,
                              double confidence, tide_contrast *c) {
  widen(r, tide_reference_variance(r, before, after), confidence, c);
}

/* --- steps --- */

/* Days around a date as a series. */
typedef struct around {
  double *value, *days, *start;
  tide_series series;
} around;

static tide_status around_open(around *a, const tide_reference_windows *w) {
  const size_t count = w->before + w->after;
  a->value = calloc(3 * count + 1, sizeof *a->value);
  if (!a->value)
    return TIDE_FATAL;
  a->days = a->value + count;
  a->start = a->days + count;
  for (size_t i = 0; i < count; i++) {
    a->days[i] = 1;
    a->start[i] = (double)i - (double)w->before + (i < w->before ? 0 : (double)w->washout);
  }
  a->series = (tide_series){count, a->value, a->days, a->start};
  return TIDE_OK;
}

/* false where a day of it is a gap. */
static bool around_fill(around *a, const tide_history *h, const tide_reference_windows *w,
                        size_t from) {
  for (size_t i = 0; i < w->before + w->washout + w->after; i++)
    if (h->gap && h->gap[from + i])
      return false;
  for (size_t i = 0; i < w->before + w->after; i++)
    a->value[i] = h->value[from + i + (i < w->before ? 0 : w->washout)];
  return true;
}

tide_status tide_reference_estimate_step(const tide_history *h, const tide_reference_windows *w,
                                         tide_quantity quantity, const tide_contrast_options *o,
                                         tide_reference *out) {
  enum { A_WINDOW = 7 }; /* dates in the length of a window */
  const size_t span = w->before + w->washout + w->after;
  size_t stride = (w->before + w->after) / 2 / A_WINDOW;
  weighed sums = {.windows = w};
  around a = {0};
  *out = (tide_reference){.quantity = quantity, .correlation = NAN, .half_wander = NAN};
  if (!w->before || !w->after)
    return TIDE_OK;
  stride += !stride;
  tide_status status = around_open(&a, w);
  for (size_t from = history_begin(h); from + span <= h->count && status == TIDE_OK;
       from += stride) {
    double step, own;
    if (!around_fill(&a, h, w, from))
      continue;
    status = tide_contrast_step(&a.series, o, &step, &own);
    if (status != TIDE_OK || !isfinite(step))
      continue;
    const double weight = weighed_next(&sums, h->count - span - from);
    sums.squares += weight * step * step;
    sums.noise += weight * own;
  }
  free(a.value);
  if (status != TIDE_OK)
    return status;
  weighed_take(&sums, w, stride, out);
  out->alone = out->spread;
  return TIDE_OK;
}

void tide_reference_calibrate_step(const tide_reference *r, double noise, double confidence,
                                   tide_contrast *c) {
  widen(r, r->quantity == TIDE_QUANTITY_COUNT ? r->wander + noise : r->spread, confidence, c);
}

/* --- few things --- */

/* At the hyperbolic sines of equal steps: close together in the middle of Student's distribution,
 * and as far out as its tails matter. */
static const double level_step = 0.25;
/* In standard deviations: how far apart they are where its tails end, of what is a step or not. */
static const double level_apart = 0.7;
enum {
  LEVELS_SIDE = TIDE_WANDER_STEPS / 2,
  NODES = LEVELS_SIDE * TIDE_WANDER_CLOSER,
  HALVINGS = 48
};

/* The nodes are the same for all references, so their sinh and cosh are known before main; and so
 * are the weights that a mixture's kinds have there, if nothing else comes to their variance. */
static double node_sinh[NODES + 1], node_cosh[NODES + 1],
    node_kind[TIDE_MIXTURE_KINDS][LEVELS_SIDE + 1];
/* Of a mixture, before it grows: the nodes are 0.025 apart in the middle and reach to 20. */
static const double mixture_unit = 0.1;

/* Of a normal distribution, 1 in all, on a side and in the middle. */
static void kind_weigh(double unit, double variance, double weight[LEVELS_SIDE + 1]) {
  double whole = 0;
  for (int i = 0; i <= LEVELS_SIDE; i++) {
    const double level = unit * node_sinh[i * TIDE_WANDER_CLOSER];
    weight[i] = exp(-level * level / (2 * variance)) * node_cosh[i * TIDE_WANDER_CLOSER];
    whole += i ? 2 * weight[i] : weight[i];
  }
  for (int i = 0; i <= LEVELS_SIDE; i++)
    weight[i] /= whole;
}

__attribute__((constructor)) static void make_nodes(void) {
  for (int i = 0; i <= NODES; i++) {
    node_sinh[i] = sinh(level_step * i / TIDE_WANDER_CLOSER);
    node_cosh[i] = cosh(level_step * i / TIDE_WANDER_CLOSER);
  }
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++) {
    const double deviation = tide_mixture_deviation(k);
    kind_weigh(mixture_unit, deviation * deviation, node_kind[k]);
  }
}

static void mixture_wander(const tide_reference *r, tide_wander *out) {
  const double unit = mixture_unit * sqrt(r->mixture.growth);
  double own[LEVELS_SIDE + 1], sum[LEVELS_SIDE + 1] = {0};
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++) {
    const double *weight = node_kind[k];
    if (r->wander > 0) {
      kind_weigh(unit, tide_mixture_variance(&r->mixture, k, r->wander), own);
      weight = own;
    }
    for (int i = 0; i <= LEVELS_SIDE; i++)
      sum[i] += r->mixture.weight[k] * weight[i];
  }
  for (int i = 0; i <= LEVELS_SIDE; i++) {
    const double level = unit * node_sinh[i * TIDE_WANDER_CLOSER];
    out->level[LEVELS_SIDE + i] = level;
    out->level[LEVELS_SIDE - i] = -level;
    out->weight[LEVELS_SIDE + i] = out->weight[LEVELS_SIDE - i] = sum[i];
  }
}

/* Is there anything that could have wandered? */
static bool has_wander(const tide_reference *r) {
  return r->mixed || (r->freedom > 0 && r->wander > 0);
}

/* Into how many parts each step is cut: a power of two. */
static int closer_of(const tide_reference *r, double width) {
  int closer = 1;
  while (closer < TIDE_WANDER_CLOSER && level_apart * sqrt(r->wander) > closer * width)
    closer *= 2;
  return closer;
}

static void student_wander(const tide_reference *r, double width, tide_wander *out) {
  const int closer = closer_of(r, width), side = LEVELS_SIDE * closer,
            stride = TIDE_WANDER_CLOSER / closer;
  double whole = 0;
  out->count = 2 * (size_t)side + 1;
  for (int i = 0; i <= side; i++) {
    const double t = node_sinh[i * stride], level = sqrt(r->wander) * t;
    /* Student's density without its constant, of which only `whole` would take note. */
    const double weight =
        exp(-(r->freedom + 1) / 2 * log1p(t * t / r->freedom)) * node_cosh[i * stride];
    out->level[side + i] = level;
    out->level[side - i] = -level;
    out->weight[side + i] = out->weight[side - i] = weight;
    whole += i ? 2 * weight : weight;
  }
  for (size_t i = 0; i < out->count; i++)
    out->weight[i] /= whole;
}

void tide_reference_wander(const tide_reference *r, double width, tide_wander *out) {
  out->count = 1;
  out->level[0] = 0;
  out->weight[0] = 1;
  if (!r || !has_wander(r))
    return;
  if (r->mixed) {
    out->count = TIDE_WANDER_STEPS + 1;
    mixture_wander(r, out);
    return;
  }
  student_wander(r, width, out);
}

typedef struct mixture {
  unsigned before, after;
  double exposure; /* ln(after_days / before_days) */
  tide_wander wander;
} mixture;

/* The probability that of n things at most k have odds of exp(log_odds), by its terms: those of GSL
 * are incomplete beta functions, which take ten times as long. NaN where the first is too small for
 * a number. */
static double at_most(unsigned k, unsigned n, double log_odds) {
  static const double smallest = -700;
  const double odds = exp(log_odds), none = -(double)n * log1p(odds);
  double term = exp(none), sum = term;
  for (unsigned i = 1; i <= k; i++) {
    term *= odds * (double)(n - i + 1) / (double)i;
    sum += term;
  }
  return none > smallest ? sum : NAN;
}

/* The probability that no more than `after` come after. */
static double lower_tail(unsigned before, unsigned after, double log_odds) {
  enum { TERMS_MOST = 256 };
  const unsigned n = before + after;
  double p = NAN;
  if (!before)
    return 1;
  if (n <= TERMS_MOST)
    p = at_most(after, n, log_odds);
  if (n <= TERMS_MOST && isnan(p))
    p = 1 - at_most(before - 1, n, -log_odds);
  return isnan(p) ? gsl_cdf_binomial_P(after, 1 / (1 + exp(-log_odds)), n) : fmin(fmax(p, 0), 1);
}

/* The probability that of before + after things no more (upper: no fewer) than `after` come after,
 * where the logarithm of the ratio is log_ratio. */
static double mixture_tail(const mixture *m, double log_ratio, bool upper) {
  double sum = 0;
  for (size_t i = 0; i < m->wander.count; i++) {
    const double log_odds = log_ratio + m->exposure + m->wander.level[i];
    sum += m->wander.weight[i] * (upper ? lower_tail(m->after, m->before, -log_odds)
                                        : lower_tail(m->before, m->after, log_odds));
  }
  return sum;
}

/* The logarithm of the ratio at which that probability is `tail`. */
static double mixture_bound(const mixture *m, double tail, bool upper) {
  double low = -40, high = 40;
  for (int i = 0; i < HALVINGS; i++) {
    double middle = (low + high) / 2;
    if ((mixture_tail(m, middle, upper) < tail) == upper)
      low = middle;
    else
      high = middle;
  }
  return (low + high) / 2;
}

void tide_reference_calibrate_exact(const tide_reference *r, const tide_reference_few *few,
                                    double confidence, tide_contrast *c) {
  if (!has_wander(r) || few->before + few->after == 0 ||
      few->before + few->after > TIDE_LIMIT_EXACT)
    return;
  gsl_set_error_handler_off();
  mixture m = {.before = (unsigned)few->before,
               .after = (unsigned)few->after,
               .exposure = log(few->after_days / few->before_days)};
  const double noise =
      1 / ((double)few->before + 0.5) + 1 / ((double)few->after + 0.5); /* of the logarithm */
  tide_reference_wander(r, sqrt(noise), &m.wander);
  double tail = (1 - confidence) / 2;
  double p = 2 * fmin(mixture_tail(&m, 0, false), mixture_tail(&m, 0, true));
  if (few->after)
    c->low = fmin(c->low, exp(mixture_bound(&m, tail, true)));
  if (few->before)
    c->high = fmax(c->high, exp(mixture_bound(&m, tail, false)));
  c->p = fmin(fmax(c->p, p), 1);
}
