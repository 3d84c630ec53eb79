/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hidden Markov chain over a grid of rates, run from both ends: the probability that the change
 * fell on a bin is where the two meet. */
#include "stats/dating.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STATES = 13, LEVELS = 5, BURST = 2 /* in none, in one */ };

static const double persistence = 0.5;  /* autocorrelation of neighbouring rates */
static const double states_reach = 3;   /* standard deviations */
static const double levels_reach = 2.5; /* standard errors */
static const double gap_reach = 3;      /* natural logarithms down */
static const double burst_usual = 1.5;  /* ln of a burst over its level, before any was seen */
static const double fitted_away =
    1.05; /* variance of rates over what segments and cuts leave of it */
static const double overshoot = 0.582597158; /* -zeta(1/2) / sqrt(2 pi) */
static const double missed = 0.05;           /* of dates by their intervals */
static const double best_above_true =
    3; /* mean strength that the best position has above the true one */
static const double own_part = 1.15;  /* of a date against its neighbours' */
static const double burst_mass = 0.9; /* of the posterior, in an interval where bursts are common */
enum { BURSTS_FEW = 40 };             /* in so many bins no more than one is cut */

static double normal_above(double z) {
  return erfc(z / sqrt(2)) / 2;
}

/* --- the rate --- */

/* How often bins were cut and for how long at a time; how large bursts are, to which one of 4.5
 * times the level and a standard deviation of 1 is added. */
static void bursts_rate(const double *a, const double *cut, size_t n, const size_t *ends,
                        size_t segments, tide_dating_rate *rate) {
  size_t bins = 0, runs = 0, above = 0;
  double sizes = 1, sum = burst_usual, squares = 1 + burst_usual * burst_usual;
  bool last = false;
  for (size_t s = 0, start = 0; s < segments; start = ends[s++]) {
    double mean = gsl_stats_mean(cut + start, 1, ends[s] - start);
    for (size_t t = start; t < ends[s]; t++) {
      bool is = a[t] > cut[t] || a[t] < cut[t];
      bins += is;
      runs += is && !last;
      above += a[t] > cut[t];
      last = is;
      if (!(a[t] > cut[t] && mean > 0))
        continue;
      double size = log((a[t] + 0.5) / mean);
      sizes++;
      sum += size;
      squares += size * size;
    }
  }
  rate->burst_begins = ((double)runs + 0.5) / ((double)n + 1);
  rate->burst_ends = ((double)runs + 0.5) / ((double)bins + 1);
  rate->burst_above = ((double)above + 0.5) / ((double)bins + 1);
  rate->burst_mean = sum / sizes;
  rate->burst_sd = sqrt(squares / sizes - rate->burst_mean * rate->burst_mean);
  rate->bursts = above * BURSTS_FEW > n;
}

/* The variance of rates about the levels of segments: what neighbours share of it is the process's,
 * the rest is each bin's own. Bins that were cut are left out where bursts are common. */
tide_dating_rate tide_dating_rate_estimate(const double *a, const double *cut, size_t n,
                                           const size_t *ends, size_t segments) {
  tide_dating_rate rate = {0};
  double own = 0, shared = 0, own_weight = 0, shared_weight = 0;
  bursts_rate(a, cut, n, ends, segments, &rate);
  for (size_t s = 0, start = 0; s < segments; start = ends[s++]) {
    double mean = gsl_stats_mean(cut + start, 1, ends[s] - start), last = 0;
    if (!(mean > 0))
      continue;
    const double weight = mean * mean;
    bool follows = false;
    for (size_t t = start; t < ends[s]; t++) {
      double d = cut[t] / mean - 1;
      bool counts = !rate.bursts || (a[t] >= cut[t] && a[t] <= cut[t]);
      if (counts) {
        own += weight * (d * d - 1 / mean);
        own_weight += weight;
      }
      if (counts && follows) {
        shared += weight * d * last;
        shared_weight += weight;
      }
      follows = counts;
      last = d;
    }
  }
  double mean = gsl_stats_mean(cut, 1, n);
  if (!(own_weight > 0 && shared_weight > 0))
    return rate;
  own /= own_weight;
  shared /= shared_weight;
  double of_means = fmax(0, own + 1 / mean + 2 * fmax(0, shared) / (1 - persistence)) *
                    (double)segments / (double)n;
  own = fmax(0, fitted_away * (own + of_means));
  shared = fmin(fmax(0, fitted_away * (shared + of_means) / persistence), 0.9 * own);
  rate.sd = sqrt(shared);
  rate.kappa = own - shared;
  return rate;
}

