/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the owner's filter said of a message. A spammer can write "X-Spam-Flag: NO" too: only fields
 * above the Received header of the hop that was not ours count, since each server writes its fields
 * above those that it got. Filters that append theirs at the end of the header are not believed,
 * except Exchange, which takes away what a stranger wrote under its names. */
#include "extract/extractors.h"
#include "hops/chain.h"

typedef struct opinion {
  tide_opinion flag;
  bool has_score;
  double score;
} opinion;

/* A number at the beginning of s, as filters write it: a sign, digits, a point, digits. */
static bool number_read(tide_span s, double *out) {
  enum { DIGITS_MOST = 15 };
  s = tide_span_trim(s);
  const bool minus = s.len && s.ptr[0] == '-';
  size_t at = s.len && (minus || s.ptr[0] == '+');
  unsigned digits = 0;
  bool point = false;
  double value = 0, scale = 1;
  for (; at < s.len && digits < DIGITS_MOST; at++) {
    if (s.ptr[at] == '.' && !point) {
      point = true;
    } else if (tide_is_digit(s.ptr[at])) {
      value = value * 10 + (s.ptr[at] - '0');
      scale *= point ? 10 : 1;
      digits++;
    } else {
      break;
    }
  }
  *out = (minus ? -value : value) / scale;
  return digits > 0;
}

/* What filters call it, as the first word of a field's value. */
static void flag_word(tide_span value, opinion *o) {
  static const struct {
    tide_span word;
    tide_opinion flag;
  } words[] = {
      {SPAN("yes"), TIDE_OPINION_YES},       {SPAN("spam"), TIDE_OPINION_YES},
      {SPAN("true"), TIDE_OPINION_YES},      {SPAN("no"), TIDE_OPINION_NO},
      {SPAN("ham"), TIDE_OPINION_NO},        {SPAN("false"), TIDE_OPINION_NO},
      {SPAN("innocent"), TIDE_OPINION_NO},   {SPAN("whitelisted"), TIDE_OPINION_NO},
      {SPAN("good"), TIDE_OPINION_NO},       {SPAN("notspam"), TIDE_OPINION_NO},
      {SPAN("unsure"), TIDE_OPINION_UNSURE},
  };
  value = tide_span_trim(value);
  size_t end = 0;
  while (end < value.len && (tide_is_alpha(value.ptr[end]) || value.ptr[end] == '-'))
    end++;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (tide_span_iequal(tide_span_slice(value, 0, end), words[i].word))
      o->flag = words[i].flag;
}

/* The number after one of the names in a field's value: "score=6.3". */
static void score_named(tide_span value, tide_span name, opinion *o) {
  size_t at = tide_span_find(value, name);
  if (at < value.len && !o->has_score)
    o->has_score = number_read(tide_span_slice(value, at + name.len, value.len), &o->score);
}

static void take_flag(tide_span value, opinion *o) {
  flag_word(value, o);
}

/* SpamAssassin: "Yes, score=6.3 required=5.0 tests=…"; before version 3 "hits=". */
static void take_status(tide_span value, opinion *o) {
  flag_word(value, o);
  score_named(value, SPAN("score="), o);
  score_named(value, SPAN("hits="), o);
}

/* "6.3", "6.3 (++++++)", "6.3/5.0". */
static void take_score(tide_span value, opinion *o) {
  o->has_score = number_read(value, &o->score);
}

/* A star for each whole point. */
static void take_level(tide_span value, opinion *o) {
  size_t stars = 0;
  value = tide_span_trim(value);
  while (stars < value.len && value.ptr[stars] == '*')
    stars++;
  o->has_score = stars == value.len;
  o->score = (double)stars;
}

/* bogofilter: "Spam, tests=bogofilter, spamicity=0.999, version=1.2"; before 0.92 "Yes". */
static void take_bogosity(tide_span value, opinion *o) {
  flag_word(value, o);
  score_named(value, SPAN("spamicity="), o);
}

/* Exchange's spam confidence level: -1 to 9, spam from 5 on. */
static void level_judge(opinion *o) {
  if (o->has_score)
    o->flag = o->score >= 5 ? TIDE_OPINION_YES : TIDE_OPINION_NO;
}

static void take_scl(tide_span value, opinion *o) {
  o->has_score = number_read(value, &o->score);
  level_judge(o);
}

static void take_report(tide_span value, opinion *o) {
  score_named(value, SPAN("SCL:"), o);
  level_judge(o);
}

/* Barracuda: "Yes, SCORE=6.30 using per-user scores of TAG_LEVEL=3.5 …". */
static void take_barracuda(tide_span value, opinion *o) {
  flag_word(value, o);
  score_named(value, SPAN("SCORE="), o);
}

/* rspamd: "default: False [1.20 / 15.00]; …". */
static void take_rspamd(tide_span value, opinion *o) {
  const size_t colon = tide_span_find_char(value, ':');
  flag_word(tide_span_slice(value, colon + 1, value.len), o);
  score_named(value, SPAN("["), o);
}

