#include "spamtide/map.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

struct tide_map_entry {
  const char *key;
  uint32_t len;
};

typedef struct map_chunk {
  struct map_chunk *next;
  char bytes[];
} map_chunk;

enum { MAP_CHUNK = 64 << 10 };

static uint64_t hash_seed[2];
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

static void hash_start(void) {
  if (getrandom(hash_seed, sizeof hash_seed, GRND_NONBLOCK) != (ssize_t)sizeof hash_seed) {
    hash_seed[0] ^= (uint64_t)(uintptr_t)&hash_seed; /* address space randomisation is better than nothing */
    hash_seed[1] ^= (uint64_t)(uintptr_t)&free;
  }
  hash_seed[0] |= 1;
}

static inline uint64_t hash_mix(uint64_t a, uint64_t b) {
  __uint128_t product = (__uint128_t)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Multiply-and-fold over eight bytes at a time, keyed by the process's seed. */
uint64_t tide_hash(tide_span s) {
  pthread_once(&hash_once, hash_start);
  uint64_t h = hash_seed[0] ^ s.len;
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
  if (n) memcpy(&tail, p, n);
  h = hash_mix(h ^ tail, 0xd1b54a32d192ed03u ^ hash_seed[1]);
  return hash_mix(h, hash_seed[0]);
}

static tide_status map_grow(tide_map *m) {
  uint32_t cap = m->slot_cap ? m->slot_cap * 2 : 64;
  if (cap < m->slot_cap) return TIDE_FATAL;
  uint64_t *slots = calloc(cap, sizeof *slots);
  if (!slots) return TIDE_FATAL;
  for (uint32_t i = 0; i < m->slot_cap; i++) {
    if (!m->slots[i]) continue;
    uint32_t at = (uint32_t)(m->slots[i] >> 32) & (cap - 1);
    while (slots[at]) at = (at + 1) & (cap - 1);
    slots[at] = m->slots[i];
  }
  free(m->slots);
  m->slots = slots;
  m->slot_cap = cap;
  return TIDE_OK;
}

/* What a slot holds: the hash, so that an entry is looked at only where it is the one, and its number + 1. */
static inline uint64_t slot_of(uint32_t hash, uint32_t number) { return (uint64_t)hash << 32 | (number + 1); }
static inline uint32_t slot_number(uint64_t slot) { return (uint32_t)slot - 1; }

/* The slot that holds key, or the free one where it belongs. */
static uint32_t map_slot(const tide_map *m, tide_span key, uint32_t hash) {
  uint32_t at = hash & (m->slot_cap - 1);
  for (; m->slots[at]; at = (at + 1) & (m->slot_cap - 1)) {
    if (m->slots[at] >> 32 != hash) continue;
    const struct tide_map_entry *e = &m->entries[slot_number(m->slots[at])];
    if (e->len == key.len && (key.len == 0 || memcmp(e->key, key.ptr, key.len) == 0)) break;
  }
  return at;
}

static const char *map_keep(tide_map *m, tide_span key) {
  if (key.len == 0) return "";
  if (m->chunk_left < key.len) {
    size_t size = key.len > MAP_CHUNK ? key.len : MAP_CHUNK;
    map_chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk) return NULL;
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

uint32_t tide_map_add(tide_map *m, tide_span key) {
  if (key.len > UINT32_MAX || m->count >= TIDE_MAP_NONE - 1) return TIDE_MAP_NONE;
  if ((m->count + 1) * 2ull > m->slot_cap && map_grow(m) != TIDE_OK) return TIDE_MAP_NONE;
  uint32_t hash = (uint32_t)tide_hash(key);
  uint32_t at = map_slot(m, key, hash);
  if (m->slots[at]) return slot_number(m->slots[at]);
  if (m->count == m->entry_cap) {
    uint32_t cap = m->entry_cap ? m->entry_cap * 2 : 32;
    struct tide_map_entry *grown = realloc(m->entries, cap * sizeof *grown);
    if (!grown) return TIDE_MAP_NONE;
    m->entries = grown;
    m->entry_cap = cap;
  }
  const char *kept = map_keep(m, key);
  if (!kept) return TIDE_MAP_NONE;
  m->entries[m->count] = (struct tide_map_entry){kept, (uint32_t)key.len};
  m->slots[at] = slot_of(hash, m->count);
  return m->count++;
}

uint32_t tide_map_find(const tide_map *m, tide_span key) {
  if (!m->slot_cap || key.len > UINT32_MAX) return TIDE_MAP_NONE;
  uint32_t at = map_slot(m, key, (uint32_t)tide_hash(key));
  return m->slots[at] ? slot_number(m->slots[at]) : TIDE_MAP_NONE;
}

tide_span tide_map_key(const tide_map *m, uint32_t number) {
  return (tide_span){m->entries[number].key, m->entries[number].len};
}

void tide_map_free(tide_map *m) {
  for (map_chunk *chunk = m->chunks, *next; chunk; chunk = next) {
    next = chunk->next;
    free(chunk);
  }
  free(m->entries);
  free(m->slots);
  *m = (tide_map){0};
}

static size_t pairs_slot(const uint64_t *slots, size_t cap, uint64_t key) {
  size_t at = (size_t)(hash_mix(key ^ hash_seed[0], 0x9e3779b97f4a7c15u ^ hash_seed[1])) & (cap - 1);
  while (slots[at] && slots[at] != key) at = (at + 1) & (cap - 1);
  return at;
}

tide_status tide_pairs_add(tide_pairs *p, uint32_t a, uint32_t b, bool *added) {
  if ((p->count + 1) * 2 > p->cap) {
    pthread_once(&hash_once, hash_start);
    size_t cap = p->cap ? p->cap * 2 : 64;
    uint64_t *slots = calloc(cap, sizeof *slots);
    if (!slots) return TIDE_FATAL;
    for (size_t i = 0; i < p->cap; i++)
      if (p->slots[i]) slots[pairs_slot(slots, cap, p->slots[i])] = p->slots[i];
    free(p->slots);
    p->slots = slots;
    p->cap = cap;
  }
  uint64_t key = ((uint64_t)a << 32 | b) + 1;
  size_t at = pairs_slot(p->slots, p->cap, key);
  *added = p->slots[at] == 0;
  if (*added) {
    p->slots[at] = key;
    p->count++;
  }
  return TIDE_OK;
}

void tide_pairs_free(tide_pairs *p) {
  free(p->slots);
  *p = (tide_pairs){0};
}
