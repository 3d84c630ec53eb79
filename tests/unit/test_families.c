/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is joined by senders or by shuffling and who is not, whatever the order and the split; and
 * that too many addresses are sampled alike in every split. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "families/families.h"
#include "base/limits.h"
#include "question/family_names.h"

static const tide_senders_options options = {.has_event = true, .event = 1000000};
static const tide_field_context context;

static tide_senders *senders_new(void) {
  tide_senders *s;
  assert_int_equal(tide_senders_new(&options, &s), TIDE_OK);
  return s;
}

static void add(tide_senders *s, const char *fingerprint, uint32_t address, int64_t time,
                tide_chain_verdict verdict) {
  const tide_record r = {.fingerprint = tide_span_of(fingerprint),
                         .fingerprint_layout = tide_span_of(fingerprint),
                         .mailer = SPAN("m"),
                         .source = SPAN("mail"),
                         .offset = (uint64_t)time,
                         .time = time,
                         .has_time = true,
                         .chain_verdict = verdict,
                         .origin = {.family = 4,
                                    .bytes = {(uint8_t)(address >> 24), (uint8_t)(address >> 16),
                                              (uint8_t)(address >> 8), (uint8_t)address}}};
  assert_int_equal(tide_senders_add(s, &r, &context), TIDE_OK);
}

static tide_families find(tide_senders *s) {
  tide_families f;
  assert_int_equal(tide_senders_settle(s), TIDE_OK);
  assert_int_equal(tide_families_find(s, NULL, &f), TIDE_OK);
  return f;
}

/* The family of a fingerprint: its name. */
static tide_span family_of(const tide_senders *s, const tide_families *f, const char *fingerprint) {
  const uint32_t number = tide_senders_find(s, tide_span_of(fingerprint));
  assert_int_not_equal(number, TIDE_EXAMPLE_NONE);
  return f->at[f->of[number]].name;
}

static bool together(const tide_senders *s, const tide_families *f, const char *a, const char *b) {
  return tide_span_equal(family_of(s, f, a), family_of(s, f, b));
}

/* Message number i of an archive: 400 computers of a botnet with the programs fa and fb, most of
 * them with one; 400 of another with fc; 300 people with ham's programs after 30 relays; a NAT
 * that has all of them; and what has no fingerprint. */
enum { MESSAGES = 6000 };
static void message_add(tide_senders *s, uint32_t i) {
  const uint32_t random = i * 2654435761u >> 8;
  const int64_t time = 999000 + i % 2000;
  char name[16];
  switch (i % 5) {
  case 0:
    add(s, random / 400 % 3 ? "fa" : "fb", 0x0a000000 + random % 400, time, TIDE_CHAIN_DIRECT);
    break;
  case 1: add(s, "fc", 0x0b000000 + random % 400, time, TIDE_CHAIN_BY_MISMATCH); break;
  case 2:
    snprintf(name, sizeof name, "fh%u", random / 30 % 4);
    add(s, name, 0x0c000000 + random % 30, time, TIDE_CHAIN_CONSISTENT);
    break;
  case 3:
    snprintf(name, sizeof name, "fn%u", random % 12);
    add(s, name, 0x0d000000 + random / 12 % 5, time, TIDE_CHAIN_DIRECT);
    break;
  case 4: add(s, "", 0x0a000000 + random % 400, time, TIDE_CHAIN_DIRECT); break;
  }
}

static void check(tide_senders *s) {
  tide_families f = find(s);
  assert_true(together(s, &f, "fa", "fb"));
  assert_false(together(s, &f, "fa", "fc"));
  assert_false(together(s, &f, "fh0", "fh1")); /* customers of a relay */
  assert_false(together(s, &f, "fn0", "fn1")); /* after one address */
  assert_false(together(s, &f, "", "fa"));
  const tide_span name = family_of(s, &f, "fb");
  assert_true(tide_span_equal(name, SPAN("fa"))); /* that of the larger one */
  const tide_family *family = &f.at[f.of[tide_senders_find(s, SPAN("fb"))]];
  assert_int_equal(family->fingerprints, 2);
  assert_int_equal(family->all.messages, MESSAGES / 5);
  assert_int_equal(family->all.first, 999000);
  assert_int_equal(family->all.last_before, 999995);
  assert_int_equal(family->all.first_behind, 1000000);
  assert_int_equal(family->all.last, 1000995);
  assert_int_equal(f.joined, 1);
  assert_int_equal(f.bounds.halvings, 0);
  assert_int_equal(tide_senders_layout(s, tide_senders_find(s, SPAN("fc")))->time, 999001);
  tide_families_free(&f);
}

/* Sixty addresses that each hand over the mail of four programs, drawn among thirty, and a thousand
 * that handed over one message: nobody belongs together, and by the thousand alone addresses would
 * seem so many that to share three is beyond chance. */
