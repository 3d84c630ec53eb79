/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks of origins: tables as they are published, by date, and those that are broken. */
#include "cmocka_all.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <maxminddb.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "../mmdb_write.h"
#include "networks/network.h"

static const char *corpora(const char *below) {
  static char path[4096];
  const char *given = getenv("TIDE_CORPORA"), *source = getenv("TIDE_SOURCE");
  if (!source)
    source = ".";
  snprintf(path, sizeof path, "%s%s/%s", given ? given : source, given ? "" : "/../shared/corpora",
           below);
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
  assert_int_equal(tide_networks_new(&n, NULL, &err), TIDE_OK);
  if (tide_networks_add(n, path, TIDE_NETWORK_ASN, &err) != TIDE_OK)
    fail_msg("%s", err.text);
  return n;
}

static tide_network_facts facts_of(const tide_networks *n, const char *address, int64_t time) {
  tide_ip ip = {0};
  tide_network_facts facts;
  tide_ip_parse(tide_span_of(address), &ip);
  tide_networks_find(n, &ip, time != INT64_MIN, time, &facts);
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

/* The table nearest before the message; none before the first, none for a message without a time.
 */
static void dated(void **state) {
  (void)state;
  tide_networks *n = open_table(ours("dated"));
  assert_span_equal(facts_of(n, "203.0.113.7", 1225497600).asn, "64500"); /* 2008-11-01T00:00:00Z */
  assert_span_equal(facts_of(n, "203.0.113.7", 1225497599).asn, "");
  assert_span_equal(facts_of(n, "203.0.113.7", 1225497599).table, "");
  assert_span_equal(facts_of(n, "203.0.113.7", 1228089599).asn, "64500");
  assert_span_equal(facts_of(n, "203.0.113.7", 1228089600).asn, "64520"); /* 2008-12-01 */
  assert_span_equal(facts_of(n, "203.0.113.7", 2000000000).table,
                    "routeviews-rv2-20081201-1200.pfx2as");
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
      {"192.0.2.0/24\t1\n192.0.2.0/24\t1\n192.0.2.0/24\t2\n",
       ":3: the network in this line occurs twice"},
  };
  char path[] = "/tmp/tide-networks-XXXXXX";
  int fd = mkstemp(path);
  assert_number(fd, >=, 0);
  close(fd);
  tide_error err;
  tide_networks *n;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(cases[i].text, f);
    fclose(f);
    assert_int_equal(tide_networks_new(&n, NULL, &err), TIDE_OK);
    assert_int_equal(tide_networks_add(n, path, TIDE_NETWORK_ASN, &err), TIDE_USAGE);
    if (!strstr(err.text, cases[i].reason))
      fail_msg("%s: %s", cases[i].text, err.text);
    tide_networks_free(n);
  }
  /* A gzip stream that was cut off. */
  gzFile gz = gzopen(path, "wb");
  for (int i = 0; i < 5000; i++)
    gzprintf(gz, "10.%d.%d.0/24\t%d\n", i / 256, i % 256, i * 7919 % 65536);
  gzclose(gz);
  assert_int_equal(truncate(path, 3000), 0);
  assert_int_equal(tide_networks_new(&n, NULL, &err), TIDE_OK);
  assert_int_equal(tide_networks_add(n, path, TIDE_NETWORK_ASN, &err), TIDE_USAGE);
  tide_networks_free(n);
  unlink(path);
  assert_int_equal(tide_networks_new(&n, NULL, &err), TIDE_OK);
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
  if (!f)
    skip();
  static line lines[400000];
  size_t count = 0;
  char text[256];
  while (gzgets(f, text, sizeof text) && count < 400000) {
    unsigned a, b, c, d, bits, asn;
    if (sscanf(text, "%u.%u.%u.%u/%u %u", &a, &b, &c, &d, &bits, &asn) != 6)
      continue;
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
  /* Plain and linear, but for one thing: a line of eight bits or more can only hold an address with
   * the same first byte. */
  static uint32_t heads[257], order[400000], fill[256];
  for (size_t k = 0; k < count; k++)
    heads[(lines[k].first >> 24) + 1]++;
  for (int h = 0; h < 256; h++)
    heads[h + 1] += heads[h];
  for (size_t k = 0; k < count; k++)
    order[heads[lines[k].first >> 24] + fill[lines[k].first >> 24]++] = (uint32_t)k;
  for (size_t k = 0; k < count; k++) {
    at("k = %zu", k);
    assert_number(lines[k].bits, >=, 8);
  }
  for (int i = 0; i < ADDRESSES; i++)
    for (uint32_t k = heads[addresses[i] >> 24]; k < heads[(addresses[i] >> 24) + 1]; k++) {
      const line *x = &lines[order[k]];
      if ((addresses[i] & x->mask) == x->first && x->bits >= found_bits[i]) {
        found[i] = x->asn;
        found_bits[i] = x->bits;
      }
    }
  size_t known = 0;
  for (int i = 0; i < ADDRESSES; i++) {
    char address[16], asn[16] = "";
    snprintf(address, sizeof address, "%u.%u.%u.%u", addresses[i] >> 24, addresses[i] >> 16 & 255,
             addresses[i] >> 8 & 255, addresses[i] & 255);
    if (found[i])
      snprintf(asn, sizeof asn, "%u", found[i]);
    tide_network_facts facts = facts_of(n, address, 0);
    if (!tide_span_equal(facts.asn, tide_span_of(asn)))
      fail_msg("%s: %.*s, want %s", address, (int)facts.asn.len, facts.asn.ptr, asn);
    known += found[i] != 0;
  }
  print_message("%d addresses, %zu of them in a network\n", ADDRESSES, known);
  assert_number(known, >, 30000);
  tide_networks_free(n);
}

