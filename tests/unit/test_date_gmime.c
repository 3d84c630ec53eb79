/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Our reading of dates against GMime's, on the Date, Resent-Date and Received fields of every
 * message of $TIDE_CORPORA (default: ../shared/corpora beside the checkout; skipped where that is
 * missing). Each difference belongs to a class below, with the reason why ours is right; any other
 * fails. */
#include "cmocka_all.h"

#include <ftw.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "mail/date.h"
#include "mime/message.h"
#include "hops/received.h"

static tide_parser *parser;
static tide_buffer bytes;
static size_t compared, same, both_none, unexplained;

typedef enum reason {
  ONLY_OURS,    /* GMime finds no date */
  TWELVE_HOURS, /* "2:00:11 PM" and what follows it, which GMime takes for 2 in the morning */
  SPACED, /* "04:02: 43": white space and comments around colons are obsolete syntax (RFC 5322 A.5);
             GMime drops what follows */
  FRACTION, /* parts of a second, which GMime does not expect */
  NUMERIC, /* "06/08/2002" or "06-08-2002" is June to some and August to others: nothing says which,
              and ours does not guess */
  NAMED_ZONE,   /* GMime knows the zones of RFC 822, and takes the others for UTC */
  OFFSET_RANGE, /* an offset that no zone has ever had: RFC 5322 4.3 says to take it for UTC */
  UNEXPLAINED,  /* any other: not explained */
  REASONS
} reason;

static const char *const reasons[REASONS] = {"only ours",
                                             "a clock of twelve hours",
                                             "white space in the time",
                                             "parts of a second",
                                             "a date in numbers",
                                             "a named zone",
                                             "an offset out of range",
                                             "not explained"};
static size_t counts[REASONS];

static bool is_date_sign(char c) {
  return c == '/' || c == '-';
}

static reason reason_of(tide_span text, bool ours, const tide_date *date, GDateTime *theirs,
                        int64_t theirs_time) {
  if (ours && !theirs)
    return ONLY_OURS;
  if (!ours && text.len > 5 &&
      (is_date_sign(text.ptr[1]) || (tide_is_digit(text.ptr[1]) && is_date_sign(text.ptr[2]))))
    return NUMERIC;
  if (!ours)
    return UNEXPLAINED;
  int64_t difference = date->time - theirs_time;
  if (date->odd & TIDE_DATE_UNKNOWN_ZONE &&
      (tide_span_find(text, SPAN(" +")) < text.len || tide_span_find(text, SPAN(" -")) < text.len))
    return OFFSET_RANGE;
  if (tide_span_find(text, SPAN(" AM")) < text.len || tide_span_find(text, SPAN(" PM")) < text.len)
    return TWELVE_HOURS;
  if (tide_span_find(text, SPAN(": ")) < text.len || tide_span_find(text, SPAN(" :")) < text.len)
    return SPACED;
  if (tide_span_find(text, SPAN(".")) < text.len)
    return FRACTION;
  /* They differ by the zone alone, and GMime read none. */
  if (difference == -(int64_t)date->offset && g_date_time_get_utc_offset(theirs) == 0)
    return NAMED_ZONE;
  return UNEXPLAINED;
}

static void compare(const char *path, tide_span text) {
  tide_date date = {0};
  char *copy = malloc(text.len + 1);
  assert_non_null(copy);
  if (text.len)
    memcpy(copy, text.ptr, text.len);
  copy[text.len] = '\0';
  bool ours = tide_date_parse(text, &date);
  GDateTime *theirs = g_mime_utils_header_decode_date(copy);
  int64_t time = theirs ? g_date_time_to_unix(theirs) : 0;
  compared++;
  if (!ours && !theirs) {
    both_none++;
  } else if (ours && theirs && time == date.time) {
    same++;
  } else {
    reason r = reason_of(text, ours, &date, theirs, time);
    counts[r]++;
    bool allowed = r != UNEXPLAINED;
    unexplained += !allowed;
    if (!allowed || getenv("TIDE_VERBOSE"))
      print_message("%s: \"%s\": ours %s %lld, GMime's %s %lld: %s\n", path, copy,
                    ours ? "" : "none", (long long)date.time, theirs ? "" : "none", (long long)time,
                    reasons[r]);
  }
  if (theirs)
    g_date_time_unref(theirs);
  free(copy);
}

static void compare_field(const char *path, const tide_message *m, tide_header_id id) {
  for (uint32_t at = m->first[id]; at != TIDE_HEADER_NONE; at = m->headers[at].next) {
    at("at = %u", at);
    tide_span value = m->headers[at].value;
    tide_hop hop;
    if (id == TIDE_HEADER_RECEIVED) {
      tide_received_parse(value, &hop);
      value = hop.date;
      if (value.len == 0)
        continue;
    }
    /* GMime's ends at a NUL, ours after 256 bytes. */
    if (value.len > 256 || memchr(value.ptr ? value.ptr : "", 0, value.len))
      continue;
    compare(path, value);
  }
}

static int visit(const char *path, const struct stat *st, int type, struct FTW *walk) {
  (void)walk;
  size_t len = strlen(path);
  const tide_message *m;
  if (type != FTW_F || st->st_size == 0 || st->st_size > 64 << 20)
    return 0;
  if (strstr(path, "/ip/") || (len > 5 && strcmp(path + len - 5, ".mbox") == 0))
    return 0;
  tide_buffer_clear(&bytes);
  assert_int_equal(tide_buffer_reserve(&bytes, (size_t)st->st_size), TIDE_OK);
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  bytes.len = fread(bytes.ptr, 1, (size_t)st->st_size, f);
  fclose(f);
  tide_raw raw = {.bytes = tide_buffer_span(&bytes)};
  if (tide_message_parse(parser, &raw, 0, &m) != TIDE_OK)
    return 0;
  compare_field(path, m, TIDE_HEADER_DATE);
  compare_field(path, m, TIDE_HEADER_RESENT_DATE);
  compare_field(path, m, TIDE_HEADER_RECEIVED);
  return 0;
}

static void dates_are_gmimes(void **state) {
  (void)state;
  char path[4096];
  const char *corpora = getenv("TIDE_CORPORA"), *source = getenv("TIDE_SOURCE");
  if (!source)
    source = ".";
  snprintf(path, sizeof path, "%s%s", corpora ? corpora : source,
           corpora ? "" : "/../shared/corpora");
  FILE *there = fopen(path, "r");
  if (!there)
    skip();
  fclose(there);
  assert_int_equal(nftw(path, visit, 32, FTW_PHYS), 0);
  print_message("%zu dates: %zu the same, %zu read by neither\n", compared, same, both_none);
  for (int r = 0; r < REASONS; r++)
    print_message("%6zu %s\n", counts[r], reasons[r]);
  assert_int_equal(unexplained, 0);
  assert_number(compared, >, 1000);
}

int main(void) {
  tide_mime_init();
  if (tide_parser_new(&parser) != TIDE_OK)
    return 1;
  const struct CMUnitTest tests[] = {cmocka_unit_test(dates_are_gmimes)};
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  tide_parser_free(parser);
  tide_buffer_free(&bytes);
  return failed;
}
