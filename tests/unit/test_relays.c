/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Relays: any split merges to the same, and hints need their evidence. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "table/table.h"

static tide_ip ip(const char *text) {
  tide_ip out = {0};
  assert_true(tide_ip_parse(tide_span_of(text), &out));
  return out;
}

/* One message: handed over by `peer`, which calls itself helo and is looked up as name, with a
 * source below it. */
static void handed(tide_relays *t, const char *peer, const char *name, int number, bool linked,
                   bool kin) {
  char source[32];
  snprintf(source, sizeof source, "203.0.113.%d", number);
  tide_ip below = ip(source);
  tide_handover end = {.peer = ip(peer),
                       .name = tide_span_of(name),
                       .helo = SPAN("helo"),
                       .messages = 1,
                       .linked = linked,
                       .kin = kin,
                       .days = {number, number}};
  assert_int_equal(tide_relays_end(t, &end, &below), TIDE_OK);
}

/* How far a sight of a host is to be relied on. */
typedef struct trust {
  bool believed, fetched;
} trust;

static void seen(tide_relays *t, tide_relay_role role, const char *host, const char *name,
                 trust how, int64_t time) {
  tide_relay sight = {.role = role,
                      .host = tide_span_of(host),
                      .name = tide_span_of(name),
                      .depth = 1,
                      .messages = 1,
                      .believed = how.believed,
                      .fetched = how.fetched,
                      .days = {time, time}};
  assert_int_equal(tide_relays_add(t, &sight), TIDE_OK);
}

static tide_hint_kind hint_of(const tide_relays *t, uint64_t messages, const char *address) {
  tide_hint *hints;
  size_t count;
  tide_ip want = ip(address);
  tide_hint_kind kind = TIDE_HINT_NONE;
  assert_int_equal(tide_relays_hints(t, messages, &hints, &count), TIDE_OK);
  for (size_t i = 0; i < count; i++)
    if (tide_ip_equal(&hints[i].address, &want))
      kind = hints[i].kind;
  free(hints);
  return kind;
}

static void hints(void **state) {
  (void)state;
  static const struct {
    const char *what;
    int messages, sources, linked, kin, fetched;
    bool receiver;    /* its name receives for us */
    uint64_t archive; /* messages */
    tide_hint_kind want;
  } cases[] = {
      {"nothing but messages", 50, 50, 0, 0, 0, false, 100, TIDE_HINT_NONE},
      {"a list: passes on the mail of many", 50, 50, 50, 0, 0, false, 100, TIDE_HINT_FORWARDER},
      {"of too few", 50, 9, 50, 0, 0, false, 100, TIDE_HINT_NONE},
      {"in less than one of a hundred", 50, 50, 50, 0, 0, false, 5001, TIDE_HINT_NONE},
      {"fewer than four of five say so below", 50, 50, 39, 0, 0, false, 100, TIDE_HINT_NONE},
      {"four of five", 50, 50, 40, 0, 0, false, 100, TIDE_HINT_FORWARDER},
      {"of our domain", 50, 3, 50, 5, 0, false, 100, TIDE_HINT_TRUST},
      {"of our domain in too few", 50, 3, 50, 4, 0, false, 100, TIDE_HINT_NONE},
      {"of our domain, with its own mail only", 50, 2, 50, 50, 0, false, 100, TIDE_HINT_NONE},
      {"receives for us", 3, 3, 3, 0, 0, true, 100000, TIDE_HINT_TRUST},
      {"receives for us, two messages", 2, 2, 2, 0, 0, true, 100000, TIDE_HINT_NONE},
      {"receives for us, and writes its own mail", 9, 2, 9, 0, 0, true, 100000, TIDE_HINT_NONE},
      {"five messages of a stranger", 5, 5, 5, 5, 0, false, 10, TIDE_HINT_NONE},
      {"nearly all, for many", 95, 20, 95, 0, 0, false, 100, TIDE_HINT_TRUST},
      {"nearly all, for few", 95, 9, 95, 0, 0, false, 100, TIDE_HINT_NONE},
      {"nearly all of a small archive", 19, 19, 19, 0, 0, false, 19, TIDE_HINT_FORWARDER},
      {"nearly all, but says below that others received it", 95, 20, 50, 0, 0, false, 100,
       TIDE_HINT_NONE},
      {"fetched from", 1, 1, 0, 0, 2, false, 100000, TIDE_HINT_TRUST},
      {"fetched from once", 1, 1, 0, 0, 1, false, 100000, TIDE_HINT_NONE},
      {"fetched from, and hands nothing over", 0, 0, 0, 0, 2, false, 100000, TIDE_HINT_TRUST},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].what);
    tide_relays *t;
    assert_int_equal(tide_relays_new(&t), TIDE_OK);
    for (int m = 0; m < cases[i].messages; m++) {
      at("m = %d", m);
      handed(t, "198.51.100.1", "mx2.example.org", m % cases[i].sources, m < cases[i].linked,
             m < cases[i].kin);
    }
    for (int m = 0; m < cases[i].fetched; m++) {
      at("m = %d", m);
      seen(t, TIDE_RELAY_PEER, "198.51.100.1", "", (trust){true, true}, 5);
    }
    if (cases[i].receiver)
      seen(t, TIDE_RELAY_RECEIVER, "mx2.example.org", "", (trust){true, false}, 5);
    /* A name that only a claim gives to a receiver is none of ours. */
    else
      seen(t, TIDE_RELAY_RECEIVER, "mx2.example.org", "", (trust){false, false}, 5);
    tide_hint_kind got = hint_of(t, cases[i].archive, "198.51.100.1");
    if (got != cases[i].want)
      fail_msg("%s: got %d", cases[i].what, (int)got);
    tide_relays_free(t);
  }
}

