/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From one message to a record: which time, which origin, and which rule decided. */
#include "cmocka_all.h"

#include <stdio.h>
#include <unistd.h>

#include "base/data.h"
#include "extract/extractor.h"
#include "rules/filter.h"
#include "base/zone.h"
#include "rules/campaign.h"
#include "hops/chain.h"
#include "hops/delivery.h"

#define NOW 1767225600 /* 2026-01-01 */
#define OURS                                                                                       \
  "Received: from localhost (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id 1; " \
  "Tue, 11 Nov 2008 21:30:02 +0000\n"
#define RELAY                                                                                      \
  "Received: from relay.example.net (relay.example.net [198.51.100.1]) by mx.example.org "         \
  "(Postfix) with ESMTP id 2; Tue, 11 Nov 2008 21:30:01 +0000\n"
#define SENDER                                                                                     \
  "Received: from claimed.example (bot.example.com [203.0.113.9]) by relay.example.net (Postfix) " \
  "with SMTP id 3; Tue, 11 Nov 2008 21:30:00 +0000\n"
#define FORGED                                                                                     \
  "Received: (from tomcat@localhost) by 192.0.2.77 (8.12.8/8.12.8/Submit) id 4; Tue, 11 Nov 2008 " \
  "11:00:00 +0000\n"
#define FETCHED                                                                                    \
  "Received: from pop.example.org [198.51.100.200] by localhost with POP3 (fetchmail-6.3.8) for "  \
  "<me@localhost> (single-drop); Tue, 11 Nov 2008 22:00:00 +0000\n"
#define LIST                                                                                       \
  "Received: from mx.example.org (majordomo@localhost [127.0.0.1]) by mx.example.org "             \
  "(8.14.1/8.14.1) with ESMTP id 5; Tue, 11 Nov 2008 21:30:03 +0000\n"
#define LOCAL                                                                                      \
  "Received: (from majordomo@localhost) by mx.example.org (8.14.1/8.14.1/Submit) id 6; Tue, 11 "   \
  "Nov 2008 21:30:02 +0000\n"

static tide_parser *parser;
static tide_arena arena;

static bool webmail_origin;
static tide_services *services;

static tide_record extract(const char *text, const tide_trust *trust, const char *envelope,
                           int64_t file_time) {
  static tide_raw raw;
  const tide_message *message;
  tide_extract_options options = {
      .now = NOW, .trust = trust, .services = services, .webmail_origin = webmail_origin};
  tide_record record = {0};
  raw = (tide_raw){.bytes = tide_span_of(text),
                   .size = strlen(text),
                   .envelope = tide_span_of(envelope),
                   .file_time = file_time};
  tide_arena_reset(&arena);
  assert_int_equal(tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT, &message), TIDE_OK);
  tide_chain chain;
  tide_extraction x = {
      .options = &options, .raw = &raw, .message = message, .chain = &chain, .arena = &arena};
  unsigned parts = TIDE_PART_TIME | TIDE_PART_ORIGIN | TIDE_PART_CHAIN | TIDE_PART_IDENTITY |
                   TIDE_PART_SUBJECT | TIDE_PART_OPINION;
  assert_int_equal(tide_extract(&x, parts, &record), TIDE_OK);
  return record;
}

static const char *ip_text(const tide_ip *ip) {
  static char text[TIDE_IP_TEXT];
  tide_ip_format(ip, text);
  return text;
}

static void origins(void **state) {
  (void)state;
  tide_trust *relay, *wrong;
  tide_error err;
  assert_int_equal(tide_trust_new(&relay, &err), TIDE_OK);
  assert_int_equal(tide_trust_add(relay, ".example.net", &err), TIDE_OK);
  assert_int_equal(tide_trust_new(&wrong, &err), TIDE_OK);
  assert_int_equal(tide_trust_add(wrong, "192.0.2.0/24", &err), TIDE_OK);
  const struct {
    const char *headers;
    const tide_trust *trust;
    const char *origin, *claimed;
    unsigned hop;
    tide_origin_source source;
  } cases[] = {
      {SENDER, NULL, "203.0.113.9", "203.0.113.9", 1, TIDE_ORIGIN_FIRST_PUBLIC},
      {RELAY SENDER, NULL, "198.51.100.1", "203.0.113.9", 1, TIDE_ORIGIN_FIRST_PUBLIC},
      {RELAY SENDER, relay, "203.0.113.9", "203.0.113.9", 2, TIDE_ORIGIN_TRUST},
      {RELAY SENDER, wrong, "198.51.100.1", "203.0.113.9", 1, TIDE_ORIGIN_FIRST_HOP},
      /* Our own hops, a fetch from our mailbox, and list software on our host do not end the walk.
       */
      {OURS SENDER, NULL, "203.0.113.9", "203.0.113.9", 2, TIDE_ORIGIN_FIRST_PUBLIC},
      {FETCHED OURS SENDER, NULL, "203.0.113.9", "203.0.113.9", 3, TIDE_ORIGIN_FIRST_PUBLIC},
      {LIST LOCAL SENDER, NULL, "203.0.113.9", "203.0.113.9", 3, TIDE_ORIGIN_FIRST_PUBLIC},
      /* What stands below is forged, and is not asked. */
      {SENDER FORGED, NULL, "203.0.113.9", "203.0.113.9", 1, TIDE_ORIGIN_FIRST_PUBLIC},
      /* No public peer at all: unknown, never 0.0.0.0. */
      /* A peer that no rule can read ends the walk: what stands below may be forged. */
      {"Received: from x (seen=192.0.2.1) by mx.example.org; Tue, 11 Nov 2008 21:30:00 "
       "+0000\n" FORGED,
       NULL, "", "", 0, TIDE_ORIGIN_UNREAD},
      {"Received: from nobody 192.0.2.1/x; Tue, 11 Nov 2008 21:30:00 +0000\n" RELAY, NULL, "",
       "198.51.100.1", 0, TIDE_ORIGIN_UNREAD},
      {OURS, NULL, "", "", 0, TIDE_ORIGIN_NONE},
      {"Subject: x\n", NULL, "", "", 0, TIDE_ORIGIN_NONE},
      {OURS RELAY, relay, "", "198.51.100.1", 0, TIDE_ORIGIN_NONE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].headers);
    char text[4096];
    snprintf(text, sizeof text, "%s\nbody\n", cases[i].headers);
    tide_record r = extract(text, cases[i].trust, "", INT64_MIN);
    if (strcmp(ip_text(&r.origin), cases[i].origin) != 0)
      fail_msg("case %zu: origin %s", i, ip_text(&r.origin));
    if (strcmp(ip_text(&r.claimed_origin), cases[i].claimed) != 0)
      fail_msg("case %zu: claimed origin %s", i, ip_text(&r.claimed_origin));
    if (r.origin_hop != cases[i].hop || r.origin_source != cases[i].source)
      fail_msg("case %zu: hop %u, source %d", i, r.origin_hop, (int)r.origin_source);
  }
  tide_record r = extract(SENDER "\nx\n", NULL, "", INT64_MIN);
  assert_span_equal(r.helo, "claimed.example");
  assert_span_equal(r.rdns, "bot.example.com");
  assert_span_equal(r.receiver, "relay.example.net");
  tide_trust_free(relay);
  tide_trust_free(wrong);
}