/* --- the chain --- */

/* The process of rates on its grid. Where it does not move there is one state. */
typedef struct chain {
  size_t states;
  double factor[STATES];       /* of the level */
  double stationary[STATES];   /* probability */
  double move[STATES][STATES]; /* probability, from and to */
  const tide_dating_rate *rate;
} chain;

static void normalise(double *p, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += p[i];
  for (size_t i = 0; i < n; i++)
    p[i] /= sum;
}

static chain chain_make(const tide_dating_rate *rate) {
  chain c = {.states = rate->sd > 0.01 ? STATES : 1, .rate = rate};
  if (c.states == 1) {
    c.factor[0] = c.stationary[0] = c.move[0][0] = 1;
    return c;
  }
  double z[STATES], shock = sqrt(1 - persistence * persistence);
  for (size_t s = 0; s < STATES; s++) {
    z[s] = states_reach * (2 * (double)s / (STATES - 1) - 1);
    c.factor[s] = exp(z[s] * rate->sd - rate->sd * rate->sd / 2);
    c.stationary[s] = exp(-z[s] * z[s] / 2);
  }
  normalise(c.stationary, STATES);
  for (size_t s = 0; s < STATES; s++) {
    for (size_t to = 0; to < STATES; to++) {
      double d = (z[to] - persistence * z[s]) / shock;
      c.move[s][to] = exp(-d * d / 2);
    }
    normalise(c.move[s], STATES);
  }
  return c;
}

/* Numbers for each state of the chain, in no burst and in one, times exp(log). */
typedef struct belief {
  double p[BURST][STATES];
  double log;
} belief;

static void belief_scale(belief *b, size_t states) {
  double sum = 0;
  for (int k = 0; k < BURST; k++)
    for (size_t s = 0; s < states; s++)
      sum += b->p[k][s];
  for (int k = 0; k < BURST; k++)
    for (size_t s = 0; s < states; s++)
      b->p[k][s] /= sum;
  b->log += log(sum);
}

/* What of the probability of a count does not depend on its mean: gamma functions for the negative
 * binomial distribution with size 1 / kappa, or for Poisson's. */
static double count_constant(double count, double kappa) {
  if (kappa < 1e-7)
    return -gsl_sf_lngamma(count + 1);
  return gsl_sf_lngamma(count + 1 / kappa) - gsl_sf_lngamma(1 / kappa) - gsl_sf_lngamma(count + 1);
}

static double count_log(double count, double mean, double kappa) {
  if (kappa < 1e-7)
    return count * log(mean) - mean;
  return count * log(kappa * mean / (1 + kappa * mean)) - log1p(kappa * mean) / kappa;
}

/* Of a count in a burst or a gap. */
static double burst_log(double count, double level, const tide_dating_rate *rate) {
  if (count < level)
    return log((1 - rate->burst_above) / (gap_reach * (count + 0.5)));
  double z = (log((count + 0.5) / level) - rate->burst_mean) / rate->burst_sd;
  return log(rate->burst_above / (rate->burst_sd * sqrt(2 * M_PI) * (count + 0.5))) - z * z / 2;
}

/* Weighs each state by how likely it makes the count. */
static void see(belief *b, const chain *c, double count, double level) {
  double kappa = c->rate->kappa, constant = count_constant(count, kappa), seen[STATES],
         burst = burst_log(count, level, c->rate), most = burst;
  for (size_t s = 0; s < c->states; s++) {
    seen[s] = constant + count_log(count, level * c->factor[s], kappa);
    if (seen[s] > most)
      most = seen[s];
  }
  for (size_t s = 0; s < c->states; s++) {
    b->p[0][s] *= exp(seen[s] - most);
    b->p[1][s] *= exp(burst - most);
  }
  b->log += most;
}

