/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Received header fields: RFC 5321 4.4 is the wish, this is the practice. A tokenizer splits the
 * field into words and comments, keywords (from, by, via, with, id, for) split it into clauses, and
 * one table says what words and comments mean where. */
#include "hops/received.h"

#include "base/limits.h"
#include "received_date.h"
#include "received_forms.h"
#include "received_names.h"

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

/* --- reading --- */

typedef struct reader {
  tide_hop *hop;
  unsigned flags;               /* of all rows that were met */
  tide_span first;              /* the word after `from` */
  tide_ip first_ip;             /* and the address that it is, */
  tide_address_kind first_kind; /* if it is one */
  tide_address_kind peer_kind;  /* how the peer's address was written */
  bool glued;                   /* "from host(192.0.2.1)": the host's name is the looked-up one */
  bool helo_given;
  bool local_first; /* what is in the place of HELO says that there is no peer */
  clause in;
  tide_ip loose;  /* an address before `by` that no form explains */
  tide_span lone; /* the only word of the last comment after `from` */
  bool formed;    /* some row was met */
  bool by_helo;   /* the peer's address is the one in the place of HELO, as no other was read */
  bool doubted;   /* an address comes before `by` that no form explains, or where a user should */
  bool dated;     /* the date comes after a semicolon */
  bool has_from;
  unsigned words; /* read of the clause so far */
  tide_span head; /* what comes after `from`, up to `by` */
} reader;

static void take_unread(reader *r, tide_span what) {
  tide_ip ip;
  if (what.len && r->hop->unread_count++ == 0)
    r->hop->unread = what;
  if (r->in != CLAUSE_FROM && r->in != CLAUSE_NONE)
    return;
  if (!tide_address_inside(what, &ip))
    r->doubted |= r->in == CLAUSE_FROM && tide_holds_address(what);
  else if (!r->loose.family)
    r->loose = ip;
}

/* "AUTH: LOGIN someone". */
static void take_method(reader *r, tide_scanner *s) {
  tide_hop *hop = r->hop;
  tide_span method = tide_word_next(s), who = tide_word_next(s);
  if (tide_span_find_char(who, ':') < who.len)
    who = (tide_span){0}; /* "AUTH: someone, TLS: …" */
  if (!hop->ident.len)
    hop->ident = tide_name_bare(who.len ? who : method);
  if (s->at < s->end &&
      tide_span_find(tide_span_between(s->at, s->end), SPAN(": ")) < (size_t)(s->end - s->at))
    hop->encrypted = true; /* "…, SSL: TLSv1" */
}

/* "192.0.2.1/name]". */
static void take_network(reader *r, tide_scanner *s) {
  const tide_span word = tide_word_next(s);
  const size_t slash = tide_span_find_char(word, '/');
  tide_ip ip;
  if (tide_address_of(tide_span_slice(word, 0, slash), &ip))
    r->hop->peer = ip;
  r->hop->rdns =
      tide_span_slice(word, slash + 1, word.len - (word.len && word.ptr[word.len - 1] == ']'));
}

/* "(from someone@localhost)". */
static void take_submitter(reader *r, tide_span whole, tide_scanner *s) {
  const tide_span who = tide_word_next(s), where = tide_word_next(s);
  tide_ip ip;
  if (tide_address_of(where, &ip) == ADDRESS_BRACKETED) {
    r->hop->peer = ip; /* Norton AntiVirus Gateway: "(from name [192.0.2.1])" */
    r->hop->helo = who;
    return;
  }
  r->hop->ident = tide_span_slice(who, 0, tide_span_find_char(who, '@'));
  r->doubted = tide_holds_address(whole);
  r->flags |= r->doubted ? 0 : LOCAL;
}

/* Does what the row says. s comes after the sign; of a comment or word whole is all. Moves s
 * after what was used. */
