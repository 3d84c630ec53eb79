/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each statistic gives what R gives, to a millionth: tests/stats/NAME.R made NAME.txt. */
#include "cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/adjust.h"
#include "stats/contrast.h"
#include "stats/covariance.h"
#include "stats/exact.h"
#include "stats/loglinear.h"
#include "stats/ranks.h"

enum { NUMBERS = 128, DAYS = 56 };

/* The numbers after `name`, the nth line of that name; how many there are. */
static size_t read_numbers(const char *file, const char *name, int nth, double *out) {
  char path[512], line[8192];
  snprintf(path, sizeof path, "%s/tests/stats/%s.txt", getenv("TIDE_SOURCE"), file);
  FILE *f = fopen(path, "r");
  if (!f)
    fail_msg("%s is missing", path);
  size_t len = strlen(name), count = 0;
  while (fgets(line, sizeof line, f)) {
    if (strncmp(line, name, len) != 0 || line[len] != ' ' || nth-- > 0)
      continue;
    char *at = line + len, *end;
    for (double x = strtod(at, &end); end != at; x = strtod(at, &end)) {
      assert_number(count, <, NUMBERS);
      out[count++] = x;
      at = end;
    }
    break;
  }
  fclose(f);
  return count;
}
static size_t numbers(const char *file, const char *name, double *out) {
  size_t count = read_numbers(file, name, 0, out);
  if (!count)
    fail_msg("%s.txt has no %s", file, name);
  return count;
}

static void same(const char *what, double got, double want) {
  bool equal = isinf(want) ? isinf(got) : fabs(got - want) <= 1e-6 * fmax(fabs(want), 1e-300);
  if (!equal)
    fail_msg("%s: got %.12g, R has %.12g", what, got, want);
}

static size_t design(const char *form, const double *start, const double *days, double *x) {
  size_t terms = strcmp(form, "trend") == 0 ? 4 : 10;
  if (strcmp(form, "step") == 0)
    terms = 2;
  for (int i = 0; i < DAYS; i++) {
    double *row = x + (size_t)i * terms, after = start[i] >= 0,
           t = start[i] + (days ? days[i] : 1) / 2;
    row[0] = 1;
    row[1] = after;
    for (int k = 1; k < 7 && terms == 10; k++)
      row[1 + k] = (((int)start[i] % 7) + 7) % 7 == k;
    if (terms > 2) {
      row[terms - 2] = t;
      row[terms - 1] = after * t;
    }
  }
  return terms;
}

static void check_fit(const char *name, const tide_loglinear *f, bool negbin) {
  char key[64];
  double want[NUMBERS];
  snprintf(key, sizeof key, "%s.coefficient", name);
  assert_int_equal(numbers("loglinear", key, want), f->terms);
  for (size_t k = 0; k < f->terms; k++) {
    at("k = %zu", k);
    same(key, f->coefficient[k], want[k]);
  }
  snprintf(key, sizeof key, "%s.error", name);
  numbers("loglinear", key, want);
  for (size_t k = 0; k < f->terms; k++) {
    at("k = %zu", k);
    same(key, sqrt(f->bread[k * (f->terms + 1)] * (negbin ? 1 : f->dispersion)), want[k]);
  }
  snprintf(key, sizeof key, "%s.%s", name, negbin ? "theta" : "dispersion");
  numbers("loglinear", key, want);
  same(key, negbin ? f->theta : f->dispersion, want[0]);
}

