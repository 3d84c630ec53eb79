/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The closest dates are looked for by windows of several lengths among the largest changes of
 * several numbers, and held against those of the same changes moved in time by chance. */
#include "stats/together.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/invariant.h"
#include "base/mix.h"

static const double MASS = 0.95, HALF = 0.5, SLACK = 1e-9;

enum {
  LENGTHS = 4,
  DEPTHS = 2,
  CLASSES = 32,      /* halvings of a number of dates */
  MANY_DATES = 1000, /* for more, FEW_ROUNDS: 8 ms each for 20,000 dates */
  FEW_ROUNDS = 999,
  ENOUGH = 100 /* of FEW_ROUNDS: more rounds would only say by how much it is chance */
};

/* The dates that a window is slid over: those whose rank by size is below `ranks`. */
typedef struct group {
  size_t ranks;
  size_t *in_stretch;   /* how many of them are in each */
  double log_stretches; /* of how many stretches with two or more; 0 if there are none */
} group;

/* Dates that are known to a window, all or the deep ones, by size. */
typedef struct ranking {
  size_t length; /* of the window, in ticks */
  size_t *rank;  /* by date; SIZE_MAX: none of them */
  group groups[CLASSES];
  size_t group_count;
} ranking;

/* A date in a window. */
typedef struct place {
  size_t tick, date;
} place;

/* The most striking window: what is in it, of one ranking and group. */
typedef struct best {
  double log_expected;
  size_t ranking, group, first, last; /* ticks */
} best;

typedef struct search {
  const tide_together_options *options;
  const tide_together_date *dates;
  size_t date_count;
  bool *taken; /* by date */
  place *places;
  place *window; /* room for those of one group */
  size_t *order, *ranks, *in_stretch;
  double *log_factorial;
  ranking rankings[LENGTHS * DEPTHS];
  size_t stretches, stretch; /* how many, and ticks of one; the last may have more */
  size_t ticks;
  uint64_t seed;
} search;

/* A number below `bound`, by SplitMix64. */
static size_t below(search *s, size_t bound) {
  s->seed += TIDE_MIX_STEP;
  return (size_t)((tide_mix(s->seed) >> 32) * bound >> 32);
}

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* --- what a window is slid over --- */

static size_t stretch_of(const search *s, size_t tick) {
  return least(tick / s->stretch, s->stretches - 1);
}

static int by_size(const void *a, const void *b, void *context) {
  const tide_together_date *dates = context;
  const size_t *x = a, *y = b;
  if (dates[*x].size != dates[*y].size)
    return dates[*x].size > dates[*y].size ? -1 : 1;
  return (*x > *y) - (*x < *y);
}

static void group_make(const search *s, const ranking *r, group *g) {
  size_t several = 0;
  memset(g->in_stretch, 0, s->stretches * sizeof *g->in_stretch);
  for (size_t i = 0; i < s->date_count; i++)
    if (r->rank[i] < g->ranks)
      g->in_stretch[stretch_of(s, s->dates[i].tick)]++;
  for (size_t i = 0; i < s->stretches; i++)
    several += g->in_stretch[i] >= 2;
  g->log_stretches = several ? log((double)several) : 0;
}

/* All dates, or the deep ones and the larger half of those and so on. */
static void ranking_make(search *s, ranking *r, size_t length, bool deep) {
  size_t count = 0;
  r->length = length;
  for (size_t i = 0; i < s->date_count; i++) {
    const tide_together_date *d = &s->dates[i];
    r->rank[i] = SIZE_MAX;
    if (!s->taken[i] && d->spread < length && (d->deep || !deep))
      s->order[count++] = i;
  }
  qsort_r(s->order, count, sizeof *s->order, by_size, (void *)(uintptr_t)s->dates);
  for (size_t i = 0; i < count; i++)
    r->rank[s->order[i]] = i;
  r->group_count = 0;
  for (; count >= 2 && r->group_count < (deep ? CLASSES : 1); count /= 2) {
    group *g = &r->groups[r->group_count++];
    g->ranks = count;
    group_make(s, r, g);
  }
}

static void rankings_make(search *s) {
  const size_t ticks = s->options->ticks;
  for (size_t deep = 0; deep < DEPTHS; deep++) {
    ranking *r = &s->rankings[deep * LENGTHS];
    ranking_make(s, &r[0], ticks >= 6 ? ticks / 6 : 1, deep);
    ranking_make(s, &r[1], ticks, deep);
    ranking_make(s, &r[2], 3 * ticks, deep);
    ranking_make(s, &r[3], 7 * ticks, deep);
  }
}

