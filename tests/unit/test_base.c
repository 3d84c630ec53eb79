/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small parts that everything stands on: spans, arenas, buffers, maps, errors. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "base/status.h"
#include "base/utf8.h"

static void spans(void **state) {
  (void)state;
  tide_span s = SPAN("  From: x\t\r\n");
  assert_span_equal(tide_span_trim(s), "From: x");
  assert_int_equal(tide_span_find(s, SPAN("x")), 8);
  assert_int_equal(tide_span_find(s, SPAN("y")), s.len);
  assert_int_equal(tide_span_ifind(s, SPAN("FROM")), 2);
  assert_true(tide_span_iequal(SPAN("ABC"), SPAN("abc")));
  assert_false(tide_span_iequal(SPAN("ABC"), SPAN("abcd")));
  assert_true(tide_span_istarts(SPAN("Content-Length: 3"), SPAN("content-length:")));
  assert_true(tide_span_istarts(SPAN("x"), SPAN("")));
  assert_false(tide_span_istarts(SPAN(""), SPAN("x")));
  /* Names of all lengths, equal, and with one byte off at each place. */
  char a[40], name[40];
  for (size_t len = 0; len <= sizeof a; len++) {
    at("len = %zu", len);
    for (size_t i = 0; i < len; i++)
      a[i] = name[i] = (char)('a' + i % 26);
    assert_true(tide_name_equal(tide_span_make(a, len), tide_span_make(name, len)));
    assert_false(tide_name_equal(tide_span_make(a, len), tide_span_make(name, len ? len - 1 : 1)));
    for (size_t i = 0; i < len; i++) {
      at("i = %zu", i);
      name[i] ^= 1;
      assert_false(tide_name_equal(tide_span_make(a, len), tide_span_make(name, len)));
      name[i] ^= 1;
    }
  }
  assert_true(tide_span_iends(SPAN("host.EXAMPLE"), SPAN(".example")));
  assert_false(tide_span_iends(SPAN("le"), SPAN(".example")));
  assert_number(tide_span_compare(SPAN("a"), SPAN("b")), <, 0);
  assert_number(tide_span_compare(SPAN("ab"), SPAN("a")), >, 0);
  assert_int_equal(tide_span_slice(s, 100, 200).len, 0);
  uint64_t n;
  assert_true(tide_span_uint(SPAN("18446744073709551615"), &n));
  assert_true(n == UINT64_MAX);
  assert_false(tide_span_uint(SPAN("18446744073709551616"), &n));
  assert_false(tide_span_uint(SPAN(""), &n));
  assert_false(tide_span_uint(SPAN("1 "), &n));
}

static void arenas(void **state) {
  (void)state;
  tide_arena a = {0};
  for (int round = 0; round < 3; round++) {
    at("round = %d", round);
    for (size_t size = 1; size < 300000; size = size * 3 + 1) {
      at("size = %zu", size);
      char *p = tide_arena_take(&a, size);
      assert_non_null(p);
      assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
      memset(p, 7, size);
    }
    assert_span_equal(tide_arena_copy(&a, SPAN("abc")), "abc");
    tide_arena_reset(&a);
  }
  assert_null(tide_arena_take(&a, SIZE_MAX - 3));
  tide_arena_free(&a);
}

static void buffers(void **state) {
  (void)state;
  tide_buffer b = {.limit = 10};
  assert_int_equal(tide_buffer_put(&b, SPAN("12345678")), TIDE_OK);
  assert_int_equal(tide_buffer_put(&b, SPAN("abcd")), TIDE_SKIP);
  assert_span_equal(tide_buffer_span(&b), "12345678ab");
  assert_int_equal(tide_buffer_putc(&b, 'x'), TIDE_SKIP);
  tide_buffer_clear(&b);
  b.limit = 9;
  for (int i = 0; i < 4; i++)
    tide_buffer_put_utf8(&b, 0x20ac);
  assert_int_equal(b.len, 9); /* three whole characters: the fourth did not fit */
  tide_buffer_clear(&b);
  tide_buffer_put_utf8(&b, 0xd800);
  assert_span_equal(tide_buffer_span(&b), "\xef\xbf\xbd");
  tide_buffer_free(&b);
  tide_buffer big = {0};
  assert_int_equal(tide_buffer_printf(&big, "%0*d|", 999, 5), TIDE_OK);
  assert_int_equal(big.len, 1000);
  assert_int_equal(tide_buffer_reserve(&big, SIZE_MAX), TIDE_FATAL);
  tide_buffer_free(&big);
}

/* Each character of Unicode comes back, cut short it is none, and neither is what only looks like
 * one. */
