/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The archive's own dates as reference: what is looked at, what is left out, and what it widens. */
#include "r_lines.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "stats/reference.h"
#include "stats/wait.h"

enum { DAYS = 1400 };
static double days[DAYS];
static bool gap[DAYS];

/* Four weeks of one level, four of the other. */
static void fill_swings(double low, double high) {
  memset(gap, 0, sizeof gap);
  for (size_t i = 0; i < DAYS; i++)
    days[i] = i / 28 % 2 ? high : low;
}

static tide_reference estimate(size_t count, size_t window) {
  tide_history h = {count, days + DAYS - count, gap + DAYS - count, NULL};
  tide_reference_windows w = {window, 0, window};
  tide_reference r;
  assert_int_equal(tide_reference_estimate(&h, &w, TIDE_QUANTITY_COUNT, &r), TIDE_OK);
  return r;
}

static void test_little_history(void **state) {
  (void)state;
  fill_swings(20, 20);
  assert_int_equal(estimate(4 * 28 - 1, 28).dates, 0);
  tide_reference r = estimate(4 * 28, 28);
  assert_int_equal(r.dates, 2 * 28 + 1);
  assert_true(r.freedom > 3.99 && r.freedom < 4.01);
  assert_int_equal(estimate(20, 28).dates, 0);
  assert_int_equal(estimate(0, 28).dates, 0);
}

static void test_three_years_at_most(void **state) {
  (void)state;
  fill_swings(20, 20);
  for (size_t i = 0; i < DAYS - TIDE_REFERENCE_DAYS_MOST; i++)
    days[i] = 5000;
  tide_reference r = estimate(DAYS, 28);
  assert_int_equal(r.dates, TIDE_REFERENCE_DAYS_MOST - 56 + 1);
  assert_number(r.spread, <, 1e-9);
}

/* A stream begins with its first message. */
static void test_begin(void **state) {
  (void)state;
  fill_swings(20, 20);
  for (size_t i = 0; i < DAYS - 200; i++)
    days[i] = 0;
  tide_reference r = estimate(DAYS, 28);
  assert_int_equal(r.dates, 200 - 56 + 1);
  assert_number(r.spread, <, 1e-9);
}

/* A volume that grows steadily has ratios away from 1 and no steps beside its slope; one that
 * swings has both. */
static void test_steps(void **state) {
  (void)state;
  const tide_reference_windows w = {28, 0, 28};
  const tide_history h = {DAYS, days, gap, NULL};
  const tide_contrast_options o = {.trend = true, .confidence = 0.95};
  tide_reference r;
  fill_swings(20, 20);
  for (size_t i = 0; i < DAYS; i++)
    days[i] = 50 * exp(0.005 * (double)i);
  assert_number(estimate(DAYS, 28).spread, >, 0.01);
  assert_int_equal(tide_reference_estimate_step(&h, &w, TIDE_QUANTITY_COUNT, &o, &r), TIDE_OK);
  assert_true(r.dates > 150 && r.spread < 1e-9 && r.freedom > 25 && r.freedom < 27);
  fill_swings(200, 400);
  assert_int_equal(tide_reference_estimate_step(&h, &w, TIDE_QUANTITY_COUNT, &o, &r), TIDE_OK);
  assert_number(r.wander, >, 0.1);
  tide_contrast c = {.ratio = 0.5, .low = 0.45, .high = 0.55, .p = 1e-9};
  tide_reference_calibrate_step(&r, 0.01, 0.95, &c);
  assert_true(c.low < 0.3 && c.high > 0.8 && c.p > 0.01);
  const tide_history little = {100, days, gap, NULL};
  assert_int_equal(tide_reference_estimate_step(&little, &w, TIDE_QUANTITY_COUNT, &o, &r), TIDE_OK);
  assert_int_equal(r.dates, 0);
}

