/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coverage: how often the interval of a contrast holds the change that daily counts were generated
 * with. The counts are generated, not mail: the logarithm of the rate is a stationary AR(1), and
 * counts are negative binomial around it.
 *
 *   simulate_compare SERIES          prints Markdown tables, of so many series for each row
 *   simulate_compare --quick SERIES  the rows with 50 messages a day and a window of 28 days only;
 * the exit status says whether they are within 93 and 97 percent
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/contrast.h"

/* xorshift128+ (Vigna 2014), seeded by splitmix64: the same series on every machine. */
static uint64_t state[2];
static void random_seed(uint64_t seed) {
  for (int i = 0; i < 2; i++) {
    uint64_t z = seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    state[i] = z ^ z >> 31;
  }
}
static double random_unit(void) {
  uint64_t a = state[0], b = state[1];
  state[0] = b;
  a ^= a << 23;
  state[1] = a ^ b ^ a >> 17 ^ b >> 26;
  return ((double)((state[1] + b) >> 11) + 0.5) / 9007199254740992.0;
}
static double random_normal(void) {
  return sqrt(-2 * log(random_unit())) * cos(2 * 3.14159265358979323846 * random_unit());
}
/* Marsaglia and Tsang (2000). */
static double random_gamma(double shape) {
  if (shape < 1)
    return random_gamma(shape + 1) * pow(random_unit(), 1 / shape);
  double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    double x = random_normal(), v = 1 + c * x;
    if (v <= 0)
      continue;
    v = v * v * v;
    if (log(random_unit()) < 0.5 * x * x + d - d * v + d * log(v))
      return d * v;
  }
}
/* Ahrens and Dieter (1974): large means are split by the gamma time of an event far on, small ones
 * counted off. */
static double random_poisson(double mean) {
  double count = 0;
  while (mean > 30) {
    double m = floor(mean * 7 / 8), x = random_gamma(m);
    if (x > mean) {
      double left = 0;
      for (double i = 0; i < m - 1; i++)
        left += random_unit() < mean / x;
      return count + left;
    }
    count += m;
    mean -= x;
  }
  double product = random_unit();
  for (; product > exp(-mean); product *= random_unit())
    count++;
  return count;
}

enum { DAYS_MAX = 56 };

typedef struct plan {
  double a_day, change, ratio_of_variance, rho,
      sigma; /* variance over mean of the counts around the rate; autocorrelation and deviation of
                the rate's logarithm */
  int window;
} plan;

typedef struct generated {
  double value[DAYS_MAX], days[DAYS_MAX], start[DAYS_MAX];
} generated;

static tide_series generate(const plan *p, int seed, generated *g) {
  random_seed((uint64_t)seed * 1000003u + 17);
  double level = random_normal() * p->sigma;
  for (int i = 0; i < 2 * p->window; i++) {
    double mean = p->a_day * (i < p->window ? 1 : 1 + p->change) *
                  exp(level - p->sigma * p->sigma / 2),
           shape = mean / (p->ratio_of_variance - 1);
    g->value[i] = random_poisson(random_gamma(shape) * (p->ratio_of_variance - 1));
    g->days[i] = 1;
    g->start[i] = i - p->window;
    level = p->rho * level + sqrt(1 - p->rho * p->rho) * p->sigma * random_normal();
  }
  return (tide_series){(size_t)(2 * p->window), g->value, g->days, g->start};
}

static double covered(const plan *p, int series, const tide_contrast_options *o, double *width,
                      double *found) {
  int hits = 0, sound = 0;
  double widths = 0, rhos = 0;
  for (int seed = 0; seed < series; seed++) {
    generated g;
    tide_series s = generate(p, seed, &g);
    tide_contrast c;
    if (tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, o, &c) != TIDE_OK || !isfinite(c.low) ||
        !isfinite(c.high))
      continue;
    sound++;
    hits += c.low <= 1 + p->change && c.high >= 1 + p->change;
    widths += log(c.high / c.low);
    if (isfinite(c.autocorrelation))
      rhos += c.autocorrelation;
  }
  *width = widths / sound;
  *found = rhos / sound;
  return 100.0 * hits / series; /* a series without an interval is a miss */
}