static void apply(reader *r, const tide_form *f, tide_span whole, tide_scanner *s) {
  tide_hop *hop = r->hop;
  r->flags |= f->flags;
  r->formed = true;
  if (f->server && (!hop->server || f->is == SOFTWARE))
    hop->server = f->server;
  switch (f->is) {
  case KNOWN: break;
  case SKIPPED: tide_word_next(s); break;
  case HELO:
    hop->helo = tide_name_bare(tide_word_next(s));
    r->helo_given = true;
    break;
  case IDENT: {
    tide_span who =
        f->flags & WHOLE ? tide_span_trim(tide_span_between(s->at, s->end)) : tide_word_next(s);
    if (!hop->ident.len)
      hop->ident = tide_name_bare(who);
    break;
  }
  case METHOD: take_method(r, s); break;
  case SENDER:
    if (s->at < s->end && *s->at == '=')
      s->at++;
    while (s->at < s->end && *s->at == ':')
      s->at++;
    hop->sender = tide_name_bare(tide_word_next(s));
    break;
  case NETWORK: take_network(r, s); break;
  case SOFTWARE:
    hop->software = whole;
    s->at = s->end;
    break;
  case SUBMITTER: take_submitter(r, whole, s); break;
  }
  if (f->flags & WHOLE)
    s->at = s->end;
  if (f->flags & CLAUSED)
    s->at += tide_span_ifind(tide_span_between(s->at, s->end), SPAN(" by "));
}

/* An address that is where servers write the peer's. One in brackets is the peer's even where
 * another is in front, in the place of a name. */
static void take_peer(reader *r, tide_ip ip, tide_address_kind kind) {
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
    tide_span user = tide_span_between(name.ptr, at);
    if (tide_span_istarts(user, SPAN("IDENT:")))
      user = tide_span_slice(user, 6, user.len);
    if (!hop->ident.len)
      hop->ident = user;
    name = tide_span_between(at + 1, name.ptr + name.len);
    /* A patch of qmail, for those who may relay; no name of DNS ends so. */
    if (tide_span_iends(name, SPAN("_trustedrelay")))
      name.len -= sizeof "_trustedrelay" - 1;
  }
  tide_address_kind kind = tide_address_of(name, &ip);
  if (kind) {
    take_peer(r, ip, kind);
    return;
  }
  const bool plain = tide_name_is_plain(name);
  if (!plain) {
    if ((kind = tide_address_behind(name, &name, &ip)))
      take_peer(r, ip, kind);
    while (name.len && memchr(",:;", name.ptr[name.len - 1], 3))
      name.len--; /* "(name, 192.0.2.1)" */
  }
  if (!name.len || tide_name_is_unknown(name))
    return;
  if (!plain)
    name = tide_name_without_brackets(name);
  if (!plain && tide_name_is_unknown(name))
    return; /* "([unknown] [192.0.2.1])" */
  if (!plain && (kind = tide_address_of(name, &ip))) {
    take_peer(r, ip, kind); /* "(<192.0.2.1>)" */
    return;
  }
  if (!plain && !tide_name_is_looked_up(name))
    take_unread(r, name);
  else if (!hop->rdns.len)
    hop->rdns = tide_name_without_dot(name);
}

