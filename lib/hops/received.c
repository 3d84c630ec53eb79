/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Received header fields: RFC 5321 4.4 is the wish, this is the practice. A tokenizer splits the
 * field into words and comments, keywords (from, by, via, with, id, for) split it into clauses, and
 * one table says what words and comments mean where. */
#include "hops/received.h"

#include "base/limits.h"
#include "base/scan.h"

/* --- the table of server forms --- */

/* Where a row counts. */
enum {
  FIRST, /* the words directly after `from` */
  PEER,  /* further words after `from`, and the words of comments there */
  BY,    /* words and the beginnings of comments after `by`, but for the host itself */
  WITH,  /* words after `with` and `via` */
  TAIL,  /* words after `id` and `for`, but for the first; the beginnings of comments after any of
            `with`, `via`, `id` and `for` */
  ALONE, /* words of a comment that stands before any clause */
  PLACES
};
enum {
  IN_FIRST = 1 << FIRST,
  IN_PEER = 1 << PEER,
  IN_BY = 1 << BY,
  IN_WITH = 1 << WITH,
  IN_TAIL = 1 << TAIL,
  IN_ALONE = 1 << ALONE,
  IN_COMMENTS = IN_PEER | IN_BY | IN_TAIL
};

/* What stands after the sign. */
typedef enum meaning {
  KNOWN,    /* nothing more: the sign itself is all */
  SKIPPED,  /* a word that says nothing here */
  HELO,     /* the name that the peer gave */
  IDENT,    /* the ident or the user */
  METHOD,   /* how the peer authenticated itself, and the user: "AUTH: LOGIN someone" */
  SENDER,   /* the envelope sender */
  NETWORK,  /* "192.0.2.1/name]": a filter's word on the peer of the hop below */
  SOFTWARE, /* the comment, from its beginning, is what the server calls itself */
  SUBMITTER /* user@host, or host and address: "(from someone@localhost)" */
} meaning;

enum {
  FROM_IS_RDNS = 1 << 0, /* the word after `from` is the looked-up name (or the address): HELO
                            stands elsewhere or was the same */
  FROM_IS_USER = 1 << 1, /* the word after `from` is a user of the host */
  FETCH = 1 << 2,        /* pulls mail from a mailbox */
  LOCAL = 1 << 3,        /* no network in between */
  LMTP = 1 << 4,
  HTTP = 1 << 5,
  TLS = 1 << 6,
  AUTH = 1 << 7,
  BUILD =
      1 << 8, /* what stands after `id` is the software's build number (15.1.225.42), not an id */
  WHOLE = 1 << 9,    /* the rest of the comment belongs to it */
  OPEN = 1 << 10,    /* the sign may end inside a word: "TLSv1.2:…" */
  BRACKET = 1 << 11, /* the last byte of the sign is read again: what stands in its bracket */
  DOUBTED = 1 << 12, /* the looked-up name does not lead back to the address */
  CLAUSED = 1 << 13  /* a clause of its own: the words up to the next `by` belong to it */
};

/* To add a form: a row here, and a header with what is expected of it in test-corpora/received/. A
 * space in a sign stands for any white space; case does not matter; a sign that ends in a letter or
 * digit ends a word, too, unless OPEN. Of several signs that fit, the first one counts. */
typedef struct form {
  const char *server; /* NULL: several servers write so */
  tide_span sign;
  unsigned where;
  meaning meaning;
  unsigned flags;
} form;

static const form forms[] = {
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
static uint8_t row_first[PLACES][128], row_next[PLACES][FORMS];
/* The second bytes of the signs in each list, a bit for the low six of each: most words are told by
 * two bytes. */
static uint64_t row_second[PLACES][128];

static uint64_t second_bit(char c) {
  return UINT64_C(1) << ((unsigned char)tide_lower(c) & 63);
}

__attribute__((constructor)) static void index_forms(void) {
  for (size_t i = FORMS; i > 0; i--)
    for (int place = 0; place < PLACES; place++) {
      if (!(forms[i - 1].where & 1u << place))
        continue;
      uint8_t *head = &row_first[place][(unsigned char)tide_lower(forms[i - 1].sign.ptr[0]) & 127];
      row_next[place][i - 1] = *head;
      *head = (uint8_t)i;
      const char second = forms[i - 1].sign.ptr[1];
      row_second[place][head - row_first[place]] |=
          second == ' ' ? UINT64_MAX : second_bit(second); /* a space stands for others, too */
    }
}

static bool is_name(char c) {
  return tide_is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '@';
}

/* How many bytes at the beginning of text are the sign, or 0. */
static size_t sign_length(tide_span text, const form *f) {
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
              !is_name(text.ptr[at]);
  return ends ? at : 0;
}

__attribute__((noinline)) static const form *form_search(tide_span text, int place, unsigned row,
                                                         size_t *len) {
  for (; row; row = row_next[place][row - 1])
    if ((*len = sign_length(text, &forms[row - 1])))
      return &forms[row - 1];
  return NULL;
}

/* The row whose sign text begins with, and how long that is. Mostly two bytes tell that none is. */
static inline const form *form_at(tide_span text, int place, size_t *len) {
  if (text.len < 2)
    return NULL;
  const unsigned first = (unsigned char)tide_lower(text.ptr[0]) & 127;
  return row_second[place][first] & second_bit(text.ptr[1])
             ? form_search(text, place, row_first[place][first], len)
             : NULL;
}

/* --- tokens --- */

typedef enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_COMMENT } token_kind;

typedef struct token {
  token_kind kind;
  tide_span text; /* of a comment: without its parentheses */
  bool glued;     /* no white space in front: "host(192.0.2.1)" */
} token;

typedef struct scanner {
  const char *at, *end;
  unsigned unclosed; /* parentheses met that never close: each costs a look at all that follows, */
} scanner;

enum {
  UNCLOSED_MAX = 4,
  BRACKETS_MAX = 80
}; /* so that beyond this many of them parentheses are taken for white space */

static scanner scanner_of(tide_span s) {
  return (scanner){.at = s.ptr, .end = s.ptr + s.len};
}

