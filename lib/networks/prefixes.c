/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nested prefixes are cut once into ranges that do not overlap, so that a look-up is one search,
 * and for IPv4 mostly one cache line. */
#include "networks/prefixes.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "base/sort.h"

/* An address as a number; IPv4 in low. */
typedef struct number {
  uint64_t high, low;
} number;

enum { LENGTH_BITS = 8, LINE_BITS = 24 };
_Static_assert(TIDE_PREFIX_VALUE_MAX + 1 <= UINT32_MAX >> LENGTH_BITS,
               "a value and a length are held in one");
_Static_assert(TIDE_PREFIX_LINE_MAX < 1 << LINE_BITS, "a line and a family stand in one");

typedef struct entry {
  number start;
  uint32_t held; /* see hold */
  uint32_t line : LINE_BITS, family : 32 - LINE_BITS;
} entry;

/* From here on up to the next range's start that prefix is the longest: nested prefixes are cut
 * into ranges once, so that a look-up is one search. */
typedef struct range4 {
  uint32_t start;
  uint32_t held; /* see hold */
} range4;

/* IPv4 has nearly all prefixes and look-ups, and a look-up is as long as its ways to memory: all
 * about a /16 is in one cache line, but where it has many ranges. */
enum { BLOCKS = 1 << 16, BLOCK_RANGES = 9, BLOCK_LINE = 64 };
typedef struct block4 {
  uint32_t held[BLOCK_RANGES + 1]; /* where the block begins, and from each start on */
  uint16_t starts[BLOCK_RANGES];   /* of the ranges that begin after that, the lower halves of their
                                      addresses */
  uint16_t count;                  /* more than BLOCK_RANGES: they are in `four` */
  uint32_t first;                  /* where in `four` */
} block4;
_Static_assert(sizeof(block4) == BLOCK_LINE, "a block fills a cache line");

typedef struct range6 {
  number start;
  uint32_t held;
} range6;

/* A value and the length of its prefix in one; 0 is none. */
static inline uint32_t hold(int32_t value, unsigned bits) {
  return ((uint32_t)value + 1) << LENGTH_BITS | bits;
}
static inline int32_t held_value(uint32_t held) {
  return (int32_t)(held >> LENGTH_BITS) - 1;
}
static inline unsigned held_bits(uint32_t held) {
  return held & ((1u << LENGTH_BITS) - 1);
}

struct tide_prefixes {
  tide_pages entries; /* until they are built */
  entry *sorted;      /* the same in order, where they were not added so; until then too */
  uint32_t count;
  bool unordered;
  block4 *blocks; /* by the upper half of an address */
  range4 *four;
  range6 *six;
  size_t four_count, six_count, four_cap, six_cap;
};

static entry *entry_at(const tide_prefixes *p, uint32_t i) {
  return p->sorted ? &p->sorted[i] : tide_pages_at(&p->entries, i, sizeof(entry));
}

static void entries_free(tide_prefixes *p) {
  tide_pages_free(&p->entries, sizeof(entry));
  tide_zeros_free(p->sorted, p->count, sizeof(entry));
  p->sorted = NULL;
}

