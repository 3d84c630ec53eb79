/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a level took to come back. A fall is tested first; times have intervals from series that
 * are drawn about the course. */
#include "stats/recovery.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "even.h"
#include "stats/wander.h"

enum {
  UNIT = 7,         /* days of the shortest windows of wander */
  AROUND = 91,      /* days whose mean a residual is over */
  BLOCK = 14,       /* days that are drawn together */
  HORIZON_MORE = 56 /* days after twice the time, that are drawn too */
};
static const double fall_p_most = 0.05;
static const double outside = 0.05; /* of the series, beyond each end of either interval */
static const unsigned long seed = 20081111;

const char *tide_recovery_status_name(tide_recovery_status status) {
  static const char *const names[] = {
#define X(id, name, meaning) name,
      TIDE_RECOVERY_STATUSES(X)
#undef X
  };
  return names[status];
}

/* --- levels and times --- */

/* Smoothed levels: levels[i] is that at the end of day i + smooth, of the days that are known, and
 * where none is, what it was before; NaN before the first that is known. */
static void smooth(const double *days, size_t count, size_t width, double *levels) {
  double sum = 0, last = NAN;
  size_t known = 0;
  for (size_t d = 0; d < count; d++) {
    if (!isnan(days[d])) {
      sum += days[d];
      known++;
    }
    if (d >= width && !isnan(days[d - width])) {
      sum -= days[d - width];
      known--;
    }
    if (known)
      last = sum / (double)known;
    if (d + 1 >= width)
      levels[d + 1 - width] = last;
  }
}

/* The first level from which on `sustain` more are all at least `target` too; count where there is
 * none. */
static size_t stays(const double *levels, size_t count, double target, size_t sustain) {
  size_t run = 0;
  for (size_t i = 0; i < count; i++) {
    run = levels[i] >= target ? run + 1 : 0;
    if (run == sustain + 1)
      return i - sustain;
  }
  return count;
}

static bool is_below(const double *levels, size_t count, double target, size_t sustain) {
  for (size_t i = 0; i < count && i <= sustain; i++)
    if (levels[i] < target)
      return true;
  return false;
}

/* The first level below target: recovery begins after it. */
static size_t below(const double *levels, size_t count, double target) {
  size_t i = 0;
  while (i < count && levels[i] >= target)
    i++;
  return i;
}

/* Levels and times of whole days. Of a gap over the event nothing is known: the levels are those
 * behind it. */
static void measure(const double *levels, size_t count, const tide_recovery_options *o,
                    tide_recovery *r) {
  size_t first_day = o->smooth; /* at whose end levels[0] is */
  for (; count > 1 && isnan(levels[0]); levels++, count--)
    first_day++;
  r->first = levels[0];
  r->last = levels[count - 1];
  size_t end = count, lowest = 0; /* of what `lowest` looks at */
  if (r->status != TIDE_RECOVERY_NO_FALL && !is_below(levels, count, r->target, o->sustain))
    r->status = TIDE_RECOVERY_NEVER_FELL;
  bool fell = r->status != TIDE_RECOVERY_NO_FALL && r->status != TIDE_RECOVERY_NEVER_FELL;
  if (fell) {
    size_t start = below(levels, count, r->target),
           back = start + stays(levels + start, count - start, r->target, o->sustain);
    r->status = back < count ? TIDE_RECOVERY_RECOVERED : TIDE_RECOVERY_NOT_WITHIN;
    r->back.known = back < count;
    if (r->back.known)
      r->back.days = back + first_day;
    end = back;
  }
  for (size_t i = 1; i < end; i++)
    if (levels[i] < levels[lowest])
      lowest = i;
  r->lowest = levels[lowest];
  r->lowest_day = lowest + first_day;
  if (!fell || !(r->lowest < r->before))
    return;
  size_t half =
      lowest + stays(levels + lowest, count - lowest, (r->before + r->lowest) / 2, o->sustain);
  r->half.known = half < count;
  if (r->half.known)
    r->half.days = half + first_day;
}

