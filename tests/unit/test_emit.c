/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves the program: cells cleaned, quoted and formatted. */
#include "cmocka_all.h"

#include "spamtide/emitter.h"
#include "spamtide/limits.h"

static void clean(void **state) {
  (void)state;
  static const struct {
    const char *in, *out;
  } cases[] = {
      {"Cheap watches", "Cheap watches"},
      {"=1+1", "'=1+1"},
      {"+1", "'+1"},
      {"-1", "'-1"},
      {"@SUM(A1)", "'@SUM(A1)"},
      {"\t=1", "' =1"},
      {"\r=1", "' =1"},
      {"a=1", "a=1"},
      {"", ""},
      {"a\033[31mb\a", "a [31mb "},
      {"line\nbreak", "line break"},
      {"caf\xc3\xa9", "caf\xc3\xa9"},
      {"caf\xe9", "caf\xef\xbf\xbd"},                           /* Latin-1 */
      {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},                 /* overlong '/' */
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
      {"\xf4\x90\x80\x80",
       "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* beyond U+10FFFF */
      {"x\xe2\x82", "x\xef\xbf\xbd\xef\xbf\xbd"},           /* cut in the middle */
      {"\xc2\x9b"
       "31m",
       " 31m"}, /* C1 CSI */
      {"abc\xe2\x80\xae"
       "fdp.exe",
       "abc fdp.exe"}, /* right-to-left override */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    tide_buffer out = {0};
    assert_int_equal(tide_cell_clean(tide_span_of(cases[i].in), true, &out), TIDE_OK);
    assert_span_equal(tide_buffer_span(&out), cases[i].out);
    tide_buffer_free(&out);
  }
  tide_buffer out = {0}, in = {0};
  for (int i = 0; i < 60000; i++)
    tide_buffer_put(&in, SPAN("\xc3\xa9"));
  tide_cell_clean(tide_buffer_span(&in), true, &out);
  assert_true(out.len <= TIDE_LIMIT_CELL && out.len > TIDE_LIMIT_CELL - 8 && out.len % 2 == 0);
  tide_buffer_free(&out);
  tide_buffer_free(&in);
  tide_cell_clean(tide_span_make("a\0b", 3), true, &out);
  assert_span_equal(tide_buffer_span(&out), "a b");
  tide_buffer_free(&out);
}

static const char *const names[] = {"time", "who", "n", "x", "gone"};

static void row(const char *format, const tide_emit_options *options, const char *want) {
  tide_value values[] = {tide_value_time(1226442600, -18000), tide_value_text(SPAN("=a,\"b\"")),
                         tide_value_uint(18446744073709551615u), tide_value_real(-65.25),
                         tide_value_empty()};
  tide_buffer out = {0};
  const tide_emitter *e = tide_emitter_find(format);
  assert_non_null(e);
  assert_int_equal(e->head(names, 5, options, &out), TIDE_OK);
  assert_int_equal(e->row(names, values, 5, options, &out), TIDE_OK);
  assert_span_equal(tide_buffer_span(&out), want);
  tide_buffer_free(&out);
}

static void formats(void **state) {
  (void)state;
  tide_emit_options safe = {0}, raw = {.raw_cells = true};
  row("csv", &safe,
      "time,who,n,x,gone\r\n2008-11-11T17:30:00-05:00,\"'=a,\"\"b\"\"\",18446744073709551615,-65."
      "25,\r\n");
  row("csv", &raw,
      "time,who,n,x,gone\r\n2008-11-11T17:30:00-05:00,\"=a,\"\"b\"\"\",18446744073709551615,-65.25,"
      "\r\n");
  row("tsv", &safe,
      "time\twho\tn\tx\tgone\n2008-11-11T17:30:00-05:00\t'=a,\"b\"\t18446744073709551615\t-65."
      "25\t\n");
  row("jsonl", &safe,
      "{\"time\":\"2008-11-11T17:30:00-05:00\",\"who\":\"=a,\\\"b\\\"\",\"n\":18446744073709551615,"
      "\"x\":-65.25,\"gone\":null}\n");
  assert_null(tide_emitter_find("xml"));
}

static void reals(void **state) {
  (void)state;
  static const struct {
    double x;
    const char *text;
  } cases[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {0.5, "0.5"},
      {-65.25, "-65.25"},
      {1.0 / 3, "0.333333"},
      {12142857.142857142, "12142857.142857"},
      {-0.0000001, "-0.0000001"},
      {100, "100"},
      {0.00003456, "0.0000346"},
      {-0.00000031415, "-0.000000314"},
      {3e-11, "0.00000000003"},
      {4e-12, "0"},
      {0.0001, "0.0001"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[40];
    tide_real_format(cases[i].x, text);
    assert_string_equal(text, cases[i].text);
  }
  assert_int_equal(tide_value_real(1.0 / (double)(reals == NULL)).kind, TIDE_VALUE_EMPTY);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(clean), cmocka_unit_test(formats),
                                     cmocka_unit_test(reals)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