/* Every broken database is an error; none crashes. Three are whole but for their metadata, and an
 * error because they know of no AS. */
static void databases(void **state) {
  (void)state;
  static const char *const folders[] = {"ip/maxmind/bad-data/libmaxminddb",
                                        "ip/maxmind/bad-data/maxminddb-golang",
                                        "ip/maxmind/bad-data/maxminddb-python"};
  size_t damaged = 0, unknown = 0;
  tide_error err;
  for (size_t i = 0; i < 3; i++) {
    at("i = %zu", i);
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", corpora(folders[i]));
    DIR *dir = opendir(folder);
    if (!dir)
      skip();
    for (struct dirent *e; (e = readdir(dir));) {
      char path[8192];
      tide_networks *n;
      if (!strstr(e->d_name, ".mmdb"))
        continue;
      snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
      assert_int_equal(tide_networks_new(&n, NULL, &err), TIDE_OK);
      assert_int_equal(tide_networks_add(n, path, TIDE_NETWORK_ASN, &err), TIDE_USAGE);
      *(strstr(err.text, "none of its networks has") ? &unknown : &damaged) += 1;
      tide_networks_free(n);
    }
    closedir(dir);
  }
  assert_int_equal(damaged, 18);
  assert_int_equal(unknown, 3);
  tide_networks *n = open_table(corpora("ip/maxmind/GeoLite2-ASN-Test.mmdb"));
  assert_span_equal(facts_of(n, "1.128.0.1", 0).asn, "1221");
  assert_span_equal(facts_of(n, "1.128.0.1", 0).as_name, "Telstra Pty Ltd");
  assert_int_equal(facts_of(n, "1.128.0.1", 0).prefix.bits, 11);
  assert_int_equal(tide_networks_add(n, corpora("ip/maxmind/GeoIP2-Country-Test.mmdb"),
                                     TIDE_NETWORK_COUNTRY, &err),
                   TIDE_OK);
  assert_span_equal(facts_of(n, "2.125.160.216", 0).country, "GB");
  tide_networks_free(n);
}

/* The text or the number that libmaxminddb itself finds. */
static void asked(MMDB_lookup_result_s *found, const char *const *path, char *out, size_t size) {
  MMDB_entry_data_s data;
  out[0] = 0;
  if (!found->found_entry || MMDB_aget_value(&found->entry, &data, path) != MMDB_SUCCESS ||
      !data.has_data)
    return;
  if (data.type == MMDB_DATA_TYPE_UINT32)
    snprintf(out, size, "%u", data.uint32);
  if (data.type == MMDB_DATA_TYPE_UTF8_STRING)
    snprintf(out, size, "%.*s", (int)data.data_size, data.utf8_string);
}

static MMDB_lookup_result_s look_up(const MMDB_s *db, const tide_ip *ip) {
  struct sockaddr_in four = {.sin_family = AF_INET};
  struct sockaddr_in6 six = {.sin6_family = AF_INET6};
  memcpy(&four.sin_addr, ip->bytes, 4);
  memcpy(&six.sin6_addr, ip->bytes, 16);
  int error;
  MMDB_lookup_result_s found =
      MMDB_lookup_sockaddr(db,
                           ip->family == 4 ? (const struct sockaddr *)(const void *)&four
                                           : (const struct sockaddr *)(const void *)&six,
                           &error);
  assert_int_equal(error, MMDB_SUCCESS);
  return found;
}

