/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The usual form is read in one pass at fixed places. All others are read as words and numbers, and
 * what each can mean is decided when all are known. */
#include "mail/date.h"

#include "date_names.h"
#include "base/utf8.h"
#include "base/civil.h"
#include "base/scan.h"
#include "base/zone.h"

enum { DATE_MAX = 256, SEPARATOR_DATE_MAX = 120 };

typedef enum seen {
  SEEN_DAY = 1,
  SEEN_MONTH = 2,
  SEEN_YEAR = 4,
  SEEN_TIME = 8,
  SEEN_ZONE = 16,
  SEEN_OFFSET = 32,
  SEEN_WEEKDAY = 64
} seen;
enum { SEEN_DATE = SEEN_DAY | SEEN_MONTH | SEEN_YEAR, SEEN_ALL = SEEN_DATE | SEEN_TIME };

typedef struct scan {
  const char *at, *end;
  unsigned seen, odd;
  tide_civil civil;
  int weekday;
  int32_t offset;
  int weekday_or_month; /* the day of the week that the first word is, if it is not the month that
                           its name is, too; -1: some day; 0: it is no month */
  bool names_day;       /* the month's name is one, or stands where one does */
  int other_month;      /* what the month's name means in a smaller language, or 0 */
  bool strict;          /* nothing but a date: a line of an mbox, which may be text */
  int era;              /* years of Japan's era before its first */
  char meridian;        /* 'a' or 'p': half of the day, in front of the time */
  int fillers;          /* words that say nothing, "at", "um", "de" */
  bool late;            /* one of them stood after a whole date: a time must follow */
} scan;

/* Three lower-case letters as one number. */
#define KEY(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))

/* Of three letters in any case; 0 where they begin no month. No other byte becomes a letter by the
 * bit that tells the cases apart. */
static inline int short_month(const char *p) {
  switch (KEY(p[0] | 0x20, p[1] | 0x20, p[2] | 0x20)) {
  case KEY('j', 'a', 'n'): return 1;
  case KEY('f', 'e', 'b'): return 2;
  case KEY('m', 'a', 'r'): return 3;
  case KEY('a', 'p', 'r'): return 4;
  case KEY('m', 'a', 'y'): return 5;
  case KEY('j', 'u', 'n'): return 6;
  case KEY('j', 'u', 'l'): return 7;
  case KEY('a', 'u', 'g'): return 8;
  case KEY('s', 'e', 'p'): return 9;
  case KEY('o', 'c', 't'): return 10;
  case KEY('n', 'o', 'v'): return 11;
  case KEY('d', 'e', 'c'): return 12;
  default: return 0;
  }
}

