/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Few groups have a history of their own; together they show how groups come and go. */
#include "stats/pool.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"

enum { DATES_A_LENGTH = 4, LENGTH_LEAST = 2 };

/* The chance that a group which kept its level until now does as any other from here on. */
static const double TURN = 0.02;

/* Groups that were not seen, which have any level. */
static const double ANY = 0.25;

/* The square of a logarithm of a ratio, and the variance that independent things give it. */
typedef struct tide_pool_pair {
  double square, noise;
  size_t group;
} tide_pool_pair;

static size_t mean_length(const tide_reference_windows *w) {
  return (w->before + w->after) / 2;
}

bool tide_pool_open(tide_pool *p, const tide_reference_windows *w, size_t stretch, size_t groups) {
  enum { PARTS_MOST = 8 };
  *p = (tide_pool){0};
  for (size_t part = 1; part <= PARTS_MOST && !p->length; part *= 2)
    if (mean_length(w) / part >= LENGTH_LEAST && 3 * (mean_length(w) / part) <= stretch)
      p->length = mean_length(w) / part;
  if (!p->length)
    return false;
  p->stride = (p->length + DATES_A_LENGTH - 1) / DATES_A_LENGTH;
  const size_t dates = TIDE_LIMIT_POOL_PAIRS / (groups + 1) + 1;
  if (stretch / dates > p->stride)
    p->stride = stretch / dates;
  return true;
}

void tide_pool_free(tide_pool *p) {
  free(p->pairs);
  *p = (tide_pool){0};
}

/* The noise is that of a level that does not wander, half on each side: a group that came or went
 * has a side without any, whose own noise would hide it. */
static tide_pool_pair pair_of(double before, double after) {
  const double half = 0.5, ratio = log((after + half) / (before + half));
  return (tide_pool_pair){ratio * ratio, 4 / (before + after + 2 * half), 0};
}

static tide_status pair_add(tide_pool *p, double before, double after) {
  if (before + after < TIDE_POOL_PAIR_LEAST)
    return TIDE_OK;
  if (p->count == p->capacity) {
    const size_t capacity = 2 * p->capacity + 64;
    tide_pool_pair *pairs = realloc(p->pairs, capacity * sizeof *pairs);
    if (!pairs)
      return TIDE_FATAL;
    p->pairs = pairs;
    p->capacity = capacity;
  }
  p->pairs[p->count] = pair_of(before, after);
  p->pairs[p->count++].group = p->added;
  return TIDE_OK;
}

static double sum_of(const tide_pool_days *d, size_t from, size_t count, bool *gap) {
  double sum = 0;
  for (size_t i = from; i < from + count; i++) {
    *gap |= d->gap && d->gap[i];
    sum += d->value[i];
  }
  return sum;
}

static tide_status stretch_add(tide_pool *p, const tide_pool_days *d) {
  for (size_t from = 0; from + 2 * p->length <= d->count; from += p->stride) {
    bool gap = false;
    const double before = sum_of(d, from, p->length, &gap),
                 after = sum_of(d, from + p->length, p->length, &gap);
    if (!gap)
      TIDE_TRY(pair_add(p, before, after));
  }
  return TIDE_OK;
}

tide_status tide_pool_add(tide_pool *p, const tide_pool_days *stretches, size_t count) {
  const size_t pairs = p->count;
  for (size_t i = 0; i < count; i++)
    TIDE_TRY(stretch_add(p, &stretches[i]));
  p->groups += p->count > pairs;
  p->added++;
  return TIDE_OK;
}

/* --- how groups wander --- */

/* From 0.02 to 6.1 in steps of 1.4. */
static double level_of(size_t i) {
  return 0.02 * pow(1.4, (double)i);
}

/* How likely one group's pairs are at each level, the most likely 1. */
static void levels_weigh(const tide_pool_pair *pairs, size_t count, double share, double *likely) {
  double most = -INFINITY;
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++) {
    likely[k] = 0;
    for (size_t i = 0; i < count; i++) {
      const double variance = level_of(k) * level_of(k) + pairs[i].noise;
      likely[k] -= share * 0.5 * (log(variance) + pairs[i].square / variance);
    }
    most = fmax(most, likely[k]);
  }
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    likely[k] = exp(likely[k] - most);
}

/* weight[k] times likely[k], 1 in all. */
static void levels_update(const double *weight, const double *likely, double *out) {
  double whole = 0;
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    whole += out[k] = weight[k] * likely[k];
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    out[k] /= whole;
}

/* One step of the EM algorithm; a quarter of a group more has any level. */
static void levels_step(const double *likely, size_t groups, double *weight) {
  double sum[TIDE_POOL_LEVELS], one[TIDE_POOL_LEVELS];
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    sum[k] = ANY / TIDE_POOL_LEVELS;
  for (size_t g = 0; g < groups; g++) {
    levels_update(weight, &likely[g * TIDE_POOL_LEVELS], one);
    for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
      sum[k] += one[k];
  }
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    weight[k] = sum[k] / ((double)groups + ANY);
}

