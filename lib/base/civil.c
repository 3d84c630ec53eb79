/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days become dates, and dates days, by eras of 400 years, without tables and without loops. */
#include "base/civil.h"

#include <stdio.h>

enum { DAY = 86400 };

int64_t tide_days_from_civil(int64_t year, int month, int day) {
  year -= month <= 2;
  int64_t era = (year >= 0 ? year : year - 399) / 400;
  int64_t year_of_era = year - era * 400;
  int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
  int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468 + (day - 1);
}

void tide_civil_from_days(int64_t days, tide_civil *out) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  int64_t day_of_era = days - era * 146097;
  int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int64_t shifted = (5 * day_of_year + 2) / 153;
  out->day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
  out->month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
  out->year = year_of_era + era * 400 + (out->month <= 2);
}

int tide_month_days(int64_t year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

int tide_weekday_from_days(int64_t days) {
  int64_t n = (days + 3) % 7; /* 1970-01-01 was a Thursday */
  return (int)(n < 0 ? n + 7 : n);
}

int64_t tide_civil_seconds(const tide_civil *c) {
  return tide_days_from_civil(c->year, c->month, c->day) * DAY + c->hour * 3600 + c->minute * 60 +
         c->second;
}

void tide_civil_from_seconds(int64_t seconds, tide_civil *out) {
  int64_t days = seconds / DAY, rest = seconds % DAY;
  if (rest < 0) {
    rest += DAY;
    days--;
  }
  tide_civil_from_days(days, out);
  out->hour = (int)(rest / 3600);
  out->minute = (int)(rest / 60 % 60);
  out->second = (int)(rest % 60);
}

bool tide_duration_parse(tide_span s, int64_t *seconds) {
  int64_t total = 0;
  s = tide_span_trim(s);
  if (s.len == 0)
    return false;
  while (s.len) {
    size_t digits = 0;
    while (digits < s.len && tide_is_digit(s.ptr[digits]))
      digits++;
    uint64_t n;
    if (digits == s.len || digits > 12 || !tide_span_uint(tide_span_slice(s, 0, digits), &n))
      return false;
    int64_t unit;
    switch (s.ptr[digits]) {
    case 's': unit = 1; break;
    case 'm': unit = 60; break;
    case 'h': unit = 3600; break;
    case 'd': unit = DAY; break;
    case 'w': unit = 7 * DAY; break;
    default: return false;
    }
    total += (int64_t)n * unit;
    if (total > (int64_t)10000 * 366 * DAY)
      return false;
    s = tide_span_slice(s, digits + 1, s.len);
  }
  if (total == 0)
    return false;
  *seconds = total;
  return true;
}

static char *put_two(char *to, int n) {
  to[0] = (char)('0' + n / 10);
  to[1] = (char)('0' + n % 10);
  return to + 2;
}

size_t tide_rfc3339_format(int64_t time, int32_t offset, char out[TIDE_RFC3339_MAX]) {
  tide_civil c;
  int32_t minutes = offset / 60, size = minutes < 0 ? -minutes : minutes;
  char *to = out;
  tide_civil_from_seconds(time + offset, &c);
  if (c.year >= 0 && c.year <= 9999)
    to = put_two(put_two(to, (int)c.year / 100), (int)c.year % 100);
  else
    to += snprintf(out, TIDE_RFC3339_MAX, "%04lld", (long long)c.year);
  *to++ = '-';
  to = put_two(to, c.month);
  *to++ = '-';
  to = put_two(to, c.day);
  *to++ = 'T';
  to = put_two(to, c.hour);
  *to++ = ':';
  to = put_two(to, c.minute);
  *to++ = ':';
  to = put_two(to, c.second);
  if (size == 0) {
    *to++ = 'Z';
  } else {
    *to++ = minutes < 0 ? '-' : '+';
    to = put_two(to, size / 60);
    *to++ = ':';
    to = put_two(to, size % 60);
  }
  *to = '\0';
  return (size_t)(to - out);
}

bool tide_rfc3339_has(int64_t time) {
  return time >= INT64_C(-62135510400) && time < INT64_C(253402214400);
}
