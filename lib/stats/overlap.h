/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overlap of two samples, agreement within one, and how many there are besides those seen. Numbers
 * in, numbers out. */
#ifndef LIB_STATS_OVERLAP_H
#define LIB_STATS_OVERLAP_H

#include <stdint.h>

/* The probability that samples of a and of b things, each drawn from the same `all` without regard
 * to the other, have `common` or more in common: the upper tail of the hypergeometric distribution,
 * as R's phyper(common - 1, a, all - a, b, lower.tail = FALSE). 1 where common is 0; a and b are at
 * most all, which is taken as 2^31 - 1 where it is more. */
double tide_overlap_p(uint64_t all, uint64_t a, uint64_t b, uint64_t common);

/* The probability that of all pairs of `draws` draws from `kinds` kinds (at least 1), equally
 * frequent, `pairs` or fewer are of one kind: the lower tail of the Poisson distribution with mean
 * draws (draws - 1) / (2 kinds), as R's ppois(pairs, mean). 1 if there is no pair. Of kinds that
 * are not equally frequent more pairs agree. */
double tide_agreement_p(uint64_t draws, uint64_t pairs, double kinds);

/* How many there are, at least. */
typedef struct tide_richness {
  double least, low, high; /* the lower bound, and its interval of 95 percent */
} tide_richness;

/* Chao's lower bound (1987, Biometrics 43, 783-791) of how many there are where `seen` were seen on
 * `occasions` occasions (at least 1), `once` of them on one alone and `twice` on two: seen +
 * A once (once - 1) / (2 (twice + 1)) with A = (occasions - 1) / occasions, the form corrected for
 * bias, which is defined where none was seen twice (Chao 2005, Encyclopedia of Statistical Sciences
 * 12, 7907-7916). The interval presumes that the number not seen is log-normal (Chao 1987), so that
 * it begins at those seen. It holds whatever the probabilities of being seen are, as long as the
 * things are the same on all occasions. */
tide_richness tide_richness_least(uint64_t seen, uint64_t once, uint64_t twice, uint64_t occasions);

#endif