/* From what is believed of a bin to what is believed of the next. */
static void go_on(belief *b, const chain *c) {
  double begins = c->rate->burst_begins, ends = c->rate->burst_ends, to[BURST][STATES] = {{0}};
  for (size_t s = 0; s < c->states; s++) {
    double none = b->p[0][s] * (1 - begins) + b->p[1][s] * ends,
           burst = b->p[0][s] * begins + b->p[1][s] * (1 - ends);
    for (size_t t = 0; t < c->states; t++) {
      to[0][t] += none * c->move[s][t];
      to[1][t] += burst * c->move[s][t];
    }
  }
  memcpy(b->p, to, sizeof to);
}

/* The transpose: from what each state of a bin makes likely after it to the same for the bin
 * before. */
static void go_back(belief *b, const chain *c) {
  double begins = c->rate->burst_begins, ends = c->rate->burst_ends, none[STATES] = {0},
         burst[STATES] = {0};
  for (size_t s = 0; s < c->states; s++)
    for (size_t t = 0; t < c->states; t++) {
      none[s] += c->move[s][t] * b->p[0][t];
      burst[s] += c->move[s][t] * b->p[1][t];
    }
  for (size_t s = 0; s < c->states; s++) {
    b->p[0][s] = none[s] * (1 - begins) + burst[s] * begins;
    b->p[1][s] = none[s] * ends + burst[s] * (1 - ends);
  }
}

/* --- the posterior --- */

static double node(size_t i) {
  return levels_reach * (2 * (double)i / (LEVELS - 1) - 1);
}

/* What is believed of bin t, from the counts before it, for each t in [from, to]. */
static void look_ahead(const double *counts, const chain *c, double level, size_t from, size_t to,
                       belief *ahead) {
  double begins = c->rate->burst_begins, in_burst = begins / (begins + c->rate->burst_ends);
  belief b = {.log = 0};
  for (size_t s = 0; s < c->states; s++) {
    b.p[0][s] = c->stationary[s] * (1 - in_burst);
    b.p[1][s] = c->stationary[s] * in_burst;
  }
  for (size_t t = 0; t <= to; t++) {
    if (t >= from)
      ahead[t - from] = b;
    see(&b, c, counts[t], level);
    go_on(&b, c);
    belief_scale(&b, c->states);
  }
}

static double log_sum(double a, double b) {
  double most = a > b ? a : b;
  return isinf(most) ? most : most + log(exp(a - most) + exp(b - most));
}

/* Minus the logarithm of the probability that a change of that size is found. */
static double selection(const tide_dating_model *m, size_t i, size_t j) {
  double size = fabs(log(m->after / m->before) + node(j) * m->after_se - node(i) * m->before_se) /
                hypot(m->before_se, m->after_se),
         bar = sqrt(fmax(0, m->penalty - best_above_true));
  return -log(normal_above(bar - size) + normal_above(bar + size) + DBL_MIN);
}

tide_status tide_dating_posterior(const double *counts, size_t n, size_t min_length,
                                  const tide_dating_model *m, double *posterior) {
  chain c = chain_make(&m->rate);
  size_t from = min_length, to = n - min_length, places = to - from + 1;
  belief *ahead = malloc(LEVELS * places * sizeof *ahead);
  if (!ahead)
    return TIDE_FATAL;
  for (size_t i = 0; i < LEVELS; i++)
    look_ahead(counts, &c, m->before * exp(node(i) * m->before_se), from, to, ahead + i * places);
  for (size_t t = 0; t < n; t++)
    posterior[t] = -INFINITY;
  for (size_t j = 0; j < LEVELS; j++) {
    belief behind = {.log = 0};
    double selected[LEVELS];
    for (size_t i = 0; i < LEVELS; i++)
      selected[i] = selection(m, i, j);
    for (size_t s = 0; s < c.states; s++)
      behind.p[0][s] = behind.p[1][s] = 1;
    for (size_t t = n; t-- > from;) {
      if (t + 1 < n)
        go_back(&behind, &c);
      see(&behind, &c, counts[t], m->after * exp(node(j) * m->after_se));
      belief_scale(&behind, c.states);
      for (size_t i = 0; i < LEVELS && t <= to; i++) {
        const belief *b = &ahead[i * places + t - from];
        double both = 0;
        for (int k = 0; k < BURST; k++)
          for (size_t s = 0; s < c.states; s++)
            both += b->p[k][s] * behind.p[k][s];
        posterior[t] = log_sum(posterior[t], b->log + behind.log + log(both) + selected[i]);
      }
    }
  }
  free(ahead);
  double most = -INFINITY;
  for (size_t t = from; t <= to; t++)
    most = fmax(most, posterior[t]);
  for (size_t t = 0; t < n; t++)
    posterior[t] = exp(posterior[t] - most);
  normalise(posterior, n);
  return TIDE_OK;
}