static void test_busy_addresses(void **state) {
  (void)state;
  enum { ARCHIVES = 50, BUSY = 60, PROGRAMS = 30, EACH = 4, SINGLE = 1000 };
  uint32_t random = 1, joined = 0;
  for (uint32_t archive = 0; archive < ARCHIVES; archive++) {
    tide_senders *s = senders_new();
    char name[16];
    for (uint32_t i = 0; i < BUSY * EACH; i++) {
      random = random * 1664525u + 1013904223u; /* Numerical Recipes */
      snprintf(name, sizeof name, "fb%u", (random >> 16) % PROGRAMS);
      add(s, name, 0x0a000000 + i / EACH, 999000 + i, TIDE_CHAIN_DIRECT);
    }
    for (uint32_t i = 0; i < SINGLE; i++) {
      snprintf(name, sizeof name, "fs%u", i);
      add(s, name, 0x0b000000 + i, 999000 + i, TIDE_CHAIN_DIRECT);
    }
    tide_families f = find(s);
    joined += f.joined > 0;
    tide_families_free(&f);
    tide_senders_free(s);
  }
  assert_in_range(joined, 0, 1);
}

static void test_join(void **state) {
  (void)state;
  tide_senders *once = senders_new(), *backwards = senders_new(), *parts[3];
  for (uint32_t i = 0; i < MESSAGES; i++)
    message_add(once, i);
  check(once);
  for (uint32_t i = MESSAGES; i-- > 0;)
    message_add(backwards, i);
  check(backwards);
  for (uint32_t k = 0; k < 3; k++) {
    at("k = %u", k);
    parts[k] = senders_new();
    for (uint32_t i = k; i < MESSAGES; i += 3)
      message_add(parts[k], i);
    assert_int_equal(tide_senders_settle(parts[k]), TIDE_OK);
  }
  assert_int_equal(tide_senders_merge(parts[2], parts[0]), TIDE_OK);
  assert_int_equal(tide_senders_merge(parts[2], parts[1]), TIDE_OK);
  check(parts[2]);
  tide_senders_free(once);
  tide_senders_free(backwards);
  for (int k = 0; k < 3; k++)
    tide_senders_free(parts[k]);
}

/* Few addresses in common, or few of many, are no family; two are one where that is half of both.
 */
static void test_few(void **state) {
  (void)state;
  tide_senders *s = senders_new();
  for (uint32_t i = 0; i < 1000; i++) {
    at("i = %u", i);
    add(s, "fa", 1000 + i, (int64_t)i, TIDE_CHAIN_DIRECT);
    add(s, "fb", 1960 + i, (int64_t)i, TIDE_CHAIN_DIRECT); /* 40 of 1000: 4 percent */
  }
  for (uint32_t i = 0; i < 2; i++) {
    at("i = %u", i);
    add(s, "fc", 1000 + i, (int64_t)i, TIDE_CHAIN_DIRECT);
  }
  for (uint32_t i = 0; i < 4; i++) {
    at("i = %u", i);
    add(s, "fd", 9000 + i, (int64_t)i, TIDE_CHAIN_DIRECT);
    add(s, "fe", 9002 + i, (int64_t)i, TIDE_CHAIN_DIRECT);
    add(s, "ff", 9003 + i, (int64_t)i, TIDE_CHAIN_DIRECT); /* 1 of fd's 4, but 3 of fe's */
  }
  for (uint32_t i = 0; i < 5; i++) {
    at("i = %u", i);
    add(s, "fg", 9100 + i, (int64_t)i, TIDE_CHAIN_DIRECT);
  }
  for (uint32_t i = 3; i < 6; i++) {
    at("i = %u", i);
    add(s, "fh", 9100 + i, (int64_t)i, TIDE_CHAIN_DIRECT); /* 2 of 5 */
  }
  tide_families f = find(s);
  assert_true(together(s, &f, "fd", "fe"));
  assert_true(together(s, &f, "fe", "ff"));
  assert_false(together(s, &f, "fg", "fh"));
  assert_false(together(s, &f, "fa", "fb"));
  assert_false(together(s, &f, "fa", "fc"));
  tide_families_free(&f);
  tide_senders_free(s);
}

/* Messages of a program that writes five fields in any order, under a name for each order. */
static void shuffled_add(tide_senders *s, const char *more, const char *shapes, uint32_t messages) {
  static const char *const names[] = {"Date", "From", "To", "Message-ID", "Content-Type"};
  for (uint32_t i = 0; i < messages; i++) {
    at("i = %u", i);
    char layout[128] = "";
    uint32_t left[] = {0, 1, 2, 3, 4}, random = i * 2654435761u >> 8;
    for (uint32_t n = 5; n > 0; random /= n--) {
      snprintf(layout + strlen(layout), sizeof layout - strlen(layout), "%s,",
               names[left[random % n]]);
      left[random % n] = left[n - 1];
    }
    snprintf(layout + strlen(layout), sizeof layout - strlen(layout), "%sSubject%s", more, shapes);
    add(s, layout, 77, i, TIDE_CHAIN_CONSISTENT);
  }
}

