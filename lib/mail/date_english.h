/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as programs write them: English names, and digits at fixed places. */
#ifndef LIB_MAIL_DATE_ENGLISH_H
#define LIB_MAIL_DATE_ENGLISH_H

#include "mail/date.h"

/* Three lower-case letters as one number. */
#define TIDE_KEY3(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/* Of three letters in any case; 0 if they begin no month. No other byte becomes a letter by the
 * bit that tells the cases apart. */
static inline int tide_month_short(const char *p) {
  switch (TIDE_KEY3(p[0] | 0x20, p[1] | 0x20, p[2] | 0x20)) {
  case TIDE_KEY3('j', 'a', 'n'): return 1;
  case TIDE_KEY3('f', 'e', 'b'): return 2;
  case TIDE_KEY3('m', 'a', 'r'): return 3;
  case TIDE_KEY3('a', 'p', 'r'): return 4;
  case TIDE_KEY3('m', 'a', 'y'): return 5;
  case TIDE_KEY3('j', 'u', 'n'): return 6;
  case TIDE_KEY3('j', 'u', 'l'): return 7;
  case TIDE_KEY3('a', 'u', 'g'): return 8;
  case TIDE_KEY3('s', 'e', 'p'): return 9;
  case TIDE_KEY3('o', 'c', 't'): return 10;
  case TIDE_KEY3('n', 'o', 'v'): return 11;
  case TIDE_KEY3('d', 'e', 'c'): return 12;
  default: return 0;
  }
}

/* The number of two digits at p, or a large one. A space may stand for the first where `spaced`. */
static inline unsigned tide_two_digits(const char *p, bool spaced) {
  unsigned tens = (unsigned)(unsigned char)p[0] - '0', ones = (unsigned)(unsigned char)p[1] - '0';
  if (spaced && p[0] == ' ')
    tens = 0;
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

/* Monday is 1; 0 if the three letters are none as programs write them. */
static inline int tide_weekday_short(const char *p) {
  switch (TIDE_KEY3(p[0], p[1], p[2])) {
  case TIDE_KEY3('M', 'o', 'n'): return 1;
  case TIDE_KEY3('T', 'u', 'e'): return 2;
  case TIDE_KEY3('W', 'e', 'd'): return 3;
  case TIDE_KEY3('T', 'h', 'u'): return 4;
  case TIDE_KEY3('F', 'r', 'i'): return 5;
  case TIDE_KEY3('S', 'a', 't'): return 6;
  case TIDE_KEY3('S', 'u', 'n'): return 7;
  default: return 0;
  }
}

/* A month's number, or 0: the word is its name, or three letters or more that begin it. */
int tide_month_english(const char *word, size_t len);
/* The same for days of the week: Monday is 1. */
int tide_weekday_english(const char *word, size_t len);
/* A zone of one word, such as EST; *offset in seconds. False: none that is known. */
bool tide_zone_short(const char *word, size_t len, int32_t *offset);

/* Dates of one form, or false. */

/* "Tue Nov 11 21:30:00 2008": what asctime gives (C17 7.27.3.1), and nothing else: 24 bytes at p.
 */
bool tide_date_asctime(const char *p, tide_date *out);
/* "Tue, 11 Nov 2008 16:30:00 -0500", and a comment of letters after it (RFC 5322 3.3, and where
 * "(EST)" comes from). */
bool tide_date_rfc(tide_span s, tide_date *out);
/* Seconds since the epoch, or thousandths of them: nine or ten digits are 1973 to 2286. With git's
 * sign in front, a fraction or a zone after. */
bool tide_date_epoch(tide_span s, tide_date *out);

#endif
