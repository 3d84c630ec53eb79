/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way into a tally: what has to be looked at is fetched from memory some messages before it is
 * needed. What has waited longest makes room. */
#include "cells.h"

tide_status tide_tally_add(tide_tally *t, int64_t bin, tide_span group_bytes,
                           const tide_record *r) {
  if (t->has_recent && t->recent_bin == bin &&
      tide_span_equal(tide_map_key(&t->groups, t->recent_group), group_bytes))
    return tide_tally_count_in(t, t->recent_cell, t->recent_group, r->bytes, r->recipients,
                               &r->origin);
  uint32_t hash = tide_map_hash(group_bytes), cell, group;
  if (group_bytes.len > WAITING_GROUP) {
    if (tide_tally_group_of(t, group_bytes, hash, &group) != TIDE_OK ||
        tide_tally_cell_of(t, bin, group, &cell) != TIDE_OK)
      return TIDE_FATAL;
    return tide_tally_count_in(t, cell, group, r->bytes, r->recipients, &r->origin);
  }
  unsigned at = t->ahead.add_count;
  if (at == WAITING) {
    at = t->ahead.add_at++ % WAITING;
    if (tide_tally_add_now(t, &t->ahead.adds[at]) != TIDE_OK)
      return TIDE_FATAL;
    tally_add *half = &t->ahead.adds[(at + WAITING / 2) % WAITING],
              *near = &t->ahead.adds[(at + WAITING / 4) % WAITING];
    half->likely = tide_map_prefetch_key(&t->groups, half->hash);
    if (half->likely != NONE)
      __builtin_prefetch(tally_group_at(t, half->likely), 1);
    const uint32_t recent = near->likely == NONE ? NONE : tally_group_at(t, near->likely)->recent;
    if (recent != NONE)
      __builtin_prefetch(tally_cell_at(t, recent), 1);
  } else {
    t->ahead.add_count++;
  }
  tide_map_prefetch(&t->groups, hash);
  t->ahead.adds[at] = (tally_add){.bin = bin,
                                  .bytes = r->bytes,
                                  .recipients = r->recipients,
                                  .hash = hash,
                                  .len = (uint32_t)group_bytes.len,
                                  .likely = NONE,
                                  .origin = r->origin};
  if (group_bytes.len)
    memcpy(t->ahead.adds[at].group, group_bytes.ptr, group_bytes.len);
  return TIDE_OK;
}

tide_status tide_tally_settle(tide_tally *t) {
  for (unsigned i = 0; i < t->ahead.add_count; i++)
    TIDE_TRY(tide_tally_add_now(t, &t->ahead.adds[i]));
  t->ahead.add_count = 0;
  for (unsigned i = 0; i < t->ahead.waiting_count; i++)
    TIDE_TRY(tide_tally_seen4(t, t->ahead.waiting[i].cell, t->ahead.waiting[i].address));
  t->ahead.waiting_count = 0;
  return TIDE_OK;
}
