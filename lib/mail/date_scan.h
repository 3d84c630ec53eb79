/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A date is read as words and numbers, and what each can mean is decided when all are known. */
#ifndef LIB_MAIL_DATE_SCAN_H
#define LIB_MAIL_DATE_SCAN_H

#include "base/civil.h"
#include "mail/date.h"

typedef enum tide_seen {
  SEEN_DAY = 1,
  SEEN_MONTH = 2,
  SEEN_YEAR = 4,
  SEEN_TIME = 8,
  SEEN_ZONE = 16,
  SEEN_OFFSET = 32,
  SEEN_WEEKDAY = 64
} tide_seen;
enum { SEEN_DATE = SEEN_DAY | SEEN_MONTH | SEEN_YEAR, SEEN_ALL = SEEN_DATE | SEEN_TIME };

typedef struct tide_scan {
  const char *at, *end;
  unsigned seen, odd;
  tide_civil civil;
  int weekday;
  int32_t offset;
  int weekday_or_month; /* the day of the week that the first word is, if it is not the month that
                           its name is, too; -1: some day; 0: it is no month */
  bool names_day;       /* the month's name is one, or is in its place */
  int other_month;      /* what the month's name means in a smaller language, or 0 */
  bool strict;          /* nothing but a date: a line of an mbox, which may be text */
  int era;              /* years of Japan's era before its first */
  char meridian;        /* 'a' or 'p': half of the day, in front of the time */
  int fillers;          /* words that say nothing, "at", "um", "de" */
  bool late;            /* one of them came after a whole date: a time must follow */
} tide_scan;

/* The date that text is; strict: and nothing else. */
bool tide_date_scan(tide_span text, bool strict, tide_date *out);

/* --- date_numbers.c --- */

/* How many digits are at s->at, of nine at most, and the number that they are. */
size_t tide_scan_digits(const tide_scan *s, int *value);
/* A number, and what it says with what is around it. False: this is no date. */
bool tide_scan_number(tide_scan *s);
/* +hhmm, -hh:mm, +hmm… after a time, its sign already read. An absurd one is no zone (RFC 5322 3.3
 * has at most 99 hours; no place on Earth has more than 14). */
bool tide_scan_offset(tide_scan *s, int sign);
/* Skips "(…)", nested (RFC 5322 3.2.2); to the end where it never closes. */
void tide_scan_skip_comment(tide_scan *s);

/* --- date_words.c --- */

/* A word: a month, a day of the week, a zone, or one that says nothing. False: this is no date. */
bool tide_scan_named(tide_scan *s);
/* A comment where no zone was read yet: it may hold the zone, "(+0100)", "(GMT+01:00)", "(EST)". An
 * offset outside of it still wins. */
void tide_scan_comment_zone(tide_scan *s, tide_span comment);
/* U+00A0 in Latin-1: where ASCII follows, no character of two bytes or more goes on. */
bool tide_is_bare_no_break(const char *at, const char *end);
/* Monday is 1, in any language that is known; -1: one of several days; 0: none. */
int tide_weekday_any(const char *word, size_t len);

#endif
