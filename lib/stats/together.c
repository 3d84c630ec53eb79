/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The series' probabilities of dates are added up, and the sum held against those of the same
 * series moved in time by chance. */
#include "stats/together.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double MASS = 0.95, HALF = 0.5, SLACK = 1e-9;

/* The probability that the change number `date` falls within a bin of `bin`. */
typedef struct chance {
  size_t date, bin;
  double value;
} chance;

typedef struct search {
  const tide_together_options *options;
  const tide_together_date *dates;
  size_t date_count;
  bool *taken; /* by date */
  chance *chances;
  size_t chance_count;
  double *sum; /* by bin */
  uint64_t seed;
} search;

/* SplitMix64 (Steele, Lea & Flood 2014): a number below `bound`. */
static size_t below(search *s, size_t bound) {
  uint64_t x = s->seed += 0x9e3779b97f4a7c15u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  x ^= x >> 31;
  return (size_t)((x >> 32) * bound >> 32);
}

static double weight_of(const tide_together_date *d, size_t bin) {
  const size_t away = bin > d->at ? bin - d->at : d->at - bin;
  return bin < d->low || bin > d->high ? 0 : 1 / (1 + (double)away);
}

static double weights_of(const tide_together_date *d) {
  double sum = 0;
  for (size_t bin = d->low; bin <= d->high; bin++)
    sum += weight_of(d, bin);
  return sum;
}

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

static void chances_put(search *s) {
  const size_t bins = s->options->bins;
  s->chance_count = 0;
  for (size_t i = 0; i < s->date_count; i++) {
    const tide_together_date *d = &s->dates[i];
    const double whole = weights_of(d);
    if (s->taken[i])
      continue;
    for (size_t bin = d->low ? d->low - 1 : 0; bin <= least(d->high + 1, bins - 1); bin++) {
      double value = 0;
      for (size_t at = bin ? bin - 1 : 0; at <= bin + 1; at++)
        value += weight_of(d, at);
      s->chances[s->chance_count++] = (chance){i, bin, MASS * value / whole};
    }
  }
}

/* How far a change is moved within its stretch of bins; around the end, so that it is not below 0.
 */
static size_t shift_of(search *s, const tide_together_date *d) {
  const size_t bins = s->options->bins,
               from = d->at / TIDE_TOGETHER_STRETCH * TIDE_TOGETHER_STRETCH,
               to = least(from + TIDE_TOGETHER_STRETCH, bins);
  return (from + below(s, to - from) + bins - d->at) % bins;
}

/* The highest sum, and where it is. */
static double highest(search *s, bool shifted, size_t *where) {
  const size_t bins = s->options->bins;
  double best = 0;
  for (size_t i = 0; i < bins; i++)
    s->sum[i] = 0;
  for (size_t i = 0; i < s->chance_count;) {
    const size_t date = s->chances[i].date, shift = shifted ? shift_of(s, &s->dates[date]) : 0;
    for (; i < s->chance_count && s->chances[i].date == date; i++) {
      const size_t bin = s->chances[i].bin + shift;
      s->sum[bin < bins ? bin : bin - bins] += s->chances[i].value;
    }
  }
  *where = 0;
  for (size_t i = 0; i < bins; i++)
    if (s->sum[i] > best) {
      best = s->sum[i];
      *where = i;
    }
  return best;
}

static tide_status p_of(search *s, double seen, double *p) {
  const unsigned rounds = s->options->rounds ? s->options->rounds : TIDE_TOGETHER_ROUNDS;
  unsigned reached = 0;
  for (unsigned i = 0; i < rounds; i++) {
    size_t where;
    if (tide_stopped(s->options->stop))
      return TIDE_END;
    reached += highest(s, true, &where) >= seen - SLACK;
  }
  *p = (1.0 + reached) / (1.0 + rounds);
  return TIDE_OK;
}

/* The probability that date i falls within a bin of `where`. */
static double chance_at(const tide_together_date *d, size_t where) {
  double value = 0;
  for (size_t at = where ? where - 1 : 0; at <= where + 1; at++)
    value += weight_of(d, at);
  return MASS * value / weights_of(d);
}

