/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What leaves the program: cells cleaned, quoted and formatted. */
#include "cmocka_all.h"

#include <math.h>

#include <time.h>

#include "emit/emitter.h"
#include "emit/emitters.h"
#include "base/limits.h"

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
      {"\n=1", "' =1"},
      {"  =1", "'  =1"},
      {"\tx", " x"},
      {"\xc2\xa0=1", "'\xc2\xa0=1"},         /* NBSP */
      {"\xef\xbb\xbf=1", "' =1"},            /* BOM */
      {"\xe2\x80\x8b@x", "'\xe2\x80\x8b@x"}, /* zero width space */
      {"\xc2\xad+1", "'\xc2\xad+1"},         /* soft hyphen */
      {"\xe3\x85\xa4=1", "'\xe3\x85\xa4=1"}, /* Hangul filler */
      {"\xef\xbe\xa0=1", "'\xef\xbe\xa0=1"}, /* half-width filler */
      {"\xe2\xa0\x80=1", "'\xe2\xa0\x80=1"}, /* Braille blank */
      {"\xe1\xa0\x8b=1", "'\xe1\xa0\x8b=1"}, /* variation selectors */
      {"\xf3\xa0\x84\x80=1", "'\xf3\xa0\x84\x80=1"},
      {"\xf3\xa0\x80\xa0=1", "'\xf3\xa0\x80\xa0=1"},                 /* a tag */
      {"\xe2\xa0\x81=1", "\xe2\xa0\x81=1"},                          /* Braille that is seen */
      {"\xe2\x81\xa0\xe3\x80\x80-1", "'\xe2\x81\xa0\xe3\x80\x80-1"}, /* word joiner */
      {"\xef\xbc\x9d"
       "1",
       "'\xef\xbc\x9d"
       "1"}, /* full-width = */
      {"\xef\xbc\x8b"
       "1",
       "'\xef\xbc\x8b"
       "1"},
      {"\xef\xbc\xa0"
       "1",
       "'\xef\xbc\xa0"
       "1"},
      {"a;=1", "a;'=1"},
      {"a; \t=1;b;-2;;@", "a;'  =1;b;'-2;;'@"},
      {";", ";"},
      {"\"=1\"", "'\"=1\""},
      {"'=1", "''=1"}, /* what looks defused is told apart from what was */
      {"'tis", "'tis"},
      {"a;'=1", "a;''=1"},
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
    at("row %zu of cases: %s", i, cases[i].in);
    tide_buffer out = {0};
    assert_int_equal(tide_cell_clean(tide_span_of(cases[i].in), true, NULL, &out), TIDE_OK);
    assert_span_equal(tide_buffer_span(&out), cases[i].out);
    tide_buffer_free(&out);
  }
  tide_buffer out = {0}, in = {0};
  for (int i = 0; i < 60000; i++)
    tide_buffer_put(&in, SPAN("\xc3\xa9"));
  _Atomic uint64_t cut = 0;
  tide_cell_clean(tide_buffer_span(&in), true, &cut, &out);
  assert_int_equal(cut, 1);
  assert_true(out.len <= TIDE_LIMIT_CELL && out.len > TIDE_LIMIT_CELL - 8 && out.len % 2 == 0);
  tide_buffer_free(&out);
  tide_buffer_free(&in);
  tide_cell_clean(tide_span_make("a\0b", 3), true, &cut, &out);
  assert_int_equal(cut, 1);
  assert_span_equal(tide_buffer_span(&out), "a b");
  tide_buffer_clear(&out);
  tide_cell_clean(tide_span_make("\0=b", 3), true, NULL, &out);
  assert_span_equal(tide_buffer_span(&out), "' =b");
  tide_buffer_free(&out);
}

/* As many cells as bytes, where a semicolon separates them: their cost is that of their length. */
static void many_cells(void **state) {
  (void)state;
  static const struct {
    const char *unit, *cleaned;
  } cases[] = {{";", ";"}, {"=;", "'=;"}, {"; ", "; "}, {"\xc3\xa9;", "\xc3\xa9;"}, {"\x01", " "}};
  enum { TIMES = 1 << 19 };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].unit);
    tide_buffer in = {0}, out = {0};
    for (int k = 0; k < TIMES; k++)
      tide_buffer_put(&in, tide_span_of(cases[i].unit));
    const clock_t start = clock();
    assert_int_equal(tide_cell_clean(tide_buffer_span(&in), true, NULL, &out), TIDE_OK);
    const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (seconds > 2)
      fail_msg("\"%s\": %.1f s", cases[i].unit, seconds);
    assert_int_equal(out.len, TIMES * strlen(cases[i].cleaned));
    assert_memory_equal(out.ptr + out.len - strlen(cases[i].cleaned), cases[i].cleaned,
                        strlen(cases[i].cleaned));
    tide_buffer_free(&in);
    tide_buffer_free(&out);
  }
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

