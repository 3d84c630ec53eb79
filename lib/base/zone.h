/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time zones: offsets from tzdata (through GLib), as a table that threads can share. */
#ifndef LIB_BASE_ZONE_H
#define LIB_BASE_ZONE_H

#include "base/civil.h"
#include "base/status.h"
#include "base/value.h"

typedef struct tide_zone tide_zone;

/* Opens an IANA name ("America/New_York"), "UTC" or a fixed offset ("+05:30", "-0500"). Never the
 * machine's own zone: an empty name and "localtime" are errors. An unknown zone is TIDE_USAGE with
 * a message that names it. The result is immutable and may be shared by threads; the caller frees
 * it. */
tide_status tide_zone_open(tide_zone **out, tide_span name, tide_error *);
void tide_zone_free(tide_zone *);

/* Seconds east of UTC in force at an instant. */
int32_t tide_zone_offset(const tide_zone *, int64_t time);
/* The instant as a cell, written as clocks there show it. */
static inline tide_value tide_zone_value(const tide_zone *zone, int64_t time) {
  return tide_value_time(time, tide_zone_offset(zone, time));
}
/* The earliest instant whose local time is at or after the civil time: the one rule for both kinds
 * of odd hour. A local time that a change of clocks skips gives the instant of the change; one that
 * comes twice gives the first. */
int64_t tide_zone_instant(const tide_zone *, const tide_civil *);
/* The largest span of instants [*from, *to) around time over which the offset stays the same;
 * INT64_MIN/MAX at the ends. */
void tide_zone_interval(const tide_zone *, int64_t time, int64_t *from, int64_t *to);

/* A point in time as a person writes it: RFC 3339 ("2008-11-11T21:30:00Z", lower case and a space
 * for T allowed, seconds optional), "2008-11-11", "2008-11-11 16:30", either with a zone name or
 * offset after ("2008-11-11 16:30 America/New_York"). Without a zone `zone` applies, and
 * *zoned (which may be NULL) becomes false; a date alone is its first instant there. TIDE_USAGE
 * with a message that quotes s otherwise (month 13, 30 February, trailing words…). */
tide_status tide_when_parse(tide_span s, const tide_zone *zone, int64_t *out, bool *zoned,
                            tide_error *);

#endif
