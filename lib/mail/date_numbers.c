/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in dates: days, years, times, offsets, and dates that are nothing but numbers. */
#include "date_english.h"
#include "date_scan.h"

size_t tide_scan_digits(const tide_scan *s, int *value) {
  size_t n = 0;
  int v = 0;
  while (s->at + n < s->end && n < 9 && tide_is_digit(s->at[n]))
    v = v * 10 + (s->at[n++] - '0');
  *value = v;
  return n;
}

void tide_scan_skip_comment(tide_scan *s) {
  int depth = 0;
  for (; s->at < s->end; s->at++) {
    if (*s->at == '\\' && s->at + 1 < s->end)
      s->at++;
    else if (*s->at == '(')
      depth++;
    else if (*s->at == ')' && --depth == 0) {
      s->at++;
      return;
    }
  }
}

/* White space and comments, as the obsolete syntax has them on both sides of a colon (RFC 5322 4.3,
 * appendix A.5). */
static void skip_cfws(tide_scan *s) {
  while (s->at < s->end && (tide_is_space(*s->at) || *s->at == '(')) {
    if (*s->at == '(')
      tide_scan_skip_comment(s);
    else
      s->at++;
  }
}

/* Moves past a colon with white space and comments around it, to the digit that must follow. */
static bool take_colon(tide_scan *s) {
  const char *before = s->at;
  skip_cfws(s);
  if (s->at < s->end && *s->at == ':') {
    s->at++;
    skip_cfws(s);
    if (s->at < s->end && tide_is_digit(*s->at))
      return true;
  }
  s->at = before;
  return false;
}

/* "21.30", and "21-30" except a separator line: after a date only. */
static bool take_point(tide_scan *s) {
  bool point = s->end - s->at > 2 && (*s->at == '.' || (*s->at == '-' && !s->strict)) &&
               tide_is_digit(s->at[1]) && tide_is_digit(s->at[2]);
  s->at += point;
  return point;
}

/* What comes after the hour, or after the minutes, where no colon does: "21h30", "21 h 30",
 * and in Chinese, Japanese and Korean characters. Moves past it and the white space around it. */
static bool take_clock_mark(tide_scan *s, bool hour) {
  static const char *const hours[] = {
      "h", "\xe6\x99\x82", "\xe6\x97\xb6", "\xec\x8b\x9c", "\xe7\x82\xb9", "\xe9\xbb\x9e"};
  static const char *const minutes[] = {"m", "\xe5\x88\x86", "\xeb\xb6\x84"};
  const char *const *marks = hour ? hours : minutes;
  const size_t count = hour ? sizeof hours / sizeof *hours : sizeof minutes / sizeof *minutes;
  if (s->strict)
    return false;
  const char *p = s->at;
  while (p < s->end && *p == ' ')
    p++;
  tide_span rest = tide_span_make(p, (size_t)(s->end - p));
  for (size_t i = 0; i < count; i++) {
    tide_span mark = tide_span_of(marks[i]);
    if (!tide_span_istarts(rest, mark))
      continue;
    p += mark.len;
    while (p < s->end && *p == ' ')
      p++;
    if (p == s->end || !tide_is_digit(*p))
      return false;
    s->at = p;
    return true;
  }
  return false;
}

/* h:mm[:ss[.fff]], the hour and what divides it from the minutes already read. */
static bool take_time(tide_scan *s, int hour) {
  int n;
  size_t len;
  len = tide_scan_digits(s, &n);
  if (len < 1 || len > 2 || n > 59)
    return false;
  s->at += len;
  s->civil.hour = hour;
  s->civil.minute = n;
  s->civil.second = 0;
  if (take_colon(s) || take_point(s) || take_clock_mark(s, false)) {
    len = tide_scan_digits(s, &n);
    if (len < 1 || len > 2 || n > 60)
      return false;
    s->at += len;
    s->civil.second = n;
    if (s->at < s->end && (*s->at == '.' || *s->at == ',') && s->at + 1 < s->end &&
        tide_is_digit(s->at[1])) {
      s->at++;
      s->at += tide_scan_digits(s, &n);
    }
  } else {
    s->odd |= TIDE_DATE_NO_SECONDS;
  }
  if (hour > 24 || (hour == 24 && (s->civil.minute || s->civil.second)))
    return false;
  s->seen |= SEEN_TIME;
  return true;
}

