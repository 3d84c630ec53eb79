/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps of the collection. A run of empty days is judged by the days on both sides of it. */
#include "stats/gaps.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { WEEK = 7 };
/* Where a day with mail would be empty less often than this, empty days are of another kind. */
static const double steady_empty = 1e-4;

/* The days on one side of a run, from the nearest outward. */
typedef struct gap_side {
  size_t count, empty, empty_runs;
  size_t on[WEEK], empty_on[WEEK]; /* by place in the week */
  double sum, squares;
} gap_side;

static void side_take(gap_side *s, const double *days, size_t at, bool *was_empty) {
  const double n = days[at];
  const bool is_empty = !(n > 0);
  s->count++;
  s->sum += n;
  s->squares += n * n;
  s->empty += is_empty;
  s->empty_runs += is_empty && !*was_empty;
  s->on[at % WEEK]++;
  s->empty_on[at % WEEK] += is_empty;
  *was_empty = is_empty;
}

/* A series being judged, without the days of gaps that are known already, and without one more run
 * on the side that is looked at: they say nothing of the level. */
typedef struct beside {
  const double *days;
  const bool *known;
  size_t count;
  tide_gap other;
} beside;

static bool is_apart(const beside *b, size_t at) {
  return b->known[at] || (at >= b->other.from && at < b->other.to);
}

/* The longest run of empty days that begins or ends in [from, to), if it is a week and half of
 * `length`: as like an outage as the run of that length, which it must not hide. */
static tide_gap other_run(const beside *b, size_t from, size_t to, size_t length) {
  tide_gap longest = {0};
  while (from > 0 && from < to && !(b->days[from] > 0) && !(b->days[from - 1] > 0))
    from--;
  for (size_t at = from, end; at < to; at = end) {
    end = at + 1;
    if (b->days[at] > 0 || b->known[at])
      continue;
    while (end < b->count && !(b->days[end] > 0))
      end++;
    if (end - at > longest.to - longest.from)
      longest = (tide_gap){.from = at, .to = end};
  }
  const size_t found = longest.to - longest.from;
  return found >= WEEK && 2 * found >= length ? longest : (tide_gap){0};
}

/* The days on a side of a run: before bin `at`, or from it on. */
static gap_side side_of(const beside *b, size_t at, bool after) {
  gap_side s = {0};
  bool was_empty = false;
  const size_t days = after ? b->count - at : at;
  for (size_t i = 0; i < days && s.count < TIDE_GAP_SIDE; i++) {
    const size_t day = after ? at + i : at - 1 - i;
    if (!is_apart(b, day))
      side_take(&s, b->days, day, &was_empty);
  }
  return s;
}

/* The same without another run, where enough is left. */
static gap_side side_beside(beside b, size_t at, bool after, size_t length) {
  const size_t low = at > TIDE_GAP_SIDE ? at - TIDE_GAP_SIDE : 0,
               high = at + TIDE_GAP_SIDE < b.count ? at + TIDE_GAP_SIDE : b.count;
  const gap_side whole = side_of(&b, at, after);
  b.other = after ? other_run(&b, at, high, length) : other_run(&b, low, at, length);
  const gap_side rest = side_of(&b, at, after);
  return rest.count - rest.empty >= TIDE_GAP_SIDE_LEAST ? rest : whole;
}

/* The logarithm of the probability of an empty day by a negative binomial distribution of so many
 * days; the Poisson's where days vary no more than its. */
static double log_empty(const gap_side *s, size_t count) {
  double n = (double)count, mean = s->sum / n;
  double variance = (s->squares - n * mean * mean) / (n - 1);
  if (!(variance > mean))
    return -mean;
  return mean * mean / (variance - mean) * log(mean / variance);
}

/* Is a day of the week, such as Sunday, empty in half of all weeks or more? */
static bool rests_weekly(const gap_side *s) {
  for (size_t day = 0; day < WEEK; day++)
    if (s->empty_on[day] && 2 * s->empty_on[day] >= s->on[day])
      return true;
  return false;
}

/* The logarithm of the probability of a run of so many empty days beside such a side. Where days
 * with mail are so steady that none would be empty, empty days beside the run are of other outages,
 * and do not make it more probable. */
