/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "botnets.h"
#include "message.h"
#include "body.h"
#include "calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const receiver = "mx.example.org";
static const char *const list_host = "lists.example.net";
static const char *const users[] = {"anna",   "bert",  "clara", "dirk",  "emil",   "frida",
                                    "gustav", "hedda", "ivo",   "jutta", "office", "tide"};
enum { USERS = sizeof users / sizeof *users };

/* Whole hours and the halves that exist, in minutes. */
static const int16_t zones[] = {-480, -420, -360, -300, -240, -180, 0,   60,
                                120,  180,  210,  330,  420,  480,  540, 570};

typedef enum mailer {
  OUTLOOK_EXPRESS,
  OUTLOOK,
  THUNDERBIRD,
  THE_BAT,
  BARE,    /* names no program */
  REACTOR, /* headers as the published fingerprint of Srizbi's Reactor Mailer has them */
  SPAM_MAILERS,
  MUTT = SPAM_MAILERS,
  PINE
} mailer;
static const char *const mailer_names[] = {
    "outlook-express", "outlook", "thunderbird", "the-bat", "bare", "reactor", "mutt", "pine"};

typedef struct peer { /* one end of an SMTP session */
  uint32_t ip;
  char rdns[96]; /* empty: none */
  char helo[96];
} peer;

