/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which messages are copies: what two of them have in common, what is remembered of them, and what
 * that costs. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "hops/chain.h"
#include "base/data.h"
#include "base/firsts.h"
#include "extract/extractor.h"
#include "extract/fingerprint.h"
#include "record/duplicates.h"

static tide_wide_hash hash_of(uint32_t n) {
  return tide_hash_wide(tide_span_make((const char *)&n, sizeof n));
}

static tide_status copy_one(void *to, tide_wide_hash hash, tide_first first) {
  return tide_firsts_add(to, hash, first);
}

/* As many as make shards grow several times, found each with what was given, and at no more than 20
 * bytes each (27 where they are numbered). */
static void firsts_are_found(void **state) {
  (void)state;
  enum { KEYS = 300000 };
  for (int numbered = 0; numbered < 2; numbered++) {
    at("numbered = %d", numbered);
    tide_firsts f = {.numbered = numbered};
    tide_first got;
    for (uint32_t i = 0; i < KEYS; i++) {
      at("i = %u", i);
      assert_false(tide_firsts_find(&f, hash_of(i), &got));
      const tide_first first = {.note = (uint16_t)(i * 7), .number = i};
      assert_int_equal(tide_firsts_add(&f, hash_of(i), first), TIDE_OK);
    }
    assert_int_equal(f.count, KEYS);
    for (uint32_t i = 0; i < KEYS; i++) {
      at("i = %u", i);
      assert_true(tide_firsts_find(&f, hash_of(i), &got));
      assert_int_equal(got.note, (uint16_t)(i * 7));
      assert_int_equal(got.number, numbered ? i : 0);
    }
    for (uint32_t i = KEYS; i < 2 * KEYS; i++) {
      at("i = %u", i);
      assert_false(tide_firsts_find(&f, hash_of(i), &got));
    }
    /* Each of them once, in an order in which another table takes them in no more time. */
    tide_firsts copy = {.numbered = numbered};
    assert_int_equal(tide_firsts_each(&f, copy_one, &copy), TIDE_OK);
    assert_int_equal(copy.count, KEYS);
    for (uint32_t i = 0; i < KEYS; i++) {
      at("i = %u", i);
      assert_true(tide_firsts_find(&copy, hash_of(i), &got));
      assert_int_equal(got.note, (uint16_t)(i * 7));
      tide_firsts_note(&copy, hash_of(i), 5);
      assert_true(tide_firsts_find(&copy, hash_of(i), &got));
      assert_int_equal(got.note, 5);
    }
    tide_firsts_free(&copy);
    uint64_t slots = 0;
    for (size_t i = 0; i < TIDE_FIRSTS_SHARDS; i++)
      slots += f.shards[i].cap;
    assert_in_range(slots * (numbered ? 16 : 12) / KEYS, numbered ? 21 : 16, numbered ? 27 : 20);
    tide_firsts_free(&f);
    assert_int_equal(f.count, 0);
    assert_false(tide_firsts_find(&f, hash_of(1), &got));
  }
}

static tide_duplicate meet(tide_duplicates *d, uint32_t key, const char *label, uint64_t offset) {
  tide_duplicate out;
  assert_int_equal(
      tide_duplicates_meet(d, hash_of(key), tide_span_of(label), SPAN("a.mbox"), offset, &out),
      TIDE_OK);
  return out;
}

/* The first that came stays the first, and its label counts; a copy without a label contradicts
 * none. */
static void the_first_counts(void **state) {
  (void)state;
  tide_duplicates *d;
  tide_duplicates_account a;
  const tide_duplicates_options options = {.places = true};
  assert_int_equal(tide_duplicates_new(&d, &options), TIDE_OK);
  for (int again = 0; again < 2; again++) {
    at("again = %d", again);
    tide_duplicates_begin(d);
    assert_false(meet(d, 1, "spam", 10).is);
    assert_false(meet(d, 2, "", 20).is);
    assert_true(meet(d, 1, "spam", 30).is);
    assert_true(meet(d, 1, "", 40).is);
    assert_true(meet(d, 2, "ham", 50).is);
    const tide_duplicate third = meet(d, 1, "ham", 60);
    assert_true(third.is);
    assert_span_equal(third.source, "a.mbox");
    assert_int_equal(third.offset, 10);
    assert_int_equal(meet(d, 2, "spam", 70).offset, 20);
    tide_duplicates_sum(d, &a);
    assert_int_equal(a.found, 5);
    assert_int_equal(a.forgotten, 0);
    assert_int_equal(a.contradicted, 1);
    assert_span_equal(a.first_contradicted, "a.mbox");
    assert_int_equal(a.first_contradicted_at, 60);
  }
  tide_duplicates_free(d);
}

