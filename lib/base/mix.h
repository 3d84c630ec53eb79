/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hashes that are the same in every process and on every machine, for what is kept or shown: those
 * of map.h have a seed. */
#ifndef LIB_BASE_MIX_H
#define LIB_BASE_MIX_H

#include "base/span.h"

/* SplitMix64 (Steele, Lea & Flood 2014): what its state goes on by, which is 2^64 divided by the
 * golden ratio, and its last step. */
#define TIDE_MIX_STEP UINT64_C(0x9e3779b97f4a7c15)
static inline uint64_t tide_mix(uint64_t x) {
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

/* FNV-1a, mixed: all its bits count. */
static inline uint64_t tide_hash_fixed(tide_span s) {
  uint64_t h = 0xcbf29ce484222325u;
  for (size_t i = 0; i < s.len; i++)
    h = (h ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
  return tide_mix(h);
}

#endif
