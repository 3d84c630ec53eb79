/* Networks of origins: tables as they are published, by date, and those that are broken. */
#include "cmocka_all.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "spamtide/network.h"

static tide_arena arena;

static const char *corpora(const char *below) {
  static char path[4096];
  const char *given = getenv("TIDE_CORPORA"), *source = getenv("TIDE_SOURCE");
  snprintf(path, sizeof path, "%s%s/%s", given ? given : source ? source : ".", given ? "" : "/../shared/corpora", below);
  return path;
}

static const char *ours(const char *below) {
  static char path[4096];
  const char *source = getenv("TIDE_SOURCE");
  snprintf(path, sizeof path, "%s/test-corpora/networks/%s", source ? source : ".", below);
  return path;
}

static tide_networks *open_table(const char *path) {
  tide_networks *n;
  tide_error err = {.text = ""};
  assert_int_equal(tide_networks_new(&n, &err), TIDE_OK);
  if (tide_networks_add(n, path, TIDE_NETWORK_ASN, &err) != TIDE_OK) fail_msg("%s", err.text);
  return n;
}

static tide_network_facts facts_of(const tide_networks *n, const char *address, int64_t time) {
  tide_ip ip = {0};
  tide_network_facts facts;
  tide_ip_parse(tide_span_of(address), &ip);
  tide_networks_find(n, &ip, time != INT64_MIN, time, &arena, &facts);
  return facts;
}

static void tables(void **state) {
  (void)state;
  tide_networks *n = open_table(ours("asn.dat"));
  assert_span_equal(facts_of(n, "203.0.113.77", 0).asn, "64500");
  assert_span_equal(facts_of(n, "203.0.113.7", 0).asn, "64501");
  assert_int_equal(facts_of(n, "203.0.113.7", 0).prefix.bits, 28);
  assert_span_equal(facts_of(n, "198.51.100.1", 0).asn, "64502_64503");
  assert_span_equal(facts_of(n, "2001:db8::5", 0).asn, "64504");
  assert_span_equal(facts_of(n, "192.0.2.1", 0).asn, "");
  assert_span_equal(facts_of(n, "", 0).asn, "");
  assert_span_equal(facts_of(n, "192.0.2.1", 0).table, "asn.dat");
  tide_networks_free(n);
}

/* The table nearest before the message; none before the first, none for a message without a time. */
static void dated(void **state) {
  (void)state;
  tide_networks *n = open_table(ours("dated"));
  assert_span_equal(facts_of(n, "203.0.113.7", 1225497600).asn, "64500"); /* 2008-11-01T00:00:00Z */
  assert_span_equal(facts_of(n, "203.0.113.7", 1225497599).asn, "");
  assert_span_equal(facts_of(n, "203.0.113.7", 1225497599).table, "");
  assert_span_equal(facts_of(n, "203.0.113.7", 1228089599).asn, "64500");
  assert_span_equal(facts_of(n, "203.0.113.7", 1228089600).asn, "64520"); /* 2008-12-01 */
  assert_span_equal(facts_of(n, "203.0.113.7", 2000000000).table, "routeviews-rv2-20081201-1200.pfx2as");
  assert_span_equal(facts_of(n, "198.51.100.7", 1225497600).asn, "64510,64511");
  assert_span_equal(facts_of(n, "198.51.100.7", 1228089600).asn, "");
  assert_span_equal(facts_of(n, "203.0.113.7", INT64_MIN).asn, "");
  tide_networks_free(n);
}