#define NAMES "Date,From,To,Message-ID,Content-Type,"
static const char *const ORDERED = NAMES "Subject from=<> id=9@from";
static const char *const BACKWARDS =
    "Content-Type,Message-ID,To,From,Date,Subject from=<> id=9@from";
static const char *const EXTENDED = NAMES "X-Sender,Subject from=<> id=9@from";
static const char *const ENCODING = NAMES "Subject from=<> id=9@from encoding-first";
static const char *const LONGER = NAMES "Y-A,Y-B,Subject from=<> id=9@from";
static const char *const OTHER = NAMES "Subject from=<> id=z@from";
static const char *const FEW = NAMES "Subject from= id=9@from";

/* What shuffles its fields is one, with a field more or not; programs with an order of their own
 * are not, and nor is what shuffles other shapes. */
static void test_shuffled(void **state) {
  (void)state;
  tide_senders *s = senders_new();
  shuffled_add(s, "", " from=<> id=9@from", 60);
  shuffled_add(s, "X-Sender,", " from=<> id=9@from", 40);
  shuffled_add(s, "Y-A,Y-B,", " from=<> id=9@from", 40);
  shuffled_add(s, "", " from=<> id=z@from", 40);
  shuffled_add(s, "", " from= id=9@from", 12); /* too few to tell */
  add(s, ORDERED, 77, 0, TIDE_CHAIN_CONSISTENT);
  add(s, BACKWARDS, 77, 0, TIDE_CHAIN_CONSISTENT);
  for (uint32_t i = 0; i < 60; i++) {
    at("i = %u", i);
    add(s, i % 2 ? "A,B,C,D id=9@from" : "D,C,B,A id=9@from", 79, i, TIDE_CHAIN_CONSISTENT);
  }
  add(s, EXTENDED, 77, 0, TIDE_CHAIN_CONSISTENT);
  add(s, ENCODING, 77, 0, TIDE_CHAIN_CONSISTENT);
  add(s, LONGER, 77, 0, TIDE_CHAIN_CONSISTENT);
  add(s, OTHER, 77, 0, TIDE_CHAIN_CONSISTENT);
  add(s, FEW, 77, 0, TIDE_CHAIN_CONSISTENT);
  tide_families f = find(s);
  assert_true(together(s, &f, ORDERED, BACKWARDS));
  assert_true(together(s, &f, ORDERED, EXTENDED));
  assert_true(together(s, &f, ORDERED, ENCODING));
  assert_false(together(s, &f, ORDERED, LONGER));
  assert_false(together(s, &f, ORDERED, OTHER));
  assert_false(together(s, &f, ORDERED, FEW));
  assert_false(together(s, &f, "A,B,C,D id=9@from", "D,C,B,A id=9@from"));
  assert_int_equal(f.at[f.of[tide_senders_find(s, tide_span_of(ORDERED))]].all.messages, 104);
  tide_families_free(&f);
  tide_senders_free(s);
}

/* Of too many families those with most messages stand by themselves, of equals those whose names
 * are least; whatever the order. What has no fingerprint always does. */
static void test_too_many(void **state) {
  (void)state;
  enum { MORE = 10, COUNT = TIDE_LIMIT_FAMILIES + MORE };
  for (int backwards = 0; backwards < 2; backwards++) {
    at("backwards = %d", backwards);
    tide_senders *s = senders_new();
    for (uint32_t i = 0; i < COUNT; i++) {
      at("i = %u", i);
      char name[16];
      snprintf(name, sizeof name, "f%06u", backwards ? COUNT - 1 - i : i);
      add(s, name, 0, i, TIDE_CHAIN_CONSISTENT);
    }
    char last[16];
    snprintf(last, sizeof last, "f%06u", (unsigned)COUNT - 1);
    add(s, last, 0, 5, TIDE_CHAIN_CONSISTENT);
    add(s, "", 0, 5, TIDE_CHAIN_CONSISTENT);
    tide_families f = find(s);
    /* The unnamed one and the last take the places of two. */
    assert_int_equal(f.bounds.others, MORE + 1);
    assert_int_equal(f.count, TIDE_LIMIT_FAMILIES + 1);
    assert_true(tide_span_equal(f.at[0].name, SPAN("")));
    assert_true(tide_span_equal(f.at[1].name, SPAN("(other)")));
    assert_int_equal(f.at[1].all.messages, MORE + 1);
    assert_int_equal(f.at[1].fingerprints, MORE + 1);
    assert_true(tide_span_equal(family_of(s, &f, last), tide_span_of(last)));
    assert_true(tide_span_equal(family_of(s, &f, "f065533"), SPAN("f065533")));
    assert_true(tide_span_equal(family_of(s, &f, "f065534"), SPAN("(other)")));
    tide_families_free(&f);
    tide_senders_free(s);
  }
}

