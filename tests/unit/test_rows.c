/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables in CSV, row by row: what comes, in which order, and which row is named where one is wrong.
 */
#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

#include "base/rows.h"

/* Rows as text, cells between bars; a row that begins with "stop" is refused. */
static tide_status take(void *text, const tide_csv_row *row) {
  char *out = text;
  size_t len = strlen(out);
  if (row->count && tide_span_equal(row->cells[0], SPAN("stop")))
    return TIDE_USAGE;
  len += (size_t)sprintf(out + len, "%zu", row->number);
  for (size_t i = 0; i < row->count; i++)
    len += (size_t)sprintf(out + len, "|%.*s", (int)row->cells[i].len, row->cells[i].ptr);
  strcpy(out + len, "\n");
  return TIDE_OK;
}

static void rows(void **state) {
  (void)state;
  static const struct {
    const char *csv, *want;
    tide_status status;
    size_t at;
  } cases[] = {
      {"", "", TIDE_OK, 1},
      {"a,b\n1,2\n", "0|a|b\n1|1|2\n", TIDE_OK, 3},
      {"a,b\r\n1,2", "0|a|b\n1|1|2\n", TIDE_OK, 3},
      {"a\n\n\n\"1,\"\"2\n3\"\n", "0|a\n1|1,\"2\n3\n", TIDE_OK, 3},
      {"a\n,\n1,,2,\n", "0|a\n1||\n2|1||2|\n", TIDE_OK, 4},
      {"a,b,c,d,e,f,g,h,i,j,k\n", "0|a|b|c|d|e|f|g|h|i|j|k\n", TIDE_OK, 2},
      {"a\n1\nstop\n2\n", "0|a\n1|1\n", TIDE_USAGE, 3},
      {"stop\n", "", TIDE_USAGE, 1},
      {"a\n1\n\"2\"3\n4\n", "0|a\n1|1\n", TIDE_USAGE, 3},
      {"a\n1\n\"2\n", "0|a\n1|1\n", TIDE_USAGE, 3},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char got[256] = "";
    size_t at = 99;
    tide_arena arena = {0};
    const tide_status status = tide_rows_read(tide_span_of(cases[i].csv), &arena,
                                              (tide_row_taker){.take = take, .context = got}, &at);
    if (status != cases[i].status || at != cases[i].at || strcmp(got, cases[i].want) != 0)
      fail_msg("\"%s\": status %d at row %zu, want %d at %zu; rows:\n%swant:\n%s", cases[i].csv,
               status, at, cases[i].status, cases[i].at, got, cases[i].want);
    tide_arena_free(&arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(rows)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
