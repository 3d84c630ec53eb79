/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Subjects as a reader sees them: encoded words, broken ones, raw 8-bit text, folding. */
#include "cmocka_all.h"

#include <stdlib.h>
#include <time.h>

#include "mime/message.h"

static int setup(void **state) {
  (void)state;
  tide_mime_init();
  return 0;
}

/* What the calling thread has worked, in seconds: a busy machine makes a test wait, but not work.
 */
static double worked(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Strict UTF-8 (RFC 3629), written apart from the library's. */
static bool valid(tide_span s) {
  for (size_t i = 0; i < s.len;) {
    unsigned char c = (unsigned char)s.ptr[i++];
    int more = c < 0x80 ? 0 : -1;
    if (c >= 0xc2 && c < 0xf5)
      more = 1 + (c >= 0xe0) + (c >= 0xf0);
    if (more < 0)
      return false;
    uint32_t value = more ? c & (0x3fu >> more) : c;
    for (int k = 0; k < more; k++) {
      if (i == s.len || ((unsigned char)s.ptr[i] & 0xc0) != 0x80)
        return false;
      value = value << 6 | ((unsigned char)s.ptr[i++] & 0x3fu);
    }
    if ((more == 2 && value < 0x800) || (more == 3 && (value < 0x10000 || value > 0x10ffff)) ||
        (value >= 0xd800 && value < 0xe000))
      return false;
  }
  return true;
}

static void decode(void **state) {
  (void)state;
  static const struct {
    tide_span value;
    const char *text;
  } cases[] = {
      {SPAN(""), ""},
      {SPAN("plain"), "plain"},
      {SPAN("two  blanks"), "two  blanks"},
      {SPAN("folded\n here"), "folded here"},
      {SPAN("folded\r\n\t \there  \r\n and there"), "folded here and there"},
      {SPAN("bare\rCR"), "bare\rCR"},
      {SPAN("1 = 2 ? no"), "1 = 2 ? no"},
      {SPAN("what=?"), "what=?"},
      /* quoted-printable and base64 words */
      {SPAN("=?utf-8?Q?Viagra?="), "Viagra"},
      {SPAN("=?UTF-8?q?V=69agra?="), "Viagra"},
      {SPAN("=?utf-8?B?VmlhZ3Jh?="), "Viagra"},
      {SPAN("=?utf-8?b?VmlhZ3Jh?= now"), "Viagra now"},
      {SPAN("=?iso-8859-1?Q?caf=E9?="), "caf\xc3\xa9"},
      {SPAN("=?iso-8859-1?Q?a_b?="), "a b"},
      {SPAN("=?utf-8*en?Q?language?="), "language"},
      {SPAN("=?us-ascii?Q?a?="), "a"},
      {SPAN("=?ISO-2022-JP?B?GyRCJWEhPCVrGyhCAA==?="), "\xe3\x83\xa1\xe3\x83\xbc\xe3\x83\xab"},
      /* words hidden by cutting them */
      {SPAN("=?utf-8?Q?Via?= =?utf-8?Q?gra?="), "Viagra"},
      {SPAN("=?utf-8?Q?Via?=\r\n =?utf-8?B?Z3Jh?="), "Viagra"},
      {SPAN("=?utf-8?Q?Via?= =?iso-8859-1?Q?gra?="), "Viagra"},
      {SPAN("=?utf-8?Q?Via?==?utf-8?Q?gra?="), "Viagra"},
      {SPAN("Via=?utf-8?Q?g?=ra"), "Viagra"},
      {SPAN("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?="), "caf\xc3\xa9"},
      {SPAN("=?utf-8?B?VmlhZ3?= =?utf-8?B?Jh?="), "Viagra"},
      {SPAN("=?utf-8?B?VmlhZ3Jh=?= x"), "Viagra x"},
      {SPAN("=?utf-8?Q?blanks in it?="), "blanks in it"},
      {SPAN("a =?utf-8?Q?b?= c"), "a b c"},
      {SPAN("=?utf-8?Q?a?= b =?utf-8?Q?c?="), "a b c"},
      {SPAN("=?utf-8?Q?"
            "?="),
       ""},
      /* charsets */
      {SPAN("=?windows-1251?Q?=CF=F0=E8?="), "\xd0\x9f\xd1\x80\xd0\xb8"},
      {SPAN("=?koi8-r?B?8NLJ?="), "\xd0\x9f\xd1\x80\xd0\xb8"},
      {SPAN("=?iso-2022-jp?B?GyRCJDMbKEI=?="), "\xe3\x81\x93"},
      {SPAN("=?gb2312?B?xOO6ww==?="), "\xe4\xbd\xa0\xe5\xa5\xbd"},
      {SPAN("=?big5?B?p0Gmbg==?="), "\xe4\xbd\xa0\xe5\xa5\xbd"},
      {SPAN("=?euc-kr?B?vsiz5w==?="), "\xec\x95\x88\xeb\x85\x95"},
      {SPAN("=?shift_jis?B?grE=?="), "\xe3\x81\x93"},
      {SPAN("=?nonsense?Q?caf=E9?="), "caf\xc3\xa9"},
      {SPAN("=?windows-1252?Q?=80=93?="), "\xe2\x82\xac\xe2\x80\x9c"},
      {SPAN("=?iso-8859-1?Q?caf=C3=A9?="), "caf\xc3\xa9"},
      {SPAN("=?iso-2022-jp?B?GyRCJCIbKEkxGyhC?="), "\xe3\x81\x82\xef\xbd\xb1"},
      {SPAN("=?windows-1255?B?7ufp+A==?="), "\xd7\x9e\xd7\x97\xd7\x99\xd7\xa8"},
      {SPAN("=?windows-1258?Q?gi=E1_x?="), "gi\xc3\xa1 x"},
      {SPAN("=?hz-gb-2312?Q?~{4YOz~}?="), "\xe4\xbf\x83\xe9\x94\x80"},
      {SPAN("=?unicode-1-1-utf-7?Q?+ANw-ber?="), "\xc3\x9c"
                                                 "ber"},
      /* padding left off, a sign that should have been encoded */
      {SPAN("=?utf-8?B?aGVsbG8?="), "hello"},
      {SPAN("=?gb2312?B?tNnP+rvutg?=\n =?gb2312?B?r7+qyrw?="),
       "\xe4\xbf\x83\xe9\x94\x80\xe6\xb4\xbb\xe5\x8a\xa8\xe5\xbc\x80\xe5\xa7\x8b"},
      /* cut off at the end of the value */
      {SPAN("=?utf-8?Q?Hello_wor=C3"), "Hello wor"},
      {SPAN("=?utf-8?Q?caf=C3=A9_t=E"), "caf\xc3\xa9 t"},
      {SPAN("=?utf-8?B?0J/RgNC40LLQtdGC0"), "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82"},
      {SPAN("[SPAM] =?utf-8?B?VmlhZ3Jh"), "[SPAM] Viagra"},
      {SPAN("=?utf-8?B?VmlhZ3Jh?"), "Viagra"},
      {SPAN("=?utf-8?Q?Via=67ra?"), "Viagra"},
      {SPAN("=?utf-8?Q?Via=67ra now"), "=?utf-8?Q?Via=67ra now"},
      {SPAN("=?utf-8?B?"), "=?utf-8?B?"},
      /* no charset at all: what the letters look like */
      {SPAN("\xea\xf3\xef\xe8\xf2\xe5 \xf1\xe5\xe9\xf7\xe0\xf1"),
       "\xd0\xba\xd1\x83\xd0\xbf\xd0\xb8\xd1\x82\xd0\xb5 "
       "\xd1\x81\xd0\xb5\xd0\xb9\xd1\x87\xd0\xb0\xd1\x81"},
      /* URL's alphabet (RFC 4648 5); an escape that the next word ends */
      {SPAN("=?utf-8?B?w7_Dvj8-b2s=?="), "\xc3\xbf\xc3\xbe?>ok"},
      {SPAN("=?utf-8?B?w7_D?= =?utf-8?B?vj8-b2s?="), "\xc3\xbf\xc3\xbe?>ok"},
      {SPAN("=?utf-8?Q?p=?= =?utf-8?Q?C5=99idal?="), "p\xc5\x99idal"},
      {SPAN("=?utf-8?Q?p=C?=\n =?utf-8?Q?5=99idal?="), "p\xc5\x99idal"},
      {SPAN("=?utf-8?Q?1_=?= =?utf-8?Q?_one?="), "1 = one"},
      {SPAN("=?utf-8?Q?p=?= =?utf-8?B?QTE=?="), "p=A1"},
      {SPAN("=?utf-8?Q?p=?= A1"), "p= A1"},
      {SPAN("=?utf-8?Q?Really?"
            "?="),
       "Really?"},
      {SPAN("=?utf-8?Q?Re?ally?= x"), "Re?ally x"},
      {SPAN("=?utf-8?Q?Really?=20now?= x"), "Really? now x"},
      {SPAN("=?utf-8?Q?Really?=20now"), "Really20now"},
      {SPAN("=?utf-8?Q?a?b =?utf-8?Q?c?="), "=?utf-8?Q?a?b c"},
      {SPAN("=?utf-8 ?B?VmlhZ3Jh?= =? utf-8? Q?x?="), "Viagrax"},
      {SPAN("=?utf 8?Q?x?="), "=?utf 8?Q?x?="},
      {SPAN("\x1b$B$3\x1b(B"), "\xe3\x81\x93"},
      /* raw bytes */
      {SPAN("caf\xc3\xa9"), "caf\xc3\xa9"},
      {SPAN("caf\xe9"), "caf\xc3\xa9"},
      {SPAN("\x80 10"), "\xe2\x82\xac 10"},
      {SPAN("caf\xe9 =?utf-8?Q?x?="), "caf\xc3\xa9 x"},
      {SPAN("a\0b"), "a\0b"},
      /* raw beside a word: of the word's charset */
      {SPAN("\xcf\xf0\xe8 =?windows-1251?B?z/Do?="),
       "\xd0\x9f\xd1\x80\xd0\xb8 \xd0\x9f\xd1\x80\xd0\xb8"},
      /* a soft line break, as only bodies have them; a sign that is one */
      {SPAN("=?utf-8?Q?caf=\n =C3=A9?="), "caf\xc3\xa9"},
      {SPAN("=?utf-8?Q?100=ZZ=?="), "100=ZZ="},
      {SPAN("=?utf-8? Q ?x?="), "x"},
      /* what is no encoded word stays */
      {SPAN("=?utf-8?Q?never closed"), "=?utf-8?Q?never closed"},
      {SPAN("=?utf-8?X?unknown?="), "=?utf-8?X?unknown?="},
      {SPAN("=??Q?no charset?="), "=??Q?no charset?="},
      {SPAN("=?utf-8?Q?="), "=?utf-8?Q?="},
      {SPAN("=?"), "=?"},
  };
  tide_arena arena = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    tide_span got = tide_header_decode(cases[i].value, &arena);
    size_t want = i && memchr(cases[i].value.ptr, 0, cases[i].value.len) ? cases[i].value.len
                                                                         : strlen(cases[i].text);
    if (!tide_span_equal(got, tide_span_make(cases[i].text, want)))
      fail_msg("%s: got \"%.*s\", want \"%s\"", cases[i].value.ptr, (int)got.len, got.ptr,
               cases[i].text);
  }
  tide_arena_free(&arena);
}

