/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing in shards, each of which grows by a quarter on its own: a table that doubled
 * would take up to twice the memory, and three times while it grows. */
#include "base/firsts.h"
#include "base/invariant.h"

enum {
  SHARD_LEAST = 16,
  SHARD_SHIFT = 54, /* the first bits of the hash's second half choose the shard */
  KEPT = 3,         /* words of a slot: 64 bits of the hash, 16 more and the note */
  NUMBERED = KEPT + 1
};

static inline uint32_t words_of(const tide_firsts *f) {
  return f->numbered ? NUMBERED : KEPT;
}

/* Which word of a slot holds what. The first is never 0: that is a free slot. */
static inline uint32_t word_place(tide_wide_hash h) {
  return (uint32_t)(h.a >> 32) | 1;
}
static inline uint32_t word_rest(tide_wide_hash h) {
  return (uint32_t)h.a;
}
static inline uint32_t word_tail(tide_wide_hash h) {
  return (uint32_t)(h.b & 0xffff) << 16;
}

static inline struct tide_firsts_shard *shard_of(const tide_firsts *f, tide_wide_hash h) {
  return (struct tide_firsts_shard *)(uintptr_t)&f->shards[h.b >> SHARD_SHIFT];
}

static inline uint32_t *slot_at(const tide_firsts *f, const struct tide_firsts_shard *s,
                                uint32_t at) {
  return s->slots + (size_t)at * words_of(f);
}

/* The slot of that hash, or the free one where it belongs. There is a free one. */
static uint32_t *shard_slot(const tide_firsts *f, const struct tide_firsts_shard *s,
                            const uint32_t key[KEPT]) {
  uint32_t at = (uint32_t)((uint64_t)key[0] * s->cap >> 32);
  for (;;) {
    uint32_t *slot = slot_at(f, s, at);
    if (!slot[0] || (slot[0] == key[0] && slot[1] == key[1] && (slot[2] >> 16) == (key[2] >> 16)))
      return slot;
    if (++at == s->cap)
      at = 0;
  }
}

static tide_status shard_grow(const tide_firsts *f, struct tide_firsts_shard *s) {
  const size_t size = words_of(f) * sizeof *s->slots;
  struct tide_firsts_shard grown = {.count = s->count,
                                    .cap = s->cap ? s->cap + s->cap / 4 : SHARD_LEAST};
  if (grown.cap < s->cap || !(grown.slots = tide_zeros_new(grown.cap, size)))
    return TIDE_FATAL;
  for (uint32_t i = 0; i < s->cap; i++) {
    const uint32_t *slot = slot_at(f, s, i);
    if (slot[0])
      memcpy(shard_slot(f, &grown, slot), slot, size);
  }
  tide_zeros_free(s->slots, s->cap, size);
  *s = grown;
  return TIDE_OK;
}

bool tide_firsts_find(const tide_firsts *f, tide_wide_hash h, tide_first *out) {
  const struct tide_firsts_shard *s = shard_of(f, h);
  const uint32_t key[KEPT] = {word_place(h), word_rest(h), word_tail(h)};
  if (!s->cap)
    return false;
  const uint32_t *slot = shard_slot(f, s, key);
  if (!slot[0])
    return false;
  *out = (tide_first){.note = slot[2] & 0xffff, .number = f->numbered ? slot[KEPT] : 0};
  return true;
}

tide_status tide_firsts_add(tide_firsts *f, tide_wide_hash h, tide_first first) {
  struct tide_firsts_shard *s = shard_of(f, h);
  const uint32_t key[KEPT] = {word_place(h), word_rest(h), word_tail(h) | first.note};
  if ((uint64_t)s->count * 4 >= (uint64_t)s->cap * 3 && shard_grow(f, s) != TIDE_OK)
    return TIDE_FATAL;
  TIDE_INVARIANT(s->count < s->cap); /* a free slot ends each search */
  uint32_t *slot = shard_slot(f, s, key);
  memcpy(slot, key, sizeof key);
  if (f->numbered)
    slot[KEPT] = first.number;
  s->count++;
  f->count++;
  return TIDE_OK;
}

void tide_firsts_note(tide_firsts *f, tide_wide_hash h, uint16_t note) {
  const uint32_t key[KEPT] = {word_place(h), word_rest(h), word_tail(h)};
  uint32_t *slot = shard_slot(f, shard_of(f, h), key);
  if (slot[0])
    slot[2] = key[2] | note;
}

/* A step that comes to all of cap slots, in another order than that of their hashes: who puts them
 * into a growing table in that order fills its first slots alone, one after the other. */
static uint32_t step_through(uint32_t cap) {
  for (uint32_t step = (uint32_t)(cap * 0.618) | 1;; step++) {
    uint32_t a = cap, b = step;
    while (b) {
      const uint32_t rest = a % b;
      a = b;
      b = rest;
    }
    if (a == 1)
      return step;
  }
}

tide_status tide_firsts_each(const tide_firsts *f,
                             tide_status (*each)(void *context, tide_wide_hash, tide_first),
                             void *context) {
  tide_status status = TIDE_OK;
  for (size_t k = 0; k < TIDE_FIRSTS_SHARDS; k++) {
    const struct tide_firsts_shard *s = &f->shards[k];
    const uint32_t step = s->cap ? step_through(s->cap) : 0;
    uint64_t at = 0;
    for (uint32_t i = 0; i < s->cap && status == TIDE_OK; i++) {
      at = (at + step) % s->cap;
      const uint32_t *slot = slot_at(f, s, (uint32_t)at);
      const tide_wide_hash h = {(uint64_t)slot[0] << 32 | slot[1],
                                (uint64_t)k << SHARD_SHIFT | slot[2] >> 16};
      const tide_first first = {.note = slot[2] & 0xffff, .number = f->numbered ? slot[KEPT] : 0};
      if (slot[0])
        status = each(context, h, first);
    }
  }
  return status;
}

void tide_firsts_free(tide_firsts *f) {
  const bool numbered = f->numbered;
  for (size_t i = 0; i < TIDE_FIRSTS_SHARDS; i++)
    tide_zeros_free(f->shards[i].slots, f->shards[i].cap, words_of(f) * sizeof(uint32_t));
  *f = (tide_firsts){.numbered = numbered};
}
