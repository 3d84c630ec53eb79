/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of a level, the strongest first: each is held against how the level strays near it,
 * dated, and taken out of what is expected before the next is looked for. */
#include "stats/segment.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/invariant.h"
#include "base/room.h"
#include "even.h"
#include "stats/dating.h"
#include "stats/wander.h"

static const double penalty_factor = 3.6, penalty_base = -0.5;
static const double window_long = 2, window_short = 8; /* of the penalty, a factor e */
static const double ramp_least = 0.6; /* of what a ramp leaves unexplained, by what a step does */
static const double outside = 0.025;  /* probability beyond each end of an interval */
static const double each_side = 0.5;  /* of the difference, from either side of what ended again */
static const double abrupt_least = 0.7; /* of a step's difference, near it */
/* Both slopes of tide_wander_near together. Independent levels have 0, two mailing lists 0.8, a
 * walk 2; what this catches and spares is in docs/statistics-tables.md. */
static const double wanders_least = 1.1;
static const double undone = 0.5; /* of a change, by what may differ after its end */
static const double alike = 1e-9; /* strengths of places that differ by rounding only */
enum {
  UNIT_LEAST = 4,      /* bins */
  UNITS_LEAST = 4,     /* in a series */
  WINDOW_USUAL = 4,    /* units, of the penalty that is named */
  SCALE_FIRST = 2,     /* of the scales of stats/wander.h: two units */
  SCALE_LAST_ENDS = 8, /* 16 units */
  NEAR_PART = 4,       /* of a step's window, that is near it */
  SIDE_LEAST = 12,     /* units beside what ended again */
  STRIDE = 14,         /* a window's part by which its places differ */
  DATING_LEAST = 4,
  DATING_MOST = 8, /* units on each side of a date */
  LEVEL = 4,       /* units of one level in the estimate of rates */
  CHUNK = 13,      /* units: stats/wander.c and even.c look at pieces of that length */
  MARGIN = 66,     /* units beyond the first and the last bin with anything, from which on nothing
                      is looked at: what a change is weighed by is 16 + 16 units long, cut by what
                      lies 26 units around its chunk */
  REACH_LEAST = 92 /* units: the longest windows fit twice into it */
};

static size_t unit_of(size_t min_length) {
  return min_length > UNIT_LEAST ? min_length : UNIT_LEAST;
}

size_t tide_segment_bins_least(size_t min_length) {
  return UNITS_LEAST * unit_of(min_length);
}

double tide_segment_penalty(size_t n, size_t min_length) {
  double units = (double)n / (double)unit_of(min_length);
  return penalty_factor * log(fmax(1, fmin(units, TIDE_SEGMENT_UNITS_MOST))) + penalty_base;
}

double tide_segment_penalty_of(double penalty, size_t window, size_t min_length, bool ends) {
  double longer = log((double)window / (double)(WINDOW_USUAL * unit_of(min_length)));
  if (longer < 0)
    return penalty - window_short * longer;
  return penalty + (ends ? -window_long : window_long) * longer;
}

/* --- intervals --- */

/* Logarithm of the probability that a normal value about `mean` is above z, given that it is above
 * bar in size. */
static double selected_above(double z, double bar, double mean) {
  double up = gsl_sf_log_erfc((bar - mean) / sqrt(2)),
         down = gsl_sf_log_erfc((bar + mean) / sqrt(2)), most = fmax(up, down);
  return gsl_sf_log_erfc((z - mean) / sqrt(2)) - most - log(exp(up - most) + exp(down - most));
}

double tide_segment_least_effect(double z, double bar) {
  double low = -z - 10, high = z;
  for (int i = 0; i < 60; i++) {
    double middle = (low + high) / 2;
    if (selected_above(z, bar, middle) > log(outside))
      high = middle;
    else
      low = middle;
  }
  return low;
}

/* --- the search --- */

/* A change that is thought of: of bins [from, to) where it ends again, or from `from` on. */
typedef struct candidate {
  size_t from, to, window;
  bool ends;
  double strength, excess; /* over its penalty */
  double log_ratio;
} candidate;

