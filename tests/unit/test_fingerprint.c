/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingerprints: what must not change one, what must, and the list of fields that others add. */
#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/civil.h"
#include "base/data.h"
#include "extract/fingerprint.h"

static tide_parser *parser;
static tide_additions *known;
static tide_arena arena;

/* The layout of a message, in a buffer that is used in turn. */
static const char *layout_of(const char *text) {
  static char out[2][TIDE_LIMIT_LAYOUT + 1];
  static int turn;
  tide_raw raw = {.bytes = tide_span_of(text), .size = strlen(text)};
  const tide_message *m;
  tide_span layout;
  turn = !turn;
  tide_arena_reset(&arena);
  assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_HEADERS, &m), TIDE_OK);
  assert_int_equal(tide_fingerprint_layout(m, known, &arena, NULL, &layout), TIDE_OK);
  memcpy(out[turn], layout.ptr ? layout.ptr : "", layout.len);
  out[turn][layout.len] = 0;
  return out[turn];
}

#define HOP                                                                                        \
  "Received: from wendy (bot.example.com [203.0.113.9]) by mx.example.org (Postfix) with SMTP id " \
  "3AB4CD5E6F; Tue, 11 Nov 2008 21:30:07 +0000\n"
#define OUTLOOK_BODY "\nHello\n"
#define OUTLOOK(top, bottom, id, date, type, body)                                                 \
  top HOP "Message-ID: <" id "@WENDY>\n"                                                           \
          "From: \"Wendy\" <wendy@example.com>\nTo: <list@example.org>\nSubject: tea\n"            \
          "Date: " date "\nMIME-Version: 1.0\n" type "X-Priority: 3\nX-MSMail-Priority: Normal\n"  \
          "X-Mailer: Microsoft Outlook Express 6.00.2900.3138\n"                                   \
          "X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.3198\n" bottom body
/* 2008-11-11T21:30:00Z as the upper half of a file time */
#define ID   "000701c94444$6a3e1c90$0100007f"
#define DATE "Tue, 11 Nov 2008 22:30:00 +0100"
#define PLAIN                                                                                      \
  "Content-Type: text/plain;\n\tcharset=\"iso-8859-1\"\nContent-Transfer-Encoding: 7bit\n"
#define BASE OUTLOOK("", "", ID, DATE, PLAIN, OUTLOOK_BODY)

static void layout(void **state) {
  (void)state;
  assert_string_equal(
      layout_of(BASE),
      "Message-ID,From,To,Date,MIME-Version,Content-Type,X-Priority,X-MSMail-Priority,X-Mailer,"
      "X-MimeOLE,Subject mailer=\"Microsoft Outlook Express\" priority=9 from=\"name\"<> "
      "id=9f$$,filetime@word date=\"Aaa, 9 Aaa 9999 9:9:9 +z\" type=text;~charset=\"a\"");
  char name[TIDE_FINGERPRINT_NAME + 1];
  tide_fingerprint_name(SPAN("From,To"), name);
  assert_string_equal(name, "fd48116194d9a"); /* the same on every machine, in every version */
}