static void unfold(void **state) {
  (void)state;
  static const struct {
    const char *value, *text;
  } cases[] = {
      {"a", "a"},
      {"a\n b", "a b"},
      {"a \r\n\t b\n c", "a b c"},
      {"a\n \n b", "a b"},
      {"=?utf-8?Q?a?=", "=?utf-8?Q?a?="},
      {"=?utf-8?Q?a?=\n =?utf-8?Q?b?=", "=?utf-8?Q?a?= =?utf-8?Q?b?="},
      {"caf\xe9\n x", "caf\xc3\xa9 x"},
      {"caf\xc3\xa9 \xc3", "caf\xc3\xa9 \xc3\x83"},
      {"a\rb", "a\rb"},
  };
  tide_arena arena = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].value);
    assert_span_equal(tide_header_unfold(tide_span_of(cases[i].value), &arena), cases[i].text);
  }
  /* Nothing is copied where nothing changes. */
  const char *same = "nothing to do \xc3\xa9";
  assert_ptr_equal(tide_header_unfold(tide_span_of(same), &arena).ptr, same);
  assert_ptr_equal(tide_header_decode(tide_span_of(same), &arena).ptr, same);
  tide_arena_free(&arena);
}

/* Whatever is made of encoded words' bricks and odd bytes: valid UTF-8 comes out, of a bounded
 * length. */
