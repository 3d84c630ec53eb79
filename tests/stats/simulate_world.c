/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Generated days with what real archives have and a stationary process of days has not: slow
 * swings, drift, long memory, outages, and the residuals of a real series.
 *
 *   simulate_world series KIND DAYS [SERIES.csv]   prints a series as `timeline` writes it, for
 * calibrate; of the kind `residuals` it is drawn from that real one
 *   simulate_world changes SERIES                  prints how often `changes` is right, so many
 * series of each kind, as a table in Markdown
 *
 * The logarithm of the rate is an AR(1) of 0.3 with standard deviation 0.2, a day varies by 0.15
 * beyond that, and counts are Poisson: as in simulate_changes. To that comes:
 *   plain     nothing
 *   swings    three waves of 45, 120 and 365 days, each 0.3 high, of random phase
 *   drift     0.3 percent a day, up or down; it turns after 100 to 300 days
 *   memory    fractional noise, d = 0.3, with a standard deviation of 0.4 (Granger and Joyeux 1980)
 *   outages   one day in 100 begins 2 to 10 days without mail, which are left out as gaps
 * Others have the size of the two lists, instead of the days above: with D the logarithm of the
 * ratio of two neighbouring windows, less its Poisson noise, its root mean square in a year (three
 * for 90 and 180 days) is for windows of 1, 7, 14, 28, 56, 90, 180 days
 *   0.90 0.61 0.49 0.40 0.32 0.27 0.18   in the median of 126 stretches of both lists
 *   1.37 0.92 0.86 0.60 0.56 0.45 0.40   in the ninth of ten
 * and sums of AR(1)s that come within a tenth of that are
 *   median    of 0.58, 0.52, 0.24 with 0.3, 3 and 12 days to an e-th
 *   restless  of 0.85, 0.91, 0.32, 0.31 with 0.3, 3, 50 and 800 days
 *   trap      as trec07p, a trap's 90 days, whose D grows with length (0.17, 0.19, 0.24 for 7, 14,
 *             28 days): 0.10 and 0.35 with 3 and 60 days, of 500 messages a day
 * For calibrate alone, since their levels do change:
 *   walk      a random walk of 0.06 a day, drawn back by a five-hundredth
 *   levels    a new level every 60 days in the mean, with a standard deviation of 0.6
 *   campaigns spam in campaigns: one begins on a day in twenty, lasts 25 days in the mean, and has
 *             400 messages in the median (1.2 on the scale of the logarithm), above 5 a day
 * One seed gives the same series on every machine: GSL's generators. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "real_series.h"
#include "stats/segment.h"

enum {
  WORLD_DAYS = 12000,
  VOLUME = 50,
  MEMORY = 1000, /* days that fractional noise looks back */
  FALL = 28,
  NEAR = 14,
  YEAR = 365,
  SEED = 20081111
};
static const double left = 0.35; /* of the level in a fall */
static const double pi = 3.14159265358979323846;

typedef enum world {
  PLAIN,
  SWINGS,
  DRIFT,
  MEMORY_LONG,
  OUTAGES,
  MEDIAN,
  RESTLESS,
  TRAP,
  SEARCHED, /* by changes: those above */
  WALK = SEARCHED,
  LEVELS,
  CAMPAIGNS,
  WORLDS
} world;
static const char *const names[WORLDS] = {"plain",   "swings", "drift",    "memory",
                                          "outages", "median", "restless", "trap",
                                          "walk",    "levels", "campaigns"};

/* What is added to the logarithm of the rate, day by day. */
static double added[WORLD_DAYS];

static void swings_make(gsl_rng *random, size_t n) {
  static const double periods[] = {45, 120, 365};
  for (size_t k = 0; k < sizeof periods / sizeof *periods; k++) {
    const double phase = 2 * pi * gsl_rng_uniform(random);
    for (size_t t = 0; t < n; t++)
      added[t] += 0.3 * sin(2 * pi * (double)t / periods[k] + phase);
  }
}

static void drift_make(gsl_rng *random, size_t n) {
  double slope = gsl_rng_uniform(random) < 0.5 ? -0.003 : 0.003, level = 0;
  size_t until = 100 + gsl_rng_uniform_int(random, 201);
  for (size_t t = 0; t < n; t++) {
    if (t == until) {
      slope = -slope;
      until += 100 + gsl_rng_uniform_int(random, 201);
    }
    level += slope;
    added[t] += level;
  }
}