/* The same message by another way, or another message of the same program. */
static void same(void **state) {
  (void)state;
  static const char *const relays =
      "Return-Path: <wendy@example.com>\nDelivered-To: me@example.net\n"
      "Received: from mx.example.org (mx.example.org [198.51.100.1]) by mail.example.net (8.14.1) "
      "with ESMTP id mAJ1; Tue, 11 Nov 2008 21:31:00 GMT\n"
      "Authentication-Results: mail.example.net; spf=none\nReceived-SPF: none\n"
      "X-Spam-Status: No, score=1\nX-Virus-Scanned: amavisd\n"
      "DKIM-Signature: v=1; d=example.org\nX-Unheard-Of: anything above\n";
  static const char *const list =
      "Sender: list-bounces@example.org\nErrors-To: list-bounces@example.org\n"
      "X-BeenThere: list@example.org\nX-Mailman-Version: 2.1.9\nPrecedence: list\n"
      "List-Id: <list.example.org>\nList-Unsubscribe: <mailto:x@example.org>\n"
      "List-Post: <mailto:list@example.org>\nX-List-Administrivia: no\n";
  static const char *const exchange =
      "X-OriginalArrivalTime: 11 Nov 2008 21:30:09.0250 (UTC) FILETIME=[44A6C2A0:01C94444]\n"
      "X-MS-Exchange-Organization-SCL: 1\nX-Microsoft-Antispam: BCL:0\n";
  static const char *const delivery = "Status: RO\nX-Status: A\nX-UID: 17\nContent-Length: 6\n"
                                      "Lines: 1\nX-Keywords: NonJunk\nX-Mozilla-Status: 0001\n";
  static const char *const person =
      "Cc: <a@example.org>\nReply-To: <b@example.org>\nIn-Reply-To: <c@example.org>\n"
      "References: <c@example.org>\nDisposition-Notification-To: <wendy@example.com>\n"
      "Organization: A Place\nX-Quote-Of-Day: tea\n";
  const char *const tops[] = {"", relays}, *const bottoms[] = {"", list, exchange, delivery,
                                                               person};
  static const char *const types[] = {
      PLAIN, "Content-Type: text/plain;\n\tcharset=\"koi8-r\"\nContent-Transfer-Encoding: 8bit\n",
      "Content-Type: text/html;\n\tcharset=\"koi8-r\"\nContent-Transfer-Encoding: 8bit\n",
      "Content-Type: multipart/mixed;\n\tboundary=\"----=_NextPart_000_0007_01C94444.6A3E1C90\"\n"};
  static const char *const bodies[] = {
      OUTLOOK_BODY, OUTLOOK_BODY, OUTLOOK_BODY,
      "\nThis is a multi-part message in MIME format.\n\n"
      "------=_NextPart_000_0007_01C94444.6A3E1C90\nContent-Type: text/plain;\n\t"
      "charset=\"iso-8859-1\"\nContent-Transfer-Encoding: 7bit\n\nHello\n"
      "------=_NextPart_000_0007_01C94444.6A3E1C90\nContent-Type: image/gif\n\nR0lG\n"
      "------=_NextPart_000_0007_01C94444.6A3E1C90--\n"};
  char want[TIDE_LIMIT_LAYOUT + 1], text[8192];
  snprintf(want, sizeof want, "%s", layout_of(BASE));
  for (size_t t = 0; t < sizeof tops / sizeof *tops; t++) {
    at("row %zu of tops: %s", t, tops[t]);
    for (size_t b = 0; b < sizeof bottoms / sizeof *bottoms; b++) {
      at("row %zu of bottoms", b);
      for (size_t c = 0; c < sizeof types / sizeof *types; c++) {
        at("row %zu of types: %s", c, types[c]);
        snprintf(text, sizeof text, OUTLOOK("%s", "%s", ID, DATE, "%s", "%s"), tops[t], types[c],
                 bottoms[b], bodies[c]);
        assert_string_equal(layout_of(text), want);
      }
    }
  }
  /* Mailman 2.1 writes the subject anew, after all that was there. */
  assert_string_equal(
      layout_of(HOP "Date: " DATE "\nSubject: tea\nFrom: a@example.com\nTo: b@example.org\n\n"),
      layout_of(HOP "Date: " DATE "\nFrom: a@example.com\nTo: b@example.org\n"
                    "Subject: [list] tea\nList-Id: <l.example.org>\n\n"));
}

/* --- the ways of tests/fingerprints/ways.txt --- */

enum { WAY_FIELDS = 64, TEXT_MAX = 16384 };

typedef struct way {
  char name[80];
  tide_span fields[WAY_FIELDS]; /* lines of the file */
  size_t count;
} way;

static void put_span(char text[TEXT_MAX], size_t *len, tide_span s) {
  assert_number(*len + s.len, <, TEXT_MAX);
  memcpy(text + *len, s.ptr, s.len);
  text[ *len += s.len] = 0;
}

/* The message between whose lines the way's fields stand: before line places[i], the i-th. */
static void interleave(char text[TEXT_MAX], const char *message, const way *w,
                       const size_t *places) {
  size_t len = 0;
  tide_span rest = tide_span_of(message);
  for (size_t line = 0, next = 0; rest.len; line++) {
    at("line = %zu", line);
    for (; next < w->count && places[next] == line; next++)
      put_span(text, &len, w->fields[next]);
    size_t end = tide_span_find_char(rest, '\n') + 1;
    put_span(text, &len, tide_span_slice(rest, 0, end));
    rest = tide_span_slice(rest, end, rest.len);
  }
}

