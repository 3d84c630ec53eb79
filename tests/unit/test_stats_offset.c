/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A control as an offset of the search for changes, and what it has in common with the series. */
#include "cmocka_all.h"

#include <math.h>

#include "stats/offset.h"
#include "stats/segment.h"

enum { DAYS = 196, FALL = 100, FALL_END = 128 };

static double counts[DAYS], control[DAYS], widths[DAYS], scaled[DAYS];

/* Both swing by a factor of two every 20 days, and the series falls by 65 % for 28. */
static void swings_make(double control_swings) {
  for (size_t i = 0; i < DAYS; i++) {
    const double swing = i / 20 % 2 ? 2 : 1, fallen = i >= FALL && i < FALL_END ? 0.35 : 1;
    widths[i] = 86400;
    counts[i] = floor(20 * swing * fallen + (double)(i * 7919 % 5));
    control[i] = floor(60 * pow(swing, control_swings) + (double)(i * 104729 % 7));
  }
}

static void the_level_of_the_control_goes_into_the_widths(void **state) {
  (void)state;
  const double flat[4] = {5, 5, 5, 5}, none[4] = {0}, step[8] = {2, 2, 2, 2, 6, 6, 6, 6};
  double width[8] = {1, 1, 2, 1, 1, 1, 1, 1}, out[8];
  assert_int_equal(tide_offset_widths(none, width, 4, 7, out), TIDE_OK);
  for (int i = 0; i < 4; i++) {
    at("i = %d", i);
    assert_float_equal(out[i], width[i], 1e-12);
  }
  const double even[4] = {1, 1, 1, 1};
  assert_int_equal(tide_offset_widths(flat, even, 4, 3, out), TIDE_OK);
  for (int i = 0; i < 4; i++) {
    at("i = %d", i);
    assert_float_equal(out[i], 1, 1e-12);
  }
  /* Three bins about bin 1 have 6 messages, where the mean level has 12; one more on each side. */
  const double same[8] = {1, 1, 1, 1, 1, 1, 1, 1};
  assert_int_equal(tide_offset_widths(step, same, 8, 3, out), TIDE_OK);
  assert_float_equal(out[1], 7.0 / 13, 1e-12);
  assert_float_equal(out[6], 19.0 / 13, 1e-12);
}

/* A burst that both share is cut in the series: the control's must be no dip beside it. */
static void bursts_of_the_control_are_cut(void **state) {
  (void)state;
  for (size_t i = 0; i < DAYS; i++) {
    widths[i] = 86400;
    control[i] = 60 + (double)(i * 104729 % 7);
  }
  control[100] = 6000;
  assert_int_equal(tide_offset_widths(control, widths, DAYS, 7, scaled), TIDE_OK);
  for (size_t i = 95; i < 106; i++) {
    at("i = %zu", i);
    assert_float_equal(scaled[i] / widths[i], 1, 0.1);
  }
}

static void what_both_share_hides_no_change(void **state) {
  (void)state;
  const tide_segment_options options = {.min_length = 7, .cycle = 7};
  tide_segmentation alone, relative;
  swings_make(1);
  assert_int_equal(tide_segment_find(counts, widths, DAYS, &options, &alone), TIDE_OK);
  for (size_t i = 0; i < alone.count; i++) {
    at("i = %zu", i);
    assert_false(alone.changes[i].at == FALL && alone.changes[i].ends);
  }
  assert_int_equal(tide_offset_widths(control, widths, DAYS, 7, scaled), TIDE_OK);
  assert_int_equal(tide_segment_find(counts, scaled, DAYS, &options, &relative), TIDE_OK);
  assert_int_equal(relative.count, 1);
  assert_true(relative.changes[0].at + 2 >= FALL && relative.changes[0].at <= FALL + 2);
  assert_true(relative.changes[0].ends);
  const double ratio = relative.changes[0].after / relative.changes[0].before;
  assert_true(ratio > 0.3 && ratio < 0.5);
  tide_segmentation_free(&alone);
  tide_segmentation_free(&relative);
}

static void a_control_says_whether_it_goes_along(void **state) {
  (void)state;
  const size_t boundary[2] = {FALL, FALL_END};
  const tide_offset_pair pair = {.counts = counts,
                                 .control = control,
                                 .widths = widths,
                                 .n = DAYS,
                                 .unit = 7,
                                 .boundary = boundary,
                                 .boundaries = 2};
  swings_make(1);
  tide_offset_common along = tide_offset_in_common(&pair);
  assert_number(along.places, >, 0);
  assert_number(along.correlation, >, 0.95);
  assert_false(tide_offset_is_apart(&along));
  swings_make(-1);
  tide_offset_common against = tide_offset_in_common(&pair);
  assert_number(against.correlation, <, -0.9);
  assert_true(tide_offset_is_apart(&against));
  tide_offset_pair few = pair;
  few.n = 70;
  assert_int_equal(tide_offset_in_common(&few).places, 0);
  assert_false(tide_offset_is_apart(&(tide_offset_common){0}));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_level_of_the_control_goes_into_the_widths),
      cmocka_unit_test(bursts_of_the_control_are_cut),
      cmocka_unit_test(what_both_share_hides_no_change),
      cmocka_unit_test(a_control_says_whether_it_goes_along),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
