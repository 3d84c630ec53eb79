/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open addressing over slots that hold hash and number; entries lie in pages of their own, so that
 * growing moves no key. */
#include "base/map.h"
#include "base/invariant.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

/* A short key is in its entry, so that comparing it takes no further look into memory. */
enum { MAP_INLINE = 28, MAP_CHUNK = 64 << 10 };

struct tide_map_entry {
  uint32_t len;
  char bytes[MAP_INLINE]; /* of a longer key its address */
};

typedef struct map_chunk {
  struct map_chunk *next;
  char bytes[];
} map_chunk;

static uint64_t hash_seed[2];
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

static void hash_start(void) {
  if (getrandom(hash_seed, sizeof hash_seed, GRND_NONBLOCK) != (ssize_t)sizeof hash_seed) {
    hash_seed[0] ^=
        (uint64_t)(uintptr_t)&hash_seed; /* address space randomisation is better than nothing */
    hash_seed[1] ^= (uint64_t)(uintptr_t)&free;
  }
  hash_seed[0] |= 1;
}

/* The two halves of the product, folded into one. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
  __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
#else /* 32-bit machines multiply by halves */
  const uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
  const uint64_t middle = a_high * b_low + (a_low * b_low >> 32);
  const uint64_t rest = a_low * b_high + (uint32_t)middle;
  return (a * b) ^ (a_high * b_high + (middle >> 32) + (rest >> 32));
#endif
}

/* Multiply-and-fold over eight bytes at a time, keyed by the process's seed. */
static inline uint64_t hash_from(uint64_t start, tide_span s) {
  pthread_once(&hash_once, hash_start);
  uint64_t h = hash_seed[0] ^ start ^ s.len;
  const char *p = s.ptr;
  size_t n = s.len;
  while (n >= 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    h = hash_mix(h ^ word, 0x9e3779b97f4a7c15u ^ hash_seed[1]);
    p += 8;
    n -= 8;
  }
  uint64_t tail = 0;
  if (n)
    memcpy(&tail, p, n);
  h = hash_mix(h ^ tail, 0xd1b54a32d192ed03u ^ hash_seed[1]);
  return hash_mix(h, hash_seed[0]);
}

uint64_t tide_hash(tide_span s) {
  return hash_from(0, s);
}

tide_wide_hash tide_hash_wide(tide_span s) {
  return (tide_wide_hash){hash_from(0, s), hash_from(0x94d049bb133111ebu, s)};
}

/* Entries never move: a key lives as long as the map. */
static inline struct tide_map_entry *entry_at(const tide_map *m, uint32_t number) {
  return tide_pages_at(&m->entries, number, sizeof(struct tide_map_entry));
}

static inline const char *entry_key(const struct tide_map_entry *e) {
  const char *key;
  if (e->len <= MAP_INLINE)
    return e->bytes;
  memcpy(&key, e->bytes, sizeof key);
  return key;
}

static tide_status map_grow(tide_map *m) {
  uint32_t cap = m->slot_cap ? m->slot_cap * 2 : 64;
  if (cap < m->slot_cap)
    return TIDE_FATAL;
  uint64_t *slots = tide_zeros_new(cap, sizeof *slots);
  if (!slots)
    return TIDE_FATAL;
  for (uint32_t i = 0; i < m->slot_cap; i++) {
    if (!m->slots[i])
      continue;
    uint32_t at = (uint32_t)(m->slots[i] >> 32) & (cap - 1);
    while (slots[at])
      at = (at + 1) & (cap - 1);
    slots[at] = m->slots[i];
  }
  tide_zeros_free(m->slots, m->slot_cap, sizeof *slots);
  m->slots = slots;
  m->slot_cap = cap;
  return TIDE_OK;
}

/* What a slot holds: the hash, so that an entry is looked at only where it is the one, and its
 * number + 1. */
static inline uint64_t slot_of(uint32_t hash, uint32_t number) {
  return (uint64_t)hash << 32 | (number + 1);
}
static inline uint32_t slot_number(uint64_t slot) {
  return (uint32_t)slot - 1;
}

/* The slot that holds key, or the free one where it belongs. */
static uint32_t map_slot(const tide_map *m, tide_span key, uint32_t hash) {
  uint32_t at = hash & (m->slot_cap - 1);
  for (; m->slots[at]; at = (at + 1) & (m->slot_cap - 1)) {
    if (m->slots[at] >> 32 != hash)
      continue;
    const struct tide_map_entry *e = entry_at(m, slot_number(m->slots[at]));
    if (e->len == key.len && (key.len == 0 || memcmp(entry_key(e), key.ptr, key.len) == 0))
      break;
  }
  return at;
}

