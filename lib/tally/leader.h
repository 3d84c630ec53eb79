/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether one address is behind most of what is counted, in memory that does not grow. */
#ifndef LIB_TALLY_LEADER_H
#define LIB_TALLY_LEADER_H

#include "base/ip.h"

enum { TIDE_LEADERS = 16 };

/* Counts of the addresses that are frequent (Misra and Gries 1982): an address is counted at most
 * total / (TIDE_LEADERS + 1) times too few, and never too often. Zero is empty. */
typedef struct tide_leaders {
  tide_ip address[TIDE_LEADERS];
  uint64_t count[TIDE_LEADERS]; /* beyond gone; gone or less: the slot is free */
  uint64_t total;
  uint64_t gone; /* what was taken off all slots */
} tide_leaders;

void tide_leaders_add(tide_leaders *, const tide_ip *, uint64_t count);
/* Adds what another counted; the same again only where it is done in the same order. */
void tide_leaders_merge(tide_leaders *into, const tide_leaders *from);
uint64_t tide_leaders_count(const tide_leaders *, int slot);
/* Which slot holds an address with surely more than half of the total, or -1. */
int tide_leaders_majority(const tide_leaders *);

#endif