/* Years that programs count in their own ways: "19108", where "19" is in front of the years
 * since 1900, and those of Thailand, 543 ahead of all others. */
static bool recount_year(int *year, size_t *digits) {
  if (*digits == 5 && *year / 100 == 191) {
    *year -= 17100;
    *digits = 4;
    return true;
  }
  if (*digits == 4 && *year / 100 == 25)
    *year -= 543;
  return *digits <= 4;
}

static bool set_year(tide_scan *s, int year, size_t digits) {
  if (s->seen & SEEN_YEAR || digits < 2 || !recount_year(&year, &digits))
    return false;
  if (digits == 2)
    year += year < 50 ? 2000 : 1900; /* RFC 5322 4.3 */
  if (digits == 3)
    year += 1900;
  if (digits < 4)
    s->odd |= TIDE_DATE_SHORT_YEAR;
  s->civil.year = year;
  s->seen |= SEEN_YEAR;
  return true;
}

static bool set_day(tide_scan *s, int day) {
  if (day < 1 || day > 31)
    return false;
  s->civil.day = day;
  s->seen |= SEEN_DAY;
  return true;
}

bool tide_scan_offset(tide_scan *s, int sign) {
  int n, minutes;
  size_t len = tide_scan_digits(s, &n);
  if (len == 0 && !s->strict && (s->seen & SEEN_ALL) == SEEN_ALL && s->end - s->at > 4 &&
      *s->at == ' ') {
    s->at++; /* "+ 0100" */
    len = tide_scan_digits(s, &n);
    if (len != 4)
      return true;
  }
  if (len == 0)
    return true; /* a dash between words */
  s->at += len;
  if (len <= 2) {
    minutes = n * 60;
    const bool point =
        s->end - s->at > 2 && *s->at == '.' && tide_is_digit(s->at[1]) && tide_is_digit(s->at[2]);
    if (s->at < s->end && (*s->at == ':' || point)) {
      int m;
      s->at++;
      len = tide_scan_digits(s, &m);
      s->at += len;
      /* "+02:" and "+02:af" say the hours at least. */
      if (len == 2 && m < 60)
        minutes += m;
      else if (s->strict || len)
        return false;
    }
  } else {
    minutes = n / 100 * 60 + n % 100;
    if (len > 4 || n % 100 > 59)
      minutes = 100000;
  }
  if (s->seen & SEEN_OFFSET)
    return true;
  if (minutes > 15 * 60) {
    s->odd |= TIDE_DATE_UNKNOWN_ZONE;
    s->offset = 0;
  } else {
    if (sign < 0 && minutes == 0)
      s->odd |= TIDE_DATE_NO_ZONE;
    s->odd &= ~(unsigned)TIDE_DATE_UNKNOWN_ZONE;
    s->offset = sign * minutes * 60;
  }
  s->seen |= SEEN_OFFSET | SEEN_ZONE;
  return true;
}

/* 11.11.2008, 31/12/2008, 12/31/2008, with the first number and what divides it from the second
 * already read. With points the day comes first. Which it is with others only a number over 12
 * tells. */
static bool take_numbers(tide_scan *s, int first, char divider) {
  int second, year;
  size_t len = tide_scan_digits(s, &second);
  if (s->seen & SEEN_DATE || len < 1 || len > 2 || s->at + len == s->end || s->at[len] != divider)
    return false;
  s->at += len + 1;
  len = tide_scan_digits(s, &year);
  s->at += len;
  if (len != 4 && len != 2)
    return false;
  int day = first, month = second;
  if (divider != '.' && second > 12) {
    day = second;
    month = first;
  } else if (divider != '.' && first <= 12 && first != second) {
    return false;
  }
  if (month < 1 || month > 12 || !set_day(s, day))
    return false;
  s->civil.month = month;
  s->seen |= SEEN_MONTH;
  return set_year(s, year, len);
}

