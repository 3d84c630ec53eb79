/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pool: how much the levels of groups vary, learned from all groups of an archive together. */
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

/* Days that are one after the other, none of them across an event. */
typedef struct tide_pool_days {
  size_t count;
  const double *value;
  const bool *gap; /* days on which nothing was collected; NULL: none */
} tide_pool_days;

/* Chooses the length: that of the comparison's windows, or the longest that has two dates a length
 * apart in the longer of the stretches, whose days are `stretch`, but no less than an eighth of it.
 * Of so many groups no more than TIDE_LIMIT_POOL_PAIRS ratios are taken. false: the stretch is too
 * short to learn anything from. */
bool tide_pool_open(tide_pool *, const tide_reference_windows *, size_t stretch, size_t groups);
/* A pair with fewer messages in both windows together tells next to nothing and is not taken. */
enum { TIDE_POOL_PAIR_LEAST = 8 };
/* Adds what one group did in each of its stretches, of which there may be none. TIDE_FATAL when
 * memory is out. */
tide_status tide_pool_add(tide_pool *, const tide_pool_days *stretches, size_t count);
void tide_pool_free(tide_pool *);

enum {
  TIDE_POOL_LEAST = 20, /* ratios, */
  TIDE_POOL_GROUPS = 5  /* and groups that have any: with fewer nothing is learned */
};
#define TIDE_POOL_UNHEARD UINT32_MAX

/* How groups wander. tide_pool_forget when done. */
typedef struct tide_pool_known {
  tide_reference reference; /* of a group of which nothing else is known; dates 0: unknown. Its
                               mixture has the shares of groups that wander so far */
  size_t groups;            /* that were added, */
  uint32_t *of;             /* and of each its place in `likely`, or TIDE_POOL_UNHEARD */
  double (*likely)[TIDE_MIXTURE_KINDS]; /* how likely a group's ratios are at each kind */
  size_t heard;
} tide_pool_known;

/* Some groups keep their level for years, and others come and go by tenfold: each has a normal
 * distribution of its own for the logarithms of its ratios, whose variance is its wander and the
 * noise of independent things. The shares of the wanders are those that make all ratios the most
 * likely, by the EM algorithm on a grid (Laird 1978, JASA 73, 805-811), beside a quarter of a group
 * that may have any. Ratios overlap, and each counts as the part of it that is new: the first of a
 * stretch as a whole. Where the pool's windows are shorter than the comparison's, the variance
 * grows with the length, as a random walk's does. TIDE_FATAL when out of memory. */
tide_status tide_pool_learn(const tide_pool *, const tide_reference_windows *,
                            tide_pool_known *out);
void tide_pool_forget(tide_pool_known *);

/* The groups of an archive, for whoever has their days. */
typedef struct tide_pool_groups {
  uint32_t count;
  size_t stretch; /* days of the longer of a group's two stretches */
  /* A group's days before the event and behind it, lent until the next call; false if it has
   * fewer messages than TIDE_POOL_PAIR_LEAST. */
  bool (*days)(void *context, uint32_t group, tide_pool_days out[2]);
  void *context;
} tide_pool_groups;
/* tide_pool_open, tide_pool_add and tide_pool_learn for all of them. dates 0 if the stretch is
 * too short. */
tide_status tide_pool_learn_groups(const tide_pool_groups *, const tide_reference_windows *,
                                   tide_pool_known *out);

/* What is known of one of these groups: its own ratios, on both sides of the event, say which of
 * the wanders is probable for it (empirical Bayes). In 2 of 100 cases it is taken to turn into any
 * other group all the same, so that the silence of the steadiest is no certainty: on the ham of
 * SpamAssassin and around McColo a family in 150 or so changes so from one window to the next. */
void tide_pool_tell(const tide_pool_known *, uint32_t group, tide_reference *out);

#endif