static void way_try(const way *w) {
  static const char *const programs[] = {
      BASE,
      /* an engine that forges a hop, and a person behind a relay, whose lines are all of one field
       */
      HOP "Received: (from tomcat@localhost) by 198.51.100.77; Tue, 11 Nov 2008 22:30:00 +0100\n"
          "Date: Tue, 11 Nov 2008 22:30:00 +0100\nX-Mailer: Parcel Post\nX-Own: 1\n"
          "From: a@example.com\nSubject: tea\nMessage-Id: <17.a@example.com>\n\nHello\n",
      HOP "Date: Tue, 11 Nov 2008 22:30:00 +0100\nFrom: A B <a@example.com>\n"
          "To: list@example.org\nSubject: tea\nMessage-ID: <20081111213000.GA17@example.com>\n"
          "MIME-Version: 1.0\nContent-Type: text/plain; charset=us-ascii\n"
          "Content-Disposition: inline\nUser-Agent: Mutt/1.5.18 (2008-05-17)\n\nHello\n"};
  char want[TIDE_LIMIT_LAYOUT + 1], text[TEXT_MAX];
  for (size_t p = 0; p < sizeof programs / sizeof *programs; p++) {
    at("row %zu of programs: %s", p, programs[p]);
    size_t hops = 0, lines = 0, places[WAY_FIELDS];
    for (tide_span rest = tide_span_of(programs[p]); rest.ptr[0] != '\n'; lines++) {
      if (tide_span_starts(rest, SPAN("Received:")))
        hops = lines + 1;
      rest = tide_span_slice(rest, tide_span_find_char(rest, '\n') + 1, rest.len);
    }
    snprintf(want, sizeof want, "%s", layout_of(programs[p]));
    for (int kind = 0; kind < 4; kind++) {
      at("kind = %d", kind);
      /* on top, below the last hop, at the bottom, and spread from there on without a fold broken
       */
      for (size_t i = 0; i < w->count; i++)
        places[i] = (const size_t[]){0, hops, lines, hops + (lines - hops) * i / w->count}[kind];
      for (size_t i = 0; kind == 3 && p == 0 && i < w->count; i++)
        if (places[i] > hops + 5)
          places[i] = lines; /* Content-Type is folded */
      interleave(text, programs[p], w, places);
      if (strcmp(layout_of(text), want) != 0)
        fail_msg("%s, program %zu, place %d: %s", w->name, p, kind, layout_of(text));
    }
  }
}

/* Whoever adds fields, and wherever: those of relays, lists, filters and folders are no program's.
 */
static void ways(void **state) {
  (void)state;
  const char *source = getenv("TIDE_SOURCE");
  char path[4096];
  static char bytes[65536];
  snprintf(path, sizeof path, "%s/tests/fingerprints/ways.txt", source ? source : ".");
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  tide_span rest = tide_span_make(bytes, fread(bytes, 1, sizeof bytes, f));
  assert_int_equal(fclose(f), 0);
  assert_true(rest.len > 0 && rest.len < sizeof bytes);
  size_t tried = 0;
  way w = {.count = 0};
  while (rest.len) {
    tide_span line = tide_span_slice(rest, 0, tide_span_find_char(rest, '\n') + 1);
    rest = tide_span_slice(rest, line.len, rest.len);
    if (line.ptr[0] == '#') {
      way_try(&w);
      snprintf(w.name, sizeof w.name, "%.*s", (int)line.len - 1, line.ptr);
      w.count = 0;
      continue;
    }
    assert_number(w.count, <, WAY_FIELDS);
    w.fields[w.count++] = line;
    tried++;
  }
  way_try(&w);
  assert_number(tried, >, 200);
}

/* What comes by chance, or with the hour, is not in it. */
static void chance(void **state) {
  (void)state;
  char want[TIDE_LIMIT_LAYOUT + 1], text[4096], id[64], date[64];
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  snprintf(want, sizeof want, "%s", layout_of(BASE));
  srand(1);
  for (int64_t t = 1199145600; t < 1230768000; t += 3600 * 5 + 137) {
    at("t = %ld", t);
    tide_civil c;
    tide_civil_from_seconds(t, &c);
    uint64_t file_time = ((uint64_t)t + 11644473600u) * 10000000u;
    snprintf(id, sizeof id, "%04x%08llx$%08x$%08x", rand() % 65536,
             (unsigned long long)(file_time >> 32), (unsigned)rand(), (unsigned)rand());
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    snprintf(date, sizeof date, "%s, %d %s %lld %02d:%02d:%02d +0000", days[rand() % 7], c.day,
             months[c.month - 1], (long long)c.year, c.hour, c.minute, c.second);
    snprintf(text, sizeof text, OUTLOOK("", "", "%s", "%s", "%s", OUTLOOK_BODY), id, date, PLAIN);
    assert_string_equal(layout_of(text), want);
  }
}

/* Versions and editions: one program. */
static void mailers(void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"The Bat! (v3.80.03) Educational", "The Bat!"},
      {"The Bat! (v2.01)", "The Bat!"},
      {"Mutt/1.5.13 (2006-08-11)", "Mutt"},
      {"Apple Mail (2.926)", "Apple Mail"},
      {"Pegasus Mail for Windows (v4.41)", "Pegasus Mail for Windows"},
      {"Mail (some) more 1.0 x", "Mail more"},
      {"Mail (open 1", "Mail"}};
  char text[256], want[256];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    at("row %zu of rows", i);
    snprintf(text, sizeof text, "X-Mailer: %s\nMessage-ID: <1@a>\n\n", rows[i][0]);
    snprintf(want, sizeof want, "X-Mailer,Message-ID mailer=\"%s\" from= id=9@host", rows[i][1]);
    assert_string_equal(layout_of(text), want);
  }
}