tide_status tide_prefixes_new(tide_prefixes **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_prefixes_free(tide_prefixes *p) {
  if (!p)
    return;
  entries_free(p);
  tide_zeros_free(p->blocks, BLOCKS, sizeof *p->blocks);
  tide_zeros_free(p->four, p->four_cap, sizeof *p->four);
  tide_zeros_free(p->six, p->six_cap, sizeof *p->six);
  free(p);
}

static number number_of(const tide_ip *ip) {
  number n = {0, 0};
  size_t width = ip->family == 4 ? 4 : 16;
  for (size_t i = 0; i < width; i++) {
    n.high = n.high << 8 | n.low >> 56;
    n.low = n.low << 8 | ip->bytes[i];
  }
  return n;
}

static int number_compare(number a, number b) {
  if (a.high != b.high)
    return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low;
}

/* By family, address, length, line. */
static int entry_compare(const void *a, const void *b, void *context) {
  (void)context;
  const entry *x = a, *y = b;
  if (x->family != y->family)
    return x->family < y->family ? -1 : 1;
  int order = number_compare(x->start, y->start);
  if (order)
    return order;
  if (held_bits(x->held) != held_bits(y->held))
    return held_bits(x->held) < held_bits(y->held) ? -1 : 1;
  return x->line < y->line ? -1 : x->line > y->line;
}

tide_status tide_prefixes_add(tide_prefixes *p, const tide_network *net, int32_t value,
                              uint32_t line) {
  if (value < 0 || value > TIDE_PREFIX_VALUE_MAX || line > TIDE_PREFIX_LINE_MAX)
    return TIDE_FATAL;
  if (tide_pages_make(&p->entries, p->count, sizeof(entry)) != TIDE_OK)
    return TIDE_FATAL;
  entry *e = entry_at(p, p->count);
  *e = (entry){number_of(&net->address), hold(value, net->bits), line, net->address.family};
  if (p->count && entry_compare(entry_at(p, p->count - 1), e, NULL) > 0)
    p->unordered = true;
  p->count++;
  return TIDE_OK;
}

/* The number after the last address of a network; false if that was the last of all. */
static bool number_behind(const entry *e, number *out) {
  unsigned host = (e->family == 4 ? 32u : 128u) - held_bits(e->held);
  number n = e->start;
  if (host >= 64) {
    uint64_t step = host == 128 ? 0 : (uint64_t)1 << (host - 64);
    n.high += step;
    *out = n;
    return step != 0 && n.high != 0;
  }
  uint64_t low = n.low + ((uint64_t)1 << host);
  if (low < n.low)
    n.high++;
  bool more = e->family == 4 ? low <= UINT32_MAX : !(low < n.low && n.high == 0);
  n.low = low;
  *out = n;
  return more;
}

/* The first 16 bits of the address, IPv6 after IPv4: entries of one bucket are together in any
 * order. */
static size_t bucket_of(const entry *e) {
  return e->family == 4 ? (size_t)(e->start.low >> 16) : BLOCKS + (size_t)(e->start.high >> 48);
}

/* Text tables come in any order. Each bucket has few entries. */
static tide_status sort_entries(tide_prefixes *p, const atomic_bool *stop) {
  enum { BUCKETS = 2 * BLOCKS };
  uint32_t *ends = tide_zeros_new(BUCKETS + 1, sizeof *ends);
  entry *sorted = tide_zeros_new(p->count, sizeof *sorted);
  if (!ends || !sorted) {
    tide_zeros_free(ends, BUCKETS + 1, sizeof *ends);
    tide_zeros_free(sorted, p->count, sizeof *sorted);
    return TIDE_FATAL;
  }
  for (uint32_t i = 0; i < p->count && !tide_stopped(stop); i++)
    ends[bucket_of(entry_at(p, i)) + 1]++;
  for (size_t b = 0; b < BUCKETS; b++)
    ends[b + 1] += ends[b];
  /* Until here each number is where its bucket begins; when all are in their places, it is where it
   * ends. */
  for (uint32_t i = 0; i < p->count && !tide_stopped(stop); i++)
    sorted[ends[bucket_of(entry_at(p, i))]++] = *entry_at(p, i);
  tide_status status = TIDE_OK;
  for (size_t b = 0, begin = 0; b < BUCKETS && status == TIDE_OK; begin = ends[b++])
    if (ends[b] - begin > 1)
      status =
          tide_sort(sorted + begin, ends[b] - begin, sizeof *sorted, entry_compare, NULL, stop);
  entries_free(p);
  p->sorted = sorted;
  tide_zeros_free(ends, BUCKETS + 1, sizeof *ends);
  return tide_stopped(stop) ? TIDE_END : status;
}

/* Begins a range; one that begins where the last did takes its place. */
static void range_add(tide_prefixes *p, uint8_t family, number start, uint32_t held) {
  if (family == 4) {
    if (p->four_count && p->four[p->four_count - 1].start == start.low)
      p->four_count--;
    p->four[p->four_count++] = (range4){(uint32_t)start.low, held};
  } else {
    if (p->six_count && number_compare(p->six[p->six_count - 1].start, start) == 0)
      p->six_count--;
    p->six[p->six_count++] = (range6){start, held};
  }
}

enum { NESTED_MAX = 129 }; /* a prefix of each length */

/* The networks that hold the place where the building is, the innermost last. */
typedef struct nest {
  const entry *open[NESTED_MAX];
  size_t depth;
} nest;

/* Closes those that end at or before `start` (all of them where it is NULL). */
static void close_until(tide_prefixes *p, nest *n, const number *start) {
  while (n->depth) {
    const entry *e = n->open[n->depth - 1];
    number behind;
    bool more = number_behind(e, &behind);
    if (start && (!more || number_compare(behind, *start) > 0))
      return;
    n->depth--;
    if (more)
      range_add(p, (uint8_t)e->family, behind, n->depth ? n->open[n->depth - 1]->held : 0);
  }
}

/* A prefix begins one range, and another one begins after it. */
static tide_status ranges_new(tide_prefixes *p) {
  size_t six = 0;
  for (uint32_t i = 0; i < p->count; i++)
    six += entry_at(p, i)->family != 4;
  p->four_cap = 2 * (p->count - six) + 1;
  p->six_cap = 2 * six + 1;
  p->four = tide_zeros_new(p->four_cap, sizeof *p->four);
  p->six = tide_zeros_new(p->six_cap, sizeof *p->six);
  return p->four && p->six ? TIDE_OK : TIDE_FATAL;
}

static tide_status blocks_build(tide_prefixes *p) {
  p->blocks = tide_zeros_new(BLOCKS, sizeof *p->blocks);
  if (!p->blocks)
    return TIDE_FATAL;
  uint32_t held = 0;
  for (uint32_t n = 0, at = 0; n < BLOCKS; n++) {
    block4 *b = &p->blocks[n];
    if (at < p->four_count && p->four[at].start == n << 16)
      held = p->four[at++].held;
    b->held[0] = held;
    b->first = at;
    for (; at < p->four_count && p->four[at].start >> 16 == n; at++, b->count++) {
      held = p->four[at].held;
      if (b->count >= BLOCK_RANGES)
        continue;
      b->starts[b->count] = (uint16_t)p->four[at].start;
      b->held[b->count + 1] = held;
    }
  }
  return TIDE_OK;
}

tide_status tide_prefixes_build(tide_prefixes *p, const atomic_bool *stop, uint32_t *line) {
  tide_status status = p->unordered ? sort_entries(p, stop) : TIDE_OK;
  if (status == TIDE_OK)
    status = ranges_new(p);
  if (status != TIDE_OK)
    return status;
  nest n = {.depth = 0};
  const entry *before = NULL;
  for (uint32_t i = 0; i < p->count; i++) {
    const entry *e = entry_at(p, i);
    if (tide_stopped(stop))
      return TIDE_END;
    const bool same_family = before && before->family == e->family;
    if (same_family && held_bits(before->held) == held_bits(e->held) &&
        number_compare(before->start, e->start) == 0) {
      if (before->held == e->held)
        continue;
      *line = e->line;
      return TIDE_USAGE;
    }
    close_until(p, &n, same_family ? &e->start : NULL);
    range_add(p, (uint8_t)e->family, e->start, e->held);
    n.open[n.depth++] = e;
    before = e;
  }
  close_until(p, &n, NULL);
  entries_free(p);
  return p->four_count ? blocks_build(p) : TIDE_OK;
}

size_t tide_prefixes_count(const tide_prefixes *p) {
  return p->count;
}

/* What is held where n is; 0: nothing. */
static uint32_t find4(const tide_prefixes *p, uint32_t n) {
  if (!p->blocks)
    return 0;
  const block4 *b = &p->blocks[n >> 16];
  if (b->count <= BLOCK_RANGES) {
    unsigned at = 0;
    while (at < b->count && b->starts[at] <= (uint16_t)n)
      at++;
    return b->held[at];
  }
  /* Of the ranges in the block, the first that begins after n. */
  uint32_t low = b->first, high = b->first + b->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (p->four[middle].start <= n)
      low = middle + 1;
    else
      high = middle;
  }
  return low > b->first ? p->four[low - 1].held : b->held[0];
}

static uint32_t find6(const tide_prefixes *p, number n) {
  size_t low = 0, high = p->six_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (number_compare(p->six[middle].start, n) <= 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? p->six[low - 1].held : 0;
}

int32_t tide_prefixes_find(const tide_prefixes *p, const tide_ip *ip, tide_network *net) {
  if (ip->family == 0)
    return TIDE_PREFIX_NONE;
  const number n = number_of(ip);
  const uint32_t held = ip->family == 4 ? find4(p, (uint32_t)n.low) : find6(p, n);
  if (!held)
    return TIDE_PREFIX_NONE;
  if (net)
    *net = tide_network_of(ip, held_bits(held));
  return held_value(held);
}

void tide_prefixes_prefetch(const tide_prefixes *p, const tide_ip *ip) {
  if (ip->family == 4 && p->blocks)
    __builtin_prefetch(&p->blocks[number_of(ip).low >> 16]);
}
