/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sketch of least hash values, as Broder's (1997): the share of values that two have in common
 * estimates how alike their texts are. */
#include "record/signature.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/mix.h"
#include "base/sort.h"

/* The least values of a sketch under which it is looked up. Two texts alike by 40 percent share
 * none of so many in two cases of a thousand (0.6^12). */
enum { KEYS = 12 };

static bool is_sketch(tide_span s) {
  return s.len > 1 && s.ptr[0] == TIDE_SIGNATURE_SKETCH && s.len <= TIDE_SIGNATURE_MAX &&
         (s.len - 1) % 4 == 0;
}

static uint32_t sketch_count(tide_span s) {
  return is_sketch(s) ? (uint32_t)(s.len - 1) / 4 : 0;
}

static uint32_t sketch_value(tide_span s, uint32_t i) {
  const unsigned char *p = (const unsigned char *)s.ptr + 1 + 4 * (size_t)i;
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* --- what is in most messages --- */

enum {
  SAMPLE = 128,    /* signatures in which common values are looked for */
  SAMPLE_HAVE = 6, /* of them have a value that may be common */
  COMMON_MAX = SAMPLE * TIDE_SIGNATURE_VALUES / SAMPLE_HAVE,
  COMMON_OF = 20, /* signatures that must tell of a value, before more than half is most */
  LEFT_MIN = 8    /* values that two sketches must have left to be compared by */
};

/* Values that are in most signatures, ascending. */
struct tide_common_values {
  uint32_t values[COMMON_MAX], count;
};

/* The position of value, or of the first above it. */
static uint32_t common_position(const tide_common_values *c, uint32_t value) {
  uint32_t low = 0, high = c->count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (c->values[middle] < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static bool is_common(const tide_common_values *c, uint32_t value) {
  uint32_t at = common_position(c, value);
  return at < c->count && c->values[at] == value;
}

unsigned tide_signature_likeness(tide_span a, tide_span b, const tide_common_values *common) {
  if (tide_span_equal(a, b))
    return 100;
  uint32_t na = sketch_count(a), nb = sketch_count(b), i = 0, k = 0, both = 0, all = 0, passed = 0;
  if (na == 0 || nb == 0)
    return 0;
  /* The least values of the union are a sample of it, whichever of the two is the longer text; and
   * each is in both sketches or not in both texts. */
  while (all + passed < TIDE_SIGNATURE_VALUES && (i < na || k < nb)) {
    int order = k == nb ? -1 : 1;
    if (i < na && k < nb)
      order = memcmp(a.ptr + 1 + 4 * (size_t)i, b.ptr + 1 + 4 * (size_t)k, 4);
    uint32_t value = order <= 0 ? sketch_value(a, i) : sketch_value(b, k);
    i += order <= 0;
    k += order >= 0;
    if (common && is_common(common, value)) {
      passed++;
      continue;
    }
    both += order == 0;
    all++;
  }
  return passed && all < LEFT_MIN ? 0 : both * 100 / all;
}

static int by_number(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

/* Values that some of a sample have, which is drawn by place among the sorted. */
static void find_candidates(const tide_span *sorted, uint32_t count, tide_common_values *out) {
  uint32_t values[SAMPLE * TIDE_SIGNATURE_VALUES], n = 0;
  for (uint32_t i = 0; i < SAMPLE; i++) {
    tide_span s = sorted[(uint64_t)i * count / SAMPLE];
    for (uint32_t k = 0; k < sketch_count(s); k++)
      values[n++] = sketch_value(s, k);
  }
  qsort(values, n, sizeof *values, by_number);
  for (uint32_t i = 0, end; i < n; i = end) {
    for (end = i; end < n && values[end] == values[i];)
      end++;
    if (end - i >= SAMPLE_HAVE)
      out->values[out->count++] = values[i];
  }
}

/* Keeps the candidates that more than half of the signatures have, of those that tell: a full
 * sketch says nothing of values above its last. */
static void keep_common(const tide_span *sorted, uint32_t count, const atomic_bool *stop,
                        tide_common_values *c) {
  uint32_t have[COMMON_MAX] = {0}, tell[COMMON_MAX + 1] = {0}, kept = 0;
  for (uint32_t i = 0; i < count && !tide_stopped(stop); i++) {
    uint32_t n = sketch_count(sorted[i]);
    if (n == 0)
      continue;
    for (uint32_t k = 0; k < n; k++) {
      uint32_t at = common_position(c, sketch_value(sorted[i], k));
      if (at < c->count && c->values[at] == sketch_value(sorted[i], k))
        have[at]++;
    }
    bool full = n == TIDE_SIGNATURE_VALUES;
    uint32_t last = full ? sketch_value(sorted[i], n - 1) : UINT32_MAX;
    tell[last == UINT32_MAX ? c->count : common_position(c, last + 1)]++;
  }
  /* tell[i] counts the sketches that tell of the first i candidates and no more. */
  for (uint32_t i = c->count; i-- > 0;)
    tell[i] += tell[i + 1];
  for (uint32_t i = 0; i < c->count; i++)
    if (tell[i + 1] >= COMMON_OF && have[i] * 2ull > tell[i + 1])
      c->values[kept++] = c->values[i];
  c->count = kept;
}

/* What most signatures have: a list's footer, a disclaimer. Not where it is most of what these
 * signatures have: then one template is most of the archive. */
static void find_common(const tide_span *sorted, uint32_t count, const atomic_bool *stop,
                        tide_common_values *c) {
  uint32_t with = 0, alike = 0;
  c->count = 0;
  if (count < COMMON_OF)
    return;
  find_candidates(sorted, count, c);
  keep_common(sorted, count, stop, c);
  for (uint32_t i = 0; i < count && c->count && !tide_stopped(stop); i++) {
    uint32_t n = sketch_count(sorted[i]), shared = 0;
    for (uint32_t k = 0; k < n; k++)
      shared += is_common(c, sketch_value(sorted[i], k));
    with += shared > 0;
    alike += shared && shared * 100 >= n * TIDE_SIGNATURE_ALIKE;
  }
  if (alike * 2ull > with)
    c->count = 0;
}

/* --- groups --- */

/* One sketch under one of its least values. */
typedef struct entry {
  uint32_t key, signature;
} entry;

typedef struct grouping {
  const tide_span *signatures;
} grouping;

static int by_bytes(const void *a, const void *b, void *context) {
  const grouping *g = context;
  return tide_span_compare(g->signatures[*(const uint32_t *)a],
                           g->signatures[*(const uint32_t *)b]);
}

/* By key, then by the values that follow it: what has more than the key in common is together.
 */
static int by_key(const void *a, const void *b, void *context) {
  const grouping *g = context;
  const entry *x = a, *y = b;
  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  tide_span s = g->signatures[x->signature], t = g->signatures[y->signature];
  uint32_t i = 0, k = 0;
  while (sketch_value(s, i) != x->key)
    i++;
  while (sketch_value(t, k) != y->key)
    k++;
  int order = tide_span_compare(tide_span_slice(s, 1 + 4 * (size_t)i, s.len),
                                tide_span_slice(t, 1 + 4 * (size_t)k, t.len));
  return order ? order : tide_span_compare(s, t);
}

static uint32_t root(uint32_t *parent, uint32_t i) {
  while (parent[i] != i)
    i = parent[i] = parent[parent[i]];
  return i;
}

/* The tree whose root comes first in bytewise order takes the other in; parent is by that order. */
static void join(uint32_t *parent, uint32_t a, uint32_t b) {
  if (a < b)
    parent[b] = a;
  else
    parent[a] = b;
}

/* Room for the grouping of `count` signatures. */
typedef struct grouping_room {
  uint32_t *order, *parent;
  tide_span *sorted;
  entry *entries;
} grouping_room;

/* The first keys of each signature that are not common to many. */
static size_t entries_fill(const grouping_room *m, uint32_t count,
                           const tide_common_values *common) {
  size_t n = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t keys = 0;
    for (uint32_t k = 0; keys < KEYS && k < sketch_count(m->sorted[i]); k++) {
      uint32_t value = sketch_value(m->sorted[i], k);
      if (is_common(common, value))
        continue;
      m->entries[n++] = (entry){value, i};
      keys++;
    }
  }
  return n;
}

/* Joins the signatures with a key in common that are alike. */
static tide_status entries_join(const grouping_room *m, size_t n, const tide_common_values *common,
                                const atomic_bool *stop) {
  const entry *e = m->entries;
  for (size_t i = 0; i < n; i++) {
    if (tide_stopped(stop))
      return TIDE_END;
    for (size_t k = i + 1; k < n && k - i <= TIDE_LIMIT_ALIKE && e[k].key == e[i].key; k++) {
      uint32_t a = root(m->parent, e[i].signature), b = root(m->parent, e[k].signature);
      if (a != b && tide_signature_likeness(m->sorted[e[i].signature], m->sorted[e[k].signature],
                                            common) >= TIDE_SIGNATURE_ALIKE)
        join(m->parent, a, b);
    }
  }
  return TIDE_OK;
}

static tide_status leaders_find(const grouping_room *m, const tide_span *signatures, uint32_t count,
                                const atomic_bool *stop, uint32_t *leader) {
  grouping given = {.signatures = signatures}, in_order = {.signatures = m->sorted};
  tide_common_values common;
  for (uint32_t i = 0; i < count; i++)
    m->order[i] = m->parent[i] = i;
  TIDE_TRY(tide_sort(m->order, count, sizeof *m->order, by_bytes, &given, stop));
  for (uint32_t i = 0; i < count; i++)
    m->sorted[i] = signatures[m->order[i]];
  find_common(m->sorted, count, stop, &common);
  const size_t n = entries_fill(m, count, &common);
  TIDE_TRY(tide_sort(m->entries, n, sizeof *m->entries, by_key, &in_order, stop));
  TIDE_TRY(entries_join(m, n, &common, stop));
  for (uint32_t i = 0; i < count; i++)
    leader[m->order[i]] = m->order[root(m->parent, i)];
  return TIDE_OK;
}

tide_status tide_signature_group(const tide_span *signatures, uint32_t count,
                                 const atomic_bool *stop, uint32_t *leader) {
  const size_t room = count ? count : 1;
  const grouping_room m = {.order = malloc(room * sizeof *m.order),
                           .parent = malloc(room * sizeof *m.parent),
                           .sorted = malloc(room * sizeof *m.sorted),
                           .entries = malloc(room * KEYS * sizeof *m.entries)};
  tide_status status = TIDE_FATAL;
  if (m.order && m.parent && m.sorted && m.entries)
    status = leaders_find(&m, signatures, count, stop, leader);
  free(m.order);
  free(m.parent);
  free(m.sorted);
  free(m.entries);
  return status;
}

void tide_signature_name(tide_span signature, char out[TIDE_SIGNATURE_NAME + 1]) {
  const uint64_t h = tide_hash_fixed(signature);
  out[0] = 't';
  for (int i = 1; i < TIDE_SIGNATURE_NAME; i++)
    out[i] = "0123456789abcdef"[h >> (64 - 4 * i) & 15];
  out[TIDE_SIGNATURE_NAME] = 0;
}
