/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several questions in one reading get the answers that each gets alone. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "question/question.h"
#include "hops/trust.h"

static tide_status keep(void *context, tide_span text, tide_error *err) {
  (void)err;
  return tide_buffer_put(context, text);
}

/* A question, and the text of its table. */
typedef struct asked {
  tide_question question;
  tide_sheet sheet;
  tide_buffer text;
} asked;

static tide_zone *zone;
static tide_filter *filter;
static tide_trust *trust;

static void asked_open(asked *a, const tide_question_type *type, const char *by) {
  tide_error err;
  *a = (asked){.question = {.type = type, .zone = zone}};
  assert_int_equal(tide_binning_parse(SPAN("week"), &a->question.binning, &err), TIDE_OK);
  a->question.binning.zone = zone;
  if (by)
    assert_int_equal(tide_grouping_add(&a->question.groups, tide_span_of(by), &err), TIDE_OK);
  a->sheet = (tide_sheet){.emitter = tide_emitter_find("csv"), .write = keep, .context = &a->text};
  a->question.sheet = &a->sheet;
}

static void asked_free(asked *a) {
  tide_question_free(&a->question);
  tide_sheet_free(&a->sheet);
  tide_buffer_free(&a->text);
}

static void ask(asked *const *all, size_t count, unsigned jobs) {
  char path[4096];
  const char *root = getenv("TIDE_SOURCE");
  const char *paths[] = {path};
  tide_question *questions[8];
  tide_error err = {.text = ""};
  snprintf(path, sizeof path, "%s/test-corpora/mbox", root ? root : ".");
  const tide_run_options run = {.paths = paths,
                                .path_count = 1,
                                .feed = {.input = "auto"},
                                .jobs = jobs,
                                .extract = {.now = 1767225600, .trust = trust},
                                .fields = {.zone = zone}};
  for (size_t i = 0; i < count; i++)
    questions[i] = &all[i]->question;
  assert_int_equal(tide_questions_ask(questions, count, &run, &err), TIDE_OK);
  for (size_t i = 0; i < count; i++) {
    at("i = %zu", i);
    assert_int_equal(tide_question_write(questions[i], &err), TIDE_OK);
  }
}

static void open_all(asked *timeline, asked *groups, asked *filtered, asked *records) {
  unsigned parts = 0;
  asked_open(timeline, &tide_question_timeline, NULL);
  asked_open(groups, &tide_question_timeline, "origin/16");
  asked_open(filtered, &tide_question_timeline, NULL);
  filtered->question.filter = filter;
  asked_open(records, &tide_question_records, NULL);
  tide_question_all_columns(&records->question,
                            TIDE_PART_CAMPAIGN | TIDE_PART_NETWORK | TIDE_PART_COUNTRY, &parts);
  records->question.parts = parts;
}

static void test_one_reading(void **state) {
  asked alone[4], together[4];
  asked *const one[] = {&alone[0], &alone[1], &alone[2], &alone[3]};
  asked *const all[] = {&together[0], &together[1], &together[2], &together[3]};
  (void)state;
  for (unsigned jobs = 1; jobs <= 3; jobs++) {
    at("jobs = %u", jobs);
    open_all(&alone[0], &alone[1], &alone[2], &alone[3]);
    open_all(&together[0], &together[1], &together[2], &together[3]);
    for (size_t i = 0; i < 4; i++) {
      at("i = %zu", i);
      ask(&one[i], 1, jobs);
    }
    ask(all, 4, jobs);
    for (size_t i = 0; i < 4; i++) {
      at("i = %zu", i);
      assert_number(alone[i].text.len, >, 60);
      assert_int_equal(alone[i].text.len, together[i].text.len);
      assert_memory_equal(alone[i].text.ptr, together[i].text.ptr, alone[i].text.len);
      const tide_account *a = &alone[i].question.account, *t = &together[i].question.account;
      assert_int_equal(a->read, t->read);
      assert_memory_equal(a->fates, t->fates, sizeof a->fates);
    }
    /* The filter is one question's own. */
    assert_int_equal(together[0].question.account.fates[TIDE_FATE_FILTERED], 0);
    assert_number(together[2].question.account.fates[TIDE_FATE_FILTERED], >, 0);
    for (size_t i = 0; i < 4; i++) {
      asked_free(&alone[i]);
      asked_free(&together[i]);
    }
  }
}

static void test_how_many(void **state) {
  tide_question *questions[TIDE_SINKS_MAX + 1] = {NULL};
  const tide_run_options run = {.path_count = 0};
  tide_error err;
  (void)state;
  assert_int_equal(tide_questions_ask(questions, 0, &run, &err), TIDE_USAGE);
  assert_int_equal(tide_questions_ask(questions, TIDE_SINKS_MAX + 1, &run, &err), TIDE_USAGE);
}

int main(void) {
  tide_error err;
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_reading),
                                     cmocka_unit_test(test_how_many)};
  tide_mime_init();
  if (tide_zone_open(&zone, SPAN("UTC"), &err) != TIDE_OK ||
      tide_trust_new(&trust, &err) != TIDE_OK || tide_filter_new(&filter, &err) != TIDE_OK ||
      tide_filter_add(filter, SPAN("subject~^f"), &err) != TIDE_OK)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  tide_filter_free(filter);
  tide_trust_free(trust);
  tide_zone_free(zone);
  return failed;
}