/* A series being searched. Boundaries are the first bins of all levels but the first. */
typedef struct search {
  const double *counts; /* widths and cycle taken out */
  double *cut, *expected;
  size_t from, n; /* of the whole series the bins [from, from + n) */
  size_t min_length;
  double penalty;
  tide_wander wander;
  tide_wander_near *near; /* of steps, where they were asked for; freedom 0 elsewhere */
  size_t *boundary, boundaries;
  const atomic_bool *stop; /* may be NULL */
} search;

static size_t later(size_t a, size_t b) {
  return a > b ? a : b;
}

static size_t earlier(size_t a, size_t b) {
  return a < b ? a : b;
}

static size_t back(size_t at, size_t bins) {
  return at > bins ? at - bins : 0;
}

static bool is_free(const search *s, size_t at) {
  for (size_t i = 0; i < s->boundaries; i++)
    if (later(at, s->boundary[i]) - earlier(at, s->boundary[i]) < s->min_length)
      return false;
  return true;
}

static bool is_whole(const search *s, size_t from, size_t to) {
  for (size_t i = 0; i < s->boundaries; i++)
    if (s->boundary[i] > from && s->boundary[i] < to)
      return false;
  return true;
}

static double log_ratio(tide_wander_sum before, tide_wander_sum after) {
  double noise;
  return tide_wander_log_ratio(before, after, &noise);
}

static tide_wander_sum both(tide_wander_sum a, tide_wander_sum b) {
  return (tide_wander_sum){
      .count = a.count + b.count, .expected = a.expected + b.expected, .bins = a.bins + b.bins};
}

static void candidate_weigh(const search *s, const tide_wander_near *near, tide_wander_sum before,
                            tide_wander_sum after, candidate *c) {
  c->log_ratio = log_ratio(before, after);
  c->strength = tide_wander_strength(&s->wander, near, before, after);
  c->excess = c->strength - tide_segment_penalty_of(s->penalty, c->window, s->wander.unit, c->ends);
}

/* Can it be better than the best so far? No wander makes a strength more than it is without. */
static bool is_hopeless(const search *s, const candidate *best, const candidate *c,
                        const tide_wander_sum *before, const tide_wander_sum *after) {
  static const tide_wander_near still = {.freedom = 1e9};
  double penalty = tide_segment_penalty_of(s->penalty, c->window, s->wander.unit, c->ends);
  return tide_wander_strength(&s->wander, &still, *before, *after) - penalty <= best->excess;
}

/* How the level strays near a change. What windows of months stray by is an extrapolation: steps
 * pay for it by their penalty, since with the few degrees of freedom that are left of it a fall by
 * 65% on a list that strays much could hardly ever pass. */
static tide_wander_near near_change(const search *s, size_t from, size_t to, bool ends) {
  tide_wander_near near = tide_wander_around(&s->wander, from, ends ? to : from);
  if (!ends)
    near.long_variance = 0;
  return near;
}

static const tide_wander_near *step_near(const search *s, size_t at) {
  if (!(s->near[at].freedom > 0))
    s->near[at] = near_change(s, at, at, false);
  return &s->near[at];
}

/* Is so much of a step's difference there near the place already? A level that drifts shows less
 * and less of it, the nearer its windows. */
static bool is_abrupt(const search *s, const candidate *c) {
  const size_t near = later(c->window / NEAR_PART, 2 * s->wander.unit);
  if (near >= c->window)
    return true;
  const double there =
      log_ratio(tide_wander_sum_of(&s->wander, back(c->from, near), c->from),
                tide_wander_sum_of(&s->wander, c->from, earlier(s->n, c->from + near)));
  return there / c->log_ratio >= abrupt_least;
}

enum { PARTS = 4, PARTS_BOTH = 2 * PARTS }; /* of a step's windows */

/* The levels of the parts of both windows, as logarithms, and where their middles lie. */
static void parts_of(const search *s, const candidate *c, double level[PARTS_BOTH],
                     double middle[PARTS_BOTH]) {
  const size_t low = back(c->from, c->window), high = earlier(s->n, c->from + c->window);
  for (size_t i = 0; i < PARTS_BOTH; i++) {
    const bool after = i >= PARTS;
    const size_t from = after ? c->from : low, length = after ? high - c->from : c->from - low,
                 begin = from + length * (i % PARTS) / PARTS,
                 end = from + length * (i % PARTS + 1) / PARTS;
    const tide_wander_sum sum = tide_wander_sum_of(&s->wander, begin, end);
    level[i] = log((sum.count + 0.5) / sum.expected);
    middle[i] = ((double)begin + (double)end) / 2;
  }
}

