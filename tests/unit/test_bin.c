/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins tile time in every zone: no gap, no overlap, and the odd days and hours are what a person
 * would say they are. */
#include "cmocka_all.h"

#include <unistd.h>

#include "base/bin.h"

static tide_zone *zone(const char *name) {
  tide_zone *z;
  tide_error err;
  if (tide_zone_open(&z, tide_span_of(name), &err) != TIDE_OK)
    fail_msg("%s", err.text);
  return z;
}

/* The bin that holds a civil time's instant, as "start/length in hours". */
static void odd_days(void **state) {
  (void)state;
  static const struct {
    const char *zone, *when, *unit, *start;
    int64_t seconds;
  } cases[] = {
      {"America/New_York", "2008-03-09 12:00", "day", "2008-03-09T00:00:00-05:00", 23 * 3600},
      {"America/New_York", "2008-11-02 12:00", "day", "2008-11-02T00:00:00-04:00", 25 * 3600},
      {"America/New_York", "2008-11-03 12:00", "week", "2008-11-03T00:00:00-05:00", 7 * 86400},
      {"America/New_York", "2008-11-01 12:00", "week", "2008-10-27T00:00:00-04:00",
       7 * 86400 + 3600},
      {"America/New_York", "2008-11-15 12:00", "month", "2008-11-01T00:00:00-04:00",
       30 * 86400 + 3600},
      {"America/New_York", "2008-07-01", "year", "2008-01-01T00:00:00-05:00", 366 * 86400},
      /* Midnight did not exist: the day begins when the clock says one. */
      {"America/Sao_Paulo", "2008-10-19 12:00", "day", "2008-10-19T01:00:00-02:00", 23 * 3600},
      /* The clock went back at midnight to eleven: one long day. */
      {"America/Sao_Paulo", "2009-02-14 12:00", "day", "2009-02-14T00:00:00-02:00", 25 * 3600},
      /* 30 minutes of difference: the hour before it is half an hour long. */
      {"Australia/Lord_Howe", "2008-10-05 01:30", "hour", "2008-10-05T01:00:00+10:30", 3600},
      {"Australia/Lord_Howe", "2008-10-05 02:45", "hour", "2008-10-05T02:30:00+11:00", 1800},
      {"Asia/Kathmandu", "2008-11-11 00:10", "day", "2008-11-11T00:00:00+05:45", 86400},
      {"Asia/Kathmandu", "2008-11-11 00:10", "hour", "2008-11-11T00:00:00+05:45", 3600},
      {"Pacific/Apia", "2011-12-31 06:00", "day", "2011-12-31T00:00:00+14:00", 86400},
      {"UTC", "2009-01-01", "week", "2008-12-29T00:00:00Z", 7 * 86400},
      {"UTC", "2008-02-29", "month", "2008-02-01T00:00:00Z", 29 * 86400},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].zone);
    tide_zone *z = zone(cases[i].zone);
    tide_binning b = {.zone = z};
    int64_t time;
    char text[TIDE_RFC3339_MAX];
    assert_int_equal(tide_binning_parse(tide_span_of(cases[i].unit), &b, NULL), TIDE_OK);
    assert_int_equal(tide_when_parse(tide_span_of(cases[i].when), z, &time, NULL, NULL), TIDE_OK);
    tide_bin bin = tide_bin_of(&b, time);
    tide_rfc3339_format(bin.start, tide_zone_offset(z, bin.start), text);
    if (strcmp(text, cases[i].start) != 0 || bin.end - bin.start != cases[i].seconds)
      fail_msg("%s %s %s: %s, %lld s", cases[i].zone, cases[i].when, cases[i].unit, text,
               (long long)(bin.end - bin.start));
    tide_zone_free(z);
  }
}

/* An hour that comes twice is two bins, told apart by their offset. */
static void doubled_hour(void **state) {
  (void)state;
  tide_zone *z = zone("America/New_York");
  tide_binning b = {.unit = TIDE_BIN_HOUR, .zone = z};
  int64_t time;
  assert_int_equal(tide_when_parse(SPAN("2008-11-02T05:30:00Z"), z, &time, NULL, NULL), TIDE_OK);
  tide_bin first = tide_bin_of(&b, time), second = tide_bin_next(&b, first);
  char text[TIDE_RFC3339_MAX];
  tide_rfc3339_format(first.start, tide_zone_offset(z, first.start), text);
  assert_string_equal(text, "2008-11-02T01:00:00-04:00");
  tide_rfc3339_format(second.start, tide_zone_offset(z, second.start), text);
  assert_string_equal(text, "2008-11-02T01:00:00-05:00");
  tide_zone_free(z);
}

