/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hash map from byte strings to small dense numbers: the first key is 0, the next new one 1, … */
#ifndef LIB_BASE_MAP_H
#define LIB_BASE_MAP_H

#include "base/pages.h"
#include "base/span.h"
#include "base/status.h"

/* Zero-initialised is empty. Keys are copied. Seeded hashing, so that no archive can be written to
 * make it slow. */
typedef struct tide_map {
  tide_pages entries; /* by number; at most TIDE_PAGES_ITEMS */
  uint64_t *slots;    /* hash and entry number + 1, 0 is free */
  uint32_t count, slot_cap;
  char *chunk; /* key storage */
  size_t chunk_left;
  void *chunks;
} tide_map;

#define TIDE_MAP_NONE UINT32_MAX

/* The number of key, added if new; TIDE_MAP_NONE when out of memory. */
uint32_t tide_map_add(tide_map *, tide_span key);
/* The number of key, or TIDE_MAP_NONE. */
uint32_t tide_map_find(const tide_map *, tide_span key);
/* The same as tide_map_add in steps, for who knows some keys beforehand: a large map is further
 * from the processor than all else that a message costs. First the hash and the place where it
 * belongs; later the entry there, whose number is returned if it probably is the key's (else
 * TIDE_MAP_NONE); later the addition. */
uint32_t tide_map_hash(tide_span key);
void tide_map_prefetch(const tide_map *, uint32_t hash);
uint32_t tide_map_prefetch_key(const tide_map *, uint32_t hash);
uint32_t tide_map_add_hashed(tide_map *, tide_span key, uint32_t hash);
/* The key of a number below count; lives until the map is freed. */
tide_span tide_map_key(const tide_map *, uint32_t number);
void tide_map_free(tide_map *);

/* 64-bit hash of bytes with the process's seed. Never written anywhere: output does not depend on
 * it. */
uint64_t tide_hash(tide_span s);

/* Twice as wide, for who keeps no keys to compare: two of 10^8 keys are taken for one with a chance
 * below 10^-10 by the 87 bits that tide_firsts keeps. */
typedef struct tide_wide_hash {
  uint64_t a, b;
} tide_wide_hash;
tide_wide_hash tide_hash_wide(tide_span s);

/* A set of pairs of numbers, packed as one 64-bit key: distinct origins of a cell. Zero-initialised
 * is empty. */
typedef struct tide_pairs {
  uint64_t *slots; /* pair + 1, 0 is free */
  size_t count, cap;
} tide_pairs;

/* Room for count pairs, so that no add up to there has to make some. TIDE_FATAL when out of memory.
 */
tide_status tide_pairs_reserve(tide_pairs *, size_t count);
/* Adds (a, b); *added says whether it was new. TIDE_FATAL when out of memory. a below 2^32 - 1. */
tide_status tide_pairs_add(tide_pairs *, uint32_t a, uint32_t b, bool *added);
/* Brings the place of (a, b) near, for an add that comes some messages later: a large set is
 * further from the processor than all else that a message costs. */
void tide_pairs_prefetch(const tide_pairs *, uint32_t a, uint32_t b);
/* The next pair from *at on, which begins with 0; false: there are no more. In no order. */
bool tide_pairs_next(const tide_pairs *, size_t *at, uint32_t *a, uint32_t *b);
void tide_pairs_free(tide_pairs *);

/* A map from pairs of numbers to numbers. Zero-initialised is empty. */
typedef struct tide_pair_map {
  struct tide_pair_slot *slots;
  size_t count, cap;
} tide_pair_map;

/* Gives (a, b) that value, below TIDE_MAP_NONE, whatever it had. TIDE_FATAL when out of memory. a
 * below 2^32 - 1. */
tide_status tide_pair_map_put(tide_pair_map *, uint32_t a, uint32_t b, uint32_t value);
/* The value of (a, b), or TIDE_MAP_NONE. */
uint32_t tide_pair_map_find(const tide_pair_map *, uint32_t a, uint32_t b);
void tide_pair_map_free(tide_pair_map *);

#endif
