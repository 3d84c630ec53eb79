/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often `changes` is right: series with a known break, or none, made and searched many times.
 *
 *   simulate_changes SEEDS      five times as many for a fall of 10 percent, as
 * few are found
 *
 * Writes Markdown. Daily series of 182 bins; the break falls on a day between the 61st and the
 * 122nd, another one for each seed. The log of the rate is an autoregressive process of order one;
 * counts are negative binomial about the rate. One seed gives the same series on every machine:
 * GSL's generators. */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/segment.h"

enum { BINS = 182, BINS_MOST = 730, FEW_FOUND = 5 /* times the series for a fall of 10 percent */ };

typedef struct setting {
  const char *name;
  double phi, sd; /* of the log rate */
  double cv;      /* of the rate beyond that, from bin to bin */
  int weekdays;
  int bursts; /* one in 30 days begins two days of four times the volume */
} setting;

static const setting settings[] = {
    {"independent days, cv 0.20", 0, 0, 0.20, 0, 0},
    {"AR 0.3, cv 0.25", 0.3, 0.20, 0.15, 0, 0},
    {"AR 0.4, cv 0.25, weekdays", 0.4, 0.20, 0.15, 1, 0},
    {"AR 0.5, cv 0.29", 0.5, 0.25, 0.15, 0, 0},
    {"AR 0.3, cv 0.25, bursts", 0.3, 0.20, 0.15, 0, 1},
};
static const double volumes[] = {50, 500, 5000};
static const double falls[] = {0, 0.65, 0.30, 0.10};
static const double weekday[7] = {1.15, 1.2, 1.2, 1.15, 1.1, 0.65, 0.55};

/* The messages of a day before the change, and what part of them it takes. */
typedef struct level {
  double volume, fall;
} level;

static void series(gsl_rng *rng, const setting *s, level l, size_t at, double *counts,
                   size_t bins) {
  double x = gsl_ran_gaussian(rng, s->sd);
  int burst = 0;
  for (size_t t = 0; t < bins; t++) {
    double rate = l.volume * exp(x - s->sd * s->sd / 2);
    if (t >= at)
      rate *= 1 - l.fall;
    if (s->weekdays)
      rate *= weekday[t % 7];
    if (s->bursts && burst == 0 && gsl_rng_uniform(rng) < 1.0 / 30)
      burst = 2;
    if (burst) {
      rate *= 4;
      burst--;
    }
    if (s->cv > 0)
      rate *= gsl_ran_gamma(rng, 1 / (s->cv * s->cv), s->cv * s->cv);
    counts[t] = gsl_ran_poisson(rng, rate);
    x = s->phi * x + gsl_ran_gaussian(rng, s->sd * sqrt(1 - s->phi * s->phi));
  }
}

/* What is counted over the seeds of one cell. */
typedef struct score {
  unsigned long any, found, within, exact, covered, ratio_covered, others;
  double width;
} score;

static int run(gsl_rng *rng, const setting *s, size_t bins, level l, unsigned long seeds,
               score *out) {
  const double fall = l.fall;
  double counts[BINS_MOST];
  *out = (score){0};
  for (unsigned long seed = 1; seed <= seeds; seed++) {
    gsl_rng_set(rng, seed);
    size_t at = 61 + gsl_rng_uniform_int(rng, 61);
    series(rng, s, l, at, counts, bins);
    const tide_segment_options options = {.min_length = 7, .cycle = 7};
    tide_segmentation found;
    if (tide_segment_find(counts, NULL, bins, &options, &found) != TIDE_OK)
      return 1;
    out->any += found.count > 0;
    size_t near = found.count;
    for (size_t i = 0; i < found.count && fall > 0; i++) {
      size_t off = found.changes[i].at > at ? found.changes[i].at - at : at - found.changes[i].at;
      size_t best = bins;
      if (near < found.count) {
        const size_t other = found.changes[near].at;
        best = other > at ? other - at : at - other;
      }
      if (off < best && off <= 14)
        near = i;
    }
    if (near < found.count) {
      const tide_segment_change *c = &found.changes[near];
      out->found++;
      out->within += c->at + 1 >= at && c->at <= at + 1;
      out->exact += c->at == at;
      out->covered += c->low <= at && at <= c->high;
      out->width += (double)(c->high - c->low);
      out->ratio_covered += c->log_low <= log(1 - fall) && log(1 - fall) <= c->log_high;
      out->others += found.count > 1;
    } else {
      out->others += found.count > 0;
    }
    tide_segmentation_free(&found);
  }
  return 0;
}

static double percent(unsigned long part, unsigned long whole) {
  return whole ? 100.0 * (double)part / (double)whole : 0;
}

int main(int argc, char **argv) {
  unsigned long seeds = argc > 1 ? strtoul(argv[1], NULL, 10) : 400;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (!rng || seeds == 0)
    return 2;
  printf("| series | messages a day | change | found | within a day | exact | date in interval | "
         "width (days) | change in interval | another date too "
         "|\n|---|---|---|---|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    for (size_t f = 0; f < sizeof falls / sizeof *falls; f++)
      for (size_t v = 0; v < sizeof volumes / sizeof *volumes; v++) {
        score s;
        unsigned long made = falls[f] > 0 && falls[f] < 0.2 ? FEW_FOUND * seeds : seeds;
        if (run(rng, &settings[i], BINS, (level){volumes[v], falls[f]}, made, &s) != 0)
          return 1;
        if (falls[f] > 0)
          printf(
              "| %s | %g | -%g%% | %.1f%% | %.1f%% | %.1f%% | %.1f%% | %.1f | %.1f%% | %.1f%% |\n",
              settings[i].name, volumes[v], 100 * falls[f], percent(s.found, made),
              percent(s.within, made), percent(s.exact, s.found), percent(s.covered, s.found),
              s.found ? s.width / (double)s.found : 0, percent(s.ratio_covered, s.found),
              percent(s.others, made));
        else
          printf("| %s | %g | none | false alarm: %.1f%% | | | | | | |\n", settings[i].name,
                 volumes[v], percent(s.any, seeds));
      }
  static const size_t lengths[] = {42, 90, 182, 730};
  static const double few[] = {1, 5, 50, 5000};
  printf("\nFalse alarms in series without a change, by length and volume:\n\n| series | days | at "
         "1 a day | 5 | 50 | 5,000 |\n|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
      printf("| %s | %zu |", settings[i].name, lengths[l]);
      for (size_t v = 0; v < sizeof few / sizeof *few; v++) {
        score s;
        if (run(rng, &settings[i], lengths[l], (level){few[v], 0}, seeds, &s) != 0)
          return 1;
        printf(" %.1f%% |", percent(s.any, seeds));
      }
      printf("\n");
    }
  gsl_rng_free(rng);
  return 0;
}
