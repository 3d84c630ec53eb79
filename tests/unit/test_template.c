/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: what is left of a text, which messages are alike by it, and groups that depend on the
 * set of signatures alone. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "tally/example.h"
#include "base/limits.h"
#include "record/signature.h"
#include "table/table.h"
#include "extract/template.h"

static tide_arena arena;

static tide_span make_with(const char *subject, const char *text, const char *to,
                           tide_buffer *words) {
  const tide_span recipient = tide_span_of(to);
  const tide_template_text read = {.subject = tide_span_of(subject),
                                   .text = tide_span_of(text),
                                   .recipients = &recipient,
                                   .recipient_count = to != NULL};
  tide_span out;
  assert_int_equal(tide_template_make(&read, &arena, words, &out), TIDE_OK);
  return out;
}

static tide_span make(const char *subject, const char *text, const char *to) {
  return make_with(subject, text, to, NULL);
}

static unsigned alike(tide_span a, tide_span b) {
  return tide_signature_likeness(a, b, NULL);
}

static void words(void **state) {
  (void)state;
  static const struct {
    const char *subject, *text, *to, *want;
  } cases[] = {
      {"Re: FWD: Sale", "Now", NULL, "sale | now"},
      {"a 12,345.67 b", "no. 7 8 9 of 10", NULL, "# | no # of #"},
      {"", "pay $5 100mg 24h 1st", NULL, "pay #"},
      {"", "see http://a.example/x?y=1 or www.b.test, c@d.example, shop.com/z. Done", NULL,
       "se @ or @ done"},
      {"", "the end.The next. com", NULL, "the end the next com"},
      {"", "token x7k2p9 qzxvbnt kJhGtR done", NULL, "token done"},
      {"", "Dear John Smith,\nbuy\nhi there you are all late today\nHello,\nnow", NULL,
       "dear buy hi there you are al late today helo now"},
      {"Kim, a word", "for kim and Jo-Anne", "\"Jo-Anne\" <kim@example.org>", "word | for and jo"},
      {"", "don't don\xe2\x80\x99t", NULL, "dont dont"},
      {"", "d\xc3\xb3\xc3\xa7tors DOCTORS doctorss", NULL, "doctors doctors doctors"},
      {"", "\xd0\x9f\xd0\xa0\xd0\x98 \xd0\xbf\xd1\x80\xd0\xb8", NULL,
       "\xd0\xbf\xd1\x80\xd0\xb8 \xd0\xbf\xd1\x80\xd0\xb8"},
      {"", "\xe4\xb8\xad\xe6\x96\x87", NULL, "\xe4\xb8\xad \xe6\x96\x87"},
      {"", "mine\n> theirs\nmine too", NULL, "mine mine to"},
      {"", "mine\n____________________________\nlist\nhttp://l.example/", NULL, "mine"},
      {"", "mine\n-- \nme", NULL, "mine"},
      {"", "form\n---------------------------\nwhat it says\n---------------------------\n", NULL,
       "form what it says"},
      {"", "\xff\xfe\xc3 ok\xf0\x9f", NULL, "ok"},
      {"", "", NULL, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].subject);
    tide_buffer out = {0};
    make_with(cases[i].subject, cases[i].text, cases[i].to, &out);
    assert_span_equal(tide_buffer_span(&out), cases[i].want);
    tide_buffer_free(&out);
  }
}

#define PITCH                                                                                      \
  "Our shop sells hats of the finest felt, made by hand in the old way and sent to your door in "  \
  "a plain box within days. Every hat comes with a "                                               \
  "letter that tells who made it and when, and you may send it back within a month if it does "    \
  "not sit well on your head. Order two and the "                                                  \
  "third is ours to give.\n"
#define OTHER                                                                                      \
  "The bank has looked at what you wrote to us and is glad to lend what you asked for at the low " \
  "rate that we named last week. Fill in the form "                                                \
  "that follows, sign it below, and our man will call on you before the end of the month with "    \
  "the papers for your house and your garden.\n"
#define SALAD                                                                                      \
  "lamp grove tinder walk ocean mellow brick fasten olive quarry hinge salmon ribbon dust velvet " \
  "engine copper walnut stride glimmer basket thorn "                                              \
  "anchor pebble violin meadow lantern harbor saddle copper\n"
#define FOOTER                                                                                     \
  "You get this since you or a friend of yours asked for offers of our partners; to hear no more " \
  "of us answer with the word remove.\n"

