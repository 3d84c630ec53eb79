/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pool: how far the levels of groups wander, learned over all groups of an archive together. */
#ifndef LIB_STATS_POOL_H
#define LIB_STATS_POOL_H

#include "stats/reference.h"

/* Ratios of neighbouring windows at which nothing is known to have happened. */
typedef struct tide_pool {
  size_t length; /* of each of their two windows, in days */
  size_t stride; /* days from one date to the next */
  struct tide_pool_pair *pairs;
  size_t count, capacity, groups; /* groups that any of them are of */
} tide_pool;

/* Days that lie one after the other, none of them across an event. */
typedef struct tide_pool_days {
  size_t count;
  const double *value;
  const bool *gap; /* days on which nothing was collected; NULL: none */
} tide_pool_days;

/* Chooses the length: that of the comparison's windows, or a half, a quarter or an eighth of it,
 * the longest that has two dates a length apart in the longer of the stretches, whose days are
 * `stretch`. Of so many groups no more than TIDE_LIMIT_POOL_PAIRS ratios are taken. false: the
 * stretch is too short to learn anything from. */
bool tide_pool_open(tide_pool *, const tide_reference_windows *, size_t stretch, size_t groups);
/* A pair with fewer messages in both windows together tells next to nothing and is not taken, so
 * that groups with fewer need not be added. */
enum { TIDE_POOL_PAIR_LEAST = 8 };
/* Adds what one group did there. TIDE_FATAL when memory is out. */
tide_status tide_pool_add(tide_pool *, const tide_pool_days *);
void tide_pool_free(tide_pool *);

/* The wander of a group of which no history is known: logarithms of ratios are Student's, whose
 * variance without wander is that of independent things; its scale and freedom are those that make
 * what was added the most likely (Lange, Little & Taylor 1989, JASA 84, 881-896). Groups come and
 * go, so that the freedom is low on real mail: 1 to 2. Where the pool's windows are shorter than
 * the comparison's, the variance grows with the length, as a random walk's does. out->dates is 0
 * where there are fewer than TIDE_POOL_LEAST ratios, or TIDE_POOL_GROUPS groups that have any. */
enum { TIDE_POOL_LEAST = 20, TIDE_POOL_GROUPS = 5 };
void tide_pool_reference(const tide_pool *, const tide_reference_windows *, tide_reference *out);

#endif
