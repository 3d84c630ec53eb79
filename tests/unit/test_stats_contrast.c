/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contrasts: which method is taken, what is left unknown, and that results do not hang on what they
 * must not hang on. */
#include "cmocka_all.h"

#include <math.h>

#include "stats/contrast.h"

enum { DAYS = 56 };

static const double counts[DAYS] = {31, 25, 40, 22, 35, 28, 44, 30, 27, 38, 26, 33, 29, 41,
                                    24, 36, 30, 28, 39, 23, 34, 27, 42, 29, 31, 37, 25, 32,
                                    12, 9,  15, 8,  14, 10, 17, 11, 9,  13, 7,  12, 10, 16,
                                    8,  13, 11, 9,  14, 8,  12, 10, 15, 9,  11, 13, 8,  12};

typedef struct days {
  double value[DAYS], length[DAYS], start[DAYS];
} days;

static tide_series filled(days *d) {
  for (int i = 0; i < DAYS; i++) {
    d->value[i] = counts[i];
    d->length[i] = 1;
    d->start[i] = i - DAYS / 2;
  }
  return (tide_series){DAYS, d->value, d->length, d->start};
}

static const tide_contrast_options standard = {.confidence = 0.95};

#define near(a, b) assert_number(fabs((a) - (b)), <=, 1e-9 * fabs(b))

/* Days that are all alike, of any size: their deviance is nothing but rounding, which grows with
 * them. Their error is that of independent events. */
static void days_alike(void **state) {
  (void)state;
  for (double size = 1; size <= 1e7; size *= 10) {
    days d;
    tide_series s = filled(&d);
    tide_contrast c;
    for (int i = 0; i < DAYS; i++)
      d.value[i] = i < DAYS / 2 ? 3 * size : size;
    assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
    assert_string_equal(c.method, "quasipoisson+ar1");
    near(c.ratio, 1.0 / 3);
    near(c.standard_error, sqrt(4 / (3 * size * DAYS / 2)));
    d.value[3] += 1;
    assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
    assert_string_equal(c.method, "quasipoisson+ar1");
  }
}

static void ratio_of_means(void **state) {
  (void)state;
  days d;
  tide_series s = filled(&d);
  tide_contrast c, negbin, wide;
  double before = 0, after = 0;
  for (int i = 0; i < DAYS; i++)
    *(i < DAYS / 2 ? &before : &after) += counts[i];
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
  assert_string_equal(c.method, "quasipoisson+ar1");
  near(c.ratio, after / before);
  assert_true(c.low < c.ratio && c.ratio < c.high && c.p < 1e-6 && c.freedom > 10 &&
              c.freedom < 56);
  tide_contrast_options o = standard;
  o.confidence = 0.99;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &o, &wide), TIDE_OK);
  assert_true(wide.low < c.low && wide.high > c.high);
  /* Less spread than Poisson's has no negative binomial: the method says what was done. */
  o.model = TIDE_MODEL_NEGBIN;
  for (int i = 0; i < DAYS; i++)
    d.value[i] = 10 + i % 2;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &o, &negbin), TIDE_OK);
  assert_string_equal(negbin.method, "quasipoisson+ar1");
  for (int i = 0; i < DAYS; i++)
    d.value[i] = counts[i] * (i % 3);
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &o, &negbin), TIDE_OK);
  assert_string_equal(negbin.method, "negbin+ar1");
}

/* An amount has the same answer in bytes and in kilobytes; a count turned round in time has the
 * inverse. */
static void scale_and_direction(void **state) {
  (void)state;
  days d, turned;
  tide_series s = filled(&d), t = filled(&turned);
  tide_contrast a, b;
  for (int i = 0; i < DAYS; i++) {
    d.value[i] *= 1 + i % 5;
    turned.value[i] = d.value[i] * 1000;
  }
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_AMOUNT, &standard, &a), TIDE_OK);
  assert_int_equal(tide_contrast_estimate(&t, TIDE_QUANTITY_AMOUNT, &standard, &b), TIDE_OK);
  near(a.low, b.low);
  near(a.p, b.p);
  near(b.dispersion, 1000 * a.dispersion);
  for (int i = 0; i < DAYS; i++)
    turned.value[i] = d.value[DAYS - 1 - i];
  assert_int_equal(tide_contrast_estimate(&t, TIDE_QUANTITY_AMOUNT, &standard, &b), TIDE_OK);
  assert_true(fabs(a.low * b.high - 1) < 1e-6 && fabs(a.ratio * b.ratio - 1) < 1e-9);
}

