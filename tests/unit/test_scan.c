/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each width of search that this processor has gives the plain search's answer at every length,
 * alignment and place. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "base/scan.h"

static int with_1(void **state) {
  (void)state;
  return tide_scan_limit(TIDE_SCAN_1) != TIDE_SCAN_1;
}

static int with_16(void **state) {
  (void)state;
  return tide_scan_limit(TIDE_SCAN_16) == TIDE_SCAN_32;
}

static int with_32(void **state) {
  (void)state;
  if (tide_scan_limit(TIDE_SCAN_32) != TIDE_SCAN_32)
    print_message("no searches of 32 bytes on this processor: those below are narrower\n");
  return 0;
}

static void same_as_plain(void **state) {
  (void)state;
  static const char alphabet[] = "From >\nFrx";
  uint32_t seed = 2463534242u;
  char *bytes = malloc(512 + 64);
  for (int round = 0; round < 20000; round++) {
    at("round = %d", round);
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    size_t align = seed % 32, len = (seed >> 8) % 400;
    for (size_t i = 0; i < len; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      bytes[align + i] = alphabet[seed % (sizeof alphabet - 1)];
    }
    for (int k = 0; k < 3 && len > 8; k++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      size_t at = seed % (len - 6);
      memcpy(bytes + align + at, "\nFrom ", 6);
    }
    tide_span s = tide_span_make(bytes + align, len);
    for (size_t at = 0; at <= len;) {
      at("at = %zu", at);
      size_t want = tide_scan_from_plain(s, at), got = tide_scan_from(s, at);
      assert_int_equal(got, want);
      at = want + 1;
    }
  }
  free(bytes);
}

static void lines_same_as_plain(void **state) {
  (void)state;
  uint32_t seed = 88675123u;
  char *bytes = malloc(1024 + 64);
  uint16_t want[TIDE_SCAN_LINES + TIDE_SCAN_SLACK], got[TIDE_SCAN_LINES + TIDE_SCAN_SLACK];
  for (int round = 0; round < 20000; round++) {
    at("round = %d", round);
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    size_t align = seed % 32, len = (seed >> 8) % 900, dense = (seed >> 20) % 40 + 1;
    for (size_t i = 0; i < len; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      bytes[align + i] = seed % dense ? (char)(seed >> 8) : '\n';
    }
    tide_span s = tide_span_make(bytes + align, len);
    size_t from = len ? (seed >> 9) % len : 0;
    bool odd = false, odd_plain = false;
    for (size_t i = 0; i < len && seed % 3; i++) /* in most rounds no NUL or CR, or only one */
      if (bytes[align + i] == '\0' || bytes[align + i] == '\r')
        bytes[align + i] = 'x';
    if (len && seed % 3 == 1)
      bytes[align + (seed >> 12) % len] = seed % 2 ? '\0' : '\r';
    size_t n = tide_scan_lines_plain(s, from, len, want, &odd_plain);
    assert_int_equal(tide_scan_lines(s, from, len, got, &odd), n);
    assert_int_equal(odd, odd_plain);
    if (n)
      assert_memory_equal(got, want, n * sizeof *got);
    for (size_t i = 0; i < n; i++) {
      at("i = %zu", i);
      assert_int_equal(s.ptr[from + want[i]], '\n');
    }
  }
  memset(bytes, '\n', 1024);
  assert_int_equal(tide_scan_lines(tide_span_make(bytes, 1024), 3, 1024, got, &(bool){false}),
                   TIDE_SCAN_LINES);
  assert_int_equal(got[TIDE_SCAN_LINES - 1], TIDE_SCAN_LINES - 1);
  free(bytes);
}

