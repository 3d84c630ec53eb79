/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells are numbered by group and bin in one map; distinct values are pairs of cell and value in
 * sets. Merging renumbers the other's groups and adds. */
#include "tally/tally.h"

#include <stdlib.h>

#include "base/invariant.h"
#include "cells.h"

enum { LISTED = 8 };

tide_status tide_tally_new(tide_tally **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_tally_free(tide_tally *t) {
  if (!t)
    return;
  tide_map_free(&t->groups);
  tide_map_free(&t->bins);
  tide_pair_map_free(&t->cells);
  tide_map_free(&t->origins6);
  tide_pairs_free(&t->seen4);
  tide_pairs_free(&t->seen6);
  tide_pages_free(&t->cell, sizeof(tally_cell));
  tide_pages_free(&t->group, sizeof(tally_group));
  free(t);
}

void tide_tally_stop_by(tide_tally *t, const atomic_bool *stop) {
  t->stop = stop;
}
const atomic_bool *tide_tally_stop(const tide_tally *t) {
  return t->stop;
}

static tide_span bin_span(const int64_t *bin) {
  return tide_span_make((const char *)bin, sizeof *bin);
}
static tide_span ip_span(const tide_ip *ip) {
  return tide_span_make((const char *)ip, sizeof *ip);
}

static tide_ip ip_of4(uint32_t address) {
  tide_ip ip = {.family = 4};
  memcpy(ip.bytes, &address, sizeof address);
  return ip;
}
static uint32_t cell_find(const tide_tally *t, int64_t bin, uint32_t g) {
  const tally_group *group = tally_group_at(t, g);
  if (group->cells == 0 || bin > group->last)
    return NONE;
  if (group->cells <= LISTED) {
    uint32_t c = group->recent;
    while (c != NONE && tally_cell_at(t, c)->bin != bin)
      c = tally_cell_at(t, c)->next;
    return c;
  }
  if (tally_cell_at(t, group->recent)->bin == bin)
    return group->recent;
  uint32_t b = tide_map_find(&t->bins, bin_span(&bin));
  return b == TIDE_MAP_NONE ? NONE : tide_pair_map_find(&t->cells, b, g);
}

static tide_status cell_register(tide_tally *t, uint32_t c) {
  uint32_t b = tide_map_add(&t->bins, bin_span(&tally_cell_at(t, c)->bin));
  return b == TIDE_MAP_NONE ? TIDE_FATAL
                            : tide_pair_map_put(&t->cells, b, tally_cell_at(t, c)->group, c);
}

static tide_status cell_new(tide_tally *t, int64_t bin, uint32_t g) {
  if (tide_pages_make(&t->cell, t->cell_count, sizeof(tally_cell)) != TIDE_OK)
    return TIDE_FATAL;
  tally_group *group = tally_group_at(t, g);
  const uint32_t c = t->cell_count;
  *tally_cell_at(t, c) = (tally_cell){.bin = bin, .group = g, .next = group->recent};
  if (group->cells == LISTED)
    for (uint32_t i = group->recent; i != NONE; i = tally_cell_at(t, i)->next)
      if (cell_register(t, i) != TIDE_OK)
        return TIDE_FATAL;
  if (group->cells >= LISTED && cell_register(t, c) != TIDE_OK)
    return TIDE_FATAL;
  if (group->cells == 0 || bin > group->last)
    group->last = bin;
  group->recent = c;
  group->cells++;
  t->cell_count++;
  if (!t->any || bin < t->first)
    t->first = bin;
  if (!t->any || bin > t->last)
    t->last = bin;
  t->any = true;
  return TIDE_OK;
}

tide_status tide_tally_group_of(tide_tally *t, tide_span bytes, uint32_t hash, uint32_t *group) {
  uint32_t g = tide_map_add_hashed(&t->groups, bytes, hash);
  if (g == TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (g == t->group_count) {
    if (tide_pages_make(&t->group, g, sizeof(tally_group)) != TIDE_OK)
      return TIDE_FATAL;
    tally_group_at(t, g)->recent = NONE;
    t->group_count++;
  }
  *group = g;
  return TIDE_OK;
}

tide_status tide_tally_cell_of(tide_tally *t, int64_t bin, uint32_t group, uint32_t *cell) {
  *cell = cell_find(t, bin, group);
  if (*cell != NONE)
    return TIDE_OK;
  *cell = t->cell_count;
  return cell_new(t, bin, group);
}

tide_status tide_tally_seen4(tide_tally *t, uint32_t cell, uint32_t address) {
  bool added;
  if (tide_pairs_add(&t->seen4, cell, address, &added) != TIDE_OK)
    return TIDE_FATAL;
  tally_cell_at(t, cell)->count.origins += added;
  return TIDE_OK;
}

tide_status tide_tally_origin4(tide_tally *t, uint32_t c, uint32_t address) {
  tally_cell *cell = tally_cell_at(t, c);
  if (!cell->has_first) {
    cell->has_first = true;
    cell->first = address;
    cell->count.origins++;
    return TIDE_OK;
  }
  if (cell->first == address)
    return TIDE_OK;
  tide_pairs_prefetch(&t->seen4, c, address);
  unsigned at = t->ahead.waiting_count;
  if (at == WAITING) { /* the one that has waited longest makes room */
    at = t->ahead.waiting_at++ % WAITING;
    if (tide_tally_seen4(t, t->ahead.waiting[at].cell, t->ahead.waiting[at].address) != TIDE_OK)
      return TIDE_FATAL;
  } else {
    t->ahead.waiting_count++;
  }
  t->ahead.waiting[at].cell = c;
  t->ahead.waiting[at].address = address;
  return TIDE_OK;
}

tide_status tide_tally_origin(tide_tally *t, uint32_t cell, const tide_ip *ip) {
  if (ip->family == 4) {
    uint32_t address;
    memcpy(&address, ip->bytes, sizeof address);
    return tide_tally_origin4(t, cell, address);
  }
  bool added;
  uint32_t origin = tide_map_add(&t->origins6, ip_span(ip));
  if (origin == TIDE_MAP_NONE || tide_pairs_add(&t->seen6, cell, origin, &added) != TIDE_OK)
    return TIDE_FATAL;
  tally_cell_at(t, cell)->count.origins += added;
  return TIDE_OK;
}

tide_status tide_tally_count_in(tide_tally *t, uint32_t cell, uint32_t group, uint64_t bytes,
                                uint32_t recipients, const tide_ip *origin) {
  tide_count *n = &tally_cell_at(t, cell)->count;
  n->messages++;
  n->bytes += bytes;
  n->recipients += recipients;
  tally_group_at(t, group)->messages += tally_cell_at(t, cell)->bin >= TIDE_TALLY_ASIDE;
  return origin->family ? tide_tally_origin(t, cell, origin) : TIDE_OK;
}

tide_status tide_tally_add_now(tide_tally *t, const tally_add *a) {
  uint32_t cell, group;
  if (tide_tally_group_of(t, tide_span_make(a->group, a->len), a->hash, &group) != TIDE_OK ||
      tide_tally_cell_of(t, a->bin, group, &cell) != TIDE_OK)
    return TIDE_FATAL;
  t->has_recent = true;
  t->recent_bin = a->bin;
  t->recent_cell = cell;
  t->recent_group = group;
  return tide_tally_count_in(t, cell, group, a->bytes, a->recipients, &a->origin);
}

uint32_t tide_tally_group_count(const tide_tally *t) {
  return t->groups.count;
}
tide_span tide_tally_group(const tide_tally *t, uint32_t group) {
  return tide_map_key(&t->groups, group);
}
uint64_t tide_tally_group_messages(const tide_tally *t, uint32_t group) {
  return tally_group_at(t, group)->messages;
}

tide_count tide_tally_count(const tide_tally *t, int64_t bin, uint32_t group) {
  uint32_t cell = cell_find(t, bin, group);
  return cell == NONE ? (tide_count){0} : tally_cell_at(t, cell)->count;
}

uint32_t tide_tally_cell_count(const tide_tally *t) {
  return t->cell_count;
}
tide_count tide_tally_cell(const tide_tally *t, uint32_t cell, int64_t *bin, uint32_t *group) {
  const tally_cell *c = tally_cell_at(t, cell);
  *bin = c->bin;
  *group = c->group;
  return c->count;
}

void tide_tally_each(const tide_tally *t, uint32_t group,
                     void (*take)(void *context, int64_t bin, const tide_count *), void *context) {
  for (uint32_t c = tally_group_at(t, group)->recent; c != NONE; c = tally_cell_at(t, c)->next)
    take(context, tally_cell_at(t, c)->bin, &tally_cell_at(t, c)->count);
}

void tide_tally_each_origin(const tide_tally *t,
                            void (*take)(void *context, int64_t bin, uint32_t group,
                                         const tide_ip *origin),
                            void *context) {
  for (uint32_t i = 0; i < t->cell_count; i++) {
    const tally_cell *cell = tally_cell_at(t, i);
    const tide_ip ip = ip_of4(cell->first);
    if (cell->has_first)
      take(context, cell->bin, cell->group, &ip);
  }
  uint32_t c, origin;
  for (size_t at = 0; tide_pairs_next(&t->seen4, &at, &c, &origin);) {
    const tide_ip ip = ip_of4(origin);
    take(context, tally_cell_at(t, c)->bin, tally_cell_at(t, c)->group, &ip);
  }
  for (size_t at = 0; tide_pairs_next(&t->seen6, &at, &c, &origin);) {
    const tide_ip ip = tally_ip_of6(t, origin);
    take(context, tally_cell_at(t, c)->bin, tally_cell_at(t, c)->group, &ip);
  }
}

bool tide_tally_range(const tide_tally *t, int64_t *first, int64_t *last) {
  *first = t->first;
  *last = t->last;
  return t->any;
}

tide_status tide_group_put(tide_buffer *group, tide_span value) {
  uint32_t len = value.len > UINT32_MAX ? UINT32_MAX : (uint32_t)value.len;
  TIDE_TRY(tide_buffer_put(group, tide_span_make((const char *)&len, sizeof len)));
  return tide_buffer_put(group, tide_span_slice(value, 0, len));
}

bool tide_group_take(tide_span *group, tide_span *value) {
  uint32_t len;
  if (group->len < sizeof len)
    return false;
  memcpy(&len, group->ptr, sizeof len);
  *value = tide_span_slice(*group, sizeof len, sizeof len + (size_t)len);
  *group = tide_span_slice(*group, sizeof len + (size_t)len, group->len);
  return true;
}
