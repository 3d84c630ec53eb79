#include "spamtide/prefixes.h"

#include <stdlib.h>
#include <string.h>

/* An address as a number; IPv4 in low. */
typedef struct number {
  uint64_t high, low;
} number;

typedef struct entry {
  tide_network net;
  int32_t value;
  uint32_t line;
} entry;

/* From here on up to the next range's start the entry is the longest that holds: nested prefixes are cut into ranges once, so that a look-up is one search. */
typedef struct range {
  number start;
  uint32_t entry; /* index + 1; 0: none */
} range;

typedef struct ranges {
  range *at;
  size_t count, cap;
} ranges;

/* IPv4 has nearly all prefixes and look-ups: its ranges hold all that is asked for, and of each /16 it is known where they begin, so that a look-up touches two or three cache lines. */
typedef struct range4 {
  uint32_t start;
  int32_t value; /* TIDE_PREFIX_NONE: no prefix holds it */
  uint8_t bits;
} range4;
enum { BLOCKS = 1 << 16 };

struct tide_prefixes {
  entry *entries; /* in the order of family, address, length once built */
  size_t count, cap;
  ranges four, six; /* four: until it is built */
  range4 *ranges4;
  uint32_t *blocks; /* by the upper half of an address: the first range that begins behind the block's first address */
};

