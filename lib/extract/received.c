/* Received header fields: RFC 5321 4.4 is the wish, this is the practice. A tokenizer splits the field into clauses (from, by, via, with, id, for) and
 * comments; one table says what the comments of each server program mean. */
#include "spamtide/received.h"

#include "spamtide/limits.h"

/* --- the table of server forms --------------------------------------------------------------------------------- */

enum {
  FORM_FROM_IS_RDNS = 1 << 0, /* the word behind `from` is the looked-up name (or the address); HELO stands in the comment */
  FORM_FETCH = 1 << 1,        /* pulls mail from a mailbox */
  FORM_LOCAL = 1 << 2         /* no network in between */
};

/* A server is known by words in the field. To add one: a row here, and a header with what is expected of it in test-corpora/received/. */
typedef struct form {
  const char *name;
  tide_span sign; /* found anywhere before the date, without regard to case */
  unsigned flags;
} form;

static const form forms[] = {
    {"exim", {"(Exim", 5}, FORM_FROM_IS_RDNS},
    {"exim", {"helo=", 5}, FORM_FROM_IS_RDNS},
    {"postfix", {"(Postfix", 8}, 0},
    {"fetchmail", {"fetchmail", 9}, FORM_FETCH},
    {"getmail", {"getmail", 7}, FORM_FETCH},
    {"qmail", {"invoked by", 10}, FORM_LOCAL},
    {"qmail", {"invoked from", 12}, FORM_LOCAL},
    {"qmail", {"(HELO ", 6}, FORM_FROM_IS_RDNS},
    {"qmail", {"(EHLO ", 6}, FORM_FROM_IS_RDNS},
    {"qmail", {"(qmail", 6}, 0},
    {"smtpsvc", {"SMTPSVC", 7}, 0},
    {"exchange", {"Microsoft SMTP Server", 21}, 0},
    {"exchange", {"MAPI", 4}, FORM_LOCAL},
    {"communigate", {"CommuniGate", 11}, 0},
    {"domino", {"Lotus", 5}, 0},
    {"mdaemon", {"MDaemon", 7}, 0},
    {"sendmail", {"(8.", 3}, 0},
    {"sendmail", {"Sendmail", 8}, 0},
};

/* The first row of the table whose sign stands in text, at the beginning of a word or comment. */
static const form *form_of(tide_span text) {
  static const char firsts[] = "(hfgismcl"; /* of all signs, in lower case: most positions are told by one look */
  enum { COUNT = sizeof forms / sizeof *forms };
  size_t best = COUNT;
  bool begins = true;
  for (size_t i = 0; i < text.len; i++) {
    char c = tide_lower(text.ptr[i]);
    bool here = (begins || c == '(') && c && memchr(firsts, c, sizeof firsts - 1);
    begins = tide_is_space(c) || c == '(' || c == '/';
    if (!here) continue;
    for (size_t f = 0; f < best; f++)
      if (tide_lower(forms[f].sign.ptr[0]) == c && tide_span_istarts(tide_span_slice(text, i, text.len), forms[f].sign)) best = f;
  }
  return best < COUNT ? &forms[best] : NULL;
}

/* --- tokens ---------------------------------------------------------------------------------------------------- */

typedef enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_COMMENT } token_kind;

typedef struct token {
  token_kind kind;
  tide_span text; /* of a comment: without its parentheses */
} token;

/* The next word or comment; moves s behind it. A comment that never closes runs to the next clause keyword's line end, that is to the end. */
static token token_take(tide_span *s) {
  while (s->len && tide_is_space(s->ptr[0])) *s = tide_span_slice(*s, 1, s->len);
  if (s->len == 0) return (token){TOKEN_END, {0}};
  size_t at = 0;
  if (s->ptr[0] == '(') {
    int depth = 0;
    for (; at < s->len; at++) {
      char c = s->ptr[at];
      if (c == '\\' && at + 1 < s->len) at++;
      else if (c == '(') depth++;
      else if (c == ')' && --depth == 0) break;
    }
    token t = {TOKEN_COMMENT, tide_span_trim(tide_span_slice(*s, 1, at))};
    *s = tide_span_slice(*s, at + 1, s->len);
    return t;
  }
  bool quoted = s->ptr[0] == '"';
  if (quoted) {
    for (at = 1; at < s->len && s->ptr[at] != '"'; at++)
      if (s->ptr[at] == '\\') at++;
    at = at < s->len ? at + 1 : s->len;
  }
  while (at < s->len && !tide_is_space(s->ptr[at]) && (s->ptr[at] != '(' || at == 0)) at++;
  if (at == 0) at = 1;
  token t = {TOKEN_WORD, tide_span_slice(*s, 0, at)};
  *s = tide_span_slice(*s, at, s->len);
  return t;
}

