/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery: what R says, and what stands at the edges of the definitions. */
#include "r_lines.h"

#include <math.h>

#include "spamtide/recovery.h"

static void check(const double *before, size_t before_days, const double *after, size_t after_days,
                  const double *want) {
  tide_recovery_options options = {
      .to = want[0], .smooth = (size_t)want[1], .sustain = (size_t)want[2]};
  tide_recovery r;
  assert_int_equal(tide_recovery_find(before, before_days, after, after_days, &options, &r),
                   TIDE_OK);
  assert_int_equal(r.status, (int)want[3]);
  assert_near(r.before, want[4]);
  assert_near(r.target, want[5]);
  assert_near(r.first, want[6]);
  assert_near(r.lowest, want[7]);
  assert_int_equal(r.lowest_day, (size_t)want[8]);
  assert_near(r.last, want[9]);
  assert_int_equal(r.days, (size_t)want[10]);
  assert_int_equal(r.has_half ? r.half_days : 0, (size_t)want[11]);
}

static void test_r(void **state) {
  (void)state;
  static r_lines r;
  static double before[R_VALUES_MOST], after[R_VALUES_MOST];
  size_t before_days = 0, after_days = 0, checked = 0;
  r_open(&r, "recovery.txt");
  while (r_next(&r)) {
    double *to = strcmp(r.name, "before") == 0 ? before : after;
    if (strcmp(r.name, "recovery") == 0) {
      check(before, before_days, after, after_days, r.values);
      checked++;
      continue;
    }
    memcpy(to, r.values, r.count * sizeof *to);
    if (to == before)
      before_days = r.count;
    else
      after_days = r.count;
  }
  assert_int_equal(checked, 5);
}

static tide_recovery find(double before, size_t before_days, const double *after, size_t after_days,
                          size_t smooth, size_t sustain) {
  double days[28] = {0};
  tide_recovery r;
  for (size_t i = 0; i < before_days; i++)
    days[i] = before;
  assert_int_equal(
      tide_recovery_find(days, before_days, after, after_days,
                         &(tide_recovery_options){.to = 0.9, .smooth = smooth, .sustain = sustain},
                         &r),
      TIDE_OK);
  return r;
}

static void test_edges(void **state) {
  (void)state;
  const double back[] = {1, 1, 1, 9, 9, 9}, briefly[] = {1, 9, 1, 1, 1, 1},
               late[] = {10, 10, 10, 1, 1, 1};
  assert_int_equal(find(10, 0, back, 6, 1, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(10, 28, back, 0, 1, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(10, 28, back, 6, 7, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(0, 28, back, 6, 1, 0).status, TIDE_RECOVERY_NOTHING_BEFORE);
  assert_int_equal(find(19, 1, back, 6, 1, 0).status, TIDE_RECOVERY_TOO_FEW);
  assert_int_equal(find(20, 1, back, 6, 1, 0).status, TIDE_RECOVERY_NOT_WITHIN);
  /* Back at nine, which is 90 percent of ten to the last bit, at the end of the fourth day, and
   * stays for the two more that there are but not for three. */
  assert_int_equal(find(10, 28, back, 6, 1, 2).status, TIDE_RECOVERY_RECOVERED);
  assert_int_equal(find(10, 28, back, 6, 1, 2).days, 4);
  assert_int_equal(find(10, 28, back, 6, 1, 3).status, TIDE_RECOVERY_NOT_WITHIN);
  assert_int_equal(find(10, 28, briefly, 6, 1, 0).days, 2);
  assert_int_equal(find(10, 28, briefly, 6, 1, 1).status, TIDE_RECOVERY_NOT_WITHIN);
  /* What falls later than the days that it would have to stay did not fall with the event. */
  assert_int_equal(find(10, 28, late, 6, 1, 2).status, TIDE_RECOVERY_NEVER_FELL);
  assert_int_equal(find(10, 28, late, 6, 1, 3).status, TIDE_RECOVERY_NOT_WITHIN);
  assert_false(find(10, 28, late, 6, 1, 3).has_half);
  assert_string_equal(tide_recovery_status_name(TIDE_RECOVERY_NOT_WITHIN), "not-within-archive");
}

/* Days that are not known are in no level; where none is, the level stays what it was. */
static void test_unknown_days(void **state) {
  (void)state;
  const double before[] = {10, NAN, 10, 10}, after[] = {2, 2, NAN, NAN, NAN, 10, 10, 10};
  const tide_recovery_options options = {.to = 0.9, .smooth = 2, .sustain = 1};
  tide_recovery r;
  assert_int_equal(tide_recovery_find(before, 4, after, 8, &options, &r), TIDE_OK);
  assert_near(r.before, 10);
  assert_near(r.first, 2);
  assert_near(r.lowest, 2);
  /* The levels at the ends of days 2 to 8: 2, 2, 2, 2, 10, 10, 10. */
  assert_int_equal(r.days, 6);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_r), cmocka_unit_test(test_edges),
                                     cmocka_unit_test(test_unknown_days)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