static void quad(char out[16], uint32_t ip) {
  snprintf(out, 16, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

static const char *any_word(const gen_plan *plan, gen_random *r) {
  return plan->words.word[gen_random_below(r, GEN_WORDS)];
}

static void make_domain(char *out, size_t size, const gen_plan *plan, gen_random *r) {
  static const char *const tails[] = {".test", ".invalid", ".example.com", ".example.net",
                                      ".example.org"};
  const char *first = any_word(plan, r),
             *second = any_word(plan, r); /* arguments have no order: one draw at a time */
  snprintf(out, size, "%s%s%s", first, second, tails[gen_random_below(r, 5)]);
}

/* The name of an address is always the same, or always missing. */
static void make_rdns(char *out, size_t size, const gen_plan *plan, uint32_t ip) {
  gen_random r;
  gen_random_seed(&r, plan->options->seed, UINT64_C(0x200000000) + ip);
  unsigned a = ip >> 24, b = ip >> 16 & 255, c = ip >> 8 & 255, d = ip & 255;
  char domain[48];
  make_domain(domain, sizeof domain, plan, &r);
  switch (gen_random_below(&r, 9)) {
  case 0: snprintf(out, size, "dsl-%u-%u-%u-%u.%s", a, b, c, d, domain); break;
  case 1:
    snprintf(out, size, "%u.%u.%u.%u.dynamic.%s", d, c, b, a, domain);
    break; /* an address that is not the peer's */
  case 2: snprintf(out, size, "pool-%u-%u.%s", c, d, domain); break;
  case 3: snprintf(out, size, "host%u.by.%s", d, domain); break; /* `by` inside a name */
  case 4: snprintf(out, size, "adsl%03u%03u.%s", c, d, domain); break;
  case 5: snprintf(out, size, "mail.%s", domain); break;
  default: *out = 0; break;
  }
}

static void make_helo(peer *p, const gen_plan *plan, gen_random *r) {
  char ip[16];
  switch (gen_random_below(r, 8)) {
  case 0: /* a literal that is another's address: rspamd#1727 */
    quad(ip, gen_public_address(r));
    snprintf(p->helo, sizeof p->helo, "[%s]", ip);
    break;
  case 1:
    quad(ip, p->ip);
    snprintf(p->helo, sizeof p->helo, "[%s]", ip);
    break;
  case 2:
    snprintf(p->helo, sizeof p->helo, "%s", receiver);
    break; /* bots greet with the name of whom they call */
  case 3: snprintf(p->helo, sizeof p->helo, "User-PC"); break;
  case 4: make_domain(p->helo, sizeof p->helo, plan, r); break;
  case 5:
  case 6:
    if (*p->rdns) {
      memcpy(p->helo, p->rdns, sizeof p->helo);
      break;
    }
    snprintf(p->helo, sizeof p->helo, "%s", any_word(plan, r));
    break;
  default: snprintf(p->helo, sizeof p->helo, "%s", any_word(plan, r)); break;
  }
}

static void random_text(char *out, size_t len, const char *alphabet, gen_random *r) {
  uint32_t n = (uint32_t)strlen(alphabet);
  for (size_t i = 0; i < len; i++)
    out[i] = alphabet[gen_random_below(r, n)];
  out[len] = 0;
}

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
static const char hex[] = "0123456789ABCDEF";

/* What a server says of a delivery that it took. */
typedef struct delivery {
  const char *by, *rcpt; /* rcpt: NULL where it is not told */
  const char *protocol;
  int64_t time;
  int32_t offset;
} delivery;

/* A hop as postfix writes it. */
static void add_postfix(gen_message *m, const peer *p, const delivery *d, gen_random *r) {
  char ip[16], id[12], date[GEN_DATE_TEXT];
  quad(ip, p->ip);
  random_text(id, 10, hex, r);
  gen_date_mail(date, d->time, d->offset);
  gen_buffer_format(&m->head, "Received: from %s (%s [%s])\n\tby %s (Postfix) with %s id %s",
                    p->helo, *p->rdns ? p->rdns : "unknown", ip, d->by, d->protocol, id);
  if (d->rcpt)
    gen_buffer_format(&m->head, "\n\tfor <%s>", d->rcpt);
  gen_buffer_format(&m->head, "; %s", date);
  if (d->offset == -5 * 3600 || d->offset == -4 * 3600)
    gen_buffer_text(&m->head, d->offset == -5 * 3600 ? " (EST)" : " (EDT)");
  gen_buffer_char(&m->head, '\n');
  m->hops++;
}

/* Inside the receiving site: the last hand-over, on top of the chain. */
static void add_filter_hop(gen_message *m, int64_t time, const char *rcpt, gen_random *r) {
  static const peer filter = {.ip = 0x7f000001, .rdns = "localhost", .helo = "localhost"};
  const delivery d = {receiver, rcpt, "ESMTP", time, gen_eastern_offset(time)};
  add_postfix(m, &filter, &d, r);
}

/* What the receiving host writes about its peer; the topmost line has m->time. */
static void add_receipt(gen_message *m, const peer *p, const char *rcpt, gen_random *r) {
  char ip[16], id[20], date[GEN_DATE_TEXT];
  gen_buffer *h = &m->head;
  int64_t time = m->time;
  quad(ip, p->ip);
  uint32_t form = gen_random_below(r, 10);
  if (form < 3) { /* sendmail */
    random_text(id, 7, letters, r);
    gen_date_mail(date, time, gen_eastern_offset(time));
    gen_buffer_format(h, "Received: from %s (", p->helo);
    if (*p->rdns)
      gen_buffer_format(h, "%s [%s]%s)", p->rdns, ip,
                        gen_random_chance(r, 20) ? " (may be forged)" : "");
    else
      gen_buffer_format(h, "[%s])", ip);
    const char *protocol = gen_random_chance(r, 60) ? "ESMTP" : "SMTP";
    gen_buffer_format(h, "\n\tby %s (8.14.1/8.14.1/Debian-9) with %s id m%s%06u", receiver,
                      protocol, id, gen_random_below(r, 1000000));
    if (gen_random_chance(r, 50))
      gen_buffer_format(h, "\n\tfor <%s>", rcpt);
    gen_buffer_format(h, ";\n\t%s\n", date);
    m->hops++;
  } else if (form < 6) { /* postfix, half of it after a content filter */
    if (gen_random_chance(r, 50)) {
      add_filter_hop(m, time, rcpt, r);
      time -= gen_random_between(r, 1, 4);
    }
    const delivery d = {receiver, rcpt, gen_random_chance(r, 60) ? "ESMTP" : "SMTP", time,
                        gen_eastern_offset(time)};
    add_postfix(m, p, &d, r);
  } else if (form <
             8) { /* exim: the peer's address in brackets, inside or outside of parentheses */
    gen_date_mail(date, time, gen_eastern_offset(time));
    random_text(id, 10, letters, r);
    if (*p->rdns)
      gen_buffer_format(h, "Received: from %s ([%s] helo=%s)", p->rdns, ip, p->helo);
    else
      gen_buffer_format(h, "Received: from [%s] (helo=%s)", ip, p->helo);
    gen_buffer_format(h,
                      "\n\tby %s with esmtp (Exim 4.69)\n\t(envelope-from <%.*s>)\n\tid "
                      "1L%.4s-000%.3s-%.2s\n\tfor %s; %s\n",
                      receiver, (int)m->sender.len, m->sender.ptr, id, id + 4, id + 7, rcpt, date);
    m->hops++;
  } else { /* qmail: two lines a hop, no zone name, no day of the week */
    gen_date_qmail(date, time);
    uint32_t process = gen_random_between(r, 300, 32767);
    gen_buffer_format(h, "Received: (qmail %u invoked %s); %s\n", process,
                      gen_random_chance(r, 80) ? "from network" : "by uid 89", date);
    gen_date_qmail(date, time - 1);
    gen_buffer_format(h, "Received: from %s (HELO %s) (%s)\n  by %s with SMTP; %s\n",
                      *p->rdns ? p->rdns : "unknown", p->helo, ip, receiver, date);
    m->hops += 2;
  }
}

/* The line that one family of bots put below in the autumn of 2008, after mail seen in a public
 * list's archive. */
static void add_tomcat(gen_message *m, const char *rcpt, const char *date, gen_random *r) {
  char ip[16], id[8];
  quad(ip, gen_public_address(r));
  random_text(id, 6, letters, r);
  gen_buffer_format(&m->head,
                    "Received: (from tomcat@localhost)\n\tby %s (8.12.8/8.12.8/Submit) id "
                    "j%s%06u\n\tfor %s; %s\n",
                    ip, id, gen_random_below(r, 1000000), rcpt, date);
  m->hops++;
}

/* A hop that never was, between the true peer and a server that had no part in it. */
static void add_invention(gen_message *m, const gen_plan *plan, const peer *p, const char *date,
                          gen_random *r) {
  char ip[16], domain[48];
  quad(ip, gen_random_chance(r, 60) ? p->ip : gen_public_address(r));
  make_domain(domain, sizeof domain, plan, r);
  gen_buffer_format(&m->head, "Received: from [%s] by mail.%s; %s\n", ip, domain, date);
  m->hops++;
}

/* An encoded subject (RFC 2047), in words of at most 75 characters that do not cut a UTF-8
 * sequence. */
static void add_encoded_subject(gen_buffer *out, const char *text, size_t len, bool base64) {
  static const char digits[] = "0123456789ABCDEF";
  const size_t step = base64 ? 42 : 20;
  for (size_t i = 0; i < len;) {
    size_t n = len - i < step ? len - i : step;
    while (i + n < len && (text[i + n] & 0xc0) == 0x80)
      n--;
    if (i)
      gen_buffer_text(out, "\n ");
    if (base64) {
      gen_buffer_text(out, "=?UTF-8?B?");
      gen_buffer_base64(out, text + i, n, 0);
    } else {
      gen_buffer_text(out, "=?utf-8?Q?");
      for (size_t k = i; k < i + n; k++) {
        unsigned char c = (unsigned char)text[k];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) {
          gen_buffer_char(out, (char)c);
        } else if (c == ' ') {
          gen_buffer_char(out, '_');
        } else {
          gen_buffer_char(out, '=');
          gen_buffer_char(out, digits[c >> 4]);
          gen_buffer_char(out, digits[c & 15]);
        }
      }
    }
    gen_buffer_text(out, "?=");
    i += n;
  }
}

static void add_subject(gen_message *m, gen_random *r) {
  uint32_t u = gen_random_below(r, 100);
  gen_buffer_text(&m->head, "Subject: ");
  if (u < 20)
    add_encoded_subject(&m->head, m->subject.ptr, m->subject.len, u < 10);
  else
    gen_buffer_add(&m->head, m->subject.ptr, m->subject.len);
  gen_buffer_char(&m->head, '\n');
}

/* The Date header: what it says as text, and the moment that this means. */
static void make_date(gen_message *m, const gen_options *o, mailer kind, char date[GEN_DATE_TEXT],
                      gen_random *r) {
  int32_t offset =
      kind == REACTOR ? 0 : zones[gen_random_below(r, sizeof zones / sizeof *zones)] * 60;
  int64_t time = m->time - (int64_t)gen_random_between(r, 5, 600);
  uint32_t lie = gen_random_below(r, 100);
  int32_t shown = offset;
  if (o->dates == GEN_DATES_HOSTILE && lie < 50) {
    if (lie < 12)
      time = (int64_t)gen_random_below(r, 100000); /* 1970 */
    else if (lie < 22)
      time = 2147483647 - (int64_t)gen_random_below(r, 100000); /* 2038 */
    else if (lie < 25)
      time = gen_days(2106, 2, 7) * GEN_DAY + gen_random_below(r, 80000);
    else if (lie < 32)
      time = m->time - (int64_t)gen_random_between(r, 30, 4000) * GEN_DAY;
    else if (lie < 36)
      time = m->time + (int64_t)gen_random_between(r, 30, 400) * GEN_DAY;
    else if (kind != REACTOR)
      shown = offset + (offset > 0 ? -1 : 1) * (int32_t)gen_random_between(r, 3, 12) *
                           3600; /* the wrong zone */
  }
  gen_date_mail(date, time + offset - shown, shown);
  m->claimed_time = time + offset - shown;
}

static void make_id(gen_message *m, mailer kind, const char *domain, const char *host,
                    gen_random *r) {
  gen_buffer *out = &m->id;
  uint32_t a = (uint32_t)gen_random_next(r), b = (uint32_t)gen_random_next(r),
           c = (uint32_t)gen_random_next(r);
  char date[GEN_DATE_TEXT];
  out->len = 0;
  gen_date_plain(date, m->claimed_time);
  switch (kind) {
  case OUTLOOK_EXPRESS: /* now and then without the brackets, as a bot that imitated it badly did */
    gen_buffer_format(out, c % 16 ? "<%04x01c9%04x$%08x$%08x@%s>" : "%04x01c9%04x$%08x$%08x@%s",
                      a >> 16, a & 0xffff, b, c, host);
    break;
  case REACTOR:
    gen_buffer_format(out, "<000%x01c9%04x$%08x$%08x@%s>", a >> 28, a & 0xffff, b, c, host);
    break;
  case OUTLOOK: gen_buffer_format(out, "<%08X%08X%08X@%s>", a, b, c, host); break;
  case THUNDERBIRD: gen_buffer_format(out, "<%08X.%07u@%s>", a, b % 10000000, domain); break;
  case THE_BAT: gen_buffer_format(out, "<%u.%s@%s>", a, date, domain); break;
  case BARE: gen_buffer_format(out, "<%u.%04u@%s>", a, b % 10000, domain); break;
  case MUTT:
    gen_buffer_format(out, "<%s.G%c%u@%s>", date, 'A' + (char)(a % 26), b % 30000, domain);
    break;
  case PINE: gen_buffer_format(out, "<Pine.LNX.4.64.%s.%u@%s>", date + 2, b % 30000, domain); break;
  }
}

static void add_mailer(gen_buffer *h, mailer kind, gen_random *r) {
  char text[40];
  switch (kind) {
  case OUTLOOK_EXPRESS:
    gen_buffer_text(h, "X-Priority: 3\nX-MSMail-Priority: Normal\nX-Mailer: Microsoft Outlook "
                       "Express 6.00.2900.2180\n"
                       "X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.2180\n");
    break;
  case REACTOR:
    gen_buffer_text(h, "X-Priority: 3\nX-MSMail-Priority: Normal\nX-Mailer: Microsoft Outlook "
                       "Express 6.00.2900.3138\n"
                       "X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.3198\n");
    break;
  case OUTLOOK:
    random_text(text, 30, letters, r);
    gen_buffer_format(h,
                      "X-Mailer: Microsoft Office Outlook, Build 11.0.5510\nThread-Index: Ac%s\n"
                      "X-MimeOLE: Produced By Microsoft MimeOLE V6.00.2800.1106\n",
                      text);
    break;
  case THUNDERBIRD:
    gen_buffer_text(h, "User-Agent: Thunderbird 2.0.0.17 (Windows/20080914)\n");
    break;
  case THE_BAT:
    gen_buffer_text(h, "X-Mailer: The Bat! (v2.00.9) Business\nX-Priority: 3 (Normal)\n");
    break;
  case MUTT: gen_buffer_text(h, "User-Agent: Mutt/1.5.18 (2008-05-17)\n"); break;
  case BARE:
  case PINE: break;
  }
}

static void add_recipients(gen_message *m, const char *rcpt, uint32_t first, gen_random *r) {
  gen_buffer *h = &m->head;
  uint32_t to = 1, cc = 0;
  if (gen_random_chance(r, 15))
    to += gen_random_below(r, 5);
  if (gen_random_chance(r, 10))
    cc = gen_random_between(r, 1, 6);
  bool brackets = gen_random_chance(r, 70);
  gen_buffer_format(h, brackets ? "To: <%s>" : "To: %s", rcpt);
  for (uint32_t i = 1; i < to; i++) {
    const char *user = users[(first + i) % USERS];
    if (brackets) /* a comma that separates nothing */
      gen_buffer_format(h, ",\n\t\"%s, Example\" <%s@example.org>", user, user);
    else
      gen_buffer_format(h, ",\n\t%s@example.org", user);
  }
  gen_buffer_char(h, '\n');
  for (uint32_t i = 0; i < cc; i++)
    gen_buffer_format(h, i == 0 ? "Cc: <%s@example.org>" : ", <%s@example.org>",
                      users[(first + to + i) % USERS]);
  if (cc)
    gen_buffer_char(h, '\n');
  m->recipients = to + cc;
}

static void make_spam(gen_message *m, const gen_plan *plan, const gen_campaign *c, gen_random *r) {
  const gen_options *o = plan->options;
  const bool after = gen_plan_after(plan, m->time);
  const uint32_t first = gen_random_below(r, USERS);
  char rcpt[40], domain[48], given[16], date[GEN_DATE_TEXT];
  peer p = {0};

  /* Half of a campaign's mail comes from a tenth of its bots. Who forges is a family of bots of its
   * own, and falls silent. */
  m->forged = !after && gen_random_below(r, 10000) < plan->forged_share;
  uint32_t begin = 0, size = c->pool_size;
  if (plan->forged_share < 10000 && c->pool_forged) {
    begin = m->forged ? 0 : c->pool_forged;
    size = m->forged ? c->pool_forged : c->pool_size - c->pool_forged;
  }
  if (gen_random_chance(r, 50))
    size = size / 10 + 1;
  p.ip = m->origin = plan->pool[c->pool + begin + gen_random_below(r, size)];
  make_rdns(p.rdns, sizeof p.rdns, plan, p.ip);
  make_helo(&p, plan, r);

  snprintf(rcpt, sizeof rcpt, "%s@example.org", users[first]);
  make_domain(domain, sizeof domain, plan, r);
  snprintf(given, sizeof given, "%s", any_word(plan, r));
  gen_buffer_format(&m->sender, "%s.%s@%s", given, any_word(plan, r), domain);
  mailer kind =
      (mailer)((gen_random_chance(r, 80) ? c->mailer : gen_random_below(r, 255)) % SPAM_MAILERS);
  m->mailer = mailer_names[kind];
  make_date(m, o, kind, date, r);

  const gen_theme *theme = c->theme;
  const char *subject_brand = NULL, *text_brand = NULL;
  switch (c->kind) {
  case GEN_RULE_SUBJECT:
    subject_brand = c->brand[0];
    text_brand = gen_random_chance(r, 50) ? c->brand[0] : NULL;
    break;
  case GEN_RULE_TEXT: text_brand = c->brand[0]; break;
  case GEN_RULE_BOTH:
    subject_brand = c->brand[1];
    text_brand = c->brand[0];
    break;
  case GEN_RULE_EITHER: {
    uint32_t which = gen_random_below(r, 3);
    if (which != 1)
      subject_brand = c->brand[0];
    if (which != 0)
      text_brand = c->brand[1];
    break;
  }
  }
  const char *subject = subject_brand ? theme->subject_with[gen_random_below(r, 4)]
                                      : theme->subject_without[gen_random_below(r, 6)];
  gen_expand(&m->subject, subject, &plan->words, r, subject_brand ? subject_brand : "", c->host);

  gen_buffer_format(&m->head, "Return-Path: <%.*s>\n", (int)m->sender.len, m->sender.ptr);
  if (gen_random_chance(r, 30))
    gen_buffer_format(&m->head, "Delivered-To: %s\n", rcpt);
  add_receipt(m, &p, rcpt, r);
  if (m->forged)
    add_tomcat(m, rcpt, date, r);
  else if (gen_random_chance(r, 25))
    add_invention(m, plan, &p, date, r);
  char host[24];
  random_text(host, 8, "abcdefghijklmnopqrstuvwxyz0123456789", r);
  make_id(m, kind, domain, host, r);
  gen_buffer_format(&m->head, "Message-ID: %.*s\nFrom: \"%c%s\" <%.*s>\n", (int)m->id.len,
                    m->id.ptr, given[0] - 32, given + 1, (int)m->sender.len, m->sender.ptr);
  add_recipients(m, rcpt, first, r);
  add_subject(m, r);
  gen_buffer_format(&m->head, "Date: %s\n", date);
  gen_body_make(m, plan, c, text_brand, r, &m->head);
  add_mailer(&m->head, kind, r);
}

static void make_ham(gen_message *m, const gen_plan *plan, gen_random *r) {
  const gen_author *a = &plan->authors[gen_random_below(r, GEN_AUTHORS)];
  const peer list = {.ip = plan->list_ip, .rdns = "lists.example.net", .helo = "lists.example.net"};
  char date[GEN_DATE_TEXT];
  peer author = {.ip = a->ip};
  m->origin = plan->list_ip;
  m->relayed_from = a->ip;
  memcpy(author.rdns, a->host, sizeof a->host);
  memcpy(author.helo, a->host, sizeof a->host);
  static const mailer kinds[] = {THUNDERBIRD, MUTT, PINE, OUTLOOK, THUNDERBIRD, MUTT};
  mailer kind = kinds[a->mailer % 6];
  m->mailer = mailer_names[kind];
  gen_buffer_text(&m->sender, "tide-bounces@lists.example.net");
  make_date(m, plan->options, kind, date, r);
  const int64_t listed = m->time - (int64_t)gen_random_between(r, 1, 4);
  gen_expand(&m->subject, gen_theme_list.subject_without[gen_random_below(r, 6)], &plan->words, r,
             "", list_host);

  gen_buffer_format(&m->head, "Return-Path: <%.*s>\n", (int)m->sender.len, m->sender.ptr);
  add_receipt(m, &list, "tide@example.org", r);
  static const peer local = {.ip = 0x7f000001, .rdns = "localhost", .helo = "lists.example.net"};
  const delivery out = {list_host, NULL, "ESMTP", listed, 0},
                 in = {list_host, "tide@lists.example.net", "ESMTP", listed - 1, 0},
                 sent = {a->host, NULL, "ESMTPSA", listed - 2, 3600};
  add_postfix(m, &local, &out, r);
  add_postfix(m, &author, &in, r);
  if (gen_random_chance(r, 50)) { /* the author's own machine, after its router */
    peer home = {.ip = 0xc0a80000 | gen_random_between(r, 2, 250), .helo = "desk"};
    add_postfix(m, &home, &sent, r);
  }
  gen_buffer_format(&m->head, "Date: %s\nFrom: %s <%s>\nTo: tide@lists.example.net\n", date,
                    a->name, a->address);
  m->recipients = 1;
  add_subject(m, r);
  make_id(m, kind, strchr(a->address, '@') + 1, a->host, r);
  gen_buffer_format(&m->head, "Message-ID: %.*s\n", (int)m->id.len, m->id.ptr);
  if (gen_random_chance(r, 60)) {
    uint32_t left = gen_random_below(r, 100000), right = gen_random_below(r, 10000);
    gen_buffer_format(&m->head, "In-Reply-To: <%u.%u@example.com>\n", left, right);
  }
  gen_body_make(m, plan, NULL, NULL, r, &m->head);
  add_mailer(&m->head, kind, r);
  gen_buffer_text(
      &m->head,
      "Precedence: list\nList-Id: tide <tide.lists.example.net>\n"
      "List-Post: <mailto:tide@lists.example.net>\nSender: tide-bounces@lists.example.net\n");
}

void gen_message_make(gen_message *m, const gen_plan *plan, uint64_t number) {
  const gen_arrival *arrival = &plan->arrivals[number];
  gen_random r;
  if (plan->botnets) {
    gen_botnets_message(m, plan, number);
    return;
  }
  gen_random_seed(&r, plan->options->seed, UINT64_C(0x1000000000) + number);
  m->head.len = m->body.len = m->subject.len = m->sender.len = m->id.len = 0;
  m->time = arrival->time;
  m->relayed_from = 0;
  m->hops = 0;
  m->forged = false;
  if (arrival->campaign == GEN_HAM)
    make_ham(m, plan, &r);
  else
    make_spam(m, plan, &plan->campaigns[arrival->campaign], &r);
}

void gen_message_free(gen_message *m) {
  gen_buffer *all[] = {&m->head, &m->body, &m->subject, &m->sender, &m->id, &m->plain, &m->html};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    gen_buffer_free(all[i]);
}