static tide_span span_between(const char *from, const char *to) {
  return (tide_span){from, (size_t)(to - from)};
}

/* Where the comment that begins at `at` closes, or NULL. */
static const char *comment_close(const char *at, const char *end) {
  int depth = 1;
  for (at++; at < end; at++) {
    at += tide_scan_any(span_between(at, end), "\\()(");
    if (at == end)
      break;
    char c = *at;
    if (c == '\\') {
      if (++at == end)
        break;
    } else if (c == '(') {
      depth++;
    } else if (--depth == 0) {
      return at;
    }
  }
  return NULL;
}

/* What a token cannot begin with if it is the bytes up to the next space: space, and the marks of
 * comments and quotes. */
static const bool is_mark[256] = {
    ['\t'] = true, ['\n'] = true, ['\v'] = true, ['\f'] = true, ['\r'] = true,
    [' '] = true,  ['"'] = true,  ['('] = true,  [')'] = true,  ['['] = true};

static token word_to(scanner *s, const char *from, const char *at) {
  at += tide_scan_word(span_between(at, s->end));
  token t = {TOKEN_WORD, span_between(from, at), from == s->at};
  s->at = at;
  return t;
}

/* What begins with a mark, at `at`. A parenthesis that never closes, or closes nothing, is white
 * space: what follows are words of the clause. */
__attribute__((noinline)) static token token_marked(scanner *s, const char *at) {
  const char *end = s->end;
  for (;; at++) {
    while (at < end && tide_is_space(*at))
      at++;
    if (at == end) {
      s->at = at;
      return (token){TOKEN_END, {0}, false};
    }
    if (*at == '(') {
      const char *close = s->unclosed < UNCLOSED_MAX ? comment_close(at, end) : NULL;
      if (close) {
        token t = {TOKEN_COMMENT, span_between(at + 1, close), at == s->at};
        if (t.text.len && (tide_is_space(t.text.ptr[0]) || tide_is_space(close[-1])))
          t.text = tide_span_trim(t.text);
        s->at = close + 1;
        return t;
      }
      s->unclosed += s->unclosed < UNCLOSED_MAX;
    } else if (*at != ')') {
      break;
    }
  }
  const char *from = at;
  if (*at == '"') {
    /* A quoted string, unless it never closes: then the quote is a character like others. */
    for (at++; at < end && *at != '"'; at++)
      if (*at == '\\' && at + 1 < end)
        at++;
    at = at < end ? at + 1 : from;
  } else if (*at == '[') {
    /* "[unix socket]" is one word. */
    const char *last = end - at > BRACKETS_MAX ? at + BRACKETS_MAX : end;
    at += tide_scan_any(span_between(at, last), "])((");
    at = at < end && *at == ']' ? at : from;
  }
  return word_to(s, from, at);
}

/* The next word or comment. Inlined, as the calls cost 2 % of a timeline by headers. */
__attribute__((always_inline)) static inline token token_take(scanner *s) {
  const char *at = s->at;
  if (at < s->end && *at == ' ')
    at++;
  if (at < s->end && is_mark[(unsigned char)*at]) {
    while (at < s->end && tide_is_space(*at))
      at++; /* a fold */
    if (at < s->end && is_mark[(unsigned char)*at])
      return token_marked(s, at);
  }
  if (at < s->end)
    return word_to(s, at, at);
  s->at = at;
  return (token){TOKEN_END, {0}, false};
}

typedef enum clause {
  CLAUSE_NONE,
  CLAUSE_FROM,
  CLAUSE_BY,
  CLAUSE_VIA,
  CLAUSE_WITH,
  CLAUSE_ID,
  CLAUSE_FOR,
  CLAUSE_SENDER
} clause;

static bool is_word(tide_span word, const char *lower) {
  for (size_t i = 1; i < word.len; i++)
    if (tide_lower(word.ptr[i]) != lower[i])
      return false;
  return true;
}

static clause keyword_of(tide_span word) {
  if (word.len < 2 || word.len > 4)
    return CLAUSE_NONE;
  switch (tide_lower(word.ptr[0])) {
  case 'f':
    if (word.len == 4 && is_word(word, "from"))
      return CLAUSE_FROM;
    return word.len == 3 && is_word(word, "for") ? CLAUSE_FOR : CLAUSE_NONE;
  case 'b': return word.len == 2 && is_word(word, "by") ? CLAUSE_BY : CLAUSE_NONE;
  case 'v': return word.len == 3 && is_word(word, "via") ? CLAUSE_VIA : CLAUSE_NONE;
  case 'w': return word.len == 4 && is_word(word, "with") ? CLAUSE_WITH : CLAUSE_NONE;
  case 'i': return word.len == 2 && is_word(word, "id") ? CLAUSE_ID : CLAUSE_NONE;
  default: return CLAUSE_NONE;
  }
}

/* --- addresses and names --- */

typedef enum address_kind { ADDRESS_NONE, ADDRESS_BARE, ADDRESS_BRACKETED } address_kind;

/* "192.0.2.1:25", "[192.0.2.1.4321]": with a port after it. */
static bool address_with_port(tide_span word, bool bracketed, tide_ip *out) {
  size_t at = word.len;
  while (at && tide_is_digit(word.ptr[at - 1]))
    at--;
  if (at < 8 || at == word.len || word.len - at > 5)
    return false;
  char mark = word.ptr[at - 1];
  /* Bare, "192.0.2.1.4321" is told from a name by a number that no address has. */
  const bool port = bracketed || word.len - at > 3 || (word.len - at == 3 && word.ptr[at] > '2');
  return (mark == ':' || (mark == '.' && port)) && tide_span_find_char(word, '.') < at - 1 &&
         tide_ip_parse(tide_span_slice(word, 0, at - 1), out);
}

static bool ends_address(char c) {
  return c == ',' || c == ';' || c == ')' || c == ' ' || c == '.';
}

/* "[192.0.2.1]", "[192.0.2.1]:25", "192.0.2.1", "[IPv6:…]", "?IPv6:…?", with a comma or the like
 * after it. */
