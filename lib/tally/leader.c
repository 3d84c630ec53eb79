/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Misra and Gries (1982): a few counters find whoever has more than a fixed share, and are merged
 * by adding and taking away. */
#include "tally/leader.h"

static void leaders_put(tide_leaders *l, const tide_ip *address, uint64_t count) {
  int unused = -1;
  for (int i = 0; i < TIDE_LEADERS; i++) {
    if (l->count[i] <= l->gone)
      unused = i;
    else if (memcmp(l->address[i].bytes, address->bytes, 4) == 0 &&
             tide_ip_equal(&l->address[i], address)) {
      l->count[i] += count;
      return;
    }
  }
  if (unused < 0) {
    /* All slots are taken: one of each goes with one of this. */
    uint64_t least = l->count[0];
    for (int i = 1; i < TIDE_LEADERS; i++)
      least = l->count[i] < least ? l->count[i] : least;
    const uint64_t out = least - l->gone < count ? least - l->gone : count;
    l->gone += out;
    count -= out;
    for (int i = 0; i < TIDE_LEADERS && count; i++)
      unused = l->count[i] <= l->gone ? i : unused;
  }
  if (count) {
    l->address[unused] = *address;
    l->count[unused] = l->gone + count;
  }
}

uint64_t tide_leaders_count(const tide_leaders *l, int slot) {
  return l->count[slot] > l->gone ? l->count[slot] - l->gone : 0;
}

void tide_leaders_add(tide_leaders *l, const tide_ip *address, uint64_t count) {
  l->total += count;
  leaders_put(l, address, count);
}

void tide_leaders_merge(tide_leaders *into, const tide_leaders *from) {
  into->total += from->total;
  for (int i = 0; i < TIDE_LEADERS; i++)
    if (tide_leaders_count(from, i))
      leaders_put(into, &from->address[i], tide_leaders_count(from, i));
}

int tide_leaders_majority(const tide_leaders *l) {
  for (int i = 0; i < TIDE_LEADERS; i++)
    if (tide_leaders_count(l, i) > l->total / 2)
      return i;
  return -1;
}