static void keep(void *into, tide_remark remark, const char *sentence) {
  tide_buffer *said = into;
  assert_int_equal(remark, TIDE_REMARK_CAUTION);
  assert_int_equal(tide_buffer_printf(said, "%s\n", sentence), TIDE_OK);
}

static void test_bounds_are_said(void **state) {
  (void)state;
  tide_buffer said = {0};
  tide_families_bounds_say(&(tide_families_bounds){0}, keep, &said);
  assert_int_equal(said.len, 0);
  tide_families_bounds_say(&(tide_families_bounds){.others = 7, .halvings = 3}, keep, &said);
  assert_span_equal(
      tide_buffer_span(&said),
      "only the 65536 families with the most messages have rows of their own: the "
      "other 7 are in (other)\nfamilies are joined by only one in 8 addresses, because "
      "at most 4194304 pairs of fingerprint and address are kept\n");
  tide_buffer_free(&said);
}

static void test_nothing(void **state) {
  (void)state;
  tide_senders *s = senders_new();
  tide_families f = find(s);
  assert_int_equal(f.count, 0);
  tide_families_free(&f);
  tide_senders_free(s);
}

/* An address of IPv6 is its network of 64 bits. */
static void test_v6(void **state) {
  (void)state;
  tide_senders *s = senders_new();
  tide_sender_address *all;
  size_t count;
  unsigned halvings;
  for (uint8_t i = 0; i < 9; i++) {
    at("i = %u", i);
    const tide_record r = {.fingerprint = SPAN("fa"),
                           .source = SPAN("mail"),
                           .time = 5,
                           .has_time = true,
                           .chain_verdict = TIDE_CHAIN_DIRECT,
                           .origin = {.family = 6, .bytes = {0x20, 1, [7] = i / 3, [15] = i}}};
    assert_int_equal(tide_senders_add(s, &r, &context), TIDE_OK);
  }
  assert_int_equal(tide_senders_addresses(s, &all, &count, &halvings), TIDE_OK);
  assert_int_equal(count, 3);
  assert_int_equal(all[0].messages, 3);
  free(all);
  tide_senders_free(s);
}

static uint64_t sum_of(const tide_senders *s, size_t *count, unsigned *halvings) {
  tide_sender_address *all;
  uint64_t sum = 0;
  assert_int_equal(tide_senders_addresses(s, &all, count, halvings), TIDE_OK);
  for (size_t i = 0; i < *count; i++)
    sum += all[i].low * 31 + all[i].messages;
  free(all);
  return sum;
}

/* Beyond the limit half of the addresses are left, the same ones in every split. */
static void test_limit(void **state) {
  const uint32_t addresses = TIDE_LIMIT_SENDERS + TIDE_LIMIT_SENDERS / 8;
  tide_senders *once = senders_new(), *parts[2] = {senders_new(), senders_new()};
  size_t count[2];
  unsigned halvings[2];
  (void)state;
  for (uint32_t i = 0; i < addresses; i++) {
    at("i = %u", i);
    add(once, "fa", i, 1, TIDE_CHAIN_DIRECT);
    add(parts[i % 8 == 0], "fa", addresses - 1 - i, 1, TIDE_CHAIN_DIRECT);
  }
  assert_int_equal(tide_senders_merge(parts[1], parts[0]), TIDE_OK);
  const uint64_t sums[2] = {sum_of(once, &count[0], &halvings[0]),
                            sum_of(parts[1], &count[1], &halvings[1])};
  assert_int_equal(halvings[0], 1);
  assert_int_equal(halvings[1], 1);
  assert_true(count[0] > addresses * 0.49 && count[0] < addresses * 0.51);
  assert_int_equal(count[0], count[1]);
  assert_int_equal(sums[0], sums[1]);
  tide_senders_free(once);
  tide_senders_free(parts[0]);
  tide_senders_free(parts[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_busy_addresses),
      cmocka_unit_test(test_join),
      cmocka_unit_test(test_few),
      cmocka_unit_test(test_shuffled),
      cmocka_unit_test(test_too_many),
      cmocka_unit_test(test_bounds_are_said),
      cmocka_unit_test(test_nothing),
      cmocka_unit_test(test_v6),
      cmocka_unit_test(test_limit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
