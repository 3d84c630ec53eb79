/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sort that can be stopped, against the order it promises. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "base/sort.h"

typedef struct item {
  uint32_t key, place;
} item;

/* What a run is told: when to ask for its end, if ever. */
typedef struct watch {
  atomic_bool stop;
  size_t compared, stop_after;
} watch;

static int by_key(const void *a, const void *b, void *context) {
  const item *x = a, *y = b;
  watch *w = context;
  if (++w->compared == w->stop_after)
    atomic_store(&w->stop, true);
  return (x->key > y->key) - (x->key < y->key);
}

static item *items_of(size_t count, uint32_t keys) {
  item *items = malloc((count + 1) * sizeof *items);
  uint32_t seed = 7;
  assert_non_null(items);
  for (size_t i = 0; i < count; i++) {
    seed = seed * 1664525u + 1013904223u;
    items[i] = (item){seed / 256 % keys, (uint32_t)i};
  }
  return items;
}

/* Around the length of a run, and with none, few and many equals: in order, and none is lost. */
static void order(void **state) {
  (void)state;
  static const size_t counts[] = {0, 1, 2, 4095, 4096, 4097, 8192, 12289, 100000};
  static const uint32_t keys[] = {1, 7, 1 << 20};
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
    at("%zu items", counts[c]);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
      at("%u keys", keys[k]);
      item *items = items_of(counts[c], keys[k]);
      watch w = {.stop_after = 0};
      assert_int_equal(tide_sort(items, counts[c], sizeof *items, by_key, &w, &w.stop), TIDE_OK);
      uint64_t places = 0;
      for (size_t i = 0; i < counts[c]; i++) {
        at("i = %zu", i);
        places += items[i].place;
        assert_true(i == 0 || items[i - 1].key <= items[i].key);
      }
      assert_int_equal(places, counts[c] * (counts[c] - (counts[c] > 0)) / 2);
      free(items);
    }
  }
}

/* Whenever it is asked to stop, it does so within a few runs, not at the end. */
static void stopped(void **state) {
  (void)state;
  enum { COUNT = 100000, SOON = 60000 };
  for (size_t after = 1; after < 1400000; after += 99991) {
    at("after = %zu", after);
    item *items = items_of(COUNT, 1 << 20);
    watch w = {.stop_after = after};
    assert_int_equal(tide_sort(items, COUNT, sizeof *items, by_key, &w, &w.stop), TIDE_END);
    assert_number(w.compared, <, after + SOON);
    free(items);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(order), cmocka_unit_test(stopped)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