/* Does a step explain the parts of its windows so much better than a straight line does? A level
 * that drifts or swings looks like a step to the sums of windows, but not to their parts. */
static bool is_no_ramp(const search *s, const candidate *c) {
  double level[PARTS_BOTH], middle[PARTS_BOTH], slope, at_zero, covariance[3], ramp;
  if (c->window < (size_t)PARTS * s->wander.unit)
    return true;
  parts_of(s, c, level, middle);
  const double step = gsl_stats_tss(level, 1, PARTS) + gsl_stats_tss(level + PARTS, 1, PARTS);
  gsl_fit_linear(middle, 1, level, 1, PARTS_BOTH, &at_zero, &slope, &covariance[0], &covariance[1],
                 &covariance[2], &ramp);
  return step <= ramp_least * ramp;
}

static candidate step_try(const search *s, size_t at, size_t window, const candidate *best) {
  candidate c = {.from = at, .window = window, .excess = -INFINITY};
  size_t low = back(at, window), high = earlier(s->n, at + window);
  if (at - low < s->min_length || high - at < s->min_length)
    return c;
  tide_wander_sum before = tide_wander_sum_of(&s->wander, low, at),
                  after = tide_wander_sum_of(&s->wander, at, high);
  if (is_hopeless(s, best, &c, &before, &after))
    return c;
  candidate_weigh(s, step_near(s, at), before, after, &c);
  if (c.excess > best->excess && !(is_abrupt(s, &c) && is_no_ramp(s, &c)))
    c.excess = -INFINITY;
  return c;
}

static size_t side_of(const search *s, size_t window) {
  return later(window, SIDE_LEAST * s->wander.unit);
}

static candidate ended_try(const search *s, size_t from, size_t window, const candidate *best) {
  candidate c = {.from = from, .to = from + window, .window = window, .ends = true};
  size_t side = side_of(s, window), low = back(from, side), high = earlier(s->n, c.to + side);
  c.excess = -INFINITY;
  if (c.to > s->n || from - low < s->min_length || high - c.to < s->min_length)
    return c;
  tide_wander_sum before = tide_wander_sum_of(&s->wander, low, from),
                  within = tide_wander_sum_of(&s->wander, from, c.to),
                  behind = tide_wander_sum_of(&s->wander, c.to, high);
  const tide_wander_sum around = both(before, behind);
  if (is_hopeless(s, best, &c, &around, &within))
    return c;
  double whole = log_ratio(around, within);
  if (log_ratio(before, within) / whole < each_side ||
      log_ratio(behind, within) / whole < each_side)
    return c;
  const tide_wander_near near = near_change(s, from, c.to, true);
  candidate_weigh(s, &near, around, within, &c);
  return c;
}

static void keep_better(const search *s, candidate *best, candidate c) {
  if (!(c.excess > best->excess + alike) || !is_free(s, c.from))
    return;
  if (!c.ends || (is_free(s, c.to) && is_whole(s, c.from, c.to)))
    *best = c;
}

static void place_try(const search *s, size_t at, size_t window, bool ends, candidate *best) {
  keep_better(s, best, ends ? ended_try(s, at, window, best) : step_try(s, at, window, best));
}

/* All places at a stride from each other, counted in the whole series. */
static void scale_search(const search *s, size_t k, bool ends, candidate *best) {
  const size_t window = s->wander.scale[k], stride = later(1, window / STRIDE),
               first = s->min_length + (stride - s->from % stride) % stride;
  for (size_t at = first; at + s->min_length <= s->n; at += stride)
    place_try(s, at, window, ends, best);
}

/* The places between those that were tried. */
static void place_refine(const search *s, candidate *best) {
  const size_t stride = later(1, best->window / STRIDE), middle = best->from;
  const candidate found = *best;
  for (size_t at = later(back(middle, stride), s->min_length);
       at <= middle + stride && at + s->min_length <= s->n; at++)
    place_try(s, at, found.window, found.ends, best);
}

