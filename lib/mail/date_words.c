/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in dates: names in many languages, zones, halves of the day, and words that say nothing. */
#include "base/zone.h"
#include "date_english.h"
#include "date_names.h"
#include "date_scan.h"

/* A month in Chinese numerals, as Java writes it; 0 if the word is none.
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
static int month_at(tide_scan *s, const char *word, size_t len, int *perhaps) {
  int month = tide_month_english(word, len);
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

/* The half of the day, where it is in front of the time: 'a', 'p', or 0. */
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
static bool take_filler(tide_scan *s, tide_span word) {
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

int tide_weekday_any(const char *word, size_t len) {
  int weekday = tide_weekday_english(word, len);
  if (weekday)
    return weekday;
  return tide_weekday_named(tide_span_make(word, len));
}

/* "a.m.", "p. m.": after the first letter of it. */
static bool take_meridian(tide_scan *s, const char *word) {
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
static void skip_posix_hours(tide_scan *s) {
  tide_scan behind = *s;
  int hours;
  if (s->end - s->at < 2 || (*s->at != '-' && *s->at != '+'))
    return;
  behind.at++;
  size_t len = tide_scan_digits(&behind, &hours);
  behind.at += len;
  if (len < 1 || len > 2 || hours == 0 || (*s->at == '-' ? hours : -hours) * 3600 != s->offset)
    return;
  while (behind.at < s->end && tide_is_alpha(*behind.at))
    behind.at++;
  s->at = behind.at;
}

/* A place ("America/New_York") or a zone of several words, which begins at word. */
static bool take_zone_words(tide_scan *s, const char *word, bool *known) {
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

void tide_scan_comment_zone(tide_scan *s, tide_span comment) {
  comment = tide_span_trim(comment);
  size_t word = 0;
  while (word < comment.len && tide_is_alpha(comment.ptr[word]))
    word++;
  tide_scan in = *s;
  in.at = comment.ptr + word;
  in.end = comment.ptr + comment.len;
  tide_span name = tide_span_slice(comment, 0, word);
  bool known = false,
       offset = in.at + 1 < in.end && (*in.at == '+' || *in.at == '-') && tide_is_digit(in.at[1]);
  if (offset) {
    int sign = *in.at++ == '-' ? -1 : 1;
    known =
        (word == 0 || tide_span_iequal(name, SPAN("GMT")) || tide_span_iequal(name, SPAN("UTC"))) &&
        tide_scan_offset(&in, sign) && !(in.odd & TIDE_DATE_UNKNOWN_ZONE);
  } else if (word == comment.len) {
    known = tide_zone_short(name.ptr, name.len, &in.offset);
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

bool tide_is_bare_no_break(const char *at, const char *end) {
  return *at == '\xa0' && end - at > 1 && (unsigned char)at[1] < 0x80;
}

/* "พ.ย.": the point in the middle of a shortened name. */
static bool is_thai_point(const char *at, const char *end) {
  return end - at > 2 && at[0] == '.' && at[1] == '\xe0' && (at[2] & '\xfe') == '\xb8';
}

static bool take_month(tide_scan *s, const char *word, size_t len) {
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

static bool take_weekday(tide_scan *s, const char *word, size_t len) {
  int n;
  /* In front, or after a whole date: "2002/09/14 Sat 02:29:32". */
  bool early = !(s->seen & SEEN_MONTH) || (s->seen & SEEN_DATE) == SEEN_DATE;
  if (early && !(s->seen & SEEN_TIME) && (n = tide_weekday_any(word, len))) {
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
static bool take_half(tide_scan *s, const char *word, size_t len) {
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
static bool take_behind_time(tide_scan *s, const char *word, size_t len) {
  const bool strict = s->strict;
  int32_t offset;
  bool known;
  if (!(s->seen & SEEN_ZONE) && tide_zone_short(word, len, &offset)) {
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
    return !strict || tide_zone_short(word, len, &offset) || len <= 5;
  if (len <= 5) {
    s->seen |= SEEN_ZONE;
    s->odd |= TIDE_DATE_UNKNOWN_ZONE;
    return true;
  }
  return !strict;
}

/* A word that is neither a month nor a day of the week that we know, before the time. */
static bool take_other_word(tide_scan *s, tide_span name) {
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
    s->at += tide_scan_digits(s, &n); /* Vietnamese: a month is a number */
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

bool tide_scan_named(tide_scan *s) {
  const bool strict = s->strict;
  size_t len = 0;
  s->at += elision_length(tide_span_make(s->at, (size_t)(s->end - s->at)));
  while (s->at + len < s->end && (tide_is_alpha(s->at[len]) || (unsigned char)s->at[len] >= 0x80) &&
         !is_no_break(s->at + len, s->end) &&
         !(len && tide_is_alpha(s->at[len - 1]) && tide_is_bare_no_break(s->at + len, s->end)))
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
