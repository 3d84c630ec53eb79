/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar of takedowns, and what a person may write behind --event. */
#include "cmocka_all.h"

#include "spamtide/data.h"
#include "spamtide/event.h"

static void calendar(void **state) {
  (void)state;
  tide_calendar *c;
  tide_zone *utc, *new_york;
  tide_error err;
  int64_t time, before = INT64_MIN;
  assert_int_equal(tide_zone_open(&utc, SPAN("UTC"), &err), TIDE_OK);
  assert_int_equal(tide_zone_open(&new_york, SPAN("America/New_York"), &err), TIDE_OK);
  assert_int_equal(tide_calendar_read(&c, tide_data_takedowns, &err), TIDE_OK);
  assert_int_equal(tide_calendar_count(c), 16);
  /* In order, each with a time that can be read, a known kind and precision. */
  for (size_t i = 0; i < tide_calendar_count(c); i++) {
    const tide_event *e = tide_calendar_event(c, i);
    assert_int_equal(tide_event_parse(c, e->name, utc, &time, &err), TIDE_OK);
    assert_true(time > before);
    before = time;
    assert_true(tide_span_equal(e->precision, SPAN("day")) ||
                tide_span_equal(e->precision, SPAN("minute")));
    assert_true(tide_span_equal(e->kind, SPAN("takedown")) ||
                tide_span_equal(e->kind, SPAN("return")) ||
                tide_span_equal(e->kind, SPAN("placebo")));
    assert_true(e->title.len && e->source.len);
  }
  static const struct {
    const char *text;
    bool in_new_york;
    int64_t time; /* -1: refused */
  } cases[] = {
      {"mccolo", false, 1226439000},
      {" McColo ", true, 1226439000}, /* it has a zone of its own */
      {"2008-11-11T21:30:00Z", true, 1226439000},
      {"2008-11-11T21:30Z", false, 1226439000},
      {"2008-11-11 16:30 America/New_York", false, 1226439000},
      {"2008-11-11 16:30", true, 1226439000},
      {"2008-11-11T16:30:00-05:00", false, 1226439000},
      {"2008-11-11", false, 1226361600},
      {"2008-11-11", true, 1226379600},
      {"grum", true, 1342584000}, /* a day, in the zone that was asked for */
      {"2008-11-31", false, -1},
      {"2008-13-01", false, -1},
      {"2008-11-11 25:00", false, -1},
      {"2008-11-11 16:30 Nowhere/Land", false, -1},
      {"2008-11-11x", false, -1},
      {"mccoy", false, -1},
      {"", false, -1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    tide_status status = tide_event_parse(c, tide_span_of(cases[i].text),
                                          cases[i].in_new_york ? new_york : utc, &time, &err);
    if ((status == TIDE_OK) != (cases[i].time >= 0) || (status == TIDE_OK && time != cases[i].time))
      fail_msg("\"%s\": status %d, %lld", cases[i].text, (int)status, (long long)time);
    if (status != TIDE_OK)
      assert_int_equal(status, TIDE_USAGE);
  }
  tide_calendar_free(c);
  assert_int_equal(tide_calendar_read(&c, SPAN("name,time\nx,y\n"), &err), TIDE_USAGE);
  tide_zone_free(utc);
  tide_zone_free(new_york);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(calendar)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