static address_kind address_of(tide_span word, tide_ip *out) {
  if (word.len < 2 || word.len > BRACKETS_MAX)
    return ADDRESS_NONE;
  char c = word.ptr[0];
  bool bracketed = c == '[';
  if (bracketed) {
    const size_t close = tide_span_find_char(word, ']');
    if (close + 1 < word.len && word.ptr[close + 1] == '@')
      return ADDRESS_NONE; /* "[192.0.2.1]@host": whatever the peer's own ident server said */
    word = tide_span_slice(word, 1, close);
    while (word.len && word.ptr[0] == '[')
      word = tide_span_slice(word, 1, word.len); /* "[[192.0.2.1]]" */
  } else if (c == '?') {
    word = tide_span_slice(word, 1, word.len - (word.ptr[word.len - 1] == '?'));
  } else if (!tide_is_digit(c) && c != ':' && !(tide_lower(c) >= 'a' && tide_lower(c) <= 'f') &&
             !tide_span_istarts(word, SPAN("IPv6:"))) {
    return ADDRESS_NONE; /* nearly all names are told by one look */
  }
  while (word.len && ends_address(word.ptr[word.len - 1]))
    word.len--;
  while (word.len && word.ptr[0] == ' ')
    word = tide_span_slice(word, 1, word.len);
  if (!tide_ip_parse(word, out) && !address_with_port(word, bracketed, out))
    return ADDRESS_NONE;
  return bracketed ? ADDRESS_BRACKETED : ADDRESS_BARE;
}

/* An address at the end of a word, after a name or a user: "name[192.0.2.1]", "user@[192.0.2.1]",
 * "user@192.0.2.1", "name/192.0.2.1" and "/192.0.2.1" (Java's InetAddress). *name is what stands in
 * front of the sign. */
static address_kind address_behind(tide_span word, tide_span *name, tide_ip *out) {
  address_kind kind = ADDRESS_NONE;
  if (!word.len)
    return kind;
  const char *end = word.ptr + word.len, *at = memchr(word.ptr, '[', word.len);
  if (at && at > word.ptr && (kind = address_of(span_between(at, end), out))) {
    at -= at[-1] == '@' || at[-1] == '/';
  } else if (!at &&
             ((at = memrchr(word.ptr, '/', word.len)) || (at = memrchr(word.ptr, '@', word.len)))) {
    kind = address_of(span_between(at + 1, end), out);
  }
  if (kind)
    *name = span_between(word.ptr, at);
  return kind;
}

static bool is_address_byte(char c) {
  return tide_is_digit(c) || c == '.' || c == ':' || (tide_lower(c) >= 'a' && tide_lower(c) <= 'f');
}

/* The first public address written out anywhere in a text, in whatever it is wrapped. */
static bool address_inside(tide_span text, tide_ip *out) {
  size_t end;
  for (size_t at = 0; at < text.len; at = end + 1) {
    for (end = at; end < text.len && is_address_byte(text.ptr[end]);)
      end++;
    tide_span literal = tide_span_slice(text, at, end);
    /* "host:192.0.2.1": the letters before the colon are no address's, though some could be. */
    size_t colon = tide_span_find_char(literal, ':');
    tide_ip any;
    if (colon > 0 && colon < literal.len && memchr(literal.ptr, '.', literal.len) &&
        !tide_ip_parse(literal, &any))
      literal = tide_span_slice(literal, colon, literal.len);
    /* "unknown-192.0.2.1": a name that goes on after it would be one of DNS. */
    const bool begins = literal.ptr == text.ptr || literal.ptr[0] == ':' ||
                        !is_name(literal.ptr[-1]) || literal.ptr[-1] == '-' ||
                        literal.ptr[-1] == '_';
    const bool whole = begins && (end == text.len || !is_name(text.ptr[end]));
    while (literal.len &&
           (literal.ptr[literal.len - 1] == '.' || literal.ptr[literal.len - 1] == ':'))
      literal.len--;
    while (literal.len && literal.ptr[0] == ':' && !tide_ip_parse(literal, out))
      literal = tide_span_slice(literal, 1, literal.len); /* "IP:192.0.2.1" */
    if (whole && literal.len > 2 &&
        (tide_ip_parse(literal, out) || address_with_port(literal, true, out)) &&
        tide_ip_is_public(out))
      return true;
  }
  return false;
}

/* How long four numbers with points between them are at the start of s, "192.0.2.1"; 0: there are
 * none, or more. */
static size_t quad_length(tide_span s) {
  size_t at = 0;
  for (int numbers = 1;; numbers++) {
    const size_t from = at;
    while (at < s.len && tide_is_digit(s.ptr[at]))
      at++;
    if (at == from || at - from > 3)
      return 0;
    const bool point = at < s.len && s.ptr[at] == '.';
    if (numbers == 4)
      return point && at + 1 < s.len && tide_is_digit(s.ptr[at + 1]) ? 0 : at;
    if (!point)
      return 0;
    at++;
  }
}

/* Does a public address stand in the text, with whatever around it? One within a name of DNS, which
 * ends in letters, is that name's: "192.0.2.1.example.net". */
static bool holds_address(tide_span text) {
  for (size_t at = 0, len; at < text.len; at += len ? len : 1) {
    const bool begins =
        at == 0 || !(tide_is_digit(text.ptr[at - 1]) ||
                     (text.ptr[at - 1] == '.' && at > 1 && tide_is_digit(text.ptr[at - 2])));
    tide_ip ip;
    len = begins ? quad_length(tide_span_slice(text, at, text.len)) : 0;
    if (!len || !tide_ip_parse(tide_span_slice(text, at, at + len), &ip) || !tide_ip_is_public(&ip))
      continue;
    size_t end = at + len, label = end;
    for (; end < text.len && is_name(text.ptr[end]); end++)
      if (text.ptr[end] == '.')
        label = end + 1;
    bool letters = label < end && label > at + len;
    for (size_t i = label; i < end; i++)
      letters = letters && !tide_is_digit(text.ptr[i]);
    if (!letters)
      return true;
    len = end - at;
  }
  return false;
}