/* The words of a comment after `from` (or of one before any clause). */
static void read_peer(reader *r, tide_span comment, int place, int depth) {
  tide_span name = {0};
  tide_scanner s = tide_scanner_of(comment);
  size_t len;
  const tide_form *f;
  tide_ip ip;
  bool address = false, formed = false;
  for (tide_token t; (t = tide_token_take(&s)).kind != TOKEN_END;) {
    if (t.kind == TOKEN_COMMENT) {
      if (depth < 3)
        read_peer(r, t.text, place,
                  depth + 1); /* each level is looked through once more for where it ends */
      else
        take_unread(r, t.text);
      continue;
    }
    if ((f = tide_form_at(tide_span_between(t.text.ptr, s.end), place, &len))) {
      s.at = t.text.ptr + len;
      apply(r, f, comment, &s);
      formed = true;
      address = address || f->sign.ptr[0] == '['; /* "[local]" is where the address would */
      continue;
    }
    tide_address_kind kind = tide_address_of(t.text, &ip);
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
  else if (!tide_name_is_unknown(name))
    take_unread(r, name);
}

/* "(Postfix)", "([192.0.2.1])", "(192.0.2.1:25)", "(host [127.0.0.1])" after `by`. */
static void read_by(reader *r, tide_span comment) {
  tide_hop *hop = r->hop;
  tide_scanner s = tide_scanner_of(comment);
  size_t len;
  const tide_form *f = tide_form_at(comment, BY, &len);
  if (f) {
    s.at += len;
    apply(r, f, comment, &s);
    return;
  }
  tide_span one = tide_word_next(&s), two = tide_word_next(&s);
  tide_ip ip;
  if (tide_address_of(one, &ip) && !two.len) {
    hop->by_ip = ip;
  } else if (tide_address_of(two, &ip) == ADDRESS_BRACKETED && s.at == s.end) {
    hop->by_ip = ip;
  } else if (!hop->software.len) {
    hop->software = comment;
  } else {
    take_unread(r, comment);
  }
}

static void read_tail(reader *r, clause in, tide_span comment) {
  tide_scanner s = tide_scanner_of(comment);
  size_t len;
  const tide_form *f = tide_form_at(comment, TAIL, &len);
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
  *to = to->len ? tide_span_between(to->ptr, word.ptr + word.len) : word;
}

/* A row whose sign a word of a clause begins with, len bytes of it. What would take the rest of a
 * comment takes the rest of the word. */
static void apply_word(reader *r, const tide_form *f, tide_span word, size_t len, tide_scanner *s) {
  if (f->flags & WHOLE || f->is == SOFTWARE) {
    tide_scanner rest = tide_scanner_of(tide_span_slice(word, len, word.len));
    apply(r, f, word, &rest);
    if (len > word.len)
      s->at = word.ptr + len;
  } else {
    s->at = word.ptr + len;
    apply(r, f, word, s);
  }
}

/* A word of a clause; count of them came before it. Moves s where more than the word was used. */
static void read_from_word(reader *r, tide_span word, unsigned count, tide_scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = tide_span_between(word.ptr, s->end);
  const tide_form *f;
  size_t len;
  tide_ip ip;
  tide_address_kind kind;
  if ((f = tide_form_at(here, count == 0 ? FIRST : PEER, &len))) {
    r->local_first |= count == 0 && f->flags & LOCAL;
    apply_word(r, f, word, len, s);
  } else if ((kind = tide_address_of(word, &ip)) == ADDRESS_BRACKETED && r->lone.len &&
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
      take_unread(r, word); /* except "[192.0.2.1] :4321" and "," */
  }
}

static void read_by_word(reader *r, tide_span word, unsigned count, tide_scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = tide_span_between(word.ptr, s->end);
  const tide_form *f;
  size_t len;
  tide_ip ip;
  if ((count > 0 || hop->by.len) && (f = tide_form_at(here, BY, &len))) {
    apply_word(r, f, word, len, s);
  } else if (count == 0 && !hop->by.len) {
    hop->by = tide_name_without_dot(tide_name_bare(word));
    if (tide_address_of(word, &ip))
      hop->by_ip = ip;
  } else if (tide_address_of(word, &ip) == ADDRESS_BRACKETED) {
    if (!hop->by_ip.family)
      hop->by_ip = ip;
  } else if (word.ptr[0] == '<') {
    if (!hop->id.len)
      hop->id = tide_name_bare(word); /* "by host <B0014212518@host>": Rockliffe */
  } else if (word.len > 1 || tide_is_alnum(word.ptr[0])) {
    take_unread(r, word);
  }
}

static void read_with_word(reader *r, clause in, tide_span word, tide_scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = tide_span_between(word.ptr, s->end);
  const tide_form *f;
  size_t len;
  /* Before `by`, it may still be the peer's: "from name with address [192.0.2.1/x] by …". */
  if (!hop->by.len && r->first.len && !hop->peer.family && !r->loose.family &&
      !tide_address_inside(word, &r->loose))
    r->loose = (tide_ip){.family = 0};
  if ((f = tide_form_at(here, WITH, &len))) {
    s->at = word.ptr + len;
    if (f->is == KNOWN && f->flags & OPEN)
      s->at = word.ptr + (len > word.len ? len : word.len);
    word = tide_span_between(word.ptr, s->at);
    apply(r, f, word, s);
    if (f->is == SKIPPED)
      return;
  }
  read_protocol(hop, word);
  extend(in == CLAUSE_WITH ? &hop->with : &hop->via, word);
}

static void read_tail_word(reader *r, clause in, tide_span word, unsigned count, tide_scanner *s) {
  tide_hop *hop = r->hop;
  const tide_span here = tide_span_between(word.ptr, s->end);
  const tide_form *f;
  size_t len;
  if (count == 0 && in == CLAUSE_ID) {
    hop->id = tide_name_bare(word);
  } else if (count == 0) {
    hop->recipient = tide_name_bare(word);
  } else if ((f = tide_form_at(here, TAIL, &len))) {
    apply_word(r, f, word, len, s);
  } else if (in == CLAUSE_FOR ? word.ptr[0] != '<' && (word.len > 1 || tide_is_alnum(word.ptr[0]))
                              : word.len > 1) {
    take_unread(r, word);
  }
}

static void read_word(reader *r, clause in, tide_span word, unsigned count, tide_scanner *s) {
  switch (in) {
  case CLAUSE_NONE:
  case CLAUSE_SENDER:
    if (in == CLAUSE_SENDER && count == 0)
      r->hop->sender = tide_name_bare(word);
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

static bool date_stands_in(tide_span comment) {
  tide_scanner s = tide_scanner_of(comment);
  tide_token t = tide_token_take(&s);
  return t.kind == TOKEN_WORD && tide_received_date_begins(t.text, s);
}

/* --- the field --- */

/* Who the word after `from` was. */
static void settle_from(reader *r) {
  tide_hop *hop = r->hop;
  tide_span word = tide_name_bare(r->first);
  const tide_address_kind kind = r->first_kind;
  if (kind == ADDRESS_BRACKETED && word.ptr[0] == '[') /* "[192.0.2.1]:2525" */
    word = tide_span_slice(word, 1, tide_span_find_char(word, ']'));
  /* Only where no other address could be the peer's, the one that is in the place of HELO is:
   * there anybody can write one. */
  if (!kind && !hop->peer.family) {
    tide_span name;
    if (r->loose.family == 0 && tide_address_behind(word, &name, &r->first_ip)) {
      hop->peer = r->first_ip;
      const bool user = word.ptr[name.len] == '@';
      hop->ident = user ? name : hop->ident;
      word = user ? (tide_span){0} : name;
    } else if (r->loose.family == 0 && tide_address_inside(word, &r->first_ip)) {
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
    } else if (!tide_name_is_unknown(word)) {
      if (!hop->rdns.len && hop->peer.family)
        hop->rdns = tide_name_without_dot(word);
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

/* The clause that a word begins; CLAUSE_NONE where it is one of a clause's own words. s is
 * after it. */
static clause clause_at(const reader *r, tide_span word, const tide_scanner *s) {
  const clause key = keyword_of(word);
  if (key == CLAUSE_NONE)
    return key;
  if (r->in == CLAUSE_FROM && r->words == 0) {
    /* "from by (rdns [192.0.2.1]) by …": a peer that called itself "by". "from by mx…" and "from
     * ([192.0.2.1]) by mx…" name none. */
    tide_scanner behind = *s;
    if (r->hop->peer.family == 0 &&
        (key != CLAUSE_BY || tide_token_take(&behind).kind == TOKEN_COMMENT))
      return CLAUSE_NONE;
  }
  if (key != CLAUSE_FROM || r->in == CLAUSE_FROM)
    return key;
  const bool angle = s->at + 1 < s->end && s->at[0] == ' ' && s->at[1] == '<';
  return r->has_from || (r->in != CLAUSE_NONE && angle) ? CLAUSE_SENDER : key;
}

static void begin_clause(reader *r, clause key, tide_span word, const char *end) {
  if (key == CLAUSE_FROM && r->in == CLAUSE_FROM)
    return; /* Smail: "from name from [192.0.2.1] by" */
  if (key == CLAUSE_FROM)
    r->head = tide_span_between(word.ptr, end);
  else if (r->in == CLAUSE_FROM && (key == CLAUSE_BY || r->hop->by.len))
    r->head = tide_span_between(r->head.ptr, word.ptr);
  r->has_from = r->has_from || key == CLAUSE_FROM;
  r->in = key;
  r->words = 0;
}

/* Reads all but what comes after the semicolon. */
static void read_clauses(reader *r, tide_span text) {
  tide_scanner s = tide_scanner_of(text);
  for (tide_token t; (t = tide_token_take(&s)).kind != TOKEN_END;) {
    if (t.kind == TOKEN_COMMENT) {
      if (!r->dated && r->in > CLAUSE_FROM && date_stands_in(t.text))
        r->hop->date = t.text;
      else
        read_comment(r, r->in, t.text, t.glued);
      continue;
    }
    const clause key = clause_at(r, t.text, &s);
    if (key != CLAUSE_NONE) {
      begin_clause(r, key, t.text, s.end);
      continue;
    }
    const bool bare_date = r->in == CLAUSE_NONE && !r->formed;
    if (!r->dated && (r->words > 0 || bare_date) && r->in != CLAUSE_FROM &&
        tide_received_date_begins(t.text, s)) {
      r->hop->date = tide_span_trim(tide_span_between(t.text.ptr, s.end));
      return;
    }
    read_word(r, r->in, t.text, r->words++, &s);
  }
}

/* What only the whole field tells. False: it is none that could be read. */
static bool settle(reader *r) {
  tide_hop *hop = r->hop;
  hop->encrypted = hop->encrypted || r->flags & TLS;
  hop->authenticated = hop->authenticated || r->flags & AUTH;
  hop->rdns_doubted = r->flags & DOUBTED;
  if (!hop->with.len)
    hop->with = hop->via;
  if (r->first.len || r->lone.len)
    settle_from(r);
  if (r->has_from && !r->first.len && !hop->peer.family && !hop->by.len)
    r->has_from = false;
  if (r->local_first && hop->peer.family)
    r->flags &= ~(unsigned)LOCAL; /* a peer that called itself "mail pickup service" */
  if (r->flags & BUILD) {
    hop->software = hop->id;
    hop->id = (tide_span){0};
  }
  hop->kind = kind_of(r, r->has_from);
  /* An address that no form explains may be the peer's: what comes below is nobody's then. */
  if (r->by_helo && r->doubted)
    hop->peer = (tide_ip){.family = 0};
  const bool cut = r->has_from && !hop->by.len && tide_holds_address(hop->date);
  hop->peer_unread =
      !hop->peer.family && !(r->flags & (LOCAL | FETCH | LMTP)) &&
      (r->loose.family || r->doubted || cut || (r->has_from && tide_holds_address(r->head)));
  if (r->has_from || hop->by.len || hop->with.len || r->formed)
    return true;
  /* "4UMDO00 id x", or a date and nothing else: a note of a server's own program. */
  const bool date_only = hop->date.len && !r->dated && !hop->unread_count;
  if ((hop->id.len || date_only) && !hop->peer_unread)
    return true;
  hop->kind = TIDE_HOP_UNPARSED;
  return false;
}

bool tide_received_parse(tide_span value, tide_hop *hop) {
  *hop = (tide_hop){.kind = TIDE_HOP_SMTP};
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  while (value.len && (tide_is_space(value.ptr[value.len - 1]) || value.ptr[value.len - 1] == ';'))
    value.len--;
  if (value.len && value.ptr[0] == '[' && tide_span_istarts(value, SPAN("[from ")))
    value = tide_span_slice(value, 1, value.len); /* Motorola's gateways bracket the whole */
  const size_t date = tide_received_date(value);
  reader r = {.hop = hop, .dated = date < value.len};
  if (r.dated)
    hop->date = tide_span_trim_field(tide_span_slice(value, date + 1, value.len));
  read_clauses(&r, tide_span_slice(value, 0, date));
  return settle(&r);
}