/* What a person chose, or an imitator on the spot, is not in it: rows of one program each, with
 * From and Message-ID. */
static void persons(void **state) {
  (void)state;
  static const char *const rows[][3][2] = {
      {{"coy.krill@example.net", "200210051256.03011.coy.krill@example.net"},
       {"A Person <jon@example.com>", "200208281735.33851.jon@example.com"},
       {"\"Jon\" <jon_3@example.com>", "200208281735.33851.Jon_3@example.com"}},
      {{"ejw@example.edu", "AMEPKEBLDJJCCDEJHAMIKEEPFGAA.ejw@example.edu"},
       {"tim.one@example.net", "LNBBLJKPBEHFEDALKOLCKEKLBCAB.tim.one@example.net"},
       {"geege4@example.net", "ILEHJNJFPDLMDEKNIAKCCEEAHCAA.geege4@example.net"}},
      {{"a@example.net", "1034007312.2296.8.camel@bobcat"},
       {"a@example.net", "1034007312.2296.8.camel@BOBCAT"},
       {"a@example.net", "1034007312.2296.8.camel@bobcat.example.org"}},
      {{"a@example.net", "5.1.0.14.2.20020905040452.04b51b88@pop.example.org"},
       {"a@example.net", "5.1.0.14.2.20020905040452.02fdeab8@pop.example.org"},
       {"a@example.net", "5.1.0.14.2.20020905040452.0000000a@pop.example.org"}},
      {{"a@example.net", "470b169f.8550519@example.org"}, /* three digits, a letter, twice */
       {"a@example.net", "529v909n.5364643@example.org"},
       {"a@example.net", "157z400y.4573622@example.org"}},
      {{"a@example.net", "200208020200.g7220a127756@mail.example.org"},
       {"a@example.net", "200208121027.g7CAR2E07668@mail.example.org"},
       {"a@example.net", "200209271242.h8RCGAW015740@mail.example.org"}},
  };
  char text[1024], want[TIDE_LIMIT_LAYOUT + 1];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    at("row %zu of rows", i);
    for (size_t k = 0; k < 3; k++) {
      at("k = %zu", k);
      snprintf(text, sizeof text,
               "From: %s\nMessage-ID: <%s>\nSubject: tea\nX-Mailer: Parcel Post\n\n", rows[i][k][0],
               rows[i][k][1]);
      const char *got = strchr(layout_of(text), ' ');
      got = strstr(got, " id=");
      if (k == 0)
        snprintf(want, sizeof want, "%s", got);
      assert_string_equal(got, want);
    }
  }
  static const char *const claims[] = {"The Bat! (v3.80)", "QUALCOMM Windows Eudora Version 5.1",
                                       "Microsoft Outlook Express 6.00"};
  for (size_t i = 0; i < sizeof claims / sizeof *claims; i++) {
    at("row %zu of claims: %s", i, claims[i]);
    snprintf(text, sizeof text,
             "Message-ID: <00070a1b2c3d$6a3e1c90$0100007f@WENDY>\nDate: " DATE "\nX-Mailer: %s\n\n",
             claims[i]);
    if (i == 0)
      snprintf(want, sizeof want, "%s", layout_of(text));
    assert_string_equal(layout_of(text), want);
  }
}

/* How many of the layouts of texts are not those of another of them. */
static size_t layouts_among(const char (*texts)[512], size_t count) {
  size_t apart = 0;
  for (size_t i = 0; i < count; i++) {
    at("i = %zu", i);
    char layout[TIDE_LIMIT_LAYOUT + 1];
    bool seen = false;
    snprintf(layout, sizeof layout, "%s", layout_of(texts[i]));
    for (size_t k = 0; k < i; k++) {
      at("k = %zu", k);
      seen |= strcmp(layout_of(texts[k]), layout) == 0;
    }
    apart += !seen;
  }
  return apart;
}

/* Who writes no Message-ID names any mailer; how a name stands is the person's where a type tells
 * more of the program. */