static tide_span without_brackets(tide_span s) {
  if (s.len >= 2 && ((s.ptr[0] == '<' && s.ptr[s.len - 1] == '>') ||
                     (s.ptr[0] == '[' && s.ptr[s.len - 1] == ']')))
    return tide_span_slice(s, 1, s.len - 1);
  return s;
}

/* A name or id without the brackets, quotes and separators around it. */
static tide_span bare(tide_span s) {
  while (s.len && (s.ptr[s.len - 1] == ',' || s.ptr[s.len - 1] == ';'))
    s.len--;
  if (s.len >= 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"')
    return tide_span_slice(s, 1, s.len - 1);
  if (s.len > 1 && s.ptr[s.len - 1] == '"')
    s.len--; /* "HELO name" */
  return s.len && (s.ptr[0] == '<' || s.ptr[0] == '[') ? without_brackets(s) : s;
}

static tide_span without_dot(tide_span name) {
  return tide_span_slice(name, 0, name.len - (name.len > 1 && name.ptr[name.len - 1] == '.'));
}

/* As nearly all names are: nothing around it or in it that is looked for below. */
static bool is_plain(tide_span name) {
  if (name.len && tide_is_digit(name.ptr[name.len - 1]) &&
      (memchr(name.ptr, ':', name.len) || memchr(name.ptr, '|', name.len)))
    return false; /* "host:192.0.2.1" */
  return name.len && tide_is_alnum(name.ptr[0]) &&
         (tide_is_alnum(name.ptr[name.len - 1]) || name.ptr[name.len - 1] == '.') &&
         tide_scan_any(name, "[/=<") == name.len;
}

/* As a server writes what it looked up: not "addr:", "#1" or "strange=192.0.2.1". */
static bool is_looked_up(tide_span name) {
  for (size_t i = 0; i < name.len; i++)
    if (memchr(":=<>{}[]/#,;\"|\\?", name.ptr[i], 16))
      return false;
  return name.len > 0;
}

/* What servers write for a name where they found none: SmarterMail and Haraka beside the many. */
static bool is_unknown(tide_span name) {
  return (name.len == 7 && tide_span_iequal(name, SPAN("unknown"))) ||
         tide_span_istarts(name, SPAN("<unknown")) || tide_span_equal(name, SPAN("UnknownHost")) ||
         tide_span_equal(name, SPAN("NXDOMAIN")) || tide_span_equal(name, SPAN("DNSERROR"));
}

/* --- reading --- */

typedef struct reader {
  tide_hop *hop;
  unsigned flags;          /* of all rows that were met */
  tide_span first;         /* the word after `from` */
  tide_ip first_ip;        /* and the address that it is, */
  address_kind first_kind; /* if it is one */
  address_kind peer_kind;  /* how the peer's address was written */
  bool glued;              /* "from host(192.0.2.1)": the host's name is the looked-up one */
  bool helo_given;
  bool local_first; /* what stands in the place of HELO says that there is no peer */
  clause in;
  tide_ip loose;  /* an address before `by` that no form explains */
  tide_span lone; /* the only word of the last comment after `from` */
  bool formed;    /* some row was met */
  bool by_helo;   /* the peer's address is the one in the place of HELO, as no other was read */
  bool doubted;   /* an address stands before `by` that no form explains, or where a user should */
} reader;

static void take_unread(reader *r, tide_span what) {
  tide_ip ip;
  if (what.len && r->hop->unread_count++ == 0)
    r->hop->unread = what;
  if (r->in != CLAUSE_FROM && r->in != CLAUSE_NONE)
    return;
  if (!address_inside(what, &ip))
    r->doubted |= r->in == CLAUSE_FROM && holds_address(what);
  else if (!r->loose.family)
    r->loose = ip;
}

static tide_span next_word(scanner *s) {
  token t = token_take(s);
  return t.kind == TOKEN_WORD ? t.text : (tide_span){0};
}

/* Does what the row says. s stands after the sign; of a comment or word whole is all. Moves s
 * after what was used. */
static void apply(reader *r, const form *f, tide_span whole, scanner *s) {
  tide_hop *hop = r->hop;
  r->flags |= f->flags;
  r->formed = true;
  if (f->server && (!hop->server || f->meaning == SOFTWARE))
    hop->server = f->server;
  switch (f->meaning) {
  case KNOWN: break;
  case SKIPPED: next_word(s); break;
  case HELO:
    hop->helo = bare(next_word(s));
    r->helo_given = true;
    break;
  case IDENT: {
    tide_span who = f->flags & WHOLE ? tide_span_trim(span_between(s->at, s->end)) : next_word(s);
    if (!hop->ident.len)
      hop->ident = bare(who);
    break;
  }
  case METHOD: {
    tide_span method = next_word(s), who = next_word(s);
    if (tide_span_find_char(who, ':') < who.len)
      who = (tide_span){0}; /* "AUTH: someone, TLS: …" */
    if (!hop->ident.len)
      hop->ident = bare(who.len ? who : method);
    if (s->at < s->end &&
        tide_span_find(span_between(s->at, s->end), SPAN(": ")) < (size_t)(s->end - s->at))
      hop->encrypted = true; /* "…, SSL: TLSv1" */
    break;
  }
  case SENDER:
    if (s->at < s->end && *s->at == '=')
      s->at++;
    while (s->at < s->end && *s->at == ':')
      s->at++;
    hop->sender = bare(next_word(s));
    break;
  case NETWORK: {
    tide_span word = next_word(s);
    size_t slash = tide_span_find_char(word, '/');
    tide_ip ip;
    if (address_of(tide_span_slice(word, 0, slash), &ip))
      hop->peer = ip;
    hop->rdns =
        tide_span_slice(word, slash + 1, word.len - (word.len && word.ptr[word.len - 1] == ']'));
    break;
  }
  case SOFTWARE:
    hop->software = whole;
    s->at = s->end;
    break;
  case SUBMITTER: {
    tide_span who = next_word(s), where = next_word(s);
    size_t at = tide_span_find_char(who, '@');
    tide_ip ip;
    if (address_of(where, &ip) == ADDRESS_BRACKETED) {
      hop->peer = ip; /* Norton AntiVirus Gateway: "(from name [192.0.2.1])" */
      hop->helo = who;
    } else {
      hop->ident = tide_span_slice(who, 0, at);
      r->doubted = holds_address(whole);
      r->flags |= r->doubted ? 0 : LOCAL;
    }
    break;
  }
  }
  if (f->flags & WHOLE)
    s->at = s->end;
  if (f->flags & CLAUSED)
    s->at += tide_span_ifind(span_between(s->at, s->end), SPAN(" by "));
}

/* An address that stands where servers write the peer's. One in brackets is the peer's even where
 * another stands in front, in the place of a name. */
static void take_peer(reader *r, tide_ip ip, address_kind kind) {
  if (r->hop->peer.family && kind <= r->peer_kind)
    return;
  r->hop->peer = ip;
  r->peer_kind = kind;
}

/* "name", "user@name", "IDENT:user@name", "user@[192.0.2.1]", "name[192.0.2.1]", as the looked-up
 * name. */
static void take_name(reader *r, tide_span name) {
  tide_hop *hop = r->hop;
  tide_ip ip;
  const char *at = name.len ? memrchr(name.ptr, '@', name.len) : NULL;
  if (at) {
    tide_span user = span_between(name.ptr, at);
    if (tide_span_istarts(user, SPAN("IDENT:")))
      user = tide_span_slice(user, 6, user.len);
    if (!hop->ident.len)
      hop->ident = user;
    name = span_between(at + 1, name.ptr + name.len);
    /* A patch of qmail, for those who may relay; no name of DNS ends so. */
    if (tide_span_iends(name, SPAN("_trustedrelay")))
      name.len -= sizeof "_trustedrelay" - 1;
  }
  address_kind kind = address_of(name, &ip);
  if (kind) {
    take_peer(r, ip, kind);
    return;
  }
  const bool plain = is_plain(name);
  if (!plain) {
    if ((kind = address_behind(name, &name, &ip)))
      take_peer(r, ip, kind);
    while (name.len && memchr(",:;", name.ptr[name.len - 1], 3))
      name.len--; /* "(name, 192.0.2.1)" */
  }
  if (!name.len || is_unknown(name))
    return;
  if (!plain)
    name = without_brackets(name);
  if (!plain && is_unknown(name))
    return; /* "([unknown] [192.0.2.1])" */
  if (!plain && (kind = address_of(name, &ip))) {
    take_peer(r, ip, kind); /* "(<192.0.2.1>)" */
    return;
  }
  if (!plain && !is_looked_up(name))
    take_unread(r, name);
  else if (!hop->rdns.len)
    hop->rdns = without_dot(name);
}

/* The words of a comment after `from` (or of one before any clause). */
static void read_peer(reader *r, tide_span comment, int place, int depth) {
  tide_span name = {0};
  scanner s = scanner_of(comment);
  size_t len;
  const form *f;
  tide_ip ip;
  bool address = false, formed = false;
  for (token t; (t = token_take(&s)).kind != TOKEN_END;) {
    if (t.kind == TOKEN_COMMENT) {
      if (depth < 3)
        read_peer(r, t.text, place,
                  depth + 1); /* each level is looked through once more for where it ends */
      else
        take_unread(r, t.text);
      continue;
    }
    if ((f = form_at(span_between(t.text.ptr, s.end), place, &len))) {
      s.at = t.text.ptr + len;
      apply(r, f, comment, &s);
      formed = true;
      address = address || f->sign.ptr[0] == '['; /* "[local]" stands where the address would */
      continue;
    }
    address_kind kind = address_of(t.text, &ip);
    if (kind && (place == PEER || formed)) {
      take_peer(r, ip, kind);
      address = true;
    } else if (place == PEER && !name.len) {
      name = t.text;
    } else if (t.text.len > 1 || tide_is_alnum(t.text.ptr[0])) {
      take_unread(r, t.text);
    }
  }
  if (!name.len)
    return;
  if (name.len == comment.len)
    r->lone = name;
  /* One word without a dot is a host's name only beside an address. */
  if (address || memchr(name.ptr, '.', name.len) || memchr(name.ptr, '@', name.len) ||
      memchr(name.ptr, '[', name.len))
    take_name(r, name);
  else if (!is_unknown(name))
    take_unread(r, name);
}

/* "(Postfix)", "([192.0.2.1])", "(192.0.2.1:25)", "(host [127.0.0.1])" after `by`. */
static void read_by(reader *r, tide_span comment) {
  tide_hop *hop = r->hop;
  scanner s = scanner_of(comment);
  size_t len;
  const form *f = form_at(comment, BY, &len);
  if (f) {
    s.at += len;
    apply(r, f, comment, &s);
    return;
  }
  tide_span one = next_word(&s), two = next_word(&s);
  tide_ip ip;
  if (address_of(one, &ip) && !two.len) {
    hop->by_ip = ip;
  } else if (address_of(two, &ip) == ADDRESS_BRACKETED && s.at == s.end) {
    hop->by_ip = ip;
  } else if (!hop->software.len) {
    hop->software = comment;
  } else {
    take_unread(r, comment);
  }
}

static void read_tail(reader *r, clause in, tide_span comment) {
  scanner s = scanner_of(comment);
  size_t len;
  const form *f = form_at(comment, TAIL, &len);
  if (f) {
    s.at += len;
    apply(r, f, comment, &s);
  } else if (tide_span_iends(comment, SPAN(" encrypted"))) {
    r->hop->encrypted = true; /* qmail with TLS: "with (DHE-RSA-AES256-SHA encrypted) SMTP" */
  } else if (!r->hop->software.len && (in == CLAUSE_WITH || in == CLAUSE_VIA)) {
    r->hop->software = comment; /* "with SMTP (Program 1.2)" */
  } else if (comment.len) {
    take_unread(r, comment);
  }
}

static void read_comment(reader *r, clause in, tide_span comment, bool glued) {
  switch (in) {
  case CLAUSE_FROM:
    if (glued && comment.len && tide_is_digit(comment.ptr[0]) && r->first.len &&
        r->first.ptr + r->first.len + 1 == comment.ptr)
      r->glued = true;
    read_peer(r, comment, PEER, 0);
    break;
  case CLAUSE_NONE: {
    bool before = r->formed;
    r->formed = false;
    read_peer(r, comment, ALONE, 0);
    r->formed = r->formed || before;
    break;
  }
  case CLAUSE_BY: read_by(r, comment); break;
  case CLAUSE_VIA:
  case CLAUSE_WITH:
  case CLAUSE_ID:
  case CLAUSE_FOR:
  case CLAUSE_SENDER: read_tail(r, in, comment); break;
  }
}

/* RFC 3848 and 6531: S after SMTP or LMTP is TLS, A is authentication; "ASMTP" and "ESMTP-TLS" are
 * older. */
static void read_protocol(tide_hop *hop, tide_span word) {
  size_t at = tide_span_istarts(word, SPAN("UTF8")) ? 4 : 0, from = at;
  while (at < word.len && at < from + 2 && tide_lower(word.ptr[at]) != 'm')
    at++;
  if (!tide_span_istarts(tide_span_slice(word, at, word.len), SPAN("MTP"))) {
    if (word.len == 5 && tide_span_iequal(word, SPAN("HTTPS")))
      hop->encrypted = true;
    return;
  }
  size_t end = at + 3;
  bool tls = false, auth = tide_lower(word.ptr[from]) == 'a';
  for (; end < word.len && tide_is_alpha(word.ptr[end]); end++) {
    char c = tide_lower(word.ptr[end]);
    if (c != 's' && c != 'a')
      return; /* SMTPSVC */
    tls = tls || c == 's';
    auth = auth || c == 'a';
  }
  if (end < word.len && tide_span_istarts(tide_span_slice(word, end + 1, word.len), SPAN("TLS")))
    tls = true;
  hop->encrypted = hop->encrypted || tls;
  hop->authenticated = hop->authenticated || auth;
}

static void extend(tide_span *to, tide_span word) {
  *to = to->len ? span_between(to->ptr, word.ptr + word.len) : word;
}

/* A row whose sign a word of a clause begins with, len bytes of it. What would take the rest of a
 * comment takes the rest of the word. */
static void apply_word(reader *r, const form *f, tide_span word, size_t len, scanner *s) {
  if (f->flags & WHOLE || f->meaning == SOFTWARE) {
    scanner rest = scanner_of(tide_span_slice(word, len, word.len));
    apply(r, f, word, &rest);
    if (len > word.len)
      s->at = word.ptr + len;
  } else {
    s->at = word.ptr + len;
    apply(r, f, word, s);
  }
}

/* A word of a clause; count of them stood before it. Moves s where more than the word was used. */
static void read_from_word(reader *r, tide_span word, unsigned count, scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = span_between(word.ptr, s->end);
  const form *f;
  size_t len;
  tide_ip ip;
  address_kind kind;
  if ((f = form_at(here, count == 0 ? FIRST : PEER, &len))) {
    r->local_first |= count == 0 && f->flags & LOCAL;
    apply_word(r, f, word, len, s);
  } else if ((kind = address_of(word, &ip)) == ADDRESS_BRACKETED && r->lone.len &&
             !hop->peer.family) {
    /* Exim's $sender_fullhost: "name (HELO) [192.0.2.1]", without the name where none was found.
     */
    if (hop->unread.ptr == r->lone.ptr && hop->unread_count == 1) {
      hop->unread = (tide_span){0};
      hop->unread_count = 0;
    }
    if (hop->rdns.ptr == r->lone.ptr)
      hop->rdns = (tide_span){0};
    hop->helo = r->lone;
    r->helo_given = true;
    r->flags |= FROM_IS_RDNS;
    take_peer(r, ip, kind);
  } else if (count == 0) {
    r->first = word;
    if ((r->first_kind = kind))
      r->first_ip = ip;
  } else if (kind) {
    take_peer(r, ip, kind); /* "from host [192.0.2.1] by …" */
  } else if (s->unclosed && memchr(word.ptr, '.', word.len)) {
    take_name(r, word); /* "from host (name [192.0.2.1] by …" */
  } else if (word.len > 1 || tide_is_alnum(word.ptr[0])) {
    if (word.ptr[0] != ':' || word.len > 6)
      take_unread(r, word); /* but for "[192.0.2.1] :4321" and "," */
  }
}

static void read_by_word(reader *r, tide_span word, unsigned count, scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = span_between(word.ptr, s->end);
  const form *f;
  size_t len;
  tide_ip ip;
  if ((count > 0 || hop->by.len) && (f = form_at(here, BY, &len))) {
    apply_word(r, f, word, len, s);
  } else if (count == 0 && !hop->by.len) {
    hop->by = without_dot(bare(word));
    if (address_of(word, &ip))
      hop->by_ip = ip;
  } else if (address_of(word, &ip) == ADDRESS_BRACKETED) {
    if (!hop->by_ip.family)
      hop->by_ip = ip;
  } else if (word.ptr[0] == '<') {
    if (!hop->id.len)
      hop->id = bare(word); /* "by host <B0014212518@host>": Rockliffe */
  } else if (word.len > 1 || tide_is_alnum(word.ptr[0])) {
    take_unread(r, word);
  }
}

static void read_with_word(reader *r, clause in, tide_span word, scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = span_between(word.ptr, s->end);
  const form *f;
  size_t len;
  /* Before `by`, it may still be the peer's: "from name with address [192.0.2.1/x] by …". */
  if (!hop->by.len && r->first.len && !hop->peer.family && !r->loose.family &&
      !address_inside(word, &r->loose))
    r->loose = (tide_ip){.family = 0};
  if ((f = form_at(here, WITH, &len))) {
    s->at = word.ptr + len;
    if (f->meaning == KNOWN && f->flags & OPEN)
      s->at = word.ptr + (len > word.len ? len : word.len);
    word = span_between(word.ptr, s->at);
    apply(r, f, word, s);
    if (f->meaning == SKIPPED)
      return;
  }
  read_protocol(hop, word);
  extend(in == CLAUSE_WITH ? &hop->with : &hop->via, word);
}

static void read_tail_word(reader *r, clause in, tide_span word, unsigned count, scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = span_between(word.ptr, s->end);
  const form *f;
  size_t len;
  if (count == 0 && in == CLAUSE_ID) {
    hop->id = bare(word);
  } else if (count == 0) {
    hop->recipient = bare(word);
  } else if ((f = form_at(here, TAIL, &len))) {
    apply_word(r, f, word, len, s);
  } else if (in == CLAUSE_FOR ? word.ptr[0] != '<' && (word.len > 1 || tide_is_alnum(word.ptr[0]))
                              : word.len > 1) {
    take_unread(r, word);
  }
}

static void read_word(reader *r, clause in, tide_span word, unsigned count, scanner *s) {
  switch (in) {
  case CLAUSE_NONE:
  case CLAUSE_SENDER:
    if (in == CLAUSE_SENDER && count == 0)
      r->hop->sender = bare(word);
    else
      take_unread(r, word);
    return;
  case CLAUSE_FROM: read_from_word(r, word, count, s); return;
  case CLAUSE_BY: read_by_word(r, word, count, s); return;
  case CLAUSE_VIA:
  case CLAUSE_WITH: read_with_word(r, in, word, s); return;
  case CLAUSE_ID:
  case CLAUSE_FOR: read_tail_word(r, in, word, count, s); return;
  }
}

/* --- the date --- */

/* The last `;` outside of comments and quotes: after it stands the date. */
static size_t find_date(tide_span s) {
  /* Nearly always the last one of all: then nothing that opened before it closes after it. */
  const char *last = s.len ? memrchr(s.ptr, ';', s.len) : NULL;
  if (!last)
    return s.len;
  const char *at = last + 1, *end = s.ptr + s.len;
  int open = 0;
  for (; open >= 0; at++) {
    at += tide_scan_any(span_between(at, end), "\"()(");
    if (at == end || *at == '"')
      break;
    open += *at == '(' ? 1 : -1;
  }
  if (at == end && open >= 0)
    return (size_t)(last - s.ptr);
  size_t found = s.len;
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    if (c == '\\')
      i++;
    else if (c == '"' && depth == 0)
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (c == '(')
      depth++;
    else if (c == ')' && depth)
      depth--;
    else if (c == ';' && depth == 0)
      found = i;
  }
  if (found < s.len)
    return found;
  /* Broken parentheses or quotes: then any last one. */
  return depth || quoted ? (size_t)(last - s.ptr) : s.len;
}

