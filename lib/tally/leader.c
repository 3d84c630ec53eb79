/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/leader.h"

static void leaders_put(tide_leaders *l, const tide_ip *address, uint64_t count) {
  size_t unused = TIDE_LEADERS, least = 0;
  for (size_t i = 0; i < TIDE_LEADERS; i++) {
    if (!l->count[i])
      unused = i;
    else if (tide_ip_equal(&l->address[i], address)) {
      l->count[i] += count;
      return;
    }
    if (l->count[i] < l->count[least])
      least = i;
  }
  if (unused == TIDE_LEADERS) {
    /* All slots are taken: one of each goes with one of this. */
    const uint64_t out = l->count[least] < count ? l->count[least] : count;
    for (size_t i = 0; i < TIDE_LEADERS; i++)
      l->count[i] -= out;
    count -= out;
    unused = least;
  }
  if (count) {
    l->address[unused] = *address;
    l->count[unused] = count;
  }
}

void tide_leaders_add(tide_leaders *l, const tide_ip *address, uint64_t count) {
  l->total += count;
  leaders_put(l, address, count);
}

void tide_leaders_merge(tide_leaders *into, const tide_leaders *from) {
  into->total += from->total;
  for (size_t i = 0; i < TIDE_LEADERS; i++)
    if (from->count[i])
      leaders_put(into, &from->address[i], from->count[i]);
}

int tide_leaders_majority(const tide_leaders *l) {
  for (int i = 0; i < TIDE_LEADERS; i++)
    if (l->count[i] > l->total / 2)
      return i;
  return -1;
}
