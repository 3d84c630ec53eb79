/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the intervals of concentration hold the truth: rows of a table in Markdown.
 *
 *   calibrate_concentration SERIES
 *
 * Days of 30 messages from senders whose rates fall as a power of their rank. A sender's rate is
 * multiplied day by day by a lognormal value, of which a part is left after a day; in campaigns a
 * sender is active for some days in five, and silent in between. The truth is the mean of what all
 * the series show, as top shares and gini depend on how many messages there are. How long blocks
 * are was chosen on the first four; the last three were made up after that, and the others looked
 * at before it.
 */
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/concentration.h"

enum { GROUPS = 300, DAYS_MOST = 112, MEASURES = 4, SERIES_MOST = 4000 };

static tide_concentration_cell cells[GROUPS * DAYS_MOST];
static uint64_t sums[GROUPS];

/* Days of one kind. */
typedef struct world {
  const char *name;
  uint32_t groups;
  double power, a_day;
  double sd, kept; /* of the logarithm of the rate's factor; its autocorrelation */
  double lasts;    /* mean days of a campaign; 0: senders are always active */
} world;

static const world worlds[] = {
    {"steady", GROUPS, 0.8, 30, 0, 0, 0},
    {"bursts", GROUPS, 0.8, 30, 1, 0.5, 0},
    {"long bursts", GROUPS, 0.8, 30, 1, 0.8, 0},
    {"strong bursts", GROUPS, 0.8, 30, 1.5, 0.5, 0},
    {"bursts, 300 messages a day", GROUPS, 0.8, 300, 1, 0.5, 0},
    {"bursts, 4 messages a day", GROUPS, 0.8, 4, 1, 0.5, 0},
    {"bursts, 30 senders", 30, 0.8, 30, 1, 0.5, 0},
    {"bursts, few send nearly all", GROUPS, 1.3, 30, 1, 0.5, 0},
    {"campaigns of 7 days", GROUPS, 0.8, 30, 0.5, 0.5, 7},
    {"campaigns of 20 days", GROUPS, 0.8, 30, 0.5, 0.5, 20},
    {"bursts, all send alike", GROUPS, 0, 30, 1, 0.5, 0},
    {"slow bursts, 100 senders", 100, 1, 10, 0.7, 0.9, 0},
    {"campaigns of 3 days", GROUPS, 0.8, 100, 0, 0, 3},
};

/* One series; how many cells it has. */
static size_t series_make(gsl_rng *random, uint32_t days, const world *w) {
  static double level[GROUPS];
  static bool active[GROUPS];
  const double part = 0.2, ends = w->lasts > 0 ? 1 / w->lasts : 0,
               begins = ends * part / (1 - part);
  double rates = 0;
  size_t count = 0;
  for (uint32_t g = 0; g < w->groups; g++) {
    level[g] = gsl_ran_gaussian(random, w->sd);
    active[g] = ends <= 0 || gsl_rng_uniform(random) < part;
    rates += pow(g + 1, -w->power);
    sums[g] = 0;
  }
  for (uint32_t d = 0; d < days; d++)
    for (uint32_t g = 0; g < w->groups; g++) {
      const double mean = w->a_day * pow(g + 1, -w->power) / rates * (ends > 0 ? 1 / part : 1) *
                          exp(level[g] - w->sd * w->sd / 2);
      const uint64_t messages = active[g] ? gsl_ran_poisson(random, mean) : 0;
      level[g] = w->kept * level[g] + gsl_ran_gaussian(random, w->sd * sqrt(1 - w->kept * w->kept));
      if (ends > 0 && gsl_rng_uniform(random) < (active[g] ? ends : begins))
        active[g] = !active[g];
      sums[g] += messages;
      if (messages)
        cells[count++] = (tide_concentration_cell){d, g, messages};
    }
  return count;
}

/* What one series showed. */
typedef struct shown {
  double value[MEASURES], low[MEASURES], high[MEASURES];
} shown;

static bool series_measure(gsl_rng *random, uint32_t days, const world *w, shown *out) {
  tide_concentration c;
  tide_concentration_intervals i;
  const size_t count = series_make(random, days, w);
  if (tide_concentration_intervals_find(cells, count, days, w->groups, 0.95, &i) != TIDE_OK)
    return false;
  tide_concentration_measure(sums, w->groups, &c);
  const double value[MEASURES] = {c.hhi, c.top_1, c.top_10, c.gini};
  const double *ends[MEASURES] = {i.hhi, i.top_1, i.top_10, i.gini};
  for (size_t m = 0; m < MEASURES; m++) {
    out->value[m] = value[m];
    out->low[m] = ends[m][0];
    out->high[m] = ends[m][1];
  }
  return true;
}

static bool row_measure(gsl_rng *random, uint32_t days, const world *w, size_t series) {
  static shown all[SERIES_MOST];
  for (size_t i = 0; i < series; i++)
    if (!series_measure(random, days, w, &all[i]))
      return false;
  double width = 0;
  printf("| %s | %u |", w->name, (unsigned)days);
  for (size_t m = 0; m < MEASURES; m++) {
    double truth = 0;
    size_t held = 0, sound = 0;
    for (size_t i = 0; i < series; i++)
      truth += all[i].value[m] / (double)series;
    for (size_t i = 0; i < series; i++) {
      sound += isfinite(all[i].low[m]);
      held += all[i].low[m] <= truth && truth <= all[i].high[m];
    }
    printf(" %.1f %% |", 100 * (double)held / (double)sound);
  }
  for (size_t i = 0; i < series; i++)
    width += all[i].low[0] > 0 ? log(all[i].high[0] / all[i].low[0]) / (double)series : 0;
  printf(" %.2f |\n", exp(width));
  return true;
}

int main(int argc, char **argv) {
  static const uint32_t lengths[] = {14, 28, 56, 112};
  const size_t series = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  bool sound = random && series > 0 && series <= SERIES_MOST;
  if (sound)
    puts("| days | length | `hhi` | `top_1` | `top_10` | `gini` | high/low of `hhi` "
         "|\n|---|--:|--:|--:|--:|--:|--:|");
  for (size_t w = 0; w < sizeof worlds / sizeof *worlds; w++)
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths && sound; i++) {
      gsl_rng_set(random, 20081111);
      sound = row_measure(random, lengths[i], &worlds[w], series);
    }
  gsl_rng_free(random);
  return !sound;
}