/* The chance that a ratio of groups with these levels is further from 1. */
static double levels_tail(const double *weight, double growth, double log_ratio) {
  double sum = 0;
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    sum += weight[k] * erfc(log_ratio / (level_of(k) * sqrt(2 * growth)));
  return sum;
}

static double levels_quantile(const double *weight, double growth, double tail) {
  double low = 0, high = 1000;
  for (int i = 0; i < 40; i++) {
    const double middle = (low + high) / 2;
    if (levels_tail(weight, growth, middle) > tail)
      low = middle;
    else
      high = middle;
  }
  return high;
}

/* Student's distribution with the same bounds of 95 and of 99.8 percent, as near as can be. */
static void student_match(const double *weight, double growth, tide_reference *out) {
  static const double freedoms[] = {1, 1.4, 2, 3, 5, 10, 30};
  const double near = 0.05, far = 0.002, bound = levels_quantile(weight, growth, near),
               ratio = log(levels_quantile(weight, growth, far) / bound);
  double best = INFINITY;
  for (size_t f = 0; f < sizeof freedoms / sizeof *freedoms; f++) {
    const double at = gsl_cdf_tdist_Qinv(near / 2, freedoms[f]),
                 miss = fabs(log(gsl_cdf_tdist_Qinv(far / 2, freedoms[f]) / at) - ratio);
    if (!(miss < best))
      continue;
    best = miss;
    out->freedom = freedoms[f];
    out->wander = bound / at * (bound / at);
  }
  out->spread = out->alone = out->wander;
}

static void levels_learn(const tide_pool *p, double *likely, double *weight) {
  enum { STEPS = 60 };
  const double share = (double)p->stride / (double)p->length; /* pairs overlap */
  size_t g = 0;
  for (size_t from = 0, to; from < p->count; from = to) {
    for (to = from + 1; to < p->count && p->pairs[to].group == p->pairs[from].group; to++)
      ;
    levels_weigh(p->pairs + from, to - from, share, &likely[g++ * TIDE_POOL_LEVELS]);
  }
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    weight[k] = 1.0 / TIDE_POOL_LEVELS;
  for (int i = 0; i < STEPS; i++)
    levels_step(likely, g, weight);
}

tide_status tide_pool_learn(const tide_pool *p, const tide_reference_windows *w,
                            tide_pool_known *known) {
  *known = (tide_pool_known){.length = p->length, .stride = p->stride};
  known->reference = (tide_reference){.quantity = TIDE_QUANTITY_COUNT, .correlation = NAN};
  if (p->count < TIDE_POOL_LEAST || p->groups < TIDE_POOL_GROUPS)
    return TIDE_OK;
  double *likely = malloc(p->groups * TIDE_POOL_LEVELS * sizeof *likely);
  if (!likely)
    return TIDE_FATAL;
  levels_learn(p, likely, known->weight);
  free(likely);
  known->growth = (double)mean_length(w) / (double)p->length;
  known->reference.dates = p->count;
  student_match(known->weight, known->growth, &known->reference);
  return TIDE_OK;
}

static tide_status groups_add(tide_pool *p, const tide_pool_groups *groups) {
  tide_pool_days days[2];
  for (uint32_t g = 0; g < groups->count; g++)
    if (groups->days(groups->context, g, days))
      TIDE_TRY(tide_pool_add(p, days, sizeof days / sizeof *days));
  return TIDE_OK;
}

tide_status tide_pool_learn_groups(const tide_pool_groups *groups, const tide_reference_windows *w,
                                   tide_pool_known *out) {
  tide_pool p;
  if (!tide_pool_open(&p, w, groups->stretch, groups->count))
    return TIDE_OK;
  tide_status status = groups_add(&p, groups);
  if (status == TIDE_OK)
    status = tide_pool_learn(&p, w, out);
  tide_pool_free(&p);
  return status;
}

void tide_pool_update(const tide_pool_known *known, const tide_pool_days *past,
                      tide_reference *out) {
  enum { PAIRS = 256 };
  tide_pool_pair pairs[PAIRS];
  const size_t span = 2 * known->length;
  size_t count = 0;
  *out = known->reference;
  for (size_t end = past->count; end >= span && count < PAIRS; end -= known->stride) {
    bool gap = false;
    const double before = sum_of(past, end - span, known->length, &gap),
                 after = sum_of(past, end - known->length, known->length, &gap);
    if (!gap && before + after >= TIDE_POOL_PAIR_LEAST)
      pairs[count++] = pair_of(before, after);
    if (end < span + known->stride)
      break;
  }
  if (!count)
    return;
  double likely[TIDE_POOL_LEVELS], weight[TIDE_POOL_LEVELS];
  levels_weigh(pairs, count, (double)known->stride / (double)known->length, likely);
  levels_update(known->weight, likely, weight);
  for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
    weight[k] = (1 - TURN) * weight[k] + TURN * known->weight[k];
  student_match(weight, known->growth, out);
}