static int month_of(const char *word, size_t len) {
  static const char *const full[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
  if (len < 3 || len > 9)
    return 0;
  const int m = short_month(word);
  if (m == 0)
    return 0;
  /* "Sept" is written, "Market" is no month. */
  if (len == 3 || (m == 9 && len == 4))
    return m;
  tide_span name = tide_span_of(full[m - 1]);
  return len <= name.len &&
                 tide_span_iequal(tide_span_make(word, len), tide_span_slice(name, 0, len))
             ? m
             : 0;
}

/* Monday is 1; 0 where it is none. */
static int weekday_of(const char *word, size_t len) {
  static const char *const full[] = {"monday", "tuesday",  "wednesday", "thursday",
                                     "friday", "saturday", "sunday"};
  if (len < 3 || len > 9)
    return 0;
  for (int i = 0; i < 7; i++) {
    tide_span name = tide_span_of(full[i]);
    if (len <= name.len &&
        tide_span_iequal(tide_span_make(word, len), tide_span_slice(name, 0, len)))
      return i + 1;
  }
  return 0;
}

typedef struct zone_name {
  char name[7];
  int16_t minutes;
} zone_name;

/* RFC 5322 4.3, and what servers of this century write. A name with several readings has the one of
 * mail's larger part: EST and CST are North American (not Australian, not Chinese), BST is British
 * Summer Time, IST Indian. Military letters mean -0000 by the RFC and are not here. */
static const zone_name zone_names[] = {
    {"GMT", 0},     {"UT", 0},       {"UTC", 0},      {"Z", 0},        {"EST", -300},
    {"EDT", -240},  {"CST", -360},   {"CDT", -300},   {"MST", -420},   {"MDT", -360},
    {"PST", -480},  {"PDT", -420},   {"AKST", -540},  {"AKDT", -480},  {"HST", -600},
    {"AST", -240},  {"ADT", -180},   {"NST", -210},   {"NDT", -150},   {"BRT", -180},
    {"BRST", -120}, {"ART", -180},   {"WET", 0},      {"WEST", 60},    {"BST", 60},
    {"CET", 60},    {"CEST", 120},   {"MET", 60},     {"MEST", 120},   {"MEZ", 60},
    {"MESZ", 120},  {"EET", 120},    {"EEST", 180},   {"SAST", 120},   {"MSK", 180},
    {"MSD", 240},   {"IST", 330},    {"PKT", 300},    {"ICT", 420},    {"WIB", 420},
    {"HKT", 480},   {"SGT", 480},    {"AWST", 480},   {"JST", 540},    {"KST", 540},
    {"WETDST", 60}, {"METDST", 120}, {"CETDST", 120}, {"EETDST", 180}, {"AEST", 600},
    {"AEDT", 660},  {"ACST", 570},   {"ACDT", 630},   {"NZST", 720},   {"NZDT", 780},
    {"CLT", -240},  {"CLST", -180},  {"PYT", -240},   {"PYST", -180},  {"BOT", -240},
    {"VET", -270},  {"COT", -300},   {"PET", -300},   {"ECT", -300},   {"UYT", -180},
    {"UYST", -120}, {"ARST", -120},  {"WAT", 60},     {"CAT", 120},    {"EAT", 180},
    {"MEWT", 60},   {"CEDT", 120},   {"EEDT", 180},   {"WEDT", 60},    {"IDT", 180},
    {"TRT", 180},   {"IRST", 210},   {"NPT", 345},    {"UZT", 300},    {"YEKT", 300},
    {"OMST", 360},  {"NOVT", 360},   {"KRAT", 420},   {"IRKT", 480},   {"YAKT", 540},
    {"VLAT", 600},  {"MAGT", 660},   {"MYT", 480},    {"PHT", 480},    {"WITA", 480},
    {"WIT", 540},   {"JDT", 600},    {"CHST", 600},   {"HDT", -540},   {"FJT", 720},
};

static bool zone_of(const char *word, size_t len, int32_t *offset) {
  for (size_t i = 0; i < sizeof zone_names / sizeof *zone_names; i++)
    if (tide_span_iequal(tide_span_make(word, len), tide_span_of(zone_names[i].name))) {
      *offset = zone_names[i].minutes * 60;
      return true;
    }
  return false;
}

static size_t digits_at(const scan *s, int *value) {
  size_t n = 0;
  int v = 0;
  while (s->at + n < s->end && n < 9 && tide_is_digit(s->at[n]))
    v = v * 10 + (s->at[n++] - '0');
  *value = v;
  return n;
}

/* Skips "(…)", nested (RFC 5322 3.2.2); to the end where it never closes. */
static void skip_comment(scan *s) {
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
static void skip_cfws(scan *s) {
  while (s->at < s->end && (tide_is_space(*s->at) || *s->at == '(')) {
    if (*s->at == '(')
      skip_comment(s);
    else
      s->at++;
  }
}

/* Moves past a colon with white space and comments around it, to the digit that must follow. */
static bool take_colon(scan *s) {
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

/* "21.30", and "21-30" but for a separator line: after a date only. */
static bool take_point(scan *s) {
  bool point = s->end - s->at > 2 && (*s->at == '.' || (*s->at == '-' && !s->strict)) &&
               tide_is_digit(s->at[1]) && tide_is_digit(s->at[2]);
  s->at += point;
  return point;
}

/* What stands after the hour, or after the minutes, where no colon does: "21h30", "21 h 30",
 * and in Chinese, Japanese and Korean characters. Moves past it and the white space around it. */
static bool take_clock_mark(scan *s, bool hour) {
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
static bool take_time(scan *s, int hour) {
  int n;
  size_t len;
  len = digits_at(s, &n);
  if (len < 1 || len > 2 || n > 59)
    return false;
  s->at += len;
  s->civil.hour = hour;
  s->civil.minute = n;
  s->civil.second = 0;
  if (take_colon(s) || take_point(s) || take_clock_mark(s, false)) {
    len = digits_at(s, &n);
    if (len < 1 || len > 2 || n > 60)
      return false;
    s->at += len;
    s->civil.second = n;
    if (s->at < s->end && (*s->at == '.' || *s->at == ',') && s->at + 1 < s->end &&
        tide_is_digit(s->at[1])) {
      s->at++;
      s->at += digits_at(s, &n);
    }
  } else {
    s->odd |= TIDE_DATE_NO_SECONDS;
  }
  if (hour > 24 || (hour == 24 && (s->civil.minute || s->civil.second)))
    return false;
  s->seen |= SEEN_TIME;
  return true;
}

/* Years that programs count in their own ways: "19108", where "19" stands in front of the years
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

static bool set_year(scan *s, int year, size_t digits) {
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

static bool set_day(scan *s, int day) {
  if (day < 1 || day > 31)
    return false;
  s->civil.day = day;
  s->seen |= SEEN_DAY;
  return true;
}

/* +hhmm, -hh:mm, +hmm… after a time, its sign already read. An absurd one is no zone (RFC 5322 3.3
 * has at most 99 hours; no place on Earth has more than 14). */
static bool take_offset(scan *s, int sign) {
  int n, minutes;
  size_t len = digits_at(s, &n);
  if (len == 0 && !s->strict && (s->seen & SEEN_ALL) == SEEN_ALL && s->end - s->at > 4 &&
      *s->at == ' ') {
    s->at++; /* "+ 0100" */
    len = digits_at(s, &n);
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
      len = digits_at(s, &m);
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
static bool take_numbers(scan *s, int first, char divider) {
  int second, year;
  size_t len = digits_at(s, &second);
  if (s->seen & SEEN_DATE || len < 1 || len > 2 || s->at + len == s->end || s->at[len] != divider)
    return false;
  s->at += len + 1;
  len = digits_at(s, &year);
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
static bool take_dashed(scan *s, int first, size_t first_digits) {
  int n;
  char dash = *s->at++;
  if (s->at < s->end && tide_is_alpha(*s->at)) {
    size_t len = 0;
    while (s->at + len < s->end && tide_is_alpha(s->at[len]))
      len++;
    int month = month_of(s->at, len);
    if (!month || first_digits > 2 || !set_day(s, first))
      return false;
    s->civil.month = month;
    s->seen |= SEEN_MONTH;
    s->at += len;
    if (s->at == s->end || *s->at != dash)
      return true;
    s->at++;
    len = digits_at(s, &n);
    s->at += len;
    return set_year(s, n, len);
  }
  if (first_digits <= 2)
    return take_numbers(s, first, dash);
  if (first_digits != 4 || s->seen & SEEN_DATE)
    return false;
  size_t len = digits_at(s, &n);
  if (len < 1 || len > 2 || n < 1 || n > 12 || s->at + len == s->end || s->at[len] != dash)
    return false;
  s->at += len + 1;
  s->civil.month = n;
  s->seen |= SEEN_MONTH;
  len = digits_at(s, &n);
  if (len < 1 || len > 2 || !set_day(s, n))
    return false;
  s->at += len;
  if (s->at < s->end && tide_lower(*s->at) == 't')
    s->at++;
  return set_year(s, first, 4);
}

/* 20081111, with T213000 or 213000 after it; the basic form of ISO 8601. */
static bool take_compact(scan *s) {
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
static bool take_plain_time(scan *s, size_t len, int n) {
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

/* What stands after a number in dates of East Asia: year, month, day, in Chinese or Korean
 * characters. 0: nothing of the kind. */
static unsigned number_mark(const scan *s) {
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

static bool take_marked(scan *s, unsigned part, int n, size_t len) {
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
static void skip_ordinal(scan *s) {
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
static bool year_follows(const scan *s) {
  const char *p = s->at;
  if (s->strict || s->end - p < 7 || p[0] != ' ' || p[5] != ' ' || !tide_is_digit(p[6]))
    return false;
  for (int i = 1; i < 5; i++)
    if (!tide_is_digit(p[i]))
      return false;
  return true;
}

static bool take_number(scan *s) {
  int n;
  size_t len = digits_at(s, &n);
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
    /* With white space before the colon only after a date: a day may stand before a colon in text.
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

/* A month in Chinese numerals, as Java writes it; 0 where the word is none.
 */
static int month_in_numerals(tide_span word) {
  static const char digits[][4] = {"\xe4\xb8\x80", "\xe4\xba\x8c", "\xe4\xb8\x89",
                                   "\xe5\x9b\x9b", "\xe4\xba\x94", "\xe5\x85\xad",
                                   "\xe4\xb8\x83", "\xe5\x85\xab", "\xe4\xb9\x9d"};
  int month = 0;
  if (tide_span_starts(word, SPAN("\xe5\x8d\x81"))) {
    month = 10;
    word = tide_span_slice(word, 3, word.len);
  }
  for (int i = 0; i < 9; i++)
    if (tide_span_starts(word, tide_span_of(digits[i]))) {
      month += i + 1;
      word = tide_span_slice(word, 3, word.len);
      break;
    }
  return month <= 12 && tide_span_equal(word, SPAN("\xe6\x9c\x88")) ? month : 0;
}

/* The month that a word names; *perhaps: the day of the week that it may be as well ("mar", which
 * is Tuesday from Bucharest to Madrid; "paz", October in Polish and Sunday in Turkish), or 0. */
static int month_at(scan *s, const char *word, size_t len, int *perhaps) {
  int month = month_of(word, len);
  if (!month)
    month = tide_month_named(tide_span_make(word, len), &s->other_month);
  if (!month && !s->strict)
    month = month_in_numerals(tide_span_make(word, len));
  *perhaps = 0;
  if (month && !(s->seen & SEEN_DATE)) {
    *perhaps = tide_weekday_named(tide_span_make(word, len));
    /* In a language whose days are not known: "þri, 11 nóv" is no April. */
    s->names_day = *perhaps || (s->at < s->end && *s->at == ',');
    if (!*perhaps && !s->strict)
      *perhaps = -1;
  }
  return month;
}

/* The half of the day, where it stands in front of the time: 'a', 'p', or 0. */
static char meridian_of(tide_span word) {
  static const struct {
    char bytes[7], half;
  } names[] = {
      {"\xe4\xb8\x8a\xe5\x8d\x88", 'a'}, {"\xe5\x8d\x88\xe5\x89\x8d", 'a'},
      {"\xec\x98\xa4\xec\xa0\x84", 'a'}, {"\xe5\x87\x8c\xe6\x99\xa8", 'a'},
      {"\xe6\x97\xa9\xe4\xb8\x8a", 'a'}, {"\xe4\xb8\x8b\xe5\x8d\x88", 'p'},
      {"\xe5\x8d\x88\xe5\xbe\x8c", 'p'}, {"\xec\x98\xa4\xed\x9b\x84", 'p'},
      {"\xe6\x99\x9a\xe4\xb8\x8a", 'p'}, {"\xe4\xb8\xad\xe5\x8d\x88", 'p'},
  };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tide_span_iends(word, tide_span_of(names[i].bytes)))
      return names[i].half;
  return '\0';
}

/* The half of the day behind the time, in Greek, Arabic, Turkish and Vietnamese. */
static char half_behind(tide_span word) {
  static const struct {
    char bytes[5], half;
  } names[] = {{"\u03c0\u03bc", 'a'}, {"\u03bc\u03bc", 'p'},
               {"\u03a0\u039c", 'a'}, {"\u039c\u039c", 'p'},
               {"\u0635", 'a'},       {"\u0645", 'p'},
               {"\u00d6\u00d6", 'a'}, {"\u00d6S", 'p'},
               {"SA", 'a'},           {"CH", 'p'}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (tide_span_equal(word, tide_span_of(names[i].bytes)))
      return names[i].half;
  return '\0';
}

/* A word that says nothing, in front of a time: "at", "um", "kl.", "de", "the"; a day of the week
 * in a language that is not known. A few of them: a sentence is no date. */
static bool take_filler(scan *s, tide_span word) {
  enum { FILLERS_MAX = 4, LETTERS_MAX = 24 };
  char half = meridian_of(word);
  const bool whole = (s->seen & SEEN_ALL) == SEEN_DATE;
  if (whole && (tide_span_iequal(word, SPAN("am")) || tide_span_iequal(word, SPAN("pm"))))
    half = tide_lower(*word.ptr); /* "PM 9:30"; "am" is German for "on", too */
  if (half) {
    s->meridian = half;
    return true;
  }
  /* Days of the week in Chinese, Japanese and Korean. */
  if (tide_span_starts(word, SPAN("\xe6\x98\x9f\xe6\x9c\x9f")) ||
      tide_span_iends(word, SPAN("\xe6\x9b\x9c\xe6\x97\xa5")) ||
      tide_span_iends(word, SPAN("\xec\x9a\x94\xec\x9d\xbc")))
    return true;
  s->late = s->late || whole;
  return word.len <= LETTERS_MAX && s->fillers++ < FILLERS_MAX;
}

static int weekday_at(const char *word, size_t len) {
  int weekday = weekday_of(word, len);
  if (weekday)
    return weekday;
  return tide_weekday_named(tide_span_make(word, len));
}

/* "a.m.", "p. m.": after the first letter of it. */
static bool take_meridian(scan *s, const char *word) {
  const char *p = s->at;
  if (s->civil.hour > 12 || (tide_lower(*word) != 'a' && tide_lower(*word) != 'p') || p == s->end ||
      *p != '.')
    return false;
  p++;
  while (p < s->end && *p == ' ')
    p++;
  if (p == s->end || tide_lower(*p) != 'm' || (p + 1 < s->end && tide_is_alnum(p[1])))
    return false;
  p++;
  s->at = p + (p < s->end && *p == '.');
  s->civil.hour = s->civil.hour % 12 + (tide_lower(*word) == 'p' ? 12 : 0);
  return true;
}

/* "MET-1", "JST-9", "CET-1CEST": after the name a zone as TZ has it, where hours count to the west
 * (POSIX.1 8.3). Only where both say the same; "IST+530" is an offset of its own. */
static void skip_posix_hours(scan *s) {
  scan behind = *s;
  int hours;
  if (s->end - s->at < 2 || (*s->at != '-' && *s->at != '+'))
    return;
  behind.at++;
  size_t len = digits_at(&behind, &hours);
  behind.at += len;
  if (len < 1 || len > 2 || hours == 0 || (*s->at == '-' ? hours : -hours) * 3600 != s->offset)
    return;
  while (behind.at < s->end && tide_is_alpha(*behind.at))
    behind.at++;
  s->at = behind.at;
}

/* A place ("America/New_York") or a zone of several words, which begins at word. */
static bool take_zone_words(scan *s, const char *word, bool *known) {
  tide_span rest = tide_span_make(word, (size_t)(s->end - word));
  int minutes = 0;
  size_t len = tide_zone_words(rest, known, &minutes);
  if (len == 0 && s->at < s->end && *s->at == '/') {
    while (len < rest.len && (tide_is_alpha(rest.ptr[len]) || memchr("/_-", rest.ptr[len], 3)))
      len++;
    tide_zone *zone;
    tide_error err;
    if (tide_zone_open(&zone, tide_span_slice(rest, 0, len), &err) == TIDE_OK) {
      *known = true;
      minutes = (int)(tide_civil_seconds(&s->civil) - tide_zone_instant(zone, &s->civil)) / 60;
      tide_zone_free(zone);
    }
  }
  if (len == 0)
    return false;
  s->at = word + len;
  if (*known)
    s->offset = minutes * 60;
  return true;
}

/* A comment where no zone was read yet: it may hold the zone, "(+0100)", "(GMT+01:00)", "(EST)". An
 * offset outside of it still wins. */
static void read_comment_zone(scan *s, tide_span comment) {
  comment = tide_span_trim(comment);
  size_t word = 0;
  while (word < comment.len && tide_is_alpha(comment.ptr[word]))
    word++;
  scan in = *s;
  in.at = comment.ptr + word;
  in.end = comment.ptr + comment.len;
  tide_span name = tide_span_slice(comment, 0, word);
  bool known = false,
       offset = in.at + 1 < in.end && (*in.at == '+' || *in.at == '-') && tide_is_digit(in.at[1]);
  if (offset) {
    int sign = *in.at++ == '-' ? -1 : 1;
    known =
        (word == 0 || tide_span_iequal(name, SPAN("GMT")) || tide_span_iequal(name, SPAN("UTC"))) &&
        take_offset(&in, sign) && !(in.odd & TIDE_DATE_UNKNOWN_ZONE);
  } else if (word == comment.len) {
    known = zone_of(name.ptr, name.len, &in.offset);
  } else if (word) {
    take_zone_words(&in, comment.ptr, &known);
  }
  if (!known)
    return;
  s->offset = in.offset;
  s->seen |= SEEN_ZONE;
}

/* After a time: "21:30 Uhr", "21h30 h". */
static bool is_clock_word(tide_span word) {
  static const char *const words[] = {
      "uhr",          "h",           "hs", "hrs", "hours", "\xe5\x88\x86", "\xeb\xb6\x84",
      "\xe7\xa7\x92", "\xec\xb4\x88"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (tide_span_iequal(word, tide_span_of(words[i])))
      return true;
  return false;
}

/* Japan's eras, by the years before their first: Showa, Heisei, Reiwa. 0: none. */
static int era_of(tide_span word) {
  if (tide_span_equal(word, SPAN("\xe6\x98\xad\xe5\x92\x8c")))
    return 1925;
  if (tide_span_equal(word, SPAN("\xe5\xb9\xb3\xe6\x88\x90")))
    return 1988;
  return tide_span_equal(word, SPAN("\xe4\xbb\xa4\xe5\x92\x8c")) ? 2018 : 0;
}

/* U+00A0 ends a word. In other charsets than UTF-8 its bytes may be letters, but not before a
 * digit, which no month's name has. */
static bool is_no_break(const char *at, const char *end) {
  return end - at > 2 && at[0] == '\xc2' && at[1] == '\xa0' &&
         (tide_is_digit(at[2]) || at[2] == '+');
}

/* The same in Latin-1: where ASCII follows, no character of two bytes or more goes on. */
static bool is_bare_no_break(const char *at, const char *end) {
  return *at == '\xa0' && end - at > 1 && (unsigned char)at[1] < 0x80;
}

/* "พ.ย.": the point in the midst of a shortened name. */
static bool is_thai_point(const char *at, const char *end) {
  return end - at > 2 && at[0] == '.' && at[1] == '\xe0' && (at[2] & '\xfe') == '\xb8';
}

static bool take_month(scan *s, const char *word, size_t len) {
  int n;
  int perhaps = 0;
  /* A second month: what was taken for the first was a day of the week. */
  bool again = s->weekday_or_month && !(s->seen & SEEN_TIME);
  if ((!(s->seen & SEEN_MONTH) || again) && (n = month_at(s, word, len, &perhaps))) {
    s->civil.month = n;
    s->seen |= SEEN_MONTH;
    if (again) {
      s->seen |= SEEN_WEEKDAY;
      s->weekday = s->weekday_or_month > 0 ? s->weekday_or_month : 0;
    }
    s->weekday_or_month = again ? 0 : perhaps;
    if (s->at < s->end && *s->at == '.')
      s->at++;
    return true;
  }
  return false;
}

static bool take_weekday(scan *s, const char *word, size_t len) {
  int n;
  /* In front, or after a whole date: "2002/09/14 Sat 02:29:32". */
  bool early = !(s->seen & SEEN_MONTH) || (s->seen & SEEN_DATE) == SEEN_DATE;
  if (early && !(s->seen & SEEN_TIME) && (n = weekday_at(word, len))) {
    if (!(s->seen & SEEN_WEEKDAY))
      s->weekday = n > 0 ? n : 0;
    s->seen |= SEEN_WEEKDAY;
    if (s->at < s->end && *s->at == '.')
      s->at++;
    return true;
  }
  return false;
}

/* Halves of the day: "11:30 pm", "11:30 p", and their words in other languages. */
static bool take_half(scan *s, const char *word, size_t len) {
  if (len == 2 && tide_lower(word[1]) == 'm' &&
      (tide_lower(word[0]) == 'a' || tide_lower(word[0]) == 'p') && s->civil.hour <= 12) {
    bool pm = tide_lower(word[0]) == 'p';
    s->civil.hour = s->civil.hour % 12 + (pm ? 12 : 0);
    return true;
  }
  if (len == 1 && take_meridian(s, word))
    return true;
  const char half = s->strict ? '\0' : half_behind(tide_span_make(word, len));
  if (half && s->civil.hour <= 12) {
    s->civil.hour = s->civil.hour % 12 + (half == 'p' ? 12 : 0);
    return true;
  }
  return false;
}

/* What follows the time is a zone, or nothing that says when. */
static bool take_behind_time(scan *s, const char *word, size_t len) {
  const bool strict = s->strict;
  int32_t offset;
  bool known;
  if (!(s->seen & SEEN_ZONE) && zone_of(word, len, &offset)) {
    s->offset = offset;
    s->seen |= SEEN_ZONE;
    /* "MET DST": summer time, an hour ahead. */
    tide_span rest = tide_span_make(s->at, (size_t)(s->end - s->at));
    if (tide_span_istarts(rest, SPAN(" DST")) && (rest.len == 4 || !tide_is_alnum(rest.ptr[4]))) {
      s->offset += 3600;
      s->at += 4;
    }
    skip_posix_hours(s);
    return true;
  }
  if (!(s->seen & SEEN_ZONE) && take_zone_words(s, word, &known)) {
    s->seen |= SEEN_ZONE;
    if (!known)
      s->odd |= TIDE_DATE_UNKNOWN_ZONE;
    return true;
  }
  if (!strict && is_clock_word(tide_span_make(word, len)))
    return true;
  if (s->seen & SEEN_ZONE)
    return !strict || zone_of(word, len, &offset) || len <= 5;
  if (len <= 5) {
    s->seen |= SEEN_ZONE;
    s->odd |= TIDE_DATE_UNKNOWN_ZONE;
    return true;
  }
  return !strict;
}

/* A word that is neither a month nor a day of the week that we know, before the time. */
static bool take_other_word(scan *s, tide_span name) {
  const bool strict = s->strict;
  int n;
  /* A weekday in another language, before everything else. */
  if (!strict && !(s->seen & (SEEN_WEEKDAY | SEEN_DATE))) {
    s->seen |= SEEN_WEEKDAY;
    /* Vietnamese: days of the week are numbers, "Th 3," and "Thứ 3," is Tuesday. */
    const bool numbered =
        tide_span_iequal(name, SPAN("th")) || tide_span_iequal(name, SPAN("th\xe1\xbb\xa9"));
    const bool gap = numbered && s->at < s->end && *s->at == ' ';
    if (s->end - s->at > 1 + gap && tide_is_digit(s->at[gap]) && memchr(",.", s->at[1 + gap], 2))
      s->at += 1 + gap; /* "T3,", "J2," of Swahili: no day of the month either */
    return true;
  }
  if (strict) /* "11 de noviembre de 2008" */
    return s->seen & SEEN_DAY &&
           (tide_span_iequal(name, SPAN("de")) || tide_span_iequal(name, SPAN("of")) ||
            tide_span_iequal(name, SPAN("del")));
  if ((tide_span_iequal(name, SPAN("th\xc3\xa1ng")) || tide_span_iequal(name, SPAN("thg"))) &&
      (!(s->seen & SEEN_MONTH) || s->weekday_or_month)) {
    while (s->at < s->end && *s->at == ' ')
      s->at++;
    s->at += digits_at(s, &n); /* Vietnamese: a month is a number */
    s->civil.month = n;
    s->seen |= SEEN_MONTH;
    return n >= 1 && n <= 12;
  }
  /* "mar, 11 payares 2008": what was taken for the month is a day of the week, and the month a name
   * that is not known. Short words are those that fill. */
  if (s->weekday_or_month && s->names_day && (s->seen & SEEN_DATE) == (SEEN_DAY | SEEN_MONTH) &&
      name.len > 2)
    return false;
  return take_filler(s, name);
}

/* "d'abril", "d’octubre": Catalan and its neighbours. */
static size_t elision_length(tide_span s) {
  if (s.len < 5 || tide_lower(s.ptr[0]) != 'd')
    return 0;
  if (s.ptr[1] == '\'')
    return 2;
  return tide_span_starts(tide_span_slice(s, 1, 4), SPAN("\u2019")) ? 4 : 0;
}

static bool take_word(scan *s) {
  const bool strict = s->strict;
  size_t len = 0;
  s->at += elision_length(tide_span_make(s->at, (size_t)(s->end - s->at)));
  while (s->at + len < s->end && (tide_is_alpha(s->at[len]) || (unsigned char)s->at[len] >= 0x80) &&
         !is_no_break(s->at + len, s->end) &&
         !(len && tide_is_alpha(s->at[len - 1]) && is_bare_no_break(s->at + len, s->end)))
    len += 1 + is_thai_point(s->at + len + 1, s->end);
  const char *word = s->at;
  int n;
  s->at += len;
  if (!strict && !(s->seen & SEEN_DATE) && (n = era_of(tide_span_make(word, len)))) {
    s->era = n;
    return true;
  }
  if (take_month(s, word, len) || take_weekday(s, word, len))
    return true;
  if (s->seen & SEEN_TIME)
    return take_half(s, word, len) || take_behind_time(s, word, len);
  return take_other_word(s, tide_span_make(word, len));
}

/* White space and dashes outside ASCII, as programs that typeset their dates write them: how many
 * bytes, and whether it is a dash (U+00A0, U+202F; U+2010 to U+2014, U+2212). */
static size_t take_typeset(const scan *s, bool *dash) {
  tide_span rest = tide_span_make(s->at, (size_t)(s->end - s->at));
  *dash = false;
  if (tide_span_starts(rest, SPAN("\xc2\xa0")))
    return 2;
  if (is_bare_no_break(s->at, s->end))
    return 1;
  if (tide_span_starts(rest, SPAN("\xe2\x80\xaf")))
    return 3;
  *dash = (tide_span_starts(rest, SPAN("\xe2\x80")) && rest.len > 2 &&
           (unsigned char)rest.ptr[2] >= 0x90 && (unsigned char)rest.ptr[2] <= 0x94) ||
          tide_span_starts(rest, SPAN("\xe2\x88\x92"));
  return *dash ? 3 : 0;
}

/* " 0100" after a whole date: a form on the web took the plus for a space. */
static void take_bare_offset(scan *s) {
  int n;
  size_t len = digits_at(s, &n);
  if (s->seen & (SEEN_ZONE | SEEN_OFFSET) || len < 3 || len > 4 || n == 0 || n > 1400 ||
      n % 100 % 15 || s->at[-1] != ' ' || (s->at + len < s->end && !tide_is_space(s->at[len])))
    return;
  take_offset(s, 1);
}

/* What may stand between words, or around the whole, and means nothing. */
static bool is_decoration(const scan *s, char c) {
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

static void take_comment(scan *s) {
  const char *open = s->at + 1;
  skip_comment(s);
  if ((s->seen & SEEN_ALL) == SEEN_ALL && !(s->seen & SEEN_ZONE) && s->at > open)
    read_comment_zone(s, tide_span_make(open, (size_t)(s->at - 1 - open)));
}

/* Is it a date, all in all? */
static bool date_end(scan *s, tide_date *out) {
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

static bool scan_date(tide_span text, bool strict, tide_date *out) {
  if (text.len == 0)
    return false;
  scan s = {.at = text.ptr, .end = text.ptr + text.len, .strict = strict};
  while (s.at < s.end) {
    char c = *s.at;
    bool dash = false;
    size_t typeset = (unsigned char)c >= 0x80 ? take_typeset(&s, &dash) : 0;
    if (typeset) {
      s.at += typeset;
      if (dash && s.seen & SEEN_TIME && !take_offset(&s, -1))
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
      if (!take_number(&s))
        return false;
    } else if (tide_is_alpha(c) || (unsigned char)c >= 0x80) {
      if ((s.seen & SEEN_ALL) == SEEN_ALL && s.seen & SEEN_ZONE && !strict)
        break;
      if (!take_word(&s))
        return false;
    } else if ((c == '+' || c == '-') && s.seen & SEEN_TIME) {
      s.at++;
      if (!take_offset(&s, c == '-' ? -1 : 1))
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

/* --- the two forms that nearly all mail has --- */

/* Both are read as scan_date reads them, or not at all: what is odd in the least is left to it
 * (tests/unit/test_date.c holds both against each other). */

/* The number of two digits at p, or a large one. A space may stand for the first where `spaced`. */
static inline unsigned two_digits(const char *p, bool spaced) {
  unsigned tens = (unsigned)(unsigned char)p[0] - '0', ones = (unsigned)(unsigned char)p[1] - '0';
  if (spaced && p[0] == ' ')
    tens = 0;
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;
}

/* Monday is 1; 0 where the three letters are none as programs write them. */
static inline int short_weekday(const char *p) {
  switch (KEY(p[0], p[1], p[2])) {
  case KEY('M', 'o', 'n'): return 1;
  case KEY('T', 'u', 'e'): return 2;
  case KEY('W', 'e', 'd'): return 3;
  case KEY('T', 'h', 'u'): return 4;
  case KEY('F', 'r', 'i'): return 5;
  case KEY('S', 'a', 't'): return 6;
  case KEY('S', 'u', 'n'): return 7;
  default: return 0;
  }
}

/* A day as it was written: weekday and month from 1, 0 where they are no names of any. */
typedef struct written_day {
  int weekday;
  unsigned day;
  int month;
  unsigned year;
} written_day;

static inline bool settle(written_day d, const char *clock, int32_t offset, unsigned odd,
                          tide_date *out) {
  unsigned hour = two_digits(clock, false), minute = two_digits(clock + 3, false),
           second = two_digits(clock + 6, false);
  if (clock[2] != ':' || clock[5] != ':' || hour > 23 || minute > 59 || second > 59)
    return false;
  if (!d.weekday || !d.month || d.day < 1 || d.day > (unsigned)tide_month_days(d.year, d.month))
    return false;
  if (d.year - 2500 < 100)
    return false; /* Thailand's: recount_year */
  if (!out)
    return true;
  int64_t days = tide_days_from_civil(d.year, d.month, (int)d.day);
  if (tide_weekday_from_days(days) != d.weekday - 1)
    odd |= TIDE_DATE_WRONG_WEEKDAY;
  *out = (tide_date){.time = days * 86400 + (int64_t)(hour * 3600 + minute * 60 + second) - offset,
                     .offset = offset,
                     .odd = odd};
  return true;
}

/* "Tue Nov 11 21:30:00 2008": what asctime gives (C17 7.27.3.1), and nothing else. */
static bool read_asctime(const char *p, tide_date *out) {
  unsigned century = two_digits(p + 20, false), year = two_digits(p + 22, false);
  if (p[3] != ' ' || p[7] != ' ' || p[10] != ' ' || p[19] != ' ' || century > 99 || year > 99)
    return false;
  const written_day d = {short_weekday(p), two_digits(p + 8, true), short_month(p + 4),
                         century * 100 + year};
  return settle(d, p + 11, 0, TIDE_DATE_NO_ZONE, out);
}

/* "Tue, 11 Nov 2008 16:30:00 -0500", and a comment of letters after it (RFC 5322 3.3, and where "
 * (EST)" comes from). */
static bool read_rfc(tide_span s, tide_date *out) {
  if (s.len < 30 || s.len > 64 || s.ptr[3] != ',' || s.ptr[4] != ' ')
    return false;
  const char *p = s.ptr + 5, *end = s.ptr + s.len;
  unsigned day = two_digits(p, false);
  if (p[1] == ' ')
    day = tide_is_digit(*p) ? (unsigned)(*p - '0') : 1000;
  p += p[1] == ' ' ? 1 : 2;
  /* " Nov 2008 16:30:00 -0500" is 24 bytes long. */
  if (end - p < 24 || day > 31 || p[0] != ' ' || p[4] != ' ' || p[9] != ' ' || p[18] != ' ' ||
      (p[19] != '+' && p[19] != '-'))
    return false;
  unsigned century = two_digits(p + 5, false), year = two_digits(p + 7, false),
           hours = two_digits(p + 20, false), minutes = two_digits(p + 22, false);
  if (century > 99 || year > 99 || hours > 14 || minutes > 59 ||
      (p[19] == '-' && hours + minutes == 0))
    return false;
  const char *rest = p + 24;
  if (rest < end) {
    if (end - rest < 4 || rest[0] != ' ' || rest[1] != '(' || end[-1] != ')')
      return false;
    for (rest += 2; rest < end - 1; rest++)
      if (!tide_is_alnum(*rest))
        return false;
  }
  int32_t offset = (int32_t)(hours * 3600 + minutes * 60);
  const written_day d = {short_weekday(s.ptr), day, short_month(p + 1), century * 100 + year};
  return settle(d, p + 10, p[19] == '-' ? -offset : offset, 0, out);
}

/* Seconds since the epoch, or thousandths of them: nine or ten digits are 1973 to 2286. With git's
 * sign in front, a fraction or a zone after. */
static bool read_epoch(tide_span s, tide_date *out) {
  uint64_t n;
  s = tide_span_trim(s);
  if (tide_span_starts(s, SPAN("@")))
    s = tide_span_slice(s, 1, s.len);
  size_t digits = 0;
  while (digits < s.len && tide_is_digit(s.ptr[digits]))
    digits++;
  if (digits + 1 < s.len &&
      ((s.ptr[digits] == '.' && tide_is_digit(s.ptr[digits + 1])) ||
       (s.ptr[digits] == ' ' && (s.ptr[digits + 1] == '+' || s.ptr[digits + 1] == '-'))))
    s.len = digits;
  if ((s.len != 9 && s.len != 10 && s.len != 13) || s.ptr[0] == '0' || !tide_span_uint(s, &n))
    return false;
  *out = (tide_date){.time = (int64_t)(s.len == 13 ? n / 1000 : n)};
  return true;
}

static int hex_digit(char c) {
  if (tide_is_digit(c))
    return c - '0';
  c = tide_lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int base64_digit(char c) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *at = c ? memchr(digits, c, sizeof digits - 1) : NULL;
  return at ? (int)(at - digits) : -1;
}

/* Takes encoded words (RFC 2047) apart: nobody should write a date so, and some do. False where s
 * holds none. The charset does not matter to what a date is made of. */
static bool decode_words(tide_span s, char out[DATE_MAX], size_t *out_len) {
  size_t len = 0, at;
  bool any = false;
  while ((at = tide_span_find(s, SPAN("=?"))) < s.len) {
    tide_span word = tide_span_slice(s, at + 2, s.len);
    size_t mark = tide_span_find_char(word, '?'), end;
    tide_span text = tide_span_slice(word, mark + 3, word.len);
    if (text.len == 0 || word.ptr[mark + 2] != '?' ||
        (end = tide_span_find(text, SPAN("?="))) == text.len)
      break;
    bool base64 = tide_lower(word.ptr[mark + 1]) == 'b';
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < end && len < DATE_MAX; i++) {
      char c = text.ptr[i];
      if (base64) {
        int digit = base64_digit(c);
        if (digit < 0)
          continue;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held < 8)
          continue;
        held -= 8;
        c = (char)(bits >> held & 0xff);
      } else if (c == '_') {
        c = ' ';
      } else if (c == '=' && i + 2 < end && hex_digit(text.ptr[i + 1]) >= 0 &&
                 hex_digit(text.ptr[i + 2]) >= 0) {
        c = (char)(hex_digit(text.ptr[i + 1]) * 16 + hex_digit(text.ptr[i + 2]));
        i += 2;
      }
      out[len++] = c;
    }
    any = true;
    s = tide_span_slice(text, end + 2, text.len);
  }
  for (size_t i = 0; i < s.len && len < DATE_MAX; i++)
    out[len++] = s.ptr[i];
  *out_len = len;
  return any;
}

/* The date with ASCII's digits for those of other scripts; out has room for all of s. */
static tide_span plain_digits(tide_span s, char *out) {
  static const uint32_t zeros[] = {0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6,  0xb66,  0xbe6,
                                   0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0, 0xff10};
  size_t len = 0, high = 0;
  while (high < s.len && (unsigned char)s.ptr[high] < 0x80)
    high++;
  if (high == s.len)
    return s;
  for (size_t at = 0, step; at < s.len; at += step) {
    uint32_t c = 0;
    step = tide_utf8_take(tide_span_slice(s, at, s.len), &c);
    size_t i = 0;
    while (step > 1 && i < sizeof zeros / sizeof *zeros && c - zeros[i] > 9)
      i++;
    if (step > 1 && i < sizeof zeros / sizeof *zeros) {
      out[len++] = (char)('0' + (c - zeros[i]));
      continue;
    }
    step = step ? step : 1;
    memcpy(out + len, s.ptr + at, step);
    len += step;
  }
  return tide_span_make(out, len);
}

bool tide_date_parse(tide_span s, tide_date *out) {
  if (read_rfc(s, out))
    return true;
  s = tide_span_slice(s, 0, DATE_MAX);
  char decoded[DATE_MAX], digits[DATE_MAX];
  size_t len;
  /* "Date: Tue, …", "Gesendet: …": the field's name again. */
  size_t name = 0;
  while (name < s.len && (tide_is_alpha(s.ptr[name]) || s.ptr[name] & 0x80))
    name++;
  if (name > 2 && name < s.len && s.ptr[name] == ':' && !weekday_at(s.ptr, name))
    s = tide_span_slice(s, name + 1, s.len);
  if (s.len > 2 && s.ptr[0] == '=' && decode_words(s, decoded, &len))
    s = tide_span_make(decoded, len);
  s = plain_digits(s, digits);
  if (scan_date(s, false, out) || read_epoch(s, out))
    return true;
  /* A whole Received field, or other words, in front. */
  const char *semicolon = s.len ? memrchr(s.ptr, ';', s.len) : NULL;
  return semicolon &&
         scan_date(tide_span_make(semicolon + 1, (size_t)(s.ptr + s.len - semicolon - 1)), false,
                   out);
}

/* "From name@host Tue Nov 11 21:30:00 2008": with an at sign in it, the one word in front cannot be
 * the beginning of a date. */
static bool read_separator(tide_span s, tide_date *out, tide_span *sender) {
  enum { ASCTIME = 24 };
  if (s.len < ASCTIME + 2 || s.len > SEPARATOR_DATE_MAX || s.ptr[s.len - ASCTIME - 1] != ' ')
    return false;
  tide_span word = tide_span_slice(s, 0, s.len - ASCTIME - 1);
  if (tide_scan_word(word) < word.len || tide_span_find_char(word, '@') == word.len ||
      !read_asctime(s.ptr + s.len - ASCTIME, out))
    return false;
  if (sender)
    *sender = word;
  return true;
}

/* Takes " remote from HOST" (UUCP, RFC 976 2.4) off the end, and " forwarded by USER". */
static tide_span without_remote(tide_span s) {
  s = tide_span_slice(s, 0, tide_span_find(s, SPAN(" remote from ")));
  return tide_span_slice(s, 0, tide_span_find(s, SPAN(" forwarded by ")));
}

/* "From name@host 1226439000" */
static bool read_separator_epoch(tide_span s, tide_date *out, tide_span *sender) {
  const char *space = s.len ? memrchr(s.ptr, ' ', s.len) : NULL;
  if (!space)
    return false;
  tide_span name = tide_span_trim(tide_span_slice(s, 0, (size_t)(space - s.ptr)));
  if (tide_span_find_char(name, ' ') < name.len || tide_span_find_char(name, '@') == name.len ||
      !read_epoch(tide_span_slice(s, (size_t)(space + 1 - s.ptr), s.len), out))
    return false;
  if (sender)
    *sender = name;
  return true;
}

bool tide_date_parse_separator(tide_span line, tide_date *out, tide_span *sender) {
  if (!tide_span_starts(line, SPAN("From ")) && !tide_span_istarts(line, SPAN("From ")))
    return false;
  if (read_separator(tide_span_slice(line, 5, line.len), out, sender))
    return true;
  tide_date unasked;
  out = out ? out : &unasked;
  tide_span s = tide_span_slice(without_remote(line), 5, line.len);
  while (s.len && tide_is_space(s.ptr[s.len - 1]))
    s.len--;
  size_t first = s.len > SEPARATOR_DATE_MAX ? s.len - SEPARATOR_DATE_MAX : 0;
  for (size_t at = first; at + 10 < s.len; at++) {
    bool starts = at == 0 || s.ptr[at - 1] == ' ' || s.ptr[at - 1] == '\t';
    if (!starts || !(tide_is_alpha(s.ptr[at]) || tide_is_digit(s.ptr[at])))
      continue;
    if (!scan_date(tide_span_slice(s, at, s.len), true, out))
      continue;
    if (sender)
      *sender = tide_span_trim(tide_span_slice(s, 0, at));
    return true;
  }
  return read_separator_epoch(s, out, sender);
}

bool tide_date_has_asctime(tide_span line) {
  enum { STAMP = 19 };
  for (size_t at = 6; at + STAMP <= line.len; at++) {
    const char *p = line.ptr + at;
    if (p[-1] != ' ' || p[3] != ' ' || p[7] != ' ' || !short_weekday(p) || !short_month(p + 4))
      continue;
    /* The day has one digit, two, or a space before its one. */
    p += 8 + (p[8] == ' ' || p[9] != ' ');
    if (p + 10 > line.ptr + line.len || !tide_is_digit(p[0]) || p[1] != ' ')
      continue;
    if (two_digits(p + 2, false) < 25 && p[4] == ':' && two_digits(p + 5, false) < 60 &&
        p[7] == ':' && two_digits(p + 8, false) < 62)
      return true;
  }
  return false;
}
