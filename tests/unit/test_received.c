/* Received headers as servers write them: each with what must be read from it. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "spamtide/received.h"

#define D "; Tue, 11 Nov 2008 16:30:00 -0500"

typedef struct expected {
  const char *value;
  tide_hop_kind kind;
  const char *peer, *helo, *rdns, *by, *with;
} expected;

static const expected forms[] = {
    /* sendmail */
    {"from helo.example.com (rdns.example.net [192.0.2.1])\n\tby mx.example.org (8.14.1/8.14.1/Debian-9) with ESMTP id m9O for <a@example.org>" D, TIDE_HOP_SMTP, "192.0.2.1",
     "helo.example.com", "rdns.example.net", "mx.example.org", "ESMTP"},
    {"from helo.example.com (rdns.example.net [192.0.2.1] (may be forged))\n\tby mx.example.org (8.14.1/8.14.1) with ESMTP id m9O" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com",
     "rdns.example.net", "mx.example.org", "ESMTP"},
    {"from helo ([192.0.2.1]) by mx.example.org (8.14.1/8.14.1) with SMTP id m9O" D, TIDE_HOP_SMTP, "192.0.2.1", "helo", "", "mx.example.org", "SMTP"},
    {"from [192.0.2.2] ([192.0.2.1]) by mx.example.org (8.14.1/8.14.1) with SMTP id m9O" D, TIDE_HOP_SMTP, "192.0.2.1", "192.0.2.2", "", "mx.example.org", "SMTP"},
    {"from helo (user@rdns.example.net [192.0.2.1]) by mx.example.org (8.9.3/8.9.3) with SMTP id X" D, TIDE_HOP_SMTP, "192.0.2.1", "helo", "rdns.example.net", "mx.example.org", "SMTP"},
    {"from mx.example.org (majordomo@localhost [127.0.0.1]) by mx.example.org (8.14.1/8.14.1) with ESMTP id X" D, TIDE_HOP_SMTP, "127.0.0.1", "mx.example.org", "localhost",
     "mx.example.org", "ESMTP"},
    {"(from majordomo@localhost)\n\tby mx.example.org (8.14.1/8.14.1/Submit) id X" D, TIDE_HOP_LOCAL, "", "", "", "mx.example.org", ""},
    {"(from tomcat@localhost)\n\tby 192.0.2.77 (8.12.8/8.12.8/Submit) id X" D, TIDE_HOP_LOCAL, "", "", "", "192.0.2.77", ""},
    {"from helo (IDENT:user@rdns.example.net [192.0.2.1]) by mx.example.org (8.9.3/8.9.3) with ESMTP id X" D, TIDE_HOP_SMTP, "192.0.2.1", "helo", "rdns.example.net", "mx.example.org",
     "ESMTP"},
    {"from helo (unknown.telecom.example.by [192.0.2.1]) by mx.example.org (8.14.1/8.14.1) with SMTP id X" D, TIDE_HOP_SMTP, "192.0.2.1", "helo", "unknown.telecom.example.by",
     "mx.example.org", "SMTP"},
    {"from by (rdns.example.net [192.0.2.1]) by mx.example.org (8.14.1/8.14.1) with SMTP id X" D, TIDE_HOP_SMTP, "192.0.2.1", "by", "rdns.example.net", "mx.example.org", "SMTP"},
    /* Postfix */
    {"from helo.example.com (rdns.example.net [192.0.2.1])\n\tby mx.example.org (Postfix) with ESMTP id ABC\n\tfor <a@example.org>" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com",
     "rdns.example.net", "mx.example.org", "ESMTP"},
    {"from helo.example.com (unknown [192.0.2.1])\n\tby mx.example.org (Postfix) with SMTP id ABC" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "", "mx.example.org", "SMTP"},
    {"from helo.example.com (unknown [IPv6:2001:db8::1])\n\tby mx.example.org (Postfix) with SMTP id ABC" D, TIDE_HOP_SMTP, "2001:db8::1", "helo.example.com", "", "mx.example.org",
     "SMTP"},
    {"from helo.example.com (rdns.example.net [192.0.2.1])\n\t(using TLSv1 with cipher DHE-RSA-AES256-SHA (256/256 bits))\n\t(No client certificate requested)\n\tby mx.example.org (Postfix) "
     "with ESMTPS id ABC" D,
     TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "rdns.example.net", "mx.example.org", "ESMTPS"},
    {"from helo.example.com (rdns.example.net [192.0.2.1])\n\t(Authenticated sender: me@example.org)\n\tby mx.example.org (Postfix) with ESMTPSA id ABC" D, TIDE_HOP_SMTP, "192.0.2.1",
     "helo.example.com", "rdns.example.net", "mx.example.org", "ESMTPSA"},
    {"by mx.example.org (Postfix, from userid 1000)\n\tid ABC" D, TIDE_HOP_LOCAL, "", "", "", "mx.example.org", ""},
    {"from localhost (localhost [127.0.0.1])\n\tby mx.example.org (Postfix) with ESMTP id ABC" D, TIDE_HOP_SMTP, "127.0.0.1", "localhost", "localhost", "mx.example.org", "ESMTP"},
    /* Exim */
    {"from [192.0.2.1] (helo=helo.example.com)\n\tby mx.example.org with smtp (Exim 4.50)\n\tid 1Aa-0001-00\n\tfor a@example.org" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "",
     "mx.example.org", "smtp"},
    {"from [192.0.2.1] (port=4321 helo=helo.example.com ident=bob)\n\tby mx.example.org with esmtp (Exim 4.50)\n\tid 1Aa" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "",
     "mx.example.org", "esmtp"},
    {"from rdns.example.net ([192.0.2.1] helo=helo.example.com)\n\tby mx.example.org with esmtp (Exim 4.50)\n\tid 1Aa" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com",
     "rdns.example.net", "mx.example.org", "esmtp"},
    {"from rdns.example.net ([192.0.2.1])\n\tby mx.example.org with esmtp (Exim 4.50)\n\tid 1Aa" D, TIDE_HOP_SMTP, "192.0.2.1", "rdns.example.net", "rdns.example.net", "mx.example.org",
     "esmtp"},
    {"from [192.0.2.1] (helo=[198.51.100.9])\n\tby mx.example.org with smtp (Exim 4.50)\n\tid 1Aa" D, TIDE_HOP_SMTP, "192.0.2.1", "198.51.100.9", "", "mx.example.org", "smtp"},
    {"from bob by mx.example.org with local (Exim 4.50)\n\tid 1Aa" D, TIDE_HOP_SMTP, "", "bob", "", "mx.example.org", "local"},
    /* qmail */
    {"from unknown (HELO helo.example.com) (192.0.2.1)\n  by mx.example.org with SMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "", "mx.example.org", "SMTP"},
    {"from rdns.example.net (HELO helo.example.com) (192.0.2.1)\n  by mx.example.org with SMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "rdns.example.net", "mx.example.org",
     "SMTP"},
    {"from unknown (HELO helo.example.com) (user@192.0.2.1 with login)\n  by mx.example.org with SMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "", "mx.example.org", "SMTP"},
    {"from rdns.example.net (192.0.2.1)\n  by mx.example.org with SMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "rdns.example.net", "", "mx.example.org", "SMTP"},
    {"(qmail 12345 invoked by uid 0)" D, TIDE_HOP_LOCAL, "", "", "", "", ""},
    {"(qmail 12345 invoked from network)" D, TIDE_HOP_LOCAL, "", "", "", "", ""},
    {"from unknown (HELO [198.51.100.9]) ([192.0.2.1]) (envelope-sender <a@b>)\n by mx.example.org (qmail-ldap-1.03) with SMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "198.51.100.9", "",
     "mx.example.org", "SMTP"},
    /* Microsoft, and others */
    {"from helo.example.com ([192.0.2.1]) by mx.example.org with Microsoft SMTPSVC(6.0.3790.3959)" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "", "mx.example.org",
     "Microsoft SMTPSVC"},
    {"from EX1.example.org (192.0.2.1) by EX2.example.org (198.51.100.2) with Microsoft SMTP Server id 15.1.225.42" D, TIDE_HOP_SMTP, "192.0.2.1", "EX1.example.org", "",
     "EX2.example.org", "Microsoft SMTP Server"},
    {"from rdns.example.net ([192.0.2.1] verified) by mx.example.org (CommuniGate Pro SMTP 5.1.4) with ESMTP id 1" D, TIDE_HOP_SMTP, "192.0.2.1", "rdns.example.net", "",
     "mx.example.org", "ESMTP"},
    {"from [192.0.2.1] by mx.example.org (Lotus Domino Release 5.0.8) with SMTP id X" D, TIDE_HOP_SMTP, "192.0.2.1", "192.0.2.1", "", "mx.example.org", "SMTP"},
    {"from 192.0.2.1 by mx.example.org with HTTP" D, TIDE_HOP_HTTP, "192.0.2.1", "192.0.2.1", "", "mx.example.org", "HTTP"},
    {"from [192.0.2.1] by web.mail.example.com via HTTP" D, TIDE_HOP_HTTP, "192.0.2.1", "192.0.2.1", "", "web.mail.example.com", "HTTP"},
    {"by 10.4.8.2 with HTTP; Mon, 29 Sep 2008 04:24:59 GMT (GMT)", TIDE_HOP_HTTP, "", "", "", "10.4.8.2", "HTTP"},
    {"by 10.1.2.3 with SMTP id abc" D, TIDE_HOP_LOCAL, "", "", "", "10.1.2.3", "SMTP"},
    {"by 2002:a05:6e02:1c2:: with SMTP id abc" D, TIDE_HOP_LOCAL, "", "", "", "2002:a05:6e02:1c2::", "SMTP"},
    {"from helo.example.com (rdns.example.net. [192.0.2.1]) by mx.google.example with ESMTP id abc" D, TIDE_HOP_SMTP, "192.0.2.1", "helo.example.com", "rdns.example.net.",
     "mx.google.example", "ESMTP"},
    /* Mailboxes, LMTP */
    {"from pop.example.net [192.0.2.1] by localhost with POP3 (fetchmail-5.9.0) for a@localhost (single-drop)" D, TIDE_HOP_FETCH, "192.0.2.1", "pop.example.net", "", "localhost",
     "POP3"},
    {"from imap.example.net (192.0.2.1) by localhost with IMAP (fetchmail-6.3.8)" D, TIDE_HOP_FETCH, "192.0.2.1", "imap.example.net", "", "localhost", "IMAP"},
    {"from mx.example.org ([unix socket]) by mx.example.org (Cyrus v2.2.12) with LMTPA" D, TIDE_HOP_LMTP, "", "mx.example.org", "", "mx.example.org", "LMTPA"},
    {"from helo.example.com ([192.0.2.1]) by mx.example.org (Dovecot) with LMTP id X" D, TIDE_HOP_LMTP, "192.0.2.1", "helo.example.com", "", "mx.example.org", "LMTP"},
    /* Nothing but names; literals */
    {"from a.example.com by b.example.com with SMTP" D, TIDE_HOP_SMTP, "", "a.example.com", "", "b.example.com", "SMTP"},
    {"from [192.0.2.1] by b.example.com; Mon, 10 Nov 2008 20:14:15 +0800", TIDE_HOP_SMTP, "192.0.2.1", "192.0.2.1", "", "b.example.com", ""},
    {"from a.example.com [192.0.2.1] by b.example.com with ESMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "a.example.com", "", "b.example.com", "ESMTP"},
    {"from a.example.com ([::ffff:192.0.2.1]) by b.example.com with ESMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "a.example.com", "", "b.example.com", "ESMTP"},
    {"from a ([2001:db8::1%9]) by b.example.com with ESMTP" D, TIDE_HOP_SMTP, "2001:db8::1", "a", "", "b.example.com", "ESMTP"},
    {"from a.example.com ([192.0.2.1]:4321) by b.example.com with ESMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "a.example.com", "", "b.example.com", "ESMTP"},
    /* Broken */
    {"from helo (rdns.example.net [192.0.2.1]) by mx.example.org (8.14.1/8.14.1 with SMTP id X" D, TIDE_HOP_SMTP, "192.0.2.1", "helo", "rdns.example.net", "mx.example.org", ""},
    {"from \xe4\xf6\xfc ([192.0.2.1]) by mx.example.org with SMTP" D, TIDE_HOP_SMTP, "192.0.2.1", "\xe4\xf6\xfc", "", "mx.example.org", "SMTP"},
    {"nonsense", TIDE_HOP_UNPARSED, "", "", "", "", ""},
    {"", TIDE_HOP_UNPARSED, "", "", "", "", ""},
    {"; Tue, 11 Nov 2008 16:30:00 -0500", TIDE_HOP_UNPARSED, "", "", "", "", ""},
};

static void each_form(void **state) {
  (void)state;
  int wrong = 0;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    const expected *e = &forms[i];
    tide_hop hop;
    char peer[TIDE_IP_TEXT];
    tide_received_parse(tide_span_of(e->value), &hop);
    tide_ip_format(&hop.peer, peer);
    bool right = hop.kind == e->kind && strcmp(peer, e->peer) == 0 && tide_span_equal(hop.helo, tide_span_of(e->helo)) && tide_span_equal(hop.rdns, tide_span_of(e->rdns)) &&
                 tide_span_equal(hop.by, tide_span_of(e->by)) && tide_span_istarts(hop.with, tide_span_of(e->with));
    if (right) continue;
    wrong++;
    print_message("\"%s\":\n  kind %d, peer \"%s\", helo \"%.*s\", rdns \"%.*s\", by \"%.*s\", with \"%.*s\"\n", e->value, (int)hop.kind, peer, (int)hop.helo.len, hop.helo.ptr,
                  (int)hop.rdns.len, hop.rdns.ptr, (int)hop.by.len, hop.by.ptr, (int)hop.with.len, hop.with.ptr);
  }
  assert_int_equal(wrong, 0);
}

static void dates(void **state) {
  (void)state;
  tide_hop hop;
  tide_received_parse(SPAN("from a ([192.0.2.1]) by b (c; d) with SMTP id 1; Tue, 11 Nov 2008 16:30:00 -0500 (EST; winter)"), &hop);
  assert_span_equal(hop.date, "Tue, 11 Nov 2008 16:30:00 -0500 (EST; winter)");
  tide_received_parse(SPAN("from a ([192.0.2.1]) by b with SMTP id 1"), &hop);
  assert_int_equal(hop.date.len, 0);
}

/* Time is linear: nothing here may take long. */
static void hostile(void **state) {
  (void)state;
  static const char *const pieces[] = {"(", ")", "[", "from ", "by ", "\"", ";", "a@", "from a (b [", "(((a)", "helo=", "\\"};
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    size_t len = strlen(pieces[i]), count = (1u << 20) / len;
    char *text = malloc(count * len);
    for (size_t k = 0; k < count; k++) memcpy(text + k * len, pieces[i], len);
    tide_hop hop;
    tide_received_parse(tide_span_make(text, count * len), &hop);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_form), cmocka_unit_test(dates), cmocka_unit_test(hostile)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
