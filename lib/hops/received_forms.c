/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of server forms, and what finds a row in it. */
#include "received_forms.h"

#include "received_words.h"

static const tide_form forms[] = {
    /* sendmail: cf/README and sendmail.cf's Received, 8.6 to 8.18 */
    {.server = "sendmail", .sign = SPAN("8."), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "sendmail", .sign = SPAN("SGI-8."), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "sendmail",
     .sign = SPAN("SMI-8."),
     .in = IN_BY | IN_TAIL,
     .is = SOFTWARE,
     .flags = OPEN},
    {.server = "sendmail", .sign = SPAN("AIX"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "sendmail", .sign = SPAN("Sendmail"), .in = IN_BY | IN_TAIL, .is = SOFTWARE},
    {.server = "ssmtp",
     .sign = SPAN("sSMTP sendmail emulation"),
     .in = IN_BY,
     .is = SOFTWARE,
     .flags = LOCAL},
    {.server = "sendmail", .sign = SPAN("from "), .in = IN_ALONE, .is = SUBMITTER},
    {.server = "sendmail", .sign = SPAN("[[UNIX: localhost]]"), .in = IN_PEER, .flags = LOCAL},
    {.server = "sendmail", .sign = SPAN("may be forged"), .in = IN_PEER, .flags = DOUBTED},
    {.server = "sendmail",
     .sign = SPAN("authenticated bits="),
     .in = IN_COMMENTS,
     .flags = AUTH | WHOLE},
    {.sign = SPAN("authenticated user"), .in = IN_COMMENTS, .is = IDENT, .flags = AUTH},
    {.sign = SPAN("authenticated as"), .in = IN_COMMENTS, .is = IDENT, .flags = AUTH},
    {.sign = SPAN("auth. as"), .in = IN_COMMENTS, .is = IDENT, .flags = AUTH},
    {.server = "postfix",
     .sign = SPAN("Authenticated sender:"),
     .in = IN_COMMENTS,
     .is = IDENT,
     .flags = AUTH | WHOLE},
    {.sign = SPAN("Authenticated-User:"), .in = IN_COMMENTS, .is = IDENT, .flags = AUTH | WHOLE},
    {.sign = SPAN("authenticated"), .in = IN_COMMENTS | IN_WITH, .flags = AUTH | WHOLE},
    {.sign = SPAN("not authenticated"), .in = IN_COMMENTS, .flags = WHOLE},
    /* "(Not Verified[192.0.2.1])" */
    {.server = "mailmarshal", .sign = SPAN("Not Verified["), .in = IN_PEER, .flags = BRACKET},
    {.server = "mailmarshal", .sign = SPAN("Not Verified ["), .in = IN_PEER, .flags = BRACKET},
    {.server = "mailmarshal", .sign = SPAN("MailMarshal"), .in = IN_WITH},
    {.server = "mailmarshal", .sign = SPAN("Trustwave"), .in = IN_WITH},
    {.sign = SPAN("IP:"), .in = IN_PEER, .flags = OPEN},
    {.sign = SPAN("IP="), .in = IN_PEER, .flags = OPEN},
    {.sign = SPAN("peer="), .in = IN_PEER, .flags = OPEN},
    {.sign = SPAN("user="), .in = IN_PEER | IN_TAIL, .is = IDENT, .flags = AUTH},
    /* Postfix: smtpd.c, pickup.c */
    {.server = "postfix",
     .sign = SPAN("Postfix, from userid"),
     .in = IN_BY,
     .is = IDENT,
     .flags = LOCAL},
    {.server = "postfix", .sign = SPAN("Postfix"), .in = IN_BY, .is = SOFTWARE},
    {.server = "postfix", .sign = SPAN("No client certificate"), .in = IN_COMMENTS, .flags = WHOLE},
    {.server = "postfix", .sign = SPAN("Client CN"), .in = IN_COMMENTS, .flags = WHOLE},
    {.server = "postfix",
     .sign = SPAN("Client did not present a certificate"),
     .in = IN_COMMENTS,
     .flags = WHOLE},
    {.server = "postfix", .sign = SPAN("Client hostname"), .in = IN_COMMENTS, .flags = WHOLE},
    {.server = "postfix", .sign = SPAN("not verified"), .in = IN_COMMENTS, .flags = WHOLE},
    {.sign = SPAN("using TLS"), .in = IN_COMMENTS, .flags = TLS | WHOLE | OPEN},
    {.sign = SPAN("using SSL"), .in = IN_COMMENTS, .flags = TLS | WHOLE | OPEN},
    {.sign = SPAN("version=TLS"), .in = IN_COMMENTS, .flags = TLS | WHOLE | OPEN},
    {.sign = SPAN("version=SSL"), .in = IN_COMMENTS, .flags = TLS | WHOLE | OPEN},
    /* Exim: spec.txt, received_header_text */
    {.server = "exim",
     .sign = SPAN("Exim"),
     .in = IN_BY | IN_TAIL,
     .is = SOFTWARE,
     .flags = FROM_IS_RDNS},
    {.server = "exim",
     .sign = SPAN("connectmail/exim"),
     .in = IN_TAIL,
     .is = SOFTWARE,
     .flags = FROM_IS_RDNS},
    {.server = "exim", .sign = SPAN("helo="), .in = IN_PEER, .is = HELO, .flags = FROM_IS_RDNS},
    {.server = "exim", .sign = SPAN("H="), .in = IN_PEER, .is = HELO, .flags = FROM_IS_RDNS},
    {.server = "exim", .sign = SPAN("ident="), .in = IN_PEER, .is = IDENT},
    {.server = "exim", .sign = SPAN("port="), .in = IN_PEER, .is = SKIPPED},
    {.server = "exim", .sign = SPAN("dnssec="), .in = IN_PEER, .is = SKIPPED},
    {.server = "exim", .sign = SPAN("TLS-1."), .in = IN_TAIL, .flags = TLS | WHOLE | OPEN},
    {.server = "exim", .sign = SPAN("tls_cipher"), .in = IN_TAIL, .flags = TLS | WHOLE | OPEN},
    {.server = "exim", .sign = SPAN("Cipher TLS"), .in = IN_TAIL, .flags = TLS | WHOLE | OPEN},
    {.server = "exim", .sign = SPAN("Cipher SSL"), .in = IN_TAIL, .flags = TLS | WHOLE | OPEN},
    {.sign = SPAN("TLS"), .in = IN_TAIL, .flags = TLS | WHOLE | OPEN},
    {.sign = SPAN("tls "), .in = IN_WITH, .is = SKIPPED, .flags = TLS},
    {.server = "exim", .sign = SPAN("local"), .in = IN_WITH, .flags = LOCAL | FROM_IS_USER},
    {.server = "exim", .sign = SPAN("local-smtp"), .in = IN_WITH, .flags = LOCAL | FROM_IS_USER},
    {.server = "exim", .sign = SPAN("local-esmtp"), .in = IN_WITH, .flags = LOCAL | FROM_IS_USER},
    {.server = "exim", .sign = SPAN("local-esmtps"), .in = IN_WITH, .flags = LOCAL | FROM_IS_USER},
    {.server = "exim", .sign = SPAN("local-bsmtp"), .in = IN_WITH, .flags = LOCAL | FROM_IS_USER},
    {.sign = SPAN("envelope-from"), .in = IN_COMMENTS, .is = SENDER},
    {.sign = SPAN("envelope-sender"), .in = IN_COMMENTS, .is = SENDER},
    {.server = "aliyun", .sign = SPAN("mailfrom:"), .in = IN_PEER, .is = SENDER, .flags = OPEN},
    {.server = "aliyun", .sign = SPAN("fp:"), .in = IN_PEER, .flags = WHOLE | OPEN},
    {.sign = SPAN("return-path"), .in = IN_COMMENTS, .is = SENDER},
    /* qmail: received.c, qmail-queue.c; and what is built upon it */
    {.server = "qmail", .sign = SPAN("HELO"), .in = IN_PEER, .is = HELO, .flags = FROM_IS_RDNS},
    {.server = "qmail", .sign = SPAN("EHLO"), .in = IN_PEER, .is = HELO, .flags = FROM_IS_RDNS},
    /* "([192.0.2.1]:3332 "HELO name" ident: "…")" */
    {.server = "intermail",
     .sign = SPAN("\"HELO"),
     .in = IN_PEER,
     .is = HELO,
     .flags = FROM_IS_RDNS},
    {.server = "intermail",
     .sign = SPAN("\"EHLO"),
     .in = IN_PEER,
     .is = HELO,
     .flags = FROM_IS_RDNS},
    {.server = "zmailer",
     .sign = SPAN("rhost-flags-"),
     .in = IN_PEER,
     .is = SKIPPED,
     .flags = FROM_IS_RDNS | OPEN},
    {.server = "intermail", .sign = SPAN("smtp-auth:"), .in = IN_PEER, .is = SKIPPED},
    {.server = "courier", .sign = SPAN("IDENT: "), .in = IN_PEER, .is = IDENT},
    {.server = "intermail", .sign = SPAN("whoson:"), .in = IN_PEER, .is = SKIPPED},
    {.server = "intermail", .sign = SPAN("TLS-CIPHER:"), .in = IN_PEER, .is = SKIPPED},
    {.server = "intermail", .sign = SPAN("TLS-PEER-CN1:"), .in = IN_PEER, .is = SKIPPED},
    /* "(someone@192.0.2.1 with login)": Yahoo, qmail-smtpd-auth */
    {.server = "qmail", .sign = SPAN("with "), .in = IN_PEER, .is = SKIPPED, .flags = AUTH},
    {.server = "qmail", .sign = SPAN("qmail "), .in = IN_ALONE, .is = SKIPPED},
    {.server = "qmail", .sign = SPAN("qmail+freegate "), .in = IN_ALONE, .is = SKIPPED},
    {.server = "qmail", .sign = SPAN("messnum "), .in = IN_ALONE, .is = SKIPPED},
    {.server = "qmail",
     .sign = SPAN("invoked by uid"),
     .in = IN_ALONE,
     .is = IDENT,
     .flags = LOCAL},
    {.server = "qmail", .sign = SPAN("by uid"), .in = IN_ALONE, .is = IDENT, .flags = LOCAL},
    {.server = "qmail", .sign = SPAN("invoked by alias"), .in = IN_ALONE, .flags = LOCAL},
    {.server = "qmail",
     .sign = SPAN("invoked from network["),
     .in = IN_ALONE,
     .is = NETWORK,
     .flags = LOCAL},
    {.server = "qmail", .sign = SPAN("invoked from network"), .in = IN_ALONE, .flags = LOCAL},
    {.server = "qmail", .sign = SPAN("invoked for bounce"), .in = IN_ALONE, .flags = LOCAL},
    {.server = "qmail", .sign = SPAN("qmail-scanner"), .in = IN_WITH, .flags = LOCAL | OPEN},
    {.server = "qmail", .sign = SPAN("spamassassin:"), .in = IN_TAIL, .flags = WHOLE | OPEN},
    {.server = "qmail", .sign = SPAN("clamdscan:"), .in = IN_TAIL, .flags = WHOLE | OPEN},
    {.server = "qmail", .sign = SPAN("clamscan:"), .in = IN_TAIL, .flags = WHOLE | OPEN},
    {.server = "qmail", .sign = SPAN("qmail-"), .in = IN_BY, .is = SOFTWARE, .flags = FROM_IS_RDNS},
    /* s/qmail */
    {.server = "qmail", .sign = SPAN("de/crypted with"), .in = IN_PEER, .flags = TLS | CLAUSED},
    {.server = "qpsmtpd", .sign = SPAN("qpsmtpd/"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "qmail", .sign = SPAN("qfscan"), .in = IN_ALONE, .flags = LOCAL | WHOLE},
    {.server = "cpmta", .sign = SPAN("cpmta "), .in = IN_ALONE, .is = SKIPPED},
    {.server = "bbsmail", .sign = SPAN("BBSMAIL "), .in = IN_ALONE, .is = SKIPPED},
    {.server = "mess822", .sign = SPAN("ofmipd"), .in = IN_ALONE},
    {.server = "nullmailer", .sign = SPAN("nullmailer"), .in = IN_ALONE, .flags = LOCAL},
    {.server = "nullmailer", .sign = SPAN("pid "), .in = IN_ALONE, .is = SKIPPED},
    {.sign = SPAN("encrypted"), .in = IN_WITH, .flags = TLS},
    {.sign = SPAN("uid "), .in = IN_COMMENTS, .is = IDENT, .flags = LOCAL},
    /* Microsoft */
    {.server = "smtpsvc", .sign = SPAN("Microsoft SMTPSVC"), .in = IN_WITH},
    {.server = "smtpsvc", .sign = SPAN("over TLS secured channel"), .in = IN_BY, .flags = TLS},
    {.server = "smtpsvc", .sign = SPAN("apparently"), .in = IN_ALONE},
    {.server = "smtpsvc", .sign = SPAN("RDNS failed"), .in = IN_PEER},
    {.server = "smtpsvc", .sign = SPAN("mail pickup service"), .in = IN_FIRST, .flags = LOCAL},
    {.server = "exchange", .sign = SPAN("Microsoft SMTP Server"), .in = IN_WITH, .flags = BUILD},
    {.server = "exchange", .sign = SPAN("mapi"), .in = IN_WITH, .flags = LOCAL | BUILD},
    {.server = "exchange",
     .sign = SPAN("Microsoft Exchange Server HTTP-DAV"),
     .in = IN_WITH,
     .flags = HTTP | AUTH},
    {.server = "exchange", .sign = SPAN("Microsoft Exchange"), .in = IN_TAIL, .is = SOFTWARE},
    {.server = "exchange", .sign = SPAN("Internet Mail Service"), .in = IN_WITH},
    {.server = "exchange",
     .sign = SPAN("Internet Mail Service"),
     .in = IN_TAIL,
     .is = SOFTWARE,
     .flags = OPEN},
    /* Mailboxes and delivery inside a site */
    {.server = "fetchmail",
     .sign = SPAN("fetchmail"),
     .in = IN_BY | IN_TAIL,
     .is = SOFTWARE,
     .flags = FETCH | OPEN},
    {.server = "fetchmail", .sign = SPAN("single-drop"), .in = IN_TAIL},
    {.server = "fetchmail", .sign = SPAN("multi-drop"), .in = IN_TAIL},
    {.server = "getmail",
     .sign = SPAN("getmail"),
     .in = IN_BY | IN_TAIL,
     .is = SOFTWARE,
     .flags = FETCH | OPEN},
    {.sign = SPAN("POP"), .in = IN_WITH, .flags = FETCH | OPEN},
    {.sign = SPAN("IMAP"), .in = IN_WITH, .flags = FETCH | OPEN},
    {.server = "cyrus", .sign = SPAN("Cyrus"), .in = IN_BY, .is = SOFTWARE},
    {.server = "cyrus", .sign = SPAN("[unix socket]"), .in = IN_PEER, .flags = LOCAL},
    {.server = "dovecot", .sign = SPAN("Dovecot"), .in = IN_BY, .is = SOFTWARE},
    {.server = "zimbra", .sign = SPAN("LHLO"), .in = IN_PEER, .is = HELO, .flags = FROM_IS_RDNS},
    {.server = "zimbra", .sign = SPAN("Zimbra"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.sign = SPAN("LMTP"), .in = IN_WITH, .flags = LMTP | OPEN},
    {.server = "amavis", .sign = SPAN("amavis"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    /* Webmail */
    {.sign = SPAN("HTTP"), .in = IN_WITH, .flags = HTTP | OPEN},
    {.sign = SPAN("via HTTP"), .in = IN_COMMENTS, .flags = HTTP | OPEN},
    {.sign = SPAN("HTTP/"), .in = IN_TAIL, .flags = HTTP | WHOLE | OPEN},
    {.sign = SPAN("DAV"), .in = IN_WITH, .flags = HTTP},
    {.server = "squirrelmail",
     .sign = SPAN("SquirrelMail authenticated user"),
     .in = IN_PEER,
     .is = IDENT,
     .flags = AUTH},
    {.server = "squirrelmail",
     .sign = SPAN("NaSMail authenticated user"),
     .in = IN_PEER,
     .is = IDENT,
     .flags = AUTH},
    {.server = "squirrelmail", .sign = SPAN("proxying for"), .in = IN_PEER, .is = SKIPPED},
    {.server = "horde", .sign = SPAN("Horde"), .in = IN_BY, .is = SOFTWARE},
    {.server = "horde", .sign = SPAN("IMP"), .in = IN_BY, .is = SOFTWARE},
    {.server = "aol", .sign = SPAN("WebMailUI"), .in = IN_TAIL, .is = SOFTWARE, .flags = HTTP},
    /* what a proxy claims of its client */
    {.server = "sun", .sign = SPAN("Forwarded-For:"), .in = IN_PEER, .flags = WHOLE},
    {.sign = SPAN("X-Forwarded-For:"), .in = IN_PEER, .flags = WHOLE},
    {.server = "sun", .sign = SPAN("mshttpd"), .in = IN_BY, .is = SOFTWARE, .flags = HTTP},
    {.server = "egroups", .sign = SPAN("EGP:"), .in = IN_ALONE, .is = SKIPPED, .flags = LOCAL},
    /* "(eyou anti_spam gateway 3.0)" */
    {.server = "eyou", .sign = SPAN("eyou "), .in = IN_ALONE, .flags = LOCAL | WHOLE},
    {.sign = SPAN("bminject"), .in = IN_ALONE, .flags = LOCAL},
    {.sign = SPAN("Scanned by"), .in = IN_ALONE, .flags = LOCAL | WHOLE},
    {.server = "gmail", .sign = SPAN("named"), .in = IN_PEER, .is = SKIPPED},
    /* Others, by the name that they give themselves */
    {.server = "communigate", .sign = SPAN("CommuniGate"), .in = IN_BY, .is = SOFTWARE},
    {.server = "communigate", .sign = SPAN("account"), .in = IN_PEER, .is = IDENT, .flags = AUTH},
    {.sign = SPAN("verified"), .in = IN_PEER},
    {.sign = SPAN("unverified"), .in = IN_PEER},
    {.server = "domino", .sign = SPAN("Lotus"), .in = IN_BY | IN_TAIL, .is = SOFTWARE},
    {.server = "domino", .sign = SPAN("IBM Domino"), .in = IN_BY | IN_TAIL, .is = SOFTWARE},
    {.server = "domino", .sign = SPAN("HCL Domino"), .in = IN_BY | IN_TAIL, .is = SOFTWARE},
    {.server = "mdaemon",
     .sign = SPAN("MDaemon"),
     .in = IN_BY | IN_TAIL,
     .is = SOFTWARE,
     .flags = OPEN},
    {.server = "mailenable", .sign = SPAN("Inbound Mail Agent"), .in = IN_BY},
    {.server = "mailenable", .sign = SPAN("MailEnable"), .in = IN_WITH},
    {.server = "groupwise", .sign = SPAN("Novell_GroupWise"), .in = IN_WITH, .flags = LOCAL},
    {.server = "groupwise", .sign = SPAN("GroupWise"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "imail", .sign = SPAN("SMTPD32"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "imail", .sign = SPAN("IMail"), .in = IN_BY, .is = SOFTWARE},
    {.server = "mercury", .sign = SPAN("Mercury"), .in = IN_BY, .is = SOFTWARE},
    {.server = "icewarp", .sign = SPAN("Merak"), .in = IN_BY, .is = SOFTWARE},
    {.server = "icewarp", .sign = SPAN("IceWarp"), .in = IN_BY, .is = SOFTWARE},
    {.server = "pmdf", .sign = SPAN("PMDF"), .in = IN_BY, .is = SOFTWARE},
    {.server = "sun", .sign = SPAN("Sun "), .in = IN_BY, .is = SOFTWARE},
    {.server = "sun", .sign = SPAN("iPlanet"), .in = IN_BY, .is = SOFTWARE},
    {.server = "sun", .sign = SPAN("Oracle Communications"), .in = IN_BY, .is = SOFTWARE},
    {.server = "barracuda", .sign = SPAN("Spam Firewall"), .in = IN_BY, .is = SOFTWARE},
    {.server = "barracuda", .sign = SPAN("Barracuda"), .in = IN_BY, .is = SOFTWARE},
    {.server = "kerio", .sign = SPAN("Kerio"), .in = IN_BY, .is = SOFTWARE},
    {.server = "hmailserver", .sign = SPAN("hMailServer"), .in = IN_BY, .is = SOFTWARE},
    {.server = "xmail", .sign = SPAN("[XMail"), .in = IN_WITH, .flags = OPEN},
    {.server = "courier",
     .sign = SPAN("AUTH:"),
     .in = IN_PEER,
     .is = METHOD,
     .flags = AUTH | WHOLE},
    {.server = "courier", .sign = SPAN("TLS:"), .in = IN_PEER, .flags = TLS | WHOLE},
    {.server = "courier", .sign = SPAN("SSL:"), .in = IN_PEER, .flags = TLS | WHOLE},
    {.server = "courier", .sign = SPAN("softdnserr"), .in = IN_PEER},
    {.server = "courier",
     .sign = SPAN("courier"),
     .in = IN_BY | IN_TAIL,
     .is = SOFTWARE,
     .flags = OPEN},
    {.server = "opensmtpd", .sign = SPAN("OpenSMTPD"), .in = IN_BY, .is = SOFTWARE},
    {.server = "opensmtpd", .sign = SPAN("[local]"), .in = IN_PEER, .flags = LOCAL},
    {.server = "opensmtpd", .sign = SPAN("auth=yes"), .in = IN_TAIL, .flags = AUTH},
    {.server = "haraka", .sign = SPAN("Haraka outbound"), .in = IN_ALONE, .flags = LOCAL},
    {.server = "haraka", .sign = SPAN("Haraka"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "symantec", .sign = SPAN("Symantec"), .in = IN_BY, .is = SOFTWARE},
    {.server = "symantec", .sign = SPAN("SMSSMTP"), .in = IN_BY, .is = SOFTWARE},
    {.server = "symantec", .sign = SPAN("NAVGW"), .in = IN_BY, .is = SOFTWARE},
    {.server = "james", .sign = SPAN("JAMES"), .in = IN_BY, .is = SOFTWARE},
    {.server = "ecelerity", .sign = SPAN("ecelerity"), .in = IN_BY, .is = SOFTWARE},
    {.server = "powermta", .sign = SPAN("PowerMTA"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "scalix", .sign = SPAN("Scalix"), .in = IN_BY, .is = SOFTWARE},
    {.server = "openwave", .sign = SPAN("InterMail"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "criticalpath", .sign = SPAN("Critical Path"), .in = IN_BY, .is = SOFTWARE},
    {.server = "interscan", .sign = SPAN("InterScan"), .in = IN_BY, .is = SOFTWARE},
    {.server = "argosoft", .sign = SPAN("ArGoSoft"), .in = IN_BY, .is = SOFTWARE},
    {.server = "postoffice", .sign = SPAN("Post.Office"), .in = IN_BY, .is = SOFTWARE},
    {.server = "simta", .sign = SPAN("simta"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "rockliffe", .sign = SPAN("Rockliffe"), .in = IN_BY, .is = SOFTWARE, .flags = OPEN},
    {.server = "mailsweeper", .sign = SPAN("Clearswift"), .in = IN_BY, .is = SOFTWARE},
    {.server = "mailsweeper", .sign = SPAN("Content Technologies"), .in = IN_BY, .is = SOFTWARE},
    {.server = "tumbleweed", .sign = SPAN("Tumbleweed"), .in = IN_TAIL, .is = SOFTWARE},
    {.server = "nemesis", .sign = SPAN("Nemesis"), .in = IN_TAIL, .is = SOFTWARE},
    {.server = "obtuse",
     .sign = SPAN("claiming to be"),
     .in = IN_PEER,
     .is = HELO,
     .flags = FROM_IS_RDNS},
    {.server = "smap", .sign = SPAN("smap"), .in = IN_WITH, .flags = FROM_IS_RDNS},
    {.server = "smap", .sign = SPAN("csmap"), .in = IN_WITH, .flags = FROM_IS_RDNS},
    {.server = "raptor",
     .sign = SPAN("for ["),
     .in = IN_TAIL,
     .flags = WHOLE},                                      /* "via smtpd (for [192.0.2.1])" */
    {.sign = SPAN("for "), .in = IN_TAIL, .flags = WHOLE}, /* "(for 3 recipients)" */
    {.server = "amazon", .sign = SPAN("peer crosscheck:"), .in = IN_TAIL, .flags = WHOLE},
    {.server = "zmailer", .sign = SPAN("ORCPT"), .in = IN_TAIL, .flags = WHOLE},
    {.server = "smail", .sign = SPAN("sender:"), .in = IN_TAIL, .is = SENDER},
    /* "(sender <a@example.com>)": NetZero */
    {.sign = SPAN("sender "), .in = IN_TAIL, .is = SENDER},
    {.sign = SPAN("as user"), .in = IN_PEER, .is = IDENT, .flags = AUTH},
    {.sign = SPAN("as "), .in = IN_PEER, .is = IDENT, .flags = AUTH},
};

enum { FORMS = sizeof forms / sizeof *forms };
_Static_assert(FORMS < UINT8_MAX, "rows are numbered in a byte");

/* For each place the rows by the first letter of their sign, as lists in the order of the table:
 * row + 1, or 0. Made once, before main, so that the table itself may be in the order that is
 * best to read. */
uint8_t tide_form_rows[PLACES][128];
static uint8_t row_next[PLACES][FORMS];
uint64_t tide_form_seconds[PLACES][128];

__attribute__((constructor)) static void index_forms(void) {
  for (size_t i = FORMS; i > 0; i--)
    for (int place = 0; place < PLACES; place++) {
      if (!(forms[i - 1].in & 1u << place))
        continue;
      uint8_t *head =
          &tide_form_rows[place][(unsigned char)tide_lower(forms[i - 1].sign.ptr[0]) & 127];
      row_next[place][i - 1] = *head;
      *head = (uint8_t)i;
      const char second = forms[i - 1].sign.ptr[1];
      tide_form_seconds[place][head - tide_form_rows[place]] |=
          second == ' ' ? UINT64_MAX : tide_second_bit(second); /* a space stands for others, too */
    }
}

/* How many bytes at the beginning of text are the sign, or 0. */
static size_t sign_length(tide_span text, const tide_form *f) {
  const bool as_listed =
      text.len >= f->sign.len && tide_name_equal(tide_span_slice(text, 0, f->sign.len), f->sign);
  size_t at = as_listed ? f->sign.len : 0;
  for (size_t i = at; i < f->sign.len; i++) {
    char want = f->sign.ptr[i];
    if (want == ' ') {
      size_t from = at;
      while (at < text.len && tide_is_space(text.ptr[at]))
        at++;
      if (at == from && at < text.len)
        return 0;
    } else {
      if (at >= text.len || (text.ptr[at] != want && tide_lower(text.ptr[at]) != tide_lower(want)))
        return 0;
      at++;
    }
  }
  if (f->flags & BRACKET)
    return at ? at - 1 : 0;
  bool ends = f->flags & OPEN || at >= text.len || !tide_is_alnum(f->sign.ptr[f->sign.len - 1]) ||
              !tide_is_name_byte(text.ptr[at]);
  return ends ? at : 0;
}

const tide_form *tide_form_search(tide_span text, int place, unsigned row, size_t *len) {
  for (; row; row = row_next[place][row - 1])
    if ((*len = sign_length(text, &forms[row - 1])))
      return &forms[row - 1];
  return NULL;
}