static void loglinear(void **state) {
  (void)state;
  double start[NUMBERS], count[NUMBERS], days[NUMBERS], amount[NUMBERS], offset[NUMBERS],
      x[DAYS * TIDE_LOGLINEAR_TERMS];
  tide_loglinear f;
  numbers("loglinear", "start", start);
  numbers("loglinear", "days", days);
  numbers("loglinear", "amount", amount);
  assert_int_equal(numbers("loglinear", "count", count), DAYS);
  for (int i = 0; i < DAYS; i++)
    offset[i] = log(days[i]);
  assert_int_equal(tide_loglinear_fit(count, offset, x, DAYS, design("step", start, days, x), &f),
                   TIDE_OK);
  check_fit("step", &f, false);
  tide_loglinear_free(&f);
  assert_int_equal(tide_loglinear_fit_negbin(count, offset, x, DAYS, 2, &f), TIDE_OK);
  check_fit("negbin", &f, true);
  tide_loglinear_free(&f);
  assert_int_equal(tide_loglinear_fit(amount, NULL, x, DAYS, 2, &f), TIDE_OK);
  check_fit("amount", &f, false);
  tide_loglinear_free(&f);
  assert_int_equal(tide_loglinear_fit(count, offset, x, DAYS, design("full", start, days, x), &f),
                   TIDE_OK);
  check_fit("full", &f, false);
  tide_loglinear_free(&f);
  /* That model counted no part days. */
  assert_int_equal(
      tide_loglinear_fit_negbin(count, NULL, x, DAYS, design("trend", start, days, x), &f),
      TIDE_OK);
  check_fit("negbintrend", &f, true);
  tide_loglinear_free(&f);
  /* A side without mail, a term that repeats another, counts with less spread than Poisson's. */
  double none[DAYS] = {0}, even[DAYS];
  for (int i = 0; i < DAYS; i++) {
    none[i] = start[i] < 0;
    even[i] = 10 + i % 2;
  }
  design("step", start, NULL, x);
  assert_int_equal(tide_loglinear_fit(none, NULL, x, DAYS, 2, &f), TIDE_FAIL);
  assert_int_equal(tide_loglinear_fit_negbin(even, NULL, x, DAYS, 2, &f), TIDE_FAIL);
  for (int i = 0; i < DAYS; i++)
    x[2 * i + 1] = 1;
  assert_int_equal(tide_loglinear_fit(count, NULL, x, DAYS, 2, &f), TIDE_FAIL);
}

static void newey_west(void **state) {
  (void)state;
  double start[NUMBERS], count[NUMBERS], x[DAYS * TIDE_LOGLINEAR_TERMS], want[NUMBERS],
      got[TIDE_LOGLINEAR_TERMS * TIDE_LOGLINEAR_TERMS];
  static const char *const names[] = {"step", "trend", "negbin"}, *const lags[] = {"0", "1", "4",
                                                                                   "auto"};
  numbers("covariance", "start", start);
  numbers("covariance", "count", count);
  for (int n = 0; n < 3; n++) {
    at("n = %d", n);
    tide_loglinear f;
    size_t terms = design(n == 1 ? "trend" : "step", start, NULL, x);
    if (n == 2)
      assert_int_equal(tide_loglinear_fit_negbin(count, NULL, x, DAYS, terms, &f), TIDE_OK);
    else
      assert_int_equal(tide_loglinear_fit(count, NULL, x, DAYS, terms, &f), TIDE_OK);
    for (int white = 0; white < 2; white++) {
      at("white = %d", white);
      for (int l = 0; l < 4; l++) {
        at("l = %d", l);
        char key[64];
        int lag = l < 3 ? atoi(lags[l]) : -1;
        snprintf(key, sizeof key, "%s.%d.%s", names[n], white, lags[l]);
        assert_int_equal(numbers("covariance", key, want), terms * terms);
        assert_int_equal(tide_covariance_newey_west(&f, count, x, &lag, white, got), TIDE_OK);
        for (size_t k = 0; k < terms * terms; k++) {
          at("k = %zu", k);
          same(key, got[k], want[k]);
        }
        if (l < 3)
          continue;
        snprintf(key, sizeof key, "%s.%d.lag", names[n], white);
        numbers("covariance", key, want);
        assert_int_equal(lag, (int)want[0]);
      }
    }
    tide_loglinear_free(&f);
  }
}

static void ranks(void **state) {
  (void)state;
  static const char *const names[] = {"ties",  "few", "exact", "exact28",
                                      "apart", "one", "large", "middle"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    at("row %zu of names: %s", i, names[i]);
    char key[64];
    double x[NUMBERS], y[NUMBERS], want[NUMBERS];
    tide_ranks r;
    snprintf(key, sizeof key, "%s.x", names[i]);
    size_t m = numbers("ranks", key, x);
    snprintf(key, sizeof key, "%s.y", names[i]);
    size_t n = numbers("ranks", key, y);
    snprintf(key, sizeof key, "%s.result", names[i]);
    numbers("ranks", key, want);
    assert_int_equal(tide_ranks_compare(x, m, y, n, &r), TIDE_OK);
    same(key, r.statistic, want[0]);
    same(key, r.p, want[1]);
    assert_int_equal(r.exact, want[2] > 0);
  }
  tide_ranks r;
  double equal[] = {1, 1, 1};
  assert_int_equal(tide_ranks_compare(equal, 3, equal, 3, &r), TIDE_FAIL);
  assert_int_equal(tide_ranks_compare(equal, 3, equal, 0, &r), TIDE_FAIL);
}