static void test_gaps_are_left_out(void **state) {
  (void)state;
  fill_swings(20, 20);
  for (size_t i = 600; i < 620; i++) {
    days[i] = 0;
    gap[i] = true;
  }
  tide_reference r = estimate(DAYS, 28);
  assert_number(r.spread, <, 1e-9);
  assert_int_equal(r.dates, TIDE_REFERENCE_DAYS_MOST - 56 + 1 - (56 + 20 - 1));
  memset(gap, 0, sizeof gap);
  assert_number(estimate(DAYS, 28).spread, >, 0.01);
}

/* Steady days vary less than independent ones would: nothing wanders. Levels that go up and down by
 * a factor of two every four weeks do. */
static void test_wander(void **state) {
  (void)state;
  fill_swings(20, 20);
  assert_number(estimate(DAYS, 28).wander, <, 1e-9);
  fill_swings(200, 400);
  tide_reference r = estimate(DAYS, 28);
  /* The ratio runs from 2 to 1/2 and back; at a third of the way its square's mean is about
   * log(2)^2 / 3. */
  assert_float_equal(r.spread, log(2) * log(2) / 3, 0.02);
  assert_true(r.wander > 0.9 * r.spread && r.wander < r.spread);
  double wide = tide_reference_variance(&r, 50, 5),
         narrow = tide_reference_variance(&r, 5000, 5000);
  assert_number(wide, >, narrow + 0.2);
}

static void test_calibrate(void **state) {
  (void)state;
  fill_swings(200, 400);
  tide_reference r = estimate(DAYS, 28), none = {0};
  tide_contrast c = {.ratio = 0.5, .low = 0.45, .high = 0.55, .p = 1e-9}, before = c;
  tide_reference_calibrate(&none, 8000, 4000, 0.95, &c);
  assert_memory_equal(&c, &before, sizeof c);
  tide_reference_calibrate(&r, 8000, 4000, 0.95, &c);
  assert_true(c.low < 0.25 && c.high > 0.95 && c.p > 0.05);
  assert_float_equal(log(c.low * c.high), 2 * log(0.5), 1e-9);
  /* A model whose error is larger keeps it, but is as well known as the reference. */
  c.standard_error = 0.5;
  tide_reference_calibrate(&r, 8000, 4000, 0.95, &c);
  assert_float_equal(c.standard_error, 0.5, 1e-12);
  assert_float_equal(log(c.high / 0.5), 0.5 * gsl_cdf_tdist_Qinv(0.025, r.freedom), 1e-9);
  /* Where the model gave no interval there is the reference's. */
  c = (tide_contrast){.ratio = 0.5, .low = NAN, .high = NAN, .p = NAN};
  tide_reference_calibrate(&r, 8000, 4000, 0.95, &c);
  assert_true(isfinite(c.low) && isfinite(c.high) && c.p > 0);
}

/* A level that jumps every hundred days varies more from one month to the next than from one
 * fortnight to the next; one that is steady does not, and of windows of 13 days no half is looked
 * at. */
static void test_grows(void **state) {
  (void)state;
  fill_swings(200, 200);
  assert_false(tide_reference_grows(&(tide_reference){.half_wander = NAN}));
  for (size_t i = 0; i < DAYS; i++)
    days[i] = i % 7 < 5 ? 250 : 100;
  tide_reference r = estimate(DAYS, 28);
  assert_false(tide_reference_grows(&r));
  for (size_t i = 0; i < DAYS; i++)
    days[i] = i / 100 % 2 ? 400 : 200;
  r = estimate(DAYS, 28);
  assert_true(tide_reference_grows(&r) && r.wander > 1.5 * r.half_wander);
  r = estimate(4 * 28 - 1, 28);
  assert_false(tide_reference_grows(&r));
  r = estimate(DAYS, 13);
  assert_true(isnan(r.half_wander) && !tide_reference_grows(&r));
}

/* What swung lately says more than what swung long ago, by half for each ten windows, and all dates
 * together are worth less than as many of one weight. */
