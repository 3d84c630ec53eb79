/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All stretches of a zone are copied from GLib when it is opened, so that a look-up takes no lock
 * and threads can share it. */
#include "base/zone.h"

#include <glib.h>
#include <stdlib.h>

/* The instants between which a zone's transitions are looked for: years 1800 and 2500. */
#define ZONE_FIRST (-5364662400LL)
#define ZONE_LAST  16725225600LL

enum { ZONE_NAME_MAX = 64 };

typedef struct stretch {
  int64_t from;
  int32_t offset;
} stretch;

struct tide_zone {
  stretch *stretches; /* the first begins at INT64_MIN */
  size_t count;
};

static bool name_is_plain(tide_span name) {
  if (name.len == 0 || name.len > ZONE_NAME_MAX || name.ptr[0] == '/' || name.ptr[0] == ':')
    return false;
  for (size_t i = 0; i < name.len; i++)
    if (!tide_is_alnum(name.ptr[i]) && !memchr("/_-+:", name.ptr[i], 5))
      return false;
  return !tide_span_iequal(name, SPAN("localtime")) && !tide_span_iequal(name, SPAN("posixrules"));
}

/* GLib also takes what POSIX allows in TZ, where hours count to the west: "UTC-5" is five hours
 * east of UTC (POSIX.1-2017, 8.3), which is not what who writes it means. With a digit and no
 * region, tzdata has only these. */
static bool name_is_posix(tide_span name) {
  static const char *const known[] = {"CST6CDT", "EST5EDT", "MST7MDT", "PST8PDT",
                                      "GMT0",    "GMT+0",   "GMT-0"};
  bool digit = false;
  for (size_t i = 0; i < name.len; i++)
    digit = digit || tide_is_digit(name.ptr[i]);
  if (!digit || !tide_is_alpha(name.ptr[0]) || tide_span_find_char(name, '/') < name.len)
    return false;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (tide_span_iequal(name, tide_span_of(known[i])))
      return false;
  return true;
}

static tide_status unknown_zone(tide_span name, tide_error *err) {
  return tide_error_set(err, TIDE_USAGE,
                        "unknown time zone \"%.*s\" (write America/New_York or -05:00)",
                        (int)(name.len > 99 ? 99 : name.len), name.ptr);
}

/* The number GLib gives to the stretch of equal rules that holds an instant. */
static int interval_at(GTimeZone *tz, int64_t time) {
  return g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, time);
}

tide_status tide_zone_open(tide_zone **out, tide_span name, tide_error *err) {
  if (!name_is_plain(name) || name_is_posix(name))
    return unknown_zone(name, err);
  char text[ZONE_NAME_MAX + 1] = {0};
  memcpy(text, name.ptr, name.len);
  tide_zone *z = calloc(1, sizeof *z);
  if (!z)
    return tide_error_memory(err);
  GTimeZone *tz = tide_span_iequal(name, SPAN("UTC")) || tide_span_equal(name, SPAN("Z"))
                      ? g_time_zone_new_utc()
                      : g_time_zone_new_identifier(text);
  if (!tz) {
    free(z);
    return unknown_zone(name, err);
  }
  int first = interval_at(tz, ZONE_FIRST), last = interval_at(tz, ZONE_LAST);
  z->stretches = malloc((size_t)(last - first + 1) * sizeof *z->stretches);
  if (!z->stretches) {
    g_time_zone_unref(tz);
    free(z);
    return tide_error_memory(err);
  }
  int64_t from = INT64_MIN;
  for (int i = first; i <= last; i++) {
    if (i > first) { /* bisect for the first instant of interval i */
      int64_t low = from == INT64_MIN ? ZONE_FIRST : from, high = ZONE_LAST;
      while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (interval_at(tz, middle) < i)
          low = middle;
        else
          high = middle;
      }
      from = high;
    }
    int32_t offset = g_time_zone_get_offset(tz, i);
    if (z->count && z->stretches[z->count - 1].offset == offset)
      continue;
    z->stretches[z->count++] = (stretch){from, offset};
  }
  g_time_zone_unref(tz);
  *out = z;
  return TIDE_OK;
}

void tide_zone_free(tide_zone *z) {
  if (!z)
    return;
  free(z->stretches);
  free(z);
}

static size_t stretch_at(const tide_zone *z, int64_t time) {
  size_t low = 0, high = z->count;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (z->stretches[middle].from <= time)
      low = middle;
    else
      high = middle;
  }
  return low;
}