typedef enum clause { CLAUSE_NONE, CLAUSE_FROM, CLAUSE_BY, CLAUSE_VIA, CLAUSE_WITH, CLAUSE_ID, CLAUSE_FOR } clause;

static clause keyword_of(tide_span word) {
  static const struct {
    tide_span word;
    clause clause;
  } keywords[] = {{SPAN("from"), CLAUSE_FROM}, {SPAN("by"), CLAUSE_BY}, {SPAN("via"), CLAUSE_VIA}, {SPAN("with"), CLAUSE_WITH}, {SPAN("id"), CLAUSE_ID}, {SPAN("for"), CLAUSE_FOR}};
  if (word.len < 2 || word.len > 4) return CLAUSE_NONE;
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
    if (tide_span_iequal(word, keywords[i].word)) return keywords[i].clause;
  return CLAUSE_NONE;
}

/* "[192.0.2.1]", "[192.0.2.1]:25", "192.0.2.1", "[IPv6:…]", "?IPv6:…?", with a comma or the like behind it. */
static bool address_of(tide_span word, tide_ip *out, bool *bracketed) {
  *bracketed = false;
  if (word.len > 80) return false;
  if (word.len && word.ptr[0] == '[') {
    size_t close = tide_span_find_char(word, ']');
    word = tide_span_slice(word, 1, close);
    *bracketed = true;
  } else if (word.len > 2 && word.ptr[0] == '?') {
    word = tide_span_slice(word, 1, word.len - (word.ptr[word.len - 1] == '?'));
  }
  while (word.len && strchr(",;)", word.ptr[word.len - 1])) word.len--;
  if (tide_ip_parse(word, out)) return true;
  /* "192.0.2.1:25" */
  size_t colon = tide_span_find_char(word, ':');
  uint64_t port;
  return colon < word.len && tide_span_uint(tide_span_slice(word, colon + 1, word.len), &port) && port < 65536 && tide_ip_parse(tide_span_slice(word, 0, colon), out);
}

static tide_span without_brackets(tide_span s) {
  if (s.len >= 2 && ((s.ptr[0] == '<' && s.ptr[s.len - 1] == '>') || (s.ptr[0] == '[' && s.ptr[s.len - 1] == ']'))) return tide_span_slice(s, 1, s.len - 1);
  return s;
}

/* --- the comment behind `from` --------------------------------------------------------------------------------- */

static bool is_unknown(tide_span name) {
  return tide_span_iequal(name, SPAN("unknown")) || tide_span_iequal(name, SPAN("unverified")) || tide_span_iequal(name, SPAN("may")) || tide_span_iequal(name, SPAN("HELO")) ||
         tide_span_iequal(name, SPAN("EHLO"));
}

/* A name in a comment: the looked-up name, behind an ident where it is "user@host". */
static void take_name(tide_hop *hop, tide_span name) {
  size_t at = tide_span_find_char(name, '@');
  if (at < name.len) {
    if (!hop->ident.len) hop->ident = tide_span_slice(name, 0, at);
    name = tide_span_slice(name, at + 1, name.len);
  }
  tide_ip ip;
  bool bracketed;
  if (address_of(name, &ip, &bracketed)) {
    if (!hop->peer.family) hop->peer = ip;
  } else if (name.len && !is_unknown(name) && !hop->rdns.len) {
    hop->rdns = name;
  }
}

static void take_from_comment(tide_hop *hop, tide_span comment) {
  static const tide_span sender = SPAN("Authenticated sender:");
  if (tide_span_istarts(comment, sender)) {
    hop->authenticated = true;
    hop->ident = tide_span_trim(tide_span_slice(comment, sender.len, comment.len));
    return;
  }
  if (tide_span_istarts(comment, SPAN("using TLS")) || tide_span_istarts(comment, SPAN("using SSL"))) {
    hop->encrypted = true;
    return;
  }
  if (tide_span_istarts(comment, SPAN("may be forged")) || tide_span_istarts(comment, SPAN("No client certificate")) || tide_span_istarts(comment, SPAN("Client ")) ||
      tide_span_istarts(comment, SPAN("not verified")))
    return;
  tide_span rest = comment, name = {0};
  bool first = true, has_address = false;
  for (token t; (t = token_take(&rest)).kind != TOKEN_END; first = false) {
    if (t.kind == TOKEN_COMMENT) continue;
    tide_span word = t.text;
    tide_ip ip;
    bool bracketed;
    if (first && (tide_span_iequal(word, SPAN("HELO")) || tide_span_iequal(word, SPAN("EHLO")))) {
      t = token_take(&rest);
      if (t.kind == TOKEN_WORD) hop->helo = without_brackets(t.text);
      return;
    }
    if (tide_span_istarts(word, SPAN("helo="))) {
      hop->helo = without_brackets(tide_span_slice(word, 5, word.len));
    } else if (tide_span_istarts(word, SPAN("ident="))) {
      hop->ident = tide_span_slice(word, 6, word.len);
    } else if (tide_span_find_char(word, '=') < word.len) {
      continue; /* port=, envelope-from=, … */
    } else if (address_of(word, &ip, &bracketed)) {
      /* The address that the server saw; one in a name's place ("user@192.0.2.1") is handled there. */
      has_address = true;
      if (!hop->peer.family) hop->peer = ip;
    } else if (!name.len && tide_span_iequal(word, SPAN("with"))) {
      break;
    } else if (!name.len && (first || tide_span_find_char(word, '.') < word.len)) {
      name = word;
    } else if (tide_span_iequal(word, SPAN("HELO")) || tide_span_iequal(word, SPAN("EHLO"))) {
      break;
    }
  }
  if (name.len) {
    bool looks_like_host = has_address || tide_span_find_char(name, '.') < name.len || tide_span_find_char(name, '@') < name.len;
    if (looks_like_host) take_name(hop, name);
  }
}