static void together(void **state) {
  (void)state;
  tide_span base = make("Hats of felt", PITCH "http://hats.example/abc\n", NULL);
  const char *texts[] = {
      "Dear Maria Lopez,\n" PITCH "http://other.example/zzz?id=991\n", /* name and URL */
      "x9f8e7d6 " PITCH "qwrtzpk\n",                                   /* tokens */
      PITCH SALAD,                                                     /* hash buster */
      SALAD PITCH, PITCH PITCH /* plain and HTML of one mail */
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    at("row %zu of texts: %s", i, texts[i]);
    assert_in_range(alike(base, make("Hats of felt 4471", texts[i], NULL)), TIDE_SIGNATURE_ALIKE,
                    100);
  }
  assert_int_equal(alike(make("A 1", "Dear Al,\n" PITCH "http://a.example/1", NULL),
                         make("A 22", "Dear Bo Li,\n" PITCH "http://b.example/2", NULL)),
                   100);
}

static void apart(void **state) {
  (void)state;
  assert_in_range(alike(make("Hats", PITCH FOOTER, NULL), make("Your loan", OTHER FOOTER, NULL)), 0,
                  TIDE_SIGNATURE_ALIKE / 2);
  /* A list's footer below mail with little of its own. */
  assert_int_equal(
      alike(make("Where is the key",
                 "Under the mat.\n____________________________________\nhats mailing list\n" FOOTER,
                 NULL),
            make("What is for lunch",
                 "Soup.\n____________________________________\nhats mailing list\n" FOOTER, NULL)),
      0);
  assert_int_equal(alike(make("Hats", PITCH, NULL), make("Hats", OTHER, NULL)), 0);
}

static void tiny(void **state) {
  (void)state;
  /* Nothing at all: no signature, so no group. */
  assert_int_equal(make("", "", NULL).len, 0);
  assert_int_equal(make(" \n", "\t\r\n ", NULL).len, 0);
  /* Little: only the very same. Numbers and URLs count there. */
  const char *little[] = {"1",     "2",    "http://a.example/", "http://b.example/", "ok", "see it",
                          "see 1", "see 2"};
  size_t n = sizeof little / sizeof *little;
  for (size_t i = 0; i < n; i++) {
    at("i = %zu", i);
    tide_span a = make("", little[i], NULL);
    assert_int_equal(a.ptr[0], TIDE_SIGNATURE_EXACT);
    for (size_t k = 0; k < n; k++) {
      at("k = %zu", k);
      assert_int_equal(alike(a, make("", little[k], NULL)), i == k ? 100 : 0);
    }
    assert_int_equal(alike(a, make(little[i], "", NULL)), 0); /* subject or text is not the same */
  }
  assert_int_equal(alike(make("Photo", " See\r\n IT ", NULL), make("photo", "see it\n", NULL)),
                   100);
  /* A picture under a long subject: the subject decides. */
  assert_int_equal(alike(make("one two three four five six seven eight nine ten eleven", "", NULL),
                         make("red dog runs over my old green hill by the sea shore", "", NULL)),
                   0);
}

/* Distinct signatures of families: each a pitch with a salad of its own. */
enum { FAMILIES = 6, EACH = 60, COUNT = FAMILIES * EACH };