static void test_nearness(void **state) {
  (void)state;
  double late, early;
  fill_swings(200, 400);
  for (size_t i = 0; i < DAYS - 10 * 28; i++)
    days[i] = 300;
  late = estimate(20 * 28, 28).spread;
  fill_swings(200, 400);
  for (size_t i = DAYS - 10 * 28; i < DAYS; i++)
    days[i] = 300;
  early = estimate(20 * 28, 28).spread;
  assert_float_equal(late / early, 2, 0.1);
  assert_number(estimate(20 * 28, 28).freedom, <, 19.5);
}

/* Without history there is what is presumed, by hand; with one the mean of both, by their degrees
 * of freedom, which a long history leaves few to what is presumed; and days that stray no more than
 * independent ones still have a level that may. */
static void test_presume(void **state) {
  (void)state;
  const double least = 0.15 * 0.15;
  assert_float_equal(tide_reference_presumed(0.03, 0.05, 28), least, 1e-12);
  assert_float_equal(tide_reference_presumed(0.09, 0.05, 7) - 0.04, least, 1e-12);
  assert_float_equal(tide_reference_presumed(0.09, 0.05, 28) - 0.04 * pow(4, 0.3), least, 1e-12);
  assert_float_equal(tide_reference_presumed_few(4.5, 9.5, 1.25, 7) - 0.25 * 0.3, least, 1e-12);
  assert_float_equal(tide_reference_presumed_few(4.5, 9.5, NAN, 7), least, 1e-12);
  tide_reference r = {0};
  tide_reference_presume(&r, 0.1);
  assert_true(fabs(r.wander - 0.1) < 1e-12 && fabs(r.freedom - 8) < 1e-12 && !r.dates);
  r = (tide_reference){.dates = 60, .freedom = 5, .wander = 0.4, .spread = 0.7};
  tide_reference_presume(&r, 0.1);
  assert_true(fabs(r.wander - 0.2) < 1e-12 && fabs(r.spread - 0.3) < 1e-12);
  assert_true(fabs(r.freedom - 12) < 1e-12 && r.dates == 60);
  /* Of 16 degrees of freedom beside it eight leave two, as of four they leave eight. */
  r = (tide_reference){.dates = 900, .freedom = 17, .wander = 0.4, .spread = 0.7};
  tide_reference_presume(&r, 0.1);
  assert_true(fabs(r.freedom - 18) < 1e-12 && fabs(r.wander - (0.2 + 6.4) / 18) < 1e-12);
  /* Two windows and a bit: too little to go by alone, but not nothing. */
  fill_swings(200, 400);
  r = estimate(60, 28);
  assert_true(!r.dates && r.freedom > 2 && r.freedom < 2.2 && r.wander > 0);
}

/* Few things: values by integrating over Student's distribution with 4,000 points of the inverse
 * tangent, in another language. */
static void test_calibrate_exact(void **state) {
  (void)state;
  tide_reference r = {.dates = 100, .freedom = 8, .wander = 0.25, .spread = 0.5};
  tide_reference_few few = {12, 3, 28, 28};
  tide_contrast c = {.ratio = 0.25, .low = 0.045, .high = 0.93, .p = 0.035};
  tide_reference_calibrate_exact(&r, &few, 0.95, &c);
  assert_float_equal(c.p, 0.1445234, 1e-5);
  assert_true(fabs(c.low - 0.0313655) < 1e-4 && fabs(c.high - 1.5204986) < 1e-3);
  /* A silent side keeps its bound of 0; its p-value has the tail of the distribution, and is not
   * that of twenty independent things, 2e-4. */
  few = (tide_reference_few){20, 0, 28, 14};
  c = (tide_contrast){.ratio = 0, .low = 0, .high = 0.4, .p = 2e-4};
  tide_reference_calibrate_exact(&r, &few, 0.95, &c);
  assert_float_equal(c.p, 0.0123483, 1e-5);
  assert_true(c.low < 1e-300 && fabs(c.high - 0.5819755) < 1e-4);
  /* Without wander nothing changes. */
  tide_contrast before = c;
  r.wander = 0;
  tide_reference_calibrate_exact(&r, &few, 0.95, &c);
  assert_memory_equal(&c, &before, sizeof c);
}