/* --- the field ------------------------------------------------------------------------------------------------- */

/* The last `;` outside of comments and quotes: behind it stands the date. */
static size_t find_date(tide_span s) {
  /* Nearly always the last one of all: then nothing that opened before it closes behind it. */
  const char *last = s.len ? memrchr(s.ptr, ';', s.len) : NULL;
  if (!last) return s.len;
  const char *at = last + 1, *end = s.ptr + s.len;
  int open = 0;
  for (; at < end && open >= 0 && *at != '"'; at++) open += *at == '(' ? 1 : *at == ')' ? -1 : 0;
  if (at == end && open >= 0) return (size_t)(last - s.ptr);
  size_t found = s.len;
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    if (c == '\\') i++;
    else if (c == '"' && depth == 0) quoted = !quoted;
    else if (quoted) continue;
    else if (c == '(') depth++;
    else if (c == ')' && depth) depth--;
    else if (c == ';' && depth == 0) found = i;
  }
  if (found < s.len) return found;
  /* Broken parentheses or quotes: then any last one. */
  for (size_t i = s.len; i > 0; i--)
    if (s.ptr[i - 1] == ';') return i - 1;
  return s.len;
}

static void take_word(tide_hop *hop, clause in, tide_span word, unsigned count, bool *literal) {
  tide_ip ip;
  bool bracketed;
  switch (in) {
  case CLAUSE_FROM:
    if (count == 0) {
      hop->helo = without_brackets(word);
      if (address_of(word, &ip, literal)) *literal = true;
    } else if (address_of(word, &ip, &bracketed) && !hop->peer.family) {
      hop->peer = ip; /* "from host [192.0.2.1] by …" */
    }
    break;
  case CLAUSE_BY:
    if (count == 0) {
      hop->by = without_brackets(word);
      if (address_of(word, &ip, &bracketed)) hop->by_ip = ip;
    }
    break;
  case CLAUSE_WITH:
    hop->with = count == 0 ? word : tide_span_make(hop->with.ptr, (size_t)(word.ptr + word.len - hop->with.ptr));
    break;
  case CLAUSE_VIA:
    if (count == 0 && !hop->with.len) hop->with = word;
    break;
  case CLAUSE_ID:
    if (count == 0) hop->id = word;
    break;
  case CLAUSE_FOR:
    if (count == 0) hop->recipient = without_brackets(word);
    break;
  case CLAUSE_NONE: break;
  }
}

static void take_comment(tide_hop *hop, clause in, tide_span comment) {
  if (in == CLAUSE_FROM) {
    take_from_comment(hop, comment);
  } else if (in == CLAUSE_NONE && tide_span_istarts(comment, SPAN("from "))) {
    /* sendmail on behalf of a user of its own: "(from majordomo@localhost)". */
    tide_span who = tide_span_trim(tide_span_slice(comment, 5, comment.len));
    hop->ident = tide_span_slice(who, 0, tide_span_find_char(who, '@'));
    hop->kind = TIDE_HOP_LOCAL;
  } else if (tide_span_istarts(comment, SPAN("using TLS")) || tide_span_istarts(comment, SPAN("version=TLS"))) {
    hop->encrypted = true;
  } else if (tide_span_istarts(comment, SPAN("Authenticated"))) {
    hop->authenticated = true;
  } else if (in == CLAUSE_BY && !hop->by_ip.family) {
    tide_ip ip;
    bool bracketed;
    if (comment.len && comment.ptr[0] == '[' && address_of(comment, &ip, &bracketed)) hop->by_ip = ip;
    if (tide_span_find(comment, SPAN("from userid")) < comment.len) hop->kind = TIDE_HOP_LOCAL;
  }
}