/* The first address after a network; false after the last. */
static bool step(tide_ip *ip, unsigned bits) {
  for (unsigned at = bits; at-- > 0;) {
    uint8_t bit = (uint8_t)(0x80 >> at % 8);
    ip->bytes[at / 8] ^= bit;
    if (ip->bytes[at / 8] & bit)
      return true;
  }
  return false;
}

/* Of each network of a database the first address and the last: what is known of them is what
 * libmaxminddb finds. */
static size_t hold_against(const char *below, tide_network_kind kind, uint8_t family) {
  static const char *const asn_path[] = {"autonomous_system_number", NULL},
                           *const as_name_path[] = {"autonomous_system_organization", NULL},
                           *const country_path[] = {"country", "iso_code", NULL};
  MMDB_s db;
  tide_networks *n;
  tide_error err = {.text = ""};
  size_t known = 0;
  if (MMDB_open(corpora(below), MMDB_MODE_MMAP, &db) != MMDB_SUCCESS)
    skip();
  assert_int_equal(tide_networks_new(&n, NULL, &err), TIDE_OK);
  if (tide_networks_add(n, corpora(below), kind, &err) != TIDE_OK)
    fail_msg("%s", err.text);
  tide_ip ip = {.family = family};
  MMDB_lookup_result_s found;
  do {
    found = look_up(&db, &ip);
    const unsigned width = family == 4 ? 32 : 128, above = 128 - width,
                   bits = found.netmask > above ? found.netmask - above : 0;
    for (int last = 0; last < 2; last++) {
      tide_ip at = ip;
      for (unsigned b = bits; last && b < width; b++)
        at.bytes[b / 8] |= (uint8_t)(0x80 >> b % 8);
      if (family == 6 && memcmp(at.bytes, (const uint8_t[12]){[10] = 255, [11] = 255}, 12) == 0)
        continue; /* is IPv4 where it is read */
      char asn[256], as_name[256], country[256], text[TIDE_IP_TEXT];
      tide_network_facts facts;
      tide_networks_find(n, &at, true, 0, &facts);
      asked(&found, asn_path, asn, sizeof asn);
      asked(&found, as_name_path, as_name, sizeof as_name);
      asked(&found, country_path, country, sizeof country);
      tide_ip_format(&at, text);
      if (!tide_span_equal(facts.asn, tide_span_of(asn)) ||
          !tide_span_equal(facts.as_name, tide_span_of(as_name)) ||
          !tide_span_equal(facts.country, tide_span_of(country)))
        fail_msg("%s: %.*s %.*s %.*s, want %s %s %s", text, (int)facts.asn.len, facts.asn.ptr,
                 (int)facts.as_name.len, facts.as_name.ptr, (int)facts.country.len,
                 facts.country.ptr, asn, as_name, country);
      if (asn[0]) {
        const tide_network want = tide_network_of(&ip, bits);
        if (facts.prefix.bits != want.bits || !tide_ip_equal(&facts.prefix.address, &want.address))
          fail_msg("%s: /%u, want /%u", text, facts.prefix.bits, want.bits);
      }
      known += asn[0] || country[0];
    }
    if (!step(&ip, bits))
      break;
  } while (true);
  MMDB_close(&db);
  tide_networks_free(n);
  return known;
}

static void databases_in_full(void **state) {
  (void)state;
  size_t asn4 = hold_against("ip/maxmind/GeoLite2-ASN-Test.mmdb", TIDE_NETWORK_ASN, 4),
         asn6 = hold_against("ip/maxmind/GeoLite2-ASN-Test.mmdb", TIDE_NETWORK_ASN, 6);
  size_t country4 = hold_against("ip/maxmind/GeoIP2-Country-Test.mmdb", TIDE_NETWORK_COUNTRY, 4),
         country6 = hold_against("ip/maxmind/GeoIP2-Country-Test.mmdb", TIDE_NETWORK_COUNTRY, 6);
  print_message("addresses known: %zu and %zu by AS, %zu and %zu by country\n", asn4, asn6,
                country4, country6);
  assert_true(asn4 > 300 && asn6 > 1500 && country4 > 30 && country6 > 700);
}

/* A database of these nodes: a record is a node, or EMPTY, or what one of two places in the data
 * says: AS 64500 of "A  B", and country DE. */
enum { EMPTY = -1, AS_64500 = -2, COUNTRY_DE = -3, NODES_MAX = 256 };

typedef struct database {
  unsigned ip_version;
  uint32_t (*records)[2];
  uint32_t count;
  const void *data;
  size_t size;
} database;