static void little_known(void **state) {
  (void)state;
  static const char *const mailers[] = {"The Bat! (v3.80)", "Microsoft Outlook", "AOL 7.0"},
                           *const names[] = {"a@b.example", "A <a@b.example>",
                                             "\"A B\" <a@b.example>"},
                           *const more[] = {"", "Content-Type: text/plain\n"},
                           *const ids[] = {"", "Message-ID: <1@b.example>\n"};
  char texts[3][512];
  for (int k = 0; k < 4; k++) {
    at("k = %d", k);
    for (int i = 0; i < 3; i++)
      snprintf(texts[i], sizeof texts[i], "From: a@b.example\nX-Mailer: %s\n%s%s\n", mailers[i],
               more[k & 1], ids[k / 2]);
    assert_int_equal(layouts_among(texts, 3), k / 2 ? 3 : 1);
    for (int i = 0; i < 3; i++)
      snprintf(texts[i], sizeof texts[i], "From: %s\n%s%s\n", names[i], more[k & 1], ids[k / 2]);
    assert_int_equal(layouts_among(texts, 3), k & 1 ? 1 : 3);
  }
}

/* Mozilla's seconds in hexadecimal digits, and those who imitate them; a day is one whatever the
 * Date: engines keep the one that they were made on. */
static void clocks(void **state) {
  (void)state;
  static const struct {
    const char *id, *shape;
  } rows[] = {
      {"4919FA18.5060309@a.example", "9F.,hex-epoch@host"},
      {"4719FA18.5060309@a.example", "9Z.@host"},
      {"4919fa18.5060309@a.example", "9z.@host"},
      {"4919FA18.506030x@a.example", "9zZ.@host"},
      {"4919FA18-5060309@a.example", "9Z-@host"},
      {"4919FA1.5060309@a.example", "9Z.@host"},
      {"FFFFFFFF.5060309@a.example", "9Z.@host"},
      {"1439717287.20081111223000@a.example", "9.,day@host"},
      {"1439717287.20081101223000@a.example", "9.,day@host"}, /* made up, for all its life */
      {"1439717287.20089999109099@a.example", "9.@host"}};
  char text[512], want[128];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    at("row %zu of rows: %s", i, rows[i].id);
    snprintf(text, sizeof text, "Message-ID: <%s>\nDate: " DATE "\n\n", rows[i].id);
    snprintf(want, sizeof want, " id=%s ", rows[i].shape);
    if (!strstr(layout_of(text), want))
      fail_msg("%s: %s", rows[i].id, layout_of(text));
  }
}

/* In London's winter as in its summer. */
static void seasons(void **state) {
  (void)state;
  static const char *const dates[] = {"Mon, 7 Jul 2008 10:36:17 +0100",
                                      "Wed, 10 Dec 2008 10:36:17 -0000"};
  char text[1024], want[TIDE_LIMIT_LAYOUT + 1];
  for (int i = 0; i < 2; i++) {
    at("i = %d", i);
    snprintf(text, sizeof text, "From: a@example.net\nDate: %s\nX-Mailer: Outlook\n\n", dates[i]);
    if (i == 0)
      snprintf(want, sizeof want, "%s", layout_of(text));
    assert_string_equal(layout_of(text), want);
  }
}

/* Each of these is another program's. */
static void different(void **state) {
  (void)state;
  static const char *const texts[] = {
      BASE,
      /* a file time of another year, as who takes any digits writes */
      OUTLOOK("", "", "00070a1b2c3d$6a3e1c90$0100007f", DATE, PLAIN, OUTLOOK_BODY),
      /* no counter before the file time */
      OUTLOOK("", "", "01c94444$6a3e1c90$0100007f", DATE, PLAIN, OUTLOOK_BODY),
      OUTLOOK("", "", "20081111223000.7", DATE, PLAIN, OUTLOOK_BODY),
      OUTLOOK("", "", ID, "11 Nov 2008 22:30:00 +0100", PLAIN, OUTLOOK_BODY),
      OUTLOOK("", "", ID, "Tue, 11 Nov 2008 22:30:00 GMT", PLAIN, OUTLOOK_BODY),
      OUTLOOK("", "", ID, "Tue, 11 Nov 2008 22:30:00 +0100 (CET)", PLAIN, OUTLOOK_BODY),
      OUTLOOK("", "", ID, DATE, "Content-Type: text/plain; charset=\"iso-8859-1\"\n", OUTLOOK_BODY),
      OUTLOOK("", "", ID, DATE, "Content-Type: text/plain;\n\tcharset=ISO-8859-1\n", OUTLOOK_BODY),
      OUTLOOK("", "", ID, DATE, "Content-type: text/plain;\n\tcharset=\"iso-8859-1\"\n",
              OUTLOOK_BODY),
      OUTLOOK("", "X-Own: 1\n", ID, DATE, PLAIN, OUTLOOK_BODY),
      "From: Wendy <wendy@example.com>\nMessage-ID: <" ID "@WENDY>\nDate: " DATE "\n" PLAIN
      "\nHello\n", /* Outlook always quotes the name */
      "From: \"Wendy\" <wendy@example.com>\nMessage-ID: <" ID "@WENDY>\nDate: " DATE "\n" PLAIN
      "\nHello\n",
      OUTLOOK("", "", ID, DATE,
              "Content-Transfer-Encoding: 7bit\nContent-Type: text/plain;\n\t"
              "charset=\"iso-8859-1\"\n",
              OUTLOOK_BODY),
  };
  enum { COUNT = sizeof texts / sizeof *texts };
  char layouts[COUNT][TIDE_LIMIT_LAYOUT + 1];
  for (size_t i = 0; i < COUNT; i++) {
    at("i = %zu", i);
    snprintf(layouts[i], sizeof layouts[i], "%s", layout_of(texts[i]));
    for (size_t k = 0; k < i; k++) {
      at("k = %zu", k);
      assert_string_not_equal(layouts[i], layouts[k]);
    }
  }
}