static void dashes_and_fours_same_as_plain(void **state) {
  (void)state;
  static const char alphabet[] = "--\n-Ab aB\rx";
  const uint32_t keys[TIDE_SCAN_FOURS] = {0x20626161, 0x61626161, 0x62616262, 0x2d2d2d2d,
                                          0x78787878, 0x61616161, 0x62626262, 0x2d2d2a2d};
  uint32_t seed = 2463534242u;
  char *bytes = malloc(512 + 64);
  for (int round = 0; round < 20000; round++) {
    at("round = %d", round);
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    size_t align = seed % 32, len = (seed >> 8) % 400, count = 1 + (seed >> 20) % TIDE_SCAN_FOURS,
           dense = 2 + (seed >> 24) % 40;
    for (size_t i = 0; i < len; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      bytes[align + i] = (seed >> 16) % dense ? 'z' : alphabet[seed % (sizeof alphabet - 1)];
    }
    if (len > 8)
      memcpy(bytes + align + seed % (len - 4), "\n--b", 4);
    tide_span s = tide_span_make(bytes + align, len);
    for (size_t at = 0; at <= len;) {
      at("at = %zu", at);
      size_t want = tide_scan_dashes_plain(s, at);
      assert_int_equal(tide_scan_dashes(s, at), want);
      at = want + 1;
    }
    for (size_t at = 0; at <= len;) {
      at("at = %zu", at);
      size_t want = tide_scan_fours_plain(s, at, keys, count);
      assert_int_equal(tide_scan_fours(s, at, keys, count), want);
      at = want + 1;
    }
  }
  assert_int_equal(tide_scan_fours(SPAN("xx AaB y"), 0, keys, 1), 3);
  assert_int_equal(tide_scan_dashes(SPAN("--a\n--b"), 0), 4);
  free(bytes);
}

static void heads_words_and_names_same_as_plain(void **state) {
  (void)state;
  static const char alphabet[] = "\n\n\rCcDx \t\v\f(:~\x7f\x80\xff\xe3!9\x1f\0-<&>abcX yz";
  uint32_t seed = 521288629u;
  char *bytes = malloc(512 + 64);
  for (int round = 0; round < 30000; round++) {
    at("round = %d", round);
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    /* Of few or many kinds of bytes, so that runs are long and short. */
    size_t align = seed % 32, len = (seed >> 8) % 200,
           kinds = (seed >> 16) % 4 ? sizeof alphabet - 1 : 1 + (seed >> 20) % 8;
    for (size_t i = 0; i < len; i++) {
      seed ^= seed << 13;
      seed ^= seed >> 17;
      seed ^= seed << 5;
      bytes[align + i] = (seed >> 10) % 16 < 12 && round % 2
                             ? "abX y"[(seed >> 3) % 5]
                             : alphabet[sizeof alphabet - 2 - seed % kinds];
    }
    tide_span s = tide_span_make(bytes + align, len);
    for (size_t at = 0; at <= len; at++) {
      at("at = %zu", at);
      assert_int_equal(tide_scan_head(s, at), tide_scan_head_plain(s, at));
      tide_span rest = tide_span_slice(s, at, len);
      assert_int_equal(tide_scan_word(rest), tide_scan_word_plain(rest));
      assert_int_equal(tide_scan_name(rest), tide_scan_name_plain(rest));
      assert_int_equal(tide_scan_printable(rest), tide_scan_printable_plain(rest));
      assert_int_equal(tide_scan_shown(rest), tide_scan_shown_plain(rest));
      assert_int_equal(tide_scan_any(rest, "\x80(:\n"), tide_scan_any_plain(rest, "\x80(:\n"));
    }
  }
  free(bytes);
}

