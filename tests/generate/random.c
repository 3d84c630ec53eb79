/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random.h"

static uint64_t rotate(uint64_t x, int k) {
  return (x << k) | (x >> (64 - k));
}

static uint64_t splitmix(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

uint64_t gen_hash(uint64_t x) {
  return splitmix(&x);
}

void gen_random_seed(gen_random *r, uint64_t seed, uint64_t stream) {
  uint64_t state = gen_hash(seed) ^ gen_hash(~gen_hash(stream));
  for (int i = 0; i < 4; i++)
    r->s[i] = splitmix(&state);
}

uint64_t gen_random_next(gen_random *r) {
  uint64_t *s = r->s;
  const uint64_t result = rotate(s[1] * 5, 7) * 9;
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

uint64_t gen_random_below64(gen_random *r, uint64_t bound) {
  if (bound < 2)
    return 0;
  uint64_t reject = (UINT64_MAX - bound + 1) %
                    bound; /* 2^64 mod bound: the part that would favour small results */
  uint64_t x;
  do
    x = gen_random_next(r);
  while (x < reject);
  return x % bound;
}

uint32_t gen_random_below(gen_random *r, uint32_t bound) {
  if (bound < 2)
    return 0;
  uint32_t reject = (UINT32_MAX - bound + 1) % bound;
  for (;;) { /* Lemire's multiply and reject */
    uint64_t product = (gen_random_next(r) >> 32) * bound;
    if ((uint32_t)product >= reject)
      return (uint32_t)(product >> 32);
  }
}

bool gen_random_chance(gen_random *r, uint32_t percent) {
  return gen_random_below(r, 100) < percent;
}

uint32_t gen_random_between(gen_random *r, uint32_t low, uint32_t high) {
  return low + gen_random_below(r, high - low + 1);
}

/* Von Neumann's comparison method (1951): exact, from comparisons alone. A run u1 >= u2 >= … of odd
 * length accepts u1 as the fraction with probability exp(-u1); each refusal adds one. */
uint64_t gen_random_exponential(gen_random *r) {
  for (uint64_t whole = 0;; whole++) {
    uint64_t first = gen_random_next(r), last = first;
    unsigned length = 1;
    for (;; length++) {
      uint64_t u = gen_random_next(r);
      if (u > last)
        break;
      last = u;
    }
    if (length & 1)
      return (whole << 32) | (first >> 32);
  }
}

uint64_t gen_mul_q32(uint64_t a, uint64_t b) {
  uint64_t ah = a >> 32, al = (uint32_t)a, bh = b >> 32, bl = (uint32_t)b;
  return ((ah * bh) << 32) + ah * bl + al * bh + ((al * bl) >> 32);
}

/* The natural logarithm of value/100 in units of 2^-32: binary digits of log2 by repeated squaring.
 */
static uint64_t log_q32(uint32_t value) {
  uint64_t whole = 0, numerator = value, bits = 0;
  uint64_t denominator = 100;
  while (numerator >= 2 * denominator) {
    denominator *= 2;
    whole++;
  }
  uint64_t v = (numerator << 31) / denominator; /* 1 <= v < 2 in units of 2^-31 */
  for (int i = 0; i < 32; i++) {
    v = (v * v) >> 31;
    bits <<= 1;
    if (v >> 32) {
      v >>= 1;
      bits |= 1;
    }
  }
  return gen_mul_q32((whole << 32) | bits, UINT64_C(2977044472)); /* ln 2 */
}

void gen_batch_prepare(gen_batch *b, uint32_t overdispersion) {
  if (overdispersion <= 100) {
    *b = (gen_batch){.first = UINT64_C(1) << 60, .p = 0, .mean = UINT64_C(1) << 32};
    return;
  }
  uint64_t log = log_q32(overdispersion);
  b->p = ((uint64_t)(overdispersion - 100) << 32) / overdispersion;
  b->first = (((b->p << 30) / log) << 30);
  b->mean = ((((uint64_t)(overdispersion - 100) << 32) / 100) << 20) / (log >> 12);
}

uint32_t gen_batch_draw(const gen_batch *b, gen_random *r) {
  if (b->p == 0)
    return 1;
  uint64_t u = gen_random_next(r) >> 4, term = b->first; /* term is p^k / log(1 / (1 - p)) */
  for (uint32_t k = 1;; k++) {
    uint64_t probability = term / k;
    if (u < probability || probability == 0)
      return k;
    u -= probability;
    term = gen_mul_q32(term, b->p);
  }
}
