/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which fingerprints belong together. Those of a program that shuffles its fields are one from the
 * start. Addresses are sorted, so that those with several fingerprints show, and only pairs of
 * fingerprints that share one are looked at. */
#include "families/families.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/room.h"
#include "base/sort.h"
#include "shuffled.h"
#include "stats/overlap.h"

static const double LEVEL = 0.01;

/* Two fingerprints, the lower number first, and how many addresses they share. */
typedef struct pair {
  uint32_t a, b, common;
} pair;

typedef struct joining {
  const tide_senders *senders;
  const atomic_bool *stop;
  uint32_t count;   /* of fingerprints */
  uint32_t unknown; /* the one that stands for none */
  tide_sender_address *addresses;
  size_t address_count;
  uint32_t *has; /* by fingerprint: addresses that count */
  uint64_t universe;
  tide_pair_map numbers; /* (a, b) to an index into pairs */
  pair *pairs;
  size_t pair_count, pair_cap;
  uint32_t *parent; /* at first that of tide_shuffled_find: what follows is of roots alone */
} joining;

static int address_compare(const void *x, const void *y, void *context) {
  (void)context;
  const tide_sender_address *a = x, *b = y;
  if (a->high != b->high)
    return a->high < b->high ? -1 : 1;
  if (a->low != b->low)
    return a->low < b->low ? -1 : 1;
  return (a->number > b->number) - (a->number < b->number);
}

static bool same_address(const tide_sender_address *a, const tide_sender_address *b) {
  return a->high == b->high && a->low == b->low;
}

static tide_status pair_add(joining *j, uint32_t a, uint32_t b) {
  uint32_t number = tide_pair_map_find(&j->numbers, a, b);
  if (number != TIDE_MAP_NONE) {
    j->pairs[number].common++;
    return TIDE_OK;
  }
  if (tide_room(&j->pairs, &j->pair_cap, j->pair_count, sizeof *j->pairs) != TIDE_OK)
    return TIDE_FATAL;
  j->pairs[j->pair_count] = (pair){a, b, 1};
  return tide_pair_map_put(&j->numbers, a, b, (uint32_t)j->pair_count++);
}

/* One address with the fingerprints addresses[from..to), by their numbers. */
static tide_status address_take(joining *j, size_t from, size_t to) {
  const tide_sender_address *a = j->addresses;
  if (to - from > TIDE_FAMILY_MIXED)
    return TIDE_OK;
  for (size_t i = from; i < to; i++) {
    j->has[a[i].number]++;
    for (size_t k = from; k < i; k++)
      TIDE_TRY(pair_add(j, a[k].number, a[i].number));
  }
  return TIDE_OK;
}

/* Sorts the addresses, each with the root of its fingerprint, so that none comes twice. */
static tide_status addresses_sort(joining *j) {
  tide_sender_address *a = j->addresses;
  size_t count = 0;
  for (size_t i = 0; i < j->address_count; i++)
    a[i].number = j->parent[a[i].number];
  TIDE_TRY(tide_sort(a, j->address_count, sizeof *a, address_compare, NULL, j->stop));
  for (size_t i = 0; i < j->address_count; i++) {
    if (count && address_compare(&a[count - 1], &a[i], NULL) == 0)
      a[count - 1].messages += a[i].messages;
    else
      a[count++] = a[i];
  }
  j->address_count = count;
  return TIDE_OK;
}

static tide_status addresses_take(joining *j) {
  uint64_t seen = 0, once = 0, twice = 0;
  TIDE_TRY(addresses_sort(j));
  for (size_t from = 0, to; from < j->address_count; from = to) {
    uint64_t messages = 0;
    for (to = from; to < j->address_count && same_address(&j->addresses[from], &j->addresses[to]);
         to++)
      messages += j->addresses[to].messages;
    seen++;
    once += messages == 1;
    twice += messages == 2;
    if (tide_stopped(j->stop))
      return TIDE_END;
    TIDE_TRY(address_take(j, from, to));
  }
  /* Occasions are messages: many, and no number of them matters. */
  j->universe = (uint64_t)tide_richness_least(seen, once, twice, UINT32_MAX).least;
  return TIDE_OK;
}

