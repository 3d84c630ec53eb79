/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often `recovery` is right on days that vary as those of real archives do. Residuals of a real
 * daily series about its mean of 91 days are drawn in blocks of 14 days and put about a level of 30
 * messages a day, of which a year goes before the event and 200 days after it: with nothing
 * happening, and with a fall by 65 % that ends at once after 28 days, that rises evenly for 56, or
 * that halves what is missing every 14 days. Prints rows of a table in Markdown.
 *
 *   calibrate_recovery SERIES.csv...   columns bin_start,messages,... a row a day, as `timeline`
 * writes them
 *
 * The true times are those of the course without noise, by the same definitions. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "real_series.h"
#include "stats/recovery.h"

enum {
  SERIES = 200,
  HISTORY = 337,
  BEFORE = 28,
  AFTER = 200,
  LENGTH = HISTORY + BEFORE + AFTER,
  EVENT = HISTORY + BEFORE
};

typedef enum shape { NOTHING, STEP, EVEN, HALVING, SHAPES } shape;
static const char *const names[] = {"nothing", "ends after 28 days", "rises for 56 days",
                                    "halves every 14 days"};
static const double left = 0.35; /* of the level */
static double drawn[LENGTH];

static double part_of(shape s, size_t day) {
  if (s == NOTHING)
    return 1;
  if (s == STEP)
    return day < 28 ? left : 1;
  if (s == EVEN)
    return fmin(1, left + (1 - left) * (double)day / 56);
  return 1 - (1 - left) * pow(0.5, (double)day / 14);
}

static void draw(gsl_rng *random, shape s) {
  series_draw(random, drawn, LENGTH);
  for (size_t i = EVENT; i < LENGTH; i++)
    drawn[i] = gsl_ran_binomial(random, part_of(s, i - EVENT), (unsigned)drawn[i]);
}

/* The times of the course without noise. */
static void truth_of(shape s, const tide_recovery_options *o, size_t *back, size_t *half) {
  double level[AFTER], lowest = INFINITY;
  size_t at_lowest = 0;
  *back = *half = 0;
  for (size_t d = o->smooth; d <= AFTER; d++) {
    level[d - 1] = 0;
    for (size_t i = d - o->smooth; i < d; i++)
      level[d - 1] += part_of(s, i) / (double)o->smooth;
    if (level[d - 1] < lowest - 1e-9) {
      lowest = level[d - 1];
      at_lowest = d;
    }
  }
  for (size_t d = AFTER; d >= at_lowest; d--) {
    if (level[d - 1] >= o->to - 1e-9)
      *back = d;
    if (level[d - 1] >= (1 + lowest) / 2 - 1e-9)
      *half = d;
  }
}

/* How many of SERIES, and sums over them. */
typedef struct score {
  size_t fell;
  struct time_score {
    size_t found, held, open;
    double off, width;
  } back, half;
} score;

static void time_add(const tide_recovery_time *t, size_t truth, struct time_score *sum) {
  if (!t->known || !t->has_interval)
    return;
  sum->found++;
  sum->held += t->low <= truth && (t->is_open || truth <= t->high);
  sum->open += t->is_open;
  sum->off += (double)t->days - (double)truth;
  if (!t->is_open)
    sum->width += (double)(t->high - t->low);
}

static void time_print(size_t truth, const struct time_score *sum) {
  const double found = (double)sum->found, closed = found - (double)sum->open;
  printf(" %zu | %+.1f | %.0f %% | %.0f | %.0f %% |", truth, sum->off / found,
         100 * (double)sum->held / found, sum->width / closed, 100 * (double)sum->open / found);
}

static bool shape_measure(const char *name, shape s, gsl_rng *random) {
  const tide_recovery_options options = {.to = 0.9, .smooth = 7, .sustain = 7};
  const tide_recovery_days series = {
      .counts = drawn, .history = HISTORY, .before = BEFORE, .after = AFTER};
  size_t back, half;
  score sum = {0};
  truth_of(s, &options, &back, &half);
  for (size_t i = 0; i < SERIES; i++) {
    tide_recovery r;
    draw(random, s);
    if (tide_recovery_find(&series, &options, &r) != TIDE_OK)
      return false;
    sum.fell += r.status == TIDE_RECOVERY_RECOVERED || r.status == TIDE_RECOVERY_NOT_WITHIN ||
                r.status == TIDE_RECOVERY_NEVER_FELL;
    time_add(&r.back, back, &sum.back);
    time_add(&r.half, half, &sum.half);
  }
  printf("| %s | %s | %.0f %% |", name, names[s], 100.0 * (double)sum.fell / SERIES);
  if (s == NOTHING) {
    puts(" | | | | | | | | | |");
    return true;
  }
  time_print(back, &sum.back);
  time_print(half, &sum.half);
  puts("");
  return true;
}

int main(int argc, char **argv) {
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  bool sound = random != NULL;
  puts("| series | course | fell | back on day | mean error | interval holds it | width | open | "
       "half "
       "on day | mean error | interval holds it | width | open |");
  puts("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  for (int i = 1; i < argc && sound; i++) {
    const char *slash = strrchr(argv[i], '/'), *name = slash ? slash + 1 : argv[i];
    if (!series_read(argv[i]) || !residuals_make()) {
      fprintf(stderr, "calibrate_recovery: cannot read %s\n", argv[i]);
      return 1;
    }
    if (residuals < RESIDUALS_LEAST)
      continue; /* too little to draw from */
    gsl_rng_set(random, 20081111);
    for (shape s = NOTHING; s < SHAPES && sound; s++)
      sound = shape_measure(name, s, random);
  }
  gsl_rng_free(random);
  return !sound;
}