/* 2008-11-11, 11-Nov-2008, 11-Nov-08, with the first number already read and s->at on the dash. */
static bool take_dashed(tide_scan *s, int first, size_t first_digits) {
  int n;
  char dash = *s->at++;
  if (s->at < s->end && tide_is_alpha(*s->at)) {
    size_t len = 0;
    while (s->at + len < s->end && tide_is_alpha(s->at[len]))
      len++;
    int month = tide_month_english(s->at, len);
    if (!month || first_digits > 2 || !set_day(s, first))
      return false;
    s->civil.month = month;
    s->seen |= SEEN_MONTH;
    s->at += len;
    if (s->at == s->end || *s->at != dash)
      return true;
    s->at++;
    len = tide_scan_digits(s, &n);
    s->at += len;
    return set_year(s, n, len);
  }
  if (first_digits <= 2)
    return take_numbers(s, first, dash);
  if (first_digits != 4 || s->seen & SEEN_DATE)
    return false;
  size_t len = tide_scan_digits(s, &n);
  if (len < 1 || len > 2 || n < 1 || n > 12 || s->at + len == s->end || s->at[len] != dash)
    return false;
  s->at += len + 1;
  s->civil.month = n;
  s->seen |= SEEN_MONTH;
  len = tide_scan_digits(s, &n);
  if (len < 1 || len > 2 || !set_day(s, n))
    return false;
  s->at += len;
  if (s->at < s->end && tide_lower(*s->at) == 't')
    s->at++;
  return set_year(s, first, 4);
}

