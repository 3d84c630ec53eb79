/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Chao's bound of a botnet's size is worth (docs/families.md), on botnets of a known size seen
 * for 28 days.
 *
 *   simulate_bots [--check]
 *
 * A row for each size, kind and rate of a computer: alike; with rates that are log-normal about it;
 * or with lives that begin and end at any day of three times the window. Columns: the share that
 * was seen, the bound over the size, and of 200 botnets those whose low end is at most the size,
 * and those whose interval holds it. --check: of botnets whose computers are alike it must hold, or
 * its low end be at most, the size of most. */
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "stats/overlap.h"

enum { DAYS = 28, BOTNETS = 200, ALIKE = 0, SPREAD, COMING, KINDS };
static const char *const kinds[KINDS] = {"alike", "log-normal", "come and go"};

/* On how many days one computer is seen. */
static unsigned days_seen(gsl_rng *random, int kind, double rate) {
  int from = 0, to = DAYS;
  if (kind == SPREAD)
    rate = fmin(1, gsl_ran_lognormal(random, log(rate) - 0.5, 1));
  if (kind == COMING) {
    from = (int)gsl_rng_uniform_int(random, 2 * DAYS) - DAYS;
    to = from + DAYS < DAYS ? from + DAYS : DAYS;
    from = from < 0 ? 0 : from;
  }
  return gsl_ran_binomial(random, rate, (unsigned)(to - from));
}

typedef struct worth {
  double seen, bound; /* over the size, sums */
  int below, holds;
} worth;

static worth worth_of(gsl_rng *random, uint64_t size, int kind, double rate) {
  worth w = {0};
  for (int i = 0; i < BOTNETS; i++) {
    uint64_t seen = 0, of[3] = {0};
    for (uint64_t k = 0; k < size; k++) {
      const unsigned days = days_seen(random, kind, rate);
      seen += days > 0;
      of[days < 3 ? days : 0]++;
    }
    const tide_richness r = tide_richness_least(seen, of[1], of[2], DAYS);
    w.seen += (double)seen / (double)size;
    w.bound += r.least / (double)size;
    /* As the columns have them. */
    w.below += round(r.low) <= (double)size;
    w.holds += round(r.low) <= (double)size && (double)size <= round(r.high);
  }
  return w;
}

int main(int argc, char **argv) {
  static const uint64_t sizes[] = {200, 2000, 20000};
  static const double rates[] = {0.002, 0.01, 0.05, 0.2};
  const bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  bool good = true;
  printf("| addresses | they | rate a day | seen | bound over size | low end at most the size | "
         "interval holds it |\n|--:|---|--:|--:|--:|--:|--:|\n");
  for (size_t s = 0; s < (check ? 2 : 3); s++)
    for (int kind = 0; kind < (check ? 1 : KINDS); kind++)
      for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
        const worth w = worth_of(random, sizes[s], kind, rates[r]);
        printf("| %d | %s | %g | %.2f | %.2f | %d of %d | %d of %d |\n", (int)sizes[s], kinds[kind],
               rates[r], w.seen / BOTNETS, w.bound / BOTNETS, w.below, BOTNETS, w.holds, BOTNETS);
        good = good && (kind != ALIKE || w.below >= BOTNETS * 0.85);
      }
  gsl_rng_free(random);
  return good ? 0 : 1;
}