static bool is_one_of(tide_span word, const char *names) {
  for (; *names; names += 3)
    if (tide_lower(word.ptr[0]) == names[0] && tide_lower(word.ptr[1]) == names[1] &&
        tide_lower(word.ptr[2]) == names[2])
      return true;
  return false;
}

/* Where no `;` says so: does a date begin here ("Thu, 20 Feb 2003", "Thu Feb 20", "20 Feb 2003")?
 */
static bool date_begins(tide_span word, scanner s) {
  static const char days[] = "sunmontuewedthufrisat",
                    months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
  bool day = (word.len == 3 || (word.len == 4 && word.ptr[3] == ',')) && is_one_of(word, days);
  bool number =
      word.len <= 2 && tide_is_digit(word.ptr[0]) && tide_is_digit(word.ptr[word.len - 1]);
  if (word.len >= 10 && word.ptr[4] == '-' && word.ptr[7] == '-' && tide_is_digit(word.ptr[0]) &&
      tide_is_digit(word.ptr[5]) && tide_is_digit(word.ptr[9]))
    return true; /* "2008-11-11 21:30:00" */
  if (!day && !number)
    return false;
  tide_span next = next_word(&s);
  return (day && next.len && next.len <= 2 && tide_is_digit(next.ptr[0])) ||
         (next.len >= 3 && is_one_of(next, months));
}