/* Days that resemble their neighbours say less. */
static void correlated_days_widen(void **state) {
  (void)state;
  days d, smooth;
  tide_series s = filled(&d), t = filled(&smooth);
  tide_contrast a, b;
  /* The same values on each side, once mixed and once in waves of a week. */
  for (int i = 0; i < DAYS; i++) {
    d.value[i] = i * 5 % 7 < 3 ? 60 : 20;
    smooth.value[i] = i % 14 < 6 ? 60 : 20;
  }
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &a), TIDE_OK);
  assert_int_equal(tide_contrast_estimate(&t, TIDE_QUANTITY_COUNT, &standard, &b), TIDE_OK);
  near(a.dispersion, b.dispersion);
  assert_true(b.autocorrelation > 0.5 && a.autocorrelation < 0.1);
  assert_number(b.standard_error, >, 1.5 * a.standard_error);
}

static void few(void **state) {
  (void)state;
  days d;
  tide_series s = filled(&d);
  tide_contrast c;
  for (int i = 0; i < DAYS; i++)
    d.value[i] = i < 28 && i % 4 == 0;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
  assert_string_equal(c.method, "exact");
  assert_true(c.low <= 0 && c.low >= 0 && c.high > 0 && c.high < 1 &&
              c.p < 0.05); /* 7 before, none after */
  for (int i = 0; i < DAYS; i++)
    d.value[i] = i >= 28 && i % 4 == 0;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
  assert_true(isnan(c.ratio) && c.low > 1 && isinf(c.high));
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_AMOUNT, &standard, &c), TIDE_OK);
  assert_true(c.method[0] == '\0' && isnan(c.low) && isnan(c.high) && isnan(c.p));
  for (int i = 0; i < DAYS; i++)
    d.value[i] = 0;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
  assert_true(c.method[0] == '\0' && isnan(c.ratio) && isnan(c.p));
  /* Days that are all the same: no more is known than of Poisson counts, and rounding is no
   * pattern. */
  for (int i = 0; i < DAYS; i++)
    d.value[i] = 2143;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
  assert_true(c.low > 0.95 && c.high < 1.05 && c.p > 0.99 && c.autocorrelation <= 0);
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_AMOUNT, &standard, &c), TIDE_OK);
  assert_true(c.method[0] == '\0' && isnan(c.p));
  /* One side only. */
  s.count = 20;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
  assert_true(c.method[0] == '\0' && isnan(c.ratio));
}

/* A steady fall is no step where there is a slope to take it; seven kinds of day do not spoil the
 * answer where there are terms for them. */
static void terms(void **state) {
  (void)state;
  days d;
  tide_series s = filled(&d);
  tide_contrast c;
  tide_contrast_options o = {.confidence = 0.95, .trend = true};
  double factor, p;
  for (int i = 0; i < DAYS; i++)
    d.value[i] = floor(2000 * exp(-0.02 * (i - 28)) + 0.5);
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &standard, &c), TIDE_OK);
  assert_number(c.ratio, <, 0.6);
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &o, &c), TIDE_OK);
  assert_string_equal(c.method, "quasipoisson+trend+ar1");
  assert_true(fabs(c.ratio - 1) < 0.01 && c.low < 1 && c.high > 1 &&
              fabs(c.slope_change - 1) < 0.001);
  assert_int_equal(tide_contrast_slope_before(&s, &factor, &p), TIDE_OK);
  assert_true(fabs(factor - exp(-0.02)) < 1e-3 && p < 1e-6);
  o = (tide_contrast_options){.confidence = 0.95, .weekdays = true};
  for (int i = 0; i < DAYS; i++)
    d.value[i] = (i < 28 ? 40 : 20) * (1 + i % 7) + i % 3;
  assert_int_equal(tide_contrast_estimate(&s, TIDE_QUANTITY_COUNT, &o, &c), TIDE_OK);
  assert_string_equal(c.method, "quasipoisson+weekdays+ar1");
  assert_true(c.dispersion < 1 && fabs(c.ratio - 0.5) < 0.01);
  /* Fewer days than terms can be told apart by. */
  tide_series shorter = {8, d.value + 24, d.length + 24, d.start + 24};
  o.trend = true;
  assert_int_equal(tide_contrast_estimate(&shorter, TIDE_QUANTITY_COUNT, &o, &c), TIDE_OK);
  assert_true(c.method[0] == '\0' && isnan(c.p));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(ratio_of_means),
                                     cmocka_unit_test(days_alike),
                                     cmocka_unit_test(scale_and_direction),
                                     cmocka_unit_test(correlated_days_widen),
                                     cmocka_unit_test(few),
                                     cmocka_unit_test(terms)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
