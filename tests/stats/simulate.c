/* Coverage: how often the interval of a contrast holds the change that daily counts were generated with. The counts are generated, not mail: the logarithm of the rate is a stationary AR(1), and
 * counts are negative binomial around it.
 *
 *   simulate SERIES          prints a Markdown table, of so many series for each row
 *   simulate --quick SERIES  the rows with 50 messages a day and a window of 28 days only; the exit status says whether they are within 93 and 97 percent
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spamtide/contrast.h"

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
static double random_normal(void) { return sqrt(-2 * log(random_unit())) * cos(2 * 3.14159265358979323846 * random_unit()); }
/* Marsaglia and Tsang (2000). */
static double random_gamma(double shape) {
  if (shape < 1) return random_gamma(shape + 1) * pow(random_unit(), 1 / shape);
  double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
  for (;;) {
    double x = random_normal(), v = 1 + c * x;
    if (v <= 0) continue;
    v = v * v * v;
    if (log(random_unit()) < 0.5 * x * x + d - d * v + d * log(v)) return d * v;
  }
}
/* Gamma and binomial splitting would be exact for any mean; sums of exponential waiting times are enough below 30, and halves of a gamma above (Ahrens and Dieter 1974). */
static double random_poisson(double mean) {
  double count = 0;
  while (mean > 30) {
    double m = floor(mean * 7 / 8), x = random_gamma(m);
    if (x > mean) {
      double left = 0;
      for (double i = 0; i < m - 1; i++) left += random_unit() < mean / x;
      return count + left;
    }
    count += m;
    mean -= x;
  }
  double product = random_unit();
  for (; product > exp(-mean); product *= random_unit()) count++;
  return count;
}

enum { DAYS_MAX = 56 };

typedef struct plan {
  double a_day, change, ratio_of_variance, rho, sigma; /* variance over mean of the counts around the rate; autocorrelation and deviation of the rate's logarithm */
  int window;
} plan;

static double covered(const plan *p, int series, const tide_contrast_options *o, double *width, double *found) {
  int hits = 0, sound = 0;
  double widths = 0, rhos = 0;
  for (int seed = 0; seed < series; seed++) {
    random_seed((uint64_t)seed * 1000003u + 17);
    double value[DAYS_MAX], days[DAYS_MAX], start[DAYS_MAX], level = random_normal() * p->sigma;
    for (int i = 0; i < 2 * p->window; i++) {
      double mean = p->a_day * (i < p->window ? 1 : 1 + p->change) * exp(level - p->sigma * p->sigma / 2);
      double shape = mean / (p->ratio_of_variance - 1);
      value[i] = random_poisson(random_gamma(shape) * (p->ratio_of_variance - 1));
      days[i] = 1;
      start[i] = i - p->window;
      level = p->rho * level + sqrt(1 - p->rho * p->rho) * p->sigma * random_normal();
    }
    tide_series s = {(size_t)(2 * p->window), value, days, start};
    tide_contrast c;
    if (tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, o, &c) != TIDE_OK || !isfinite(c.low) || !isfinite(c.high)) continue;
    sound++;
    hits += c.low <= 1 + p->change && c.high >= 1 + p->change;
    widths += log(c.high / c.low);
    if (isfinite(c.autocorrelation)) rhos += c.autocorrelation;
  }
  *width = widths / sound;
  *found = rhos / sound;
  return 100.0 * hits / series; /* a series without an interval is a miss */
}

int main(int argc, char **argv) {
  int quick = argc > 1 && strcmp(argv[1], "--quick") == 0, series = argc > 1 + quick ? atoi(argv[1 + quick]) : 0, bad = 0;
  if (series < 1) return fprintf(stderr, "simulate [--quick] SERIES\n"), 2;
  static const double changes[] = {-0.65, -0.30, -0.10}, rates[] = {50, 500, 5000};
  static const struct {
    double rho, sigma;
  } kinds[] = {{0.3, 0.25}, {0, 0.25}, {0.5, 0.25}};
  static const int windows[] = {28, 14, 7};
  printf("| days | messages a day | change | rho | coverage | mean rho found | factor high/low | Newey-West | independent days |\n|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
  for (int w = 0; w < (quick ? 1 : 3); w++)
    for (int k = 0; k < (quick ? 1 : 3); k++)
      for (int r = 0; r < (quick ? 1 : 3); r++)
        for (int c = 0; c < 3; c++) {
          plan p = {rates[r], changes[c], 5, kinds[k].rho, kinds[k].sigma, windows[w]};
          tide_contrast_options o = {.model = TIDE_MODEL_QUASIPOISSON, .confidence = 0.95};
          double width, rho, ignored, coverage = covered(&p, series, &o, &width, &rho);
          o.errors = TIDE_ERRORS_NEWEY_WEST;
          double newey_west = quick ? NAN : covered(&p, series, &o, &ignored, &ignored);
          o.errors = TIDE_ERRORS_INDEPENDENT;
          double independent = quick ? NAN : covered(&p, series, &o, &ignored, &ignored);
          printf("| %d+%d | %.0f | %.0f %% | %.1f | %.1f %% | %.2f | %.2f | %.1f %% | %.1f %% |\n", p.window, p.window, p.a_day, 100 * p.change, p.rho, coverage, rho, exp(width), newey_west, independent);
          fflush(stdout);
          bad |= coverage < 93 || coverage > 97;
        }
  return quick && bad;
}