static tide_status add_database(tide_networks **n, const database *d, tide_network_kind kind,
                                tide_error *err) {
  char path[64];
  snprintf(path, sizeof path, "/tmp/tide-networks-%ld.mmdb", (long)getpid());
  FILE *f = fopen(path, "wb");
  assert_non_null(f);
  mmdb_write(f, d->ip_version, d->records, d->count, d->data, d->size);
  assert_int_equal(fclose(f), 0);
  assert_int_equal(tide_networks_new(n, NULL, err), TIDE_OK);
  tide_status status = tide_networks_add(*n, path, kind, err);
  unlink(path);
  return status;
}

static tide_status add_tree(tide_networks **n, unsigned ip_version, int nodes[][2], uint32_t count,
                            tide_network_kind kind, tide_error *err) {
  static const char as_64500[] = "\xe2\x58"
                                 "autonomous_system_number\xc2\xfb\xf4\x5d\x01"
                                 "autonomous_system_organization\x44"
                                 "A  B",
                    de[] = "\xe1\x47"
                           "country\xe1\x48"
                           "iso_code\x42"
                           "DE";
  char data[256];
  uint32_t records[NODES_MAX][2];
  memcpy(data, as_64500, sizeof as_64500);
  memcpy(data + sizeof as_64500 - 1, de, sizeof de);
  const uint32_t first = count + MMDB_SEPARATOR, second = first + sizeof as_64500 - 1;
  for (uint32_t i = 0; i < count; i++)
    for (int side = 0; side < 2; side++) {
      const int r = nodes[i][side];
      switch (r) {
      case EMPTY: records[i][side] = count; break;
      case AS_64500: records[i][side] = first; break;
      case COUNTRY_DE: records[i][side] = second; break;
      default: records[i][side] = (uint32_t)r;
      }
    }
  const database d = {ip_version, records, count, data, sizeof as_64500 + sizeof de - 2};
  return add_database(n, &d, kind, err);
}

static void trees(void **state) {
  (void)state;
  tide_error err = {.text = ""};
  tide_networks *n;
  /* 0.0.0.0/2 and 64.0.0.0/2, which are one to a country, and nothing above. */
  int plain[][2] = {{1, EMPTY}, {AS_64500, AS_64500}};
  assert_int_equal(add_tree(&n, 4, plain, 2, TIDE_NETWORK_ASN, &err), TIDE_OK);
  assert_span_equal(facts_of(n, "1.2.3.4", 0).asn, "64500");
  assert_span_equal(facts_of(n, "1.2.3.4", 0).as_name, "A  B");
  assert_int_equal(facts_of(n, "1.2.3.4", 0).prefix.bits, 2);
  assert_span_equal(facts_of(n, "128.2.3.4", 0).asn, "");
  assert_span_equal(facts_of(n, "2001:db8::1", 0).asn, "");
  tide_networks_free(n);
  int countries[][2] = {{1, COUNTRY_DE}, {COUNTRY_DE, COUNTRY_DE}};
  assert_int_equal(add_tree(&n, 4, countries, 2, TIDE_NETWORK_COUNTRY, &err), TIDE_OK);
  assert_span_equal(facts_of(n, "1.2.3.4", 0).country, "DE");
  assert_span_equal(facts_of(n, "255.255.255.255", 0).country, "DE");
  tide_networks_free(n);
  /* A database of both families in which a record above ::/96 holds all of IPv4. */
  int above[][2] = {{AS_64500, EMPTY}};
  assert_int_equal(add_tree(&n, 6, above, 1, TIDE_NETWORK_ASN, &err), TIDE_OK);
  assert_span_equal(facts_of(n, "192.0.2.1", 0).asn, "64500");
  assert_int_equal(facts_of(n, "192.0.2.1", 0).prefix.bits, 0);
  assert_span_equal(facts_of(n, "2001:db8::1", 0).asn, "64500");
  assert_int_equal(facts_of(n, "2001:db8::1", 0).prefix.bits, 1);
  assert_span_equal(facts_of(n, "8000::1", 0).asn, "");
  tide_networks_free(n);
  /* What is asked for is not in it. */
  assert_int_equal(add_tree(&n, 4, plain, 2, TIDE_NETWORK_COUNTRY, &err), TIDE_USAGE);
  if (!strstr(err.text, "none of its networks has a country"))
    fail_msg("%s", err.text);
  tide_networks_free(n);
  assert_int_equal(add_tree(&n, 4, countries, 2, TIDE_NETWORK_ASN, &err), TIDE_USAGE);
  if (!strstr(err.text, "none of its networks has an AS number"))
    fail_msg("%s", err.text);
  tide_networks_free(n);
}

