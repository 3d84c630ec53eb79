/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns and their values: each value comes from its column's own row, wherever groups stand. */
#include "cmocka_all.h"

#include "table/changes.h"
#include "table/column.h"
#include "table/concentration_table.h"
#include "table/recovery_table.h"
#include "table/table.h"
#include "table/timeline.h"

typedef struct two {
  uint64_t first, second;
} two;

TIDE_GETTER(two, first, tide_value_uint(r->first))
TIDE_GETTER(two, second, tide_value_uint(r->second))

static void values_stand_where_heads_do(void **state) {
  (void)state;
  static const tide_column rows[] = {{.name = "second", .help = "", .get = get_second},
                                     {.name = "first", .help = "", .get = get_first, .leads = true},
                                     {.name = "again", .help = "", .get = get_second}};
  static const tide_columns columns = TIDE_COLUMNS(rows);
  enum { GROUPS = 2 };
  tide_value to[sizeof rows / sizeof *rows + GROUPS + 1];
  for (size_t i = 0; i < sizeof to / sizeof *to; i++)
    to[i] = tide_value_uint(99);
  assert_int_equal(columns.count, 3);
  assert_int_equal(tide_columns_leading(&columns), 1);
  tide_columns_fill(&columns, &(two){1, 2}, GROUPS, to);
  static const uint64_t want[] = {1, 99, 99, 2, 2, 99};
  for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
    at("row %zu of to", i);
    assert_int_equal(to[i].uint, want[i]);
  }
}

static void every_column_has_a_value(void **state) {
  (void)state;
  static const tide_columns *const tables[] = {
      &tide_timeline_columns,      &tide_compare_columns,  &tide_placebo_columns,
      &tide_changes_columns,       &tide_relays_columns,   &tide_recovery_columns,
      &tide_concentration_columns, &tide_template_columns, &tide_fingerprint_columns};
  for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
    at("row %zu of tables, with %s", t, tables[t]->at[0].name);
    assert_number(tables[t]->count, >, 0);
    for (size_t i = 0; i < tables[t]->count; i++) {
      at("i = %zu", i);
      const tide_column *c = &tables[t]->at[i];
      if (!c->name || !c->help || !c->get)
        fail_msg("table %zu: column %zu lacks its name, meaning or value", t, i);
      for (size_t k = 0; k < i; k++) {
        at("k = %zu", k);
        assert_string_not_equal(c->name, tables[t]->at[k].name);
      }
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(values_stand_where_heads_do),
                                     cmocka_unit_test(every_column_has_a_value)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
