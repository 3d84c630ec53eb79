/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays whose items never move, and large tables of zeros. */
#include "cmocka_all.h"

#include "base/pages.h"

static void pages_meet(void **state) {
  (void)state;
  assert_int_equal(tide_pages_page(0), 0);
  assert_int_equal(tide_pages_page(TIDE_PAGES_FIRST - 1), 0);
  assert_int_equal(tide_pages_page(TIDE_PAGES_FIRST), 1);
  for (unsigned page = 1; page < TIDE_PAGES; page++) {
    at("page = %u", page);
    assert_int_equal(tide_pages_page(tide_pages_start(page) - 1), page - 1);
    assert_int_equal(tide_pages_page(tide_pages_start(page)), page);
  }
  assert_int_equal(tide_pages_page(TIDE_PAGES_ITEMS - 1), TIDE_PAGES - 1);
}

/* Through pages of the allocator, of their own, and of huge pages: each item is zeros when made,
 * and stays where and what it is. */
static void items_stay(void **state) {
  (void)state;
  enum { ITEMS = 300000 };
  typedef struct item {
    uint64_t a, b, c;
  } item;
  tide_pages pages = {{0}};
  item *first = NULL;
  for (uint32_t i = 0; i < ITEMS; i++) {
    at("i = %u", i);
    assert_int_equal(tide_pages_make(&pages, i, sizeof(item)), TIDE_OK);
    item *made = tide_pages_at(&pages, i, sizeof(item));
    if (i == 0)
      first = made;
    assert_true(made->a == 0 && made->b == 0 && made->c == 0);
    *made = (item){i, ~(uint64_t)i, 1};
  }
  assert_ptr_equal(tide_pages_at(&pages, 0, sizeof(item)), first);
  for (uint32_t i = 0; i < ITEMS; i++) {
    at("i = %u", i);
    const item *kept = tide_pages_at(&pages, i, sizeof(item));
    assert_true(kept->a == i && kept->b == ~(uint64_t)i && kept->c == 1);
  }
  tide_pages_free(&pages, sizeof(item));
  assert_null(pages.page[0]);
  assert_int_equal(tide_pages_make(&pages, TIDE_PAGES_ITEMS, sizeof(item)), TIDE_FATAL);
}

static void zeros_of_all_sizes(void **state) {
  (void)state;
  static const size_t sizes[] = {1,       4096,          (128 << 10) - 1, 128 << 10, (2 << 20) - 1,
                                 2 << 20, (2 << 20) + 1, (5 << 20) + 4097};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    at("%zu bytes", sizes[i]);
    char *zeros = tide_zeros_new(sizes[i], 1);
    assert_non_null(zeros);
    for (size_t at = 0; at < sizes[i]; at++) {
      at("at = %zu", at);
      assert_int_equal(zeros[at], 0);
    }
    memset(zeros, 1, sizes[i]);
    tide_zeros_free(zeros, sizes[i], 1);
  }
  tide_zeros_free(NULL, 1, 1);
  assert_null(tide_zeros_new(SIZE_MAX / 2, 4));
  assert_null(tide_zeros_new(SIZE_MAX - 100, 1));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(pages_meet), cmocka_unit_test(items_stay),
                                     cmocka_unit_test(zeros_of_all_sizes)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