tide_status tide_prefixes_new(tide_prefixes **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_prefixes_free(tide_prefixes *p) {
  if (!p) return;
  free(p->entries);
  free(p->four.at);
  free(p->six.at);
  free(p->ranges4);
  free(p->blocks);
  free(p);
}

tide_status tide_prefixes_add(tide_prefixes *p, const tide_network *net, int32_t value, uint32_t line) {
  if (p->count == p->cap) {
    size_t cap = p->cap ? p->cap * 2 : 256;
    entry *grown = realloc(p->entries, cap * sizeof *grown);
    if (!grown) return TIDE_FATAL;
    p->entries = grown;
    p->cap = cap;
  }
  p->entries[p->count++] = (entry){*net, value, line};
  return TIDE_OK;
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
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low;
}

/* The number behind the last address of a network; false where that was the last of all. */
static bool number_behind(const tide_network *net, number *out) {
  unsigned host = (net->address.family == 4 ? 32u : 128u) - net->bits;
  number n = number_of(&net->address);
  if (host >= 64) {
    uint64_t step = host == 128 ? 0 : (uint64_t)1 << (host - 64);
    n.high += step;
    *out = n;
    return step != 0 && n.high != 0;
  }
  uint64_t low = n.low + ((uint64_t)1 << host);
  if (low < n.low) n.high++;
  bool more = net->address.family == 4 ? low <= UINT32_MAX : !(low < n.low && n.high == 0);
  n.low = low;
  *out = n;
  return more;
}

static int entry_compare(const void *a, const void *b) {
  const entry *x = a, *y = b;
  if (x->net.address.family != y->net.address.family) return x->net.address.family < y->net.address.family ? -1 : 1;
  int order = memcmp(x->net.address.bytes, y->net.address.bytes, x->net.address.family == 4 ? 4 : 16);
  if (order) return order;
  if (x->net.bits != y->net.bits) return x->net.bits < y->net.bits ? -1 : 1;
  return x->line < y->line ? -1 : x->line > y->line;
}

/* Begins a range; one that begins where the last did takes its place. */
static tide_status range_add(ranges *r, number start, uint32_t entry_number) {
  if (r->count && number_compare(r->at[r->count - 1].start, start) == 0) {
    r->at[r->count - 1].entry = entry_number;
    return TIDE_OK;
  }
  if (r->count == r->cap) {
    size_t cap = r->cap ? r->cap * 2 : 256;
    range *grown = realloc(r->at, cap * sizeof *grown);
    if (!grown) return TIDE_FATAL;
    r->at = grown;
    r->cap = cap;
  }
  r->at[r->count++] = (range){start, entry_number};
  return TIDE_OK;
}

enum { NESTED_MAX = 129 }; /* a prefix of each length */

/* Closes those open networks that end at or before `start` (all of them where it is NULL). */
static tide_status close_until(const tide_prefixes *p, ranges *r, uint32_t *open, size_t *depth, const number *start) {
  while (*depth) {
    number behind;
    bool more = number_behind(&p->entries[open[*depth - 1] - 1].net, &behind);
    if (start && (!more || number_compare(behind, *start) > 0)) return TIDE_OK;
    --*depth;
    if (more && range_add(r, behind, *depth ? open[*depth - 1] : 0) != TIDE_OK) return TIDE_FATAL;
  }
  return TIDE_OK;
}

static tide_status pack4(tide_prefixes *p) {
  size_t count = p->four.count;
  p->ranges4 = malloc((count + 1) * sizeof *p->ranges4);
  p->blocks = malloc((BLOCKS + 1) * sizeof *p->blocks);
  if (!p->ranges4 || !p->blocks) return TIDE_FATAL;
  size_t at = 0;
  for (uint32_t block = 0; block <= BLOCKS; block++) {
    while (at < count && p->four.at[at].start.low <= (uint64_t)block << 16) at++;
    p->blocks[block] = (uint32_t)at;
  }
  for (size_t i = 0; i < count; i++) {
    const range *r = &p->four.at[i];
    const entry *e = r->entry ? &p->entries[r->entry - 1] : NULL;
    p->ranges4[i] = (range4){(uint32_t)r->start.low, e ? e->value : TIDE_PREFIX_NONE, e ? (uint8_t)e->net.bits : 0};
  }
  free(p->four.at);
  p->four.at = NULL;
  return TIDE_OK;
}

tide_status tide_prefixes_build(tide_prefixes *p, uint32_t *line) {
  /* Most tables are in order. */
  bool in_order = true;
  for (size_t i = 1; i < p->count && in_order; i++) in_order = entry_compare(&p->entries[i - 1], &p->entries[i]) <= 0;
  if (!in_order) qsort(p->entries, p->count, sizeof *p->entries, entry_compare);
  uint32_t open[NESTED_MAX];
  size_t depth = 0;
  uint8_t family = 0;
  ranges *r = NULL;
  for (size_t i = 0; i < p->count; i++) {
    const entry *e = &p->entries[i], *before = i ? e - 1 : NULL;
    if (before && before->net.bits == e->net.bits && tide_ip_equal(&before->net.address, &e->net.address)) {
      if (before->value == e->value) continue;
      *line = e->line;
      return TIDE_USAGE;
    }
    if (e->net.address.family != family) {
      if (r && close_until(p, r, open, &depth, NULL) != TIDE_OK) return TIDE_FATAL;
      depth = 0;
      family = e->net.address.family;
      r = family == 4 ? &p->four : &p->six;
    }
    number start = number_of(&e->net.address);
    if (close_until(p, r, open, &depth, &start) != TIDE_OK || range_add(r, start, (uint32_t)i + 1) != TIDE_OK) return TIDE_FATAL;
    open[depth++] = (uint32_t)i + 1;
  }
  if (r && close_until(p, r, open, &depth, NULL) != TIDE_OK) return TIDE_FATAL;
  return pack4(p);
}

size_t tide_prefixes_count(const tide_prefixes *p) { return p->count; }

/* The range that holds n, or NULL. */
static const range4 *find4(const tide_prefixes *p, uint32_t n) {
  if (!p->blocks) return NULL;
  /* Of the ranges in the block, the first that begins behind n. */
  uint32_t low = p->blocks[n >> 16], high = p->blocks[(n >> 16) + 1];
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (p->ranges4[middle].start <= n) low = middle + 1;
    else high = middle;
  }
  return low ? &p->ranges4[low - 1] : NULL;
}

static const entry *find6(const tide_prefixes *p, number n) {
  size_t low = 0, high = p->six.count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (number_compare(p->six.at[middle].start, n) <= 0) low = middle + 1;
    else high = middle;
  }
  uint32_t found = low ? p->six.at[low - 1].entry : 0;
  return found ? &p->entries[found - 1] : NULL;
}

int32_t tide_prefixes_find(const tide_prefixes *p, const tide_ip *ip, tide_network *net) {
  if (ip->family == 0) return TIDE_PREFIX_NONE;
  const number n = number_of(ip);
  if (ip->family == 4) {
    const range4 *r = find4(p, (uint32_t)n.low);
    if (!r || r->value == TIDE_PREFIX_NONE) return TIDE_PREFIX_NONE;
    if (net) *net = tide_network_of(ip, r->bits);
    return r->value;
  }
  const entry *e = find6(p, n);
  if (!e) return TIDE_PREFIX_NONE;
  if (net) *net = e->net;
  return e->value;
}