/* What a relay fills in is not the sender's; what a program has its own host's sendmail fill in is.
 */
static void filled_in(void **state) {
  (void)state;
  static const char *const hops[] = {
      "Received: from bot (bot.example.com [203.0.113.9]) by mx.example.org (8.14.1/8.14.1) with "
      "SMTP id mABLU7Jk012345; Tue, 11 Nov 2008 21:30:07 +0000\n",
      "Received: from [203.0.113.9] (helo=bot) by mx.example.org with smtp (Exim 4.69) id "
      "1L012A-0003aB-7C; Tue, 11 Nov 2008 21:30:07 +0000\n"};
  static const char *const ids[] = {"<200811112130.mABLU7Jk012345@mx.example.org>",
                                    "<E1L012A-0003aB-7C@mx.example.org>"};
  char text[2048];
  for (int i = 0; i < 2; i++) {
    at("i = %d", i);
    snprintf(text, sizeof text, "%sFrom: a@example.com\nTo: b@example.org\nSubject: tea\n\n",
             hops[i]);
    const char *want = layout_of(text);
    assert_string_equal(want, "From,To,Subject from=");
    snprintf(text, sizeof text,
             "%sDate: Tue, 11 Nov 2008 21:30:07 +0000\nMessage-Id: %s\nFrom: a@example.com\n"
             "To: undisclosed-recipients:;\nTo: b@example.org\nSubject: tea\n\n",
             hops[i], ids[i]);
    assert_string_equal(layout_of(text), want);
    /* A server writes its own zone: this Date only came to hand in the second it was written. */
    snprintf(text, sizeof text,
             "%sDate: Tue, 11 Nov 2008 22:30:07 +0100\nMessage-Id: %s\nFrom: a@example.com\n"
             "To: b@example.org\nSubject: tea\n\n",
             hops[i], ids[i]);
    assert_string_equal(layout_of(text),
                        "Date,From,To,Subject from= date=\"Aaa, 9 Aaa 9999 9:9:9 +z\"");
  }
  assert_non_null(strstr(
      layout_of("Received: (from cron@localhost) by mx.example.org (8.14.1/8.14.1/Submit) id "
                "mABLU7Jk012345; Tue, 11 Nov 2008 21:30:07 +0000\n"
                "Message-Id: <200811112130.mABLU7Jk012345@mx.example.org>\nFrom: a\nTo: b\n\n"),
      "Message-Id"));
}

/* Servers that fill in the Message-ID alone, below all that they got; their own programs' are kept.
 */