static void wrong(void **state) {
  (void)state;
  static const struct {
    const char *text, *reason;
  } cases[] = {
      {"", "no networks in it"},
      {"; nothing\n", "no networks in it"},
      {"192.0.2.0/24\t1\nnonsense\n", ":2: neither"},
      {"192.0.2.0/33\t1\n", ":1: neither"},
      {"192.0.2.0/24\tAS1\n", ":1: neither"},
      {"192.0.2.0/24\n", ":1: neither"},
      {"192.0.2.0\t24\t1\t2\n", ":1: neither"},
      {"192.0.2.0/24 1 2\n", ":1: neither"},
      {"192.0.2.0/24\t1\n192.0.2.0/24\t1\n192.0.2.0/24\t2\n", ":3: the network of this line stands twice"},
  };
  char path[] = "/tmp/tide-networks-XXXXXX";
  int fd = mkstemp(path);
  assert_true(fd >= 0);
  close(fd);
  tide_error err;
  tide_networks *n;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(cases[i].text, f);
    fclose(f);
    assert_int_equal(tide_networks_new(&n, &err), TIDE_OK);
    assert_int_equal(tide_networks_add(n, path, TIDE_NETWORK_ASN, &err), TIDE_USAGE);
    if (!strstr(err.text, cases[i].reason)) fail_msg("%s: %s", cases[i].text, err.text);
    tide_networks_free(n);
  }
  /* A gzip stream that was cut off. */
  gzFile gz = gzopen(path, "wb");
  for (int i = 0; i < 5000; i++) gzprintf(gz, "10.%d.%d.0/24\t%d\n", i / 256, i % 256, i * 7919 % 65536);
  gzclose(gz);
  assert_int_equal(truncate(path, 3000), 0);
  assert_int_equal(tide_networks_new(&n, &err), TIDE_OK);
  assert_int_equal(tide_networks_add(n, path, TIDE_NETWORK_ASN, &err), TIDE_USAGE);
  tide_networks_free(n);
  unlink(path);
  assert_int_equal(tide_networks_new(&n, &err), TIDE_OK);
  assert_int_equal(tide_networks_add(n, path, TIDE_NETWORK_ASN, &err), TIDE_USAGE);
  assert_int_equal(tide_networks_add(n, ours("asn.dat"), TIDE_NETWORK_COUNTRY, &err), TIDE_USAGE);
  tide_networks_free(n);
}

static uint64_t seed = 88172645463325252u;
static uint32_t random32(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (uint32_t)(seed >> 32);
}

/* The table of 2008 against a search through all of its lines, for 100,000 random addresses. */
static void as_by_search(void **state) {
  (void)state;
  enum { ADDRESSES = 100000 };
  typedef struct line {
    uint32_t first, mask;
    uint8_t bits;
    uint32_t asn;
  } line;
  const char *path = corpora("ip/pyasn/ipasn_20080501_v12.dat.gz");
  gzFile f = gzopen(path, "rb");
  if (!f) skip();
  static line lines[400000];
  size_t count = 0;
  char text[256];
  while (gzgets(f, text, sizeof text) && count < 400000) {
    unsigned a, b, c, d, bits, asn;
    if (sscanf(text, "%u.%u.%u.%u/%u %u", &a, &b, &c, &d, &bits, &asn) != 6) continue;
    uint32_t mask = bits ? ~(uint32_t)0 << (32 - bits) : 0;
    lines[count++] = (line){(a << 24 | b << 16 | c << 8 | d) & mask, mask, (uint8_t)bits, asn};
  }
  gzclose(f);
  assert_true(count == 270849);
  tide_networks *n = open_table(path);
  static uint32_t addresses[ADDRESSES], found[ADDRESSES];
  static uint8_t found_bits[ADDRESSES];
  for (int i = 0; i < ADDRESSES; i++) {
    addresses[i] = i % 4 ? random32() : lines[random32() % count].first + random32() % 256;
    found[i] = 0;
    found_bits[i] = 0;
  }
  /* Plain and linear, but for one thing: a line of eight bits or more can only hold an address with the same first byte. */
  static uint32_t heads[257], order[400000], fill[256];
  for (size_t k = 0; k < count; k++) heads[(lines[k].first >> 24) + 1]++;
  for (int h = 0; h < 256; h++) heads[h + 1] += heads[h];
  for (size_t k = 0; k < count; k++) order[heads[lines[k].first >> 24] + fill[lines[k].first >> 24]++] = (uint32_t)k;
  for (size_t k = 0; k < count; k++) assert_true(lines[k].bits >= 8);
  for (int i = 0; i < ADDRESSES; i++)
    for (uint32_t k = heads[addresses[i] >> 24]; k < heads[(addresses[i] >> 24) + 1]; k++) {
      const line *x = &lines[order[k]];
      if ((addresses[i] & x->mask) == x->first && x->bits >= found_bits[i]) found[i] = x->asn, found_bits[i] = x->bits;
    }
  size_t known = 0;
  for (int i = 0; i < ADDRESSES; i++) {
    char address[16], asn[16] = "";
    snprintf(address, sizeof address, "%u.%u.%u.%u", addresses[i] >> 24, addresses[i] >> 16 & 255, addresses[i] >> 8 & 255, addresses[i] & 255);
    if (found[i]) snprintf(asn, sizeof asn, "%u", found[i]);
    tide_network_facts facts = facts_of(n, address, 0);
    if (!tide_span_equal(facts.asn, tide_span_of(asn))) fail_msg("%s: %.*s, want %s", address, (int)facts.asn.len, facts.asn.ptr, asn);
    known += found[i] != 0;
  }
  print_message("%d addresses, %zu of them in a network\n", ADDRESSES, known);
  assert_true(known > 30000);
  tide_networks_free(n);
}

