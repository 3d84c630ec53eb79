/* SPDX-License-Identifier: GPL-3.0-or-later */
/* timeline as a table: what it will be is known before it is written, the sums are the same in
 * every shape, and messages far from all others are found. */
#include "cmocka_all.h"

#include "base/limits.h"
#include "table/timeline.h"

enum { HOUR = 3600, START = 1225497600 /* 2008-11-01T00:00:00Z */ };

static tide_zone *zone;
static tide_binning hours;

static int open_zone(void **state) {
  (void)state;
  tide_error err;
  tide_status status = tide_zone_open(&zone, SPAN("UTC"), &err);
  hours = (tide_binning){.unit = TIDE_BIN_HOUR, .zone = zone};
  return status == TIDE_OK ? 0 : -1;
}
static int close_zone(void **state) {
  (void)state;
  tide_zone_free(zone);
  return 0;
}

static void add(tide_tally *t, int64_t hour, const char *group, unsigned times) {
  tide_record r = {.bytes = 10};
  tide_buffer bytes = {0};
  if (group)
    assert_int_equal(tide_group_put(&bytes, tide_span_of(group)), TIDE_OK);
  for (unsigned i = 0; i < times; i++) {
    at("i = %u", i);
    assert_int_equal(tide_tally_add(t, START + hour * HOUR, tide_buffer_span(&bytes), &r), TIDE_OK);
  }
  assert_int_equal(tide_tally_settle(t), TIDE_OK);
  tide_buffer_free(&bytes);
}

/* What was written: rows, and sums of a column of counts from `from` on. */
typedef struct sums {
  uint64_t rows, messages;
  size_t from, to;
  int64_t last;
} sums;

static tide_status sum_row(void *context, const tide_value *row, size_t count, tide_error *err) {
  sums *s = context;
  (void)err;
  s->rows++;
  assert_number(s->to, <=, count);
  for (size_t i = s->from; i < s->to; i++)
    s->messages += row[i].uint;
  assert_true(s->rows == 1 || row[0].time.seconds >= s->last);
  s->last = row[0].time.seconds;
  return TIDE_OK;
}

static sums written(tide_timeline *t, const tide_tally *tally, size_t from, size_t to,
                    bool *filled) {
  sums s = {.from = from, .to = to};
  tide_row_writer writer = {.row = sum_row, .context = &s};
  tide_windows windows = {0};
  tide_extent extent = {0};
  tide_timeline_plan plan = {0};
  tide_error err;
  t->binning = &hours;
  t->windows = &windows;
  t->extent = &extent;
  assert_int_equal(tide_timeline_plan_make(t, tally, &plan, &err), TIDE_OK);
  assert_int_equal(tide_timeline_write(t, &plan, tally, NULL, &writer, &err), TIDE_OK);
  assert_int_equal(plan.rows, s.rows);
  *filled = plan.filled;
  tide_timeline_plan_free(&plan);
  return s;
}

static void shapes(void **state) {
  (void)state;
  for (unsigned groups = TIDE_TIMELINE_FEW; groups <= TIDE_TIMELINE_FEW + 1; groups++) {
    at("groups = %u", groups);
    for (int rest = 0; rest < 2; rest++) {
      at("rest = %d", rest);
      tide_tally *t;
      assert_int_equal(tide_tally_new(&t), TIDE_OK);
      uint64_t all = 0;
      for (unsigned g = 0; g < groups; g++) {
        at("g = %u", g);
        char name[8] = {'g', (char)('A' + g / 26), (char)('A' + g % 26)};
        add(t, g % 30, name, 1 + g % 3);
        all += 1 + g % 3;
      }
      if (rest)
        add(t, 31, TIDE_GROUP_OTHER, 7);
      all += rest ? 7 : 0;
      bool filled;
      const uint64_t bins = rest ? 32 : 30, columns = groups + (unsigned)rest;
      sums s = written(&(tide_timeline){.group_values = 1}, t, 3, 4, &filled);
      assert_int_equal(filled, groups > TIDE_TIMELINE_FEW);
      assert_int_equal(s.messages, all);
      assert_int_equal(s.rows, filled ? columns : bins * columns);
      s = written(&(tide_timeline){.group_values = 1, .rows = TIDE_TIMELINE_ROWS_ALL}, t, 3, 4,
                  &filled);
      assert_false(filled);
      assert_int_equal(s.rows, bins * columns);
      assert_int_equal(s.messages, all);
      s = written(&(tide_timeline){.group_values = 1, .rows = TIDE_TIMELINE_ROWS_FILLED}, t, 3, 4,
                  &filled);
      assert_true(filled);
      assert_int_equal(s.rows, columns);
      assert_int_equal(s.messages, all);
      s = written(&(tide_timeline){.group_values = 1, .wide = true}, t, 3, 3 + columns, &filled);
      assert_false(filled);
      assert_int_equal(s.rows, bins);
      assert_int_equal(s.messages, all);
      tide_tally_free(t);
    }
  }
}