/* Can it be joined at all? */
static bool is_able(const joining *j, uint32_t number) {
  return number != j->unknown && j->has[number] >= TIDE_FAMILY_HALVES;
}

/* Addresses are not alike: a few hand over the mail of several programs, most that of one. Two
 * draws of a program and its address meet at one address as often as if there were so many of one
 * kind (Simpson 1949, without bias). */
static double addresses_alike(const joining *j) {
  double draws = 0, meetings = 0;
  for (size_t from = 0, to; from < j->address_count; from = to) {
    double able = 0;
    for (to = from; to < j->address_count && same_address(&j->addresses[from], &j->addresses[to]);
         to++)
      able += is_able(j, j->addresses[to].number);
    if (to - from > TIDE_FAMILY_MIXED)
      continue;
    draws += able;
    meetings += able * (able - 1);
  }
  return meetings > 0 ? draws * (draws - 1) / meetings : INFINITY;
}

static uint32_t root_of(joining *j, uint32_t i) {
  while (j->parent[i] != i)
    i = j->parent[i] = j->parent[j->parent[i]];
  return i;
}

static bool is_much(const pair *p, uint64_t fewer, uint64_t more) {
  return (p->common >= TIDE_FAMILY_COMMON && p->common * 100ull >= fewer * TIDE_FAMILY_PERCENT) ||
         (p->common >= TIDE_FAMILY_HALVES && p->common * 2ull >= more);
}

static bool belong_together(const joining *j, const pair *p, double tests) {
  const uint32_t a = j->has[p->a], b = j->has[p->b], fewer = a < b ? a : b, more = a < b ? b : a;
  return is_much(p, fewer, more) && tide_overlap_p(j->universe, a, b, p->common) * tests <= LEVEL;
}

static tide_status pairs_join(joining *j, tide_families *out) {
  uint64_t able = 0;
  for (uint32_t i = 0; i < j->count; i++)
    able += is_able(j, i);
  out->compared = able ? able * (able - 1) / 2 : 0;
  for (size_t i = 0; i < j->pair_count; i++) {
    const pair *p = &j->pairs[i];
    if (tide_stopped(j->stop))
      return TIDE_END;
    if (p->a == j->unknown || p->b == j->unknown || !belong_together(j, p, (double)out->compared))
      continue;
    out->joined++;
    j->parent[root_of(j, p->a)] = root_of(j, p->b);
  }
  return TIDE_OK;
}

/* --- families from what was joined --- */

static int family_compare(const void *x, const void *y, void *context) {
  (void)context;
  const tide_family *a = x, *b = y;
  return tide_span_compare(a->name, b->name);
}

/* What is asked of each before the largest are made: of most that are none. */
typedef struct outline {
  uint64_t messages;
  uint32_t root, largest;
} outline;

/* What has no fingerprint first, then the largest. context: the joining. */
static int outline_compare(const void *x, const void *y, void *context) {
  const joining *j = context;
  const outline *a = x, *b = y;
  const tide_span of_a = tide_senders_fingerprint(j->senders, a->largest),
                  of_b = tide_senders_fingerprint(j->senders, b->largest);
  if (!of_a.len != !of_b.len)
    return of_a.len ? 1 : -1;
  if (a->messages != b->messages)
    return a->messages > b->messages ? -1 : 1;
  return tide_span_compare(of_a, of_b);
}

static void outline_take(const joining *j, outline *o, uint32_t number) {
  const uint64_t messages = tide_senders_get(j->senders, number)->messages,
                 most = tide_senders_get(j->senders, o->largest)->messages;
  o->messages += messages;
  if (messages > most ||
      (messages == most && tide_span_compare(tide_senders_fingerprint(j->senders, number),
                                             tide_senders_fingerprint(j->senders, o->largest)) < 0))
    o->largest = number;
}

/* place: by fingerprint that is the root of a family, its index. Returns how many there are. */
static uint32_t outlines_make(joining *j, uint32_t *place, outline *all) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < j->count; i++)
    if (root_of(j, i) == i) {
      all[count] = (outline){.root = i, .largest = i};
      place[i] = count++;
    }
  for (uint32_t i = 0; i < j->count; i++)
    outline_take(j, &all[place[root_of(j, i)]], i);
  return count;
}