/* Every broken database is an error or answers; none crashes. */
static void databases(void **state) {
  (void)state;
  static const char *const folders[] = {"ip/maxmind/bad-data/libmaxminddb", "ip/maxmind/bad-data/maxminddb-golang", "ip/maxmind/bad-data/maxminddb-python"};
  size_t refused = 0, taken = 0;
  tide_error err;
  for (size_t i = 0; i < 3; i++) {
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", corpora(folders[i]));
    DIR *dir = opendir(folder);
    if (!dir) skip();
    for (struct dirent *e; (e = readdir(dir));) {
      char path[8192];
      tide_networks *n;
      if (!strstr(e->d_name, ".mmdb")) continue;
      snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
      assert_int_equal(tide_networks_new(&n, &err), TIDE_OK);
      tide_status status = tide_networks_add(n, path, TIDE_NETWORK_ASN, &err);
      if (status == TIDE_OK) {
        taken++;
        for (int k = 0; k < 1000; k++) {
          tide_ip ip = {.family = k & 1 ? 4 : 6};
          for (int b = 0; b < (k & 1 ? 4 : 16); b++) ip.bytes[b] = (uint8_t)random32();
          tide_network_facts facts;
          tide_networks_find(n, &ip, true, 0, &arena, &facts);
        }
      } else {
        assert_int_equal(status, TIDE_USAGE);
        refused++;
      }
      tide_networks_free(n);
    }
    closedir(dir);
  }
  print_message("%zu refused, %zu taken\n", refused, taken);
  assert_int_equal(refused, 18);
  assert_int_equal(taken, 3);
  tide_networks *n = open_table(corpora("ip/maxmind/GeoLite2-ASN-Test.mmdb"));
  assert_span_equal(facts_of(n, "1.128.0.1", 0).asn, "1221");
  assert_span_equal(facts_of(n, "1.128.0.1", 0).as_name, "Telstra Pty Ltd");
  assert_int_equal(facts_of(n, "1.128.0.1", 0).prefix.bits, 11);
  assert_int_equal(tide_networks_add(n, corpora("ip/maxmind/GeoIP2-Country-Test.mmdb"), TIDE_NETWORK_COUNTRY, &err), TIDE_OK);
  assert_span_equal(facts_of(n, "2.125.160.216", 0).country, "GB");
  tide_networks_free(n);
}

static int teardown(void **state) {
  (void)state;
  tide_arena_free(&arena);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(tables), cmocka_unit_test(dated), cmocka_unit_test(wrong), cmocka_unit_test(as_by_search), cmocka_unit_test(databases)};
  return cmocka_run_group_tests(tests, NULL, teardown);
}
