/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as mail writes them. */
#ifndef LIB_MAIL_DATE_H
#define LIB_MAIL_DATE_H

#include "base/span.h"

/* What was odd about a date that could still be read. */
enum {
  TIDE_DATE_NO_ZONE = 1 << 0,      /* none given, or `-0000`: read as UTC (RFC 5322 3.3) */
  TIDE_DATE_UNKNOWN_ZONE = 1 << 1, /* a name that is not known: read as UTC (RFC 5322 4.3) */
  TIDE_DATE_NO_SECONDS = 1 << 2,
  TIDE_DATE_SHORT_YEAR = 1 << 3,    /* two or three digits: RFC 5322 4.3 */
  TIDE_DATE_WRONG_WEEKDAY = 1 << 4, /* the date wins */
  TIDE_DATE_LEAP_SECOND = 1 << 5,   /* :60, counted as the second after :59 */
  TIDE_DATE_HOUR_24 = 1 << 6,       /* 24:00[:00], the next day's midnight */
  TIDE_DATE_NO_TIME = 1 << 7        /* a date alone: its first second */
};

typedef struct tide_date {
  int64_t time;   /* seconds since the epoch, UTC */
  int32_t offset; /* the zone written, seconds east of UTC */
  unsigned odd;   /* TIDE_DATE_… */
} tide_date;

/* The date in the value of a Date header or after the last `;` of a Received header: RFC 5322 with
 * its obsolete zones, asctime ("Tue Nov 11 16:30:00 2008", with or without zone, zone before or
 * after the year), RFC 850, ISO 8601; folded, with comments, in any case, with a missing or wrong
 * weekday, missing seconds or zone. Also: months and days of the week in large European languages;
 * years, months and days marked as in East Asia; 11.11.2008; what only one order of day and month
 * makes a date (31/12/2008); 20081111T213000; a time without colons after a date; a date alone;
 * seconds since the epoch; zones as Windows names them, places of tzdata, a zone only in a comment;
 * all of it in encoded words. An offset wins over a zone name beside it
 * ("+0200 CEST"). Purely syntactic: 1970 and 2038 are returned as they stand (sanity is the time
 * extractor's). Reads no more than 256 bytes, allocates for a place of tzdata only, does not depend
 * on locale. False if there is no date, or one that does not exist. */
bool tide_date_parse(tide_span s, tide_date *out);

/* The date of an mbox separator line, searched from its end. `line` is the whole line from "From "
 * on, without its line end. The sender may have spaces or be missing ("From - Tue Nov 11 …", "From
 * ???@??? …", "user at host"). The date is asctime's, with or without weekday and seconds, with a
 * zone as name, offset or both before or after the year, also with the day before the month, or
 * with "remote from HOST" after it. True only if the line looks like a separator: "From " (or "from
 * "), then a date that ends the line. *sender is set to what is between; it and out may be NULL. */
bool tide_date_parse_separator(tide_span line, tide_date *out, tide_span *sender);

/* True if a separator line has a sender, however odd, and after it weekday, month, day and time
 * of day as asctime writes them ("… Tue Nov 11 16:30:00"): no text has that. */
bool tide_date_has_asctime(tide_span line);

#endif