static void find_kind(tide_hop *hop, unsigned flags, bool has_from) {
  tide_span with = hop->with;
  if (flags & FORM_FETCH || tide_span_istarts(with, SPAN("POP")) || tide_span_istarts(with, SPAN("IMAP"))) hop->kind = TIDE_HOP_FETCH;
  else if (tide_span_istarts(with, SPAN("LMTP"))) hop->kind = TIDE_HOP_LMTP;
  else if (tide_span_istarts(with, SPAN("HTTP")) || tide_span_iequal(with, SPAN("DAV"))) hop->kind = TIDE_HOP_HTTP;
  else if (!has_from && !hop->peer.family) hop->kind = TIDE_HOP_LOCAL;
  /* RFC 3848: S behind ESMTP or LMTP is TLS, A is authentication. */
  if (tide_span_istarts(with, SPAN("ESMTP"))) {
    for (size_t i = 5; i < with.len && tide_is_alpha(with.ptr[i]); i++) {
      hop->encrypted = hop->encrypted || tide_lower(with.ptr[i]) == 's';
      hop->authenticated = hop->authenticated || tide_lower(with.ptr[i]) == 'a';
    }
  }
}

bool tide_received_parse(tide_span value, tide_hop *hop) {
  *hop = (tide_hop){.kind = TIDE_HOP_SMTP};
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  size_t date = find_date(value);
  hop->date = tide_span_trim(tide_span_slice(value, date + 1, value.len));
  tide_span head = tide_span_slice(value, 0, date), rest = head;
  unsigned flags = 0;
  const form *server = form_of(head);
  if (server) {
    hop->server = server->name;
    flags = server->flags;
  }
  clause in = CLAUSE_NONE;
  unsigned words = 0;
  bool has_from = false, literal = false, any = false;
  for (token t; (t = token_take(&rest)).kind != TOKEN_END;) {
    if (t.kind == TOKEN_COMMENT) {
      any = any || t.text.len;
      take_comment(hop, in, t.text);
      continue;
    }
    clause key = keyword_of(t.text);
    /* A keyword only where a clause may begin: "from by by host" has a host named "by". */
    if (key != CLAUSE_NONE && (in == CLAUSE_NONE || words > 0 || in == CLAUSE_FROM)) {
      /* "from by (rdns [192.0.2.1]) by …": a peer that called itself "by". "from by mx…" on the other hand names none. */
      tide_span behind = rest;
      if (in == CLAUSE_FROM && words == 0 && (key != CLAUSE_BY || token_take(&behind).kind == TOKEN_COMMENT)) {
        take_word(hop, in, t.text, words++, &literal);
        continue;
      }
      in = key;
      words = 0;
      has_from = has_from || key == CLAUSE_FROM;
      continue;
    }
    take_word(hop, in, t.text, words++, &literal);
  }
  if (has_from && !hop->helo.len && !hop->peer.family && !hop->by.len) has_from = false;
  if (flags & FORM_FROM_IS_RDNS) {
    /* What stood behind `from` was not HELO, if the comment gave one. */
    tide_span word = {0};
    tide_span again = head;
    for (token t; (t = token_take(&again)).kind != TOKEN_END;)
      if (t.kind == TOKEN_WORD && tide_span_iequal(t.text, SPAN("from"))) {
        t = token_take(&again);
        if (t.kind == TOKEN_WORD) word = t.text;
        break;
      }
    tide_ip ip;
    bool bracketed;
    bool other_helo = hop->helo.ptr != without_brackets(word).ptr;
    if (word.len && address_of(word, &ip, &bracketed)) {
      if (!hop->peer.family) hop->peer = ip;
      if (!other_helo) hop->helo = (tide_span){0};
    } else if (word.len && !is_unknown(word) && hop->peer.family) {
      hop->rdns = word;
    }
    if (!other_helo && is_unknown(word)) hop->helo = (tide_span){0};
  } else if (literal && !hop->peer.family) {
    tide_ip ip;
    if (tide_ip_parse(hop->helo, &ip)) hop->peer = ip; /* "from [192.0.2.1] by host": nothing else says who it was */
  }
  if (hop->kind == TIDE_HOP_SMTP) find_kind(hop, flags, has_from);
  if (flags & FORM_LOCAL && !hop->peer.family) hop->kind = TIDE_HOP_LOCAL;
  bool read = has_from || hop->by.len || (hop->kind == TIDE_HOP_LOCAL && any);
  if (!read) hop->kind = TIDE_HOP_UNPARSED;
  return read;
}
