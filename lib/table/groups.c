/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Largest first, and of equals the bytewise least. With --top a heap keeps only those that are
 * shown. */
#include "groups.h"

#include <stdlib.h>

#include "base/sort.h"

/* The rest that --top leaves comes last, whatever its size. */
bool tide_groups_is_rest(tide_span group) {
  tide_span value;
  return tide_group_take(&group, &value) && tide_span_equal(value, SPAN(TIDE_GROUP_OTHER));
}

/* What a group is sorted by, so that a look at the tally is needed only where 16 bytes of two
 * groups are the same. */
typedef struct sort_key {
  uint64_t messages, begin[2]; /* begin: the first bytes of the group, the first of them the
                                  highest; zeros after the last */
  uint32_t group;
  bool rest;
} sort_key;

static sort_key key_of(const tide_tally *t, uint32_t group) {
  tide_span bytes = tide_tally_group(t, group);
  sort_key key = {.messages = tide_tally_group_messages(t, group),
                  .group = group,
                  .rest = tide_groups_is_rest(bytes)};
  unsigned char begin[16] = {0};
  memcpy(begin, bytes.ptr, bytes.len < sizeof begin ? bytes.len : sizeof begin);
  for (size_t i = 0; i < sizeof begin; i++)
    key.begin[i / 8] = key.begin[i / 8] << 8 | begin[i];
  return key;
}

static int key_compare(const void *a, const void *b, void *context) {
  const tide_tally *t = context;
  const sort_key *x = a, *y = b;
  if (x->rest != y->rest)
    return x->rest ? 1 : -1;
  if (x->messages != y->messages)
    return x->messages > y->messages ? -1 : 1;
  for (int i = 0; i < 2; i++)
    if (x->begin[i] != y->begin[i])
      return x->begin[i] < y->begin[i] ? -1 : 1;
  return tide_span_compare(tide_tally_group(t, x->group), tide_tally_group(t, y->group));
}

uint32_t *tide_groups_sorted(const tide_tally *t) {
  uint32_t count = tide_tally_group_count(t);
  uint32_t *order = malloc((count + 1u) * sizeof *order);
  sort_key *keys = malloc((count + 1u) * sizeof *keys);
  bool sorted = order && keys;
  for (uint32_t i = 0; i < count && sorted; i++)
    keys[i] = key_of(t, i);
  sorted = sorted && tide_sort(keys, count, sizeof *keys, key_compare, (void *)(uintptr_t)t,
                               tide_tally_stop(t)) == TIDE_OK;
  for (uint32_t i = 0; i < count && sorted; i++)
    order[i] = keys[i].group;
  free(keys);
  if (sorted)
    return order;
  free(order);
  return NULL;
}

void tide_groups_values(tide_span group, size_t count, tide_value *row) {
  for (size_t i = 0; i < count; i++) {
    tide_span value;
    row[i] = tide_group_take(&group, &value) ? tide_value_text(value) : tide_value_empty();
  }
}

void tide_groups_all(size_t count, tide_value *row) {
  for (size_t i = 0; i < count; i++)
    row[i] = tide_value_word(SPAN(TIDE_GROUP_ALL));
}

static tide_status rows_write(const tide_group_rows *r, const uint32_t *order, tide_value *row,
                              tide_error *err) {
  tide_groups_all(r->values, row);
  TIDE_TRY(r->write(r->context, (tide_table_group){r->total, 0, row}, err));
  for (uint32_t i = 0; r->values && i < tide_tally_group_count(r->groups); i++) {
    tide_groups_values(tide_tally_group(r->groups, order[i]), r->values, row);
    TIDE_TRY(r->write(r->context, (tide_table_group){r->groups, order[i], row}, err));
  }
  return TIDE_OK;
}

tide_status tide_groups_each(const tide_group_rows *r, tide_error *err) {
  tide_value *row = calloc(r->values + r->columns, sizeof *row);
  uint32_t *order = tide_groups_sorted(r->groups);
  const tide_status status = row && order ? rows_write(r, order, row, err) : tide_error_memory(err);
  free(row);
  free(order);
  return status;
}

const tide_example **tide_groups_examples(const tide_examples *examples, const uint32_t *leader) {
  const uint32_t count = tide_examples_count(examples);
  const tide_example **best = calloc(count + 1u, sizeof *best);
  for (uint32_t i = 0; best && i < count; i++) {
    const tide_example *e = tide_examples_get(examples, i);
    if (!best[leader[i]] || tide_example_compare(e, best[leader[i]]) < 0)
      best[leader[i]] = e;
  }
  return best;
}

/* Moves the key at `at` down to where both below it come before it in the order of a table: the
 * root is the last of those kept. */
static void sift(sort_key *heap, size_t count, size_t at, const tide_tally *t) {
  void *context = (void *)(uintptr_t)t;
  for (size_t child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && key_compare(&heap[child], &heap[child + 1], context) < 0)
      child++;
    if (key_compare(&heap[at], &heap[child], context) >= 0)
      return;
    sort_key swap = heap[at];
    heap[at] = heap[child];
    heap[child] = swap;
  }
}

/* The first `top` of the order, without sorting the many others: a heap of them. */
static void heap_fill(sort_key *heap, uint32_t top, const tide_tally *from) {
  const uint32_t count = tide_tally_group_count(from);
  for (uint32_t i = 0; i < top; i++)
    heap[i] = key_of(from, i);
  for (size_t i = top / 2; i-- > 0;)
    sift(heap, top, i, from);
  for (uint32_t i = top; i < count && top; i++) {
    if (tide_tally_group_messages(from, i) < heap[0].messages && !heap[0].rest)
      continue;
    sort_key key = key_of(from, i);
    if (key_compare(&key, &heap[0], (void *)(uintptr_t)from) > 0)
      continue;
    heap[0] = key;
    sift(heap, top, 0, from);
  }
}

tide_status tide_tally_top(const tide_tally *from, uint32_t top, size_t group_values,
                           tide_tally **out) {
  const uint32_t count = tide_tally_group_count(from);
  if (top > count)
    top = count;
  sort_key *heap = malloc((top + 1u) * sizeof *heap);
  tide_span *map = malloc((count + 1u) * sizeof *map);
  tide_buffer other = {0};
  tide_status status = heap && map ? TIDE_OK : TIDE_FATAL;
  for (size_t i = 0; i < group_values && status == TIDE_OK; i++)
    status = tide_group_put(&other, SPAN(TIDE_GROUP_OTHER));
  if (status == TIDE_OK) {
    heap_fill(heap, top, from);
    for (uint32_t i = 0; i < count; i++)
      map[i] = tide_buffer_span(&other);
    for (uint32_t i = 0; i < top; i++)
      map[heap[i].group] = tide_tally_group(from, heap[i].group);
    status = tide_tally_remake(from, map, NULL, NULL, out);
  }
  free(heap);
  free(map);
  tide_buffer_free(&other);
  return status;
}