static void always_valid(void **state) {
  (void)state;
  static const char *const bricks[] = {
      "=?",       "?=",   "?Q?", "?B?", "utf-8", "utf-16", "utf-7",    "iso-2022-jp",  "gb2312",
      "x",        "=E9",  "=C3", "=00", "=0A",   "4pyT",   "AA==",     "\xe9",         "\xc3\xa9",
      "\xe2\x82", " ",    "\n ", "_",   "?",     "=",      "\xf0\x9f", "\xed\xa0\x80", "*en",
      "\x1b$B",   "big5", "\xff"};
  uint32_t seed = 2008;
  tide_arena arena = {0};
  for (int round = 0; round < 20000; round++) {
    at("round = %d", round);
    char text[512];
    size_t len = 0;
    int count = (int)((seed >> 8) % 24) + 1;
    for (int k = 0; k < count; k++) {
      seed = seed * 1664525u + 1013904223u;
      const char *brick = bricks[(seed >> 16) % (sizeof bricks / sizeof *bricks)];
      memcpy(text + len, brick, strlen(brick));
      len += strlen(brick);
    }
    tide_span decoded = tide_header_decode(tide_span_make(text, len), &arena),
              plain = tide_header_unfold(tide_span_make(text, len), &arena);
    if (!valid(decoded) || !valid(plain))
      fail_msg("not UTF-8: %.*s", (int)len, text);
    assert_number(decoded.len, <=, 4 * len);
    tide_arena_reset(&arena);
  }
  tide_arena_free(&arena);
}