/* A dispersion that is a power of 1.25 stays so, whichever way its last digit was rounded. */
static void test_presume_few(void **state) {
  (void)state;
  for (double power = 1; power < 100; power *= 1.25) {
    const double exactly = tide_reference_presumed_few(1, 1, power, 28);
    for (int ulps = -4; ulps <= 4; ulps += 2)
      assert_true(
          fabs(tide_reference_presumed_few(1, 1, power * (1 + ulps * DBL_EPSILON), 28) / exactly -
               1) < 1e-9);
    assert_true(tide_reference_presumed_few(1, 1, power * 1.01, 28) > 1.01 * exactly);
  }
}

/* A mixture of one kind is a normal distribution, to which Student's comes with much freedom; and
 * what comes besides is more of the same. */
static void test_mixed(void **state) {
  enum { KIND = 8 };
  const double deviation = tide_mixture_deviation(KIND), half = deviation * deviation, growth = 2;
  const tide_reference student = {.dates = 1, .freedom = 1e7, .wander = growth * half};
  tide_reference mixed = {.dates = 1, .freedom = INFINITY, .mixed = true};
  const tide_reference_few few = {3, 17, 28, 28};
  (void)state;
  mixed.mixture.weight[KIND] = 1;
  for (int besides = 0; besides < 2; besides++) {
    mixed.mixture.growth = besides ? 1 : growth;
    mixed.wander = besides ? half : 0;
    tide_contrast a = {.ratio = 3, .low = NAN, .high = NAN, .p = NAN}, b = a;
    tide_reference_calibrate(&student, 30, 90, 0.95, &a);
    tide_reference_calibrate(&mixed, 30, 90, 0.95, &b);
    assert_true(fabs(a.p - b.p) < 1e-6 && fabs(a.low - b.low) < 1e-6);
    assert_true(fabs(a.high - b.high) < 1e-4 && fabs(a.standard_error - b.standard_error) < 1e-6);
    a = b = (tide_contrast){.ratio = 17.0 / 3, .low = 17.0 / 3, .high = 17.0 / 3};
    tide_reference_calibrate_exact(&student, &few, 0.95, &a);
    tide_reference_calibrate_exact(&mixed, &few, 0.95, &b);
    assert_true(a.p > 0.001 && fabs(a.p - b.p) < 1e-4);
    assert_true(fabs(log(a.low / b.low)) < 1e-3 && fabs(log(a.high / b.high)) < 1e-3);
  }
}

/* Many messages on few days: their noise is far less than the wander, over which it is averaged.
 * Student's distribution with its variance added to that of the wander is within a few percent. */
static void test_calibrate_exact_many(void **state) {
  (void)state;
  const tide_reference r = {.freedom = 8, .wander = 0.0225, .spread = 0.0225};
  for (uint64_t after = 2100; after < 6000; after += 100) {
    const tide_reference_few few = {2000, after, 2, 2};
    const double value = log((double)after / 2000),
                 error = sqrt(r.wander + 1 / 2000. + 1 / (double)after),
                 p = 2 * gsl_cdf_tdist_Q(value / error, 8);
    tide_contrast c = {.low = INFINITY, .high = 0, .p = 0};
    tide_reference_calibrate_exact(&r, &few, 0.95, &c);
    assert_true(fabs(c.p / p - 1) < 0.1);
    assert_true(fabs(log(c.low) / (value - error * gsl_cdf_tdist_Qinv(0.025, 8)) - 1) < 0.1 ||
                fabs(log(c.low)) < 0.1);
  }
}

/* A control that swings as the subject does takes all of its wander; one that is steady takes
 * nothing and adds its noise; one that swings the other way doubles the ratio. */
