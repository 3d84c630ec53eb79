/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public interface: what it answers is what the program writes, it refuses what makes no sense,
 * and every question gives cells as it gives text. */
#include "cmocka_all.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spamtide/spamtide.h"

/* --- help for the tests --- */

enum { NOW = 1767225600 };

typedef struct text {
  char bytes[1 << 20];
  size_t len;
  size_t pieces;
} text;

static tide_status text_put(void *context, const char *bytes, size_t length, tide_error *err) {
  text *t = context;
  (void)err;
  assert_number(t->len + length, <, sizeof t->bytes);
  memcpy(t->bytes + t->len, bytes, length);
  t->len += length;
  t->bytes[t->len] = '\0';
  t->pieces++;
  return TIDE_OK;
}

static const char *source(const char *path) {
  static char whole[4096];
  const char *top = getenv("TIDE_SOURCE");
  snprintf(whole, sizeof whole, "%s/%s", top ? top : ".", path);
  return whole;
}

#define assert_ok(call)                                                                            \
  do {                                                                                             \
    if ((call) != TIDE_OK)                                                                         \
      fail_msg("%s: %s", #call, err.text);                                                         \
  } while (0)

static tide_archive *archive_of(const char *path) {
  tide_archive *a = NULL;
  tide_error err;
  assert_ok(tide_archive_new(&a, &err));
  assert_ok(tide_archive_add(a, source(path), &err));
  tide_archive_set_now(a, NOW);
  return a;
}

/* options: names and values in turn, NULL at the end; "" stands for none. */
static tide_query *query_of(const char *question, const char *const *options) {
  tide_query *q = NULL;
  tide_error err;
  assert_ok(tide_query_new(&q, question, &err));
  for (; options && options[0]; options += 2)
    assert_ok(tide_query_set(q, options[0], options[1][0] ? options[1] : NULL, &err));
  return q;
}

/* --- asking --- */

static void test_text(void **state) {
  (void)state;
  static const char *const by_month[] = {"bin", "month", "event", "2008-11-11", NULL};
  tide_archive *a = archive_of("test-corpora/mbox");
  tide_query *q = query_of("timeline", by_month);
  tide_error err;
  text *t = calloc(1, sizeof *t);
  uint64_t read = 0, counted = 0;
  tide_query_write_to(q, text_put, t);
  assert_ok(tide_archive_ask(a, &q, 1, &err));
  assert_int_equal(tide_query_error(q)->status, TIDE_OK);
  assert_memory_equal(t->bytes, "bin_start,period,", strlen("bin_start,period,"));
  assert_ok(tide_query_count(q, "messages.read", &read, &err));
  assert_ok(tide_query_count(q, "messages.counted", &counted, &err));
  assert_true(read > 0 && counted > 0 && counted <= read);
  /* The same query again gives the same. */
  text *again = calloc(1, sizeof *again);
  tide_query_write_to(q, text_put, again);
  assert_ok(tide_archive_ask(a, &q, 1, &err));
  assert_string_equal(t->bytes, again->bytes);
  free(t);
  free(again);
  tide_query_free(q);
  tide_archive_free(a);
}

/* Cells, written as text would be where it is plain. */
typedef struct cells {
  size_t heads, rows, columns, messages, helped;
  int kinds[TIDE_CELL_TIME + 1];
  tide_cell kind_of[256]; /* of each column, but for empty cells */
} cells;

static tide_status heads_take(void *context, const tide_row *row, tide_error *err) {
  cells *c = context;
  (void)err;
  c->heads++;
  c->columns = tide_row_size(row);
  assert_int_equal(tide_row_kind(row, 0), TIDE_CELL_EMPTY);
  for (size_t i = 0; i < c->columns; i++) {
    at("i = %zu", i);
    assert_int_equal(tide_row_find(row, tide_row_name(row, i)), i);
    c->helped += tide_row_help(row, i)[0] != '\0';
  }
  assert_null(tide_row_name(row, c->columns));
  assert_string_equal(tide_row_help(row, c->columns), "");
  assert_true(tide_row_find(row, "no such column") == SIZE_MAX);
  return TIDE_OK;
}

static tide_status row_take(void *context, const tide_row *row, tide_error *err) {
  cells *c = context;
  (void)err;
  c->rows++;
  if (c->columns)
    assert_int_equal(tide_row_size(row), c->columns);
  for (size_t i = 0; i < tide_row_size(row); i++) {
    at("i = %zu", i);
    const tide_cell kind = tide_row_kind(row, i);
    size_t length = 1;
    int32_t offset = 1;
    c->kinds[kind]++;
    if (c->columns && i < 256 && kind != TIDE_CELL_EMPTY) {
      if (c->kind_of[i] != TIDE_CELL_EMPTY && c->kind_of[i] != kind)
        fail_msg("%s has two kinds: %d and %d", tide_row_name(row, i), (int)c->kind_of[i], kind);
      c->kind_of[i] = kind;
    }
    const char *bytes = tide_row_text(row, i, &length);
    assert_int_equal(strlen(bytes), length);
    if (kind != TIDE_CELL_TEXT)
      assert_int_equal(length, 0);
    if (kind != TIDE_CELL_COUNT)
      assert_int_equal(tide_row_count(row, i), 0);
    else
      assert_number(tide_row_real(row, i), >=, (double)tide_row_count(row, i) / 2);
    const int64_t time = tide_row_time(row, i, &offset);
    if (kind != TIDE_CELL_TIME)
      assert_true(time == 0 && offset == 0);
  }
  const size_t messages = tide_row_find(row, "messages");
  if (messages != SIZE_MAX)
    c->messages += tide_row_count(row, messages);
  return TIDE_OK;
}

static void test_cells(void **state) {
  (void)state;
  static const char *const by_origin[] = {"bin", "month", "by", "origin/8", NULL};
  tide_archive *a = archive_of("test-corpora/mbox");
  tide_query *q = query_of("timeline", by_origin);
  tide_error err;
  cells c = {.heads = 0};
  uint64_t counted = 0;
  tide_query_rows_to(q, heads_take, row_take, &c);
  assert_ok(tide_archive_ask(a, &q, 1, &err));
  assert_ok(tide_query_count(q, "messages.counted", &counted, &err));
  assert_int_equal(c.heads, 1);
  assert_int_equal(c.helped, c.columns);
  assert_number(c.rows, >, 0);
  assert_int_equal(c.messages, counted);
  assert_true(c.kinds[TIDE_CELL_TEXT] && c.kinds[TIDE_CELL_COUNT] && c.kinds[TIDE_CELL_TIME]);
  tide_query_free(q);
  tide_archive_free(a);
}

/* All questions in one reading, each of them as cells and then as text: as many rows as lines. */
static void test_every_question(void **state) {
  (void)state;
  enum { MOST = 16 };
  tide_archive *a = archive_of("test-corpora/mbox");
  tide_query *queries[MOST];
  cells c[MOST] = {{.heads = 0}};
  text *t = calloc(MOST, sizeof *t);
  tide_error err;
  size_t count = 0;
  assert_ok(tide_archive_set(a, "campaigns", "builtin", &err));
  for (; tide_question_name(count); count++) {
    assert_number(count, <, MOST);
    queries[count] = query_of(tide_question_name(count), NULL);
    if (tide_option_help(tide_question_name(count), "event"))
      assert_ok(tide_query_set(queries[count], "event", "2008-11-11", &err));
    tide_query_rows_to(queries[count], heads_take, row_take, &c[count]);
  }
  const tide_status as_cells = tide_archive_ask(a, queries, count, &err);
  assert_true(as_cells == TIDE_OK || as_cells == TIDE_USAGE); /* some have no answer in so little */
  size_t answered = 0;
  tide_status before[MOST];
  for (size_t i = 0; i < count; i++) {
    before[i] = tide_query_error(queries[i])->status;
    answered += before[i] == TIDE_OK;
    tide_query_write_to(queries[i], text_put, &t[i]);
  }
  assert_number(answered, >, count / 2);
  assert_int_equal(tide_archive_ask(a, queries, count, &err), as_cells);
  for (size_t i = 0; i < count; i++) {
    at("i = %zu", i);
    assert_int_equal(tide_query_error(queries[i])->status, before[i]);
    assert_true((tide_query_error(queries[i])->text[0] == '\0') == (before[i] == TIDE_OK));
    if (before[i] == TIDE_OK && strcmp(tide_question_name(i), "explain") != 0) {
      size_t lines = 0;
      for (size_t k = 0; k < t[i].len; k++)
        lines += t[i].bytes[k] == '\n';
      if (c[i].heads != 1 || lines < c[i].rows + 1)
        fail_msg("%s: %zu heads, %zu rows, %zu lines", tide_question_name(i), c[i].heads, c[i].rows,
                 lines);
    }
    tide_query_free(queries[i]);
  }
  free(t);
  tide_archive_free(a);
}

/* The calendar needs no mail; what to trust is text, read as often as it takes. */
static void test_no_tables_of_mail(void **state) {
  (void)state;
  static const char *const suggest[] = {"suggest", "", NULL};
  tide_archive *none = NULL, *a = archive_of("test-corpora/mbox");
  tide_query *events = query_of("events", NULL), *relays = query_of("relays", suggest),
             *both[] = {query_of("timeline", NULL), relays};
  text *t = calloc(2, sizeof *t);
  cells c = {.heads = 0};
  tide_error err;
  assert_ok(tide_archive_new(&none, &err));
  tide_query_rows_to(events, heads_take, row_take, &c);
  assert_ok(tide_archive_ask(none, &events, 1, &err));
  assert_true(c.heads == 1 && c.rows > 10);
  assert_int_equal(tide_archive_ask(none, &relays, 1, &err), TIDE_USAGE);
  tide_query_rows_to(relays, heads_take, row_take, &c);
  assert_int_equal(tide_archive_ask(a, &relays, 1, &err), TIDE_USAGE);
  assert_non_null(strstr(err.text, "text"));
  tide_query_write_to(both[0], text_put, &t[0]);
  tide_query_write_to(relays, text_put, &t[1]);
  assert_ok(tide_archive_ask(a, both, 2, &err));
  assert_non_null(strstr(t[0].bytes, "bin_start"));
  assert_memory_equal(t[1].bytes, "# For --trust", 13);
  uint64_t read[2] = {0, 1};
  for (size_t i = 0; i < 2; i++) {
    at("i = %zu", i);
    assert_ok(tide_query_count(both[i], "messages.read", &read[i], &err));
  }
  assert_true(read[0] > 0 && read[0] == read[1]);
  free(t);
  tide_query_free(events);
  tide_query_free(both[0]);
  tide_query_free(relays);
  tide_archive_free(none);
  tide_archive_free(a);
}

/* --- what is refused --- */

static void test_refused(void **state) {
  (void)state;
  tide_archive *a = archive_of("test-corpora/mbox");
  tide_query *q = NULL, *twice[2];
  tide_error err;
  text *t = calloc(1, sizeof *t);
  uint64_t n;
  assert_int_equal(tide_query_new(&q, "nothing", &err), TIDE_USAGE);
  assert_null(q);
  assert_int_equal(tide_query_new(&q, "nothing", NULL), TIDE_USAGE);
  q = query_of("timeline", NULL);
  assert_int_equal(tide_query_set(q, "bin", NULL, &err), TIDE_USAGE);
  assert_int_equal(tide_query_set(q, "wide", "yes", &err), TIDE_USAGE);
  assert_int_equal(tide_query_set(q, "output", "x", &err), TIDE_USAGE);
  assert_int_equal(tide_query_set(q, "before", "soon", &err), TIDE_USAGE);
  assert_int_equal(tide_query_set(q, "bim", "day", &err), TIDE_USAGE);
  assert_string_equal(err.text, "unknown option --bim; did you mean --bin?");
  assert_int_equal(tide_query_set(q, "jobs", "1", &err), TIDE_USAGE);
  assert_string_equal(err.text,
                      "--jobs is an option of the archive, and holds for all its queries");
  assert_int_equal(tide_archive_set(a, "bin", "day", &err), TIDE_USAGE);
  assert_int_equal(tide_archive_ask(a, &q, 1, &err), TIDE_USAGE); /* nobody takes the answer */
  tide_query_write_to(q, text_put, t);
  assert_int_equal(tide_archive_ask(a, &q, 0, &err), TIDE_USAGE);
  twice[0] = twice[1] = q;
  assert_int_equal(tide_archive_ask(a, twice, 2, &err), TIDE_USAGE);
  assert_int_equal(tide_query_count(q, "messages", &n, &err), TIDE_USAGE);
  /* Said when it is asked, before mail is read. */
  assert_ok(tide_query_set(q, "by", "nothing", &err));
  assert_int_equal(tide_archive_ask(a, &q, 1, &err), TIDE_USAGE);
  assert_int_equal(tide_query_error(q)->status, TIDE_END);
  assert_int_equal(t->len, 0);
  tide_query_free(q);
  tide_archive_free(a);
  assert_ok(tide_archive_new(&a, &err));
  q = query_of("timeline", NULL);
  tide_query_write_to(q, text_put, t);
  assert_int_equal(tide_archive_ask(a, &q, 1, &err), TIDE_USAGE); /* no mail */
  tide_query_free(q);
  tide_archive_free(a);
  free(t);
}

/* Families look for rules of their own where none are named: beside a question that takes all, each
 * would answer other than it does alone. */
static void test_rules_of_two(void **state) {
  (void)state;
  static const char *const by_campaign[] = {"by", "campaign", NULL};
  tide_archive *a = archive_of("test-corpora/mbox");
  tide_query *both[] = {query_of("families", NULL), query_of("timeline", by_campaign)};
  tide_error err;
  text *t = calloc(2, sizeof *t);
  tide_query_write_to(both[0], text_put, &t[0]);
  tide_query_write_to(both[1], text_put, &t[1]);
  assert_int_equal(tide_archive_ask(a, both, 2, &err), TIDE_USAGE);
  assert_ok(tide_archive_set(a, "campaigns", "builtin", &err));
  assert_ok(tide_archive_ask(a, both, 2, &err));
  tide_query_free(both[0]);
  tide_query_free(both[1]);
  tide_archive_free(a);
  free(t);
}

/* --- stopping, troubles, callbacks that fail --- */

static tide_status end_at_once(void *context, const char *bytes, size_t length, tide_error *err) {
  (void)context;
  (void)bytes;
  (void)length;
  (void)err;
  return TIDE_END;
}
static tide_status full(void *context, const char *bytes, size_t length, tide_error *err) {
  (void)context;
  (void)bytes;
  (void)length;
  snprintf(err->text, sizeof err->text, "no room");
  return TIDE_FATAL;
}
static void count_troubles(void *context, tide_remark kind, const char *sentence) {
  size_t *counts = context;
  assert_number(strlen(sentence), >, 0);
  counts[kind]++;
}

static void test_ends(void **state) {
  (void)state;
  tide_archive *a = archive_of("test-corpora/mbox");
  tide_query *q = query_of("records", NULL);
  tide_error err;
  size_t said[3] = {0};
  uint64_t lost = 0;
  text *t = calloc(1, sizeof *t);
  tide_query_write_to(q, end_at_once, NULL);
  assert_int_equal(tide_archive_ask(a, &q, 1, &err), TIDE_END);
  tide_query_write_to(q, full, NULL);
  assert_int_equal(tide_archive_ask(a, &q, 1, &err), TIDE_FATAL);
  assert_string_equal(err.text, "no room");
  tide_query_write_to(q, text_put, t);
  tide_archive_stop(a);
  assert_int_equal(tide_archive_ask(a, &q, 1, &err), TIDE_END);
  /* The next one is not stopped; a file that is not there is told, and counted. */
  t->len = 0;
  tide_archive_say_to(a, count_troubles, said);
  assert_ok(tide_archive_add(a, source("test-corpora/no such file"), &err));
  assert_ok(tide_archive_ask(a, &q, 1, &err));
  assert_ok(tide_query_count(q, "not_read", &lost, &err));
  assert_int_equal(lost, 1);
  assert_int_equal(said[TIDE_REMARK_TROUBLE], 1);
  tide_query_free(q);
  tide_archive_free(a);
  free(t);
}

/* --- several threads --- */

static void *ask_alone(void *out) {
  static const char *const by_day[] = {"bin", "day", "by", "campaign", NULL};
  tide_archive *a = NULL;
  tide_query *q = NULL;
  bool ok =
      tide_archive_new(&a, NULL) == TIDE_OK && tide_query_new(&q, "timeline", NULL) == TIDE_OK;
  ok = ok && tide_query_set(q, by_day[0], by_day[1], NULL) == TIDE_OK &&
       tide_query_set(q, by_day[2], by_day[3], NULL) == TIDE_OK;
  ok = ok && tide_archive_add(a, getenv("TIDE_MAIL"), NULL) == TIDE_OK;
  if (ok) {
    tide_archive_set_now(a, NOW);
    tide_query_write_to(q, text_put, out);
    ok = tide_archive_ask(a, &q, 1, NULL) == TIDE_OK;
  }
  tide_query_free(q);
  tide_archive_free(a);
  return ok ? out : NULL;
}

static void test_threads(void **state) {
  (void)state;
  enum { THREADS = 4 };
  pthread_t threads[THREADS];
  text *t = calloc(THREADS, sizeof *t);
  setenv("TIDE_MAIL", source("test-corpora/mbox"), 1);
  for (size_t i = 0; i < THREADS; i++) {
    at("i = %zu", i);
    assert_int_equal(pthread_create(&threads[i], NULL, ask_alone, &t[i]), 0);
  }
  for (size_t i = 0; i < THREADS; i++) {
    at("i = %zu", i);
    void *done = NULL;
    pthread_join(threads[i], &done);
    assert_non_null(done);
  }
  for (size_t i = 1; i < THREADS; i++) {
    at("i = %zu", i);
    assert_string_equal(t[0].bytes, t[i].bytes);
  }
  free(t);
}

/* --- the catalog --- */

static void test_catalog(void **state) {
  (void)state;
  assert_number(strlen(tide_version()), >=, 5);
  for (size_t i = 0; tide_question_name(i); i++) {
    at("i = %zu", i);
    const char *question = tide_question_name(i);
    for (size_t k = 0; tide_option_name(question, k); k++) {
      at("k = %zu", k);
      const char *option = tide_option_name(question, k);
      assert_number(strlen(tide_option_help(question, option)), >, 1);
      assert_null(tide_option_help(NULL, option)); /* one place for each */
    }
    if (strcmp(question, "events") != 0) /* which reads no mail */
      assert_non_null(tide_option_help(question, "where"));
    assert_null(tide_option_help(question, "output"));
  }
  assert_string_equal(tide_option_default("timeline", "bin"), "day");
  assert_string_equal(tide_option_argument("timeline", "bin"), "BIN");
  assert_null(tide_option_argument("timeline", "wide"));
  assert_string_equal(tide_option_default(NULL, "tz"), "UTC");
  assert_null(tide_option_name("nothing", 0));
  tide_query *q = query_of("timeline", NULL);
  for (size_t i = 0; tide_count_name(i); i++) {
    at("i = %zu", i);
    uint64_t n = 1;
    assert_int_equal(tide_query_count(q, tide_count_name(i), &n, NULL), TIDE_OK);
    assert_int_equal(n, 0);
  }
  tide_query_free(q);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_text),
                                     cmocka_unit_test(test_cells),
                                     cmocka_unit_test(test_every_question),
                                     cmocka_unit_test(test_refused),
                                     cmocka_unit_test(test_rules_of_two),
                                     cmocka_unit_test(test_ends),
                                     cmocka_unit_test(test_threads),
                                     cmocka_unit_test(test_catalog),
                                     cmocka_unit_test(test_no_tables_of_mail)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
