/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Longest prefixes, against a search through all of them. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "networks/prefixes.h"

static tide_network net_of(const char *text) {
  tide_network net;
  assert_true(tide_network_parse(tide_span_of(text), &net));
  return net;
}

static int32_t find(const tide_prefixes *p, const char *text) {
  tide_ip ip;
  assert_true(tide_ip_parse(tide_span_of(text), &ip));
  return tide_prefixes_find(p, &ip, NULL);
}

static void nested(void **state) {
  (void)state;
  static const char *const nets[] = {
      "10.0.0.0/8",      "10.1.0.0/16", "10.1.2.0/24",        "10.1.2.3/32",
      "10.255.0.0/16",   "0.0.0.0/0",   "255.255.255.255/32", "2001:db8::/32",
      "2001:db8:1::/48", "::/0",        "ffff::/16",          "2001:db8::1/128"};
  tide_prefixes *p;
  uint32_t line;
  assert_int_equal(tide_prefixes_new(&p), TIDE_OK);
  for (int i = 0; i < 12; i++) {
    at("i = %d", i);
    tide_network net = net_of(nets[i]);
    assert_int_equal(tide_prefixes_add(p, &net, i, (uint32_t)i), TIDE_OK);
    assert_int_equal(tide_prefixes_add(p, &net, i, 100), TIDE_OK); /* twice, and the same */
  }
  assert_int_equal(tide_prefixes_build(p, NULL, &line), TIDE_OK);
  static const struct {
    const char *ip;
    int32_t value;
  } cases[] = {{"10.0.0.0", 0},        {"10.1.0.0", 1},      {"10.1.2.2", 2},
               {"10.1.2.3", 3},        {"10.1.2.4", 2},      {"10.1.3.0", 1},
               {"10.2.0.0", 0},        {"10.254.1.1", 0},    {"10.255.255.255", 4},
               {"11.0.0.0", 5},        {"9.255.255.255", 5}, {"255.255.255.255", 6},
               {"255.255.255.254", 5}, {"2001:db8::", 7},    {"2001:db8:1::5", 8},
               {"2001:db8:2::", 7},    {"2001:db8::1", 11},  {"2001:db9::", 9},
               {"fffe::", 9},          {"ffff:1::", 10},     {"::1", 9}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].ip);
    if (find(p, cases[i].ip) != cases[i].value)
      fail_msg("%s: %d", cases[i].ip, find(p, cases[i].ip));
  }
  tide_ip none = {0};
  assert_int_equal(tide_prefixes_find(p, &none, NULL), TIDE_PREFIX_NONE);
  tide_prefixes_free(p);
}

static void gaps(void **state) {
  (void)state;
  tide_prefixes *p;
  uint32_t line = 0;
  assert_int_equal(tide_prefixes_new(&p), TIDE_OK);
  assert_int_equal(tide_prefixes_build(p, NULL, &line), TIDE_OK);
  assert_int_equal(find(p, "192.0.2.1"), TIDE_PREFIX_NONE);
  tide_prefixes_free(p);
  assert_int_equal(tide_prefixes_new(&p), TIDE_OK);
  tide_network net = net_of("192.0.2.0/24");
  assert_int_equal(tide_prefixes_add(p, &net, 7, 1), TIDE_OK);
  assert_int_equal(tide_prefixes_build(p, NULL, &line), TIDE_OK);
  assert_int_equal(find(p, "192.0.2.255"), 7);
  assert_int_equal(find(p, "192.0.3.0"), TIDE_PREFIX_NONE);
  assert_int_equal(find(p, "192.0.1.255"), TIDE_PREFIX_NONE);
  assert_int_equal(find(p, "2001:db8::1"), TIDE_PREFIX_NONE);
  tide_prefixes_free(p);
  /* One network, two answers. */
  assert_int_equal(tide_prefixes_new(&p), TIDE_OK);
  assert_int_equal(tide_prefixes_add(p, &net, 7, 1), TIDE_OK);
  assert_int_equal(tide_prefixes_add(p, &net, 8, 2), TIDE_OK);
  assert_int_equal(tide_prefixes_build(p, NULL, &line), TIDE_USAGE);
  assert_int_equal(line, 2);
  tide_prefixes_free(p);
}

static uint64_t seed = 88172645463325252u;
static uint32_t below(uint32_t n) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (uint32_t)(seed >> 32) % n;
}

/* Random nests of networks of both families, each address against every network. */
static void as_by_search(void **state) {
  (void)state;
  for (int round = 0; round < 60; round++) {
    at("round = %d", round);
    enum { NETS = 300 };
    static tide_network nets[NETS];
    tide_prefixes *p;
    uint32_t line;
    assert_int_equal(tide_prefixes_new(&p), TIDE_OK);
    int count = 0;
    while (count < NETS) {
      tide_ip ip = {.family = below(2) ? 4 : 6};
      size_t width = ip.family == 4 ? 4 : 16;
      for (size_t i = 0; i < width; i++)
        ip.bytes[i] = (uint8_t)(below(3) ? below(3) * 127 : below(256));
      nets[count] = tide_network_of(&ip, below((uint32_t)width * 8 + 1));
      bool there = false;
      for (int i = 0; i < count; i++)
        there = there || (nets[i].bits == nets[count].bits &&
                          tide_ip_equal(&nets[i].address, &nets[count].address));
      if (there && below(4))
        continue;
      if (!there) {
        assert_int_equal(tide_prefixes_add(p, &nets[count], count, (uint32_t)count), TIDE_OK);
        count++;
      }
    }
    assert_int_equal(tide_prefixes_build(p, NULL, &line), TIDE_OK);
    for (int n = 0; n < 2000; n++) {
      at("n = %d", n);
      tide_ip ip = {.family = below(2) ? 4 : 6};
      size_t width = ip.family == 4 ? 4 : 16;
      for (size_t i = 0; i < width; i++)
        ip.bytes[i] = (uint8_t)(below(3) ? below(3) * 127 : below(256));
      if (below(3) == 0)
        ip = nets[below(NETS)].address; /* edges */
      int want = TIDE_PREFIX_NONE;
      for (int i = 0; i < count; i++)
        if (tide_network_contains(&nets[i], &ip) && (want < 0 || nets[i].bits > nets[want].bits))
          want = i;
      tide_network net = {0};
      assert_int_equal(tide_prefixes_find(p, &ip, &net), want);
      if (want >= 0)
        assert_true(net.bits == nets[want].bits &&
                    tide_ip_equal(&net.address, &nets[want].address));
    }
    tide_prefixes_free(p);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(nested), cmocka_unit_test(gaps),
                                     cmocka_unit_test(as_by_search)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