static double mean_known(const double *days, size_t count, size_t *known) {
  double sum = 0;
  *known = 0;
  for (size_t d = 0; d < count; d++) {
    if (isnan(days[d]))
      continue;
    sum += days[d];
    ++*known;
  }
  return *known ? sum / (double)*known : 0;
}

/* --- the fall --- */

static double square_p(double square) {
  return erfc(sqrt(square / 2));
}

/* The p-value of less in [event, end) than in [from, event) of days that are all known. room: four
 * times n. */
static tide_status fall_test(const double *days, size_t n, const size_t *at, double *room,
                             tide_recovery *r) {
  const size_t from = at[0], event = at[1], end = at[2];
  double *cut = room, *expected = room + n, *scratch = room + 2 * n;
  tide_wander w;
  tide_even_bursts(days, n, TIDE_WANDER_AROUND * UNIT, cut, scratch);
  for (size_t t = 0; t < n; t++)
    expected[t] = 1;
  if (tide_wander_open(&w, n, UNIT) != TIDE_OK)
    return TIDE_FATAL;
  tide_wander_see(&w, cut, expected);
  tide_wander_near near = tide_wander_around(&w, event, end);
  tide_wander_sum before = tide_wander_sum_of(&w, from, event),
                  after = tide_wander_sum_of(&w, event, end);
  r->fall_p = square_p(tide_wander_strength(&w, &near, before, after));
  bool fell = after.count * (double)before.bins < before.count * (double)after.bins;
  if (!fell) /* twice the p-value of a fall alone, as what is shown of falls */
    r->fall_p = 1;
  if (!(r->fall_p < fall_p_most))
    r->status = TIDE_RECOVERY_NO_FALL;
  tide_wander_close(&w);
  return TIDE_OK;
}

/* Leaves out what is not known, and tests. */
static tide_status fall_find(const tide_recovery_days *d, size_t days_after, tide_recovery *r) {
  const size_t event = d->history + d->before, n = event + d->after;
  double *known = malloc(5 * n * sizeof *known);
  size_t kept = 0, at[3] = {0};
  if (!known)
    return TIDE_FATAL;
  for (size_t i = 0; i < n; i++) {
    if (i == d->history)
      at[0] = kept;
    if (i == event)
      at[1] = kept;
    if (i == event + days_after)
      at[2] = kept;
    if (!isnan(d->counts[i]))
      known[kept++] = d->counts[i];
  }
  if (d->after == days_after)
    at[2] = kept;
  /* At least a week of known days, where there are so many. */
  if (at[2] - at[1] < TIDE_RECOVERY_WEEK)
    at[2] = kept < at[1] + TIDE_RECOVERY_WEEK ? kept : at[1] + TIDE_RECOVERY_WEEK;
  tide_status status = TIDE_OK;
  if (at[1] - at[0] < TIDE_RECOVERY_WEEK || at[2] - at[1] < TIDE_RECOVERY_WEEK)
    r->status = TIDE_RECOVERY_TOO_SHORT;
  else
    status = fall_test(known, kept, at, known + n, r);
  free(known);
  return status;
}

/* --- intervals --- */

/* What series are drawn from. */
typedef struct course {
  const double *counts; /* after the event */
  double *fitted;       /* of the days after */
  double *residual;     /* the pool */
  double *drawn, *levels, *before;
  double *back, *half; /* times of the series drawn */
  size_t residuals, days, before_days;
} course;

/* The best course that only rises: pools what falls (Barlow & others 1972). Days that are not known
 * take the level of their pool. */
