/* SPDX-License-Identifier: GPL-3.0-or-later */
/* English names, and the forms that nearly all mail has. */
#include "date_english.h"

#include "base/civil.h"
#include "base/scan.h"

int tide_month_english(const char *word, size_t len) {
  static const char *const full[] = {"january",   "february", "march",    "april",
                                     "may",       "june",     "july",     "august",
                                     "september", "october",  "november", "december"};
  if (len < 3 || len > 9)
    return 0;
  const int m = tide_month_short(word);
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

int tide_weekday_english(const char *word, size_t len) {
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

bool tide_zone_short(const char *word, size_t len, int32_t *offset) {
  for (size_t i = 0; i < sizeof zone_names / sizeof *zone_names; i++)
    if (tide_span_iequal(tide_span_make(word, len), tide_span_of(zone_names[i].name))) {
      *offset = zone_names[i].minutes * 60;
      return true;
    }
  return false;
}

/* --- the two forms that nearly all mail has --- */

/* Both are read as tide_date_scan reads them, or not at all: what is odd in the least is left to it
 * (tests/unit/test_date.c holds both against each other). */

/* A day as it was written: weekday and month from 1, 0 if they are no names of any. */
typedef struct written_day {
  int weekday;
  unsigned day;
  int month;
  unsigned year;
} written_day;

static inline bool settle(written_day d, const char *clock, int32_t offset, unsigned odd,
                          tide_date *out) {
  unsigned hour = tide_two_digits(clock, false), minute = tide_two_digits(clock + 3, false),
           second = tide_two_digits(clock + 6, false);
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

bool tide_date_asctime(const char *p, tide_date *out) {
  unsigned century = tide_two_digits(p + 20, false), year = tide_two_digits(p + 22, false);
  if (p[3] != ' ' || p[7] != ' ' || p[10] != ' ' || p[19] != ' ' || century > 99 || year > 99)
    return false;
  const written_day d = {tide_weekday_short(p), tide_two_digits(p + 8, true),
                         tide_month_short(p + 4), century * 100 + year};
  return settle(d, p + 11, 0, TIDE_DATE_NO_ZONE, out);
}

bool tide_date_rfc(tide_span s, tide_date *out) {
  if (s.len < 30 || s.len > 64 || s.ptr[3] != ',' || s.ptr[4] != ' ')
    return false;
  const char *p = s.ptr + 5, *end = s.ptr + s.len;
  unsigned day = tide_two_digits(p, false);
  if (p[1] == ' ')
    day = tide_is_digit(*p) ? (unsigned)(*p - '0') : 1000;
  p += p[1] == ' ' ? 1 : 2;
  /* " Nov 2008 16:30:00 -0500" is 24 bytes long. */
  if (end - p < 24 || day > 31 || p[0] != ' ' || p[4] != ' ' || p[9] != ' ' || p[18] != ' ' ||
      (p[19] != '+' && p[19] != '-'))
    return false;
  unsigned century = tide_two_digits(p + 5, false), year = tide_two_digits(p + 7, false),
           hours = tide_two_digits(p + 20, false), minutes = tide_two_digits(p + 22, false);
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
  const written_day d = {tide_weekday_short(s.ptr), day, tide_month_short(p + 1),
                         century * 100 + year};
  return settle(d, p + 10, p[19] == '-' ? -offset : offset, 0, out);
}

bool tide_date_epoch(tide_span s, tide_date *out) {
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