/* Hosts of a pool, none of which carries enough: the network is what is hinted at. */
static void pools(void **state) {
  (void)state;
  static const struct {
    const char *peers[4], *names[4], *network;
    tide_hint_kind want;
  } cases[] = {
      {{"198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"},
       {"out1.lists.example.net", "out2.lists.example.net", "out3.lists.example.net",
        "out4.lists.example.net"},
       "198.51.100.0/24",
       TIDE_HINT_FORWARDER},
      {{"198.51.100.1", "198.51.101.2", "198.51.102.3", "198.51.103.4"},
       {"out1.example.net", "out2.example.net", "out3.example.net", "out4.example.net"},
       NULL,
       TIDE_HINT_NONE},
      {{"198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"},
       {"mail.example.net", "mail.example.com", "mail.example.org", "mail.example.edu"},
       NULL,
       TIDE_HINT_NONE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases", i);
    tide_relays *t;
    tide_hint *found;
    size_t count;
    assert_int_equal(tide_relays_new(&t), TIDE_OK);
    for (int m = 0; m < 40; m++) {
      at("m = %d", m);
      handed(t, cases[i].peers[m % 4], cases[i].names[m % 4], m % 16, true, false);
    }
    assert_int_equal(tide_relays_hints(t, 2000, &found, &count), TIDE_OK);
    assert_int_equal(count, cases[i].network ? 1 : 0);
    char text[TIDE_IP_TEXT];
    if (count) {
      tide_hint_text(&found[0], text);
      assert_string_equal(text, cases[i].network);
      assert_int_equal(found[0].kind, cases[i].want);
      assert_string_equal(found[0].name, cases[i].names[0]);
    }
    free(found);
    tide_relays_free(t);
  }
}

typedef struct text {
  char bytes[8192];
  size_t len;
} text;

static tide_status put_row(void *context, const tide_value *row, size_t count, tide_error *err) {
  text *t = context;
  (void)err;
  for (size_t i = 0; i < count; i++) {
    char number[40] = "";
    tide_span s = {0};
    switch (row[i].kind) {
    case TIDE_VALUE_EMPTY: break;
    case TIDE_VALUE_WORD:
    case TIDE_VALUE_TEXT: s = row[i].text; break;
    case TIDE_VALUE_UINT:
      s = tide_span_make(
          number, (size_t)snprintf(number, sizeof number, "%llu", (unsigned long long)row[i].uint));
      break;
    case TIDE_VALUE_REAL:
    case TIDE_VALUE_PROBABILITY:
      s = tide_span_make(number, (size_t)snprintf(number, sizeof number, "%g", row[i].real));
      break;
    case TIDE_VALUE_TIME:
      s = tide_span_make(
          number, (size_t)snprintf(number, sizeof number, "%lld", (long long)row[i].time.seconds));
      break;
    }
    t->len += (size_t)snprintf(t->bytes + t->len, sizeof t->bytes - t->len, "%.*s,", (int)s.len,
                               s.len ? s.ptr : "");
  }
  t->len += (size_t)snprintf(t->bytes + t->len, sizeof t->bytes - t->len, "\n");
  return TIDE_OK;
}

static void written(const tide_relays *t, text *out) {
  tide_zone *zone;
  tide_row_writer writer = {.row = put_row, .context = out};
  out->len = 0;
  assert_int_equal(tide_zone_open(&zone, SPAN("UTC"), NULL), TIDE_OK);
  assert_int_equal(tide_relays_write(t, 60, 0, zone, &writer, NULL), TIDE_OK);
  tide_zone_free(zone);
}

/* Sixty messages to one, and dealt out to three that are merged in either order. */
static void any_split_is_the_whole(void **state) {
  (void)state;
  tide_relays *whole, *part[3];
  assert_int_equal(tide_relays_new(&whole), TIDE_OK);
  for (int i = 0; i < 3; i++) {
    at("i = %d", i);
    assert_int_equal(tide_relays_new(&part[i]), TIDE_OK);
  }
  for (int m = 0; m < 60; m++) {
    at("m = %d", m);
    tide_relays *both[] = {whole, part[m * 7 % 3]};
    char peer[32], name[32];
    snprintf(peer, sizeof peer, "198.51.100.%d", m % 4);
    snprintf(name, sizeof name, "h%d.example.com", (m * 5) % 11);
    for (int i = 0; i < 2; i++) {
      at("i = %d", i);
      handed(both[i], peer, name, m % 17, m % 9 != 0, m % 5 == 0);
      seen(both[i], TIDE_RELAY_PEER, peer, name, (trust){m % 3 != 0, m % 4 == 1}, m);
      seen(both[i], TIDE_RELAY_RECEIVER, "mx.example.org", "", (trust){true, false}, m);
    }
  }
  static text want, got;
  written(whole, &want);
  assert_non_null(strstr(want.bytes, "receiver,mx.example.org,,1,60,100,60,0,59,,,"));
  assert_non_null(strstr(want.bytes, "trust"));
  assert_int_equal(tide_relays_merge(part[2], part[0]), TIDE_OK);
  assert_int_equal(tide_relays_merge(part[2], part[1]), TIDE_OK);
  written(part[2], &got);
  assert_string_equal(want.bytes, got.bytes);
  assert_int_equal(tide_relays_merge(part[1], part[0]), TIDE_OK);
  assert_int_not_equal(tide_relays_at(part[1], 0).messages, tide_relays_at(whole, 0).messages);
  for (int i = 0; i < 3; i++)
    tide_relays_free(part[i]);
  tide_relays_free(whole);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(hints), cmocka_unit_test(pools),
                                     cmocka_unit_test(any_split_is_the_whole)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