static void utf8(void **state) {
  (void)state;
  tide_buffer b = {0};
  for (uint32_t c = 0; c <= 0x10ffff; c += c < 0x3000 || (c >= 0xd700 && c < 0xe100) ? 1 : 0x3b) {
    at("c = %u", c);
    if (c >= 0xd800 && c <= 0xdfff)
      continue;
    uint32_t back = 7;
    tide_buffer_clear(&b);
    tide_buffer_put_utf8(&b, c);
    if (tide_utf8_take(tide_buffer_span(&b), &back) != b.len || back != c)
      fail_msg("U+%04X came back as U+%04X", (unsigned)c, (unsigned)back);
    if (b.len > 1)
      assert_int_equal(tide_utf8_take(tide_span_make(b.ptr, b.len - 1), &back), 0);
  }
  tide_buffer_free(&b);
  static const char *const none[] = {
      "\x80",         "\xbf\x80",         "\xc0\x80",         "\xc1\xbf",
      "\xc3(",        "\xe0\x9f\xbf",     "\xe2\x82(",        "\xed\xa0\x80",
      "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
      "\xff"};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
    at("row %zu of none: %s", i, none[i]);
    uint32_t kept = 7;
    assert_int_equal(tide_utf8_take(tide_span_of(none[i]), &kept), 0);
    assert_int_equal(kept, 7);
  }
}

static void maps(void **state) {
  (void)state;
  tide_map m = {0};
  char key[32];
  assert_int_equal(tide_map_find(&m, SPAN("none")), TIDE_MAP_NONE);
  for (uint32_t i = 0; i < 20000; i++) {
    at("i = %u", i);
    int len = snprintf(key, sizeof key, "key-%u", i);
    assert_int_equal(tide_map_add(&m, tide_span_make(key, (size_t)len)), i);
  }
  for (uint32_t i = 0; i < 20000; i += 7) {
    at("i = %u", i);
    int len = snprintf(key, sizeof key, "key-%u", i);
    assert_int_equal(tide_map_add(&m, tide_span_make(key, (size_t)len)), i);
    assert_int_equal(tide_map_find(&m, tide_span_make(key, (size_t)len)), i);
    assert_span_equal(tide_map_key(&m, i), key);
  }
  assert_int_equal(m.count, 20000);
  assert_int_equal(tide_map_find(&m, SPAN("key-x")), TIDE_MAP_NONE);
  assert_int_equal(tide_map_add(&m, SPAN("")), 20000);
  assert_int_equal(tide_map_find(&m, SPAN("")), 20000);
  /* Keys do not move while the map grows, short ones nor long ones. */
  char long_key[100];
  memset(long_key, 'k', sizeof long_key);
  tide_span first = tide_map_key(&m, 0);
  for (uint32_t len = 1; len <= sizeof long_key; len++) {
    at("len = %u", len);
    assert_int_equal(tide_map_add(&m, tide_span_make(long_key, len)), 20000 + len);
  }
  for (uint32_t len = 1; len <= sizeof long_key; len++) {
    at("len = %u", len);
    assert_int_equal(tide_map_find(&m, tide_span_make(long_key, len)), 20000 + len);
    assert_true(tide_span_equal(tide_map_key(&m, 20000 + len), tide_span_make(long_key, len)));
  }
  assert_ptr_equal(first.ptr, tide_map_key(&m, 0).ptr);
  assert_span_equal(first, "key-0");
  tide_map_free(&m);
}

static void pairs(void **state) {
  (void)state;
  tide_pairs p = {0};
  bool added;
  for (uint32_t i = 0; i < 5000; i++) {
    at("i = %u", i);
    assert_int_equal(tide_pairs_add(&p, i % 50, i / 50, &added), TIDE_OK);
    assert_true(added);
  }
  for (uint32_t i = 0; i < 5000; i++) {
    at("i = %u", i);
    assert_int_equal(tide_pairs_add(&p, i % 50, i / 50, &added), TIDE_OK);
    assert_false(added);
  }
  assert_int_equal(p.count, 5000);
  tide_pairs_free(&p);
}

static void pair_maps(void **state) {
  (void)state;
  tide_pair_map m = {0};
  assert_int_equal(tide_pair_map_find(&m, 1, 2), TIDE_MAP_NONE);
  for (int round = 0; round < 2; round++) {
    at("round = %d", round);
    for (uint32_t i = 0; i < 5000; i++) {
      at("i = %u", i);
      assert_int_equal(tide_pair_map_put(&m, i % 50, UINT32_MAX - i / 50, round ? i : 7), TIDE_OK);
    }
  }
  for (uint32_t i = 0; i < 5000; i++) {
    at("i = %u", i);
    assert_int_equal(tide_pair_map_find(&m, i % 50, UINT32_MAX - i / 50), i);
  }
  assert_int_equal(tide_pair_map_find(&m, 50, UINT32_MAX), TIDE_MAP_NONE);
  assert_int_equal(m.count, 5000);
  tide_pair_map_free(&m);
}

static void errors(void **state) {
  (void)state;
  tide_error e;
  assert_int_equal(tide_error_set(&e, TIDE_FAIL, "open: %s", "a\033[31mb\n"), TIDE_FAIL);
  assert_string_equal(e.text, "open: a\\x1b[31mb\\x0a");
  assert_int_equal(tide_error_set(NULL, TIDE_SKIP, "x"), TIDE_SKIP);
  char *text = malloc(5000);
  memset(text, 'x', 4999);
  text[4999] = '\0';
  tide_error_set(&e, TIDE_FAIL, "%s", text);
  assert_int_equal(strlen(e.text), TIDE_ERROR_MAX - 1);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(spans),     cmocka_unit_test(arenas),
                                     cmocka_unit_test(buffers),   cmocka_unit_test(utf8),
                                     cmocka_unit_test(maps),      cmocka_unit_test(pairs),
                                     cmocka_unit_test(pair_maps), cmocka_unit_test(errors)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