static const char *map_keep(tide_map *m, tide_span key) {
  if (m->chunk_left < key.len) {
    size_t size = key.len > MAP_CHUNK ? key.len : MAP_CHUNK;
    map_chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
      return NULL;
    chunk->next = m->chunks;
    m->chunks = chunk;
    m->chunk = chunk->bytes;
    m->chunk_left = size;
  }
  char *kept = m->chunk;
  memcpy(kept, key.ptr, key.len);
  m->chunk += key.len;
  m->chunk_left -= key.len;
  return kept;
}

uint32_t tide_map_hash(tide_span key) {
  return (uint32_t)tide_hash(key);
}

void tide_map_prefetch(const tide_map *m, uint32_t hash) {
  if (m->slot_cap)
    __builtin_prefetch(&m->slots[hash & (m->slot_cap - 1)], 1);
}

uint32_t tide_map_prefetch_key(const tide_map *m, uint32_t hash) {
  if (!m->slot_cap)
    return TIDE_MAP_NONE;
  uint64_t slot = m->slots[hash & (m->slot_cap - 1)];
  if (!slot || slot >> 32 != hash)
    return TIDE_MAP_NONE;
  __builtin_prefetch(entry_at(m, slot_number(slot)));
  return slot_number(slot);
}

uint32_t tide_map_add(tide_map *m, tide_span key) {
  return tide_map_add_hashed(m, key, tide_map_hash(key));
}

uint32_t tide_map_add_hashed(tide_map *m, tide_span key, uint32_t hash) {
  if (key.len > UINT32_MAX || m->count >= TIDE_PAGES_ITEMS)
    return TIDE_MAP_NONE;
  if ((m->count + 1) * 2ull > m->slot_cap && map_grow(m) != TIDE_OK)
    return TIDE_MAP_NONE;
  TIDE_INVARIANT((m->count + 1) * 2ull <= m->slot_cap); /* a free slot ends each search */
  uint32_t at = map_slot(m, key, hash);
  if (m->slots[at])
    return slot_number(m->slots[at]);
  if (tide_pages_make(&m->entries, m->count, sizeof(struct tide_map_entry)) != TIDE_OK)
    return TIDE_MAP_NONE;
  struct tide_map_entry *e = entry_at(m, m->count);
  e->len = (uint32_t)key.len;
  if (key.len > MAP_INLINE) {
    const char *kept = map_keep(m, key);
    if (!kept)
      return TIDE_MAP_NONE;
    memcpy(e->bytes, &kept, sizeof kept);
  } else if (key.len) {
    memcpy(e->bytes, key.ptr, key.len);
  }
  m->slots[at] = slot_of(hash, m->count);
  return m->count++;
}

uint32_t tide_map_find(const tide_map *m, tide_span key) {
  if (!m->slot_cap || key.len > UINT32_MAX)
    return TIDE_MAP_NONE;
  uint32_t at = map_slot(m, key, (uint32_t)tide_hash(key));
  return m->slots[at] ? slot_number(m->slots[at]) : TIDE_MAP_NONE;
}

tide_span tide_map_key(const tide_map *m, uint32_t number) {
  TIDE_INVARIANT(number < m->count);
  const struct tide_map_entry *e = entry_at(m, number);
  return (tide_span){entry_key(e), e->len};
}

void tide_map_free(tide_map *m) {
  for (map_chunk *chunk = m->chunks, *next; chunk; chunk = next) {
    next = chunk->next;
    free(chunk);
  }
  tide_pages_free(&m->entries, sizeof(struct tide_map_entry));
  tide_zeros_free(m->slots, m->slot_cap, sizeof *m->slots);
  *m = (tide_map){0};
}

static inline size_t pair_home(uint64_t key, size_t cap) {
  return (size_t)(hash_mix(key ^ hash_seed[0], 0x9e3779b97f4a7c15u ^ hash_seed[1])) & (cap - 1);
}

static inline uint64_t pair_key(uint32_t a, uint32_t b) {
  return ((uint64_t)a << 32 | b) + 1;
}

static size_t pairs_slot(const tide_pairs *p, uint64_t key) {
  size_t at = pair_home(key, p->cap);
  while (p->slots[at] && p->slots[at] != key)
    at = (at + 1) & (p->cap - 1);
  return at;
}

