/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pools: groups that hold their level, groups that come and go, what a group's own past adds, and
 * too few to tell. */
#include "cmocka_all.h"

#include <math.h>
#include <string.h>

#include "stats/pool.h"
#include "r_lines.h"

enum { DAYS = 84, WINDOW = 14, GROUPS = 40 };
static const tide_reference_windows windows = {WINDOW, 0, WINDOW};

/* Numbers that look as if they came by chance, the same in each run. */
static double chance(uint64_t *state) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(*state >> 33) / (double)(1u << 31);
}

static double poisson(uint64_t *state, double mean) {
  double n = -1;
  for (double left = exp(mean); left >= 1; n++)
    left *= chance(state);
  return n;
}

/* Groups of about a message a day; those that come and go have a fifth of that, or five, for some
 * days each. */
static void groups_add(tide_pool *p, size_t days, size_t groups, bool come_and_go) {
  uint64_t state = 7;
  for (size_t g = 0; g < groups; g++) {
    double value[DAYS] = {0};
    double level = 1;
    for (size_t i = 0; i < days; i++) {
      if (come_and_go && chance(&state) < 0.1)
        level = chance(&state) < 0.5 ? 0.2 : 5;
      value[i] = poisson(&state, level);
    }
    const tide_pool_days d = {days, value, NULL};
    assert_int_equal(tide_pool_add(p, &d, 1), TIDE_OK);
  }
}

static tide_pool_known learn(size_t days, size_t groups, bool come_and_go) {
  tide_pool p;
  tide_pool_known r;
  assert_true(tide_pool_open(&p, &windows, days, groups));
  groups_add(&p, days, groups, come_and_go);
  assert_int_equal(tide_pool_learn(&p, &windows, &r), TIDE_OK);
  tide_pool_free(&p);
  return r;
}

static void test_wander(void **state) {
  const tide_reference steady = learn(DAYS, GROUPS, false).reference,
                       lively = learn(DAYS, GROUPS, true).reference;
  (void)state;
  assert_true(steady.dates > 0 && lively.dates > 0);
  assert_true(steady.wander < 0.01);
  assert_true(lively.wander > 10 * steady.wander);
  /* A fall to a twentieth is news among steady groups, and none among those that come and go. */
  const double ratio = log(2.0 / 40);
  assert_true(tide_reference_p(&steady, ratio, 40, 2) < 0.025);
  assert_true(tide_reference_p(&lively, ratio, 40, 2) > 0.05);
}

/* A third of the history makes shorter windows, whose wander counts for more. */
static void test_short(void **state) {
  tide_pool whole, part;
  (void)state;
  assert_true(tide_pool_open(&whole, &windows, 3 * WINDOW, 1));
  assert_int_equal(whole.length, WINDOW);
  assert_true(tide_pool_open(&part, &windows, 3 * WINDOW - 1, 1));
  assert_int_equal(part.length, WINDOW / 2);
  assert_false(tide_pool_open(&part, &windows, 5, 1));
  const tide_reference_windows twice = {2 * WINDOW, 0, 2 * WINDOW};
  tide_pool_known as_long, longer;
  groups_add(&whole, DAYS, GROUPS, true);
  assert_int_equal(tide_pool_learn(&whole, &windows, &as_long), TIDE_OK);
  assert_int_equal(tide_pool_learn(&whole, &twice, &longer), TIDE_OK);
  tide_pool_free(&whole);
  assert_true(fabs(longer.reference.wander - 2 * as_long.reference.wander) <
              1e-6 * longer.reference.wander);
}

/* Half of the groups are steady: what a group did tells which half it is of. */
static void test_update(void **state) {
  tide_pool p;
  tide_pool_known known;
  tide_reference steady, lively, unheard;
  double value[DAYS] = {0};
  (void)state;
  assert_true(tide_pool_open(&p, &windows, DAYS, 2 * GROUPS));
  groups_add(&p, DAYS, GROUPS, false);
  groups_add(&p, DAYS, GROUPS, true);
  assert_int_equal(tide_pool_learn(&p, &windows, &known), TIDE_OK);
  tide_pool_free(&p);
  const tide_pool_days past = {DAYS, value, NULL};
  tide_pool_update(&known, &past, &unheard);
  for (size_t i = 0; i < DAYS; i++)
    value[i] = 2;
  tide_pool_update(&known, &past, &steady);
  for (size_t i = 0; i < DAYS; i++)
    value[i] = i / WINDOW % 2 ? 0 : 3;
  tide_pool_update(&known, &past, &lively);
  const double ratio = log(3);
  const double p_steady = tide_reference_p(&steady, ratio, 30, 90),
               p_lively = tide_reference_p(&lively, ratio, 30, 90),
               p_unheard = tide_reference_p(&unheard, ratio, 30, 90);
  assert_true(p_steady < 0.05 && p_unheard > 0.2);
  assert_true(p_steady < p_unheard && p_unheard < p_lively);
  assert_true(fabs(unheard.wander - known.reference.wander) < 1e-12);
  /* But it may turn. */
  assert_true(tide_reference_p(&steady, log(30), 90, 3) > 0.01);
}