static double log_run(const gap_side *s, size_t length) {
  const size_t with_mail = s->count - s->empty;
  if (with_mail >= TIDE_GAP_SIDE_LEAST && !rests_weekly(s)) {
    const double steady = log_empty(s, with_mail);
    if (steady < log(steady_empty))
      return steady * (double)length;
  }
  double day = log_empty(s, s->count), runs = 1;
  if (s->empty) {
    day = fmax(day, log((double)s->empty / (double)s->count));
    runs = (double)s->empty / (double)s->empty_runs;
  }
  return day * (double)length / runs;
}

static size_t empty_days(const double *days, size_t from, size_t to) {
  size_t empty = 0;
  for (size_t i = from; i < to; i++)
    empty += !(days[i] > 0);
  return empty;
}

/* The logarithm of the probability of the empty days of the run [from, to). */
static double log_probability(const double *days, size_t count, const bool *known, size_t from,
                              size_t to) {
  const beside b = {.days = days, .known = known, .count = count};
  gap_side before = side_beside(b, from, false, to - from),
           after = side_beside(b, to, true, to - from);
  bool can_before = before.count >= TIDE_GAP_SIDE_LEAST;
  bool can_after = after.count >= TIDE_GAP_SIDE_LEAST;
  size_t length = empty_days(days, from, to);
  if (can_before && can_after)
    return fmax(log_run(&before, length), log_run(&after, length));
  if (can_before)
    return log_run(&before, length);
  if (can_after)
    return log_run(&after, length);
  return 0;
}

/* What a day may have and still be a stray one, by the lower of the levels beside the run. */
static double stray_most(const double *days, size_t count, const bool *known, tide_gap run) {
  const beside b = {.days = days, .known = known, .count = count};
  gap_side before = side_beside(b, run.from, false, run.to - run.from),
           after = side_beside(b, run.to, true, run.to - run.from);
  double level = INFINITY;
  if (before.count >= TIDE_GAP_SIDE_LEAST)
    level = fmin(level, before.sum / (double)before.count);
  if (after.count >= TIDE_GAP_SIDE_LEAST)
    level = fmin(level, after.sum / (double)after.count);
  return isfinite(level) ? level / TIDE_GAP_STRAY : 0;
}

/* The run with the days beside it that have stray messages only. */
static tide_gap gap_widen(const double *days, size_t count, const bool *known, tide_gap run) {
  const double most = stray_most(days, count, known, run);
  const size_t length = run.to - run.from;
  tide_gap wide = run;
  while (wide.from > 0 && run.from - wide.from < length && days[wide.from - 1] <= most)
    wide.from--;
  while (wide.to < count && wide.to - run.to < length && days[wide.to] <= most)
    wide.to++;
  return wide;
}

/* Marks the gaps that show beside those known; *new_ones says whether there were any. */
static void gaps_mark(const double *days, size_t count, bool *known, bool *new_ones) {
  *new_ones = false;
  for (size_t from = 0, to; from < count; from = to) {
    to = from + 1;
    if (days[from] > 0 || known[from])
      continue;
    while (to < count && !(days[to] > 0))
      to++;
    tide_gap gap = gap_widen(days, count, known, (tide_gap){.from = from, .to = to});
    if (log_probability(days, count, known, gap.from, gap.to) >= log(TIDE_GAP_PROBABILITY))
      continue;
    memset(known + gap.from, true, gap.to - gap.from);
    *new_ones = true;
  }
}

tide_status tide_gaps_find(const double *days, size_t count, tide_gap **out, size_t *found) {
  bool *known = calloc(count + 1, sizeof *known), again = true;
  size_t runs = 0;
  *out = NULL;
  *found = 0;
  if (!known)
    return TIDE_FATAL;
  while (again)
    gaps_mark(days, count, known, &again);
  for (size_t i = 0; i < count; i++)
    runs += known[i] && !known[i + 1];
  tide_gap *gaps = calloc(runs + 1, sizeof *gaps);
  for (size_t from = 0, to; gaps && from < count; from = to) {
    to = from + 1;
    if (!known[from])
      continue;
    while (known[to])
      to++;
    double run = log_probability(days, count, known, from, to);
    gaps[(*found)++] = (tide_gap){.from = from, .to = to, .probability = exp(run)};
  }
  free(known);
  *out = gaps;
  return gaps ? TIDE_OK : TIDE_FATAL;
}