/* The logarithm of how many windows with `count` of the group are expected, if one of them is in
 * the stretches from one to other: where it crosses a border, the two are as one. */
static double log_expected(const search *s, const ranking *r, const group *g, size_t one,
                           size_t other, size_t count) {
  const double *f = s->log_factorial;
  size_t n = 0;
  for (size_t i = one; i <= other; i++)
    n += g->in_stretch[i];
  const double length = (double)(s->stretch * (other + 1 - one));
  TIDE_INVARIANT(count <= n);
  return f[n] - f[count] - f[n - count] + log((double)count) +
         (double)(count - 1) * log(fmin((double)r->length / length, 1)) + g->log_stretches;
}

/* --- the most striking window --- */

/* Where a date is moved to within its stretch; around the end. */
static size_t tick_moved(search *s, size_t tick) {
  const size_t stretch = stretch_of(s, tick), from = stretch * s->stretch,
               to = stretch + 1 == s->stretches ? s->ticks : from + s->stretch;
  return from + below(s, to - from);
}

static int by_tick(const void *a, const void *b) {
  const place *x = a, *y = b;
  if (x->tick != y->tick)
    return x->tick < y->tick ? -1 : 1;
  return (x->date > y->date) - (x->date < y->date);
}

static void group_scan(search *s, size_t place_count, size_t ranking_at, size_t group_at,
                       best *out) {
  const ranking *r = &s->rankings[ranking_at];
  const group *g = &r->groups[group_at];
  place *w = s->window;
  for (size_t i = 0, from = 0, to = 0; i < place_count; i++) {
    if (r->rank[s->places[i].date] >= g->ranks)
      continue;
    w[to++] = s->places[i];
    while (w[to - 1].tick - w[from].tick >= r->length)
      from++;
    if (to - from < 2)
      continue;
    const double seen = log_expected(s, r, g, stretch_of(s, w[from].tick),
                                     stretch_of(s, w[to - 1].tick), to - from);
    if (seen < out->log_expected - SLACK)
      *out = (best){seen, ranking_at, group_at, w[from].tick, w[to - 1].tick};
  }
}

static best most_striking(search *s, bool moved) {
  best out = {.log_expected = INFINITY};
  size_t count = 0;
  for (size_t i = 0; i < s->date_count; i++)
    if (!s->taken[i])
      s->places[count++] = (place){moved ? tick_moved(s, s->dates[i].tick) : s->dates[i].tick, i};
  qsort(s->places, count, sizeof *s->places, by_tick);
  for (size_t r = 0; r < LENGTHS * DEPTHS; r++)
    for (size_t g = 0; g < s->rankings[r].group_count; g++)
      group_scan(s, count, r, g, &out);
  return out;
}

static tide_status p_of(search *s, double seen, double *p) {
  const unsigned usual = s->date_count > MANY_DATES ? FEW_ROUNDS : TIDE_TOGETHER_ROUNDS,
                 most = s->options->rounds ? s->options->rounds : usual;
  unsigned reached = 0, rounds = 0;
  while (rounds < most && !(rounds == FEW_ROUNDS && reached > ENOUGH)) {
    if (tide_stopped(s->options->stop))
      return TIDE_END;
    reached += most_striking(s, true).log_expected <= seen + SLACK;
    rounds++;
  }
  *p = (1.0 + reached) / (1.0 + rounds);
  return TIDE_OK;
}

/* --- who fell there, and when --- */

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

/* The probability that a date falls within a bin of `where`. */
static double chance_at(const tide_together_date *d, size_t where) {
  double value = 0;
  for (size_t at = where ? where - 1 : 0; at <= where + 1; at++)
    value += weight_of(d, at);
  return MASS * value / weights_of(d);
}

/* The date of all members: their probabilities as one. */
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

/* Marks those in the window, and says which bin most of them share. */
static size_t core_mark(const search *s, const best *b, bool *member) {
  const ranking *r = &s->rankings[b->ranking];
  const size_t ranks = r->groups[b->group].ranks;
  size_t low = SIZE_MAX, high = 0, where = 0;
  double most = -1;
  for (size_t i = 0; i < s->date_count; i++) {
    const tide_together_date *d = &s->dates[i];
    member[i] = r->rank[i] < ranks && d->tick >= b->first && d->tick <= b->last;
    if (!member[i])
      continue;
    low = least(low, d->at);
    high = d->at > high ? d->at : high;
  }
  for (size_t bin = low; bin <= high; bin++) {
    double sum = 0;
    for (size_t i = 0; i < s->date_count; i++)
      sum += member[i] ? chance_at(&s->dates[i], bin) : 0;
    if (sum > most + SLACK) {
      most = sum;
      where = bin;
    }
  }
  return where;
}

