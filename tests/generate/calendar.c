/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calendar.h"

#include <stdio.h>

static const char *const day_names[] = {"Thu", "Fri", "Sat", "Sun",
                                        "Mon", "Tue", "Wed"}; /* from 1970-01-01 */
static const char *const month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

typedef struct parts {
  int year, month, day, hour, minute, second, weekday;
} parts;

static bool leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month) {
  static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : length[month - 1];
}

static int64_t days_before_year(int year) { /* from 1970-01-01 to year-01-01 */
  int64_t y = year - 1;
  return 365 * (y - 1969) + (y / 4 - 1969 / 4) - (y / 100 - 1969 / 100) + (y / 400 - 1969 / 400);
}

int64_t gen_days(int year, int month, int day) {
  int64_t days = days_before_year(year) + day - 1;
  for (int m = 1; m < month; m++)
    days += month_length(year, m);
  return days;
}

static parts take_apart(int64_t time) {
  int64_t days = time / GEN_DAY, rest = time % GEN_DAY;
  if (rest < 0) {
    rest += GEN_DAY;
    days--;
  }
  parts p = {0};
  p.year = (int)(1970 + days / 366);
  if (days < 0)
    p.year -= 2; /* division rounds towards 1970; the loop below walks forward only */
  while (days_before_year(p.year + 1) <= days)
    p.year++;
  int64_t left = days - days_before_year(p.year);
  for (p.month = 1; left >= month_length(p.year, p.month); p.month++)
    left -= month_length(p.year, p.month);
  p.day = (int)left + 1;
  p.hour = (int)(rest / 3600);
  p.minute = (int)(rest / 60 % 60);
  p.second = (int)(rest % 60);
  p.weekday = (int)(((days % 7) + 7) % 7);
  return p;
}

static bool digits(const char **at, int count, int *out) {
  int value = 0;
  for (int i = 0; i < count; i++) {
    if ((*at)[i] < '0' || (*at)[i] > '9')
      return false;
    value = value * 10 + ((*at)[i] - '0');
  }
  *at += count;
  *out = value;
  return true;
}

static bool mark(const char **at, char c) {
  if (**at != c)
    return false;
  ++*at;
  return true;
}

bool gen_time_parse(const char *text, int64_t *out) {
  int year, month, day, hour = 0, minute = 0, second = 0;
  const char *at = text;
  if (!digits(&at, 4, &year) || !mark(&at, '-') || !digits(&at, 2, &month) || !mark(&at, '-') ||
      !digits(&at, 2, &day))
    return false;
  if (*at) {
    if (!mark(&at, 'T') || !digits(&at, 2, &hour) || !mark(&at, ':') || !digits(&at, 2, &minute) ||
        !mark(&at, ':') || !digits(&at, 2, &second) || !mark(&at, 'Z') || *at)
      return false;
  }
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > month_length(year, month) ||
      hour > 23 || minute > 59 || second > 59)
    return false;
  *out = gen_days(year, month, day) * GEN_DAY + hour * 3600 + minute * 60 + second;
  return true;
}

void gen_date_day(char *out, int64_t time) {
  parts p = take_apart(time);
  snprintf(out, GEN_DATE_TEXT, "%04d-%02d-%02d", p.year, p.month, p.day);
}

void gen_date_rfc3339(char *out, int64_t time) {
  parts p = take_apart(time);
  snprintf(out, GEN_DATE_TEXT, "%04d-%02d-%02dT%02d:%02d:%02dZ", p.year, p.month, p.day, p.hour,
           p.minute, p.second);
}

void gen_date_asctime(char *out, int64_t time) {
  parts p = take_apart(time);
  snprintf(out, GEN_DATE_TEXT, "%s %s %2d %02d:%02d:%02d %04d", day_names[p.weekday],
           month_names[p.month - 1], p.day, p.hour, p.minute, p.second, p.year);
}

void gen_date_mail(char *out, int64_t time, int32_t offset) {
  parts p = take_apart(time + offset);
  int minutes = (offset < 0 ? -offset : offset) / 60;
  snprintf(out, GEN_DATE_TEXT, "%s, %d %s %04d %02d:%02d:%02d %c%02d%02d", day_names[p.weekday],
           p.day, month_names[p.month - 1], p.year, p.hour, p.minute, p.second,
           offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

void gen_date_qmail(char *out, int64_t time) {
  parts p = take_apart(time);
  snprintf(out, GEN_DATE_TEXT, "%d %s %04d %02d:%02d:%02d -0000", p.day, month_names[p.month - 1],
           p.year, p.hour, p.minute, p.second);
}

void gen_date_plain(char *out, int64_t time) {
  parts p = take_apart(time);
  snprintf(out, GEN_DATE_TEXT, "%04d%02d%02d%02d%02d%02d", p.year, p.month, p.day, p.hour, p.minute,
           p.second);
}

/* The first Sunday of a month, in days. 1970-01-01 was a Thursday. */
static int64_t first_sunday(int year, int month) {
  int64_t first = gen_days(year, month, 1);
  return first + (((3 - first) % 7) + 7) % 7;
}

int32_t gen_eastern_offset(int64_t time) {
  int year = take_apart(time).year;
  int64_t begin = (first_sunday(year, 3) + 7) * GEN_DAY + 7 * 3600; /* 02:00 EST */
  int64_t end = first_sunday(year, 11) * GEN_DAY + 6 * 3600;        /* 02:00 EDT */
  return time >= begin && time < end ? -4 * 3600 : -5 * 3600;
}
