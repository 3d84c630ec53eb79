/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lexicons: the same for every order, split and merge, whatever had to be given up. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "tally/lexicon.h"
#include "base/limits.h"
#include "base/map.h"

enum { MESSAGES = 400, WORDS = 30 };

typedef struct message {
  char group[8], signature[16], words[WORDS][8];
  uint32_t count;
  int side;
  tide_record record;
} message;

static message messages[MESSAGES];
static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (unsigned)((seed >> 20) % n);
}

static int compare_text(const void *a, const void *b) {
  return strcmp(a, b);
}

static void make_messages(void) {
  for (size_t i = 0; i < MESSAGES; i++) {
    message *m = &messages[i];
    *m = (message){.side = below(2) ? TIDE_SIDE_AFTER : TIDE_SIDE_BEFORE};
    snprintf(m->group, sizeof m->group, "g%u", below(3));
    snprintf(m->signature, sizeof m->signature, "s%u", below(90));
    for (unsigned k = 1 + below(WORDS - 1); k; k--)
      snprintf(m->words[m->count++], sizeof *m->words, "w%u", below(200));
    qsort(m->words, m->count, sizeof *m->words, compare_text);
    uint32_t kept = 0;
    for (uint32_t k = 0; k < m->count; k++)
      if (k == 0 || strcmp(m->words[k], m->words[kept - 1]) != 0)
        memmove(m->words[kept++], m->words[k], sizeof *m->words);
    m->count = kept;
    m->record = (tide_record){.time = below(1000), .source = SPAN("mbox"), .offset = i};
  }
}

static void add(tide_lexicon *x, const message *m) {
  tide_span words[WORDS];
  for (uint32_t i = 0; i < m->count; i++)
    words[i] = tide_span_of(m->words[i]);
  tide_record record = m->record;
  record.template = tide_span_of(m->signature);
  assert_int_equal(tide_lexicon_add(x, tide_span_of(m->group), m->side, words, m->count, &record),
                   TIDE_OK);
}

static int compare_lines(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All that is in it, as sorted lines; freed by the caller. */
static char *told(const tide_lexicon *x) {
  char **lines = calloc(100000, sizeof *lines);
  size_t count = 0;
  for (uint32_t i = 0; i < tide_lexicon_entry_count(x); i++) {
    at("i = %u", i);
    tide_lexicon_entry e = tide_lexicon_entry_at(x, i);
    for (uint32_t k = 0; k < e.count; k++) {
      at("k = %u", k);
      const tide_lexicon_use *u = &e.uses[k];
      tide_span word = tide_lexicon_word(x, u->word);
      assert_int_not_equal(asprintf(&lines[count++], "%.*s %.*s %.*s %u %u %d %d %llu %llu\n",
                                    (int)e.group.len, e.group.ptr, (int)e.signature.len,
                                    e.signature.ptr, (int)word.len, word.ptr, u->messages[0],
                                    u->messages[1], u->in_example[0], u->in_example[1],
                                    (unsigned long long)e.example[0].offset,
                                    (unsigned long long)e.example[1].offset),
                           -1);
    }
  }
  qsort(lines, count, sizeof *lines, compare_lines);
  tide_lexicon_left left = tide_lexicon_left_out(x);
  char *all;
  size_t len;
  FILE *out = open_memstream(&all, &len);
  fprintf(out, "%llu %llu %llu\n", (unsigned long long)left.messages,
          (unsigned long long)left.sampled_out, (unsigned long long)left.cut);
  for (size_t i = 0; i < count; i++) {
    fputs(lines[i], out);
    free(lines[i]);
  }
  free(lines);
  fclose(out);
  return all;
}

static char *in_order(uint64_t limit) {
  tide_lexicon *x;
  assert_int_equal(tide_lexicon_new(&x, limit), TIDE_OK);
  for (size_t i = 0; i < MESSAGES; i++) {
    at("i = %zu", i);
    add(x, &messages[i]);
  }
  char *all = told(x);
  tide_lexicon_free(x);
  return all;
}

/* Shuffled, and dealt to several that are merged in any order. */
static void order_and_split(void **state) {
  (void)state;
  static const uint64_t limits[] = {0, 3000, 700, 90, 10, 1};
  make_messages();
  for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
    at("at most %lu", limits[l]);
    char *want = in_order(limits[l]);
    for (int round = 0; round < 20; round++) {
      at("round = %d", round);
      enum { PARTS = 4 };
      tide_lexicon *parts[PARTS];
      size_t order[MESSAGES];
      for (size_t i = 0; i < PARTS; i++) {
        at("i = %zu", i);
        assert_int_equal(tide_lexicon_new(&parts[i], limits[l]), TIDE_OK);
      }
      for (size_t i = 0; i < MESSAGES; i++)
        order[i] = i;
      for (size_t i = MESSAGES; i-- > 1;) {
        size_t k = below((unsigned)i + 1), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
      }
      for (size_t i = 0; i < MESSAGES; i++) {
        at("i = %zu", i);
        add(parts[below(PARTS)], &messages[order[i]]);
      }
      for (size_t i = 1; i < PARTS; i++) {
        at("i = %zu", i);
        assert_int_equal(tide_lexicon_merge(parts[0], parts[i]), TIDE_OK);
      }
      char *got = told(parts[0]);
      assert_string_equal(got, want);
      free(got);
      for (size_t i = 0; i < PARTS; i++)
        tide_lexicon_free(parts[i]);
    }
    free(want);
  }
}