static void test_control(void **state) {
  static double control[DAYS];
  (void)state;
  const tide_reference_windows w = {28, 0, 28};
  const tide_history h = {DAYS, days, gap, control};
  tide_reference r, alone;
  fill_swings(200, 400);
  alone = estimate(DAYS, 28);
  assert_true(isnan(alone.correlation));
  memcpy(control, days, sizeof control);
  assert_int_equal(tide_reference_estimate(&h, &w, TIDE_QUANTITY_COUNT, &r), TIDE_OK);
  assert_true(r.spread < 1e-20 && r.wander < 1e-20 && fabs(r.correlation - 1) < 1e-9);
  assert_true(fabs(r.alone - alone.spread) < 1e-12 && r.dates == alone.dates);
  tide_reference_take_control(&r, 8400, 8400);
  assert_float_equal(tide_reference_variance(&r, 100, 50), (0.01 + 0.02 + 2.0 / 8400), 1e-12);
  for (size_t i = 0; i < DAYS; i++)
    control[i] = 600 - days[i];
  assert_int_equal(tide_reference_estimate(&h, &w, TIDE_QUANTITY_COUNT, &r), TIDE_OK);
  assert_true(r.correlation < -0.99 && r.spread > 3.9 * alone.spread &&
              r.spread < 4.1 * alone.spread);
  for (size_t i = 0; i < DAYS; i++)
    control[i] = 300;
  assert_int_equal(tide_reference_estimate(&h, &w, TIDE_QUANTITY_COUNT, &r), TIDE_OK);
  assert_float_equal(r.spread, alone.spread, 1e-12);
  /* Dates at which the control has nothing say nothing. */
  memset(control, 0, sizeof control);
  assert_int_equal(tide_reference_estimate(&h, &w, TIDE_QUANTITY_COUNT, &r), TIDE_OK);
  assert_int_equal(r.dates, 0);
}

/* --- what R says --- */

typedef struct r_case {
  double past[DAYS], control[DAYS], value[DAYS], behind[DAYS];
  bool gap[DAYS];
  size_t past_days, after_days;
  bool has_control;
} r_case;

static double sum_of(const double *values, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += values[i];
  return sum;
}

/* The model of the days, and what R's line asks for beside it. */
static tide_contrast model_of(r_case *r, const tide_reference_windows *w) {
  static double length[DAYS], start[DAYS], value[DAYS];
  const tide_contrast_options options = {.confidence = 0.95};
  tide_contrast c;
  for (size_t i = 0; i < w->before + w->after; i++) {
    const bool after = i >= w->before;
    length[i] = 1;
    start[i] = (double)i - (double)w->before + (after ? (double)w->washout : 0);
    value[i] = after ? r->value[i - w->before] : r->past[r->past_days - w->before + i];
  }
  const tide_series series = {w->before + w->after, value, length, start};
  assert_int_equal(tide_contrast_estimate(&series, TIDE_QUANTITY_COUNT, &options, &c), TIDE_OK);
  return c;
}

/* Averages of few messages are sums over levels. */
static void check_close(double got, double want, bool few) {
  if (few)
    assert_true(fabs(got / want - 1) < 1e-3);
  else
    assert_near(got, want);
}