static void memory_make(gsl_rng *random, size_t n) {
  static double weight[MEMORY], noise[WORLD_DAYS + MEMORY];
  const double d = 0.3, variance = gsl_sf_gamma(1 - 2 * d) / pow(gsl_sf_gamma(1 - d), 2),
               sd = 0.4 / sqrt(variance);
  weight[0] = 1;
  for (size_t k = 1; k < MEMORY; k++)
    weight[k] = weight[k - 1] * ((double)k - 1 + d) / (double)k;
  for (size_t t = 0; t < n + MEMORY; t++)
    noise[t] = gsl_ran_gaussian(random, sd);
  for (size_t t = 0; t < n; t++)
    for (size_t k = 0; k < MEMORY; k++)
      added[t] += weight[k] * noise[t + MEMORY - k];
}

static void walk_make(gsl_rng *random, size_t n) {
  double x = 0;
  for (size_t t = 0; t < n; t++) {
    x = 0.998 * x + gsl_ran_gaussian(random, 0.06);
    added[t] += x;
  }
}

static void levels_make(gsl_rng *random, size_t n) {
  double level = gsl_ran_gaussian(random, 0.6);
  for (size_t t = 0; t < n; t++) {
    if (gsl_rng_uniform(random) < 1.0 / 60)
      level = gsl_ran_gaussian(random, 0.6);
    added[t] += level;
  }
}

static void campaigns_make(gsl_rng *random, size_t n) {
  static double messages[WORLD_DAYS];
  for (size_t t = 0; t < n; t++)
    messages[t] = 5;
  for (size_t t = 0; t < n; t++) {
    if (gsl_rng_uniform(random) >= 0.05)
      continue;
    const size_t last = 1 + (size_t)gsl_ran_exponential(random, 25);
    const double each = gsl_ran_lognormal(random, log(400), 1.2) / (double)last;
    for (size_t i = t; i < t + last && i < n; i++)
      messages[i] += each;
  }
  for (size_t t = 0; t < n; t++)
    added[t] += log(messages[t] / VOLUME);
}

static void returns_make(gsl_rng *random, double memory, double sd, size_t n) {
  const double kept = exp(-1 / memory);
  double x = gsl_ran_gaussian(random, sd);
  for (size_t t = 0; t < n; t++) {
    added[t] += x;
    x = kept * x + gsl_ran_gaussian(random, sd * sqrt(1 - kept * kept));
  }
}

/* Those of the size of real archives; false of the others. */
static bool real_size_make(gsl_rng *random, world kind, size_t n) {
  static const struct {
    world kind;
    double memory, sd;
  } parts[] = {{MEDIAN, 0.3, 0.58},   {MEDIAN, 3, 0.52},   {MEDIAN, 12, 0.24},
               {RESTLESS, 0.3, 0.85}, {RESTLESS, 3, 0.91}, {RESTLESS, 50, 0.32},
               {RESTLESS, 800, 0.31}, {TRAP, 3, 0.1},      {TRAP, 60, 0.35}};
  bool any = false;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    if (parts[i].kind != kind)
      continue;
    returns_make(random, parts[i].memory, parts[i].sd, n);
    any = true;
  }
  return any;
}

static void days_make(gsl_rng *random, world kind, size_t n, double *to) {
  double x = gsl_ran_gaussian(random, 0.2), sd = 0.2;
  const double volume = kind == TRAP ? 10 * VOLUME : VOLUME;
  size_t silent = 0;
  memset(added, 0, sizeof added);
  if (real_size_make(random, kind, n))
    x = sd = 0;
  if (kind == SWINGS)
    swings_make(random, n);
  if (kind == DRIFT)
    drift_make(random, n);
  if (kind == MEMORY_LONG)
    memory_make(random, n);
  if (kind == WALK)
    walk_make(random, n);
  if (kind == LEVELS)
    levels_make(random, n);
  if (kind == CAMPAIGNS)
    campaigns_make(random, n);
  for (size_t t = 0; t < n; t++) {
    const double varies = gsl_ran_gamma(random, 1 / (0.15 * 0.15), 0.15 * 0.15);
    if (kind == OUTAGES && silent == 0 && gsl_rng_uniform(random) < 0.01)
      silent = 2 + gsl_rng_uniform_int(random, 9);
    to[t] = silent ? 0 : gsl_ran_poisson(random, volume * exp(x + added[t]) * varies);
    silent -= silent > 0;
    x = 0.3 * x + gsl_ran_gaussian(random, sd * sqrt(1 - 0.3 * 0.3));
  }
}

static int series_print(gsl_rng *random, const char *kind, size_t n, const char *real) {
  static double made[WORLD_DAYS];
  size_t k = 0;
  if (n == 0 || n > WORLD_DAYS)
    return 2;
  while (k < WORLDS && strcmp(kind, names[k]) != 0)
    k++;
  if (k < WORLDS) {
    days_make(random, (world)k, n, made);
  } else {
    if (!real || !series_read(real) || !residuals_make() || residuals < RESIDUALS_LEAST)
      return 2;
    series_draw(random, made, n);
  }
  puts("bin_start,messages");
  for (size_t t = 0; t < n; t++)
    printf("%05zu,%.0f\n", t, made[t]);
  return 0;
}

