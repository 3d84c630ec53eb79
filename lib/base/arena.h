/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for one message: taken piece by piece, given back all at once. */
#ifndef LIB_BASE_ARENA_H
#define LIB_BASE_ARENA_H

#include "base/span.h"

typedef struct tide_arena_block tide_arena_block;

/* Zero-initialised is empty and ready. Not safe for two threads. */
typedef struct tide_arena {
  tide_arena_block *first, *now;
  char *at, *end;
  bool failed; /* memory was out once: whatever was made of what is here may lack something */
} tide_arena;

/* size bytes aligned for any type, not zeroed; NULL when out of memory. Lives until reset or free.
 */
void *tide_arena_take(tide_arena *, size_t size);
/* A copy of s with a NUL after it (not counted in len); ptr NULL when out of memory. */
tide_span tide_arena_copy(tide_arena *, tide_span s);
/* Everything taken is gone; the blocks are kept for the next message, save those beyond 1 MiB. */
void tide_arena_reset(tide_arena *);
void tide_arena_free(tide_arena *);

#endif
