/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often the intervals of concentration hold the truth: rows of a table in Markdown.
 *
 *   calibrate_concentration SERIES
 *
 * Days of 30 messages from 300 senders whose rates fall as 1 / rank^0.8. `steady` is Poisson; with
 * `bursts` each sender's rate is multiplied day by day by a lognormal value with a standard
 * deviation of 1 on the scale of the logarithm, half of which is left after a day. The truth is the
 * mean of what all the series show, as top shares and gini depend on how many messages there are.
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

/* One series; how many cells it has. */
static size_t series_make(gsl_rng *random, uint32_t days, bool bursts) {
  static double level[GROUPS];
  const double kept = 0.5, sd = bursts ? 1 : 0, a_day = 30;
  double rates = 0;
  size_t count = 0;
  for (uint32_t g = 0; g < GROUPS; g++) {
    level[g] = gsl_ran_gaussian(random, sd);
    rates += pow(g + 1, -0.8);
    sums[g] = 0;
  }
  for (uint32_t d = 0; d < days; d++)
    for (uint32_t g = 0; g < GROUPS; g++) {
      const double mean = a_day * pow(g + 1, -0.8) / rates * exp(level[g] - sd * sd / 2);
      const uint64_t messages = gsl_ran_poisson(random, mean);
      level[g] = kept * level[g] + gsl_ran_gaussian(random, sd * sqrt(1 - kept * kept));
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

static bool series_measure(gsl_rng *random, uint32_t days, bool bursts, shown *out) {
  tide_concentration c;
  tide_concentration_intervals i;
  const size_t count = series_make(random, days, bursts);
  if (tide_concentration_intervals_find(cells, count, days, GROUPS, 0.95, &i) != TIDE_OK)
    return false;
  tide_concentration_measure(sums, GROUPS, &c);
  const double value[MEASURES] = {c.hhi, c.top_1, c.top_10, c.gini};
  const double *ends[MEASURES] = {i.hhi, i.top_1, i.top_10, i.gini};
  for (size_t m = 0; m < MEASURES; m++) {
    out->value[m] = value[m];
    out->low[m] = ends[m][0];
    out->high[m] = ends[m][1];
  }
  return true;
}

static bool row_measure(gsl_rng *random, uint32_t days, bool bursts, size_t series) {
  static shown all[SERIES_MOST];
  for (size_t i = 0; i < series; i++)
    if (!series_measure(random, days, bursts, &all[i]))
      return false;
  printf("| %s | %u |", bursts ? "bursts" : "steady", (unsigned)days);
  for (size_t m = 0; m < MEASURES; m++) {
    double truth = 0;
    size_t held = 0;
    for (size_t i = 0; i < series; i++)
      truth += all[i].value[m] / (double)series;
    for (size_t i = 0; i < series; i++)
      held += all[i].low[m] <= truth && truth <= all[i].high[m];
    printf(" %.1f %% |", 100 * (double)held / (double)series);
  }
  puts("");
  return true;
}

int main(int argc, char **argv) {
  static const uint32_t lengths[] = {14, 28, 56, 112};
  const size_t series = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  bool sound = random && series > 0 && series <= SERIES_MOST;
  if (sound)
    puts("| days | length | `hhi` | `top_1` | `top_10` | `gini` |\n|---|--:|--:|--:|--:|--:|");
  for (int bursts = 0; bursts < 2; bursts++)
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths && sound; i++) {
      gsl_rng_set(random, 20081111);
      sound = row_measure(random, lengths[i], bursts, series);
    }
  gsl_rng_free(random);
  return !sound;
}