/* values: the windows, then ratio, low, high, p and the number of dates. */
static void r_case_check(r_case *r, const double *values) {
  const tide_reference_windows w = {(size_t)values[0], (size_t)values[1], (size_t)values[2]};
  const tide_history h = {r->past_days, r->past, r->gap, r->has_control ? r->control : NULL};
  const double before = sum_of(r->past + r->past_days - w.before, w.before),
               after = sum_of(r->value, w.after), noise = 1 / before + 1 / after,
               apart = (double)w.before / 2 + (double)w.washout + (double)w.after / 2;
  tide_reference reference;
  tide_contrast c = model_of(r, &w);
  const bool few = strcmp(c.method, "exact") == 0;
  assert_int_equal(tide_reference_estimate(&h, &w, TIDE_QUANTITY_COUNT, &reference), TIDE_OK);
  assert_int_equal(reference.dates, (size_t)values[7]);
  if (r->has_control) {
    const double other[2] = {sum_of(r->control + r->past_days - w.before, w.before),
                             sum_of(r->behind, w.after)};
    tide_reference_take_control(&reference, other[0], other[1]);
    c = (tide_contrast){.ratio = c.ratio * other[0] / other[1] * (double)w.after / (double)w.before,
                        .low = NAN,
                        .high = NAN,
                        .p = NAN};
  } else {
    tide_reference_presume(
        &reference,
        few ? tide_reference_presumed_few(before, after, c.dispersion, apart)
            : tide_reference_presumed(c.standard_error * c.standard_error, noise, apart));
  }
  const tide_reference_few counts = {(uint64_t)before, (uint64_t)after, (double)w.before,
                                     (double)w.after};
  if (few)
    tide_reference_calibrate_exact(&reference, &counts, 0.95, &c);
  else
    tide_reference_calibrate(&reference, before, after, 0.95, &c);
  assert_near(c.ratio, values[3]);
  check_close(c.low, values[4], few);
  check_close(c.high, values[5], few);
  check_close(c.p, values[6], few);
}

static void take(const r_lines *r, double *to, size_t *count) {
  assert_true(r->count <= DAYS);
  memcpy(to, r->values, r->count * sizeof *to);
  if (count)
    *count = r->count;
}

static void r_case_line(r_case *now, const r_lines *r, size_t *checked) {
  const char *part = strchr(r->name, '.');
  assert_non_null(part);
  if (strcmp(part, ".past") == 0) {
    *now = (r_case){0};
    take(r, now->past, &now->past_days);
  } else if (strcmp(part, ".gap") == 0) {
    for (size_t i = 0; i < r->count; i++)
      now->gap[(size_t)r->values[i]] = true;
  } else if (strcmp(part, ".after") == 0) {
    take(r, now->value, &now->after_days);
  } else if (strcmp(part, ".control") == 0) {
    take(r, now->control, NULL);
    now->has_control = true;
  } else if (strcmp(part, ".behind") == 0) {
    take(r, now->behind, NULL);
  } else {
    r_case_check(now, r->values);
    ++*checked;
  }
}

static void test_r(void **state) {
  (void)state;
  static r_case now;
  static r_lines r;
  static double stream[DAYS];
  const tide_reference wander = {.freedom = 9, .wander = 0.2, .spread = 0.2};
  size_t checked = 0, stream_days = 0, waits = 0;
  r_open(&r, "reference.txt");
  while (r_next(&r)) {
    if (strcmp(r.name, "wait.days") == 0) {
      take(&r, stream, &stream_days);
    } else if (strcmp(r.name, "wait.result") == 0) {
      const double events = tide_wait_events(stream, stream_days);
      assert_near(events, r.values[0]);
      check_close(tide_wait_p(events, (double)stream_days, 28, &wander), r.values[1], true);
      waits++;
    } else {
      r_case_line(&now, &r, &checked);
    }
  }
  assert_int_equal(checked, 9);
  assert_int_equal(waits, 4);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_little_history),
      cmocka_unit_test(test_three_years_at_most),
      cmocka_unit_test(test_begin),
      cmocka_unit_test(test_steps),
      cmocka_unit_test(test_gaps_are_left_out),
      cmocka_unit_test(test_wander),
      cmocka_unit_test(test_calibrate),
      cmocka_unit_test(test_grows),
      cmocka_unit_test(test_nearness),
      cmocka_unit_test(test_presume),
      cmocka_unit_test(test_r),
      cmocka_unit_test(test_calibrate_exact),
      cmocka_unit_test(test_presume_few),
      cmocka_unit_test(test_mixed),
      cmocka_unit_test(test_calibrate_exact_many),
      cmocka_unit_test(test_control),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