static void test_few(void **state) {
  (void)state;
  assert_int_equal(learn(DAYS, 1, false).reference.dates, 0);
  assert_int_equal(learn(DAYS, TIDE_POOL_GROUPS - 1, false).reference.dates, 0);
}

/* What a group did before the event and behind it is one group's. */
static void test_sides(void **state) {
  double value[DAYS];
  tide_pool p;
  tide_pool_known known;
  (void)state;
  for (size_t i = 0; i < DAYS; i++)
    value[i] = 1;
  const tide_pool_days sides[] = {{DAYS / 2, value, NULL}, {DAYS / 2, value + DAYS / 2, NULL}};
  for (size_t groups = TIDE_POOL_GROUPS - 1; groups <= TIDE_POOL_GROUPS; groups++) {
    assert_true(tide_pool_open(&p, &windows, DAYS / 2, groups));
    for (size_t g = 0; g < groups; g++)
      assert_int_equal(tide_pool_add(&p, sides, 2), TIDE_OK);
    assert_int_equal(p.groups, groups);
    assert_int_equal(tide_pool_learn(&p, &windows, &known), TIDE_OK);
    assert_int_equal(known.reference.dates > 0, groups == TIDE_POOL_GROUPS);
    tide_pool_free(&p);
  }
}

static void test_gap(void **state) {
  double value[DAYS];
  bool gap[DAYS] = {0};
  tide_pool p;
  (void)state;
  for (size_t i = 0; i < DAYS; i++)
    value[i] = 1;
  assert_true(tide_pool_open(&p, &windows, DAYS, 1));
  for (size_t i = 0; i < DAYS; i += WINDOW)
    gap[i] = true;
  const tide_pool_days d = {DAYS, value, gap};
  assert_int_equal(tide_pool_add(&p, &d, 1), TIDE_OK);
  assert_int_equal(p.count, 0);
  tide_pool_free(&p);
}

/* As R has it: tests/stats/pool.R. */
static void test_r(void **state) {
  enum { LINES = 20, BEFORE = 60, BEHIND = 44 };
  static const tide_reference_windows month = {28, 0, 28};
  static double value[LINES][BEFORE + BEHIND];
  static r_lines r;
  size_t groups = 0, checked = 0;
  tide_pool p;
  tide_pool_known known = {0};
  tide_reference own;
  (void)state;
  r_open(&r, "pool.txt");
  assert_true(tide_pool_open(&p, &month, BEFORE, LINES));
  while (r_next(&r)) {
    if (strcmp(r.name, "days") == 0) {
      double *days = value[groups++];
      memcpy(days, r.values, sizeof value[0]);
      const tide_pool_days sides[] = {{BEFORE, days, NULL}, {BEHIND, days + BEFORE, NULL}};
      assert_int_equal(tide_pool_add(&p, sides, 2), TIDE_OK);
      continue;
    }
    checked++;
    if (strcmp(r.name, "pairs") == 0) {
      assert_near((double)p.count, r.values[0]);
      assert_int_equal(tide_pool_learn(&p, &month, &known), TIDE_OK);
    } else if (strcmp(r.name, "weights") == 0) {
      for (size_t k = 0; k < TIDE_POOL_LEVELS; k++)
        assert_near(known.weight[k], r.values[k]);
    } else if (strcmp(r.name, "known") == 0) {
      assert_near(known.reference.freedom, r.values[0]);
      assert_near(known.reference.wander, r.values[1]);
    } else {
      const tide_pool_days past = {BEFORE, value[(size_t)r.values[0]], NULL};
      tide_pool_update(&known, &past, &own);
      assert_near(own.freedom, r.values[1]);
      assert_near(own.wander, r.values[2]);
    }
  }
  tide_pool_free(&p);
  assert_int_equal(checked, 3 + LINES);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_wander), cmocka_unit_test(test_short), cmocka_unit_test(test_update),
      cmocka_unit_test(test_few),    cmocka_unit_test(test_sides), cmocka_unit_test(test_gap),
      cmocka_unit_test(test_r),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
