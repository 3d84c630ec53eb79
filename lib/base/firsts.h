/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of many keys were met before: of each only a hash is kept, so that it costs 16 to 20 bytes
 * however long the key is. */
#ifndef LIB_BASE_FIRSTS_H
#define LIB_BASE_FIRSTS_H

#include "base/map.h"

/* So many that one of 67 million keys is smaller than a huge page, which would be had whole. */
enum { TIDE_FIRSTS_SHARDS = 1024 };

/* Zero-initialised is empty. */
typedef struct tide_firsts {
  struct tide_firsts_shard {
    uint32_t *slots;
    uint32_t count, cap;
  } shards[TIDE_FIRSTS_SHARDS];
  uint64_t count;
  bool numbered; /* each has a `number` too, four bytes more: to be set before the first is added */
} tide_firsts;

/* What is kept beside a key. */
typedef struct tide_first {
  uint16_t note;
  uint32_t number;
} tide_first;

/* Was a key of that hash met before? Then *out is what was given with the first of them. */
bool tide_firsts_find(const tide_firsts *, tide_wide_hash, tide_first *out);
/* Adds a key that tide_firsts_find did not find. TIDE_FATAL when out of memory. */
tide_status tide_firsts_add(tide_firsts *, tide_wide_hash, tide_first);
/* Gives a key that was added another note. */
void tide_firsts_note(tide_firsts *, tide_wide_hash, uint16_t note);
/* Calls each for every key, in no order that means anything, with a hash that finds it again. Ends
 * with the first status that is not TIDE_OK. */
tide_status tide_firsts_each(const tide_firsts *,
                             tide_status (*each)(void *context, tide_wide_hash, tide_first),
                             void *context);
/* Empties it; `numbered` stays. */
void tide_firsts_free(tide_firsts *);

#endif
