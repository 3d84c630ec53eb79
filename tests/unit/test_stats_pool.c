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
    at("g = %zu", g);
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
  tide_pool_known steady = learn(DAYS, GROUPS, false), lively = learn(DAYS, GROUPS, true);
  (void)state;
  assert_true(steady.reference.dates > 0 && lively.reference.dates > 0);
  /* A fall to a twentieth is news among steady groups, and none among those that come and go. */
  const double ratio = log(2.0 / 40);
  assert_number(tide_reference_p(&steady.reference, ratio, 40, 2), <, 0.025);
  assert_number(tide_reference_p(&lively.reference, ratio, 40, 2), >, 0.05);
  tide_pool_forget(&steady);
  tide_pool_forget(&lively);
}

/* Windows are as long as the comparison's, or as three of them find room; what is shorter counts
 * for more. */
static void test_short(void **state) {
  tide_pool whole, part;
  (void)state;
  assert_true(tide_pool_open(&whole, &windows, 3 * WINDOW, 1));
  assert_int_equal(whole.length, WINDOW);
  assert_true(tide_pool_open(&part, &windows, 3 * WINDOW - 1, 1));
  assert_int_equal(part.length, WINDOW - 1);
  assert_true(tide_pool_open(&part, &windows, 6, 1));
  assert_int_equal(part.length, 2);
  assert_false(tide_pool_open(&part, &windows, 5, 1));
  const tide_reference_windows twice = {2 * WINDOW, 0, 2 * WINDOW};
  tide_pool_known as_long, longer;
  groups_add(&whole, DAYS, GROUPS, true);
  assert_int_equal(tide_pool_learn(&whole, &windows, &as_long), TIDE_OK);
  assert_int_equal(tide_pool_learn(&whole, &twice, &longer), TIDE_OK);
  tide_pool_free(&whole);
  const double bound = tide_mixture_bound(&as_long.reference.mixture, 0, 0.05);
  assert_float_equal(tide_mixture_bound(&longer.reference.mixture, 0, 0.05) / bound, sqrt(2), 1e-9);
  tide_pool_forget(&as_long);
  tide_pool_forget(&longer);
}

static void group_add(tide_pool *p, const double *value, size_t days) {
  const tide_pool_days sides[] = {{days / 2, value, NULL}, {days / 2, value + days / 2, NULL}};
  assert_int_equal(tide_pool_add(p, sides, 2), TIDE_OK);
}

/* Half of the groups are steady: what a group did tells which half it is of. */
static void test_tell(void **state) {
  enum { LONG = 2 * DAYS, STEADY = 2 * GROUPS, UNHEARD, LIVELY, UNKNOWN };
  tide_pool p;
  tide_pool_known known;
  tide_reference steady, lively, unheard, unknown;
  double value[LONG] = {0};
  (void)state;
  assert_true(tide_pool_open(&p, &windows, DAYS, 2 * GROUPS));
  groups_add(&p, DAYS, GROUPS, false);
  groups_add(&p, DAYS, GROUPS, true);
  for (size_t i = 0; i < LONG; i++)
    value[i] = 2;
  group_add(&p, value, LONG);
  assert_int_equal(tide_pool_add(&p, NULL, 0), TIDE_OK);
  for (size_t i = 0; i < LONG; i++)
    value[i] = i / WINDOW % 2 ? 0 : 3;
  group_add(&p, value, LONG);
  assert_int_equal(tide_pool_learn(&p, &windows, &known), TIDE_OK);
  tide_pool_free(&p);
  tide_pool_tell(&known, STEADY, &steady);
  tide_pool_tell(&known, UNHEARD, &unheard);
  tide_pool_tell(&known, LIVELY, &lively);
  tide_pool_tell(&known, UNKNOWN, &unknown);
  const double ratio = log(3);
  const double p_steady = tide_reference_p(&steady, ratio, 30, 90),
               p_lively = tide_reference_p(&lively, ratio, 30, 90),
               p_unheard = tide_reference_p(&unheard, ratio, 30, 90);
  assert_true(p_steady < 0.05 && p_unheard > 0.2);
  assert_true(p_steady < p_unheard && p_unheard < p_lively);
  assert_near(tide_reference_p(&unknown, ratio, 30, 90), p_unheard);
  assert_near(tide_reference_p(&known.reference, ratio, 30, 90), p_unheard);
  /* But it may turn into one of the others. */
  const double turned = tide_reference_p(&steady, log(30), 90, 3);
  assert_true(turned > 1e-4 && turned < p_steady);
  tide_pool_forget(&known);
}

static bool learns_anything(size_t groups) {
  tide_pool_known known = learn(DAYS, groups, false);
  const bool any = known.reference.dates > 0;
  tide_pool_forget(&known);
  return any;
}

static void test_few(void **state) {
  (void)state;
  assert_false(learns_anything(1));
  assert_false(learns_anything(TIDE_POOL_GROUPS - 1));
  assert_true(learns_anything(TIDE_POOL_GROUPS));
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
    at("groups = %zu", groups);
    assert_true(tide_pool_open(&p, &windows, DAYS / 2, groups));
    for (size_t g = 0; g < groups; g++) {
      at("g = %zu", g);
      assert_int_equal(tide_pool_add(&p, sides, 2), TIDE_OK);
    }
    assert_int_equal(p.groups, groups);
    assert_int_equal(tide_pool_learn(&p, &windows, &known), TIDE_OK);
    assert_int_equal(known.reference.dates > 0, groups == TIDE_POOL_GROUPS);
    tide_pool_forget(&known);
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
      for (size_t k = 0; k < TIDE_MIXTURE_KINDS; k++) {
        at("k = %zu", k);
        assert_near(known.reference.mixture.weight[k], r.values[k]);
      }
    } else if (strcmp(r.name, "known") == 0) {
      assert_near(tide_mixture_tail(&known.reference.mixture, 0.1, 0.7), r.values[0]);
      assert_near(tide_mixture_bound(&known.reference.mixture, 0.1, 0.05), r.values[1]);
    } else {
      tide_pool_tell(&known, (uint32_t)r.values[0], &own);
      assert_near(tide_mixture_tail(&own.mixture, 0.01, 0.7), r.values[1]);
      assert_near(tide_mixture_bound(&own.mixture, 0.01, 0.05), r.values[2]);
    }
  }
  tide_pool_forget(&known);
  tide_pool_free(&p);
  assert_int_equal(checked, 3 + LINES);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_wander), cmocka_unit_test(test_short), cmocka_unit_test(test_tell),
      cmocka_unit_test(test_few),    cmocka_unit_test(test_sides), cmocka_unit_test(test_gap),
      cmocka_unit_test(test_r),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