/* Every emitter writes times in the form that is asked for. */
static void times(void **state) {
  (void)state;
  static const struct {
    const char *format;
    tide_time_form form;
    const char *text;
  } cases[] = {
      {"csv", TIDE_TIMES_RFC3339, "2008-11-11T17:30:00-05:00\r\n"},
      {"csv", TIDE_TIMES_LOCAL, "2008-11-11 17:30:00\r\n"},
      {"csv", TIDE_TIMES_DATE, "2008-11-11\r\n"},
      {"csv", TIDE_TIMES_EPOCH, "1226442600\r\n"},
      {"tsv", TIDE_TIMES_LOCAL, "2008-11-11 17:30:00\n"},
      {"tsv", TIDE_TIMES_EPOCH, "1226442600\n"},
      {"jsonl", TIDE_TIMES_DATE, "{\"time\":\"2008-11-11\"}\n"},
      {"jsonl", TIDE_TIMES_EPOCH, "{\"time\":1226442600}\n"},
  };
  tide_value value = tide_value_time(1226442600, -18000);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].format);
    tide_emit_options options = {.times = cases[i].form};
    tide_buffer out = {0};
    assert_int_equal(tide_emitter_find(cases[i].format)->row(names, &value, 1, &options, &out),
                     TIDE_OK);
    assert_span_equal(tide_buffer_span(&out), cases[i].text);
    tide_buffer_free(&out);
  }
  /* Before the epoch, and in the year 982. */
  tide_emit_options local = {.times = TIDE_TIMES_LOCAL}, epoch = {.times = TIDE_TIMES_EPOCH};
  tide_value early = tide_value_time(-31166121600, 0);
  tide_buffer out = {0};
  tide_emitter_find("tsv")->row(names, &early, 1, &local, &out);
  tide_emitter_find("tsv")->row(names, &early, 1, &epoch, &out);
  assert_span_equal(tide_buffer_span(&out), "0982-05-21 00:00:00\n-31166121600\n");
  tide_buffer_free(&out);
}

/* A row of one cell with nothing in it is no blank line, which readers pass over. */
static void lone_cells(void **state) {
  (void)state;
  static const char *const one[] = {"x"};
  const tide_emit_options options = {.raw_cells = false}, raw = {.raw_cells = true};
  const tide_value cells[] = {tide_value_empty(), tide_value_text(SPAN("")), tide_value_real(NAN),
                              tide_value_text(SPAN("a"))};
  tide_buffer out = {0};
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    assert_int_equal(tide_emit_csv.row(one, &cells[i], 1, &options, &out), TIDE_OK);
    assert_int_equal(tide_emit_csv.row(one, &cells[i], 1, &raw, &out), TIDE_OK);
  }
  assert_span_equal(tide_buffer_span(&out),
                    "\"\"\r\n\"\"\r\n\"\"\r\n\"\"\r\n\"\"\r\n\"\"\r\na\r\na\r\n");
  tide_buffer_clear(&out);
  assert_int_equal(tide_emit_csv.row(names, cells, 2, &options, &out), TIDE_OK);
  assert_span_equal(tide_buffer_span(&out), ",\r\n");
  tide_buffer_free(&out);
}

/* Heads may be text from mail: cleaned, defused, quoted. */
static void heads(void **state) {
  (void)state;
  static const char *const from_mail[] = {"=1+1", "a,b", "x\033[31m"};
  static const struct {
    const char *format;
    tide_emit_options options;
    const char *text;
  } cases[] = {
      {"csv", {0}, "'=1+1,\"a,b\",x [31m\r\n"},
      {"csv", {.bom = true}, "\xef\xbb\xbf'=1+1,\"a,b\",x [31m\r\n"},
      {"csv", {.raw_cells = true}, "=1+1,\"a,b\",x [31m\r\n"},
      {"tsv", {.bom = true}, "\xef\xbb\xbf'=1+1\ta,b\tx [31m\n"},
      {"jsonl", {0}, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].format);
    tide_buffer out = {0};
    const tide_emitter *e = tide_emitter_find(cases[i].format);
    assert_int_equal(e->head(from_mail, 3, &cases[i].options, &out), TIDE_OK);
    assert_span_equal(tide_buffer_span(&out), cases[i].text);
    tide_buffer_free(&out);
  }
  assert_false(tide_emitter_find("jsonl")->takes_bom);
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
      {-65.254321, "-65.25"},
      {1.0 / 3, "0.3333"},
      {12142857.142857142, "12142857"},
      {12345.5, "12346"},
      {1000.4, "1000"},
      {999.96, "1000"},
      {104.26, "104.3"},
      {99.996, "100"},
      {-0.0000001, "-0.0000001"},
      {100, "100"},
      {0.05, "0.05"},
      {0.00003456789, "0.00003457"},
      {-0.00000031416, "-0.0000003142"},
      {3e-11, "0.00000000003"},
      {4e-12, "0"},
      {0.0001, "0.0001"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    char text[40];
    tide_real_format(cases[i].x, text);
    assert_string_equal(text, cases[i].text);
  }
  assert_int_equal(tide_value_real(1.0 / (double)(reals == NULL)).kind, TIDE_VALUE_EMPTY);
}

/* A p-value is a number that is not 0, and none that a spreadsheet takes for text. */
static void probabilities(void **state) {
  (void)state;
  static const struct {
    double p;
    const char *text;
  } cases[] = {{1, "1"},
               {0.05, "0.05"},
               {0.00012345, "0.0001234"},
               {2e-8, "0.00000002"},
               {2.5449e-9, "2.545e-09"},
               {3e-300, "3.000e-300"},
               {0, "2.225e-308"},
               {5e-324, "2.225e-308"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    tide_value v = tide_value_probability(cases[i].p);
    char text[40];
    assert_int_equal(v.kind, TIDE_VALUE_PROBABILITY);
    assert_int_equal(tide_probability_format(v.real, text), strlen(cases[i].text));
    assert_string_equal(text, cases[i].text);
  }
  assert_int_equal(tide_value_probability(NAN).kind, TIDE_VALUE_EMPTY);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(probabilities), cmocka_unit_test(clean),
                                     cmocka_unit_test(many_cells),    cmocka_unit_test(lone_cells),
                                     cmocka_unit_test(formats),       cmocka_unit_test(times),
                                     cmocka_unit_test(heads),         cmocka_unit_test(reals)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