static tide_status strongest(const search *s, candidate *best) {
  *best = (candidate){.excess = 0};
  memset(s->near, 0, s->n * sizeof *s->near);
  for (size_t k = SCALE_FIRST; k < s->wander.scales; k++) {
    if (tide_stopped(s->stop))
      return TIDE_END;
    scale_search(s, k, false, best);
    if (k <= SCALE_LAST_ENDS)
      scale_search(s, k, true, best);
  }
  if (best->window)
    place_refine(s, best);
  return TIDE_OK;
}

/* --- dates --- */

/* The nearest boundaries about [from, to), but for those that are in it. */
static void room_about(const search *s, size_t from, size_t to, size_t *low, size_t *high) {
  *low = 0;
  *high = s->n;
  for (size_t i = 0; i < s->boundaries; i++) {
    if (s->boundary[i] < from)
      *low = later(*low, s->boundary[i]);
    if (s->boundary[i] > to)
      *high = earlier(*high, s->boundary[i]);
  }
}

static int by_size(const void *a, const void *b) {
  const size_t *x = a, *y = b;
  return (*x > *y) - (*x < *y);
}

/* Pieces of one level about a place, for the estimate of rates: they end at all boundaries, those
 * of the candidate among them, and are LEVEL units long at most. */
static size_t pieces_make(const search *s, const candidate *c, size_t low, size_t high,
                          size_t *ends) {
  const size_t most = LEVEL * s->wander.unit;
  size_t count = 0, from = low, kept = 0;
  for (size_t i = 0; i < s->boundaries; i++)
    if (s->boundary[i] > low && s->boundary[i] < high)
      ends[count++] = s->boundary[i];
  ends[count++] = c->from;
  if (c->ends)
    ends[count++] = c->to;
  for (size_t at = low + most; at + most / 2 < high; at += most)
    ends[count++] = at;
  ends[count++] = high;
  qsort(ends, count, sizeof *ends, by_size);
  for (size_t i = 0; i < count; i++) {
    bool is_last = ends[i] == high && kept;
    if (ends[i] - from < s->min_length && !is_last)
      continue;
    if (ends[i] - from < s->min_length)
      kept--;
    from = ends[i];
    ends[kept++] = ends[i] - low;
    if (from == high)
      break;
  }
  return kept;
}

static tide_status rate_near(const search *s, const candidate *c, tide_dating_rate *rate) {
  const size_t around = TIDE_WANDER_AROUND * s->wander.unit, last = c->ends ? c->to : c->from,
               low = back(c->from, around), high = earlier(s->n, last + around);
  size_t *ends = malloc((high - low + s->boundaries + 4) * sizeof *ends);
  if (!ends)
    return TIDE_FATAL;
  size_t pieces = pieces_make(s, c, low, high, ends);
  *rate = tide_dating_rate_estimate(s->counts + low, s->cut + low, high - low, ends, pieces);
  free(ends);
  return TIDE_OK;
}

/* A date between two levels. */
typedef struct dated {
  size_t at, low, high;
} dated;

/* Dates a change at about `at`, between bins low and high. */
static tide_status date_find(const search *s, const tide_dating_rate *rate, const candidate *c,
                             const dated *room, dated *out) {
  const tide_wander_near near = tide_wander_around(&s->wander, out->at, out->at);
  const tide_wander_sum before = tide_wander_sum_of(&s->wander, room->low, out->at),
                        after = tide_wander_sum_of(&s->wander, out->at, room->high);
  const double wander_before = tide_wander_variance(&s->wander, &near, before.bins),
               wander_after = tide_wander_variance(&s->wander, &near, after.bins);
  const tide_dating_model model = {
      .rate = *rate,
      .before = (before.count + 0.5) / (double)before.bins,
      .after = (after.count + 0.5) / (double)after.bins,
      .before_se = fmin(1, sqrt(wander_before + 1 / (before.count + 0.5))),
      .after_se = fmin(1, sqrt(wander_after + 1 / (after.count + 0.5))),
      .penalty = c->strength - c->excess};
  tide_dating date;
  TIDE_TRY(tide_dating_find(s->counts + room->low, room->high - room->low, s->min_length, &model,
                            &date));
  *out = (dated){
      .at = room->low + date.at, .low = room->low + date.low, .high = room->low + date.high};
  return TIDE_OK;
}