static void exact(void **state) {
  (void)state;
  double c[NUMBERS];
  int cases = 0;
  for (; read_numbers("exact", "case", cases, c) == 8; cases++) {
    at("case %zu", (size_t)cases);
    tide_exact e;
    assert_int_equal(tide_exact_ratio((uint64_t)c[0], (uint64_t)c[1], c[2], c[3], c[4], &e),
                     TIDE_OK);
    same("low", e.low, c[5]);
    same("high", e.high, c[6]);
    same("p", e.p, c[7]);
  }
  assert_number(cases, >=, 10);
  tide_exact e;
  assert_int_equal(tide_exact_ratio(0, 0, 7, 7, 0.95, &e), TIDE_FAIL);
  assert_int_equal(tide_exact_ratio(UINT64_MAX, 2, 7, 7, 0.95, &e), TIDE_FAIL);
}

static void adjust(void **state) {
  (void)state;
  double p[NUMBERS], want[NUMBERS];
  size_t count = numbers("adjust", "p", p);
  numbers("adjust", "bh", want);
  p[count] = NAN; /* a test that was not made */
  assert_int_equal(tide_adjust_bh(p, count + 1, NULL), TIDE_OK);
  for (size_t i = 0; i < count; i++) {
    at("i = %zu", i);
    same("bh", p[i], want[i]);
  }
  assert_true(isnan(p[count]));
}

/* The interval that compare gives, against the same by whole matrices. */
static void contrast(void **state) {
  (void)state;
  static const char *const names[] = {"step",    "cut",    "terms",  "trend",
                                      "washout", "amount", "steady", "weeks"};
  static const char *const columns[] = {
      "ratio", "low", "high", "p", "standard error", "freedom", "dispersion", "autocorrelation"};
  int correlated = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    at("row %zu of names: %s", i, names[i]);
    char key[64];
    double value[NUMBERS], start[NUMBERS], days[NUMBERS], o[NUMBERS], want[NUMBERS];
    snprintf(key, sizeof key, "%s.value", names[i]);
    size_t count = numbers("contrast", key, value);
    snprintf(key, sizeof key, "%s.start", names[i]);
    assert_int_equal(numbers("contrast", key, start), count);
    snprintf(key, sizeof key, "%s.days", names[i]);
    assert_int_equal(numbers("contrast", key, days), count);
    snprintf(key, sizeof key, "%s.options", names[i]);
    assert_int_equal(numbers("contrast", key, o), 4);
    snprintf(key, sizeof key, "%s.result", names[i]);
    assert_int_equal(numbers("contrast", key, want), 8);
    tide_contrast_options options = {.model = TIDE_MODEL_QUASIPOISSON,
                                     .weekdays = o[1] > 0,
                                     .trend = o[2] > 0,
                                     .confidence = o[3]};
    tide_series s = {count, value, days, start};
    tide_contrast c;
    assert_int_equal(tide_contrast_estimate(
                         &s, o[0] > 0 ? TIDE_QUANTITY_COUNT : TIDE_QUANTITY_AMOUNT, &options, &c),
                     TIDE_OK);
    const double got[] = {c.ratio,          c.low,     c.high,       c.p,
                          c.standard_error, c.freedom, c.dispersion, c.autocorrelation};
    for (int k = 0; k < 8; k++) {
      at("k = %d", k);
      snprintf(key, sizeof key, "%s: %s", names[i], columns[k]);
      if (k == 7 && want[k] <= 0)
        assert_true(got[k] >= 0 && got[k] < 1e-6);
      else
        same(key, got[k], want[k]);
    }
    correlated += want[7] > 0.05;
  }
  assert_number(correlated, >=, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(loglinear), cmocka_unit_test(newey_west),
                                     cmocka_unit_test(ranks),     cmocka_unit_test(exact),
                                     cmocka_unit_test(adjust),    cmocka_unit_test(contrast)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
