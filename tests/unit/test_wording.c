/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which words and pairs a message has. */
#include "cmocka_all.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "extract/wording.h"

static tide_arena arena;

static bool cut;

/* The words with a bar between them. */
static const char *words_of(const char *subject, tide_span text) {
  const tide_message m = {.subject = tide_span_of(subject), .text = text};
  const tide_span *words;
  uint32_t count;
  tide_buffer out = {0};
  tide_message empty = m;
  for (size_t i = 0; i < TIDE_HEADER_COUNT; i++)
    empty.first[i] = TIDE_HEADER_NONE;
  assert_int_equal(tide_wording_make(&empty, &arena, &words, &count, &cut), TIDE_OK);
  for (uint32_t i = 0; i < count; i++) {
    at("i = %u", i);
    assert_int_equal(
        tide_buffer_printf(&out, "%s%.*s", i ? "|" : "", (int)words[i].len, words[i].ptr), TIDE_OK);
  }
  assert_int_equal(tide_buffer_putc(&out, '\0'), TIDE_OK);
  tide_span kept = tide_arena_copy(&arena, tide_buffer_span(&out));
  tide_buffer_free(&out);
  return kept.ptr;
}

static void words(void **state) {
  (void)state;
  static const struct {
    const char *subject, *text, *want;
  } cases[] = {
      {"", "", ""},
      {"Re: Cheap Watches", "", "cheap|cheap watches|watches"},
      {"", "Buy buy BUY", "buy|buy buy"},
      {"one", "two", "one|two"}, /* the subject's last word is not beside the text's first */
      {"", "red\r\n  shoes. And more", "and|and more|more|red|red shoes|shoes"},
      {"", "one, two; three", "one|three|two"},
      {"", "don't Don\xe2\x80\x99T", "don't|don't don't"},
      {"", "v1agra mp3 x1y2z3 a 2008 100mg", "mp3|v1agra|v1agra mp3"},
      {"", "see http://a.example/shop or me@b.example now", "now|or|see"},
      {"", "> quoted words\nmine", "mine"},
      {"", "sold 3 July 2008 in bulk", "bulk|in|in bulk|sold"},
      {"",
       "\xc3\x84rger STRA\xc3\x9f"
       "E \xd0\x9c\xd0\x9e\xd0\xa1\xd0\x9a\xd0\x92\xd0\x90",
       "stra\xc3\x9f"
       "e|stra\xc3\x9f"
       "e \xd0\xbc\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0|"
       "\xc3\xa4rger|\xc3\xa4rger stra\xc3\x9f"
       "e|"
       "\xd0\xbc\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0"},
      {"",
       "no\xc2\xa0"
       "break dash\xe2\x80\x93"
       "ed",
       "break|break dash|dash|ed|no|no break"},
      {"", "\xe7\x99\xbd\xe9\x80\x9a", "\xe7\x99\xbd|\xe7\x99\xbd \xe9\x80\x9a|\xe9\x80\x9a"},
      {"", "bad \xff\xc3 bytes\xc3", "bad|bytes"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].subject);
    assert_string_equal(words_of(cases[i].subject, tide_span_of(cases[i].text)), cases[i].want);
  }
}

/* More than is looked at: said, and no more is kept. */
static void many(void **state) {
  (void)state;
  tide_buffer text = {0};
  for (uint32_t i = 0; i < TIDE_LIMIT_WORDING; i++) {
    at("i = %u", i);
    assert_int_equal(
        tide_buffer_printf(&text, "w%c%c%c ", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26),
        TIDE_OK);
  }
  assert_true(words_of("", tide_buffer_span(&text)) != NULL);
  assert_true(cut);
  (void)words_of("", SPAN("few words"));
  assert_false(cut);
  tide_buffer_free(&text);
}

/* Writing and reading are one, and small letters have no smaller ones. */
static void code_points(void **state) {
  (void)state;
  for (uint32_t x = 1; x < 0x110000; x++) {
    at("x = %u", x);
    char bytes[4];
    uint32_t back = 0;
    if (x >= 0xd800 && x < 0xe000)
      continue;
    size_t len = tide_utf8_put(x, bytes);
    assert_int_equal(tide_utf8_take(tide_span_make(bytes, len), &back), len);
    assert_int_equal(back, x);
    assert_int_equal(tide_utf8_lower(tide_utf8_lower(x)), tide_utf8_lower(x));
  }
  static const uint32_t pairs[][2] = {
      {'A', 'a'},     {'[', '['},     {0xc4, 0xe4},     {0xd7, 0xd7},     {0xdf, 0xdf},
      {0x141, 0x142}, {0x142, 0x142}, {0x178, 0xff},    {0x130, 0x130},   {0x17d, 0x17e},
      {0x38f, 0x3ce}, {0x3a3, 0x3c3}, {0x3c2, 0x3c3},   {0x401, 0x451},   {0x42f, 0x44f},
      {0x4c0, 0x4cf}, {0x531, 0x561}, {0x1ebe, 0x1ebf}, {0xff21, 0xff41}, {0x212a, 'k'}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    at("row %zu of pairs: %#x", i, (unsigned)pairs[i][0]);
    assert_int_equal(tide_utf8_lower(pairs[i][0]), pairs[i][1]);
  }
}

static int end(void **state) {
  (void)state;
  tide_arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(words), cmocka_unit_test(many),
                                     cmocka_unit_test(code_points)};
  return cmocka_run_group_tests(tests, NULL, end);
}