static void fit_rising(const double *days, size_t count, double *fitted, double *weight) {
  size_t pools = 0;
  size_t *length = (size_t *)(void *)(weight + count);
  for (size_t d = 0; d < count; d++) {
    fitted[pools] = isnan(days[d]) ? 0 : days[d];
    weight[pools] = isnan(days[d]) ? 0 : 1;
    length[pools++] = 1;
    while (pools > 1 && (!(weight[pools - 1] > 0) || !(weight[pools - 2] > 0) ||
                         fitted[pools - 2] >= fitted[pools - 1])) {
      double both = weight[pools - 2] + weight[pools - 1];
      if (both > 0)
        fitted[pools - 2] =
            (fitted[pools - 2] * weight[pools - 2] + fitted[pools - 1] * weight[pools - 1]) / both;
      weight[pools - 2] = both;
      length[pools - 2] += length[pools - 1];
      pools--;
    }
  }
  for (size_t p = pools, d = count; p-- > 0;)
    for (size_t i = 0; i < length[p]; i++)
      fitted[--d] = fitted[p];
}

/* The residuals of days over the mean of AROUND days about each. */
static size_t residuals_of(const double *days, size_t count, double *residual) {
  size_t kept = 0, known;
  for (size_t i = 0; i < count; i++) {
    size_t low = i < AROUND / 2 ? 0 : i - AROUND / 2,
           high = i + AROUND / 2 < count ? i + AROUND / 2 + 1 : count;
    double mean = mean_known(days + low, high - low, &known);
    if (!isnan(days[i]) && mean > 0)
      residual[kept++] = days[i] / mean;
  }
  return kept;
}

static void pool_make(course *c, const tide_recovery_days *d, double level) {
  const size_t quiet = d->history + d->before;
  size_t known;
  c->residuals = 0;
  if (quiet >= AROUND)
    c->residuals = residuals_of(d->counts, quiet, c->residual);
  if (c->residuals < AROUND / 2) {
    c->residuals = 0;
    for (size_t i = d->history; i < quiet; i++)
      if (!isnan(d->counts[i]))
        c->residual[c->residuals++] = d->counts[i] / level;
    for (size_t i = 0; i < c->days; i++)
      if (!isnan(c->counts[i]) && c->fitted[i] > 0)
        c->residual[c->residuals++] = c->counts[i] / c->fitted[i];
  }
  double mean = mean_known(c->residual, c->residuals, &known);
  for (size_t i = 0; i < c->residuals; i++)
    c->residual[i] /= mean;
}

static void draw(const course *c, gsl_rng *random, const double *level, double same, size_t count,
                 double *to) {
  const size_t block = c->residuals < BLOCK ? c->residuals : BLOCK;
  for (size_t from = 0; from < count; from += block) {
    size_t start = gsl_rng_uniform_int(random, c->residuals - block + 1);
    for (size_t i = 0; i < block && from + i < count; i++)
      to[from + i] = (level ? level[from + i] : same) * c->residual[start + i];
  }
}

/* Times of a series: how far they are where they are known, infinite where not. */
static void times_of(course *c, const double *days, double before, const tide_recovery_options *o,
                     double *back, double *half) {
  tide_recovery r = {.before = before, .target = o->to * before};
  smooth(days, c->days, o->smooth, c->levels);
  measure(c->levels, c->days - o->smooth + 1, o, &r);
  *back = r.back.known ? (double)r.back.days : INFINITY;
  if (r.status == TIDE_RECOVERY_NEVER_FELL)
    *back = (double)o->smooth;
  *half = r.half.known ? (double)r.half.days : INFINITY;
  if (r.status == TIDE_RECOVERY_NEVER_FELL)
    *half = (double)o->smooth;
}

/* The interval of a time, of which the course itself has `truth` and series about it `drawn`. */
static void interval_make(tide_recovery_time *time, double truth, double *drawn, size_t least) {
  const size_t skip = (size_t)(outside * (TIDE_RECOVERY_SAMPLES + 1));
  if (!time->known || isinf(truth))
    return;
  gsl_sort(drawn, 1, TIDE_RECOVERY_SAMPLES);
  double seen = (double)time->days, early = drawn[skip - 1],
         late = drawn[TIDE_RECOVERY_SAMPLES - skip],
         low = fmin(early, isinf(late) ? 0 : seen + truth - late),
         high = fmax(late, seen + truth - early);
  time->has_interval = true;
  time->low = low > (double)least ? (size_t)low : least;
  time->is_open = isinf(high);
  time->high = time->is_open ? 0 : (size_t)ceil(high);
}