static tide_status pairs_resize(tide_pairs *p, size_t cap) {
  pthread_once(&hash_once, hash_start);
  tide_pairs old = *p;
  p->cap = cap;
  p->slots = tide_zeros_new(p->cap, sizeof *p->slots);
  if (!p->slots) {
    *p = old;
    return TIDE_FATAL;
  }
  for (size_t i = 0; i < old.cap; i++)
    if (old.slots[i])
      p->slots[pairs_slot(p, old.slots[i])] = old.slots[i];
  tide_zeros_free(old.slots, old.cap, sizeof *old.slots);
  return TIDE_OK;
}

enum { PAIRS_FIRST = 64 };

tide_status tide_pairs_reserve(tide_pairs *p, size_t count) {
  size_t cap = PAIRS_FIRST;
  while (cap / 2 < count)
    cap *= 2;
  return cap > p->cap ? pairs_resize(p, cap) : TIDE_OK;
}

tide_status tide_pairs_add(tide_pairs *p, uint32_t a, uint32_t b, bool *added) {
  if ((p->count + 1) * 2 > p->cap && pairs_resize(p, p->cap ? p->cap * 2 : PAIRS_FIRST) != TIDE_OK)
    return TIDE_FATAL;
  uint64_t key = pair_key(a, b);
  size_t at = pairs_slot(p, key);
  *added = p->slots[at] == 0;
  if (*added) {
    p->slots[at] = key;
    p->count++;
  }
  return TIDE_OK;
}

void tide_pairs_prefetch(const tide_pairs *p, uint32_t a, uint32_t b) {
  if (p->cap)
    __builtin_prefetch(&p->slots[pair_home(pair_key(a, b), p->cap)], 1);
}

bool tide_pairs_next(const tide_pairs *p, size_t *at, uint32_t *a, uint32_t *b) {
  while (*at < p->cap) {
    const uint64_t key = p->slots[(*at)++];
    if (!key)
      continue;
    *a = (uint32_t)((key - 1) >> 32);
    *b = (uint32_t)(key - 1);
    return true;
  }
  return false;
}

void tide_pairs_free(tide_pairs *p) {
  tide_zeros_free(p->slots, p->cap, sizeof *p->slots);
  *p = (tide_pairs){0};
}

/* --- pairs with a value --- */

struct tide_pair_slot {
  uint64_t key; /* pair + 1, 0 is free */
  uint32_t value;
};

static size_t pair_map_slot(const tide_pair_map *m, uint64_t key) {
  size_t at = pair_home(key, m->cap);
  while (m->slots[at].key && m->slots[at].key != key)
    at = (at + 1) & (m->cap - 1);
  return at;
}

static tide_status pair_map_grow(tide_pair_map *m) {
  pthread_once(&hash_once, hash_start);
  tide_pair_map old = *m;
  m->cap = old.cap ? old.cap * 2 : 64;
  m->slots = tide_zeros_new(m->cap, sizeof *m->slots);
  if (!m->slots) {
    *m = old;
    return TIDE_FATAL;
  }
  for (size_t i = 0; i < old.cap; i++)
    if (old.slots[i].key)
      m->slots[pair_map_slot(m, old.slots[i].key)] = old.slots[i];
  tide_zeros_free(old.slots, old.cap, sizeof *old.slots);
  return TIDE_OK;
}

tide_status tide_pair_map_put(tide_pair_map *m, uint32_t a, uint32_t b, uint32_t value) {
  if ((m->count + 1) * 3 > m->cap * 2 && pair_map_grow(m) != TIDE_OK)
    return TIDE_FATAL;
  uint64_t key = pair_key(a, b);
  struct tide_pair_slot *slot = &m->slots[pair_map_slot(m, key)];
  m->count += slot->key == 0;
  *slot = (struct tide_pair_slot){key, value};
  return TIDE_OK;
}

uint32_t tide_pair_map_find(const tide_pair_map *m, uint32_t a, uint32_t b) {
  if (m->cap == 0)
    return TIDE_MAP_NONE;
  const struct tide_pair_slot *slot = &m->slots[pair_map_slot(m, pair_key(a, b))];
  return slot->key ? slot->value : TIDE_MAP_NONE;
}

void tide_pair_map_free(tide_pair_map *m) {
  tide_zeros_free(m->slots, m->cap, sizeof *m->slots);
  *m = (tide_pair_map){0};
}
