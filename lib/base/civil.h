/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Civil time without a clock and without a zone: the proleptic Gregorian calendar as arithmetic. */
#ifndef LIB_BASE_CIVIL_H
#define LIB_BASE_CIVIL_H

#include "base/span.h"

typedef struct tide_civil {
  int64_t year;
  int month, day;           /* 1..12, 1..31 */
  int hour, minute, second; /* 0..23, 0..59, 0..59 */
} tide_civil;

/* Days since 1970-01-01 of a civil date, and back (Howard Hinnant, "chrono-compatible low-level
 * date algorithms"). month is 1..12; day may be outside the month and counts on. */
int64_t tide_days_from_civil(int64_t year, int month, int day);
void tide_civil_from_days(int64_t days, tide_civil *out); /* sets year, month, day only */
int tide_month_days(int64_t year, int month);
/* Monday is 0, Sunday 6. */
int tide_weekday_from_days(int64_t days);

/* Seconds since the epoch as if the civil time were UTC, and back. */
int64_t tide_civil_seconds(const tide_civil *);
void tide_civil_from_seconds(int64_t seconds, tide_civil *out);

/* "90s", "30m", "12h", "28d", "2w", or a sum such as "1d12h", in seconds; a day is 86,400 s. False
 * on anything else, on zero, and beyond 10,000 years. */
bool tide_duration_parse(tide_span s, int64_t *seconds);

/* RFC 3339 with the offset given in seconds east of UTC ("2008-11-11T16:30:00-05:00"; "Z" for a
 * zero offset). Offsets with seconds (local mean time) are written to the minute, as RFC 3339
 * allows no more. Returns the length, NUL-terminated. */
enum { TIDE_RFC3339_MAX = 48 };
size_t tide_rfc3339_format(int64_t time, int32_t offset, char out[TIDE_RFC3339_MAX]);
/* Does it have a year of four digits, in whatever zone it is shown? 0001-01-02 to 9999-12-30. */
bool tide_rfc3339_has(int64_t time);

#endif