static bool date_stands_in(tide_span comment) {
  scanner s = scanner_of(comment);
  token t = token_take(&s);
  return t.kind == TOKEN_WORD && date_begins(t.text, s);
}

/* --- the field --- */

/* Who the word after `from` was. */
static void settle_from(reader *r) {
  tide_hop *hop = r->hop;
  tide_span word = bare(r->first);
  const address_kind kind = r->first_kind;
  if (kind == ADDRESS_BRACKETED && word.ptr[0] == '[') /* "[192.0.2.1]:2525" */
    word = tide_span_slice(word, 1, tide_span_find_char(word, ']'));
  /* Only where no other address could be the peer's, the one that stands in the place of HELO is:
   * there anybody can write one. */
  if (!kind && !hop->peer.family) {
    tide_span name;
    if (r->loose.family == 0 && address_behind(word, &name, &r->first_ip)) {
      hop->peer = r->first_ip;
      const bool user = word.ptr[name.len] == '@';
      hop->ident = user ? name : hop->ident;
      word = user ? (tide_span){0} : name;
    } else if (r->loose.family == 0 && address_inside(word, &r->first_ip)) {
      r->loose = r->first_ip; /* "name=192.0.2.1" */
    }
  }
  const bool alone = !r->loose.family || tide_ip_equal(&r->loose, &r->first_ip);
  /* qmail writes the name it looked up, and HELO only where that differs; it knows no ids and never
   * says ESMTP (received.c). */
  bool qmail = hop->peer.family && r->peer_kind == ADDRESS_BARE && !hop->rdns.len && !hop->id.len &&
               !r->helo_given && tide_span_iequal(hop->with, SPAN("SMTP"));
  if (qmail && !hop->server)
    hop->server = "qmail";
  if (r->flags & FROM_IS_USER && kind)
    r->flags &= ~(unsigned)(LOCAL | FROM_IS_USER); /* forged: no user is called 192.0.2.1 */
  if (r->flags & FROM_IS_USER && !hop->peer.family) {
    if (!hop->ident.len)
      hop->ident = word;
  } else if (r->flags & FROM_IS_RDNS || r->glued || qmail) {
    if (kind) {
      r->by_helo = !hop->peer.family && alone;
      if (r->by_helo)
        hop->peer = r->first_ip;
      else if (!r->helo_given)
        hop->helo = word;
    } else if (!is_unknown(word)) {
      if (!hop->rdns.len && hop->peer.family)
        hop->rdns = without_dot(word);
      if (!r->helo_given)
        hop->helo = word;
    }
  } else {
    hop->helo = word;
    r->by_helo = kind && !hop->peer.family && alone;
    if (r->by_helo)
      hop->peer = r->first_ip; /* "from [192.0.2.1] by host": nothing else says who it was */
  }
}