/* Samoa had no 30 December 2011: the day after the 29th is the 31st. */
static void skipped_day(void **state) {
  (void)state;
  tide_zone *z = zone("Pacific/Apia");
  tide_binning b = {.unit = TIDE_BIN_DAY, .zone = z};
  int64_t time;
  char text[TIDE_RFC3339_MAX];
  assert_int_equal(tide_when_parse(SPAN("2011-12-29 12:00"), z, &time, NULL, NULL), TIDE_OK);
  tide_bin next = tide_bin_next(&b, tide_bin_of(&b, time));
  tide_rfc3339_format(next.start, tide_zone_offset(z, next.start), text);
  assert_string_equal(text, "2011-12-31T00:00:00+14:00");
  tide_zone_free(z);
}

static uint64_t seed = 88172645463325252u;
static uint64_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return seed;
}

static void tiling(void **state) {
  (void)state;
  static const char *const zones[] = {"UTC",
                                      "America/New_York",
                                      "America/Sao_Paulo",
                                      "Australia/Lord_Howe",
                                      "Asia/Kathmandu",
                                      "Pacific/Apia",
                                      "America/St_Johns",
                                      "+05:30",
                                      "Africa/Casablanca",
                                      "Antarctica/Troll",
                                      "Europe/Dublin"};
  static const char *const units[] = {"hour", "day", "week", "month", "year", "6h", "7d", "90s"};
  for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
    at("row %zu of zones: %s", z, zones[z]);
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
      at("row %zu of units: %s", u, units[u]);
      tide_zone *tz = zone(zones[z]);
      tide_binning b = {.zone = tz};
      assert_int_equal(tide_binning_parse(tide_span_of(units[u]), &b, NULL), TIDE_OK);
      for (int i = 0; i < 400; i++) {
        int64_t time = (int64_t)(next_random() % 8000000000u) - 3000000000; /* 1874 to 2128 */
        tide_bin bin = tide_bin_of(&b, time);
        if (time < bin.start || time >= bin.end)
          fail_msg("%s %s %lld", zones[z], units[u], (long long)time);
        for (int k = 0; k < 3; k++) {
          tide_bin same = tide_bin_of(&b, bin.end - 1), next = tide_bin_next(&b, bin);
          if (same.start != bin.start || same.end != bin.end)
            fail_msg("%s %s %lld: its last second lies elsewhere", zones[z], units[u],
                     (long long)time);
          if (next.start != bin.end || next.end <= next.start)
            fail_msg("%s %s %lld: gap or overlap", zones[z], units[u], (long long)time);
          bin = next;
        }
      }
      tide_zone_free(tz);
    }
  }
}

static void spans(void **state) {
  (void)state;
  tide_zone *z = zone("UTC");
  tide_binning b = {.zone = z};
  tide_error err;
  assert_int_equal(tide_binning_parse(SPAN("24h"), &b, &err), TIDE_OK);
  b.anchor = 1226439000;
  assert_int_equal(tide_bin_of(&b, 1226439000).start, 1226439000);
  assert_int_equal(tide_bin_of(&b, 1226438999).start, 1226439000 - 86400);
  assert_int_equal(tide_bin_of(&b, -1226439000).end - tide_bin_of(&b, -1226439000).start, 86400);
  static const char *const bad[] = {"", "0h", "-1d", "fortnight", "d", "1", "1y", "9999999999999d"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    at("row %zu of bad: %s", i, bad[i]);
    assert_int_equal(tide_binning_parse(tide_span_of(bad[i]), &b, &err), TIDE_USAGE);
  }
  tide_zone_free(z);
}

/* Midnight at the end of a day, also of one with 25 or 23 hours, and at the end of a month. */
static void midnights(void **state) {
  (void)state;
  static const char *const same[][2] = {
      {"2008-11-11 24:00 UTC", "2008-11-12T00:00:00Z"},
      {"2008-12-31T24:00:00Z", "2009-01-01T00:00:00Z"},
      {"2008-11-02 24:00 America/New_York", "2008-11-03T05:00:00Z"},
      {"2008-03-09 24:00 America/New_York", "2008-03-10T04:00:00Z"}};
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    at("row %zu of same: %s, %s", i, same[i][0], same[i][1]);
    int64_t a, b;
    assert_int_equal(tide_when_parse(tide_span_of(same[i][0]), NULL, &a, NULL, NULL), TIDE_OK);
    assert_int_equal(tide_when_parse(tide_span_of(same[i][1]), NULL, &b, NULL, NULL), TIDE_OK);
    assert_int_equal(a, b);
  }
}