/* Takes those that changed there out. */
static tide_status members_take(search *s, const best *b, tide_together *t) {
  bool *member = calloc(s->date_count + 1, sizeof *member);
  t->series = malloc((s->date_count + 1) * sizeof *t->series);
  if (!member || !t->series) {
    free(member);
    return TIDE_FATAL;
  }
  const size_t where = core_mark(s, b, member);
  for (size_t i = 0; i < s->date_count; i++) {
    member[i] = !s->taken[i] && (member[i] || chance_at(&s->dates[i], where) >= HALF);
    if (!member[i])
      continue;
    s->taken[i] = true;
    if (!t->count || t->series[t->count - 1] != s->dates[i].series)
      t->series[t->count++] = s->dates[i].series;
  }
  t->first = b->first;
  t->last = b->last;
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
  double p = 0;
  size_t others = 0;
  while (*found < TIDE_TOGETHER_MOST && status == TIDE_OK) {
    tide_together next = {0};
    rankings_make(s);
    const best b = most_striking(s, false);
    if (b.log_expected == INFINITY)
      break;
    status = p_of(s, b.log_expected, &next.p);
    p = fmax(p, next.p);
    next.p = p;
    if (status != TIDE_OK || (p > s->options->level && others++ >= s->options->others))
      break;
    status = members_take(s, &b, &next);
    if (status != TIDE_OK || next.count < 2) {
      free(next.series);
      continue;
    }
    out[(*found)++] = next;
  }
  if (status == TIDE_OK && *found)
    qsort(out, *found, sizeof *out, by_time);
  return status;
}

/* --- memory --- */

static tide_status search_open(search *s) {
  const size_t n = s->date_count + 1, rankings = LENGTHS * DEPTHS;
  const tide_together_options *o = s->options;
  s->ticks = o->bins * o->ticks;
  s->stretches = (o->bins + TIDE_TOGETHER_STRETCH / 2) / TIDE_TOGETHER_STRETCH;
  if (s->stretches == 0)
    s->stretches = 1;
  s->stretch = s->ticks / s->stretches;
  s->taken = calloc(n, sizeof *s->taken);
  s->places = malloc(n * sizeof *s->places);
  s->window = malloc(n * sizeof *s->window);
  s->order = malloc(n * sizeof *s->order);
  s->ranks = malloc(rankings * n * sizeof *s->ranks);
  s->in_stretch = malloc(rankings * CLASSES * s->stretches * sizeof *s->in_stretch);
  s->log_factorial = malloc(n * sizeof *s->log_factorial);
  if (!s->taken || !s->places || !s->window || !s->order || !s->ranks || !s->in_stretch ||
      !s->log_factorial)
    return TIDE_FATAL;
  for (size_t i = 0; i < n; i++)
    s->log_factorial[i] = lgamma((double)i + 1);
  for (size_t r = 0; r < rankings; r++) {
    s->rankings[r].rank = &s->ranks[r * n];
    for (size_t g = 0; g < CLASSES; g++)
      s->rankings[r].groups[g].in_stretch = &s->in_stretch[(r * CLASSES + g) * s->stretches];
  }
  return TIDE_OK;
}

static void search_close(search *s) {
  free(s->taken);
  free(s->places);
  free(s->window);
  free(s->order);
  free(s->ranks);
  free(s->in_stretch);
  free(s->log_factorial);
}

tide_status tide_together_find(const tide_together_date *dates, size_t count,
                               const tide_together_options *options, tide_together **out,
                               size_t *found) {
  search s = {.options = options, .dates = dates, .date_count = count, .seed = 1};
  *out = NULL;
  *found = 0;
  if (!options->bins)
    return TIDE_OK;
  tide_together *all = calloc(TIDE_TOGETHER_MOST, sizeof *all);
  size_t made = 0;
  tide_status status = all && search_open(&s) == TIDE_OK ? search_all(&s, all, &made) : TIDE_FATAL;
  search_close(&s);
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