/* Beyond the limit nothing new is remembered, but copies of what is are found as before. */
static void what_is_beyond_the_limit(void **state) {
  (void)state;
  tide_duplicates *d;
  tide_duplicates_account a;
  const tide_duplicates_options options = {.most = 2};
  assert_int_equal(tide_duplicates_new(&d, &options), TIDE_OK);
  assert_false(meet(d, 1, "", 0).is);
  assert_false(meet(d, 2, "", 0).is);
  assert_false(meet(d, 3, "", 0).is);
  assert_false(meet(d, 3, "", 0).is);
  assert_true(meet(d, 1, "", 0).is);
  assert_true(meet(d, 2, "", 0).is);
  tide_duplicates_sum(d, &a);
  assert_int_equal(a.found, 2);
  assert_int_equal(a.forgotten, 2);
  tide_duplicates_free(d);
}

/* More labels than notes: the rest counts as none. */
static void very_many_labels(void **state) {
  (void)state;
  tide_duplicates *d;
  tide_duplicates_account a;
  const tide_duplicates_options options = {.places = false};
  char label[16];
  assert_int_equal(tide_duplicates_new(&d, &options), TIDE_OK);
  for (uint32_t i = 0; i < UINT16_MAX + 2u; i++) {
    at("i = %u", i);
    snprintf(label, sizeof label, "l%u", i);
    assert_false(meet(d, i, label, 0).is);
  }
  assert_true(meet(d, UINT16_MAX - 1, "l0", 0).is);
  assert_true(meet(d, UINT16_MAX, "l0", 0).is);
  tide_duplicates_sum(d, &a);
  assert_int_equal(a.contradicted, 1);
  tide_duplicates_free(d);
}

/* --- keys --- */

typedef struct reader {
  tide_parser *parser;
  tide_additions *additions;
  tide_arena arena;
} reader;

static tide_wide_hash key_of(reader *r, const char *text, size_t len, tide_escape escape,
                             bool *has) {
  const tide_raw raw = {
      .bytes = tide_span_make(text, len), .size = len, .escape = escape, .file_time = INT64_MIN};
  const tide_extract_options options = {.additions = r->additions};
  const tide_message *m;
  tide_record record;
  const unsigned parts = tide_extract_parts(TIDE_PART_COPY_KEY);
  tide_arena_reset(&r->arena);
  assert_int_equal(tide_message_parse(r->parser, &raw, tide_extract_needs(parts, &options), &m),
                   TIDE_OK);
  tide_chain chain;
  const tide_extraction x = {
      .options = &options, .raw = &raw, .message = m, .chain = &chain, .arena = &r->arena};
  assert_int_equal(tide_extract(&x, parts, &record), TIDE_OK);
  *has = record.has_copy_key;
  return record.copy_key;
}

static bool are_copies(reader *r, const char *a, const char *b) {
  bool has_a, has_b;
  const tide_wide_hash x = key_of(r, a, strlen(a), TIDE_ESCAPE_NONE, &has_a);
  const tide_wide_hash y = key_of(r, b, strlen(b), TIDE_ESCAPE_NONE, &has_b);
  return has_a && has_b && x.a == y.a && x.b == y.b;
}

#define WORDS "one two three four five six seven eight nine ten eleven twelve\n"