/* What is kept keeps to the limit, and what is not is counted. */
static void gives_up(void **state) {
  (void)state;
  make_messages();
  tide_lexicon *x;
  assert_int_equal(tide_lexicon_new(&x, 500), TIDE_OK);
  for (size_t i = 0; i < MESSAGES; i++) {
    at("i = %zu", i);
    add(x, &messages[i]);
  }
  uint64_t uses = 0, counted = 0;
  for (uint32_t i = 0; i < tide_lexicon_entry_count(x); i++)
    uses += tide_lexicon_entry_at(x, i).count;
  assert_true(uses > 0 && uses <= 500);
  tide_lexicon_left left = tide_lexicon_left_out(x);
  assert_int_equal(left.messages, MESSAGES);
  for (size_t i = 0; i < MESSAGES; i++) {
    bool kept = false;
    for (uint32_t k = 0; k < tide_lexicon_entry_count(x) && !kept; k++)
      kept = tide_span_equal(tide_lexicon_entry_at(x, k).signature,
                             tide_span_of(messages[i].signature));
    counted += !kept;
  }
  assert_int_equal(left.sampled_out, counted);
  tide_lexicon_free(x);
}

/* A template with too many words keeps a sample of them, the same for any order. */
static void cuts(void **state) {
  (void)state;
  enum { MANY = 3 * TIDE_LIMIT_LEXICON_TEMPLATE };
  char *told_both[2];
  for (int backwards = 0; backwards < 2; backwards++) {
    at("backwards = %d", backwards);
    tide_lexicon *x;
    assert_int_equal(tide_lexicon_new(&x, 0), TIDE_OK);
    for (unsigned i = 0; i < MANY; i++) {
      at("i = %u", i);
      message m = {.group = "g", .signature = "s", .count = 1};
      snprintf(m.words[0], sizeof m.words[0], "w%u", backwards ? MANY - 1 - i : i);
      m.record = (tide_record){.time = 1, .source = SPAN("mbox")};
      add(x, &m);
    }
    assert_int_equal(tide_lexicon_left_out(x).cut, 1);
    assert_in_range(tide_lexicon_entry_at(x, 0).count, TIDE_LIMIT_LEXICON_TEMPLATE / 4,
                    TIDE_LIMIT_LEXICON_TEMPLATE);
    told_both[backwards] = told(x);
    tide_lexicon_free(x);
  }
  /* Which message was the example first differs: all have the same time and place. */
  assert_int_equal(strlen(told_both[0]), strlen(told_both[1]));
  free(told_both[0]);
  free(told_both[1]);
}

/* Of a message that alone has too many words, those that are not kept are not learnt either; and
 * what is kept is the same as if the words had come one message at a time. */
static void learns_no_more(void **state) {
  (void)state;
  enum { MANY = 3 * TIDE_LIMIT_LEXICON_TEMPLATE };
  static char texts[MANY][12];
  static tide_span words[MANY];
  tide_lexicon *whole, *single;
  const tide_record r = {.time = 1, .source = SPAN("mbox"), .template = SPAN("s")};
  assert_int_equal(tide_lexicon_new(&whole, 0), TIDE_OK);
  assert_int_equal(tide_lexicon_new(&single, 0), TIDE_OK);
  for (unsigned i = 0; i < MANY; i++) {
    at("i = %u", i);
    snprintf(texts[i], sizeof texts[i], "w%u", i);
    words[i] = tide_span_of(texts[i]);
    assert_int_equal(tide_lexicon_add(single, SPAN("g"), TIDE_SIDE_AFTER, &words[i], 1, &r),
                     TIDE_OK);
  }
  assert_int_equal(tide_lexicon_add(whole, SPAN("g"), TIDE_SIDE_AFTER, words, MANY, &r), TIDE_OK);
  const tide_lexicon_entry a = tide_lexicon_entry_at(whole, 0),
                           b = tide_lexicon_entry_at(single, 0);
  assert_int_equal(tide_lexicon_word_count(whole), a.count);
  assert_int_equal(a.count, b.count);
  tide_map kept = {0};
  for (uint32_t i = 0; i < b.count; i++) {
    at("i = %u", i);
    assert_int_equal(tide_map_add(&kept, tide_lexicon_word(single, b.uses[i].word)), i);
  }
  for (uint32_t i = 0; i < a.count; i++) {
    at("i = %u", i);
    assert_int_not_equal(tide_map_find(&kept, tide_lexicon_word(whole, a.uses[i].word)),
                         TIDE_MAP_NONE);
  }
  tide_map_free(&kept);
  tide_lexicon_free(whole);
  tide_lexicon_free(single);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(order_and_split), cmocka_unit_test(gives_up),
                                     cmocka_unit_test(cuts), cmocka_unit_test(learns_no_more)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