/* 20081111, with T213000 or 213000 after it; the basic form of ISO 8601. */
static bool take_compact(tide_scan *s) {
  const char *p = s->at;
  size_t digits = 0;
  while (p + digits < s->end && tide_is_digit(p[digits]))
    digits++;
  char next = p + digits < s->end ? p[digits] : ' ';
  if (s->seen & SEEN_DATE || (digits != 8 && digits != 14) ||
      (digits == 8 && tide_lower(next) != 't' && !tide_is_space(next)))
    return false;
  int year = (p[0] - '0') * 1000 + (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0');
  int month = (p[4] - '0') * 10 + (p[5] - '0');
  if (month < 1 || month > 12 || !set_day(s, (p[6] - '0') * 10 + (p[7] - '0')))
    return false;
  s->civil.month = month;
  s->seen |= SEEN_MONTH;
  s->at += 8;
  if (tide_lower(next) == 't')
    s->at++;
  return set_year(s, year, 4);
}

/* 2130 or 213000 after a whole date. */
static bool take_plain_time(tide_scan *s, size_t len, int n) {
  s->civil.second = len == 6 ? n % 100 : 0;
  if (len == 6)
    n /= 100;
  else
    s->odd |= TIDE_DATE_NO_SECONDS;
  s->civil.hour = n / 100;
  s->civil.minute = n % 100;
  if (s->civil.hour > 23 || s->civil.minute > 59 || s->civil.second > 60)
    return false;
  s->seen |= SEEN_TIME;
  return true;
}

/* What comes after a number in dates of East Asia: year, month, day, in Chinese or Korean
 * characters. 0: nothing of the kind. */
static unsigned number_mark(const tide_scan *s) {
  static const struct {
    char bytes[4];
    unsigned part;
  } marks[] = {
      {"\xe5\xb9\xb4", SEEN_YEAR}, {"\xe6\x9c\x88", SEEN_MONTH}, {"\xe6\x97\xa5", SEEN_DAY},
      {"\xeb\x85\x84", SEEN_YEAR}, {"\xec\x9b\x94", SEEN_MONTH}, {"\xec\x9d\xbc", SEEN_DAY},
  };
  tide_span rest = tide_span_make(s->at, (size_t)(s->end - s->at));
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (tide_span_starts(rest, tide_span_of(marks[i].bytes)))
      return marks[i].part;
  return 0;
}

static bool take_marked(tide_scan *s, unsigned part, int n, size_t len) {
  s->at += 3;
  if (s->seen & part)
    return false;
  if (part == SEEN_YEAR)
    return s->era ? set_year(s, s->era + n, 4) : set_year(s, n, len);
  if (part == SEEN_DAY)
    return set_day(s, n);
  if (n < 1 || n > 12)
    return false;
  s->civil.month = n;
  s->seen |= SEEN_MONTH;
  return true;
}

/* "1st", "2nd", "3rd", "11th", "1er", "11.": the day is read, its ending left out. */
static void skip_ordinal(tide_scan *s) {
  static const char endings[][3] = {"st", "nd", "rd", "th", "er"};
  size_t left = (size_t)(s->end - s->at);
  if (left > 1 && *s->at == '.' && (s->at[1] == ' ' || tide_is_alpha(s->at[1]))) {
    s->at++;
    return;
  }
  if (left < 2 || (left > 2 && tide_is_alpha(s->at[2])))
    return;
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (tide_span_iequal(tide_span_make(s->at, 2), tide_span_of(endings[i]))) {
      s->at += 2;
      return;
    }
}

/* A year of four digits, and a time after it? */
static bool year_follows(const tide_scan *s) {
  const char *p = s->at;
  if (s->strict || s->end - p < 7 || p[0] != ' ' || p[5] != ' ' || !tide_is_digit(p[6]))
    return false;
  for (int i = 1; i < 5; i++)
    if (!tide_is_digit(p[i]))
      return false;
  return true;
}

bool tide_scan_number(tide_scan *s) {
  int n;
  size_t len = tide_scan_digits(s, &n);
  if (len >= 8)
    return take_compact(s);
  s->at += len;
  char next = s->at < s->end ? *s->at : ' ';
  if ((unsigned char)next >= 0x80) {
    unsigned mark = number_mark(s);
    if (mark)
      return take_marked(s, mark, n, len);
  }
  if (len <= 2 && !(s->seen & SEEN_TIME)) {
    /* With white space before the colon only after a date: a day may come before a colon in text.
     */
    bool colon = next == ':' || (s->seen & SEEN_DAY && (tide_is_space(next) || next == '('))
                     ? take_colon(s)
                     : false;
    if (colon || (s->seen & SEEN_DATE && take_point(s)) ||
        ((s->seen & SEEN_DATE) == SEEN_DATE && take_clock_mark(s, true)))
      return take_time(s, n);
  }
  if ((len == 4 || len == 6) && (s->seen & SEEN_ALL) == SEEN_DATE)
    return take_plain_time(s, len, n);
  bool points = next == '.' && len == 4 && s->at + 1 < s->end && tide_is_digit(s->at[1]);
  if ((next == '-' || next == '/' || points) && !(s->seen & SEEN_DAY))
    return take_dashed(s, n, len);
  if (next == '.' && len <= 2 && !(s->seen & SEEN_DATE) && s->at + 1 < s->end &&
      tide_is_digit(s->at[1])) {
    s->at++;
    return take_numbers(s, n, '.');
  }
  /* "029 Apr": a program that fills up with zeros. */
  const bool filled = len == 3 && s->at[-3] == '0' && !s->strict;
  if ((len <= 2 || filled) && !(s->seen & SEEN_DAY)) {
    skip_ordinal(s);
    return set_day(s, n);
  }
  /* "11 11 2008": Java writes the month as a number where the language has no name for it. */
  if (len <= 2 && (s->seen & SEEN_DATE) == SEEN_DAY && n >= 1 && n <= 12 && year_follows(s)) {
    s->civil.month = n;
    s->seen |= SEEN_MONTH;
    return true;
  }
  /* "2008. 11. 11.": after a year the month comes first. */
  if (len <= 2 && !s->strict && (s->seen & SEEN_DATE) == (SEEN_YEAR | SEEN_DAY) &&
      s->civil.day <= 12 && !(s->odd & TIDE_DATE_SHORT_YEAR)) {
    s->civil.month = s->civil.day;
    s->seen |= SEEN_MONTH;
    return set_day(s, n);
  }
  return set_year(s, n, len);
}