static void zones(void **state) {
  (void)state;
  tide_zone *z;
  tide_error err;
  static const char *const bad[] = {
      "",
      "localtime",
      "Mars/Olympus",
      "/etc/localtime",
      "../../etc/passwd",
      "America/New_York\n",
      "posixrules",
      "America/../UTC",
      "UTC-5", /* five hours east to POSIX, and west to everybody else */
      "UTC+05:00",
      "GMT+2",
      "gmt5",
      "EST5",
      "CET-1CEST",
      "a-name-that-is-longer-than-any-name-of-a-time-zone-could-ever-sensibly-be"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    if (tide_zone_open(&z, tide_span_of(bad[i]), &err) != TIDE_USAGE)
      fail_msg("\"%s\" was taken", bad[i]);
  static const struct {
    const char *name;
    int64_t time;
    int32_t offset;
  } cases[] = {{"UTC", 0, 0},
               {"America/New_York", 1226439000, -18000},
               {"America/New_York", 1215000000, -14400},
               {"Europe/London", 0, 3600}, /* British Standard Time */
               {"+05:30", 1226439000, 19800},
               {"-0500", 1226439000, -18000},
               {"EST5EDT", 1226439000, -18000},
               {"Etc/GMT+5", 1226439000, -18000},
               {"Asia/Kathmandu", 1226439000, 20700}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].name);
    /* Debian 13 has the names of old in a package of its own, tzdata-legacy. */
    if (strcmp(cases[i].name, "EST5EDT") == 0 && access("/usr/share/zoneinfo/EST5EDT", F_OK) != 0)
      continue;
    z = zone(cases[i].name);
    if (tide_zone_offset(z, cases[i].time) != cases[i].offset)
      fail_msg("%s: %d", cases[i].name, (int)tide_zone_offset(z, cases[i].time));
    int64_t from, to;
    tide_zone_interval(z, cases[i].time, &from, &to);
    assert_true(from <= cases[i].time && cases[i].time < to);
    if (from > INT64_MIN)
      assert_int_not_equal(tide_zone_offset(z, from - 1), tide_zone_offset(z, from));
    if (to < INT64_MAX)
      assert_int_equal(tide_zone_offset(z, to - 1), cases[i].offset);
    tide_zone_free(z);
  }
}

static void durations(void **state) {
  (void)state;
  int64_t n;
  assert_true(tide_duration_parse(SPAN("28d"), &n) && n == 28 * 86400);
  assert_true(tide_duration_parse(SPAN("1d12h"), &n) && n == 36 * 3600);
  assert_true(tide_duration_parse(SPAN("2w"), &n) && n == 14 * 86400);
  assert_true(tide_duration_parse(SPAN("90s"), &n) && n == 90);
  assert_true(tide_duration_parse(SPAN("30m"), &n) && n == 1800);
  assert_false(tide_duration_parse(SPAN("1.5d"), &n));
  assert_false(tide_duration_parse(SPAN("28"), &n));
  assert_false(tide_duration_parse(SPAN("d28"), &n));
}

static void civil(void **state) {
  (void)state;
  /* Every day of four centuries there and back. */
  for (int64_t day = -150000; day < 150000; day++) {
    at("day = %ld", day);
    tide_civil c = {0};
    tide_civil_from_days(day, &c);
    assert_int_equal(tide_days_from_civil(c.year, c.month, c.day), day);
    assert_true(c.month >= 1 && c.month <= 12 && c.day >= 1 &&
                c.day <= tide_month_days(c.year, c.month));
  }
  assert_int_equal(tide_days_from_civil(1970, 1, 1), 0);
  assert_int_equal(tide_days_from_civil(2000, 3, 1), 11017);
  assert_int_equal(tide_weekday_from_days(0), 3);
  assert_int_equal(tide_weekday_from_days(-4), 6);
  char text[TIDE_RFC3339_MAX];
  tide_rfc3339_format(-1, 0, text);
  assert_string_equal(text, "1969-12-31T23:59:59Z");
  tide_rfc3339_format(1226439000, -16200, text);
  assert_string_equal(text, "2008-11-11T17:00:00-04:30");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(odd_days), cmocka_unit_test(doubled_hour), cmocka_unit_test(skipped_day),
      cmocka_unit_test(tiling),   cmocka_unit_test(spans),        cmocka_unit_test(midnights),
      cmocka_unit_test(zones),    cmocka_unit_test(durations),    cmocka_unit_test(civil)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
