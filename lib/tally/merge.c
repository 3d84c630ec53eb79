/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One tally is added to another: its groups and bins are renumbered, and its counts added. */
#include <stdlib.h>

#include "base/invariant.h"
#include "cells.h"

/* Adds all of `from`, its groups and bins mapped where there are maps. */
static tide_status origins_add(tide_tally *into, const tide_tally *from, const uint32_t *cells) {
  uint32_t cell, origin;
  for (size_t at = 0; tide_pairs_next(&from->seen4, &at, &cell, &origin);) {
    if (tide_stopped(into->stop))
      return TIDE_END;
    TIDE_TRY(tide_tally_origin4(into, cells[cell], origin));
  }
  for (size_t at = 0; tide_pairs_next(&from->seen6, &at, &cell, &origin);) {
    const tide_ip ip = tally_ip_of6(from, origin);
    TIDE_TRY(tide_tally_origin(into, cells[cell], &ip));
  }
  return TIDE_OK;
}

/* Adds each cell, and keeps in `cells` where it went. */
static tide_status cells_add(tide_tally *into, const tide_tally *from, const tide_span *group_map,
                             int64_t (*bin_map)(const void *context, int64_t bin),
                             const void *context, uint32_t *cells) {
  uint32_t own = NONE;
  tide_span last = {0};
  for (uint32_t c = 0; c < from->cell_count; c++) {
    const tally_cell *cell = tally_cell_at(from, c);
    if (tide_stopped(into->stop))
      return TIDE_END;
    tide_span bytes = group_map ? group_map[cell->group] : tide_map_key(&from->groups, cell->group);
    /* Most groups become one, the rest, where there are many. */
    if (own == NONE || bytes.ptr != last.ptr || bytes.len != last.len)
      TIDE_TRY(tide_tally_group_of(into, bytes, tide_map_hash(bytes), &own));
    TIDE_TRY(tide_tally_cell_of(into, bin_map ? bin_map(context, cell->bin) : cell->bin, own,
                                &cells[c]));
    last = bytes;
    const tide_count *n = &cell->count;
    tide_count *to = &tally_cell_at(into, cells[c])->count;
    to->messages += n->messages;
    to->bytes += n->bytes;
    to->recipients += n->recipients;
    if (tally_cell_at(into, cells[c])->bin >= TIDE_TALLY_ASIDE)
      tally_group_at(into, own)->messages += n->messages;
    if (cell->has_first)
      TIDE_TRY(tide_tally_origin4(into, cells[c], cell->first));
  }
  return origins_add(into, from, cells);
}

/* For the invariant only: all cells are looked at. */
static uint64_t messages_of(const tide_tally *t) {
  uint64_t messages = 0;
  for (uint32_t c = 0; c < t->cell_count; c++)
    messages += tally_cell_at(t, c)->count.messages;
  return messages;
}

static tide_status add_all(tide_tally *into, const tide_tally *from, const tide_span *group_map,
                           int64_t (*bin_map)(const void *context, int64_t bin),
                           const void *context) {
  const bool empty = into->cell_count == 0;
  uint32_t *cells = malloc((from->cell_count + 1u) * sizeof *cells);
  if (!cells)
    return TIDE_FATAL;
  if (!into->stop)
    into->stop = from->stop;
  tide_status status = TIDE_OK;
  if (empty) /* it will be about as large */
    status = tide_pairs_reserve(&into->seen4, from->cell_count + from->seen4.count);
  if (status == TIDE_OK)
    status = cells_add(into, from, group_map, bin_map, context, cells);
  free(cells);
  TIDE_TRY(status);
  TIDE_INVARIANT(!empty || messages_of(into) == messages_of(from));
  return tide_tally_settle(into);
}

tide_status tide_tally_merge(tide_tally *into, const tide_tally *from, const tide_span *group_map) {
  return add_all(into, from, group_map, NULL, NULL);
}

tide_status tide_tally_remake(const tide_tally *from, const tide_span *group_map,
                              int64_t (*bin)(const void *context, int64_t bin), const void *context,
                              tide_tally **out) {
  tide_tally *made;
  tide_status status = tide_tally_new(&made);
  if (status != TIDE_OK)
    return status;
  /* Cells are in the order in which they were made, so that groups appear in their old order. */
  status = add_all(made, from, group_map, bin, context);
  if (status == TIDE_OK)
    *out = made;
  else
    tide_tally_free(made);
  return status;
}