/* Dates the candidate, both ends of one that ended. */
static tide_status change_date(const search *s, const candidate *c, tide_segment_change *out) {
  const size_t unit = s->wander.unit, last = c->ends ? c->to : c->from,
               reach = later(DATING_LEAST * unit, earlier(c->window, DATING_MOST * unit));
  size_t low, high;
  tide_dating_rate rate;
  room_about(s, c->from, last, &low, &high);
  low = later(low, back(c->from, reach));
  high = earlier(high, last + reach);
  dated begin = {.at = c->from}, end = {.at = c->to};
  TIDE_TRY(rate_near(s, c, &rate));
  TIDE_TRY(date_find(s, &rate, c, &(dated){.low = low, .high = c->ends ? c->to : high}, &begin));
  if (c->ends)
    TIDE_TRY(date_find(s, &rate, c, &(dated){.low = begin.at, .high = high}, &end));
  TIDE_INVARIANT(begin.low <= begin.at && begin.at <= begin.high && begin.high <= s->n);
  *out = (tide_segment_change){.at = begin.at,
                               .low = begin.low,
                               .high = begin.high,
                               .ends = c->ends,
                               .until = end.at,
                               .until_low = end.low,
                               .until_high = end.high,
                               .window = c->window,
                               .strength = c->strength,
                               .penalty = c->strength - c->excess};
  return TIDE_OK;
}

/* --- one after the other --- */

static void expect(search *s, const tide_segment_change *c, double ratio) {
  const size_t end = c->ends ? c->until : s->n;
  for (size_t t = c->at; t < end; t++)
    s->expected[t] *= ratio;
  s->boundary[s->boundaries++] = c->at;
  if (c->ends)
    s->boundary[s->boundaries++] = c->until;
}

static tide_status changes_find(search *s, tide_segmentation *out) {
  size_t room = 0;
  for (;;) {
    candidate best;
    tide_wander_see(&s->wander, s->cut, s->expected);
    TIDE_TRY(strongest(s, &best));
    if (!best.window)
      return TIDE_OK;
    if (tide_room(&out->changes, &room, out->count, sizeof *out->changes) != TIDE_OK)
      return TIDE_FATAL;
    TIDE_TRY(change_date(s, &best, &out->changes[out->count]));
    expect(s, &out->changes[out->count++], exp(best.log_ratio));
  }
}

static int by_date(const void *a, const void *b) {
  const tide_segment_change *x = a, *y = b;
  return (x->at > y->at) - (x->at < y->at);
}

/* --- levels --- */

/* A sum of what was counted alone, without what is expected of other changes. */
static tide_wander_sum counted(const search *s, size_t from, size_t to) {
  tide_wander_sum sum = tide_wander_sum_of(&s->wander, from, to);
  sum.expected = (double)sum.bins;
  return sum;
}

/* The two sides of a change, between its neighbours. */
typedef struct sides {
  tide_wander_sum before, after;
  size_t from, to, shorter;
} sides;

static sides sides_of(const search *s, const tide_segment_change *c) {
  const size_t last = c->ends ? c->until : c->at,
               reach = c->ends ? side_of(s, c->window) : c->window;
  size_t low, high;
  room_about(s, c->at, last, &low, &high);
  low = later(low, back(c->at, reach));
  high = earlier(high, last + reach);
  sides found = {.before = counted(s, low, c->at),
                 .after = counted(s, c->at, c->ends ? last : high),
                 .from = low,
                 .to = high,
                 .shorter = earlier(c->at - low, high - last)};
  if (c->ends)
    found.before = both(found.before, counted(s, last, high));
  return found;
}

/* What a change is worth between its neighbours; below 0 where it would not have been found. */
static double change_weigh(const search *s, tide_segment_change *c) {
  const sides now = sides_of(s, c);
  const tide_wander_near near = near_change(s, c->at, c->until, c->ends);
  size_t window = c->ends ? c->until - c->at : earlier(c->window, now.shorter);
  c->before = now.before.count / (double)now.before.bins;
  c->after = now.after.count / (double)now.after.bins;
  c->strength = tide_wander_strength(&s->wander, &near, now.before, now.after);
  c->penalty =
      tide_segment_penalty_of(s->penalty, later(window, s->min_length), s->wander.unit, c->ends);
  return c->strength - c->penalty;
}

