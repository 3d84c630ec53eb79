/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recovery: what R says, and what stands at the edges of the definitions. */
#include "r_lines.h"

#include <math.h>

#include "stats/recovery.h"

static const char *const statuses[] = {"recovered", "not-within-archive", "never-fell"};

static tide_recovery series_find(const double *before, size_t before_days, const double *after,
                                 size_t after_days, const tide_recovery_options *options) {
  static double all[2 * R_VALUES_MOST];
  tide_recovery r;
  memcpy(all, before, before_days * sizeof *all);
  memcpy(all + before_days, after, after_days * sizeof *all);
  const tide_recovery_days days = {.counts = all, .before = before_days, .after = after_days};
  assert_int_equal(tide_recovery_find(&days, options, &r), TIDE_OK);
  return r;
}

static void check(const double *before, size_t before_days, const double *after, size_t after_days,
                  const double *want) {
  tide_recovery_options options = {
      .to = want[0], .smooth = (size_t)want[1], .sustain = (size_t)want[2]};
  tide_recovery r = series_find(before, before_days, after, after_days, &options);
  assert_string_equal(tide_recovery_status_name(r.status), statuses[(int)want[3]]);
  assert_near(r.before, want[4]);
  assert_near(r.target, want[5]);
  assert_near(r.first, want[6]);
  assert_near(r.lowest, want[7]);
  assert_int_equal(r.lowest_day, (size_t)want[8]);
  assert_near(r.last, want[9]);
  assert_int_equal(r.back.known ? r.back.days : 0, (size_t)want[10]);
  assert_int_equal(r.half.known ? r.half.days : 0, (size_t)want[11]);
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
  for (size_t i = 0; i < before_days; i++)
    days[i] = before;
  return series_find(days, before_days, after, after_days,
                     &(tide_recovery_options){.to = 0.9, .smooth = smooth, .sustain = sustain});
}

