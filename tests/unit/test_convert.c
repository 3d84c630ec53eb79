/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with other characters and line ends: which are converted, and that the result does not
 * depend on the pieces they are read in. */
#include "cmocka_all.h"

#include "../../lib/source/convert.h"

#define LE(c) c "\0"

static void choices(void **state) {
  (void)state;
  static const struct {
    tide_span peek;
    tide_conversion kind;
  } cases[] = {
      {SPAN("A: 1\nB: 2\n\nx\n"), TIDE_CONVERT_NONE},
      {SPAN("A: 1\r\nB: 2\r\n\r\nx\r\n"), TIDE_CONVERT_NONE},
      {SPAN("A: 1\nB: 2\r\n\r\n\nx\r\n"), TIDE_CONVERT_NONE},
      {SPAN("A: 1\rstray\nB: 2\n\nx\ny\n"), TIDE_CONVERT_NONE},
      {SPAN("A: 1\r\rB: 2\n\nx\n"), TIDE_CONVERT_NONE},
      {SPAN("\n\r\nA: 1\r\n\r\nx\r\n"), TIDE_CONVERT_NONE},
      {SPAN("A: 1\r"), TIDE_CONVERT_NONE},
      {SPAN(""), TIDE_CONVERT_NONE},
      {SPAN("A: 1\rB: 2\r\rx\r"), TIDE_CONVERT_CR},
      {SPAN("A: 1\r\r\nB: 2\r\r\n\r\r\nx\r\r\n"), TIDE_CONVERT_CRCRLF},
      {SPAN("A: 1\n\rB: 2\n\r\n\rx\n\r"), TIDE_CONVERT_LFCR},
      {SPAN("\xff\xfe" LE("A") LE(":") LE("1") LE("\n") LE("\xe9") LE("b") LE("c") LE("d")),
       TIDE_CONVERT_UTF16LE},
      {SPAN("\xfe\xff\0A\0:\0 \0a\0b\0c\0d\0e"), TIDE_CONVERT_UTF16BE},
      {SPAN(LE("A") LE(":") LE(" ") LE("a") LE("b") LE("c") LE("d") LE("e")), TIDE_CONVERT_UTF16LE},
      {SPAN("\0A\0:\0 \0a\0b\0c\0d\0e"), TIDE_CONVERT_UTF16BE},
      {SPAN("\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
       TIDE_CONVERT_NONE},
      {SPAN("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0From x\n"), TIDE_CONVERT_NONE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    if (tide_convert_choose(cases[i].peek) != cases[i].kind)
      fail_msg("case %zu: %d instead of %d", i, (int)tide_convert_choose(cases[i].peek),
               (int)cases[i].kind);
}

static void pieces(void **state) {
  (void)state;
  static const struct {
    tide_conversion kind;
    tide_span from, to;
  } cases[] = {
      {TIDE_CONVERT_NONE, SPAN("a\r\nb\0"), SPAN("a\r\nb\0")},
      {TIDE_CONVERT_CR, SPAN("a\r\rb\r\nc\nd\r"), SPAN("a\n\nb\nc\nd\n")},
      {TIDE_CONVERT_CRCRLF, SPAN("a\r\r\n\r\r\r\nb\r\nc\n\r"), SPAN("a\r\n\r\nb\r\nc\n\r")},
      {TIDE_CONVERT_LFCR, SPAN("a\n\r\n\rb\rc\n"), SPAN("a\n\nb\rc\n")},
      {TIDE_CONVERT_UTF16LE, SPAN("\xff\xfe" LE("a") "\x2c\x20\x3d\xd8\x00\xde" LE("b")),
       SPAN("a\xe2\x80\xac\xf0\x9f\x98\x80"
            "b")},
      {TIDE_CONVERT_UTF16BE, SPAN("\xfe\xff\0a\x01\x7e\xfe\xff"), SPAN("a\xc5\xbe\xef\xbb\xbf")},
      /* Halves of a pair, and of a unit. */
      {TIDE_CONVERT_UTF16BE, SPAN("\xd8\x3d\0a\xde\x00\0b\xd8\x3d"),
       SPAN("\xef\xbf\xbd"
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd")},
      {TIDE_CONVERT_UTF16LE, SPAN("a\0b"), SPAN("a\xef\xbf\xbd")},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %.*s", i, (int)cases[i].from.len, cases[i].from.ptr);
    for (size_t step = 1; step <= cases[i].from.len; step++) {
      at("step = %zu", step);
      tide_convert c = {.kind = cases[i].kind};
      tide_buffer out = {0};
      for (size_t at = 0; at < cases[i].from.len; at += step) {
        at("at = %zu", at);
        assert_int_equal(
            tide_convert_put(&c, tide_span_slice(cases[i].from, at, at + step), false, &out),
            TIDE_OK);
      }
      assert_int_equal(tide_convert_put(&c, (tide_span){0}, true, &out), TIDE_OK);
      if (!tide_span_equal(tide_buffer_span(&out), cases[i].to))
        fail_msg("case %zu in steps of %zu: \"%.*s\"", i, step, (int)out.len, out.ptr);
      tide_buffer_free(&out);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(choices), cmocka_unit_test(pieces)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
