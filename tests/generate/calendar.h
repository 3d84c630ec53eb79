/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as arithmetic, written apart from the library's, so that the truth does not share its
 * mistakes. */
#ifndef GENERATE_CALENDAR_H
#define GENERATE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GEN_DAY = 86400, GEN_DATE_TEXT = 48 };

/* Days from 1970-01-01. */
int64_t gen_days(int year, int month, int day);
/* "2008-09-01" or "2008-11-11T21:30:00Z", the whole of text; false on anything else. */
bool gen_time_parse(const char *text, int64_t *out);

/* All write at most GEN_DATE_TEXT bytes with a NUL. `offset` is in seconds east of UTC, whole
 * minutes. */
void gen_date_day(char *out, int64_t time);                  /* 2008-11-11 */
void gen_date_rfc3339(char *out, int64_t time);              /* 2008-11-11T21:30:00Z */
void gen_date_asctime(char *out, int64_t time);              /* Tue Nov 11 21:30:00 2008, in UTC */
void gen_date_mail(char *out, int64_t time, int32_t offset); /* Tue, 11 Nov 2008 16:30:00 -0500 */
void gen_date_qmail(char *out, int64_t time);                /* 11 Nov 2008 21:30:00 -0000 */
void gen_date_plain(char *out, int64_t time);                /* 20081111213000 */
/* The Eastern offset by the American rule since 2007: summer time from the second Sunday in March
 * to the first in November. */
int32_t gen_eastern_offset(int64_t time);

#endif