/* SpamBayes: "spam; 0.99". */
static void take_spambayes(tide_span value, opinion *o) {
  flag_word(value, o);
  score_named(value, SPAN(";"), o);
}

/* CRM114: "SPAM  ( pR: -12.36 )": the score is below zero for spam. */
static void take_crm114(tide_span value, opinion *o) {
  flag_word(value, o);
  score_named(value, SPAN("pR:"), o);
}

/* Proofpoint: "rule=notspam policy=default score=0 spamscore=0 …". */
static void take_proofpoint(tide_span value, opinion *o) {
  const tide_span rule = SPAN("rule=");
  const size_t at = tide_span_find(value, rule);
  if (at < value.len)
    flag_word(tide_span_slice(value, at + rule.len, value.len), o);
  score_named(value, SPAN(" score="), o);
}

/* In the order in which they are believed. */
static const struct {
  tide_span name;
  void (*take)(tide_span value, opinion *);
  bool guarded; /* Exchange lets none in from outside */
} filters[] = {
    {.name = SPAN("x-spam-status"), .take = take_status},
    {.name = SPAN("x-spam-flag"), .take = take_flag},
    {.name = SPAN("x-spam-score"), .take = take_score},
    {.name = SPAN("x-spam"), .take = take_flag}, /* rspamd's milter: "Yes" */
    {.name = SPAN("x-bogosity"), .take = take_bogosity},
    {.name = SPAN("x-ms-exchange-organization-scl"), .take = take_scl, .guarded = true},
    {.name = SPAN("x-forefront-antispam-report"), .take = take_report},
    {.name = SPAN("x-spamd-result"), .take = take_rspamd},
    {.name = SPAN("x-barracuda-spam-status"), .take = take_barracuda},
    {.name = SPAN("x-barracuda-spam-flag"), .take = take_flag},
    {.name = SPAN("x-barracuda-spam-score"), .take = take_score},
    {.name = SPAN("x-dspam-result"), .take = take_flag},
    {.name = SPAN("x-spambayes-classification"), .take = take_spambayes},
    {.name = SPAN("x-crm114-status"), .take = take_crm114},
    {.name = SPAN("x-proofpoint-spam-details"), .take = take_proofpoint},
    {.name = SPAN("x-spam-level"), .take = take_level},
};
enum { FILTERS = sizeof filters / sizeof *filters };

/* How many fields come above the Received header of the hop that is not ours. Where all hops are
 * ours, above the last of them; without any, none can be told from the sender's. */
static uint32_t fields_above(const tide_message *m, const tide_record *r) {
  uint32_t at = m->first[TIDE_HEADER_RECEIVED], above = 0;
  for (uint32_t hop = 1; at != TIDE_HEADER_NONE; hop++, at = m->headers[at].next) {
    above = at;
    if (hop == r->outer_hop)
      break;
  }
  return above;
}

/* Did an Exchange server take the message from outside? From 2007 on it removes from strangers'
 * mail the names that begin with X-MS-Exchange-Organization- ("header firewall", TechNet bb232136),
 * so that they are its own wherever they are: it appends them. Older ones say other things behind
 * `with`. */
static bool is_guarded(const tide_extraction *x, const tide_record *r) {
  const tide_hop *hop = r->outer_hop ? tide_chain_hop(x->chain, r->outer_hop - 1, x->arena) : NULL;
  return hop && hop->server && strcmp(hop->server, "exchange") == 0 &&
         tide_span_istarts(hop->with, SPAN("Microsoft"));
}

static tide_status opinion_apply(const tide_extraction *x, tide_record *r) {
  const tide_message *m = x->message;
  const uint32_t above = fields_above(m, r);
  const uint32_t last = is_guarded(x, r) ? m->header_count : above;
  opinion best = {.flag = TIDE_OPINION_NONE};
  size_t flag_rank = FILTERS, score_rank = FILTERS;
  for (uint32_t i = 0; i < last; i++) {
    tide_span name = m->headers[i].name;
    if (!name.len || (name.ptr[0] | 0x20) != 'x')
      continue;
    for (size_t k = 0; k < FILTERS; k++) {
      if ((i >= above && !filters[k].guarded) || !tide_span_iequal(name, filters[k].name))
        continue;
      opinion o = {.flag = TIDE_OPINION_NONE};
      filters[k].take(m->headers[i].value, &o);
      if (o.flag != TIDE_OPINION_NONE && k < flag_rank) {
        flag_rank = k;
        best.flag = o.flag;
      }
      if (o.has_score && k < score_rank) {
        score_rank = k;
        best.has_score = true;
        best.score = o.score;
      }
    }
  }
  r->spam_flag = best.flag;
  r->has_spam_score = best.has_score;
  r->spam_score = best.score;
  return TIDE_OK;
}

const tide_extractor tide_extract_opinion = {.name = "opinion",
                                             .fills = TIDE_PART_OPINION,
                                             .uses = TIDE_PART_ORIGIN,
                                             .apply = opinion_apply};