/* Makes those of the first `kept` outlines, and one of all others. */
static tide_status families_open(const joining *j, const outline *all, uint32_t kept,
                                 tide_families *out) {
  out->count = kept + (out->bounds.others > 0);
  out->at = calloc(out->count + 1u, sizeof *out->at);
  if (!out->at)
    return TIDE_FATAL;
  for (uint32_t i = 0; i < kept; i++)
    out->at[i] = (tide_family){.name = tide_senders_fingerprint(j->senders, all[i].largest),
                               .largest = all[i].largest};
  if (out->bounds.others)
    out->at[kept] = (tide_family){.name = SPAN("(other)"), .largest = TIDE_EXAMPLE_NONE};
  return tide_sort(out->at, out->count, sizeof *out->at, family_compare, NULL, j->stop);
}

static void families_fill(joining *j, uint32_t *place, tide_families *out) {
  uint32_t other = 0;
  while (out->bounds.others && out->at[other].largest != TIDE_EXAMPLE_NONE)
    other++;
  for (uint32_t i = 0; i < j->count; i++)
    place[i] = other;
  for (uint32_t f = 0; f < out->count; f++)
    if (out->at[f].largest != TIDE_EXAMPLE_NONE)
      place[root_of(j, out->at[f].largest)] = f;
  for (uint32_t i = 0; i < j->count; i++) {
    tide_family *f = &out->at[out->of[i] = place[root_of(j, i)]];
    f->fingerprints++;
    tide_sender_add(&f->all, tide_senders_get(j->senders, i));
  }
}

static tide_status families_choose(joining *j, uint32_t *place, outline *all, tide_families *out) {
  const uint32_t count = outlines_make(j, place, all);
  uint32_t kept = count;
  if (count > TIDE_LIMIT_FAMILIES) {
    TIDE_TRY(tide_sort(all, count, sizeof *all, outline_compare, j, j->stop));
    kept = TIDE_LIMIT_FAMILIES;
    out->bounds.others = count - kept;
  }
  TIDE_TRY(families_open(j, all, kept, out));
  families_fill(j, place, out);
  return TIDE_OK;
}

static tide_status families_make(joining *j, tide_families *out) {
  uint32_t *place = malloc((j->count + 1u) * sizeof *place);
  outline *all = malloc((j->count + 1u) * sizeof *all);
  const tide_status status = place && all ? families_choose(j, place, all, out) : TIDE_FATAL;
  free(all);
  free(place);
  return status;
}

static tide_status families_join(joining *j, tide_families *out) {
  TIDE_TRY(tide_shuffled_find(j->senders, j->stop, j->parent, &out->shuffled));
  TIDE_TRY(
      tide_senders_addresses(j->senders, &j->addresses, &j->address_count, &out->bounds.halvings));
  TIDE_TRY(addresses_take(j));
  const double alike = addresses_alike(j);
  if (alike < (double)j->universe)
    j->universe = (uint64_t)alike;
  TIDE_TRY(pairs_join(j, out));
  return families_make(j, out);
}

tide_status tide_families_find(const tide_senders *senders, const atomic_bool *stop,
                               tide_families *out) {
  joining j = {.senders = senders,
               .stop = stop,
               .count = tide_senders_count(senders),
               .unknown = tide_senders_find(senders, SPAN(""))};
  *out = (tide_families){0};
  j.has = calloc(j.count + 1u, sizeof *j.has);
  j.parent = malloc((j.count + 1u) * sizeof *j.parent);
  out->of = calloc(j.count + 1u, sizeof *out->of);
  const bool room = j.has && j.parent && out->of;
  const tide_status status = room ? families_join(&j, out) : TIDE_FATAL;
  tide_pair_map_free(&j.numbers);
  free(j.pairs);
  free(j.addresses);
  free(j.has);
  free(j.parent);
  if (status != TIDE_OK)
    tide_families_free(out);
  return status;
}

void tide_families_free(tide_families *f) {
  free(f->at);
  free(f->of);
  *f = (tide_families){0};
}
