/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Few groups have a history of their own; together they show how groups come and go. */
#include "stats/pool.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"

enum { DATES_A_LENGTH = 4, LENGTH_LEAST = 2 };

/* The chance that a group which kept its level until now does as any other from here on. */
static const double TURN = 0.02;

/* Groups that were not seen, which have any level. */
static const double ANY = 0.25;

/* The square of a logarithm of a ratio, the variance that independent things give it, and the part
 * of it that the group's pair before does not tell. */
typedef struct tide_pool_pair {
  double square, noise, fresh;
  size_t group;
} tide_pool_pair;

static size_t mean_length(const tide_reference_windows *w) {
  return (w->before + w->after) / 2;
}

bool tide_pool_open(tide_pool *p, const tide_reference_windows *w, size_t stretch, size_t groups) {
  enum { PARTS_MOST = 8, WINDOWS = 3 };
  const size_t most = mean_length(w), length = stretch / WINDOWS < most ? stretch / WINDOWS : most;
  *p = (tide_pool){.length = length};
  if (length < LENGTH_LEAST || length < most / PARTS_MOST)
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
  return (tide_pool_pair){ratio * ratio, 4 / (before + after + 2 * half), 1, 0};
}

static tide_status pair_add(tide_pool *p, tide_pool_pair pair) {
  if (p->count == p->capacity) {
    const size_t capacity = 2 * p->capacity + 64;
    tide_pool_pair *pairs = realloc(p->pairs, capacity * sizeof *pairs);
    if (!pairs)
      return TIDE_FATAL;
    p->pairs = pairs;
    p->capacity = capacity;
  }
  p->pairs[p->count++] = pair;
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
  size_t last = SIZE_MAX; /* the date before that was taken */
  for (size_t from = 0; from + 2 * p->length <= d->count; from += p->stride) {
    bool gap = false;
    const double before = sum_of(d, from, p->length, &gap),
                 after = sum_of(d, from + p->length, p->length, &gap);
    if (gap || before + after < TIDE_POOL_PAIR_LEAST)
      continue;
    tide_pool_pair pair = pair_of(before, after);
    pair.group = p->added;
    if (last != SIZE_MAX)
      pair.fresh = fmin(1, (double)(from - last) / (double)p->length);
    TIDE_TRY(pair_add(p, pair));
    last = from;
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

/* How likely one group's pairs are at each kind, the most likely 1. */
static void kinds_weigh(const tide_pool_pair *pairs, size_t count, double *likely) {
  double most = -INFINITY;
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++) {
    const double deviation = tide_mixture_deviation(k);
    likely[k] = 0;
    for (size_t i = 0; i < count; i++) {
      const double variance = deviation * deviation + pairs[i].noise;
      likely[k] -= pairs[i].fresh * 0.5 * (log(variance) + pairs[i].square / variance);
    }
    most = fmax(most, likely[k]);
  }
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    likely[k] = exp(likely[k] - most);
}

/* weight[k] times likely[k], 1 in all. */
static void kinds_update(const double *weight, const double *likely, double *out) {
  double whole = 0;
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    whole += out[k] = weight[k] * likely[k];
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    out[k] /= whole;
}

/* One step of the EM algorithm; a quarter of a group more is of any kind. */
static void kinds_step(const tide_pool_known *known, double *weight) {
  double sum[TIDE_MIXTURE_KINDS], one[TIDE_MIXTURE_KINDS];
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    sum[k] = ANY / TIDE_MIXTURE_KINDS;
  for (size_t g = 0; g < known->heard; g++) {
    kinds_update(weight, known->likely[g], one);
    for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
      sum[k] += one[k];
  }
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    weight[k] = sum[k] / ((double)known->heard + ANY);
}

static void kinds_learn(const tide_pool *p, tide_pool_known *known) {
  enum { STEPS = 60 };
  double *weight = known->reference.mixture.weight;
  for (size_t g = 0; g < p->added; g++)
    known->of[g] = TIDE_POOL_UNHEARD;
  for (size_t from = 0, to; from < p->count; from = to) {
    for (to = from + 1; to < p->count && p->pairs[to].group == p->pairs[from].group; to++)
      ;
    known->of[p->pairs[from].group] = (uint32_t)known->heard;
    kinds_weigh(p->pairs + from, to - from, known->likely[known->heard++]);
  }
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    weight[k] = 1.0 / TIDE_MIXTURE_KINDS;
  for (int i = 0; i < STEPS; i++)
    kinds_step(known, weight);
}

tide_status tide_pool_learn(const tide_pool *p, const tide_reference_windows *w,
                            tide_pool_known *known) {
  *known = (tide_pool_known){0};
  if (p->count < TIDE_POOL_LEAST || p->groups < TIDE_POOL_GROUPS)
    return TIDE_OK;
  known->groups = p->added;
  known->of = malloc(p->added * sizeof *known->of);
  known->likely = malloc(p->groups * sizeof *known->likely);
  if (!known->of || !known->likely) {
    tide_pool_forget(known);
    return TIDE_FATAL;
  }
  known->reference = (tide_reference){
      .quantity = TIDE_QUANTITY_COUNT,
      .correlation = NAN,
      .dates = p->count,
      .freedom = INFINITY,
      .mixed = true,
      .mixture.growth = (double)mean_length(w) / (double)p->length,
  };
  kinds_learn(p, known);
  return TIDE_OK;
}

void tide_pool_forget(tide_pool_known *known) {
  free(known->of);
  free(known->likely);
  *known = (tide_pool_known){0};
}

static tide_status groups_add(tide_pool *p, const tide_pool_groups *groups) {
  tide_pool_days days[2];
  for (uint32_t g = 0; g < groups->count; g++) {
    const bool heard = groups->days(groups->context, g, days);
    TIDE_TRY(tide_pool_add(p, days, heard ? sizeof days / sizeof *days : 0));
  }
  return TIDE_OK;
}

tide_status tide_pool_learn_groups(const tide_pool_groups *groups, const tide_reference_windows *w,
                                   tide_pool_known *out) {
  tide_pool p;
  *out = (tide_pool_known){0};
  if (!tide_pool_open(&p, w, groups->stretch, groups->count))
    return TIDE_OK;
  tide_status status = groups_add(&p, groups);
  if (status == TIDE_OK)
    status = tide_pool_learn(&p, w, out);
  tide_pool_free(&p);
  return status;
}

void tide_pool_tell(const tide_pool_known *known, uint32_t group, tide_reference *out) {
  const double *any = known->reference.mixture.weight;
  double *weight = out->mixture.weight;
  *out = known->reference;
  if (group >= known->groups || known->of[group] == TIDE_POOL_UNHEARD)
    return;
  kinds_update(any, known->likely[known->of[group]], weight);
  for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++)
    weight[k] = (1 - TURN) * weight[k] + TURN * any[k];
}
