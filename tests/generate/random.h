/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chance that is the same on every machine: whole numbers only, no floating point and no libm. */
#ifndef GENERATE_RANDOM_H
#define GENERATE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* xoshiro256** (Blackman and Vigna), seeded through splitmix64. */
typedef struct gen_random {
  uint64_t s[4];
} gen_random;

/* A stream of its own for each (seed, stream), so that one message's bytes do not depend on
 * another's. */
void gen_random_seed(gen_random *, uint64_t seed, uint64_t stream);
uint64_t gen_random_next(gen_random *);
uint32_t gen_random_below(gen_random *, uint32_t bound); /* 0 for a bound of 0 */
uint64_t gen_random_below64(gen_random *, uint64_t bound);
bool gen_random_chance(gen_random *, uint32_t percent);
/* Between low and high, both included. */
uint32_t gen_random_between(gen_random *, uint32_t low, uint32_t high);
/* A standard exponential variate in units of 2^-32. */
uint64_t gen_random_exponential(gen_random *);
uint64_t gen_hash(uint64_t);

/* a * b / 2^32, without overflow in between; the result must fit. */
uint64_t gen_mul_q32(uint64_t a, uint64_t b);

/* The logarithmic (series) distribution. A Poisson stream of batches of this size has negative
 * binomial counts in every window, with variance = overdispersion * mean (Quenouille 1949). */
typedef struct gen_batch {
  uint64_t first; /* P(1) in units of 2^-60 */
  uint64_t p;     /* 1 - 1/overdispersion in units of 2^-32 */
  uint64_t mean;  /* of the batch size, in units of 2^-32 */
} gen_batch;

/* overdispersion in hundredths, 100 (Poisson: batches of one) or more. */
void gen_batch_prepare(gen_batch *, uint32_t overdispersion);
uint32_t gen_batch_draw(const gen_batch *, gen_random *);

#endif