static void test_edges(void **state) {
  (void)state;
  const double back[] = {1, 1, 1, 1, 1, 9, 9, 9}, briefly[] = {1, 9, 1, 1, 1, 1, 1, 1},
               late[] = {10, 10, 10, 1, 1, 1, 1, 1}, shallow[] = {7, 7, 7, 7, 7, 7, 7, 7};
  assert_int_equal(find(10, 0, back, 8, 1, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(10, 28, back, 0, 1, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(10, 28, back, 6, 7, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(10, 28, back, 6, 1, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(10, 6, back, 8, 1, 0).status, TIDE_RECOVERY_TOO_SHORT);
  assert_int_equal(find(0, 28, back, 8, 1, 0).status, TIDE_RECOVERY_NOTHING_BEFORE);
  assert_int_equal(find(19, 1, back, 8, 1, 0).status, TIDE_RECOVERY_TOO_FEW);
  /* Back at nine, which is 90 percent of ten to the last bit, at the end of the sixth day, and
   * stays for the two more that there are but not for three. */
  assert_int_equal(find(10, 28, back, 8, 1, 2).status, TIDE_RECOVERY_RECOVERED);
  assert_int_equal(find(10, 28, back, 8, 1, 2).back.days, 6);
  assert_int_equal(find(10, 28, back, 8, 1, 3).status, TIDE_RECOVERY_NOT_WITHIN);
  assert_int_equal(find(10, 28, briefly, 8, 1, 0).back.days, 2);
  assert_int_equal(find(10, 28, briefly, 8, 1, 1).status, TIDE_RECOVERY_NOT_WITHIN);
  /* What falls later than the days that it would have to stay did not fall with the event. */
  assert_int_equal(find(10, 28, late, 8, 1, 2).status, TIDE_RECOVERY_NEVER_FELL);
  assert_int_equal(find(10, 28, late, 8, 1, 3).status, TIDE_RECOVERY_NOT_WITHIN);
  assert_false(find(10, 28, late, 8, 1, 3).half.known);
  assert_int_equal(find(10, 28, shallow, 8, 1, 0).half.known, false);
  assert_string_equal(tide_recovery_status_name(TIDE_RECOVERY_NOT_WITHIN), "not-within-archive");
}

/* A level that strays by a third from fortnight to fortnight: less in the next one is no fall. A
 * tenth of it is. */
static void test_no_fall(void **state) {
  (void)state;
  static double days[365 + 28 + 60];
  const tide_recovery_options options = {.to = 0.9, .smooth = 7, .sustain = 7};
  tide_recovery_days series = {.counts = days, .history = 365, .before = 28, .after = 60};
  tide_recovery r;
  for (size_t i = 0; i < 453; i++)
    days[i] = i < 393 ? 30 + (double)(i / 14 * 5 % 3) * 10 + (double)(i % 3) : 28 + (double)(i % 3);
  assert_int_equal(tide_recovery_find(&series, &options, &r), TIDE_OK);
  assert_int_equal(r.status, TIDE_RECOVERY_NO_FALL);
  assert_true(r.fall_p > 0.05 && !r.back.known && !r.half.known);
  for (size_t i = 393; i < 425; i++)
    days[i] = 4;
  for (size_t i = 425; i < 453; i++)
    days[i] = 42;
  assert_int_equal(tide_recovery_find(&series, &options, &r), TIDE_OK);
  assert_int_equal(r.status, TIDE_RECOVERY_RECOVERED);
  assert_number(r.fall_p, <, 0.001);
  assert_true(r.back.has_interval && r.back.low <= r.back.days &&
              (r.back.is_open || r.back.high >= r.back.days));
  assert_true(r.half.has_interval && r.half.low <= r.half.days && r.half.days < r.back.days + 1);
  /* The same again: the draws are. */
  tide_recovery again;
  assert_int_equal(tide_recovery_find(&series, &options, &again), TIDE_OK);
  assert_int_equal(again.back.low, r.back.low);
  assert_int_equal(again.half.high, r.half.high);
}

/* Half is of the deepest level, not of the first: 5, then 2 from day 8 on, 6 from day 15 on. */
static void test_half(void **state) {
  (void)state;
  double after[30];
  for (size_t i = 0; i < 30; i++)
    after[i] = i < 7 ? 5 : 6;
  for (size_t i = 7; i < 14; i++)
    after[i] = 2;
  tide_recovery r = find(10, 28, after, 30, 1, 3);
  assert_int_equal(r.status, TIDE_RECOVERY_NOT_WITHIN);
  assert_near(r.lowest, 2);
  assert_true(r.half.known);
  assert_int_equal(r.half.days, 15);
}

/* A gap over the event: what the level was in it is not known, and no 0. Here levels of days 5 on
 * are known, and what follows is the same course as without the gap. */
static void test_unknown_at_event(void **state) {
  (void)state;
  static double days[91 + 28 + 24];
  static const double after[24] = {NAN, NAN, NAN, NAN, 10, 10, 10, 10, 10, 10, 25, 25,
                                   35,  35,  50,  50,  50, 50, 50, 50, 50, 50, 50, 50};
  const tide_recovery_options options = {.to = 0.9, .smooth = 2, .sustain = 6};
  const tide_recovery_days series = {.counts = days, .history = 91, .before = 28, .after = 24};
  tide_recovery r;
  for (size_t i = 0; i < 143; i++)
    days[i] = i < 119 ? 49 + (double)(i % 3) : after[i - 119];
  assert_int_equal(tide_recovery_find(&series, &options, &r), TIDE_OK);
  assert_int_equal(r.status, TIDE_RECOVERY_RECOVERED);
  assert_near(r.first, 10);
  assert_near(r.lowest, 10);
  assert_int_equal(r.lowest_day, 5);
  assert_int_equal(r.half.days, 13); /* (25 + 35) / 2 is half of the way from 10 to 50 */
  assert_int_equal(r.back.days, 16);
}

/* Days that are not known are in no level; where none is, the level stays what it was. */
static void test_unknown_days(void **state) {
  (void)state;
  const double before[] = {10, NAN, 10, 10, 10, 10, 10, 10, 10},
               after[] = {2, 2, NAN, NAN, NAN, 10, 10, 10, 10, 10};
  const tide_recovery_options options = {.to = 0.9, .smooth = 2, .sustain = 1};
  tide_recovery r = series_find(before, 9, after, 10, &options);
  assert_near(r.before, 10);
  assert_near(r.first, 2);
  assert_near(r.lowest, 2);
  /* Its levels at the ends of days 2 to 8: 2, 2, 2, 2, 10, 10, 10; that it fell in its first seven
   * known days cannot be said. */
  assert_int_equal(r.status, TIDE_RECOVERY_NO_FALL);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_r),
                                     cmocka_unit_test(test_edges),
                                     cmocka_unit_test(test_unknown_at_event),
                                     cmocka_unit_test(test_unknown_days),
                                     cmocka_unit_test(test_no_fall),
                                     cmocka_unit_test(test_half)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