static uint32_t seed = 7;
static uint32_t next_random(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

static void random_words(tide_buffer *to, uint32_t family, int count) {
  uint32_t kept = seed;
  if (family)
    seed = family * 7919;
  for (int i = 0; i < count; i++)
    tide_buffer_printf(to, "%c%c%c%c%c ", "bcdfglmnprst"[next_random() % 12],
                       "aeiou"[next_random() % 5], "bcdfglmnprst"[next_random() % 12],
                       "aeiou"[next_random() % 5], "lmnrst"[next_random() % 6]);
  if (family)
    seed = kept;
}

static tide_span make_of(const tide_buffer *text) {
  const tide_template_text read = {.text = tide_buffer_span(text)};
  tide_span out;
  assert_int_equal(tide_template_make(&read, &arena, NULL, &out), TIDE_OK);
  return out;
}

static void family_signatures(tide_span *out) {
  for (uint32_t i = 0; i < COUNT; i++) {
    at("i = %u", i);
    tide_buffer b = {0};
    random_words(&b, i % FAMILIES + 1, 50);
    random_words(&b, 0, 20);
    out[i] = make_of(&b);
    tide_buffer_free(&b);
  }
}

static void groups_of_any_order(void **state) {
  (void)state;
  static tide_span signatures[COUNT], shuffled[COUNT];
  static uint32_t leader[COUNT], other[COUNT], at[COUNT];
  family_signatures(signatures);
  assert_int_equal(tide_signature_group(signatures, COUNT, NULL, leader), TIDE_OK);
  for (uint32_t i = 0; i < COUNT; i++) {
    at("i = %u", i);
    assert_int_equal(leader[i] % FAMILIES, i % FAMILIES);
    assert_int_equal(leader[i], leader[i % FAMILIES]);
    assert_number(tide_span_compare(signatures[leader[i]], signatures[i]), <=, 0);
  }
  for (int round = 0; round < 5; round++) {
    at("round = %d", round);
    for (uint32_t i = 0; i < COUNT; i++)
      at[i] = i;
    for (uint32_t i = COUNT - 1; i > 0; i--) {
      uint32_t k = next_random() % (i + 1), t = at[i];
      at[i] = at[k];
      at[k] = t;
    }
    for (uint32_t i = 0; i < COUNT; i++)
      shuffled[i] = signatures[at[i]];
    assert_int_equal(tide_signature_group(shuffled, COUNT, NULL, other), TIDE_OK);
    for (uint32_t i = 0; i < COUNT; i++) {
      at("i = %u", i);
      assert_true(tide_span_equal(shuffled[other[i]], signatures[leader[at[i]]]));
    }
  }
  assert_int_equal(tide_signature_group(NULL, 0, NULL, leader), TIDE_OK);
}

/* Messages of their own words above a paragraph that all have. */
static void archive_signatures(tide_span *out, int own, const char *below) {
  for (uint32_t i = 0; i < COUNT; i++) {
    at("i = %u", i);
    tide_buffer b = {0};
    random_words(&b, 0, own);
    tide_buffer_put(&b, tide_span_of(below));
    out[i] = make_of(&b);
    tide_buffer_free(&b);
  }
}

static uint32_t largest_group(const tide_span *signatures) {
  static uint32_t leader[COUNT], size[COUNT];
  uint32_t most = 0;
  memset(size, 0, sizeof size);
  assert_int_equal(tide_signature_group(signatures, COUNT, NULL, leader), TIDE_OK);
  for (uint32_t i = 0; i < COUNT; i++)
    most = ++size[leader[i]] > most ? size[leader[i]] : most;
  return most;
}

/* What stands in most messages of an archive is no template; a template that is most of an archive
 * is one. */
static void what_most_have(void **state) {
  (void)state;
  static tide_span signatures[COUNT];
  archive_signatures(signatures, 40, FOOTER);
  /* One message in ten says little beside it: these were one group. */
  for (uint32_t i = 0; i < COUNT; i += 10) {
    at("i = %u", i);
    tide_buffer b = {0};
    random_words(&b, 0, 12);
    tide_buffer_put(&b, SPAN(FOOTER));
    signatures[i] = make_of(&b);
    tide_buffer_free(&b);
  }
  assert_int_equal(largest_group(signatures), 1);
  archive_signatures(signatures, 12, PITCH);
  assert_int_equal(largest_group(signatures), COUNT);
  /* Below the dashes of a signature, however long that is. */
  archive_signatures(signatures, 20, "\n-- \n" PITCH OTHER PITCH OTHER);
  assert_int_equal(largest_group(signatures), 1);
}

/* Signatures are written to files one day: these bytes may change only together with
 * TIDE_SIGNATURE_VERSION. */
static void fixed_bytes(void **state) {
  (void)state;
  char name[TIDE_SIGNATURE_NAME + 1];
  tide_signature_name(make("Hats of felt", PITCH, NULL), name);
  assert_string_equal(name, "t5f4a03b83c34");
  tide_signature_name(make("Hats", "", NULL), name);
  assert_string_equal(name, "t6fb03ceb10ca");
  tide_span s = make("Hats of felt", PITCH, NULL);
  assert_int_equal(s.len, TIDE_SIGNATURE_MAX);
  for (size_t i = 5; i < s.len; i += 4) {
    at("i = %zu", i);
    assert_number(memcmp(s.ptr + i - 4, s.ptr + i, 4), <, 0);
  }
}

static void odd_signatures(void **state) {
  (void)state;
  tide_span odd[] = {SPAN(""),
                     SPAN("x"),
                     SPAN("\x21"),
                     SPAN("\x21"
                          "abc"),
                     SPAN("\x21"
                          "abcd"),
                     SPAN("\x11"
                          "abcd"),
                     SPAN("(no text)")};
  uint32_t leader[7];
  for (size_t i = 0; i < 7; i++) {
    at("i = %zu", i);
    for (size_t k = 0; k < 7; k++) {
      at("k = %zu", k);
      assert_int_equal(alike(odd[i], odd[k]), i == k ? 100 : 0);
    }
  }
  assert_int_equal(tide_signature_group(odd, 7, NULL, leader), TIDE_OK);
  for (uint32_t i = 0; i < 7; i++) {
    at("i = %u", i);
    assert_int_equal(leader[i], i);
  }
}

static void hostile(void **state) {
  (void)state;
  enum { SIZE = 1 << 20 };
  char *big = malloc(SIZE);
  static const char *const fills[] = {"a",       "word ",
                                      "9",       "a.",
                                      "@",       "a@",
                                      "\n",      "> ",
                                      "-",       "--------------------\n",
                                      "http://", "Dear ",
                                      "hi\n",    "\xe4\xb8\xad",
                                      "\xc3",    "'",
                                      "a'"};
  for (size_t f = 0; f < sizeof fills / sizeof *fills; f++) {
    at("row %zu of fills: %s", f, fills[f]);
    size_t len = strlen(fills[f]);
    for (size_t i = 0; i < SIZE; i++)
      big[i] = fills[f][i % len];
    const tide_span text = tide_span_make(big, SIZE);
    const tide_template_text read = {text, text, &text, 1};
    tide_span out;
    assert_int_equal(tide_template_make(&read, &arena, NULL, &out), TIDE_OK);
    assert_in_range(out.len, 0, TIDE_SIGNATURE_MAX);
  }
  free(big);
  /* Everything under the same twelve values and otherwise unlike: no more comparisons than the
   * limit, and no group. */
  enum { MANY = 20000 };
  tide_span *many = calloc(MANY, sizeof *many);
  uint32_t *leader = calloc(MANY, sizeof *leader);
  for (uint32_t i = 0; i < MANY; i++) {
    char bytes[TIDE_SIGNATURE_MAX] = {TIDE_SIGNATURE_SKETCH};
    for (uint32_t v = 0; v < TIDE_SIGNATURE_VALUES; v++) {
      uint32_t x = v < 12 ? v : (v << 24) + i;
      for (int b = 0; b < 4; b++)
        bytes[1 + 4 * v + (uint32_t)b] = (char)(x >> (24 - 8 * b));
    }
    many[i] = tide_arena_copy(&arena, tide_span_make(bytes, sizeof bytes));
  }
  assert_int_equal(tide_signature_group(many, MANY, NULL, leader), TIDE_OK);
  for (uint32_t i = 0; i < MANY; i++) {
    at("i = %u", i);
    assert_int_equal(leader[i], i);
  }
  free(many);
  free(leader);
}

static void examples(void **state) {
  (void)state;
  tide_examples *whole, *parts[2];
  tide_examples_new(&whole);
  tide_examples_new(&parts[0]);
  tide_examples_new(&parts[1]);
  for (uint32_t i = 0; i < 500; i++) {
    char key[8], subject[300];
    snprintf(key, sizeof key, "k%u", next_random() % 9);
    snprintf(subject, sizeof subject, "s%u%0250d", next_random() % 3, 0);
    tide_record r = {.time = next_random() % 20,
                     .source = next_random() % 2 ? SPAN("a") : SPAN("b"),
                     .offset = next_random() % 5};
    tide_examples_add(whole, tide_span_of(key), tide_span_of(subject), &r);
    tide_examples_add(parts[next_random() % 2], tide_span_of(key), tide_span_of(subject), &r);
  }
  assert_int_equal(tide_examples_merge(parts[1], parts[0]), TIDE_OK);
  assert_int_equal(tide_examples_count(parts[1]), tide_examples_count(whole));
  for (uint32_t i = 0; i < tide_examples_count(whole); i++) {
    at("i = %u", i);
    uint32_t k = tide_examples_find(parts[1], tide_examples_key(whole, i));
    assert_int_equal(
        tide_example_compare(tide_examples_get(whole, i), tide_examples_get(parts[1], k)), 0);
    assert_number(tide_examples_get(whole, i)->text.len, <=, TIDE_LIMIT_EXAMPLE);
  }
  assert_int_equal(tide_examples_find(whole, SPAN("none")), TIDE_EXAMPLE_NONE);
  tide_examples_free(whole);
  tide_examples_free(parts[0]);
  tide_examples_free(parts[1]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words),
      cmocka_unit_test(together),
      cmocka_unit_test(apart),
      cmocka_unit_test(tiny),
      cmocka_unit_test(groups_of_any_order),
      cmocka_unit_test(what_most_have),
      cmocka_unit_test(fixed_bytes),
      cmocka_unit_test(odd_signatures),
      cmocka_unit_test(hostile),
      cmocka_unit_test(examples),
  };
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  tide_arena_free(&arena);
  return failed;
}
