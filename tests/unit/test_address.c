/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address lists as they are written, not as they should be. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "mime/message.h"

static void addresses(void **state) {
  (void)state;
  static const struct {
    const char *value;
    uint32_t count;
    const char *domain;
  } cases[] = {
      {"", 0, ""},
      {"a@b.example", 1, "b.example"},
      {"a@B.Example", 1, "b.example"},
      {"<a@b.example>", 1, "b.example"},
      /* As archives of lists show addresses. */
      {"ann.lee at mail.b.example (Ann Lee)", 1, "mail.b.example"},
      {"ann at B.example", 1, "b.example"},
      {"Ann Lee <ann at b.example>", 1, "b.example"},
      {"ann (at) b.example", 1, "b.example"},
      {"ann at b dot example", 1, "b.example"},
      {"ann () b ! c ! example", 1, "b.c.example"},
      {"ann [at] b [dot] example (Ann)", 1, "b.example"},
      {"ann(at)b.example, bob at c.example", 2, "b.example"},
      {"ann <at> b.example, Bob <AT> c dot example", 2, "b.example"},
      {"ann<at>b.example (Ann)", 1, "b.example"},
      {"a@b.example <Ann>", 1, "b.example"},
      {"a@b.example <Ann>, c@d.example", 2, "b.example"},
      {"a@wrong.example <ann at b.example>", 1, "b.example"},
      {"a@b.example <>", 1, "b.example"},
      {"<> a@b.example", 1, "b.example"},
      {"\"a@b.example\" <>", 1, "b.example"},
      {"\"Ann <a@b.example>\" < >, c@d.example", 2, "b.example"},
      {"\"Ann\" \"a@b.example\"", 1, "b.example"},
      {"<Undisclosed-Recipient:;>", 0, ""},
      {"<undisclosed-recipients@b.example>", 1, "b.example"},
      {"Ann <a@b.example>\xef\xbc\x9b Bob <c@d.example>", 2, "b.example"},
      {"\"undisclosed-recipients:;\" <>", 0, ""},
      /* Addresses in encoded words. */
      {"=?utf-8?B?QW5uIDxhQGIuZXhhbXBsZT4=?=", 1, "b.example"},
      {"c@d.example, =?utf-8?Q?a=40b.example?=", 2, "d.example"},
      {"=?utf-8?Q?a=40b.example,_c=40d.example?=, e@f.example", 3, "b.example"},
      {"=?utf-8?Q?Ann?= <=?utf-8?Q?a=40b.example?=>", 1, "b.example"},
      {"\"=?utf-8?Q?a=40b.example?=\"", 1, "b.example"},
      {"=?utf-8?Q?a=40wrong.example?= <a@b.example>", 1, "b.example"},
      {"=?utf-8?Q?Undisclosed_recipients:;?=", 0, ""},
      {"a day at the.office", 0, ""},
      {"ann at home", 0, ""},
      {"Ann <a@b.example>", 1, "b.example"},
      {"Ann [a@b.example]", 1, "b.example"},
      {"a@[192.0.2.1]", 1, "[192.0.2.1]"},
      {"Ann <a@b.example\xc2\xa0>", 1, "b.example"},
      {"\"Doe, John\" <j@d.example>, x@y.example", 2, "d.example"},
      {"Doe, John <j@d.example>", 1, "d.example"},
      {"\"a@wrong.example\" <a@right.example>", 1, "right.example"},
      {"a@wrong.example <a@right.example>", 1, "right.example"},
      {"a@b.example (a@wrong.example, too)", 1, "b.example"},
      {"a@b.example(nested (comment), here), c@d.example", 2, "b.example"},
      {"(comment) a@b.example", 1, "b.example"},
      {"\"quoted \\\" , still\" <a@b.example>", 1, "b.example"},
      {"\"a@x\"@b.example", 1, "b.example"},
      {"a@b.example, c@d.example , e@f.example", 3, "b.example"},
      {"a@b.example; c@d.example", 2, "b.example"},
      {"a@b.example,, ,c@d.example,", 2, "b.example"},
      {"undisclosed-recipients:;", 0, ""},
      {"undisclosed-recipients: ;", 0, ""},
      {"Undisclosed-Recipients", 0, ""},
      {"undisclosed recipients", 0, ""},
      {"Friends: a@b.example, c@d.example;, e@f.example", 3, "b.example"},
      {"A Group:Ed Jones <joe@x.test>,joe@where.test,John <jdoe@one.test>;", 3, "x.test"},
      {"Foo <a@b.example, Bar <c@d.example>", 2, "b.example"},
      {"Foo <a@b.example", 1, "b.example"},
      {"Foo a@b.example>", 1, "b.example"},
      {"Foo <<a@b.example>>", 1, "b.example"},
      {"Foo <bar> <a@b.example>", 1, "b.example"},
      {"<a@b.example><c@d.example>", 2, "b.example"},
      {"Ann (a@b.example)", 1, "b.example"},
      {"Ann <a@(x)b .\n (y) example>", 1, "b.example"},
      {"a@b. example, c@d.example", 2, "b.example"},
      {"Ann (at home) <a@b.example> (x@y.example)", 1, "b.example"},
      {"a@b.example:25", 1, "b.example"},
      {"a@\"b.example\"", 1, "b.example"},
      {"<@relay.example,@other.example:a@b.example>", 1, "b.example"},
      {"<>", 0, ""},
      {"Nobody <>", 0, ""},
      {"root", 1, ""},
      {"root, postmaster", 2, ""},
      {"a@[192.0.2.1]", 1, "[192.0.2.1]"},
      {"a@[IPv6:2001:db8::1]", 1, "[ipv6:2001:db8::1]"},
      {"a@b.example.", 1, "b.example"},
      {"a @ b.example", 1, "b.example"},
      {"so . many @ a . b . c . d . example", 1, "a.b.c.d.example"},
      {"Ann \\<a@b.example\\>", 1, "b.example"},
      /* Without commas; what stands in front of an angle is still a name. */
      {"a@b.example c@d.example", 2, "b.example"},
      {"a@b.example\n c@d.example\n e@f.example, g@h.example", 4, "b.example"},
      {"root, a@b.example c@d.example", 2, "b.example"},
      {"a@x.example via l@y.example <l@b.example>", 1, "b.example"},
      {"Ann &lt;a@b.example&gt;", 1, "b.example"},
      {"'Ann' <'a@b.example'>", 1, "b.example"},
      {"a@xn--bcher-kva.example", 1, "xn--bcher-kva.example"},
      {"a@b\xc3\xbc"
       "cher.EXAMPLE",
       1,
       "b\xc3\xbc"
       "cher.example"},
      {"=?utf-8?Q?Doe,_John?= <j@d.example>", 1, "d.example"},
      {"=?utf-8?Q?a@wrong.example?= <j@d.example>", 1, "d.example"},
      {"\"never closed <a@b.example>, c@d.example", 2, "b.example"},
      {"(never closed <a@b.example>, c@d.example", 2, "b.example"},
      {"Ann\r\n <a@b.example>,\r\n\tBob <c@d.example>", 2, "b.example"},
      {"<\"a,b\"@c.example>, d@e.example", 2, "c.example"},
      {"a@b.example\0x, c@d.example", 1, "b.example"},
      {"@", 1, ""},
      {"<a@>", 1, ""},
  };
  tide_arena arena = {0};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].value);
    tide_span domain = SPAN("untouched");
    uint32_t count = tide_address_count(tide_span_of(cases[i].value), &domain, &arena);
    if (count != cases[i].count)
      fail_msg("%s: %u", cases[i].value, count);
    if (!tide_span_equal(domain, tide_span_of(cases[i].domain)))
      fail_msg("%s: %.*s", cases[i].value, (int)domain.len, domain.ptr);
    assert_int_equal(tide_address_count(tide_span_of(cases[i].value), NULL, &arena), count);
  }
  tide_arena_free(&arena);
}

static void hostile_lists(void **state) {
  (void)state;
  static const char *const pieces[] = {"<",    ">",  "\"",     "(", ")", "((",   "\\",   ",",  "@",
                                       "a@b,", "=?", "=?a?b?", ":", ";", "<@a,", "\"\\", "<\""};
  enum { LONG = 4 << 20 };
  char *text = malloc(LONG);
  tide_arena arena = {0};
  assert_non_null(text);
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    size_t len = strlen(pieces[i]);
    for (size_t k = 0; k < LONG; k++)
      text[k] = pieces[i][k % len];
    tide_span domain;
    tide_address_count(tide_span_make(text, LONG), &domain, &arena);
    tide_arena_reset(&arena);
  }
  /* No more of it is read than the limit. */
  for (size_t k = 0; k < LONG; k++)
    text[k] = "a@b,"[k % 4];
  assert_int_equal(tide_address_count(tide_span_make(text, LONG), NULL, &arena),
                   TIDE_LIMIT_HEADER_VALUE / 4);
  tide_arena_free(&arena);
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(addresses), cmocka_unit_test(hostile_lists)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