int32_t tide_zone_offset(const tide_zone *z, int64_t time) {
  return z->stretches[stretch_at(z, time)].offset;
}

void tide_zone_interval(const tide_zone *z, int64_t time, int64_t *from, int64_t *to) {
  size_t i = stretch_at(z, time);
  *from = z->stretches[i].from;
  *to = i + 1 < z->count ? z->stretches[i + 1].from : INT64_MAX;
}

int64_t tide_zone_instant(const tide_zone *z, const tide_civil *civil) {
  int64_t local = tide_civil_seconds(civil);
  /* Two days on either side are more than any offset and change of one. */
  for (size_t i = stretch_at(z, local - 2 * 86400);; i++) {
    int64_t instant = local - z->stretches[i].offset;
    int64_t from = z->stretches[i].from;
    if (i + 1 < z->count && instant >= z->stretches[i + 1].from)
      continue;
    return instant < from ? from : instant;
  }
}

static bool take_digits(tide_span *s, size_t width, int *out) {
  int n = 0;
  if (s->len < width)
    return false;
  for (size_t i = 0; i < width; i++) {
    if (!tide_is_digit(s->ptr[i]))
      return false;
    n = n * 10 + (s->ptr[i] - '0');
  }
  *s = tide_span_slice(*s, width, s->len);
  *out = n;
  return true;
}

static bool take_char(tide_span *s, char c) {
  if (s->len == 0 || s->ptr[0] != c)
    return false;
  *s = tide_span_slice(*s, 1, s->len);
  return true;
}

static tide_status bad_when(tide_span s, tide_error *err) {
  return tide_error_set(err, TIDE_USAGE,
                        "not a point in time: \"%.*s\" (write 2008-11-11, 2008-11-11T21:30:00Z or "
                        "\"2008-11-11 16:30 America/New_York\")",
                        (int)(s.len > 99 ? 99 : s.len), s.ptr);
}

tide_status tide_when_parse(tide_span text, const tide_zone *zone, int64_t *out, bool *zoned,
                            tide_error *err) {
  tide_span s = tide_span_trim(text);
  tide_civil c = {0};
  int year;
  if (!take_digits(&s, 4, &year) || !take_char(&s, '-') || !take_digits(&s, 2, &c.month) ||
      !take_char(&s, '-') || !take_digits(&s, 2, &c.day))
    return bad_when(text, err);
  c.year = year;
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > tide_month_days(year, c.month))
    return bad_when(text, err);
  tide_span rest = s;
  if ((take_char(&rest, 'T') || take_char(&rest, 't') || take_char(&rest, ' ')) &&
      take_digits(&rest, 2, &c.hour)) {
    if (!take_char(&rest, ':') || !take_digits(&rest, 2, &c.minute))
      return bad_when(text, err);
    if (take_char(&rest, ':')) {
      if (!take_digits(&rest, 2, &c.second))
        return bad_when(text, err);
      int ignored;
      if (take_char(&rest, '.')) {
        if (!take_digits(&rest, 1, &ignored))
          return bad_when(text, err);
        while (take_digits(&rest, 1, &ignored)) {
        }
      }
    }
    if (c.hour > 24 || (c.hour == 24 && (c.minute || c.second)) || c.minute > 59 || c.second > 60)
      return bad_when(text, err);
    s = rest;
  }
  int extra = c.second == 60;
  if (extra)
    c.second = 59;
  if (c.hour == 24) { /* the next midnight: a day may have 23 or 25 hours */
    tide_civil_from_days(tide_days_from_civil(c.year, c.month, c.day) + 1, &c);
    c.hour = 0;
  }
  tide_span name = tide_span_trim(s);
  if (zoned)
    *zoned = name.len > 0;
  if (name.len == 0) {
    if (s.len)
      return bad_when(text, err);
    *out = tide_zone_instant(zone, &c) + extra;
    return TIDE_OK;
  }
  tide_zone *named;
  tide_status status =
      tide_zone_open(&named, tide_span_iequal(name, SPAN("z")) ? SPAN("UTC") : name, err);
  if (status != TIDE_OK)
    return status == TIDE_USAGE && !tide_is_alpha(name.ptr[0]) ? bad_when(text, err) : status;
  *out = tide_zone_instant(named, &c) + extra;
  tide_zone_free(named);
  return TIDE_OK;
}