/* What is no tree: a walk would have no end, or would be far longer than the file. */
static void no_trees(void **state) {
  (void)state;
  tide_error err = {.text = ""};
  tide_networks *n;
  int circle[][2] = {{1, EMPTY}, {1, EMPTY}};
  int deep[NODES_MAX][2], shared[NODES_MAX][2];
  for (int i = 0; i < NODES_MAX; i++) {
    deep[i][0] = i + 1 < NODES_MAX ? i + 1 : EMPTY;
    deep[i][1] = EMPTY;
    shared[i][0] = shared[i][1] = i < 100 ? i + 1 : AS_64500;
  }
  const struct {
    int (*nodes)[2];
    uint32_t count;
  } cases[] = {{circle, 2}, {deep, 33}, {deep, 129}, {deep, NODES_MAX}, {shared, 101}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases", i);
    for (unsigned version = 4; version <= 6; version += 2) {
      at("version = %u", version);
      for (int kind = TIDE_NETWORK_ASN; kind <= TIDE_NETWORK_COUNTRY; kind++) {
        at("kind = %d", kind);
        assert_int_equal(
            add_tree(&n, version, cases[i].nodes, cases[i].count, (tide_network_kind)kind, &err),
            TIDE_USAGE);
        /* 33 levels are one too many of IPv4 only; and in both families the circle passes for the
         * node of all IPv4, with nothing in it. */
        const bool nothing = version == 6 && (cases[i].count == 33 || cases[i].nodes == circle);
        if (!strstr(err.text, nothing ? "none of its networks has" : "damaged"))
          fail_msg("%zu: %s", i, err.text);
        tide_networks_free(n);
      }
    }
  }
}

/* A record of one level in another, many times over; one whose pointers name the level below twice,
 * each time; one that leads to itself. libmaxminddb alone would end the program in the first, and
 * have no end in the second. */
static void no_data(void **state) {
  (void)state;
  enum { LEVELS = 2000000, LAUGHS = 60, DATA = 2 * LEVELS + 64 };
  static const char as_7[] = "\x58"
                             "autonomous_system_number\xc1\x07";
  unsigned char *data = malloc(DATA);
  assert_non_null(data);
  tide_error err = {.text = ""};
  for (int kind = 0; kind < 3; kind++) {
    at("kind = %d", kind);
    size_t size = 0, begin = 0, below = 0;
    if (kind > 0)
      data[size++] = 0xa0; /* the number 0 */
    /* Pointers of two bytes name places below 2048. */
    for (int i = 0; kind > 0 && i < LAUGHS; i++) {
      begin = size;
      data[size++] = 2;
      data[size++] = 4;
      for (int k = 0; k < 2; k++) {
        data[size++] = (unsigned char)(0x20 | below >> 8);
        data[size++] = below & 255;
      }
      below = kind == 1 ? begin : begin + 6; /* or itself */
    }
    begin = size;
    data[size++] = 0xe2;
    data[size++] = 0x41;
    data[size++] = 'a';
    for (int i = 0; kind == 0 && i < LEVELS; i++) {
      data[size++] = 1;
      data[size++] = 4;
    }
    if (kind == 0)
      data[size++] = 0xa0;
    else {
      data[size++] = (unsigned char)(0x20 | below >> 8);
      data[size++] = below & 255;
    }
    memcpy(data + size, as_7, sizeof as_7 - 1);
    size += sizeof as_7 - 1;
    uint32_t records[1][2] = {{1 + MMDB_SEPARATOR + (uint32_t)begin, 1}};
    tide_networks *n;
    tide_status status =
        add_database(&n, &(database){4, records, 1, data, size}, TIDE_NETWORK_ASN, &err);
    /* What is only named often is read: nothing is wrong with it. */
    assert_int_equal(status, kind == 1 ? TIDE_OK : TIDE_USAGE);
    if (kind == 1)
      assert_span_equal(facts_of(n, "1.2.3.4", 0).asn, "7");
    else if (!strstr(err.text, "damaged"))
      fail_msg("%s", err.text);
    tide_networks_free(n);
  }
  free(data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tables),    cmocka_unit_test(dated),
      cmocka_unit_test(wrong),     cmocka_unit_test(as_by_search),
      cmocka_unit_test(databases), cmocka_unit_test(databases_in_full),
      cmocka_unit_test(trees),     cmocka_unit_test(no_trees),
      cmocka_unit_test(no_data)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
