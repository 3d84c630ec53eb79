/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registered domains, by the Public Suffix List. */
#include "cmocka_all.h"

#include <stdio.h>

#include "mail/domain.h"

static void registered(void **state) {
  (void)state;
  static const struct {
    const char *host, *domain;
  } cases[] = {
      {"www.example.com", "example.com"},
      {"example.com", "example.com"},
      {"com", ""},
      {"a.b.example.co.uk", "example.co.uk"},
      {"co.uk", ""},
      {"WWW.Example.COM.", "Example.COM"},
      {"telecom.gomel.by", "gomel.by"},
      {"host.example.unlisted-suffix", "example.unlisted-suffix"},
      {"user.blogspot.com", "user.blogspot.com"},
      {"xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"},
      {"localhost", ""},
      {"203.0.113.9", ""},
      {"2001:db8::1", ""},
      {"", ""},
      {".", ""},
      {".example.com", ""},
      {"a..example.com", ""},
      {"a b.example.com", ""},
      {"ex\xc3\xa4mple.com", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].host);
    /* Asked before and after: the second answer comes from what was kept of the first. */
    const bool first = tide_domain_is_host(tide_span_of(cases[i].host));
    tide_span got = tide_domain_registered(tide_span_of(cases[i].host));
    assert_int_equal(first, got.len > 0);
    assert_int_equal(tide_domain_is_host(tide_span_of(cases[i].host)), first);
    if (!tide_span_equal(got, tide_span_of(cases[i].domain)))
      fail_msg("%s: got \"%.*s\"", cases[i].host, (int)got.len, got.ptr ? got.ptr : "");
  }
  /* Suffixes of three labels are each one party's. */
  assert_true(tide_domain_is_host(SPAN("k12.ma.us")));
  assert_int_equal(tide_domain_registered(SPAN("k12.ma.us")).len, 0);
  assert_false(tide_domain_is_host(SPAN("co.uk")));
  char longest[300];
  memset(longest, 'a', sizeof longest);
  memcpy(longest + 249, ".com", 4);
  assert_int_equal(tide_domain_registered(tide_span_make(longest, 253)).len, 253);
  assert_int_equal(tide_domain_registered(tide_span_make(longest, 254)).len, 0);
}

/* Answers are kept for the names asked last: more names than that, asked again and again, in turn
 * with names of the same length. */
static void asked_again(void **state) {
  (void)state;
  for (int round = 0; round < 3; round++) {
    at("round = %d", round);
    for (int i = 0; i < 2000; i++) {
      at("i = %d", i);
      char host[64];
      const char *const suffix = i % 2 ? "co.uk" : "x.com";
      int len = snprintf(host, sizeof host, "www.shop%04d.%s", i / 2, suffix);
      tide_span got = tide_domain_registered(tide_span_make(host, (size_t)len));
      const char *want = i % 2 ? host + 4 : host + len - 5;
      if (!tide_span_equal(got, tide_span_of(want)))
        fail_msg("%s: got \"%.*s\"", host, (int)got.len, got.ptr ? got.ptr : "");
      assert_int_equal(tide_domain_registered(SPAN("co.uk")).len, 0);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(registered), cmocka_unit_test(asked_again)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
