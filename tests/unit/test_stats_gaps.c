/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps: runs of empty days that the days beside them make improbable, and those that they do not.
 */
#include "cmocka_all.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/gaps.h"

enum { DAYS = 200 };
static double days[DAYS];

/* The same volume every day, give or take a bit. */
static void fill_steady(double level) {
  for (size_t i = 0; i < DAYS; i++)
    days[i] = level + (double)(i % 3) - 1;
}

static size_t find(tide_gap *first) {
  tide_gap *gaps;
  size_t found;
  assert_int_equal(tide_gaps_find(days, DAYS, &gaps, &found), TIDE_OK);
  if (found)
    *first = gaps[0];
  free(gaps);
  return found;
}

static void empty(size_t from, size_t to) {
  for (size_t i = from; i < to; i++)
    days[i] = 0;
}

static void test_outage(void **state) {
  (void)state;
  tide_gap gap;
  fill_steady(30);
  assert_int_equal(find(&gap), 0);
  empty(100, 101); /* one day without any of thirty messages: e^-30 */
  assert_int_equal(find(&gap), 1);
  assert_int_equal(gap.from, 100);
  assert_int_equal(gap.to, 101);
  assert_number(fabs(log(gap.probability) + 30), <, 0.1);
  empty(20, 60);
  assert_int_equal(find(&gap), 2);
  assert_int_equal(gap.from, 20);
  assert_int_equal(gap.to, 60);
}

static void test_quiet_list(void **state) {
  (void)state;
  tide_gap gap;
  fill_steady(2); /* 1, 2 or 3 messages a day */
  empty(100, 104);
  assert_int_equal(find(&gap), 0); /* e^-8 */
  empty(100, 107);
  assert_int_equal(find(&gap), 1); /* e^-14 */
}

/* A host that is down every few weeks: each outage is a gap, and none excuses the others. */
static void test_often_down(void **state) {
  (void)state;
  tide_gap gap;
  for (size_t i = 0; i < DAYS; i++)
    days[i] = 40 + (double)(i % 5) * 10;
  empty(30, 33);
  empty(50, 59);
  empty(71, 72);
  empty(90, 96);
  empty(120, 128);
  assert_int_equal(find(&gap), 5);
}

/* Two months are missing of three, and neither excuses the other, though days vary much. Pauses of
 * a week every other week are this list's way. */
static void test_two_months(void **state) {
  (void)state;
  tide_gap gap;
  for (size_t i = 0; i < DAYS; i++)
    days[i] = 2 + (double)(i % 7 * (i % 5) * 3);
  assert_int_equal(find(&gap), 0);
  empty(60, 90);
  empty(118, 150);
  assert_int_equal(find(&gap), 2);
  for (size_t i = 0; i < DAYS; i++)
    days[i] = i % 14 < 7 ? 2 + (double)(i % 7 * (i % 5) * 3) : 0;
  assert_int_equal(find(&gap), 0);
}

/* No mail at weekends: a long weekend is no gap, three weeks are. */
static void test_weekends(void **state) {
  (void)state;
  tide_gap gap;
  fill_steady(20);
  for (size_t i = 0; i + 1 < DAYS; i += 7)
    empty(i, i + 2);
  assert_int_equal(find(&gap), 0);
  empty(98, 102);
  assert_int_equal(find(&gap), 0);
  empty(98, 126);
  assert_int_equal(find(&gap), 1);
  assert_int_equal(gap.from, 98);
}

/* A host that is down lets a message pass now and then: the days with one belong to the gap, and
 * say nothing of how rare a day without mail is. A day as they are does not. */
static void test_stray(void **state) {
  (void)state;
  tide_gap gap;
  for (size_t i = 0; i < DAYS; i++)
    days[i] = 40 + (double)(i % 5) * 10;
  for (size_t i = 100; i < 120; i++)
    days[i] = i == 112 || i == 113 || i == 119 ? 1 : 0;
  assert_int_equal(find(&gap), 1);
  assert_int_equal(gap.from, 100);
  assert_int_equal(gap.to, 120);
  days[119] = 12;
  assert_int_equal(find(&gap), 1);
  assert_int_equal(gap.to, 119);
}

/* A list that ends has no gap in its last breaths: the side with fewest messages decides. */
static void test_dying(void **state) {
  (void)state;
  tide_gap gap;
  fill_steady(20);
  empty(100, DAYS);
  days[110] = days[125] = days[150] = days[199] = 1;
  assert_int_equal(find(&gap), 0);
}

static void test_edges(void **state) {
  (void)state;
  tide_gap gap;
  memset(days, 0, sizeof days);
  assert_int_equal(find(&gap), 0); /* nothing to judge by */
  fill_steady(20);
  empty(2, 30); /* one side alone says enough */
  assert_int_equal(find(&gap), 1);
  tide_gap *gaps;
  size_t found;
  assert_int_equal(tide_gaps_find(days, 0, &gaps, &found), TIDE_OK);
  assert_int_equal(found, 0);
  free(gaps);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_outage),     cmocka_unit_test(test_quiet_list),
      cmocka_unit_test(test_often_down), cmocka_unit_test(test_two_months),
      cmocka_unit_test(test_weekends),   cmocka_unit_test(test_stray),
      cmocka_unit_test(test_dying),      cmocka_unit_test(test_edges)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