static void filled_in_below(void **state) {
  (void)state;
  static const struct {
    const char *hop, *id;
    bool filled;
  } rows[] = {
      {"from bot ([203.0.113.9]) by kale.example.org with Microsoft SMTPSVC(5.0.2195.2966);",
       "KALET6658EMJmAkxWne000001a2@kale.example.org", true},
      {"from bot ([203.0.113.9]) by kale.example.org with Microsoft SMTPSVC(6.0.3790.1830);",
       "KALE-SERVERMJmAkxWn0000a1a2@Kale.example.org", true},
      {"from mail pickup service by kale.example.org with Microsoft SMTPSVC;",
       "KALET6658EMJmAkxWne000001a2@kale.example.org", false},
      {"from bot ([203.0.113.9]) by other.example.org with Microsoft SMTPSVC(5.0.2195.2966);",
       "KALET6658EMJmAkxWne000001a2@kale.example.org", false},
      {"from bot ([203.0.113.9]) by kale.example.org with SMTP;",
       "KALET6658EMJmAkxWne000001a2@kale.example.org", false},
      {"from bot ([203.0.113.9]) by kale.example.org with Microsoft SMTPSVC(5.0.2195.2966);",
       "KALET6658EMJmAkxWne00000xa2@kale.example.org", false},
      {"from bot ([203.0.113.9]) by kale.example.org with Microsoft SMTPSVC(5.0.2195.2966);",
       "KALET6658EMJmAkxWn000001a2@kale.example.org", false},
      {"from [203.0.113.9] (HELO bot) by kale.example.org (CommuniGate Pro SMTP 4.2) with SMTP id "
       "434609;",
       "auto-000000434609@kale.example.org", true},
      {"from [203.0.113.9] (HELO bot) by kale.example.org (CommuniGate Pro SMTP 4.2) with SMTP id "
       "434608;",
       "auto-000000434609@kale.example.org", false},
      {"from bot (unverified [203.0.113.9]) by kale.example.org (Rockliffe SMTPRA 4.5.4) with SMTP "
       "id <B0055250236@kale.example.org>;",
       "B0055250236@kale.example.org", true},
      {"from bot (unverified [203.0.113.9]) by kale.example.org with SMTP id "
       "<B1@kale.example.org>;",
       "B0055250236@kale.example.org", false},
      {"from bot by kale.example.org with SMTP id 1;", "auto-000000000000@kale.example.org", false},
  };
  char text[1024];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    at("row %zu of rows: %s", i, rows[i].hop);
    snprintf(text, sizeof text,
             "Received: %s Tue, 11 Nov 2008 21:30:07 +0000\nFrom: a@example.com\nTo: "
             "b@example.org\nSubject: tea\nMessage-ID: <%s>\n\n",
             rows[i].hop, rows[i].id);
    if (rows[i].filled != (strcmp(layout_of(text), "From,To,Subject from=") == 0))
      fail_msg("%s: %s", rows[i].id, layout_of(text));
  }
}

/* Exchange Online counts the fields that it got, and appends its own behind the count: a Message-ID
 * where there was none, and what it writes anew. */
static void behind_the_count(void **state) {
  (void)state;
#define GOT   HOP "From: a@example.com\nSubject: tea\nTo: b@example.org\n"
#define COUNT "X-IncomingHeaderCount: 3\n"
  static const char added[] = "Message-ID: <7d34ee0c-0d81-413f-a077-5f4046235c0a@eu1.example.net>\n"
                              "Importance: high\nX-Priority: 1\nMIME-Version: 1.0\n\n";
  char text[2048], want[TIDE_LIMIT_LAYOUT + 1];
  snprintf(want, sizeof want, "%s", layout_of(GOT "\n"));
  assert_string_equal(want, "From,To,Subject from=");
  snprintf(text, sizeof text, GOT COUNT "%s", added);
  assert_string_equal(layout_of(text), want);
  snprintf(text, sizeof text, GOT "%s", added);
  assert_string_not_equal(layout_of(text), want);
  /* One's own is kept. */
  assert_string_equal(layout_of(GOT "Message-ID: <1@example.com>\n" COUNT "MIME-Version: 1.0\n\n"),
                      layout_of(GOT "Message-ID: <1@example.com>\n\n"));
}

/* No Received at all, nothing below it, and nothing of the sender's. */
static void edges(void **state) {
  (void)state;
  assert_string_equal(layout_of("From: a at example.com (A)\nSubject: tea\n\n"),
                      "From,Subject from=(name)");
  assert_string_equal(layout_of("From: a@example.com\nSubject: tea\n" HOP "\n"),
                      "From,Subject from=");
  assert_string_equal(layout_of(HOP "Status: O\n\n"), "");
  assert_string_equal(layout_of("Message-ID: <>\n\n"), "Message-ID from= id=@none");
  assert_string_equal(layout_of("Message-ID: a\nDate: \nContent-Type:\n\n"),
                      "Message-ID,Date,Content-Type id=no<>,z@none type=other");
  /* A folded one, of all the separators that are looked at: its line ends are none of them. */
  assert_string_equal(layout_of("Message-ID: <a\n (1.2.3.4)[1.2.3.4](1.2.3.4)x@b.example>\n\n"),
                      layout_of("Message-ID: <a\r\n (1.2.3.4)[1.2.3.4](1.2.3.4)x@b.example>\r\n"
                                "\r\n"));
}

