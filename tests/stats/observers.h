/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observers who know more of a series than the program does. How often they find a change is a
 * bound for how often it can be found. All of them know, from series without a change, how far
 * their statistic comes in one of 20.
 *
 * One knows that it is a fall and how long it lasts, and takes the lowest logarithm of the ratio of
 * 28 days to the 84 on each side. The others try what the program tries: falls, rises and steps of
 * seven lengths. The first of them knows how much such logarithms vary in archives of this kind,
 * and takes the largest over its standard deviation. The second knows only how that grows with the
 * length. It has to learn how much this series varies from its neighbouring fortnights, and leaves
 * out those that straddle what it tries, as the change would be in its own measure. As it does not
 * know which archive it sees, what one of 20 is beyond is that of the archive where it is most. */
#ifndef OBSERVERS_H
#define OBSERVERS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

enum {
  OBSERVED_MOST = 1095, /* days of a series */
  OBSERVED_FALL = 28,
  OBSERVED_SIDE = 84,
  OBSERVED_MARGIN = 14, /* days at the ends of a series, where nothing is tried */
  LENGTHS = 7,
  KINDS = 2 * LENGTHS /* what ended again, and steps */
};

static const size_t bound_lengths[LENGTHS] = {14, 20, 28, 40, 56, 80, 112};
enum {
  FORTNIGHTS = LENGTHS, /* the kind of steps between windows of 14 days */
  FORTNIGHT = 14        /* bound_lengths[0] */
};

/* Logarithms of ratios of one kind: the sum of their squares, and how many. */
typedef struct spread {
  double square[KINDS];
  size_t places[KINDS];
} spread;

/* Running sums of a series. */
typedef struct observed {
  double sum[OBSERVED_MOST + 1];
  size_t length;
} observed;

static void observe(observed *o, const double *counts, size_t length) {
  o->length = length;
  for (size_t i = 0; i < length; i++)
    o->sum[i + 1] = o->sum[i] + counts[i];
}

static double log_level(double messages, double length) {
  return log((messages + 0.5) / length);
}

/* The logarithm of the ratio of [from, to) to `side` days on each side of it. */
static double against_sides(const observed *o, size_t from, size_t to, size_t side) {
  const size_t low = from > side ? from - side : 0,
               high = to + side < o->length ? to + side : o->length;
  const double within = o->sum[to] - o->sum[from];
  return log_level(within, (double)(to - from)) -
         log_level(o->sum[high] - o->sum[low] - within, (double)(high - low - (to - from)));
}

/* The lowest of 28 days against the 84 on each side. */
static double lowest_ratio(const observed *o) {
  double lowest = INFINITY;
  for (size_t i = OBSERVED_MARGIN; i + OBSERVED_FALL + OBSERVED_MARGIN <= o->length; i++)
    lowest = fmin(lowest, against_sides(o, i, i + OBSERVED_FALL, OBSERVED_SIDE));
  return lowest;
}

/* A place of a kind: [from, to) against both sides of it or, of a step, the window before `from`
 * against the one after it, and to is from. */
typedef struct place {
  size_t from, to;
} place;

static bool is_step(size_t kind) {
  return kind >= LENGTHS;
}

/* The first place of a kind, and how many follow each other. */
static size_t places_of(const observed *o, size_t kind, size_t *first) {
  const size_t window = bound_lengths[kind % LENGTHS],
               room = is_step(kind) ? 2 * window : window + 2 * (size_t)OBSERVED_MARGIN;
  *first = is_step(kind) ? window : (size_t)OBSERVED_MARGIN;
  return o->length < room ? 0 : o->length + 1 - room;
}

static place place_of(size_t kind, size_t at) {
  return (place){at, is_step(kind) ? at : at + bound_lengths[kind]};
}

static double place_see(const observed *o, size_t kind, place p) {
  const size_t window = bound_lengths[kind % LENGTHS];
  if (!is_step(kind))
    return against_sides(o, p.from, p.to, window > OBSERVED_SIDE ? window : OBSERVED_SIDE);
  return log_level(o->sum[p.from + window] - o->sum[p.from], (double)window) -
         log_level(o->sum[p.from] - o->sum[p.from - window], (double)window);
}

static void spread_add(spread *s, const observed *o) {
  for (size_t kind = 0; kind < KINDS; kind++) {
    size_t first, places = places_of(o, kind, &first);
    for (size_t i = 0; i < places; i++) {
      const double x = place_see(o, kind, place_of(kind, first + i));
      s->square[kind] += x * x;
    }
    s->places[kind] += places;
  }
}

/* What fortnights say of the scale of a series, in running sums by place. */
typedef struct scale {
  double square[OBSERVED_MOST + 1];
  size_t first, places;
} scale;

static double mean_square(const spread *s, size_t kind) {
  return s->square[kind] / (double)s->places[kind];
}

static void scale_learn(scale *c, const observed *o, const spread *known) {
  c->places = places_of(o, FORTNIGHTS, &c->first);
  for (size_t i = 0; i < c->places; i++) {
    const double x = place_see(o, FORTNIGHTS, place_of(FORTNIGHTS, c->first + i));
    c->square[i + 1] = c->square[i] + x * x / mean_square(known, FORTNIGHTS);
  }
}

static size_t clamped(double x, size_t least, size_t most) {
  if (x < (double)least)
    return least;
  return x > (double)most ? most : (size_t)x;
}

/* The square of a value in standard deviations, known by fortnights that straddle neither end of a
 * place: as the square of a normal value of the same probability (Wallace 1959), by the degrees of
 * freedom of overlapping windows. */
static double learned_square(const scale *c, double square, place p) {
  const size_t at[2] = {p.from, p.to};
  size_t from = 0;
  double sum = 0, count = 0;
  for (int i = 0; i <= 2; i++) {
    const size_t hole =
        i < 2 ? clamped((double)at[i] - (double)c->first - (FORTNIGHT - 1), from, c->places)
              : c->places;
    sum += c->square[hole] - c->square[from];
    count += (double)(hole - from);
    if (i < 2)
      from = clamped((double)at[i] - (double)c->first + FORTNIGHT, hole, c->places);
  }
  const double freedom = 1.5 * count / FORTNIGHT; /* as stats/wander.h has it */
  if (!(sum > 0) || freedom < 1)
    return 0;
  const double shrink = (8 * freedom + 1) / (8 * freedom + 3);
  return shrink * shrink * freedom * log1p(square / (sum / count) / freedom);
}

/* The largest square of all that is tried: by the known spread, and where `learned` is set, by that
 * of the series itself. */
static double largest(const observed *o, const spread *known, bool learned) {
  static scale own;
  double most = 0;
  if (learned)
    scale_learn(&own, o, known);
  for (size_t kind = 0; kind < KINDS; kind++) {
    size_t first, places = places_of(o, kind, &first);
    for (size_t i = 0; i < places; i++) {
      const place p = place_of(kind, first + i);
      const double x = place_see(o, kind, p), square = x * x / mean_square(known, kind);
      most = fmax(most, learned ? learned_square(&own, square, p) : square);
    }
  }
  return most;
}

#endif