/* What hangs below the origin, which is SENDER's peer: bot.example.com [203.0.113.9], calling
 * itself claimed.example, at 21:30. */
static void chains(void **state) {
  (void)state;
  static const struct {
    const char *below;
    tide_chain_verdict verdict;
  } cases[] = {
      {"", TIDE_CHAIN_DIRECT},
      /* By the name that was looked up, by the name that was claimed, by another name of the same
         domain, in any case. */
      {"Received: from a.example.org (a.example.org [192.0.2.1]) by bot.example.com with SMTP; "
       "Tue, 11 Nov 2008 21:29:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: from a.example.org (a.example.org [192.0.2.1]) by claimed.example with SMTP; "
       "Tue, 11 Nov 2008 21:29:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: from a.example.org (a.example.org [192.0.2.1]) by Mail2.EXAMPLE.com. with SMTP; "
       "Tue, 11 Nov 2008 21:29:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      /* By its address, or one of the same farm. */
      {"Received: from a by 203.0.113.9 with SMTP; Tue, 11 Nov 2008 21:29:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: from a by 203.0.113.77 with SMTP; Tue, 11 Nov 2008 21:29:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      /* An unqualified name contradicts nothing, and neither does a hop without `by`. */
      {"Received: from a by MAILSRV with SMTP; Tue, 11 Nov 2008 21:29:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: (qmail 123 invoked by uid 0); 11 Nov 2008 21:29:00 -0000\n",
       TIDE_CHAIN_CONSISTENT},
      /* The two forged families of 2008: a random address, and somebody else's server. */
      {FORGED, TIDE_CHAIN_BY_MISMATCH},
      {"Received: from [203.0.113.9] by mx2.example.net; Tue, 11 Nov 2008 21:29:59 +0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      {"Received: from a by mail.example.co.uk; Tue, 11 Nov 2008 21:29:59 +0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      {"Received: from a by 10.1.2.3; Tue, 11 Nov 2008 21:29:59 +0000\n", TIDE_CHAIN_PRIVATE_BY},
      {"Received: from a by localhost; Tue, 11 Nov 2008 21:29:59 +0000\n", TIDE_CHAIN_PRIVATE_BY},
      {"Received: from a by exchange.corp.local; Tue, 11 Nov 2008 21:29:59 +0000\n",
       TIDE_CHAIN_PRIVATE_BY},
      /* An hour is a clock or a zone that is off; a second more is not. The worst is what is said.
       */
      {"Received: from a by bot.example.com; Tue, 11 Nov 2008 22:30:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: from a by bot.example.com; Tue, 11 Nov 2008 22:30:01 +0000\n",
       TIDE_CHAIN_BACKWARDS},
      {"Received: from a by 10.1.2.3; Tue, 11 Nov 2008 22:30:01 +0000\n", TIDE_CHAIN_BACKWARDS},
      {"Received: from a by 198.51.100.99; Tue, 11 Nov 2008 22:30:01 +0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      /* Further down: after a program on the same host, and after a good link. */
      {"Received: (from list@localhost) by bot.example.com; Tue, 11 Nov 2008 21:29:00 "
       "+0000\nReceived: from c.example.net (c.example.net [192.0.2.9]) by bot.example.com; Tue, "
       "11 Nov "
       "2008 21:29:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: from c.example.net (c.example.net [192.0.2.9]) by bot.example.com; Tue, 11 Nov "
       "2008 21:29:00 +0000\n"
       "Received: from d by d.example.org; Tue, 11 Nov 2008 21:28:00 +0000\n",
       TIDE_CHAIN_CONSISTENT}, /* honest hosts have more names than one */
      /* But for a customer's line, a host without a name that gave another's address, the same peer
       * once more, and an address alone. */
      {"Received: from 198.51.100.8 ([192.0.2.9]) by bot.example.com; Tue, 11 Nov 2008 21:29:00 "
       "+0000\n"
       "Received: from d ([198.51.100.9]) by d.example.org; Tue, 11 Nov 2008 21:28:00 +0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      {"Received: from c (c-192-0-2-9.example.net [192.0.2.9]) by bot.example.com; Tue, 11 Nov "
       "2008 21:29:00 +0000\n"
       "Received: from d ([198.51.100.9]) by d.example.org; Tue, 11 Nov 2008 21:28:00 +0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      {"Received: from c (c.example.net [192.0.2.9]) by bot.example.com; Tue, 11 Nov "
       "2008 21:29:00 +0000\n"
       "Received: from [192.0.2.9] by d.example.org; Tue, 11 Nov 2008 21:28:00 +0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      {"Received: from c (c.example.net [192.0.2.9]) by bot.example.com; Tue, 11 Nov "
       "2008 21:29:00 +0000\n"
       "Received: from d by 198.51.100.9; Tue, 11 Nov 2008 21:28:00 +0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      /* Gmail's and Hotmail's submission, and a filter on the loopback: hops that name no public
       * peer, after which nothing is known. */
      {"Received: by bot.example.com with SMTP id x6; Tue, 11 Nov 2008 21:29:00 +0000\n"
       "Received: from c ([192.0.2.9]) by smtp.mail.test with ESMTPSA id 7; Tue, 11 Nov 2008 "
       "21:28:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: from f (localhost [127.0.0.1]) by bot.example.com with SMTP; Tue, 11 Nov 2008 "
       "21:29:00 +0000\n"
       "Received: from c ([192.0.2.9]) by smtp.mail.test with ESMTP id 7; Tue, 11 Nov 2008 "
       "21:28:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      /* A host inside the sender's site, a program under another name of the host, and the same
       * owner under another suffix. */
      {"Received: from c ([10.1.2.3]) by smtp.mail.test with ESMTP id 7; Tue, 11 Nov 2008 21:28:00 "
       "+0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: (from www@localhost) by shop.mail.test (8.14.1/8.14.1) id 7; Tue, 11 Nov 2008 "
       "21:28:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
      {"Received: from c ([192.0.2.9]) by smtp.mail.test with ESMTP id 7; Tue, 11 Nov 2008 "
       "21:28:00 "
       "+0000\n",
       TIDE_CHAIN_BY_MISMATCH},
      /* What cannot be read stands between: nothing can be said of the next. */
      {"Received: nonsense\nReceived: from d by d.example.org; Tue, 11 Nov 2008 21:28:00 +0000\n",
       TIDE_CHAIN_CONSISTENT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].below);
    char text[4096];
    snprintf(text, sizeof text, OURS SENDER "%s\nbody\n", cases[i].below);
    tide_record r = extract(text, NULL, "", INT64_MIN);
    if (r.chain_verdict != cases[i].verdict)
      fail_msg("case %zu: verdict %d", i, (int)r.chain_verdict);
  }
  /* Under a bare address, and under another name of one owner. */
  static const char bare[] = "Received: from [203.0.113.9] ([203.0.113.9]) by mx.example.org; Tue, "
                             "11 Nov 2008 21:30:00 +0000\n",
                    owner[] = "Received: from mx1.wide-mail.de (mx1.wide-mail.de [203.0.113.9]) by "
                              "mx.example.org; Tue, 11 Nov 2008 21:30:00 +0000\n",
                    claim[] =
                        "Received: from c ([192.0.2.9]) by fwd.wide-mail.com with ESMTP id 7; "
                        "Tue, 11 Nov 2008 21:28:00 +0000\n\nx\n";
  char text[1024];
  snprintf(text, sizeof text, "%s%s", bare, claim);
  assert_int_equal(extract(text, NULL, "", INT64_MIN).chain_verdict, TIDE_CHAIN_BY_MISMATCH);
  snprintf(text, sizeof text, "%s%s", owner, claim);
  assert_int_equal(extract(text, NULL, "", INT64_MIN).chain_verdict, TIDE_CHAIN_CONSISTENT);
  /* Ours is not judged: with nobody outside there is no chain. */
  assert_int_equal(extract(OURS LOCAL "\nx\n", NULL, "", INT64_MIN).chain_verdict, TIDE_CHAIN_NONE);
  assert_int_equal(extract("Subject: x\n\nx\n", NULL, "", INT64_MIN).chain_verdict,
                   TIDE_CHAIN_NONE);
}

#define HOP(from, by) "Received: from " from " by " by "; Tue, 11 Nov 2008 21:30:00 +0000\n"
#define STORE         HOP("A.namprd19.prod.outlook.com (::1)", "B.namprd19.prod.outlook.com")
#define FRONT                                                                                      \
  HOP("C.EURP281.PROD.OUTLOOK.COM (2603:10a6:d10:b2::9)",                                          \
      "A.namprd19.prod.outlook.com (2603:10b6:8:125::18)")                                         \
  HOP("D.eop-eur06.prod.protection.outlook.com (2603:10a6:d10:b2:cafe::ef)",                       \
      "C.outlook.office365.com (2603:10a6:d10:b2::9)")
#define DOOR  "D.mail.protection.outlook.com (10.13.6.61)"
#define INNER HOP("victim.example (203.0.113.77)", DOOR)

/* Where a service or an organisation hands mail on to itself the walk goes on; a stranger who
 * claims its names gets no further than his own address. */
static void services_and_own_hosts(void **state) {
  (void)state;
  static const struct {
    const char *headers, *origin;
    tide_origin_source source;
  } cases[] = {
      {STORE FRONT HOP("sender.example (203.0.113.9)", DOOR), "203.0.113.9", TIDE_ORIGIN_PASSED},
      /* Below the sender the names of the service are claims. */
      {STORE FRONT HOP("A.namprd19.prod.outlook.com (203.0.113.9)", DOOR) FRONT INNER,
       "203.0.113.9", TIDE_ORIGIN_PASSED},
      /* A rented machine of the same company, and the service's own senders to others. */
      {STORE FRONT HOP("A.namprd19.prod.outlook.com (2603:1030:20e::7)", DOOR) FRONT INNER,
       "2603:1030:20e::7", TIDE_ORIGIN_PASSED},
      {STORE HOP("E.outbound.protection.outlook.com (2a01:111:f403:4b::200)", DOOR) FRONT INNER,
       "2a01:111:f403:4b::200", TIDE_ORIGIN_FIRST_PUBLIC},
      /* Received by somebody else: the service's names say nothing. */
      {HOP("A.namprd19.prod.outlook.com (A.namprd19.prod.outlook.com [203.0.113.9])",
           "mx.example.org") FRONT INNER,
       "203.0.113.9", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("A.namprd19.prod.outlook.com (2603:10a6:d10:b2::9)", "mx.example.org") FRONT INNER,
       "2603:10a6:d10:b2::9", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("A.namprd19.prod.outlook.com (2603:10a6:d10:b2::9)", "xprod.outlook.com.example.org")
           FRONT INNER,
       "2603:10a6:d10:b2::9", TIDE_ORIGIN_FIRST_PUBLIC},
      /* Two servers of one organisation. */
      {HOP("m1.example.org (m1.example.org [192.0.2.1])", "mx.example.org (Postfix)")
           HOP("x (bot.example.net [203.0.113.9])", "M1.example.org."),
       "203.0.113.9", TIDE_ORIGIN_PASSED},
      {HOP("x (m1.example.org [192.0.2.1])", "mx.example.org (Postfix)")
           HOP("x (bot.example.net [203.0.113.9])", "inside.example.org ([192.0.2.1])"),
       "203.0.113.9", TIDE_ORIGIN_PASSED},
      {HOP("m1.example.org ([192.0.2.1])", "mx.example.org ([192.0.2.5])")
           HOP("x (bot.example.net [203.0.113.9])", "m1.example.org ([192.0.2.1])"),
       "203.0.113.9", TIDE_ORIGIN_PASSED},
      {HOP("m1.example.org ([198.51.100.1])", "mx.example.org ([192.0.2.5])")
           HOP("victim.example (victim.example [203.0.113.77])", "m1.example.org ([198.51.100.1])"),
       "198.51.100.1", TIDE_ORIGIN_FIRST_PUBLIC},
      /* A looked-up name that the server did not verify counts beside its own address only: the
       * owner of any address may name it m1.example.org (qmail, SMTPSVC, an unknown server). */
      {HOP("m1.example.org (HELO m1.example.org) (192.0.2.1)", "mx.example.org")
           HOP("victim.example (victim.example [203.0.113.77])", "m1.example.org"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("m1.example.org (m1.example.org [192.0.2.1])", "mx.example.org")
           HOP("victim.example (victim.example [203.0.113.77])", "m1.example.org ([192.0.2.1])"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("m1.example.org ([192.0.2.1])", "mx.example.org (Postfix)")
           HOP("victim.example (victim.example [203.0.113.77])", "m1.example.org"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("m1.example.org (m1.example.org [192.0.2.1])", "mx.example.org ([192.0.2.5])")
           HOP("x (bot.example.net [203.0.113.9])", "m1.example.org"),
       "203.0.113.9", TIDE_ORIGIN_PASSED},
      {HOP("m1.example.org ([192.0.2.1] helo=m1.example.org)",
           "mx.example.org with esmtp (Exim 4.94)")
           HOP("x (bot.example.net [203.0.113.9])", "m1.example.org"),
       "203.0.113.9", TIDE_ORIGIN_PASSED},
      {HOP("m1.example.org (m1.example.org [192.0.2.1] (may be forged))",
           "mx.example.org ([192.0.2.5]) (8.14.1/8.14.1)")
           HOP("victim.example (victim.example [203.0.113.77])", "m1.example.org"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
      /* The name in HELO only, a looked-up name that may be forged, one made of the address as
       * customers' are, and a hop below that another host received. */
      {HOP("m1.example.org (bot.example.net [192.0.2.1])", "mx.example.org (Postfix)")
           HOP("victim.example (victim.example [203.0.113.77])", "m1.example.org"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("m1.example.org (m1.example.org [192.0.2.1] (may be forged))",
           "mx.example.org (8.14.1/8.14.1)")
           HOP("victim.example (victim.example [203.0.113.77])", "m1.example.org"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("x (c-192-0-2-1.example.org [192.0.2.1])", "mx.example.org (Postfix)")
           HOP("victim.example (victim.example [203.0.113.77])", "c-192-0-2-1.example.org"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
      {HOP("m1.example.org (m1.example.org [192.0.2.1])", "mx.example.org (Postfix)")
           HOP("victim.example (victim.example [203.0.113.77])", "m2.example.org"),
       "192.0.2.1", TIDE_ORIGIN_FIRST_PUBLIC},
  };
  tide_error err;
  assert_int_equal(tide_services_read(&services, tide_data_services, &err), TIDE_OK);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].headers);
    char text[4096];
    snprintf(text, sizeof text, "%s\nbody\n", cases[i].headers);
    tide_record r = extract(text, NULL, "", INT64_MIN);
    if (strcmp(ip_text(&r.origin), cases[i].origin) != 0 || r.origin_source != cases[i].source)
      fail_msg("case %zu: origin %s, source %d", i, ip_text(&r.origin), (int)r.origin_source);
  }
  tide_services_free(services);
  services = NULL;
  static const char *const wrong[] = {"h\na,receiver,.b,c\n", "h\na,sender,.b,c,d\n",
                                      "h\na,receiver,b.example,c,d\n", "h\na,network,1.2.3,c,d\n",
                                      "h\na,receiver,\"b,c,d\n"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    at("row %zu of wrong: %s", i, wrong[i]);
    assert_int_equal(tide_services_read(&services, tide_span_of(wrong[i]), &err), TIDE_USAGE);
  }
}

/* What a webmail names is an origin of another kind: only where it is asked for, and always said.
 */
static void webmails(void **state) {
  (void)state;
  static const struct {
    const char *header, *origin;
  } cases[] = {
      {"X-Originating-IP: [198.51.100.7]\n", "198.51.100.7"},
      {"x-originating-ip: 198.51.100.7\n", "198.51.100.7"},
      {"X-Yahoo-Post-IP: 198.51.100.7 (proxy)\n", "198.51.100.7"},
      {"X-Originating-IP: 2001:db8::7\n", "2001:db8::7"},
      {"X-Sender-IP: [192.168.1.2]\nX-AOL-IP: 198.51.100.7\n", "198.51.100.7"},
      {"X-Originating-IP: [10.0.0.1]\n", "203.0.113.9"},
      {"X-Originating-IP: nonsense\n", "203.0.113.9"},
      {"X-Originating-IP: 198.51.100.7:4321\n", "198.51.100.7"},
      {"X-Originating-IP: via [198.51.100.7]\n", "198.51.100.7"},
      {"X-Originating-IP: relay.example.com [198.51.100.7], 198.51.100.8\n", "198.51.100.7"},
      {"X-Originating-IP: 1-198.51.100.7.example.com\n", "203.0.113.9"},
      {"X-Originating-IPs: [198.51.100.7]\n", "203.0.113.9"},
      {"Subject: [198.51.100.7]\n", "203.0.113.9"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].header);
    char text[2048];
    snprintf(text, sizeof text, SENDER FORGED "%s\nbody\n", cases[i].header);
    tide_record r = extract(text, NULL, "", INT64_MIN);
    assert_string_equal(ip_text(&r.origin), "203.0.113.9");
    webmail_origin = true;
    r = extract(text, NULL, "", INT64_MIN);
    webmail_origin = false;
    if (strcmp(ip_text(&r.origin), cases[i].origin) != 0)
      fail_msg("case %zu: origin %s", i, ip_text(&r.origin));
    bool webmail = strcmp(cases[i].origin, "203.0.113.9") != 0;
    assert_int_equal(r.origin_source, webmail ? TIDE_ORIGIN_WEBMAIL : TIDE_ORIGIN_FIRST_PUBLIC);
    assert_int_equal(r.origin_hop, webmail ? 0 : 1);
    assert_int_equal(r.helo.len, webmail ? 0 : strlen("claimed.example"));
    assert_int_equal(r.chain_verdict,
                     TIDE_CHAIN_BY_MISMATCH); /* the chain is judged all the same */
  }
}

static void times(void **state) {
  (void)state;
  static const char envelope[] = "From a@example.com Tue Nov 11 21:31:00 2008";
  const struct {
    const char *headers, *envelope;
    int64_t file_time, time;
    tide_time_source source;
    unsigned defects;
  } cases[] = {
      {SENDER "Date: Thu, 1 Jan 1970 00:00:00 +0000\n", envelope, 5, 1226439000, TIDE_TIME_RECEIVED,
       TIDE_DEFECT_BAD_DATE},
      /* What was fetched from a mailbox had been delivered there before: hours, or at first use
         months. Our own mail server may stand between the fetch and the archive. */
      {FETCHED SENDER, envelope, 5, 1226439000, TIDE_TIME_RECEIVED, 0},
      {OURS FETCHED FETCHED SENDER, envelope, 5, 1226439000, TIDE_TIME_RECEIVED, 0},
      {FETCHED OURS SENDER, envelope, 5, 1226439002, TIDE_TIME_RECEIVED, 0},
      {FETCHED "Received: by x; nonsense\n", envelope, 5, 1226440800, TIDE_TIME_RECEIVED, 0},
      {FETCHED, envelope, 5, 1226440800, TIDE_TIME_RECEIVED, 0},
      /* Where our topmost server wrote none, the next of ours tells; never a stranger. */
      {"Received: by x with LMTP; nonsense\n" SENDER, envelope, 5, 1226439000, TIDE_TIME_RECEIVED,
       0},
      {"Received: from a (b.example [198.51.100.9]) by mx.example.org; nonsense\n" SENDER, envelope,
       5, 1226439060, TIDE_TIME_ENVELOPE, TIDE_DEFECT_BAD_RECEIVED_DATE},
      /* A fetch below a stranger's hop is his word. */
      {RELAY FETCHED SENDER, envelope, 5, 1226439001, TIDE_TIME_RECEIVED, 0},
      {LIST LOCAL SENDER, envelope, 5, 1226439003, TIDE_TIME_RECEIVED, 0},
      {"Received: by x; nonsense\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE,
       TIDE_DEFECT_BAD_RECEIVED_DATE},
      /* The `From ` line is in its server's local time, which the Date header shows (origin.md): */
      {"Date: Tue, 11 Nov 2008 21:31:00 +0000\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE_ZONED,
       0},
      {"Date: Wed, 12 Nov 2008 02:30:00 +0000\n", envelope, 5, 1226439060 + 18000,
       TIDE_TIME_ENVELOPE_ZONED, 0},
      {"Date: Tue, 11 Nov 2008 16:46:31 +0100\n", envelope, 5, 1226439060 - 20700,
       TIDE_TIME_ENVELOPE_ZONED, 0},
      {"Date: Tue, 11 Nov 2008 07:31:00 +0000\n", envelope, 5, 1226439060 - 50400,
       TIDE_TIME_ENVELOPE_ZONED, 0},
      {"Date: Wed, 12 Nov 2008 09:31:30 +0000\n", envelope, 5, 1226439060 + 43200,
       TIDE_TIME_ENVELOPE_ZONED, 0},
      /* by no zone there is, a Date too far off, one that says no zone or cannot be read. */
      {"Date: Wed, 12 Nov 2008 02:32:01 +0000\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE, 0},
      {"Date: Wed, 12 Nov 2008 02:16:00 +0000\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE, 0},
      {"Date: Wed, 12 Nov 2008 10:31:00 +0000\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE, 0},
      {"Date: Tue, 11 Nov 2008 06:31:00 +0000\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE, 0},
      {"Date: Wed, 12 Nov 2008 02:31:00\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE, 0},
      {"Date: soon\n", envelope, 5, 1226439060, TIDE_TIME_ENVELOPE, TIDE_DEFECT_BAD_DATE},
      {"Date: Wed, 12 Nov 2008 02:31:00 +0000\n", "From a@b Tue Nov 11 21:31:00 -0600 2008", 5,
       1226439060 + 21600, TIDE_TIME_ENVELOPE_ZONED, 0},
      /* git writes the same date before all patches. */
      {"Date: Tue, 11 Nov 2008 21:32:00 +0000\n",
       "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001", 5, 1226439120,
       TIDE_TIME_DATE, 0},
      {"Date: Tue, 11 Nov 2008 21:32:00 +0000\n",
       "From 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
       " Mon Sep 17 00:00:00 2001",
       5, 1226439120, TIDE_TIME_DATE, 0},
      {"Date: Tue, 11 Nov 2008 21:32:00 +0000\n", "From a@example.com Mon Sep 17 00:00:00 2001", 5,
       1000684800, TIDE_TIME_ENVELOPE, 0},
      {"Resent-Date: Tue, 11 Nov 2008 21:33:00 +0000\nDate: Tue, 11 Nov 2008 21:32:00 +0000\n", "",
       5, 1226439180, TIDE_TIME_RESENT_DATE, 0},
      {"Date: Tue, 11 Nov 2008 21:32:00 +0000\n", "", 5, 1226439120, TIDE_TIME_DATE, 0},
      {"Date: Tue, 19 Jan 2038 03:14:08 +0000\n", "", 1226439240, 1226439240, TIDE_TIME_FILE_NAME,
       TIDE_DEFECT_BAD_DATE},
      {"Date: Tue, 19 Jan 2038 03:14:08 +0000\n", "", 5, 0, TIDE_TIME_NONE, TIDE_DEFECT_BAD_DATE},
      {"Subject: x\n", "", INT64_MIN, 0, TIDE_TIME_NONE, 0},
      /* The edges of sanity: the first second of 1982; a day after now, and one more second. */
      {"Date: Fri, 1 Jan 1982 00:00:00 +0000\n", "", INT64_MIN, TIDE_NO_TIME_BEFORE, TIDE_TIME_DATE,
       0},
      {"Date: Thu, 31 Dec 1981 23:59:59 +0000\n", "", INT64_MIN, 0, TIDE_TIME_NONE,
       TIDE_DEFECT_BAD_DATE},
      {"Date: Fri, 2 Jan 2026 00:00:00 +0000\n", "", INT64_MIN, NOW + 86400, TIDE_TIME_DATE, 0},
      {"Date: Fri, 2 Jan 2026 00:00:01 +0000\n", "", INT64_MIN, 0, TIDE_TIME_NONE,
       TIDE_DEFECT_BAD_DATE},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].headers);
    char text[4096];
    snprintf(text, sizeof text, "%s\nbody\n", cases[i].headers);
    tide_record r = extract(text, NULL, cases[i].envelope, cases[i].file_time);
    if (r.has_time != (cases[i].source != TIDE_TIME_NONE) || r.time_source != cases[i].source ||
        (r.has_time && r.time != cases[i].time) ||
        (r.defects & (TIDE_DEFECT_BAD_DATE | TIDE_DEFECT_BAD_RECEIVED_DATE)) != cases[i].defects)
      fail_msg("case %zu: time %lld, source %d, defects %x", i, (long long)r.time,
               (int)r.time_source, r.defects);
  }
}

static void identities(void **state) {
  (void)state;
  /* Some programs escape whatever begins with "From" (imap-backup#224). */
  tide_record r = extract(">From: N <n@news.example>\n\nx\n", NULL, "", INT64_MIN);
  assert_span_equal(r.from_domain, "news.example");
  r = extract("Message-ID:\n <a@b>\nFrom: \"Smith, A\" <A@Example.COM>\nTo: b@example.org, "
              "c@example.net\nCc: undisclosed:;\nX-Mailer: The Bat!\n (v3)\n"
              "Content-Type: text/plain; format=flowed;\n Charset=\"KOI8-R\"\nSubject: "
              "=?utf-8?Q?caf=C3=A9?=\n\nx\n",
              NULL, "", INT64_MIN);
  assert_span_equal(r.message_id, "<a@b>");
  assert_span_equal(r.from_domain, "example.com");
  assert_span_equal(r.to_domain, "example.org");
  assert_int_equal(r.recipients, 2);
  assert_span_equal(r.mailer, "The Bat! (v3)");
  assert_span_equal(r.charset, "koi8-r");
  assert_span_equal(r.subject, "caf\xc3\xa9");
  r = extract("Content-Type: text/html; charset=\"charset=\"iso-8859-1\"\n\nx\n", NULL, "",
              INT64_MIN);
  assert_span_equal(r.charset, "iso-8859-1");
}

static void trust(void **state) {
  (void)state;
  tide_trust *t;
  tide_error err;
  tide_ip ip;
  assert_int_equal(tide_trust_new(&t, &err), TIDE_OK);
  assert_true(tide_trust_is_empty(t));
  assert_int_equal(tide_trust_add(t, "MX.Example.org.", &err), TIDE_OK);
  assert_int_equal(tide_trust_add(t, ".lists.example.net", &err), TIDE_OK);
  assert_int_equal(tide_trust_add(t, "2001:db8::/32", &err), TIDE_OK);
  assert_int_equal(tide_trust_add(t, "no spaces", &err), TIDE_USAGE);
  assert_int_equal(tide_trust_add(t, "word", &err), TIDE_USAGE);
  assert_true(tide_trust_has_name(t, SPAN("mx.example.org")));
  assert_false(tide_trust_has_name(t, SPAN("evil-mx.example.org")));
  assert_true(tide_trust_has_name(t, SPAN("a.b.lists.example.net")));
  assert_false(tide_trust_has_name(t, SPAN("lists.example.net.evil.test")));
  assert_false(tide_trust_has_name(t, SPAN("")));
  assert_true(tide_ip_parse(SPAN("2001:db8:1::2"), &ip) && tide_trust_has_address(t, &ip));
  assert_true(tide_ip_parse(SPAN("192.0.2.1"), &ip) && !tide_trust_has_address(t, &ip));
  tide_trust_free(t);
}

static void filters(void **state) {
  (void)state;
  tide_zone *utc;
  tide_pattern_scratch *scratch;
  assert_int_equal(tide_zone_open(&utc, SPAN("UTC"), NULL), TIDE_OK);
  assert_int_equal(tide_pattern_scratch_new(&scratch), TIDE_OK);
  tide_field_context context = {.zone = utc};
  static const struct {
    const char *condition;
    bool holds;
  } cases[] = {
      {"helo=claimed.example", true},
      {"helo=CLAIMED.example", true},
      {"helo!=claimed.example", false},
      {"helo~^claim", true},
      {"helo!~^claim", false},
      {"origin=203.0.113.9", true},
      {"origin/24=203.0.113.0/24", true},
      {"origin/24~^198", false},
      {"time_source=received", true},
      {"mailer=", true},
      {"mailer!=", false},
      {"helo=", false},
      {"hops=1", true},
      {"weekday~tuesday", true},
      {"rdns_tld=com", true},
      {"bytes~^[0-9]+$", true},
      {"time=2008-11-11T21:30:00Z", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].condition);
    tide_filter *f;
    tide_error err;
    tide_record r = extract(SENDER "\nx\n", NULL, "", INT64_MIN);
    assert_int_equal(tide_filter_new(&f, &err), TIDE_OK);
    assert_int_equal(tide_filter_add(f, tide_span_of(cases[i].condition), &err), TIDE_OK);
    tide_decision decision;
    assert_int_equal(tide_filter_decide(f, scratch, &r, &context, &arena, &decision), TIDE_OK);
    if (decision != (cases[i].holds ? TIDE_DECISION_YES : TIDE_DECISION_NO))
      fail_msg("%s", cases[i].condition);
    /* With a second condition that never holds, none does. */
    assert_int_equal(tide_filter_add(f, SPAN("helo=nobody"), &err), TIDE_OK);
    assert_int_equal(tide_filter_decide(f, scratch, &r, &context, &arena, &decision), TIDE_OK);
    assert_int_equal(decision, TIDE_DECISION_NO);
    tide_filter_free(f);
  }
  tide_pattern_scratch_free(scratch);
  tide_zone_free(utc);
}

/* A question is answered with no more than it needs: text only for rules on text, hops only as far
 * as the walk goes. */
static void needs(void **state) {
  (void)state;
  tide_extract_options options = {.now = NOW};
  assert_int_equal(tide_extract_needs(TIDE_PART_TIME | TIDE_PART_ORIGIN, &options),
                   TIDE_NEED_HEADERS);
  assert_int_equal(tide_extract_needs(TIDE_PART_SUBJECT, &options), TIDE_NEED_SUBJECT);
  tide_rules *rules;
  tide_error err;
  assert_int_equal(tide_rules_new(&rules, NULL, &err), TIDE_OK);
  options.rules = rules;
  assert_int_equal(
      tide_rules_add(rules, SPAN("campaign,field,pattern\na,received,x\n"), "a.csv", &err),
      TIDE_OK);
  assert_int_equal(tide_extract_needs(TIDE_PART_CAMPAIGN, &options), TIDE_NEED_HEADERS);
  assert_int_equal(tide_rules_add(rules, SPAN("campaign,field,pattern\na,text,x\n"), "b.csv", &err),
                   TIDE_OK);
  assert_int_equal(tide_extract_needs(TIDE_PART_CAMPAIGN, &options), TIDE_NEED_TEXT);
  assert_int_equal(tide_extract_needs(TIDE_PART_TIME, &options), TIDE_NEED_HEADERS);
  tide_rules_free(rules);

  tide_raw raw = {.bytes = SPAN(RELAY SENDER FORGED "\nx\n"), .file_time = INT64_MIN};
  const tide_message *message;
  tide_record record;
  options.rules = NULL;
  assert_int_equal(tide_message_parse(parser, &raw, 0, &message), TIDE_OK);
  tide_chain chain;
  tide_extraction x = {
      .options = &options, .raw = &raw, .message = message, .chain = &chain, .arena = &arena};
  assert_int_equal(tide_extract(&x, TIDE_PART_TIME | TIDE_PART_ORIGIN, &record), TIDE_OK);
  assert_int_equal(chain.parsed, 1);
  assert_int_equal(record.hops, 3);
}

static int begin(void **state) {
  (void)state;
  tide_mime_init();
  return tide_parser_new(&parser) != TIDE_OK;
}

static int end(void **state) {
  (void)state;
  tide_parser_free(parser);
  tide_arena_free(&arena);
  return 0;
}

/* What the owner's filter said, and what a sender wrote below the line of trust. */
static void opinions(void **state) {
  (void)state;
#define FOREIGN                                                                                    \
  "Received: from x (x [192.0.2.1]) by mx.example.net; Tue, 11 Nov 2008 21:30:00 +0000\n"
#define OWN                                                                                        \
  "Received: from mx.example.net (localhost [127.0.0.1]) by mx.example.net; Tue, 11 Nov 2008 "     \
  "21:30:01 +0000\n"
#define BY_EXCHANGE                                                                                \
  "Received: from x (192.0.2.1) by EX1.mail.example.net (10.0.0.1) with Microsoft\n"               \
  " SMTP Server (TLS) id 14.3.123.3; Tue, 11 Nov 2008 21:30:00 +0000\n"
#define BY_EXCHANGE_5                                                                              \
  "Received: from x (y [192.0.2.1]) by ex.example.net with SMTP (Microsoft Exchange Internet "     \
  "Mail Service Version 5.5.2653.13) id RYZPXALH; Tue, 11 Nov 2008 21:30:00 +0000\n"
  static const struct {
    const char *text;
    tide_opinion flag;
    bool scored;
    double score;
  } cases[] = {
      {"X-Spam-Status: Yes, score=6.3 required=5.0 tests=A,B\n" FOREIGN, TIDE_OPINION_YES, true,
       6.3},
      {"X-Spam-Status: No, hits=-1.5 required=5.0\n\tversion=2.55\n" FOREIGN, TIDE_OPINION_NO, true,
       -1.5},
      {"X-Spam-Flag: YES\nX-Spam-Score: 12.25 (++++++++++++)\n" FOREIGN, TIDE_OPINION_YES, true,
       12.25},
      {"X-Spam-Score: 6.0/5.0\n" FOREIGN, TIDE_OPINION_NONE, true, 6},
      {"X-Spam: Yes\n" FOREIGN, TIDE_OPINION_YES, false, 0},
      {FOREIGN "X-Spam: No\n", TIDE_OPINION_NONE, false, 0},
      {"X-Spam-Level: *****\n" FOREIGN, TIDE_OPINION_NONE, true, 5},
      {"X-Spam-Level: \n" FOREIGN, TIDE_OPINION_NONE, true, 0},
      {"X-Spam-Level: much\n" FOREIGN, TIDE_OPINION_NONE, false, 0},
      {"X-Bogosity: Unsure, tests=bogofilter, spamicity=0.500000, version=1.2\n" FOREIGN,
       TIDE_OPINION_UNSURE, true, 0.5},
      {"X-Bogosity: Spam, tests=bogofilter\n" FOREIGN, TIDE_OPINION_YES, false, 0},
      {"X-MS-Exchange-Organization-SCL: -1\n" FOREIGN, TIDE_OPINION_NO, true, -1},
      {"X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:9;SRV:\n" FOREIGN, TIDE_OPINION_YES, true,
       9},
      {"X-Spamd-Result: default: False [-1.20 / 15.00];\n\tA(0.00)[]\n" FOREIGN, TIDE_OPINION_NO,
       true, -1.2},
      {"X-Spamd-Result: default: True [15.5 / 15.00]\n" FOREIGN, TIDE_OPINION_YES, true, 15.5},
      {"X-Barracuda-Spam-Status: Yes, SCORE=6.30 using global scores of TAG_LEVEL=3.5\n" FOREIGN,
       TIDE_OPINION_YES, true, 6.3},
      {"X-Barracuda-Spam-Flag: NO\nX-Barracuda-Spam-Score: 0.12\n" FOREIGN, TIDE_OPINION_NO, true,
       0.12},
      {"X-DSPAM-Result: Innocent\n" FOREIGN, TIDE_OPINION_NO, false, 0},
      {"X-DSPAM-Result: Spam\n" FOREIGN, TIDE_OPINION_YES, false, 0},
      {"X-Spambayes-Classification: unsure; 0.25\n" FOREIGN, TIDE_OPINION_UNSURE, true, 0.25},
      {"X-CRM114-Status: SPAM  ( pR: -12.5 )\n" FOREIGN, TIDE_OPINION_YES, true, -12.5},
      {"X-CRM114-Status: Good  ( pR: 40.5 )\n" FOREIGN, TIDE_OPINION_NO, true, 40.5},
      {"X-Proofpoint-Spam-Details: rule=notspam policy=default score=0 spamscore=2\n" FOREIGN,
       TIDE_OPINION_NO, true, 0},
      {"X-Proofpoint-Spam-Details: rule=spam policy=default score=100\n" FOREIGN, TIDE_OPINION_YES,
       true, 100},
      {"X-Spam-Status: No\nX-DSPAM-Result: Spam\n" FOREIGN, TIDE_OPINION_NO, false, 0},
      {"X-Spam-Status: Yesterday, score=1\n" FOREIGN, TIDE_OPINION_NONE, true, 1},
      {FOREIGN "X-DSPAM-Result: Innocent\n", TIDE_OPINION_NONE, false, 0},
      {"x-spam-level: **\nX-SPAM-STATUS: No, score=2.5\n" FOREIGN, TIDE_OPINION_NO, true, 2.5},
      {"X-Spam-Score: .\nX-Spam-Flag: perhaps\n" FOREIGN, TIDE_OPINION_NONE, false, 0},
      /* Between our own hops, and below them. */
      {OWN "X-Spam-Flag: YES\n" FOREIGN "X-Spam-Flag: NO\n", TIDE_OPINION_YES, false, 0},
      {FOREIGN "X-Spam-Flag: NO\nX-Spam-Score: -9\n", TIDE_OPINION_NONE, false, 0},
      /* Exchange appends its level, and takes away what a stranger wrote under that name; not so
         another server, an Exchange below the line, or Exchange 5.5. */
      {BY_EXCHANGE "X-MS-Exchange-Organization-SCL: 9\n", TIDE_OPINION_YES, true, 9},
      {OWN BY_EXCHANGE "X-MS-Exchange-Organization-SCL: 1\n", TIDE_OPINION_NO, true, 1},
      {BY_EXCHANGE "X-Spam-Flag: NO\n", TIDE_OPINION_NONE, false, 0},
      {FOREIGN "X-MS-Exchange-Organization-SCL: -1\n", TIDE_OPINION_NONE, false, 0},
      {FOREIGN BY_EXCHANGE "X-MS-Exchange-Organization-SCL: -1\n", TIDE_OPINION_NONE, false, 0},
      {BY_EXCHANGE_5 "X-MS-Exchange-Organization-SCL: -1\n", TIDE_OPINION_NONE, false, 0},
      {"X-Spam-Flag: NO\n", TIDE_OPINION_NONE, false, 0}, /* no hop: whose it is is not known */
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    at("row %zu of cases: %s", i, cases[i].text);
    char text[1024];
    snprintf(text, sizeof text, "%sSubject: x\n\nx\n", cases[i].text);
    tide_record r = extract(text, NULL, "", INT64_MIN);
    if (r.spam_flag != cases[i].flag || r.has_spam_score != cases[i].scored ||
        (cases[i].scored && r.spam_score != cases[i].score))
      fail_msg("case %zu: flag %d, score %d %g", i, (int)r.spam_flag, r.has_spam_score,
               r.spam_score);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(origins),
                                     cmocka_unit_test(opinions),
                                     cmocka_unit_test(chains),
                                     cmocka_unit_test(webmails),
                                     cmocka_unit_test(services_and_own_hosts),
                                     cmocka_unit_test(times),
                                     cmocka_unit_test(identities),
                                     cmocka_unit_test(trust),
                                     cmocka_unit_test(filters),
                                     cmocka_unit_test(needs)};
  return cmocka_run_group_tests(tests, begin, end);
}
