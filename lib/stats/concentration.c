/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares of groups: as they are, as a smaller sample would show them, and their intervals. */
#include "stats/concentration.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

/* The same draws in every run. */
enum { SEED = 20081111 };

static int compare(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

void tide_concentration_measure(uint64_t *counts, size_t n, tide_concentration *out) {
  *out = (tide_concentration){0};
  if (n)
    qsort(counts, n, sizeof *counts, compare);
  while (n && *counts == 0) {
    counts++;
    n--;
  }
  for (size_t i = 0; i < n; i++)
    out->total += counts[i];
  out->groups = n;
  if (n == 0)
    return;
  double total = (double)out->total, weighted = 0, pairs = 0;
  uint64_t top = 0;
  for (size_t i = 0; i < n; i++) {
    double share = (double)counts[i] / total;
    weighted += (2 * ((double)i + 1) - (double)n - 1) * share;
    pairs += (double)counts[i] * ((double)counts[i] - 1);
  }
  for (size_t k = 1; k <= 100; k++) {
    if (k <= n)
      top += counts[n - k];
    if (k == 1)
      out->top_1 = (double)top / total;
    if (k == 10)
      out->top_10 = (double)top / total;
    if (k == 100)
      out->top_100 = (double)top / total;
  }
  out->gini = weighted / (double)n;
  out->hhi = pairs / (total * (total - 1));
  out->effective = 1 / out->hhi;
}

/* --- fewer messages --- */

static double expected_groups(const uint64_t *counts, size_t n, uint64_t whole, uint64_t total) {
  double sum = 0;
  const double all =
      gsl_sf_lngamma((double)whole + 1) - gsl_sf_lngamma((double)(whole - total) + 1);
  for (size_t i = 0; i < n; i++) {
    if (!counts[i])
      continue;
    /* The probability that none of the group is drawn: C(N - x, total) / C(N, total). */
    double none = 0;
    if (whole - counts[i] >= total)
      none = exp(gsl_sf_lngamma((double)(whole - counts[i]) + 1) -
                 gsl_sf_lngamma((double)(whole - counts[i] - total) + 1) - all);
    sum += 1 - none;
  }
  return sum;
}

/* Draws `total` of the messages without replacement: each in turn with the probability that what is
 * still to be drawn has among those that are left. */
static void draw(gsl_rng *random, const uint64_t *counts, size_t n, uint64_t whole, uint64_t total,
                 uint64_t *drawn) {
  for (size_t i = 0; i < n; i++) {
    drawn[i] = 0;
    for (uint64_t k = 0; k < counts[i]; k++, whole--) {
      if (gsl_rng_uniform(random) * (double)whole >= (double)total)
        continue;
      drawn[i]++;
      total--;
    }
  }
}

tide_status tide_concentration_rarefy(const uint64_t *counts, size_t n, uint64_t total,
                                      tide_rarefied *out) {
  enum { DRAWS_MOST = 100, DRAWS_LEAST = 4, WORK = 20000000 };
  uint64_t whole = 0;
  for (size_t i = 0; i < n; i++)
    whole += counts[i];
  *out = (tide_rarefied){NAN, NAN, NAN, NAN};
  if (!total || total > whole || whole > TIDE_LIMIT_EXACT)
    return TIDE_OK;
  size_t draws = WORK / (whole + n + 1);
  draws = draws > DRAWS_MOST ? DRAWS_MOST : draws;
  draws = draws < DRAWS_LEAST ? DRAWS_LEAST : draws;
  if (total == whole)
    draws = 1;
  uint64_t *drawn = malloc((n + 1) * sizeof *drawn);
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  if (!drawn || !random) {
    free(drawn);
    if (random)
      gsl_rng_free(random);
    return TIDE_FATAL;
  }
  gsl_rng_set(random, SEED);
  double top_1 = 0, top_10 = 0, gini = 0;
  for (size_t k = 0; k < draws; k++) {
    tide_concentration c;
    draw(random, counts, n, whole, total, drawn);
    tide_concentration_measure(drawn, n, &c);
    top_1 += c.top_1;
    top_10 += c.top_10;
    gini += c.gini;
  }
  const double many = (double)draws;
  *out = (tide_rarefied){expected_groups(counts, n, whole, total), top_1 / many, top_10 / many,
                         gini / many};
  gsl_rng_free(random);
  free(drawn);
  return TIDE_OK;
}

/* --- chance --- */

/* A quarter of the days; a week of less than four, and a third of less than three. */
static uint32_t block_of(uint32_t days) {
  enum { WEEK = 7 };
  const uint32_t third = (days + 2) / 3, least = third < WEEK ? third : WEEK;
  return days / 4 > least ? days / 4 : least;
}

/* How often each day is drawn, in blocks of days that are one after the other; the first day comes
 * after the last. */
static void days_draw(gsl_rng *random, uint32_t days, uint32_t *times) {
  const uint32_t block = block_of(days);
  memset(times, 0, days * sizeof *times);
  for (uint32_t i = 0; i < days; i += block) {
    const uint32_t from = (uint32_t)gsl_rng_uniform_int(random, days);
    for (uint32_t k = 0; k < block && i + k < days; k++)
      times[(from + k) % days]++;
  }
}

typedef struct resample {
  uint32_t *times;
  double *group, *day; /* messages drawn of each group; messages of each day */
} resample;

/* Pairs of one group over all pairs, of the days as often as they were drawn; no message with a
 * copy of its own day. */
static double resample_hhi(const tide_concentration_cell *cells, size_t count, uint32_t days,
                           uint32_t groups, const resample *r) {
  double same = 0, all = 0, drawn = 0;
  memset(r->group, 0, groups * sizeof *r->group);
  for (size_t i = 0; i < count; i++) {
    const double w = r->times[cells[i].day], x = (double)cells[i].messages;
    r->group[cells[i].group] += w * x;
    same += w * x * (x - 1) - w * w * x * x;
  }
  for (uint32_t g = 0; g < groups; g++)
    same += r->group[g] * r->group[g];
  for (uint32_t d = 0; d < days; d++) {
    const double w = r->times[d], n = r->day[d];
    drawn += w * n;
    all += w * n * (n - 1) - w * w * n * n;
  }
  return same / (all + drawn * drawn);
}

/* The shares of the largest and of the ten largest groups, and gini, of what was drawn last. */
static void resample_shares(const resample *r, uint32_t groups, double *sorted, double out[3]) {
  double weighted = 0, total = 0, top = 0;
  size_t first = 0;
  memcpy(sorted, r->group, groups * sizeof *sorted);
  gsl_sort(sorted, 1, groups);
  while (first < groups && !(sorted[first] > 0))
    first++;
  const double n = (double)(groups - first);
  for (size_t i = first; i < groups; i++) {
    weighted += (2 * ((double)(i - first) + 1) - n - 1) * sorted[i];
    total += sorted[i];
  }
  for (size_t k = 1; k <= 10 && k <= groups; k++) {
    top += sorted[groups - k];
    if (k == 1)
      out[0] = top / total;
  }
  out[1] = top / total;
  out[2] = weighted / (n * total);
}

/* What was found in resamples. */
typedef struct spread {
  size_t count;
  double sum, squares;
} spread;

static void spread_add(spread *s, double x) {
  s->count++;
  s->sum += x;
  s->squares += x * x;
}

static double spread_sd(const spread *s) {
  const double n = (double)s->count, mean = s->sum / n;
  return sqrt(fmax(s->squares / n - mean * mean, 0));
}

/* Of hhi: on the scale of the logarithm where no value is 0. */
static void interval_make(const double *found, size_t count, double hhi, double quantile,
                          double interval[2]) {
  spread all = {0};
  bool logs = hhi > 0;
  for (size_t i = 0; i < count; i++)
    logs &= found[i] > 0;
  for (size_t i = 0; i < count; i++)
    spread_add(&all, logs ? log(found[i]) : found[i]);
  const double half = quantile * spread_sd(&all);
  interval[0] = logs ? hhi * exp(-half) : fmax(hhi - half, 0);
  interval[1] = fmin(logs ? hhi * exp(half) : hhi + half, 1);
}

static double logit(double p) {
  return log(p / (1 - p));
}

static void share_interval(const spread *logits, size_t times, double seen, double quantile,
                           double interval[2]) {
  if (logits->count < times || !(seen > 0 && seen < 1))
    return;
  const double half = quantile * spread_sd(logits), middle = logit(seen);
  interval[0] = 1 / (1 + exp(half - middle));
  interval[1] = 1 / (1 + exp(-half - middle));
}

static tide_status resample_open(resample *r, const tide_concentration_cell *cells, size_t count,
                                 uint32_t days, uint32_t groups) {
  *r = (resample){.times = calloc(days, sizeof *r->times),
                  .group = calloc(groups, sizeof *r->group),
                  .day = calloc(days, sizeof *r->day)};
  if (!r->times || !r->group || !r->day)
    return TIDE_FATAL;
  for (size_t i = 0; i < count; i++)
    r->day[cells[i].day] += (double)cells[i].messages;
  return TIDE_OK;
}

static void resample_close(resample *r) {
  free(r->times);
  free(r->group);
  free(r->day);
}

/* Room for what is found: of hhi, and of the groups in order. */
typedef struct findings {
  double *hhi, *sorted;
  size_t sound;
  spread shares[3];
} findings;

/* What is resampled. */
typedef struct sample {
  const tide_concentration_cell *cells;
  size_t count;
  uint32_t days, groups;
} sample;

static void resample_all(const sample *s, resample *r, gsl_rng *random, size_t times, findings *f) {
  gsl_rng_set(random, SEED);
  for (size_t k = 0; k < times; k++) {
    double shares[3];
    days_draw(random, s->days, r->times);
    const double hhi = resample_hhi(s->cells, s->count, s->days, s->groups, r);
    if (!isfinite(hhi))
      continue;
    f->hhi[f->sound++] = hhi;
    resample_shares(r, s->groups, f->sorted, shares);
    for (size_t i = 0; i < 3; i++)
      if (shares[i] > 0 && shares[i] < 1)
        spread_add(&f->shares[i], logit(shares[i]));
  }
}

tide_status tide_concentration_intervals_find(const tide_concentration_cell *cells, size_t count,
                                              uint32_t days, uint32_t groups, double confidence,
                                              tide_concentration_intervals *out) {
  enum { TIMES_MOST = 400, TIMES_LEAST = 100, WORK = 200000000 };
  size_t times = WORK / (count + groups + days + 1);
  times = times > TIMES_MOST ? TIMES_MOST : times;
  times = times < TIMES_LEAST ? TIMES_LEAST : times;
  *out = (tide_concentration_intervals){{NAN, NAN}, {NAN, NAN}, {NAN, NAN}, {NAN, NAN}};
  if (days < TIDE_CONCENTRATION_DAYS || !groups)
    return TIDE_OK;
  resample r;
  findings f = {.hhi = calloc(times, sizeof *f.hhi), .sorted = calloc(groups, sizeof *f.sorted)};
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  tide_status status = resample_open(&r, cells, count, days, groups);
  if (!f.hhi || !f.sorted || !random)
    status = TIDE_FATAL;
  uint32_t filled = 0;
  for (uint32_t d = 0; d < days && status == TIDE_OK; d++)
    filled += r.day[d] > 0;
  if (status == TIDE_OK && filled >= TIDE_CONCENTRATION_DAYS)
    resample_all(&(sample){cells, count, days, groups}, &r, random, times, &f);
  if (status == TIDE_OK && f.sound && f.sound >= times / 2) {
    /* Means of B blocks stray less about their own mean than about the truth, by B - 1 of B. */
    const double blocks = (double)days / block_of(days),
                 quantile = gsl_cdf_tdist_Qinv((1 - confidence) / 2, blocks - 1) *
                            sqrt(blocks / (blocks - 1));
    double seen[3];
    for (uint32_t d = 0; d < days; d++)
      r.times[d] = 1;
    const double hhi = resample_hhi(cells, count, days, groups, &r);
    /* Where no two messages are of one group, no day says how rare that is. */
    if (hhi > 0)
      interval_make(f.hhi, f.sound, hhi, quantile, out->hhi);
    resample_shares(&r, groups, f.sorted, seen);
    share_interval(&f.shares[0], times, seen[0], quantile, out->top_1);
    share_interval(&f.shares[1], times, seen[1], quantile, out->top_10);
    share_interval(&f.shares[2], times, seen[2], quantile, out->gini);
  }
  if (random)
    gsl_rng_free(random);
  free(f.hhi);
  free(f.sorted);
  resample_close(&r);
  return status;
}