static void places(void **state) {
  (void)state;
  assert_int_equal(tide_scan_from(SPAN("From x"), 0),
                   6); /* the very first byte is never a place: nothing stands before it */
  assert_int_equal(tide_scan_from(SPAN("\nFrom "), 0), 1);
  assert_int_equal(tide_scan_from(SPAN("\nFrom"), 0), 5);
  assert_int_equal(tide_scan_from(SPAN("x\n>From y"), 0), 3);
  assert_int_equal(tide_scan_from(SPAN("x From y"), 0), 8);
  assert_int_equal(tide_scan_from(SPAN(""), 0), 0);
  assert_int_equal(tide_scan_head(SPAN("A: b\nD: c\nc: d"), 0), 10);
  assert_int_equal(tide_scan_head(SPAN("A: b\r\nD: c\r\n\r\n"), 0), 12);
  assert_int_equal(tide_scan_head(SPAN("C: b\n"), 0), 5);
  assert_int_equal(tide_scan_word(SPAN("host(x")), 4);
  assert_int_equal(tide_scan_word(SPAN("a.long.name.of.a.host.example\x0b")), 29);
  assert_int_equal(tide_scan_name(SPAN("X-Some-Rather-Long-Field: x")), 24);
  assert_int_equal(tide_scan_name(SPAN("\xe9:")), 0);
  assert_int_equal(tide_scan_printable(SPAN(" a~ and so on to the end.\x7f")), 25);
  assert_int_equal(tide_scan_printable(SPAN("\xc3")), 0);
  assert_int_equal(tide_scan_shown(SPAN(" One word and another one <b")), 26);
  assert_int_equal(tide_scan_shown(SPAN("One word and another   one")), 20);
  assert_int_equal(tide_scan_shown(SPAN("<")), 0);
  assert_int_equal(tide_scan_any(SPAN("twenty and more letters, \"x\""), ",\"\r\n"), 23);
}

/* Blocks are of 16, 32 and 64 bytes: what is looked for stands at each place around their ends, in
 * spans of each length around them, and an allocation ends where the span does. */
static void at_every_place(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t (*scan)(tide_span, size_t), (*plain)(tide_span, size_t);
  } searches[] = {{"\nFrom ", tide_scan_from, tide_scan_from_plain},
                  {"\n--", tide_scan_dashes, tide_scan_dashes_plain},
                  {"\nc", tide_scan_head, tide_scan_head_plain}};
  for (size_t k = 0; k < sizeof searches / sizeof *searches; k++) {
    at("row %zu of searches: %s", k, searches[k].text);
    const size_t found = strlen(searches[k].text);
    for (size_t len = found; len < 150; len++) {
      at("len = %zu", len);
      char *bytes = malloc(len);
      assert_non_null(bytes);
      for (size_t at = 0; at + found <= len; at++) {
        at("at = %zu", at);
        memset(bytes, 'x', len);
        memcpy(bytes + at, searches[k].text, found);
        tide_span s = tide_span_make(bytes, len);
        assert_int_equal(searches[k].plain(s, 0), at + 1);
        for (size_t from = 0; from <= at + 1; from++) {
          at("from = %zu", from);
          assert_int_equal(searches[k].scan(s, from), at + 1);
        }
        assert_int_equal(searches[k].scan(s, at + 2), len);
      }
      free(bytes);
    }
  }
}

/* The first byte that ends a word, a name and so on, at each place of spans of each length. */
static void ends_at_every_place(void **state) {
  (void)state;
  for (size_t len = 0; len < 100; len++) {
    at("len = %zu", len);
    char *bytes = malloc(len + 1);
    assert_non_null(bytes);
    for (size_t at = 0; at <= len; at++) {
      at("at = %zu", at);
      memset(bytes, 'x', len);
      if (at < len)
        bytes[at] = '\n';
      tide_span s = tide_span_make(bytes, len);
      assert_int_equal(tide_scan_word(s), at);
      assert_int_equal(tide_scan_name(s), at);
      assert_int_equal(tide_scan_printable(s), at);
      assert_int_equal(tide_scan_shown(s), at);
      assert_int_equal(tide_scan_any(s, ",\"\r\n"), at);
    }
    free(bytes);
  }
}

#define EACH_WIDTH(test)                                                                           \
  {#test " by 1", test, with_1, NULL, NULL}, {#test " by 16", test, with_16, NULL, NULL}, {        \
#test " by 32", test, with_32, NULL, NULL                                                      \
  }

int main(void) {
  const struct CMUnitTest tests[] = {EACH_WIDTH(same_as_plain),
                                     EACH_WIDTH(lines_same_as_plain),
                                     EACH_WIDTH(dashes_and_fours_same_as_plain),
                                     EACH_WIDTH(heads_words_and_names_same_as_plain),
                                     EACH_WIDTH(at_every_place),
                                     EACH_WIDTH(ends_at_every_place),
                                     EACH_WIDTH(places)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
