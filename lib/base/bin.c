/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Civil bins begin at local midnight, and so may last 23 or 25 hours; equal spans are counted from
 * the anchor. */
#include "base/bin.h"
#include "base/invariant.h"

enum { DAY = 86400 };

tide_status tide_binning_parse(tide_span s, tide_binning *out, tide_error *err) {
  static const struct {
    tide_span name;
    tide_bin_unit unit;
  } units[] = {{SPAN("hour"), TIDE_BIN_HOUR},
               {SPAN("day"), TIDE_BIN_DAY},
               {SPAN("week"), TIDE_BIN_WEEK},
               {SPAN("month"), TIDE_BIN_MONTH},
               {SPAN("year"), TIDE_BIN_YEAR}};
  for (size_t i = 0; i < sizeof units / sizeof *units; i++)
    if (tide_span_equal(s, units[i].name)) {
      out->unit = units[i].unit;
      return TIDE_OK;
    }
  out->anchor = 4 * DAY; /* Monday 1970-01-05 */
  out->unit = TIDE_BIN_SPAN;
  if (tide_duration_parse(s, &out->seconds))
    return TIDE_OK;
  return tide_error_set(
      err, TIDE_USAGE,
      "not a bin: \"%.*s\" (write hour, day, week, month, year, or a duration such as 6h)",
      (int)(s.len > 99 ? 99 : s.len), s.ptr);
}

static int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b < 0);
}

/* Days since the epoch of the first local date of the civil bin that holds `days`, and of the next
 * bin. */
static void civil_bin(tide_bin_unit unit, int64_t days, int64_t *first, int64_t *next) {
  tide_civil c;
  switch (unit) {
  case TIDE_BIN_WEEK:
    *first = days - tide_weekday_from_days(days);
    *next = *first + 7;
    return;
  case TIDE_BIN_MONTH:
    tide_civil_from_days(days, &c);
    *first = days - (c.day - 1);
    *next = *first + tide_month_days(c.year, c.month);
    return;
  case TIDE_BIN_YEAR:
    tide_civil_from_days(days, &c);
    *first = tide_days_from_civil(c.year, 1, 1);
    *next = tide_days_from_civil(c.year + 1, 1, 1);
    return;
  case TIDE_BIN_HOUR:
  case TIDE_BIN_DAY:
  case TIDE_BIN_SPAN: break;
  }
  *first = days;
  *next = days + 1;
}

static int64_t day_instant(const tide_zone *zone, int64_t days) {
  tide_civil c = {0};
  tide_civil_from_days(days, &c);
  return tide_zone_instant(zone, &c);
}

tide_bin tide_bin_of(const tide_binning *b, int64_t time) {
  if (b->unit == TIDE_BIN_SPAN) {
    int64_t start = b->anchor + floor_div(time - b->anchor, b->seconds) * b->seconds;
    return (tide_bin){start, start + b->seconds};
  }
  int64_t from, to;
  int32_t offset = tide_zone_offset(b->zone, time);
  tide_zone_interval(b->zone, time, &from, &to);
  if (b->unit == TIDE_BIN_HOUR) {
    int64_t start = floor_div(time + offset, 3600) * 3600 - offset, end = start + 3600;
    return (tide_bin){start < from ? from : start, end > to ? to : end};
  }
  int64_t first, next;
  civil_bin(b->unit, floor_div(time + offset, DAY), &first, &next);
  int64_t start = first * DAY - offset, end = next * DAY - offset;
  /* A clock that was put back may have shown this date before already (St. John's, at 00:01): only
   * a day after the change that is over. */
  if (end < to && (from == INT64_MIN || start - DAY >= from))
    return (tide_bin){start, end};
  start = day_instant(b->zone, first);
  end = day_instant(b->zone, next);
  /* A change of clocks back over midnight repeats part of a date that has already ended: it belongs
   * to the bin that had begun. */
  while (time >= end) {
    civil_bin(b->unit, next, &first, &next);
    start = end;
    end = day_instant(b->zone, next);
  }
  TIDE_INVARIANT(start <= time && time < end);
  return (tide_bin){start, end};
}

tide_bin tide_bin_next(const tide_binning *b, tide_bin bin) {
  return tide_bin_of(b, bin.end);
}