/* A value that is cut at the limit is cut before a character, not in it. */
static void cut_at_a_character(void **state) {
  (void)state;
  size_t len = TIDE_LIMIT_HEADER_VALUE + 64;
  char *text = malloc(len);
  assert_non_null(text);
  tide_arena arena = {0};
  for (size_t shift = 0; shift < 3; shift++) {
    at("shift = %zu", shift);
    for (size_t i = 0; i < len; i++)
      text[i] = i < shift ? 'x' : "\xe2\x82\xac"[(i - shift) % 3];
    tide_span got = tide_header_decode(tide_span_make(text, len), &arena);
    assert_true(valid(got));
    assert_true(got.len <= TIDE_LIMIT_HEADER_VALUE && got.len > TIDE_LIMIT_HEADER_VALUE - 3);
    assert_true(memcmp(got.ptr, text, got.len) == 0);
  }
  tide_arena_free(&arena);
  free(text);
}

/* A value as long as may be, of whatever looks like the beginning or the end of a word, costs
 * milliseconds: a look at all that follows for each of them would take a quarter of a second. */
static void words_without_end(void **state) {
  (void)state;
  static const char *const units[] = {"=?a?q?",  "=?a?q?=41",  "=?=20?q?x", "=?a?q?x?=20", "=?a?b?",
                                      "=?a?b?A", "=?a?q?x?=4", "=?a",       "=?a?",        "?="};
  static const char *const ends[] = {"", " x y", "?", "=", "?= x"};
#ifdef TIDE_SANITIZED
  const double most = 1;
#else
  const double most = 0.08;
#endif
  enum { UNITS = sizeof units / sizeof *units, ENDS = sizeof ends / sizeof *ends };
  char *text = malloc(TIDE_LIMIT_HEADER_VALUE);
  assert_non_null(text);
  for (size_t i = 0; i < (size_t)UNITS * ENDS; i++) {
    at("i = %zu", i);
    const char *unit = units[i / ENDS], *end = ends[i % ENDS];
    const size_t len = TIDE_LIMIT_HEADER_VALUE - strlen(end);
    tide_arena arena = {0};
    for (size_t k = 0; k < len; k++)
      text[k] = unit[k % strlen(unit)];
    memcpy(text + len, end, strlen(end));
    const double start = worked();
    assert_true(valid(tide_header_decode(tide_span_make(text, TIDE_LIMIT_HEADER_VALUE), &arena)));
    const double seconds = worked() - start;
    if (seconds > most)
      fail_msg("%s… %s: %.3f s", unit, end, seconds);
    tide_arena_free(&arena);
  }
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(decode), cmocka_unit_test(unfold), cmocka_unit_test(always_valid),
      cmocka_unit_test(cut_at_a_character), cmocka_unit_test(words_without_end)};
  return cmocka_run_group_tests(tests, setup, NULL);
}
