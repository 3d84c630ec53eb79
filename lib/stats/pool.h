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
  size_t added;                   /* all groups */
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
/* Adds what one group did in each of its stretches. TIDE_FATAL when memory is out. */
tide_status tide_pool_add(tide_pool *, const tide_pool_days *stretches, size_t count);
void tide_pool_free(tide_pool *);

enum {
  TIDE_POOL_LEAST = 20, /* ratios, */
  TIDE_POOL_GROUPS = 5, /* and groups that have any: with fewer nothing is learned */
  TIDE_POOL_LEVELS = 18 /* standard deviations from 0.02 to 6.1 that groups may wander by */
};

/* How groups wander. */
typedef struct tide_pool_known {
  tide_reference reference;        /* of a group of which nothing else is known; dates 0: unknown */
  double weight[TIDE_POOL_LEVELS]; /* the share of groups that wander so far */
  size_t length, stride;           /* of the pool, in days */
  double growth; /* of the variance, from the pool's windows to the comparison's */
} tide_pool_known;

/* Some groups keep their level for years, and others come and go by tenfold: each has a normal
 * distribution of its own for the logarithms of its ratios, whose variance is its wander and the
 * noise of independent things. The shares of the wanders are those that make all ratios the most
 * likely, by the EM algorithm on a grid (Laird 1978, JASA 73, 805-811), beside a quarter of a group
 * that may have any. Ratios overlap, and each counts as the part of it that is new. Where the
 * pool's windows are shorter than the comparison's, the variance grows with the length, as a random
 * walk's does. The reference is Student's distribution with the bounds of 95 and of 99.8 percent
 * that this mixture has, as near as can be. TIDE_FATAL when memory is out. */
tide_status tide_pool_learn(const tide_pool *, const tide_reference_windows *,
                            tide_pool_known *out);

/* The groups of an archive, for whoever has their days. */
typedef struct tide_pool_groups {
  uint32_t count;
  size_t stretch; /* days of the longer of a group's two stretches */
  /* A group's days before the event and behind it, lent until the next call; false where it has
   * fewer messages than TIDE_POOL_PAIR_LEAST. */
  bool (*days)(void *context, uint32_t group, tide_pool_days out[2]);
  void *context;
} tide_pool_groups;
/* tide_pool_open, tide_pool_add and tide_pool_learn for all of them. Leaves *out where the stretch
 * is too short. */
tide_status tide_pool_learn_groups(const tide_pool_groups *, const tide_reference_windows *,
                                   tide_pool_known *out);

/* What tide_pool_learn says, of a group whose days before the event are known: its own ratios say
 * which of these wanders is probable for it (empirical Bayes). In 2 of 100 cases it is taken to
 * turn into any other group all the same, so that the silence of the steadiest is no certainty: on
 * the ham of SpamAssassin and around McColo a family in 150 or so changes so from one window to the
 * next. */
void tide_pool_update(const tide_pool_known *, const tide_pool_days *past, tide_reference *out);

#endif