/* The other options, and how often a slope is found before the event where there is none. */
static void others(int series) {
  static const struct {
    const char *name;
    tide_contrast_options options;
  } rows[] = {
      {"quasipoisson+ar1", {.model = TIDE_MODEL_QUASIPOISSON, .confidence = 0.95}},
      {"negbin+ar1", {.model = TIDE_MODEL_NEGBIN, .confidence = 0.95}},
      {"quasipoisson+weekdays+ar1",
       {.model = TIDE_MODEL_QUASIPOISSON, .confidence = 0.95, .weekdays = true}},
      {"quasipoisson+trend+ar1",
       {.model = TIDE_MODEL_QUASIPOISSON, .confidence = 0.95, .trend = true}},
      {"quasipoisson+weekdays+trend+ar1",
       {.model = TIDE_MODEL_QUASIPOISSON, .confidence = 0.95, .weekdays = true, .trend = true}},
      {"quasipoisson+ar1, 99 percent", {.model = TIDE_MODEL_QUASIPOISSON, .confidence = 0.99}}};
  printf("\n| method, 28+28 days, 500 a day, rho 0.3 | change | coverage | factor high/low "
         "|\n|---|--:|--:|--:|\n");
  for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
    for (int c = 0; c < 2; c++) {
      plan p = {500, c ? -0.10 : -0.65, 5, 0.3, 0.25, 28};
      double width, rho, coverage = covered(&p, series, &rows[r].options, &width, &rho);
      printf("| %s | %.0f %% | %.1f %% | %.2f |\n", rows[r].name, 100 * p.change, coverage,
             exp(width));
    }
  printf("\n| days before | rho | slopes found at p < 0.05 where there is none |\n|--:|--:|--:|\n");
  for (int w = 28; w >= 7; w /= 2)
    for (int k = 0; k < 2; k++) {
      plan p = {500, 0, 5, k ? 0.3 : 0, 0.25, w};
      int found = 0;
      for (int seed = 0; seed < series; seed++) {
        generated g;
        tide_series s = generate(&p, seed, &g);
        double factor, slope_p;
        found += tide_contrast_slope_before(&s, &factor, &slope_p) == TIDE_OK && slope_p < 0.05;
      }
      printf("| %d | %.1f | %.1f %% |\n", w, p.rho, 100.0 * found / series);
    }
}

int main(int argc, char **argv) {
  int quick = argc > 1 && strcmp(argv[1], "--quick") == 0,
      series = argc > 1 + quick ? atoi(argv[1 + quick]) : 0, bad = 0;
  if (series < 1) {
    fprintf(stderr, "simulate_compare [--quick] SERIES\n");
    return 2;
  }
  static const double changes[] = {-0.65, -0.10}, rates[] = {50, 500, 5000};
  static const struct { double rho, sigma; } kinds[] = {{0.3, 0.25}, {0, 0.25}, {0.5, 0.25}};
  static const int windows[] = {28, 14, 7};
  printf("| days | messages a day | change | rho | coverage | mean rho found | factor high/low | "
         "Newey-West | independent days |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
  for (int w = 0; w < (quick ? 1 : 3); w++)
    for (int k = 0; k < (quick ? 1 : 3); k++)
      for (int r = 0; r < (quick ? 1 : 3); r++)
        for (int c = 0; c < 2; c++) {
          plan p = {rates[r], changes[c], 5, kinds[k].rho, kinds[k].sigma, windows[w]};
          tide_contrast_options o = {.model = TIDE_MODEL_QUASIPOISSON, .confidence = 0.95};
          double width, rho, ignored, coverage = covered(&p, series, &o, &width, &rho);
          o.errors = TIDE_ERRORS_NEWEY_WEST;
          double newey_west = quick ? NAN : covered(&p, series, &o, &ignored, &ignored);
          o.errors = TIDE_ERRORS_INDEPENDENT;
          double independent = quick ? NAN : covered(&p, series, &o, &ignored, &ignored);
          printf("| %d+%d | %.0f | %.0f %% | %.1f | %.1f %% | %.2f | %.2f | %.1f %% | %.1f %% |\n",
                 p.window, p.window, p.a_day, 100 * p.change, p.rho, coverage, rho, exp(width),
                 newey_west, independent);
          fflush(stdout);
          bad |= coverage < 93 || coverage > 97;
        }
  if (!quick)
    others(series);
  return quick && bad;
}
