/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URLs of a message, their hosts and registered domains. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "hops/chain.h"
#include "extract/extractor.h"
#include "extract/url.h"

static tide_arena arena;

static int teardown(void **state) {
  (void)state;
  tide_arena_free(&arena);
  return 0;
}

/* URLs of a message, with a blank between. */
static void found(void **state) {
  (void)state;
  static const struct {
    const char *text, *links, *urls;
  } cases[] = {
      {"", "", ""},
      {"see http://a.example/x, or (www.b.example). HTTPS://C.example!", "",
       "http://a.example/x www.b.example HTTPS://C.example"},
      {"http://a.example http://a.example",
       "http://a.example\nhttp://b.example\nhttp://b.example\n",
       "http://a.example http://b.example"},
      {"ahttp://a.example xwww.b.example www. http://", "", ""},
      {"<http://a.example/>\"http://b.example\"", "", "http://a.example/ http://b.example"},
      {"", "http://a.example/\n//b.example/x\n", "http://a.example/ //b.example/x"},
      /* What is written without a blank behind it: a sentence in Chinese or Japanese, a possessive,
         a line to write on, a broken entity, the next of a list. */
      {"请访问www.a.example。谢谢", "", "www.a.example"},
      {"http://a.example/x，http://b.example（新）", "", "http://a.example/x http://b.example"},
      {"www.a.example\u00a0x www.b.example\u3000x", "", "www.a.example www.b.example"},
      {"«http://a.example/x» “www.b.example”", "", "http://a.example/x www.b.example"},
      {"www.a.example去查询 http://b.example:80欢迎", "", "www.a.example http://b.example:80欢迎"},
      {"www.a.example's www.b.example____ www.c.example&nbsp", "",
       "www.a.example www.b.example www.c.example"},
      {"http://a.example/x,http://b.example;www.c.example", "",
       "http://a.example/x http://b.example www.c.example"},
      {"http://пример.испытание/путь http://a.example/путь,a;b http://u:p!@b.example/x!y", "",
       "http://пример.испытание/путь http://a.example/путь,a;b http://u:p!@b.example/x!y"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    const tide_message m = {.text = tide_span_of(cases[i].text),
                            .links = tide_span_of(cases[i].links)};
    const tide_span *urls;
    uint32_t count;
    unsigned defects = 0;
    char got[512] = "";
    size_t len = 0;
    assert_int_equal(tide_urls_find(&m, &arena, &urls, &count, &defects), TIDE_OK);
    for (uint32_t u = 0; u < count; u++)
      len += (size_t)snprintf(got + len, sizeof got - len, "%s%.*s", u ? " " : "", (int)urls[u].len,
                              urls[u].ptr);
    if (strcmp(got, cases[i].urls) != 0)
      fail_msg("%s: got \"%s\"", cases[i].text, got);
    assert_int_equal(defects, 0);
  }
}

static void domains(void **state) {
  (void)state;
  static const struct {
    const char *url, *host, *domain;
  } cases[] = {
      {"http://www.shop.example.co.uk/a?b#c", "www.shop.example.co.uk", "example.co.uk"},
      {"HTTP://WWW.Example.COM", "www.example.com", "example.com"},
      {"www.example.com/x", "www.example.com", "example.com"},
      {"//example.com/x", "example.com", "example.com"},
      {"https://example.com:8080/", "example.com", "example.com"},
      {"http://example.com./", "example.com", "example.com"},
      {"http:/example.com/x", "example.com", "example.com"},
      {"http:\\\\example.com\\x", "example.com", "example.com"},
      {"http://example.com?x@y", "example.com", "example.com"},
      {"http://example.com#@y.example", "example.com", "example.com"},
      /* hidden: another host in front, percent-encoding, numbers */
      {"http://www.bank.example@example.com/", "example.com", "example.com"},
      {"http://user:pass@word@example.com:80/", "example.com", "example.com"},
      {"http://%65xample%2ecom/", "example.com", "example.com"},
      {"http://203.0.113.9/x", "203.0.113.9", "203.0.113.9"},
      /* what browsers leave out of a name, and what they read as a letter or dot (UTS #46) */
      {"https://exa\u00admple.\u200bcom/", "example.com", "example.com"},
      {"http://ｅｘａｍｐｌｅ．ｃｏｍ/", "example.com", "example.com"},
      {"http://example。com/", "example.com", "example.com"},
      {"http://пример。испытание/", "xn--e1afmkfd.xn--80akhbyknj4f",
       "xn--e1afmkfd.xn--80akhbyknj4f"},
      {"http://3405803785/", "203.0.113.9", "203.0.113.9"},
      {"http://0xcb007109/", "203.0.113.9", "203.0.113.9"},
      {"http://0313.0.0161.011/", "203.0.113.9", "203.0.113.9"},
      {"http://203.0.28937/", "203.0.113.9", "203.0.113.9"},
      {"http://[2001:db8::9]:80/", "2001:db8::9", "2001:db8::9"},
      /* beyond ASCII: as the DNS has it */
      {"http://www.\xd0\x9f\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84/",
       "www.xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"},
      {"http://b\xc3\xbc"
       "cher.example/",
       "xn--bcher-kva.example", "xn--bcher-kva.example"},
      /* nothing that anybody registered */
      {"http://", "", ""},
      {"www.", "www", ""},
      {"http://localhost/", "localhost", ""},
      {"http://co.uk/", "co.uk", ""},
      {"http://256.1.1.1/", "256.1.1.1", ""},
      {"http://4294967296/", "4294967296", ""},
      {"http://a b.example/", "a b.example", ""},
      {"http://%/", "%", ""},
      {"http://%4/", "%4", ""},
      {"@", "", ""},
      {"http:@", "", ""},
      {"", "", ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    /* In a block of its very size: a byte read too far is found. */
    size_t len = strlen(cases[i].url);
    char *copy = malloc(len ? len : 1);
    memcpy(copy, cases[i].url, len);
    tide_span host = tide_url_host(tide_span_make(copy, len), &arena),
              domain = tide_url_domain(tide_span_make(copy, len), &arena);
    if (!tide_span_equal(host, tide_span_of(cases[i].host)))
      fail_msg("%s: host \"%.*s\"", cases[i].url, (int)host.len, host.ptr);
    if (!tide_span_equal(domain, tide_span_of(cases[i].domain)))
      fail_msg("%s: domain \"%.*s\"", cases[i].url, (int)domain.len, domain.ptr);
    free(copy);
  }
}

/* Through a whole message: each domain once, text first; and the ceiling is a defect. */
static void records(void **state) {
  (void)state;
  tide_parser *parser;
  tide_extract_options options = {.now = 1226440000};
  tide_record r;
  const tide_message *m;
  static char many[1 << 17];
  tide_mime_init();
  assert_int_equal(tide_parser_new(&parser), TIDE_OK);
  tide_raw raw = {
      .bytes = SPAN("Subject: x\nContent-Type: text/html\n\nbuy at www.b.example.com <a "
                    "href=\"http://x.a.example.net/1\">here</a>"
                    "<a href=\"http://a.example.net/2\"><img src=http://192.0.2.1/x.gif>\n")};
  for (int i = 0; i < 2; i++) {
    at("i = %d", i);
    tide_chain chain;
    tide_extraction x = {.options = &options, .raw = &raw, .chain = &chain, .arena = &arena};
    unsigned needs = tide_extract_needs(TIDE_PART_URL, &options);
    assert_int_equal(needs, TIDE_NEED_TEXT | TIDE_NEED_LINKS);
    assert_int_equal(tide_message_parse(parser, &raw, needs, &m), TIDE_OK);
    x.message = m;
    assert_int_equal(tide_extract(&x, TIDE_PART_URL, &r), TIDE_OK);
    if (i == 0) {
      assert_int_equal(r.url_count, 4);
      assert_int_equal(r.url_domain_count, 3);
      assert_span_equal(r.url_domains[0], "example.com");
      assert_span_equal(r.url_domains[1], "example.net");
      assert_span_equal(r.url_domains[2], "192.0.2.1");
      size_t len = (size_t)snprintf(many, sizeof many, "Subject: x\n\n");
      for (unsigned n = 0; n < TIDE_LIMIT_URLS + 1; n++)
        len += (size_t)snprintf(many + len, sizeof many - len, "http://h%u.example%u.com\n", n, n);
      raw.bytes = tide_span_make(many, len);
    } else {
      assert_int_equal(r.url_count, TIDE_LIMIT_URLS);
      assert_int_equal(r.url_domain_count, TIDE_LIMIT_URLS);
      assert_int_equal(r.defects, TIDE_DEFECT_TOO_MANY_URLS);
    }
  }
  tide_parser_free(parser);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(found), cmocka_unit_test(domains),
                                     cmocka_unit_test(records)};
  return cmocka_run_group_tests(tests, NULL, teardown);
}