static double relative_variance(const search *s, const tide_wander_near *near,
                                const tide_wander_sum *a) {
  return tide_wander_variance(&s->wander, near, a->bins) + 1 / (a->count + 0.5);
}

/* The interval of ln(after / before), and what it is made from. */
static void interval_make(const search *s, tide_segment_change *c) {
  const sides now = sides_of(s, c);
  const tide_wander_near near = tide_wander_around(&s->wander, c->at, c->ends ? c->until : c->at);
  c->wanders = near.short_slope + near.long_slope > wanders_least;
  c->from = now.from;
  c->to = now.to;
  if (!(c->before > 0 && c->after > 0))
    return;
  c->log_ratio = log(c->after / c->before);
  double se = sqrt(relative_variance(s, &near, &now.before) +
                   relative_variance(s, &near, &now.after)),
         student = gsl_cdf_tdist_Qinv(outside, near.freedom),
         wide = se * student / gsl_cdf_ugaussian_Qinv(outside), size = fabs(c->log_ratio),
         z = size / wide, sign = c->log_ratio < 0 ? -1 : 1;
  double bar = z * sqrt(fmin(1, fmax(0, c->penalty) / c->strength)),
         low = sign * wide * tide_segment_least_effect(z, bar), far = sign * (size + student * se);
  c->log_low = fmin(low, far);
  c->log_high = fmax(low, far);
}

/* Does b, which follows a, undo it to a half? */
static bool undoes(const search *s, const tide_segment_change *a, const tide_segment_change *b) {
  if (a->ends || b->ends || b->at - a->at > s->wander.unit * 16)
    return false;
  size_t side = side_of(s, b->at - a->at), low, high;
  room_about(s, a->at, b->at, &low, &high);
  tide_wander_sum before = counted(s, later(low, back(a->at, side)), a->at),
                  within = counted(s, a->at, b->at),
                  behind = counted(s, b->at, earlier(high, b->at + side));
  double down = log_ratio(before, within), up = log_ratio(within, behind);
  return down * up < 0 && fabs(down + up) < undone * fmin(fabs(down), fabs(up));
}

/* Steps of which one undoes the other become one change that ended. */
static void steps_join(const search *s, tide_segmentation *out) {
  size_t kept = 0;
  for (size_t i = 0; i < out->count; i++) {
    tide_segment_change *c = &out->changes[kept++];
    *c = out->changes[i];
    if (i + 1 == out->count || !undoes(s, c, &out->changes[i + 1]))
      continue;
    const tide_segment_change end = out->changes[++i];
    c->ends = true;
    c->until = end.at;
    c->until_low = end.low;
    c->until_high = end.high;
    c->window = end.at - c->at;
  }
  out->count = kept;
}

static void boundaries_make(search *s, const tide_segmentation *found) {
  s->boundaries = 0;
  for (size_t i = 0; i < found->count; i++) {
    s->boundary[s->boundaries++] = found->changes[i].at;
    if (found->changes[i].ends)
      s->boundary[s->boundaries++] = found->changes[i].until;
  }
}

/* Lets go, the weakest first, what is not worth its penalty between its neighbours. */
static void changes_prune(search *s, tide_segmentation *out) {
  for (;;) {
    size_t weakest = 0;
    double least = 0;
    boundaries_make(s, out);
    for (size_t i = 0; i < out->count; i++) {
      double worth = change_weigh(s, &out->changes[i]);
      if (worth >= least)
        continue;
      least = worth;
      weakest = i;
    }
    if (!(least < 0))
      return;
    memmove(&out->changes[weakest], &out->changes[weakest + 1],
            (out->count - weakest - 1) * sizeof *out->changes);
    out->count--;
  }
}

/* --- all of it --- */

static void search_close(search *s) {
  tide_wander_close(&s->wander);
  free(s->cut);
  free(s->expected);
  free(s->near);
  free(s->boundary);
}

void tide_segment_reach(size_t first, size_t last, size_t n, size_t min_length, size_t *from,
                        size_t *to) {
  const size_t unit = unit_of(min_length), chunk = CHUNK * unit;
  *to = earlier(n, later(last + 1 + MARGIN * unit, REACH_LEAST * unit));
  *from = back(earlier(first, *to), MARGIN * unit);
  *from = earlier(*from, back(*to, REACH_LEAST * unit)) / chunk * chunk;
}

