/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many addresses a family sent from in each window, and how many there were at least: each
 * day is an occasion to see one. */
#include <stdlib.h>
#include <string.h>

#include "family.h"
#include "base/room.h"
#include "base/sort.h"

/* One address on one day. */
typedef struct sighting {
  uint32_t group, side;
  tide_ip ip;
} sighting;

typedef struct sightings {
  const tide_windows *windows;
  sighting *at;
  size_t count, cap;
  bool failed;
} sightings;

static void sighting_take(void *context, int64_t day, uint32_t group, const tide_ip *origin) {
  sightings *s = context;
  const int side = tide_family_side(s->windows, day);
  if (side == SIDES || s->failed)
    return;
  s->failed = tide_room(&s->at, &s->cap, s->count, sizeof *s->at) != TIDE_OK;
  if (s->failed)
    return;
  s->at[s->count++] = (sighting){group, (uint32_t)side, *origin};
}

static int sighting_compare(const void *x, const void *y, void *context) {
  (void)context;
  const sighting *a = x, *b = y;
  if (a->group != b->group)
    return a->group < b->group ? -1 : 1;
  if (a->side != b->side)
    return a->side < b->side ? -1 : 1;
  const int family = (a->ip.family > b->ip.family) - (a->ip.family < b->ip.family);
  return family ? family : memcmp(a->ip.bytes, b->ip.bytes, sizeof a->ip.bytes);
}

/* Of one group and side: sorted, so that an address comes as often as it was seen. */
static void bots_count(family_row *row, const sighting *at, size_t count, uint64_t days) {
  uint64_t seen = 0, once = 0, twice = 0;
  for (size_t from = 0, to; from < count; from = to) {
    for (to = from; to < count && sighting_compare(&at[from], &at[to], NULL) == 0; to++)
      ;
    seen++;
    once += to - from == 1;
    twice += to - from == 2;
  }
  row->origins[at->side] = seen;
  row->bots[at->side] = tide_richness_least(seen, once, twice, days);
}

/* Those of one group and side are together. rows: by the number of the group. */
static tide_status sightings_count(const sightings *s, family_row *const *rows,
                                   const atomic_bool *stop) {
  const tide_windows *w = s->windows;
  const uint64_t days[SIDES] = {(uint64_t)tide_slots_begun(w->before),
                                (uint64_t)tide_slots_begun(w->after)};
  if (s->failed)
    return TIDE_FATAL;
  TIDE_TRY(tide_sort(s->at, s->count, sizeof *s->at, sighting_compare, NULL, stop));
  for (size_t from = 0, to; from < s->count; from = to) {
    const sighting *first = &s->at[from];
    for (to = from;
         to < s->count && s->at[to].group == first->group && s->at[to].side == first->side; to++)
      ;
    bots_count(rows[first->group], first, to - from, days[first->side]);
  }
  return TIDE_OK;
}

static tide_status bots_of(const families *f, const tide_tally *t, family_row *const *rows) {
  sightings s = {.windows = &f->clipped};
  tide_tally_each_origin(t, sighting_take, &s);
  const tide_status status = sightings_count(&s, rows, f->table->stop);
  free(s.at);
  return status;
}

tide_status tide_family_bots_fill(families *f, const tide_tally *total) {
  family_row **rows = calloc(f->count + 1, sizeof *rows), *all[] = {&f->rows[0]};
  if (!rows)
    return TIDE_FATAL;
  for (size_t i = 0; i < f->count; i++)
    f->rows[i].has_bots = true;
  for (size_t i = 1; i < f->count; i++)
    rows[f->rows[i].group] = &f->rows[i];
  const tide_status status = bots_of(f, f->days, rows);
  free(rows);
  TIDE_TRY(status);
  return bots_of(f, total, all);
}
