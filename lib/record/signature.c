/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/signature.h"

#include <stdlib.h>

#include "spamtide/limits.h"

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

unsigned tide_signature_likeness(tide_span a, tide_span b) {
  if (tide_span_equal(a, b))
    return 100;
  uint32_t na = sketch_count(a), nb = sketch_count(b), i = 0, k = 0, both = 0, all = 0;
  if (na == 0 || nb == 0)
    return 0;
  /* The least values of the union are a sample of it, whichever of the two is the longer text; and
   * each is in both sketches or not in both texts. */
  for (; all < TIDE_SIGNATURE_VALUES && (i < na || k < nb); all++) {
    if (k == nb) {
      i++;
    } else if (i == na) {
      k++;
    } else {
      int order = memcmp(a.ptr + 1 + 4 * (size_t)i, b.ptr + 1 + 4 * (size_t)k, 4);
      both += order == 0;
      i += order <= 0;
      k += order >= 0;
    }
  }
  return both * 100 / all;
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

/* By key, then by the values that follow it: what has more than the key in common stands together.
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

tide_status tide_signature_group(const tide_span *signatures, uint32_t count, uint32_t *leader) {
  size_t room = count ? count : 1;
  uint32_t *order = malloc(room * sizeof *order), *parent = malloc(room * sizeof *parent);
  tide_span *sorted = malloc(room * sizeof *sorted);
  entry *entries = malloc(room * KEYS * sizeof *entries);
  tide_status status = order && parent && sorted && entries ? TIDE_OK : TIDE_FATAL;
  if (status == TIDE_OK) {
    grouping given = {.signatures = signatures};
    for (uint32_t i = 0; i < count; i++)
      order[i] = parent[i] = i;
    qsort_r(order, count, sizeof *order, by_bytes, &given);
    for (uint32_t i = 0; i < count; i++)
      sorted[i] = signatures[order[i]];
    grouping g = {.signatures = sorted};
    size_t n = 0;
    for (uint32_t i = 0; i < count; i++)
      for (uint32_t k = 0; k < KEYS && k < sketch_count(sorted[i]); k++)
        entries[n++] = (entry){sketch_value(sorted[i], k), i};
    qsort_r(entries, n, sizeof *entries, by_key, &g);
    for (size_t i = 0; i < n; i++) {
      for (size_t k = i + 1; k < n && k - i <= TIDE_LIMIT_ALIKE && entries[k].key == entries[i].key;
           k++) {
        uint32_t a = root(parent, entries[i].signature), b = root(parent, entries[k].signature);
        if (a != b && tide_signature_likeness(sorted[entries[i].signature],
                                              sorted[entries[k].signature]) >= TIDE_SIGNATURE_ALIKE)
          join(parent, a, b);
      }
    }
    for (uint32_t i = 0; i < count; i++)
      leader[order[i]] = order[root(parent, i)];
  }
  free(order);
  free(parent);
  free(sorted);
  free(entries);
  return status;
}

void tide_signature_name(tide_span signature, char out[TIDE_SIGNATURE_NAME + 1]) {
  uint64_t h = 0xcbf29ce484222325u; /* FNV-1a, then the finisher of splitmix64 */
  for (size_t i = 0; i < signature.len; i++)
    h = (h ^ (unsigned char)signature.ptr[i]) * 0x100000001b3u;
  h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
  h = (h ^ h >> 27) * 0x94d049bb133111ebu;
  h ^= h >> 31;
  out[0] = 't';
  for (int i = 1; i < TIDE_SIGNATURE_NAME; i++)
    out[i] = "0123456789abcdef"[h >> (64 - 4 * i) & 15];
  out[TIDE_SIGNATURE_NAME] = 0;
}