static void hostile(void **state) {
  (void)state;
  enum { SIZE = 300000 };
  char *text = malloc(SIZE + 64);
  for (int kind = 0; kind < 4; kind++) {
    at("kind = %d", kind);
    size_t len = 0;
    while (len < SIZE)
      switch (kind) {
      case 0: len += (size_t)sprintf(text + len, "X%zu: 1\n", len); break;
      case 1: len += (size_t)sprintf(text + len, "Received: from a%zu by <\n", len); break;
      case 2: len += (size_t)sprintf(text + len, "%zu", len); break;
      default: len += (size_t)sprintf(text + len, "Message-ID: <20081111.%zu@\n", len);
      }
    sprintf(text + len, ":\n\n");
    assert_number(strlen(layout_of(text)), <=, TIDE_LIMIT_LAYOUT);
  }
  free(text);
}

/* The list of the house can be read, says who and why, and has no row that another one hides. */
static void list(void **state) {
  (void)state;
  tide_error err;
  tide_span rest = tide_data_added_fields;
  size_t rows = 0;
  while (rest.len) {
    tide_span line = tide_span_slice(rest, 0, tide_span_find_char(rest, '\n'));
    rest = tide_span_slice(rest, line.len + 1, rest.len);
    tide_span name = tide_span_slice(line, 0, tide_span_find_char(line, ','));
    if (line.len == 0 || line.ptr[0] == '#' || tide_span_equal(name, SPAN("name")))
      continue;
    char plain[128];
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < sizeof plain; i++)
      if (name.ptr[i] != '*')
        plain[len++] = name.ptr[i];
    tide_header h = {.name = tide_span_make(plain, len), .id = TIDE_HEADER_OTHER};
    const tide_addition *row = tide_additions_find(known, &h);
    assert_non_null(row);
    if (!tide_span_equal(row->name, name))
      fail_msg("%.*s is hidden by %.*s", (int)name.len, name.ptr, (int)row->name.len,
               row->name.ptr);
    assert_number(row->reason.len, >, 0);
    assert_true(
        tide_span_equal(row->who, SPAN("relay")) || tide_span_equal(row->who, SPAN("delivery")) ||
        tide_span_equal(row->who, SPAN("filter")) || tide_span_equal(row->who, SPAN("list")) ||
        tide_span_equal(row->who, SPAN("client")));
    rows++;
  }
  assert_number(rows, >, 200);
  tide_additions *broken;
  assert_int_equal(tide_additions_read(&broken, SPAN("name,who,reason\nX-A,relay\n"), &err),
                   TIDE_USAGE);
  assert_int_equal(
      tide_additions_read(&broken, SPAN("name,who,reason\nX*,relay,too short\n"), &err),
      TIDE_USAGE);
  assert_int_equal(tide_additions_read(&broken, SPAN("name,who,reason\n\"X-A,relay,open\n"), &err),
                   TIDE_USAGE);
}

/* Case does not matter, insides are found anywhere, and what is nobody's is nobody's. */
static void names(void **state) {
  (void)state;
  static const struct {
    const char *name, *who;
  } rows[] = {{"LIST-ID", "list"},
              {"x-foo-SPAM-bar", "filter"},
              {"X-Ucsc-MailScanner", "filter"},
              {"cc", "client"},
              {"X-Mailer", NULL},
              {"X-Lib", NULL},
              {"X", NULL},
              {"MIME-Version", NULL},
              {"X-List", "list"},
              {"Lis", NULL},
              {"X-Priority", NULL},
              {"status", "delivery"},
              {"X-MS-Exchange-", "relay"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    tide_header h = {.name = tide_span_of(rows[i].name), .id = TIDE_HEADER_OTHER};
    const tide_addition *row = tide_additions_find(known, &h);
    if (rows[i].who && (!row || !tide_span_equal(row->who, tide_span_of(rows[i].who))))
      fail_msg("%s", rows[i].name);
    if (!rows[i].who && row)
      fail_msg("%s is taken for %.*s", rows[i].name, (int)row->name.len, row->name.ptr);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layout),
      cmocka_unit_test(same),
      cmocka_unit_test(ways),
      cmocka_unit_test(chance),
      cmocka_unit_test(mailers),
      cmocka_unit_test(persons),
      cmocka_unit_test(different),
      cmocka_unit_test(filled_in),
      cmocka_unit_test(behind_the_count),
      cmocka_unit_test(edges),
      cmocka_unit_test(hostile),
      cmocka_unit_test(list),
      cmocka_unit_test(names),
      cmocka_unit_test(seasons),
      cmocka_unit_test(little_known),
      cmocka_unit_test(clocks),
      cmocka_unit_test(filled_in_below),
  };
  tide_error err;
  tide_mime_init();
  if (tide_parser_new(&parser) != TIDE_OK ||
      tide_additions_read(&known, tide_data_added_fields, &err) != TIDE_OK)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  tide_parser_free(parser);
  tide_additions_free(known);
  tide_arena_free(&arena);
  return failed;
}