static tide_hop_kind kind_of(const reader *r, bool has_from) {
  if (r->flags & FETCH)
    return TIDE_HOP_FETCH;
  if (r->flags & LMTP)
    return TIDE_HOP_LMTP;
  if (r->flags & HTTP)
    return TIDE_HOP_HTTP;
  if (r->flags & LOCAL)
    return TIDE_HOP_LOCAL;
  return has_from || r->hop->peer.family ? TIDE_HOP_SMTP : TIDE_HOP_LOCAL;
}

const char *tide_hop_kind_name(tide_hop_kind kind) {
  static const char *const names[] = {
#define X(id, name, meaning) name,
      TIDE_HOP_KINDS(X)
#undef X
  };
  return names[kind];
}

bool tide_received_parse(tide_span value, tide_hop *hop) {
  *hop = (tide_hop){.kind = TIDE_HOP_SMTP};
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  while (value.len && (tide_is_space(value.ptr[value.len - 1]) || value.ptr[value.len - 1] == ';'))
    value.len--;
  if (value.len && value.ptr[0] == '[' && tide_span_istarts(value, SPAN("[from ")))
    value = tide_span_slice(value, 1, value.len); /* Motorola's gateways bracket the whole */
  size_t date = find_date(value);
  bool dated = date < value.len;
  if (dated)
    hop->date = tide_span_trim_field(tide_span_slice(value, date + 1, value.len));
  reader r = {.hop = hop};
  scanner s = scanner_of(tide_span_slice(value, 0, date));
  clause in = CLAUSE_NONE;
  unsigned words = 0;
  bool has_from = false;
  tide_span head = {0}; /* what stands after `from`, up to `by` */
  for (token t; (t = token_take(&s)).kind != TOKEN_END;) {
    if (t.kind == TOKEN_COMMENT) {
      if (!dated && in > CLAUSE_FROM && date_stands_in(t.text))
        hop->date = t.text;
      else
        read_comment(&r, in, t.text, t.glued);
      continue;
    }
    clause key = keyword_of(t.text);
    if (key != CLAUSE_NONE && in == CLAUSE_FROM && words == 0) {
      /* "from by (rdns [192.0.2.1]) by …": a peer that called itself "by". "from by mx…" and "from
       * ([192.0.2.1]) by mx…" name none. */
      scanner behind = s;
      if (hop->peer.family == 0 && (key != CLAUSE_BY || token_take(&behind).kind == TOKEN_COMMENT))
        key = CLAUSE_NONE;
    }
    if (key == CLAUSE_FROM && in == CLAUSE_FROM)
      continue; /* Smail: "from name from [192.0.2.1] by" */
    if (key == CLAUSE_FROM && (has_from || (in != CLAUSE_NONE && s.at < s.end && s.at[0] == ' ' &&
                                            s.at + 1 < s.end && s.at[1] == '<')))
      key = CLAUSE_SENDER;
    if (key != CLAUSE_NONE) {
      if (key == CLAUSE_FROM)
        head = span_between(t.text.ptr, value.ptr + date);
      else if (in == CLAUSE_FROM && (key == CLAUSE_BY || hop->by.len))
        head = span_between(head.ptr, t.text.ptr);
      in = r.in = key;
      words = 0;
      has_from = has_from || key == CLAUSE_FROM;
      continue;
    }
    const bool bare_date = in == CLAUSE_NONE && !r.formed;
    if (!dated && (words > 0 || bare_date) && in != CLAUSE_FROM && date_begins(t.text, s)) {
      hop->date = tide_span_trim(span_between(t.text.ptr, s.end));
      break;
    }
    read_word(&r, in, t.text, words++, &s);
  }
  hop->encrypted = hop->encrypted || r.flags & TLS;
  hop->authenticated = hop->authenticated || r.flags & AUTH;
  hop->rdns_doubted = r.flags & DOUBTED;
  if (!hop->with.len)
    hop->with = hop->via;
  if (r.first.len || r.lone.len)
    settle_from(&r);
  if (has_from && !r.first.len && !hop->peer.family && !hop->by.len)
    has_from = false;
  if (r.local_first && hop->peer.family)
    r.flags &= ~(unsigned)LOCAL; /* a peer that called itself "mail pickup service" */
  if (r.flags & BUILD) {
    hop->software = hop->id;
    hop->id = (tide_span){0};
  }
  hop->kind = kind_of(&r, has_from);
  /* An address that no form explains may be the peer's: what stands below is nobody's then. */
  if (r.by_helo && r.doubted)
    hop->peer = (tide_ip){.family = 0};
  const bool cut = has_from && !hop->by.len && holds_address(hop->date);
  hop->peer_unread = !hop->peer.family && !(r.flags & (LOCAL | FETCH | LMTP)) &&
                     (r.loose.family || r.doubted || cut || (has_from && holds_address(head)));
  if (has_from || hop->by.len || hop->with.len || r.formed)
    return true;
  /* "4UMDO00 id x", or a date and nothing else: a note of a server's own program. */
  const bool date_only = hop->date.len && !dated && !hop->unread_count;
  if ((hop->id.len || date_only) && !hop->peer_unread)
    return true;
  hop->kind = TIDE_HOP_UNPARSED;
  return false;
}
