/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands after most of what is counted. */
#include "cmocka_all.h"

#include "tally/leader.h"

/* Frequent addresses are counted in sixteen slots; what is more than half is found, whatever else
 * there is. */
static void leaders(void **state) {
  (void)state;
  tide_leaders all = {.total = 0}, part[2] = {{.total = 0}};
  for (int i = 0; i < 1000; i++) {
    const bool most = i % 5 < 3;
    const tide_ip ip = {
        .family = 4, .bytes = {198, 51, (uint8_t)(most ? 100 : i / 256), (uint8_t)(most ? 7 : i)}};
    tide_leaders_add(&all, &ip, 1);
    tide_leaders_add(&part[i >= 500], &ip, 1);
  }
  tide_leaders_merge(&part[0], &part[1]);
  const tide_leaders *each[] = {&all, &part[0]};
  for (size_t i = 0; i < 2; i++) {
    at("i = %zu", i);
    const int slot = tide_leaders_majority(each[i]);
    assert_int_equal(each[i]->total, 1000);
    assert_number(slot, >=, 0);
    assert_int_equal(each[i]->address[slot].bytes[3], 7);
    assert_number(tide_leaders_count(each[i], slot), <=, 600);
  }
  tide_leaders none = {.total = 0};
  assert_int_equal(tide_leaders_majority(&none), -1);
  for (int i = 0; i < 100; i++) {
    const tide_ip ip = {.family = 4, .bytes = {192, 0, 2, (uint8_t)(i % 2)}};
    tide_leaders_add(&none, &ip, 1);
  }
  assert_int_equal(tide_leaders_majority(&none), -1); /* half is not more than half */
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(leaders)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