/* Most groups of an archive live for a small part of it, and where nothing is nothing changes. */
static void reach_find(search *s, const double *a, size_t n) {
  size_t first = 0, last = n - 1;
  while (first < last && !(a[first] > 0))
    first++;
  while (last > first && !(a[last] > 0))
    last--;
  tide_segment_reach(first, last, n, s->min_length, &s->from, &s->n);
  s->n -= s->from;
}

static tide_status search_open(search *s, double *scratch) {
  const size_t unit = unit_of(s->min_length);
  s->cut = malloc(s->n * sizeof *s->cut);
  s->expected = malloc(s->n * sizeof *s->expected);
  s->near = malloc(s->n * sizeof *s->near);
  s->boundary = malloc((s->n + 2) * sizeof *s->boundary);
  if (!s->cut || !s->expected || !s->near || !s->boundary ||
      tide_wander_open(&s->wander, s->n, unit) != TIDE_OK)
    return TIDE_FATAL;
  tide_even_bursts(s->counts, s->n, TIDE_WANDER_AROUND * unit, s->cut, scratch);
  for (size_t t = 0; t < s->n; t++)
    s->expected[t] = 1;
  return TIDE_OK;
}

static void changes_finish(search *s, tide_segmentation *out) {
  qsort(out->changes, out->count, sizeof *out->changes, by_date);
  steps_join(s, out);
  changes_prune(s, out);
  for (size_t i = 0; i < out->count; i++) {
    tide_segment_change *c = &out->changes[i];
    interval_make(s, c);
    c->from += s->from;
    c->to += s->from;
    c->at += s->from;
    c->low += s->from;
    c->high += s->from;
    c->until += s->from;
    c->until_low += s->from;
    c->until_high += s->from;
  }
}

/* In the middle, at the mean level, as the level strays there. */
static bool fall_shows(const search *s) {
  const size_t middle = s->n / 2;
  const tide_wander_near near = near_change(s, middle, middle, false);
  const double level = s->wander.sum[s->n] / (double)s->n;
  for (size_t k = SCALE_FIRST; k < s->wander.scales; k++) {
    const size_t window = s->wander.scale[k];
    const tide_wander_sum before = {level * (double)window, (double)window, window},
                          after = {0, (double)window, window};
    if (tide_wander_strength(&s->wander, &near, before, after) >
        tide_segment_penalty_of(s->penalty, window, s->wander.unit, false))
      return true;
  }
  return false;
}

/* scratch has room for 2 n. */
static tide_status series_search(search *s, double *a, double *scratch, size_t n,
                                 tide_segmentation *out) {
  reach_find(s, a, n);
  s->counts = a + s->from;
  TIDE_TRY(search_open(s, scratch));
  TIDE_TRY(changes_find(s, out));
  if (out->count)
    changes_finish(s, out);
  out->could_fall = fall_shows(s);
  return TIDE_OK;
}

tide_status tide_segment_find(const double *counts, const double *widths, size_t n,
                              const tide_segment_options *options, tide_segmentation *out) {
  const size_t min_length = later(options->min_length, 1);
  *out = (tide_segmentation){.penalty = options->penalty > 0
                                            ? options->penalty
                                            : tide_segment_penalty(n, unit_of(min_length)),
                             .no_history = n < 2 * TIDE_WANDER_AROUND * unit_of(min_length)};
  if (n < tide_segment_bins_least(min_length))
    return TIDE_OK;
  double *a = malloc(n * sizeof *a), *scratch = malloc(2 * n * sizeof *scratch);
  search s = {.min_length = min_length, .penalty = out->penalty, .stop = options->stop};
  tide_status status = a && scratch ? TIDE_OK : TIDE_FATAL;
  if (status == TIDE_OK) {
    memcpy(a, counts, n * sizeof *a);
    tide_even_widths(a, widths, n);
    out->cycle = tide_even_cycle(a, n, options->cycle, options->phases, scratch);
    status = series_search(&s, a, scratch, n, out);
  }
  search_close(&s);
  free(a);
  free(scratch);
  if (status != TIDE_OK)
    tide_segmentation_free(out);
  return status;
}

void tide_segmentation_free(tide_segmentation *s) {
  free(s->changes);
  s->changes = NULL;
  s->count = 0;
}
