/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calendar of takedowns, and what a person may write after --event. */
#include "cmocka_all.h"

#include "base/data.h"
#include "question/event.h"

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
    at("i = %zu", i);
    const tide_event *e = tide_calendar_event(c, i);
    assert_int_equal(tide_event_parse(c, e->name, utc, &time, NULL, &err), TIDE_OK);
    assert_number(time, >, before);
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
    bool zoned;
  } cases[] = {
      {"mccolo", false, 1226439000, true},
      {" McColo ", true, 1226439000, true}, /* it has a zone of its own */
      {"2008-11-11T21:30:00Z", true, 1226439000, true},
      {"2008-11-11T21:30Z", false, 1226439000, true},
      {"2008-11-11 16:30 America/New_York", false, 1226439000, true},
      {"2008-11-11 16:30", true, 1226439000, false},
      {"2008-11-11T16:30:00-05:00", false, 1226439000, true},
      {"2008-11-11", false, 1226361600, false},
      {"2008-11-11", true, 1226379600, false},
      {"grum", true, 1342584000, false}, /* a day, in the zone that was asked for */
      {"2008-11-31", false, -1, false},
      {"2008-13-01", false, -1, false},
      {"2008-11-11 25:00", false, -1, false},
      {"2008-11-11 16:30 Nowhere/Land", false, -1, false},
      {"2008-11-11x", false, -1, false},
      {"mccoy", false, -1, false},
      {"", false, -1, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    bool zoned = false;
    tide_status status = tide_event_parse(
        c, tide_span_of(cases[i].text), cases[i].in_new_york ? new_york : utc, &time, &zoned, &err);
    if ((status == TIDE_OK) != (cases[i].time >= 0) || (status == TIDE_OK && time != cases[i].time))
      fail_msg("\"%s\": status %d, %lld", cases[i].text, (int)status, (long long)time);
    if (status != TIDE_OK)
      assert_int_equal(status, TIDE_USAGE);
    else if (zoned != cases[i].zoned)
      fail_msg("\"%s\": zoned %d", cases[i].text, (int)zoned);
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
