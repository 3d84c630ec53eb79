/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of server forms, and what finds a row in it. */
#include "received_forms.h"

#include "received_words.h"

static const tide_form forms[] = {
    /* sendmail: cf/README and sendmail.cf's Received, 8.6 to 8.18 */
    {"sendmail", SPAN("8."), IN_BY, SOFTWARE, OPEN},
    {"sendmail", SPAN("SGI-8."), IN_BY, SOFTWARE, OPEN},
    {"sendmail", SPAN("SMI-8."), IN_BY | IN_TAIL, SOFTWARE, OPEN},
    {"sendmail", SPAN("AIX"), IN_BY, SOFTWARE, OPEN},
    {"sendmail", SPAN("Sendmail"), IN_BY | IN_TAIL, SOFTWARE, 0},
    {"ssmtp", SPAN("sSMTP sendmail emulation"), IN_BY, SOFTWARE, LOCAL},
    {"sendmail", SPAN("from "), IN_ALONE, SUBMITTER, 0},
    {"sendmail", SPAN("[[UNIX: localhost]]"), IN_PEER, KNOWN, LOCAL},
    {"sendmail", SPAN("may be forged"), IN_PEER, KNOWN, DOUBTED},
    {"sendmail", SPAN("authenticated bits="), IN_COMMENTS, KNOWN, AUTH | WHOLE},
    {NULL, SPAN("authenticated user"), IN_COMMENTS, IDENT, AUTH},
    {NULL, SPAN("authenticated as"), IN_COMMENTS, IDENT, AUTH},
    {NULL, SPAN("auth. as"), IN_COMMENTS, IDENT, AUTH},
    {"postfix", SPAN("Authenticated sender:"), IN_COMMENTS, IDENT, AUTH | WHOLE},
    {NULL, SPAN("Authenticated-User:"), IN_COMMENTS, IDENT, AUTH | WHOLE},
    {NULL, SPAN("authenticated"), IN_COMMENTS | IN_WITH, KNOWN, AUTH | WHOLE},
    {NULL, SPAN("not authenticated"), IN_COMMENTS, KNOWN, WHOLE},
    {"mailmarshal", SPAN("Not Verified["), IN_PEER, KNOWN,
     BRACKET}, /* "(Not Verified[192.0.2.1])" */
    {"mailmarshal", SPAN("Not Verified ["), IN_PEER, KNOWN, BRACKET},
    {"mailmarshal", SPAN("MailMarshal"), IN_WITH, KNOWN, 0},
    {"mailmarshal", SPAN("Trustwave"), IN_WITH, KNOWN, 0},
    {NULL, SPAN("IP:"), IN_PEER, KNOWN, OPEN},
    {NULL, SPAN("IP="), IN_PEER, KNOWN, OPEN},
    {NULL, SPAN("peer="), IN_PEER, KNOWN, OPEN},
    {NULL, SPAN("user="), IN_PEER | IN_TAIL, IDENT, AUTH},
    /* Postfix: smtpd.c, pickup.c */
    {"postfix", SPAN("Postfix, from userid"), IN_BY, IDENT, LOCAL},
    {"postfix", SPAN("Postfix"), IN_BY, SOFTWARE, 0},
    {"postfix", SPAN("No client certificate"), IN_COMMENTS, KNOWN, WHOLE},
    {"postfix", SPAN("Client CN"), IN_COMMENTS, KNOWN, WHOLE},
    {"postfix", SPAN("Client did not present a certificate"), IN_COMMENTS, KNOWN, WHOLE},
    {"postfix", SPAN("Client hostname"), IN_COMMENTS, KNOWN, WHOLE},
    {"postfix", SPAN("not verified"), IN_COMMENTS, KNOWN, WHOLE},
    {NULL, SPAN("using TLS"), IN_COMMENTS, KNOWN, TLS | WHOLE | OPEN},
    {NULL, SPAN("using SSL"), IN_COMMENTS, KNOWN, TLS | WHOLE | OPEN},
    {NULL, SPAN("version=TLS"), IN_COMMENTS, KNOWN, TLS | WHOLE | OPEN},
    {NULL, SPAN("version=SSL"), IN_COMMENTS, KNOWN, TLS | WHOLE | OPEN},
    /* Exim: spec.txt, received_header_text */
    {"exim", SPAN("Exim"), IN_BY | IN_TAIL, SOFTWARE, FROM_IS_RDNS},
    {"exim", SPAN("connectmail/exim"), IN_TAIL, SOFTWARE, FROM_IS_RDNS},
    {"exim", SPAN("helo="), IN_PEER, HELO, FROM_IS_RDNS},
    {"exim", SPAN("H="), IN_PEER, HELO, FROM_IS_RDNS},
    {"exim", SPAN("ident="), IN_PEER, IDENT, 0},
    {"exim", SPAN("port="), IN_PEER, SKIPPED, 0},
    {"exim", SPAN("dnssec="), IN_PEER, SKIPPED, 0},
    {"exim", SPAN("TLS-1."), IN_TAIL, KNOWN, TLS | WHOLE | OPEN},
    {"exim", SPAN("tls_cipher"), IN_TAIL, KNOWN, TLS | WHOLE | OPEN},
    {"exim", SPAN("Cipher TLS"), IN_TAIL, KNOWN, TLS | WHOLE | OPEN},
    {"exim", SPAN("Cipher SSL"), IN_TAIL, KNOWN, TLS | WHOLE | OPEN},
    {NULL, SPAN("TLS"), IN_TAIL, KNOWN, TLS | WHOLE | OPEN},
    {NULL, SPAN("tls "), IN_WITH, SKIPPED, TLS},
    {"exim", SPAN("local"), IN_WITH, KNOWN, LOCAL | FROM_IS_USER},
    {"exim", SPAN("local-smtp"), IN_WITH, KNOWN, LOCAL | FROM_IS_USER},
    {"exim", SPAN("local-esmtp"), IN_WITH, KNOWN, LOCAL | FROM_IS_USER},
    {"exim", SPAN("local-esmtps"), IN_WITH, KNOWN, LOCAL | FROM_IS_USER},
    {"exim", SPAN("local-bsmtp"), IN_WITH, KNOWN, LOCAL | FROM_IS_USER},
    {NULL, SPAN("envelope-from"), IN_COMMENTS, SENDER, 0},
    {NULL, SPAN("envelope-sender"), IN_COMMENTS, SENDER, 0},
    {"aliyun", SPAN("mailfrom:"), IN_PEER, SENDER, OPEN},
    {"aliyun", SPAN("fp:"), IN_PEER, KNOWN, WHOLE | OPEN},
    {NULL, SPAN("return-path"), IN_COMMENTS, SENDER, 0},
    /* qmail: received.c, qmail-queue.c; and what is built upon it */
    {"qmail", SPAN("HELO"), IN_PEER, HELO, FROM_IS_RDNS},
    {"qmail", SPAN("EHLO"), IN_PEER, HELO, FROM_IS_RDNS},
    {"intermail", SPAN("\"HELO"), IN_PEER, HELO,
     FROM_IS_RDNS}, /* "([192.0.2.1]:3332 "HELO name" ident: "…")" */
    {"intermail", SPAN("\"EHLO"), IN_PEER, HELO, FROM_IS_RDNS},
    {"zmailer", SPAN("rhost-flags-"), IN_PEER, SKIPPED, FROM_IS_RDNS | OPEN},
    {"intermail", SPAN("smtp-auth:"), IN_PEER, SKIPPED, 0},
    {"courier", SPAN("IDENT: "), IN_PEER, IDENT, 0},
    {"intermail", SPAN("whoson:"), IN_PEER, SKIPPED, 0},
    {"intermail", SPAN("TLS-CIPHER:"), IN_PEER, SKIPPED, 0},
    {"intermail", SPAN("TLS-PEER-CN1:"), IN_PEER, SKIPPED, 0},
    {"qmail", SPAN("with "), IN_PEER, SKIPPED,
     AUTH}, /* "(someone@192.0.2.1 with login)": Yahoo, qmail-smtpd-auth */
    {"qmail", SPAN("qmail "), IN_ALONE, SKIPPED, 0},
    {"qmail", SPAN("qmail+freegate "), IN_ALONE, SKIPPED, 0},
    {"qmail", SPAN("messnum "), IN_ALONE, SKIPPED, 0},
    {"qmail", SPAN("invoked by uid"), IN_ALONE, IDENT, LOCAL},
    {"qmail", SPAN("by uid"), IN_ALONE, IDENT, LOCAL},
    {"qmail", SPAN("invoked by alias"), IN_ALONE, KNOWN, LOCAL},
    {"qmail", SPAN("invoked from network["), IN_ALONE, NETWORK, LOCAL},
    {"qmail", SPAN("invoked from network"), IN_ALONE, KNOWN, LOCAL},
    {"qmail", SPAN("invoked for bounce"), IN_ALONE, KNOWN, LOCAL},
    {"qmail", SPAN("qmail-scanner"), IN_WITH, KNOWN, LOCAL | OPEN},
    {"qmail", SPAN("spamassassin:"), IN_TAIL, KNOWN, WHOLE | OPEN},
    {"qmail", SPAN("clamdscan:"), IN_TAIL, KNOWN, WHOLE | OPEN},
    {"qmail", SPAN("clamscan:"), IN_TAIL, KNOWN, WHOLE | OPEN},
    {"qmail", SPAN("qmail-"), IN_BY, SOFTWARE, FROM_IS_RDNS},
    {"qmail", SPAN("de/crypted with"), IN_PEER, KNOWN, TLS | CLAUSED}, /* s/qmail */
    {"qpsmtpd", SPAN("qpsmtpd/"), IN_BY, SOFTWARE, OPEN},
    {"qmail", SPAN("qfscan"), IN_ALONE, KNOWN, LOCAL | WHOLE},
    {"cpmta", SPAN("cpmta "), IN_ALONE, SKIPPED, 0},
    {"bbsmail", SPAN("BBSMAIL "), IN_ALONE, SKIPPED, 0},
    {"mess822", SPAN("ofmipd"), IN_ALONE, KNOWN, 0},
    {"nullmailer", SPAN("nullmailer"), IN_ALONE, KNOWN, LOCAL},
    {"nullmailer", SPAN("pid "), IN_ALONE, SKIPPED, 0},
    {NULL, SPAN("encrypted"), IN_WITH, KNOWN, TLS},
    {NULL, SPAN("uid "), IN_COMMENTS, IDENT, LOCAL},
    /* Microsoft */
    {"smtpsvc", SPAN("Microsoft SMTPSVC"), IN_WITH, KNOWN, 0},
    {"smtpsvc", SPAN("over TLS secured channel"), IN_BY, KNOWN, TLS},
    {"smtpsvc", SPAN("apparently"), IN_ALONE, KNOWN, 0},
    {"smtpsvc", SPAN("RDNS failed"), IN_PEER, KNOWN, 0},
    {"smtpsvc", SPAN("mail pickup service"), IN_FIRST, KNOWN, LOCAL},
    {"exchange", SPAN("Microsoft SMTP Server"), IN_WITH, KNOWN, BUILD},
    {"exchange", SPAN("mapi"), IN_WITH, KNOWN, LOCAL | BUILD},
    {"exchange", SPAN("Microsoft Exchange Server HTTP-DAV"), IN_WITH, KNOWN, HTTP | AUTH},
    {"exchange", SPAN("Microsoft Exchange"), IN_TAIL, SOFTWARE, 0},
    {"exchange", SPAN("Internet Mail Service"), IN_WITH, KNOWN, 0},
    {"exchange", SPAN("Internet Mail Service"), IN_TAIL, SOFTWARE, OPEN},
    /* Mailboxes and delivery inside a site */
    {"fetchmail", SPAN("fetchmail"), IN_BY | IN_TAIL, SOFTWARE, FETCH | OPEN},
    {"fetchmail", SPAN("single-drop"), IN_TAIL, KNOWN, 0},
    {"fetchmail", SPAN("multi-drop"), IN_TAIL, KNOWN, 0},
    {"getmail", SPAN("getmail"), IN_BY | IN_TAIL, SOFTWARE, FETCH | OPEN},
    {NULL, SPAN("POP"), IN_WITH, KNOWN, FETCH | OPEN},
    {NULL, SPAN("IMAP"), IN_WITH, KNOWN, FETCH | OPEN},
    {"cyrus", SPAN("Cyrus"), IN_BY, SOFTWARE, 0},
    {"cyrus", SPAN("[unix socket]"), IN_PEER, KNOWN, LOCAL},
    {"dovecot", SPAN("Dovecot"), IN_BY, SOFTWARE, 0},
    {"zimbra", SPAN("LHLO"), IN_PEER, HELO, FROM_IS_RDNS},
    {"zimbra", SPAN("Zimbra"), IN_BY, SOFTWARE, OPEN},
    {NULL, SPAN("LMTP"), IN_WITH, KNOWN, LMTP | OPEN},
    {"amavis", SPAN("amavis"), IN_BY, SOFTWARE, OPEN},
    /* Webmail */
    {NULL, SPAN("HTTP"), IN_WITH, KNOWN, HTTP | OPEN},
    {NULL, SPAN("via HTTP"), IN_COMMENTS, KNOWN, HTTP | OPEN},
    {NULL, SPAN("HTTP/"), IN_TAIL, KNOWN, HTTP | WHOLE | OPEN},
    {NULL, SPAN("DAV"), IN_WITH, KNOWN, HTTP},
    {"squirrelmail", SPAN("SquirrelMail authenticated user"), IN_PEER, IDENT, AUTH},
    {"squirrelmail", SPAN("NaSMail authenticated user"), IN_PEER, IDENT, AUTH},
    {"squirrelmail", SPAN("proxying for"), IN_PEER, SKIPPED, 0},
    {"horde", SPAN("Horde"), IN_BY, SOFTWARE, 0},
    {"horde", SPAN("IMP"), IN_BY, SOFTWARE, 0},
    {"aol", SPAN("WebMailUI"), IN_TAIL, SOFTWARE, HTTP},
    {"sun", SPAN("Forwarded-For:"), IN_PEER, KNOWN, WHOLE}, /* what a proxy claims of its client */
    {NULL, SPAN("X-Forwarded-For:"), IN_PEER, KNOWN, WHOLE},
    {"sun", SPAN("mshttpd"), IN_BY, SOFTWARE, HTTP},
    {"egroups", SPAN("EGP:"), IN_ALONE, SKIPPED, LOCAL},
    {"eyou", SPAN("eyou "), IN_ALONE, KNOWN, LOCAL | WHOLE}, /* "(eyou anti_spam gateway 3.0)" */
    {NULL, SPAN("bminject"), IN_ALONE, KNOWN, LOCAL},
    {NULL, SPAN("Scanned by"), IN_ALONE, KNOWN, LOCAL | WHOLE},
    {"gmail", SPAN("named"), IN_PEER, SKIPPED, 0},
    /* Others, by the name that they give themselves */
    {"communigate", SPAN("CommuniGate"), IN_BY, SOFTWARE, 0},
    {"communigate", SPAN("account"), IN_PEER, IDENT, AUTH},
    {NULL, SPAN("verified"), IN_PEER, KNOWN, 0},
    {NULL, SPAN("unverified"), IN_PEER, KNOWN, 0},
    {"domino", SPAN("Lotus"), IN_BY | IN_TAIL, SOFTWARE, 0},
    {"domino", SPAN("IBM Domino"), IN_BY | IN_TAIL, SOFTWARE, 0},
    {"domino", SPAN("HCL Domino"), IN_BY | IN_TAIL, SOFTWARE, 0},
    {"mdaemon", SPAN("MDaemon"), IN_BY | IN_TAIL, SOFTWARE, OPEN},
    {"mailenable", SPAN("Inbound Mail Agent"), IN_BY, KNOWN, 0},
    {"mailenable", SPAN("MailEnable"), IN_WITH, KNOWN, 0},
    {"groupwise", SPAN("Novell_GroupWise"), IN_WITH, KNOWN, LOCAL},
    {"groupwise", SPAN("GroupWise"), IN_BY, SOFTWARE, OPEN},
    {"imail", SPAN("SMTPD32"), IN_BY, SOFTWARE, OPEN},
    {"imail", SPAN("IMail"), IN_BY, SOFTWARE, 0},
    {"mercury", SPAN("Mercury"), IN_BY, SOFTWARE, 0},
    {"icewarp", SPAN("Merak"), IN_BY, SOFTWARE, 0},
    {"icewarp", SPAN("IceWarp"), IN_BY, SOFTWARE, 0},
    {"pmdf", SPAN("PMDF"), IN_BY, SOFTWARE, 0},
    {"sun", SPAN("Sun "), IN_BY, SOFTWARE, 0},
    {"sun", SPAN("iPlanet"), IN_BY, SOFTWARE, 0},
    {"sun", SPAN("Oracle Communications"), IN_BY, SOFTWARE, 0},
    {"barracuda", SPAN("Spam Firewall"), IN_BY, SOFTWARE, 0},
    {"barracuda", SPAN("Barracuda"), IN_BY, SOFTWARE, 0},
    {"kerio", SPAN("Kerio"), IN_BY, SOFTWARE, 0},
    {"hmailserver", SPAN("hMailServer"), IN_BY, SOFTWARE, 0},
    {"xmail", SPAN("[XMail"), IN_WITH, KNOWN, OPEN},
    {"courier", SPAN("AUTH:"), IN_PEER, METHOD, AUTH | WHOLE},
    {"courier", SPAN("TLS:"), IN_PEER, KNOWN, TLS | WHOLE},
    {"courier", SPAN("SSL:"), IN_PEER, KNOWN, TLS | WHOLE},
    {"courier", SPAN("softdnserr"), IN_PEER, KNOWN, 0},
    {"courier", SPAN("courier"), IN_BY | IN_TAIL, SOFTWARE, OPEN},
    {"opensmtpd", SPAN("OpenSMTPD"), IN_BY, SOFTWARE, 0},
    {"opensmtpd", SPAN("[local]"), IN_PEER, KNOWN, LOCAL},
    {"opensmtpd", SPAN("auth=yes"), IN_TAIL, KNOWN, AUTH},
    {"haraka", SPAN("Haraka outbound"), IN_ALONE, KNOWN, LOCAL},
    {"haraka", SPAN("Haraka"), IN_BY, SOFTWARE, OPEN},
    {"symantec", SPAN("Symantec"), IN_BY, SOFTWARE, 0},
    {"symantec", SPAN("SMSSMTP"), IN_BY, SOFTWARE, 0},
    {"symantec", SPAN("NAVGW"), IN_BY, SOFTWARE, 0},
    {"james", SPAN("JAMES"), IN_BY, SOFTWARE, 0},
    {"ecelerity", SPAN("ecelerity"), IN_BY, SOFTWARE, 0},
    {"powermta", SPAN("PowerMTA"), IN_BY, SOFTWARE, OPEN},
    {"scalix", SPAN("Scalix"), IN_BY, SOFTWARE, 0},
    {"openwave", SPAN("InterMail"), IN_BY, SOFTWARE, OPEN},
    {"criticalpath", SPAN("Critical Path"), IN_BY, SOFTWARE, 0},
    {"interscan", SPAN("InterScan"), IN_BY, SOFTWARE, 0},
    {"argosoft", SPAN("ArGoSoft"), IN_BY, SOFTWARE, 0},
    {"postoffice", SPAN("Post.Office"), IN_BY, SOFTWARE, 0},
    {"simta", SPAN("simta"), IN_BY, SOFTWARE, OPEN},
    {"rockliffe", SPAN("Rockliffe"), IN_BY, SOFTWARE, OPEN},
    {"mailsweeper", SPAN("Clearswift"), IN_BY, SOFTWARE, 0},
    {"mailsweeper", SPAN("Content Technologies"), IN_BY, SOFTWARE, 0},
    {"tumbleweed", SPAN("Tumbleweed"), IN_TAIL, SOFTWARE, 0},
    {"nemesis", SPAN("Nemesis"), IN_TAIL, SOFTWARE, 0},
    {"obtuse", SPAN("claiming to be"), IN_PEER, HELO, FROM_IS_RDNS},
    {"smap", SPAN("smap"), IN_WITH, KNOWN, FROM_IS_RDNS},
    {"smap", SPAN("csmap"), IN_WITH, KNOWN, FROM_IS_RDNS},
    {"raptor", SPAN("for ["), IN_TAIL, KNOWN, WHOLE}, /* "via smtpd (for [192.0.2.1])" */
    {NULL, SPAN("for "), IN_TAIL, KNOWN, WHOLE},      /* "(for 3 recipients)" */
    {"amazon", SPAN("peer crosscheck:"), IN_TAIL, KNOWN, WHOLE},
    {"zmailer", SPAN("ORCPT"), IN_TAIL, KNOWN, WHOLE},
    {"smail", SPAN("sender:"), IN_TAIL, SENDER, 0},
    {NULL, SPAN("sender "), IN_TAIL, SENDER, 0}, /* "(sender <a@example.com>)": NetZero */
    {NULL, SPAN("as user"), IN_PEER, IDENT, AUTH},
    {NULL, SPAN("as "), IN_PEER, IDENT, AUTH},
};

enum { FORMS = sizeof forms / sizeof *forms };
_Static_assert(FORMS < UINT8_MAX, "rows are numbered in a byte");

/* For each place the rows by the first letter of their sign, as lists in the order of the table:
 * row + 1, or 0. Made once, before main, so that the table itself may stand in the order that is
 * best to read. */
uint8_t tide_form_rows[PLACES][128];
static uint8_t row_next[PLACES][FORMS];
uint64_t tide_form_seconds[PLACES][128];

__attribute__((constructor)) static void index_forms(void) {
  for (size_t i = FORMS; i > 0; i--)
    for (int place = 0; place < PLACES; place++) {
      if (!(forms[i - 1].where & 1u << place))
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