/* Exactly the limit is allowed, one bin more is not; and nothing was made by then. */
static void refused(void **state) {
  (void)state;
  for (int wide = 0; wide < 2; wide++) {
    at("wide = %d", wide);
    for (int over = 0; over < 2; over++) {
      at("over = %d", over);
      tide_tally *t;
      assert_int_equal(tide_tally_new(&t), TIDE_OK);
      const int64_t bins = TIDE_LIMIT_ROWS / 20;
      for (char name[] = "a"; name[0] < 'a' + 20; name[0]++)
        add(t, 0, name, 1);
      add(t, bins - 1 + over, "a", 1);
      tide_windows windows = {0};
      tide_extent extent = {0};
      tide_timeline table = {.binning = &hours,
                             .windows = &windows,
                             .extent = &extent,
                             .group_values = 1,
                             .wide = wide};
      tide_timeline_plan plan = {0};
      tide_error err;
      assert_int_equal(tide_timeline_plan_make(&table, t, &plan, &err),
                       over ? TIDE_FATAL : TIDE_OK);
      assert_true(over ? plan.order == NULL : plan.order != NULL);
      tide_timeline_plan_free(&plan);
      tide_tally_free(t);
    }
  }
}

static void strays_of(const int64_t (*cells)[2], size_t count, uint64_t before, uint64_t behind,
                      int64_t before_edge, int64_t behind_edge) {
  tide_tally *t;
  tide_stray first, last;
  assert_int_equal(tide_tally_new(&t), TIDE_OK);
  for (size_t i = 0; i < count; i++) {
    at("i = %zu", i);
    add(t, cells[i][0], NULL, (unsigned)cells[i][1]);
  }
  assert_int_equal(tide_timeline_strays(&hours, t, &first, &last), TIDE_OK);
  assert_int_equal(first.messages, before);
  assert_int_equal(last.messages, behind);
  if (before)
    assert_int_equal(first.edge, START + before_edge * HOUR);
  if (behind)
    assert_int_equal(last.edge, START + behind_edge * HOUR);
  if (before)
    assert_int_equal(first.bins, before_edge - cells[0][0]);
  tide_tally_free(t);
}

static void strays(void **state) {
  (void)state;
  /* Pairs of hour and messages, in order. */
#define STRAYS(before, behind, before_edge, behind_edge, ...)                                      \
  strays_of((const int64_t[][2])__VA_ARGS__,                                                       \
            sizeof((const int64_t[][2])__VA_ARGS__) / sizeof(int64_t[2]), before, behind,          \
            before_edge, behind_edge)
  STRAYS(0, 0, 0, 0, {{0, 5}, {10, 5}, {20, 5}});
  STRAYS(1, 0, 0, 0, {{-5000, 1}, {0, 5}, {10, 5}, {20, 5}});
  STRAYS(0, 1, 0, 21, {{0, 5}, {10, 5}, {20, 5}, {5000, 1}});
  STRAYS(1, 1, 0, 21, {{-5000, 1}, {0, 5}, {10, 5}, {20, 5}, {5000, 1}});
  /* Two of fifteen are no stray; three of three hundred are, at three times, and the one that is
   * near belongs to the rest. */
  STRAYS(0, 0, 0, 0, {{-5000, 2}, {0, 5}, {10, 5}, {20, 5}});
  STRAYS(2, 0, -3, 0, {{-9000, 1}, {-5000, 1}, {-3, 1}, {0, 100}, {10, 100}, {20, 100}});
  STRAYS(3, 0, 0, 0, {{-9000, 1}, {-5000, 2}, {0, 100}, {10, 100}, {20, 100}});
  /* Not further than the archive is long; not two dozen bins; too few to say. */
  STRAYS(0, 0, 0, 0, {{-900, 1}, {0, 5}, {500, 5}, {1000, 5}});
  STRAYS(0, 0, 0, 0, {{-20, 1}, {0, 5}, {1, 5}});
  STRAYS(0, 0, 0, 0, {{-5000, 1}, {0, 4}, {1, 4}});
  STRAYS(0, 0, 0, 0, {{0, 100}});
  tide_tally *empty;
  tide_stray first, last;
  assert_int_equal(tide_tally_new(&empty), TIDE_OK);
  assert_int_equal(tide_timeline_strays(&hours, empty, &first, &last), TIDE_OK);
  assert_int_equal(first.messages + last.messages, 0);
  tide_tally_free(empty);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(shapes), cmocka_unit_test(refused),
                                     cmocka_unit_test(strays)};
  return cmocka_run_group_tests(tests, open_zone, close_zone);
}