static void keys_of_copies(void **state) {
  reader *r = *state;
  static const struct {
    const char *why, *a, *b;
    bool copies;
  } cases[] = {
      {"on other ways, with lines folded and ended anew",
       "Received: from a by b; x\nMessage-ID: <1@x>\nSubject: s t\n\n" WORDS,
       "Return-Path: <>\r\nReceived: by c; y\r\nMessage-Id:\r\n <1@x>\r\nSubject: s\r\n t\r\n"
       "\r\n" WORDS "\r\n",
       true},
      {"delivered to others, whose names stand in the text",
       "Delivered-To: info@x.example\nMessage-ID: <1@x>\n\ninfo and sales " WORDS,
       "Delivered-To: sales@x.example\nMessage-ID: <1@x>\n\ninfo and sales " WORDS, true},
      {"a list's footer", "Message-ID: <1@x>\n\n" WORDS,
       "Message-ID: <1@x>\n\n" WORDS "_____________________\nTo leave: mail us\n", true},
      {"another text", "Message-ID: <1@x>\n\n" WORDS, "Message-ID: <1@x>\n\nseven " WORDS WORDS,
       false},
      {"another short text", "Message-ID: <1@x>\n\nyes\n", "Message-ID: <1@x>\n\nno\n", false},
      {"another subject", "Message-ID: <1@x>\nSubject: red ones of tin\n\n" WORDS,
       "Message-ID: <1@x>\nSubject: blue ones of tin\n\n" WORDS, false},
      {"another ID", "Message-ID: <1@x>\n\n" WORDS, "Message-ID: <2@x>\n\n" WORDS, false},
      {"an ID differs by case", "Message-ID: <a@x>\n\n" WORDS, "Message-ID: <A@x>\n\n" WORDS,
       false},
      {"no text: the body", "Message-ID: <1@x>\nContent-Type: image/png\n\nAAAA\n",
       "Message-ID: <1@x>\nContent-Type: image/png\n\nAAAA", true},
      {"no text, another body", "Message-ID: <1@x>\nContent-Type: image/png\n\nAAAA\n",
       "Message-ID: <1@x>\nContent-Type: image/png\n\nAAAB\n", false},
      {"an ID alone", "Message-ID: <1@x>\n\n", "Message-ID: <1@x>\n", true},
      {"no ID: what the sender wrote",
       "Received: from a by b; x\nFrom: a@b\nDate: x\nSubject: s\n\nbody\n",
       "Received: by c; z\nReceived: from a by b; y\nFrom:  a@b\nDate: x\nSubject: s\nStatus: RO\n"
       "\nbody\n\n",
       true},
      {"an empty ID is none", "From: a@b\nMessage-ID: <>\nSubject: s\n\nbody\n",
       "From: a@b\nMessage-ID:\nSubject: s\n\nbody\n", true},
      {"nor is one of signs", "From: a@b\nMessage-ID: < @ >\n\nbody\n", "From: a@b\n\nbody\n",
       true},
      {"no ID, another date", "From: a@b\nDate: x\n\nbody\n", "From: a@b\nDate: y\n\nbody\n",
       false},
      {"no ID, another body", "From: a@b\n\nbody\n", "From: a@b\n\nBody\n", false},
      {"no ID, a line that moved", "From: a@b\nTo: b\n\nbody\n", "From: a@b\n\nTo: b\nbody\n",
       false},
      {"neither ID nor body: nothing to tell by", "From: a@b\n\n", "From: a@b\n\n", false},
      {"neither ID nor a field of the sender's", "Received: by a; x\n\n", "Received: by a; x\n\n",
       false},
      {"an ID and nothing is not nothing and a body", "Message-ID: <1@x>\n\n1@x\n",
       "Message-ID: <1@x>\n\n", false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (are_copies(r, cases[i].a, cases[i].b) != cases[i].copies)
      fail_msg("%s: %s", cases[i].why, cases[i].copies ? "no copies" : "copies");
}

/* What an mbox escapes is the message's own. */
static void keys_of_escaped(void **state) {
  reader *r = *state;
  static const char plain[] = "From: a@b\n\nx\nFrom here\n>From there\n",
                    rd[] = "From: a@b\n\nx\n>From here\n>>From there\n",
                    o[] = "From: a@b\n\nx\n>From here\n>From there\n";
  bool has;
  const tide_wide_hash want = key_of(r, plain, sizeof plain - 1, TIDE_ESCAPE_NONE, &has),
                       all = key_of(r, rd, sizeof rd - 1, TIDE_ESCAPE_ALL, &has),
                       one = key_of(r, o, sizeof o - 1, TIDE_ESCAPE_ONE, &has);
  assert_int_equal(want.a, all.a);
  assert_int_equal(want.b, all.b);
  /* mboxo loses what was quoted before: that cannot be told. */
  assert_int_not_equal(want.a, one.a);
  static const char dots[] = "From: a@b\n\nx\n.\n..\n.y\n",
                    doubled[] = "From: a@b\n\nx\n..\n...\n..y\n";
  assert_int_equal(key_of(r, dots, sizeof dots - 1, TIDE_ESCAPE_NONE, &has).a,
                   key_of(r, doubled, sizeof doubled - 1, TIDE_ESCAPE_DOT, &has).a);
}

static int reader_open(void **state) {
  static reader r;
  tide_error err;
  tide_mime_init();
  *state = &r;
  return tide_parser_new(&r.parser) == TIDE_OK &&
                 tide_additions_read(&r.additions, tide_data_added_fields, &err) == TIDE_OK
             ? 0
             : -1;
}

static int reader_close(void **state) {
  reader *r = *state;
  tide_parser_free(r->parser);
  tide_additions_free(r->additions);
  tide_arena_free(&r->arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(firsts_are_found),         cmocka_unit_test(the_first_counts),
      cmocka_unit_test(what_is_beyond_the_limit), cmocka_unit_test(very_many_labels),
      cmocka_unit_test(keys_of_copies),           cmocka_unit_test(keys_of_escaped),
  };
  return cmocka_run_group_tests(tests, reader_open, reader_close);
}