/* --- the interval --- */

/* Probability that the walk ever exceeds x, as the header has it. */
static double exceeded(double x, double first, double later) {
  double wavers = fmax(0, first - later) * fmax(0.3, 1.85 - 0.28 * first);
  return normal_above(x / first + first / 2) +
         exp(-x - overshoot * first + wavers) * normal_above(first / 2 - x / first);
}

double tide_dating_threshold(double first, double later) {
  double low = 0, high = -4 * log(missed);
  if (first < 1e-6)
    return -2 * log(missed);
  double once = 2 - fmin(1, exceeded(0, first, later));
  if (exceeded(low, first, later) * once <= missed)
    return 0;
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (exceeded(middle, first, later) * once > missed)
      low = middle;
    else
      high = middle;
  }
  return 2 * high;
}

static double threshold_of(const tide_dating_model *m) {
  double sd2 = m->rate.sd * m->rate.sd, kappa = m->rate.kappa, whole = sd2 + kappa,
         before = m->before, after = m->after;
  double deviance =
      (log(before * (1 + whole * after)) - log(after * (1 + whole * before))) * (before - after);
  /* Kalman's filter: `open` is the variance of the process given all before, which is its own fixed
   * point. */
  double noise = kappa + 1 / sqrt(before * after), keeps = persistence * persistence,
         shock = sd2 * (1 - keeps);
  double b = noise * (1 - keeps) - shock, open = (sqrt(b * b + 4 * shock * noise) - b) / 2,
         theta = persistence * noise / (open + noise);
  double first = sqrt(fmax(0, deviance) * (sd2 + noise) / (open + noise));
  return tide_dating_threshold(first, sd2 > 0 ? first * (1 - persistence) / (1 - theta) : first);
}

static size_t date_of(const double *posterior, size_t n) {
  size_t at = 0;
  double most = -1;
  for (size_t t = 0; t < n; t++) {
    double near = own_part * posterior[t] + (t > 0 ? posterior[t - 1] : 0) +
                  (t + 1 < n ? posterior[t + 1] : 0);
    if (!(posterior[t] > 0) || near <= most)
      continue;
    most = near;
    at = t;
  }
  return at;
}

/* Lengthens the interval, at its likelier end, until it has that much of the posterior. */
static void lengthen(tide_dating *d, const double *posterior, size_t n, double mass) {
  double has = 0;
  for (size_t t = d->low; t <= d->high; t++)
    has += posterior[t];
  while (has < mass) {
    double below = d->low > 0 ? posterior[d->low - 1] : 0,
           above = d->high + 1 < n ? posterior[d->high + 1] : 0;
    if (!(below > 0 || above > 0))
      return;
    has += below > above ? posterior[--d->low] : posterior[++d->high];
  }
}

tide_status tide_dating_find(const double *counts, size_t n, size_t min_length,
                             const tide_dating_model *m, tide_dating *out) {
  double *posterior = malloc(n * sizeof *posterior), most = 0;
  tide_status status =
      posterior ? tide_dating_posterior(counts, n, min_length, m, posterior) : TIDE_FATAL;
  if (status == TIDE_OK) {
    out->at = out->low = out->high = date_of(posterior, n);
    for (size_t t = 0; t < n; t++)
      most = fmax(most, posterior[t]);
    double least = most * exp(-threshold_of(m) / 2);
    for (size_t t = 0; t < n; t++) {
      if (!(posterior[t] >= least))
        continue;
      if (t < out->low)
        out->low = t;
      if (t > out->high)
        out->high = t;
    }
    if (m->rate.bursts)
      lengthen(out, posterior, n, burst_mass);
  }
  free(posterior);
  return status;
}
