/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Few groups have a history of their own; together they show how groups come and go. */
#include "stats/pool.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"

enum { DATES_A_LENGTH = 4, LENGTH_LEAST = 2 };

/* The square of a logarithm of a ratio, and the variance that independent things give it. */
typedef struct tide_pool_pair {
  double square, noise;
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
  /* The noise is that of a level that does not wander, half on each side: a group that came or went
   * has a side without any, whose own noise would hide it. */
  const double half = 0.5, ratio = log((after + half) / (before + half));
  p->pairs[p->count++] = (tide_pool_pair){ratio * ratio, 4 / (before + after + 2 * half)};
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

tide_status tide_pool_add(tide_pool *p, const tide_pool_days *d) {
  const size_t count = p->count;
  for (size_t from = 0; from + 2 * p->length <= d->count; from += p->stride) {
    bool gap = false;
    const double before = sum_of(d, from, p->length, &gap),
                 after = sum_of(d, from + p->length, p->length, &gap);
    if (!gap)
      TIDE_TRY(pair_add(p, before, after));
  }
  p->groups += p->count > count;
  return TIDE_OK;
}

/* The logarithm of the likelihood of all pairs, without what they have in common. */
static double likelihood(const tide_pool *p, double variance, double freedom) {
  double sum =
      (double)p->count * (lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - 0.5 * log(freedom));
  for (size_t i = 0; i < p->count; i++) {
    const double scale = variance + p->pairs[i].noise;
    sum -= 0.5 * log(scale) + (freedom + 1) / 2 * log1p(p->pairs[i].square / scale / freedom);
  }
  return sum;
}

void tide_pool_reference(const tide_pool *p, const tide_reference_windows *w, tide_reference *out) {
  static const double freedoms[] = {1, 1.4, 2, 3, 5, 10, 30};
  enum { FREEDOMS = sizeof freedoms / sizeof *freedoms, SCALES = 24 };
  double best = -INFINITY;
  *out = (tide_reference){.quantity = TIDE_QUANTITY_COUNT, .correlation = NAN};
  if (p->count < TIDE_POOL_LEAST || p->groups < TIDE_POOL_GROUPS)
    return;
  for (size_t f = 0; f < FREEDOMS; f++)
    for (int i = 0; i < SCALES; i++) {
      /* 0.01 to 5 in steps of a third */
      const double scale = 0.01 * pow(1.31, i), at = likelihood(p, scale * scale, freedoms[f]);
      if (!(at > best))
        continue;
      best = at;
      out->wander = scale * scale;
      out->freedom = freedoms[f];
    }
  out->wander *= (double)mean_length(w) / (double)p->length;
  out->spread = out->alone = out->wander;
  out->dates = p->count;
}