static tide_status intervals_draw(course *c, const tide_recovery_options *o, tide_recovery *r) {
  double back, half;
  size_t known;
  gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
  if (!random)
    return TIDE_FATAL;
  gsl_rng_set(random, seed);
  times_of(c, c->fitted, r->before, o, &back, &half);
  for (size_t i = 0; i < TIDE_RECOVERY_SAMPLES; i++) {
    draw(c, random, NULL, r->before, c->before_days, c->before);
    draw(c, random, c->fitted, 0, c->days, c->drawn);
    times_of(c, c->drawn, mean_known(c->before, c->before_days, &known), o, &c->back[i],
             &c->half[i]);
  }
  gsl_rng_free(random);
  interval_make(&r->back, back, c->back, o->smooth);
  interval_make(&r->half, half, c->half, o->smooth);
  return TIDE_OK;
}

static tide_status intervals_find(const tide_recovery_days *d, const tide_recovery_options *o,
                                  tide_recovery *r) {
  const size_t quiet = d->history + d->before, latest = r->back.known ? r->back.days : r->half.days,
               horizon = 2 * latest + o->sustain + HORIZON_MORE;
  course c = {.counts = d->counts + quiet,
              .days = horizon < d->after ? horizon : d->after,
              .before_days = d->before};
  double *room =
      malloc((6 * c.days + quiet + d->before + 2 * TIDE_RECOVERY_SAMPLES + c.days) * sizeof *room);
  if (!room)
    return TIDE_FATAL;
  c.fitted = room;
  c.drawn = c.fitted + c.days;
  c.levels = c.drawn + c.days; /* and the weights and lengths of pools */
  c.residual = c.levels + 3 * c.days;
  c.before = c.residual + quiet + c.days;
  c.back = c.before + d->before;
  c.half = c.back + TIDE_RECOVERY_SAMPLES;
  fit_rising(c.counts, c.days, c.fitted, c.levels);
  pool_make(&c, d, r->before);
  tide_status status = c.residuals ? intervals_draw(&c, o, r) : TIDE_OK;
  free(room);
  return status;
}

/* --- all of it --- */

tide_status tide_recovery_find(const tide_recovery_days *d, const tide_recovery_options *o,
                               tide_recovery *out) {
  const double *after = d->counts + d->history + d->before;
  size_t known;
  *out = (tide_recovery){.status = TIDE_RECOVERY_TOO_SHORT, .fall_p = NAN};
  double mean = mean_known(d->counts + d->history, d->before, &known);
  if (known) {
    out->before = mean;
    out->target = o->to * mean;
  }
  if (known == 0 || o->smooth == 0 || d->after < o->smooth)
    return TIDE_OK;
  if (mean * (double)known < TIDE_RECOVERY_LEAST) {
    out->status = mean > 0 ? TIDE_RECOVERY_TOO_FEW : TIDE_RECOVERY_NOTHING_BEFORE;
    return TIDE_OK;
  }
  size_t tested = o->smooth + o->sustain;
  if (tested < TIDE_RECOVERY_WEEK)
    tested = TIDE_RECOVERY_WEEK;
  out->status = TIDE_RECOVERY_RECOVERED;
  tide_status status = fall_find(d, tested < d->after ? tested : d->after, out);
  if (status != TIDE_OK || out->status == TIDE_RECOVERY_TOO_SHORT)
    return status;
  size_t count = d->after - o->smooth + 1;
  double *levels = malloc(count * sizeof *levels);
  if (!levels)
    return TIDE_FATAL;
  smooth(after, d->after, o->smooth, levels);
  measure(levels, count, o, out);
  free(levels);
  return out->back.known || out->half.known ? intervals_find(d, o, out) : TIDE_OK;
}
