/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmocka_all.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/room.h"

static void elements_stay_as_the_array_grows(void **state) {
  (void)state;
  uint32_t *numbers = NULL;
  size_t cap = 0;
  for (uint32_t i = 0; i < 10000; i++) {
    at("i = %u", i);
    assert_int_equal(tide_room(&numbers, &cap, i, sizeof *numbers), TIDE_OK);
    assert_number(i, <, cap);
    numbers[i] = i;
  }
  for (uint32_t i = 0; i < 10000; i++) {
    at("i = %u", i);
    assert_int_equal(numbers[i], i);
  }
  assert_number(cap, <, 20000);
  /* A number far beyond the end has room too. */
  assert_int_equal(tide_room(&numbers, &cap, 99999, sizeof *numbers), TIDE_OK);
  assert_number(cap, >, 99999);
  assert_int_equal(numbers[9999], 9999);
  free(numbers);
}

static void a_size_without_a_number_changes_nothing(void **state) {
  (void)state;
  uint32_t *numbers = NULL;
  size_t cap = 0;
  assert_int_equal(tide_room(&numbers, &cap, SIZE_MAX / 4, sizeof *numbers), TIDE_FATAL);
  assert_null(numbers);
  assert_int_equal(cap, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(elements_stay_as_the_array_grows),
      cmocka_unit_test(a_size_without_a_number_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