/* The date of all members, which are the dates now taken at `where`: their probabilities as one. */
static void date_join(const search *s, const bool *member, size_t where, tide_together *t) {
  enum { SIDE = 3, PLACES = 2 * SIDE + 1 };
  const size_t first = where > SIDE ? where - SIDE : 0,
               last = least(where + SIDE, s->options->bins - 1);
  double logs[PLACES] = {0}, sum = 0, most = -INFINITY;
  for (size_t bin = first; bin <= last; bin++) {
    for (size_t i = 0; i < s->date_count; i++)
      if (member[i])
        logs[bin - first] +=
            log(MASS * weight_of(&s->dates[i], bin) / weights_of(&s->dates[i]) + (1 - MASS) / 100);
    if (logs[bin - first] > most) {
      most = logs[bin - first];
      t->at = bin;
    }
  }
  for (size_t bin = first; bin <= last; bin++)
    sum += exp(logs[bin - first] - most);
  /* From both ends, what has the least goes first. */
  double left = sum;
  t->low = first;
  t->high = last;
  while (t->low < t->high) {
    const double low = exp(logs[t->low - first] - most), high = exp(logs[t->high - first] - most),
                 less = low < high ? low : high;
    if (left - less < MASS * sum)
      break;
    left -= less;
    if (low < high)
      t->low++;
    else
      t->high--;
  }
}

/* Takes those that changed at `where` out. Fewer than 2: nothing is shared there. */
static tide_status members_take(search *s, size_t where, tide_together *t) {
  bool *member = calloc(s->date_count + 1, sizeof *member);
  t->series = malloc((s->date_count + 1) * sizeof *t->series);
  if (!member || !t->series) {
    free(member);
    return TIDE_FATAL;
  }
  for (size_t i = 0; i < s->date_count; i++) {
    member[i] = !s->taken[i] && chance_at(&s->dates[i], where) >= HALF;
    if (!member[i])
      continue;
    s->taken[i] = true;
    if (!t->count || t->series[t->count - 1] != s->dates[i].series)
      t->series[t->count++] = s->dates[i].series;
  }
  if (t->count >= 2)
    date_join(s, member, where, t);
  free(member);
  return TIDE_OK;
}

static int by_time(const void *a, const void *b) {
  const tide_together *x = a, *y = b;
  return (x->at > y->at) - (x->at < y->at);
}

static tide_status search_all(search *s, tide_together *out, size_t *found) {
  tide_status status = TIDE_OK;
  while (*found < TIDE_TOGETHER_MOST && status == TIDE_OK) {
    tide_together next = {0};
    size_t where;
    chances_put(s);
    next.expected = highest(s, false, &where);
    if (next.expected < 1)
      break;
    status = p_of(s, next.expected, &next.p);
    if (status != TIDE_OK || next.p > s->options->level)
      break;
    status = members_take(s, where, &next);
    if (status != TIDE_OK || next.count < 2) {
      free(next.series);
      break;
    }
    out[(*found)++] = next;
  }
  if (status == TIDE_OK && *found)
    qsort(out, *found, sizeof *out, by_time);
  return status;
}

tide_status tide_together_find(const tide_together_date *dates, size_t count,
                               const tide_together_options *options, tide_together **out,
                               size_t *found) {
  search s = {.options = options, .dates = dates, .date_count = count, .seed = 1};
  size_t room = 1;
  *out = NULL;
  *found = 0;
  if (!options->bins)
    return TIDE_OK;
  for (size_t i = 0; i < count; i++)
    room += dates[i].high - dates[i].low + 3;
  tide_together *all = calloc(TIDE_TOGETHER_MOST, sizeof *all);
  s.taken = calloc(count + 1, sizeof *s.taken);
  s.chances = malloc(room * sizeof *s.chances);
  s.sum = malloc(options->bins * sizeof *s.sum);
  size_t made = 0;
  tide_status status =
      all && s.taken && s.chances && s.sum ? search_all(&s, all, &made) : TIDE_FATAL;
  free(s.taken);
  free(s.chances);
  free(s.sum);
  if (status != TIDE_OK) {
    tide_together_free(all, made);
    return status;
  }
  *out = all;
  *found = made;
  return TIDE_OK;
}

void tide_together_free(tide_together *t, size_t found) {
  for (size_t i = 0; i < found; i++)
    free(t[i].series);
  free(t);
}
