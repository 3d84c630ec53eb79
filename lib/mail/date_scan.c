/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over words and numbers, and whether they are a date all in all. */
#include "date_scan.h"

/* White space and dashes outside ASCII, as programs that typeset their dates write them: how many
 * bytes, and whether it is a dash (U+00A0, U+202F; U+2010 to U+2014, U+2212). */
static size_t take_typeset(const tide_scan *s, bool *dash) {
  tide_span rest = tide_span_make(s->at, (size_t)(s->end - s->at));
  *dash = false;
  if (tide_span_starts(rest, SPAN("\xc2\xa0")))
    return 2;
  if (tide_is_bare_no_break(s->at, s->end))
    return 1;
  if (tide_span_starts(rest, SPAN("\xe2\x80\xaf")))
    return 3;
  *dash = (tide_span_starts(rest, SPAN("\xe2\x80")) && rest.len > 2 &&
           (unsigned char)rest.ptr[2] >= 0x90 && (unsigned char)rest.ptr[2] <= 0x94) ||
          tide_span_starts(rest, SPAN("\xe2\x88\x92"));
  return *dash ? 3 : 0;
}

/* " 0100" after a whole date: a form on the web took the plus for a space. */
static void take_bare_offset(tide_scan *s) {
  int n;
  size_t len = tide_scan_digits(s, &n);
  if (s->seen & (SEEN_ZONE | SEEN_OFFSET) || len < 3 || len > 4 || n == 0 || n > 1400 ||
      n % 100 % 15 || s->at[-1] != ' ' || (s->at + len < s->end && !tide_is_space(s->at[len])))
    return;
  tide_scan_offset(s, 1);
}

/* What may be between words, or around the whole, and means nothing. */
static bool is_decoration(const tide_scan *s, char c) {
  if (c == ';' || c == '"' || c == '.' || c == '-')
    return true;
  if (s->strict)
    return false;
  if (c == '\'' && s->at + 1 < s->end && tide_is_digit(s->at[1]) && s->seen & SEEN_MONTH)
    return true; /* "11 Nov '08" */
  if (!(s->seen & (SEEN_DATE | SEEN_TIME)))
    return memchr("'<[:=*|_", c, 8) != NULL;            /* "Date: …", "<…>" */
  return (s->seen & SEEN_ALL) == SEEN_DATE && c == ':'; /* "11/Nov/2008:21:30:00" */
}

static bool is_on_weekday(const tide_civil *civil, int weekday) {
  return civil->day <= tide_month_days(civil->year, civil->month) &&
         tide_weekday_from_days(tide_days_from_civil(civil->year, civil->month, civil->day)) ==
             weekday - 1;
}

static void take_comment(tide_scan *s) {
  const char *open = s->at + 1;
  tide_scan_skip_comment(s);
  if ((s->seen & SEEN_ALL) == SEEN_ALL && !(s->seen & SEEN_ZONE) && s->at > open)
    tide_scan_comment_zone(s, tide_span_make(open, (size_t)(s->at - 1 - open)));
}

/* Is it a date, all in all? */
static bool date_end(tide_scan *s, tide_date *out) {
  /* A date alone is its first second. */
  if ((s->seen & SEEN_ALL) == SEEN_DATE && !s->strict && s->at == s->end && !s->late &&
      !(s->odd & TIDE_DATE_SHORT_YEAR)) {
    s->odd |= TIDE_DATE_NO_TIME;
    s->seen |= SEEN_TIME;
  }
  if ((s->seen & SEEN_ALL) != SEEN_ALL)
    return false;
  if (s->other_month && s->weekday && !is_on_weekday(&s->civil, s->weekday)) {
    tide_civil other = s->civil;
    other.month = s->other_month;
    if (is_on_weekday(&other, s->weekday))
      s->civil = other;
  }
  if (s->civil.day > tide_month_days(s->civil.year, s->civil.month))
    return false;
  if (s->meridian && s->civil.hour <= 12)
    s->civil.hour = s->civil.hour % 12 + (s->meridian == 'p' ? 12 : 0);
  if (!(s->seen & SEEN_ZONE))
    s->odd |= TIDE_DATE_NO_ZONE;
  if (s->civil.second == 60)
    s->odd |= TIDE_DATE_LEAP_SECOND;
  if (s->civil.hour == 24)
    s->odd |= TIDE_DATE_HOUR_24;
  if (s->weekday && !is_on_weekday(&s->civil, s->weekday))
    s->odd |= TIDE_DATE_WRONG_WEEKDAY;
  *out = (tide_date){
      .time = tide_civil_seconds(&s->civil) - s->offset, .offset = s->offset, .odd = s->odd};
  return true;
}

bool tide_date_scan(tide_span text, bool strict, tide_date *out) {
  if (text.len == 0)
    return false;
  tide_scan s = {.at = text.ptr, .end = text.ptr + text.len, .strict = strict};
  while (s.at < s.end) {
    char c = *s.at;
    bool dash = false;
    size_t typeset = (unsigned char)c >= 0x80 ? take_typeset(&s, &dash) : 0;
    if (typeset) {
      s.at += typeset;
      if (dash && s.seen & SEEN_TIME && !tide_scan_offset(&s, -1))
        return false;
    } else if (c == ' ' || c == '\t' || c == ',' || c == '\r' || c == '\n' || c == '\v' ||
               c == '\f') {
      s.at++;
    } else if (tide_is_digit(c)) {
      /* After a whole date numbers are somebody else's. */
      if ((s.seen & SEEN_ALL) == SEEN_ALL) {
        if (strict)
          return false;
        take_bare_offset(&s);
        break;
      }
      if (!tide_scan_number(&s))
        return false;
    } else if (tide_is_alpha(c) || (unsigned char)c >= 0x80) {
      if ((s.seen & SEEN_ALL) == SEEN_ALL && s.seen & SEEN_ZONE && !strict)
        break;
      if (!tide_scan_named(&s))
        return false;
    } else if ((c == '+' || c == '-') && s.seen & SEEN_TIME) {
      s.at++;
      if (!tide_scan_offset(&s, c == '-' ? -1 : 1))
        return false;
    } else if (c == '(') {
      if (strict && (s.seen & SEEN_ALL) != SEEN_ALL)
        return false;
      take_comment(&s);
    } else if (is_decoration(&s, c)) {
      if (strict || ((s.seen & SEEN_ALL) == SEEN_ALL && c != '"'))
        break;
      s.at++;
    } else {
      if (strict)
        return false;
      break;
    }
  }
  if (strict && s.at != s.end)
    return false;
  return date_end(&s, out);
}