/* --- changes --- */

typedef struct answer {
  bool any, near, to_a_day;
} answer;

/* Rows of one kind of days, falsely found and true; of both those with the caution `wanders`. */
static size_t rows[2], rows_wander[2];

static size_t apart(size_t a, size_t b) {
  return a > b ? a - b : b - a;
}

/* Gaps are left out, as the program does. */
static bool ask(const double *counts, size_t n, size_t truth, answer *out) {
  static double kept[YEAR];
  static size_t phase[YEAR];
  const tide_segment_options options = {.min_length = 7, .cycle = 7, .phases = phase};
  tide_segmentation found;
  tide_gap *gaps;
  size_t gap_count, length = 0;
  *out = (answer){0};
  if (tide_gaps_find(counts, n, &gaps, &gap_count) != TIDE_OK)
    return false;
  for (size_t i = 0, next = 0; i < n; i++) {
    while (next < gap_count && i >= gaps[next].to)
      next++;
    if (next < gap_count && i >= gaps[next].from)
      continue;
    phase[length] = i;
    kept[length++] = counts[i];
  }
  free(gaps);
  if (tide_segment_find(kept, NULL, length, &options, &found) != TIDE_OK)
    return false;
  for (size_t i = 0; i < found.count; i++) {
    const tide_segment_change *c = &found.changes[i];
    const size_t off = apart(phase[c->at], truth);
    const bool near = off <= NEAR && c->after < c->before;
    out->any = true;
    out->near |= near;
    out->to_a_day |= near && off <= 1;
    rows[near]++;
    rows_wander[near] += c->wanders;
  }
  tide_segmentation_free(&found);
  return true;
}

static void thin(gsl_rng *random, double *counts, size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    counts[i] = gsl_ran_binomial(random, left, (unsigned)counts[i]);
}

static bool kind_measure(gsl_rng *random, world kind, size_t length, unsigned long series) {
  static double made[YEAR];
  size_t alarms = 0, falls = 0, dated = 0, steps = 0;
  const double percent = 100 / (double)series;
  memset(rows, 0, sizeof rows);
  memset(rows_wander, 0, sizeof rows_wander);
  for (unsigned long i = 0; i < series; i++) {
    answer quiet, fallen, stepped;
    gsl_rng_set(random, i + 1);
    const size_t truth = length / 2 - FALL / 2 - NEAR / 2 + gsl_rng_uniform_int(random, NEAR);
    days_make(random, kind, length, made);
    if (!ask(made, length, truth, &quiet))
      return false;
    thin(random, made, truth, truth + FALL);
    if (!ask(made, length, truth, &fallen))
      return false;
    days_make(random, kind, length, made);
    thin(random, made, truth, length);
    if (!ask(made, length, truth, &stepped))
      return false;
    alarms += quiet.any;
    falls += fallen.near;
    dated += fallen.to_a_day;
    steps += stepped.near;
  }
  printf("| %s | %zu | %.1f %% | %.0f %% | %.0f %% | %.0f %% |", names[kind], length,
         percent * (double)alarms, percent * (double)falls,
         falls ? 100 * (double)dated / (double)falls : NAN, percent * (double)steps);
  for (size_t near = 0; near < 2; near++)
    printf(" %zu of %zu |", rows_wander[near], rows[near]);
  puts("");
  return true;
}

static int changes_measure(gsl_rng *random, unsigned long series) {
  static const size_t lengths[] = {YEAR, YEAR / 2};
  puts("| series | days | false alarms | -65 % for 28 days found | of those found, date within a "
       "day "
       "| -65 % for good found | `wanders`, of false rows | of true ones |");
  puts("|---|--:|--:|--:|--:|--:|--:|--:|");
  for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++)
    for (world k = PLAIN; k < SEARCHED; k++)
      if (!kind_measure(random, k, lengths[l], series))
        return 1;
  return 0;
}

int main(int argc, char **argv) {
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  int status = 2;
  if (!random)
    return 1;
  gsl_rng_set(random, SEED);
  if (argc >= 4 && strcmp(argv[1], "series") == 0)
    status = series_print(random, argv[2], strtoul(argv[3], NULL, 10), argc > 4 ? argv[4] : NULL);
  else if (argc == 3 && strcmp(argv[1], "changes") == 0 && atoi(argv[2]) > 0)
    status = changes_measure(random, strtoul(argv[2], NULL, 10));
  gsl_rng_free(random);
  return status;
}
