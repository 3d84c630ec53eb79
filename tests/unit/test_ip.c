/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmocka_all.h"

#include "base/ip.h"

static void addresses(void **state) {
  (void)state;
  static const struct {
    const char *text, *canonical; /* canonical NULL: not an address */
    bool is_public;
  } cases[] = {
      {"192.0.2.1", "192.0.2.1", true},
      {"8.8.8.8", "8.8.8.8", true},
      {"10.1.2.3", "10.1.2.3", false},
      {"172.16.0.1", "172.16.0.1", false},
      {"172.32.0.1", "172.32.0.1", true},
      {"192.168.255.255", "192.168.255.255", false},
      {"127.0.0.1", "127.0.0.1", false},
      {"169.254.1.1", "169.254.1.1", false},
      {"100.64.0.1", "100.64.0.1", false},
      {"100.128.0.1", "100.128.0.1", true},
      {"0.0.0.0", "0.0.0.0", false},
      {"224.0.0.1", "224.0.0.1", false},
      {"255.255.255.255", "255.255.255.255", false},
      {"223.255.255.255", "223.255.255.255", true},
      {"198.18.0.1", "198.18.0.1", false},
      {"198.19.255.255", "198.19.255.255", false},
      {"198.17.255.255", "198.17.255.255", true},
      {"198.20.0.0", "198.20.0.0", true},
      {"172.15.255.255", "172.15.255.255", true},
      {"172.31.255.255", "172.31.255.255", false},
      {"100.63.255.255", "100.63.255.255", true},
      {"100.127.255.255", "100.127.255.255", false},
      {"169.253.0.1", "169.253.0.1", true},
      {"192.167.0.1", "192.167.0.1", true},
      {"2001:db8::1", "2001:db8::1", true},
      {"IPv6:2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1", true},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1",
       true}, /* RFC 5952 4.2.2: one zero group stays */
      {"::", "::", false},
      {"::1", "::1", false},
      {"fe80::1%9", "fe80::1", false},
      {"fc00::1", "fc00::1", false},
      {"2002:a05:620a:1::7", "2002:a05:620a:1::7", false},
      {"2002:c000:201::7", "2002:c000:201::7", true},
      {"ff02::1", "ff02::1", false},
      {"::ffff:192.0.2.7", "192.0.2.7", true},
      {"::ffff:c000:207", "192.0.2.7", true},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221", true},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", true},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0", true},
      {"0000:0000:0000:0000:0000:ffff:192.100.200.107", "192.100.200.107", true}, /* the longest */
      {"fe80::0.0.0.1%a-long-name-of-an-interface", "fe80::1", false},
      {"1::", "1::", true},
      {"15.1.225.42", "15.1.225.42",
       true}, /* as text it is one; that a build number is none is the parser's to know */
      {"1.2.3", NULL, false},
      {"1.2.3.4.5", NULL, false},
      {"1.2.3.256", NULL, false},
      {"1.2.3.0004", NULL, false},
      {"1.2.3.4 ", NULL, false},
      {"[1.2.3.4]", NULL, false},
      {"1:2:3:4:5:6:7", NULL, false},
      {"1:2:3:4:5:6:7:8:9", NULL, false},
      {"1::2::3", NULL, false},
      {":1", NULL, false},
      {"1:", NULL, false},
      {"12345::", NULL, false},
      {"::1.2.3", NULL, false},
      {"::1.2.3.4:5", NULL, false},
      {"::1.2.3.256", NULL, false},
      {"::ffff:192.000.002.007", NULL, false},
      {"0000:0000:0000:0000:0000:0ffff:192.100.200.107", NULL, false},
      {":::", NULL, false},
      {":", NULL, false},
      {"::g", NULL, false},
      {"::1 ", NULL, false},
      {"::-1", NULL, false},
      {"IPv6:IPv6:::1", NULL, false},
      {"1:2:3:4:5:6:7:8::", NULL, false},
      {"host", NULL, false},
      {"", NULL, false},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    tide_ip ip;
    char text[TIDE_IP_TEXT];
    bool parsed = tide_ip_parse(tide_span_of(cases[i].text), &ip);
    if (parsed != (cases[i].canonical != NULL))
      fail_msg("%s: parsed %d", cases[i].text, parsed);
    if (!parsed)
      continue;
    tide_ip_format(&ip, text);
    assert_string_equal(text, cases[i].canonical);
    if (tide_ip_is_public(&ip) != cases[i].is_public)
      fail_msg("%s: public?", cases[i].text);
  }
}

static void networks(void **state) {
  (void)state;
  tide_network net;
  tide_ip ip;
  char text[TIDE_IP_TEXT];
  assert_true(tide_network_parse(SPAN("208.66.195.7/22"), &net));
  tide_network_format(&net, text);
  assert_string_equal(text, "208.66.192.0/22");
  assert_true(tide_ip_parse(SPAN("208.66.195.255"), &ip) && tide_network_contains(&net, &ip));
  assert_true(tide_ip_parse(SPAN("208.66.196.0"), &ip) && !tide_network_contains(&net, &ip));
  assert_true(tide_network_parse(SPAN("0.0.0.0/0"), &net) && tide_network_contains(&net, &ip));
  assert_true(tide_network_parse(SPAN("2001:db8:ffff::/33"), &net));
  tide_network_format(&net, text);
  assert_string_equal(text, "2001:db8:8000::/33");
  assert_false(tide_network_contains(&net, &ip));
  assert_true(tide_network_parse(SPAN("192.0.2.1"), &net) && net.bits == 32);
  assert_false(tide_network_parse(SPAN("192.0.2.1/33"), &net));
  assert_false(tide_network_parse(SPAN("192.0.2.1/"), &net));
  assert_false(tide_network_parse(SPAN("192.0.2.1/-1"), &net));
  /* A NUL ends no address early. */
  assert_false(tide_ip_parse(tide_span_make("::1\0x", 5), &ip));
  assert_false(tide_ip_parse(tide_span_make("::1\0", 4), &ip));
  tide_ip none = {0};
  assert_false(tide_ip_is_public(&none));
  assert_int_equal(tide_ip_format(&none, text), 0);
  net = tide_network_of(&none, 16);
  assert_false(tide_network_contains(&net, &none));
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(addresses), cmocka_unit_test(networks)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
