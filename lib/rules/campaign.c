/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message against a rule set. */
#include "rules.h"

#include <stdlib.h>

#include "extract/extractors.h"
#include "base/limits.h"
#include "extract/url.h"

struct tide_matcher {
  const tide_rules *rules;
  tide_pattern_scratch *scratch;
  uint32_t *matched; /* by campaign: the last turn in which it matched */
  uint32_t turn;
  gate_marks subject_gates, text_gates;
  tide_buffer folded_subject, folded_text; /* with look-alikes as plain letters */
};

tide_status tide_matcher_new(tide_matcher **out, const tide_rules *rules) {
  tide_matcher *m = calloc(1, sizeof *m);
  if (!m)
    return TIDE_FATAL;
  m->rules = rules;
  m->matched = calloc(rules->campaigns.count + 1u, sizeof *m->matched);
  if (!m->matched || tide_pattern_scratch_new(&m->scratch) != TIDE_OK) {
    tide_matcher_free(m);
    return TIDE_FATAL;
  }
  *out = m;
  return TIDE_OK;
}

void tide_matcher_free(tide_matcher *m) {
  if (!m)
    return;
  tide_pattern_scratch_free(m->scratch);
  tide_buffer_free(&m->folded_subject);
  tide_buffer_free(&m->folded_text);
  tide_gate_marks_free(&m->subject_gates);
  tide_gate_marks_free(&m->text_gates);
  free(m->matched);
  free(m);
}

/* Decoded text that rules look at, and what is made of it when the first asks. */
typedef struct haystack {
  tide_span text;
  tide_buffer *folded; /* NULL: not wanted */
  const gate_set *gates;
  gate_marks *marks; /* by text and folded */
  bool has_folded, has_marks;
} haystack;

/* One message being matched. What several rules look at is made once, when the first asks. */
typedef struct matching {
  const tide_rules *rules;
  tide_matcher *matcher;
  const tide_message *message;
  const tide_record *record;
  tide_arena *arena;
  tide_status status;
  unsigned defects;
  tide_span found;        /* by the last row that matched */
  tide_span *unfolded;    /* by header index; ptr NULL: not yet */
  uint32_t *first, *next; /* fields by number in rules->headers: the first, and by header index the
                             next; TIDE_HEADER_NONE */
  const tide_span *urls;
  uint32_t url_count;
  bool has_urls;
  haystack subject, body;
  char origin[TIDE_IP_TEXT];
} matching;

static bool search(matching *m, const rule *x, tide_span text) {
  switch (tide_pattern_search(x->pattern, m->matcher->scratch, text, &m->found)) {
  case TIDE_MATCH_YES: return true;
  case TIDE_MATCH_NO: return false;
  case TIDE_MATCH_LIMIT_REACHED: m->defects |= TIDE_DEFECT_MATCH_LIMIT; return false;
  case TIDE_MATCH_NO_MEMORY: break;
  }
  m->status = TIDE_FATAL;
  return false;
}

static void *take(matching *m, size_t size) {
  void *p = tide_arena_take(m->arena, size);
  if (!p)
    m->status = TIDE_FATAL;
  return p;
}

static bool search_header(matching *m, const rule *x, uint32_t index) {
  tide_span value = m->message->headers[index].value;
  if (value.len > TIDE_LIMIT_HEADER_VALUE) {
    value.len = TIDE_LIMIT_HEADER_VALUE;
    m->defects |= TIDE_DEFECT_LONG_HEADER;
  }
  if (value.len && memchr(value.ptr, '\n', value.len)) {
    if (!m->unfolded) {
      m->unfolded = take(m, m->message->header_count * sizeof *m->unfolded);
      if (!m->unfolded)
        return false;
      memset(m->unfolded, 0, m->message->header_count * sizeof *m->unfolded);
    }
    if (!m->unfolded[index].ptr)
      m->unfolded[index] = tide_header_unfold(value, m->arena);
    value = m->unfolded[index];
    if (!value.ptr) {
      m->status = TIDE_FATAL;
      return false;
    }
  }
  return search(m, x, value);
}

static bool search_known(matching *m, const rule *x, tide_header_id id) {
  for (uint32_t at = m->message->first[id]; at != TIDE_HEADER_NONE;
       at = m->message->headers[at].next)
    if (search_header(m, x, at))
      return true;
  return false;
}

/* Sorts the fields that the message index does not number by the names that rules ask for. */
static bool index_headers(matching *m) {
  const tide_message *message = m->message;
  const uint32_t names = m->rules->headers.count;
  uint32_t *first = take(m, names * sizeof *first),
           *next = take(m, message->header_count * sizeof *next);
  if (!first || !next)
    return false;
  for (uint32_t i = 0; i < names; i++)
    first[i] = TIDE_HEADER_NONE;
  for (uint32_t i = message->header_count; i--;) {
    tide_span name = message->headers[i].name;
    char lower[RULE_HEADER_NAME_MAX];
    if (message->headers[i].id != TIDE_HEADER_OTHER || name.len > sizeof lower)
      continue;
    if (!(m->rules->header_lengths >> (name.len < 63 ? name.len : 63) & 1))
      continue;
    for (size_t k = 0; k < name.len; k++)
      lower[k] = tide_lower(name.ptr[k]);
    uint32_t number = tide_map_find(&m->rules->headers, tide_span_make(lower, name.len));
    if (number == TIDE_MAP_NONE)
      continue;
    next[i] = first[number];
    first[number] = i;
  }
  m->first = first;
  m->next = next;
  return true;
}

static bool search_other(matching *m, const rule *x) {
  if (!m->first && !index_headers(m))
    return false;
  for (uint32_t at = m->first[x->header]; at != TIDE_HEADER_NONE; at = m->next[at])
    if (search_header(m, x, at))
      return true;
  return false;
}

static bool search_urls(matching *m, const rule *x) {
  if (!m->has_urls) {
    if (tide_urls_find(m->message, m->arena, &m->urls, &m->url_count, &m->defects) != TIDE_OK) {
      m->status = TIDE_FATAL;
      return false;
    }
    m->has_urls = true;
  }
  for (uint32_t i = 0; i < m->url_count; i++)
    if (search(m, x, m->urls[i]))
      return true;
  return false;
}

/* The text with look-alikes folded; empty if that is not wanted, or changes nothing. */
static tide_span folded(matching *m, haystack *h) {
  if (!h->folded)
    return (tide_span){0};
  if (!h->has_folded) {
    tide_buffer_clear(h->folded);
    h->folded->limit = 2 * TIDE_LIMIT_TEXT; /* compatibility forms can be longer */
    if (tide_lookalikes_fold(h->text, h->folded) == TIDE_FATAL)
      m->status = TIDE_FATAL;
    if (tide_span_equal(tide_buffer_span(h->folded), h->text))
      tide_buffer_clear(h->folded);
    h->has_folded = true;
  }
  return tide_buffer_span(h->folded);
}

static bool search_text(matching *m, const rule *x, haystack *h) {
  if (search(m, x, h->text))
    return true;
  tide_span plain = folded(m, h);
  return plain.len && search(m, x, plain);
}

/* Can the row match at all? A text is searched for all gates' words when the first row asks. */
static bool rule_open(matching *m, const rule *x) {
  if (x->gate == GATE_NONE)
    return true;
  haystack *h = x->place == RULE_SUBJECT ? &m->subject : &m->body;
  if (!h->has_marks) {
    h->has_marks = true;
    if (tide_gate_marks_shut(h->gates, h->marks) != TIDE_OK ||
        tide_gate_search(h->gates, h->text, h->marks) != TIDE_OK ||
        tide_gate_search(h->gates, folded(m, h), h->marks) != TIDE_OK) {
      h->has_marks = false;
      m->status = TIDE_FATAL;
      return false;
    }
  }
  return gate_open(h->marks, x->gate);
}

static bool rule_holds(matching *m, const rule *x) {
  switch (x->place) {
  case RULE_ORIGIN:
    /* What is unknown matches nothing, not even `^(?!10\.)`. */
    if (m->record->origin.family == 0)
      return false;
    return search(m, x, tide_span_make(m->origin, tide_ip_format(&m->record->origin, m->origin)));
  case RULE_HELO: return m->record->helo.len && search(m, x, m->record->helo);
  case RULE_HEADER:
    return x->id == TIDE_HEADER_OTHER ? search_other(m, x) : search_known(m, x, x->id);
  case RULE_RECEIVED: return search_known(m, x, TIDE_HEADER_RECEIVED);
  case RULE_SUBJECT: return search_text(m, x, &m->subject);
  case RULE_URL: return search_urls(m, x);
  case RULE_TEXT: return search_text(m, x, &m->body);
  case RULE_RAW: return search(m, x, m->message->raw->bytes);
  }
  return false;
}

static matching matching_of(tide_matcher *matcher, const tide_message *message,
                            const tide_record *record, tide_arena *arena) {
  const tide_rules *rules = matcher->rules;
  return (matching){
      .rules = rules,
      .matcher = matcher,
      .message = message,
      .record = record,
      .arena = arena,
      .subject = {.text = message->subject,
                  .gates = rules->subject_gates,
                  .marks = &matcher->subject_gates,
                  .folded = rules->fold ? &matcher->folded_subject : NULL},
      .body = {.text = message->text,
               .gates = rules->text_gates,
               .marks = &matcher->text_gates,
               .folded = rules->fold ? &matcher->folded_text : NULL},
  };
}

/* All gates before the first search: it takes one that is closed. But rows on headers come before
 * all: they may spare the look at the text. */
static bool group_holds(matching *m, const rule_group *g) {
  const rule *rows = &m->rules->rows[g->first];
  uint32_t cheap = 0;
  while (cheap < g->count && rows[cheap].place < RULE_SUBJECT)
    if (!rule_holds(m, &rows[cheap++]))
      return false;
  for (uint32_t i = cheap; i < g->count; i++)
    if (!rule_open(m, &rows[i]))
      return false;
  for (uint32_t i = cheap; i < g->count; i++)
    if (!rule_holds(m, &rows[i]))
      return false;
  return true;
}

/* The rows of a rule that decided, each searched once more for what it found: nobody but `explain`
 * asks. */
static void tell(matching *m, const rule_group *g, tide_hit_taker taker) {
  for (uint32_t i = 0; i < g->count; i++) {
    const rule *x = &m->rules->rows[g->first + i];
    if (!rule_holds(m, x))
      continue;
    const tide_hit h = {g->campaign, m->rules->files[x->file], x->line, g->name, x->field, x->text,
                        m->found};
    taker.hit(taker.context, &h);
  }
}

tide_status tide_rules_explain(tide_matcher *matcher, const tide_message *message,
                               const tide_record *record, tide_arena *arena, tide_hit_taker taker,
                               tide_matches *out) {
  const tide_rules *rules = matcher->rules;
  matching m = matching_of(matcher, message, record, arena);
  uint32_t matches = 0;
  if (++matcher->turn == 0) { /* after 2^32 messages: old marks would be taken for new ones */
    memset(matcher->matched, 0, rules->campaigns.count * sizeof *matcher->matched);
    matcher->turn = 1;
  }
  const uint32_t groups = rules->group_numbers.count;
  for (uint32_t i = 0; i < groups && m.status == TIDE_OK; i++) {
    const rule_group *g = &rules->groups[rules->plan[i]];
    if (matcher->matched[g->campaign] == matcher->turn)
      continue;
    if (!group_holds(&m, g))
      continue;
    matcher->matched[g->campaign] = matcher->turn;
    matches++;
    if (taker.hit)
      tell(&m, g, taker);
  }
  uint32_t *numbers = m.status == TIDE_OK ? take(&m, (matches + 1u) * sizeof *numbers) : NULL;
  if (m.status != TIDE_OK)
    return m.status;
  uint32_t found = 0;
  for (uint32_t c = 0; c < rules->campaigns.count && found < matches; c++)
    if (matcher->matched[c] == matcher->turn)
      numbers[found++] = c;
  *out = (tide_matches){.campaigns = numbers, .count = found, .defects = m.defects};
  return TIDE_OK;
}

tide_status tide_rules_survey(tide_matcher *matcher, const tide_message *message,
                              const tide_record *record, tide_arena *arena, tide_row_hits *out) {
  const tide_rules *rules = matcher->rules;
  matching m = matching_of(matcher, message, record, arena);
  for (uint32_t i = 0; i < rules->group_numbers.count && m.status == TIDE_OK; i++) {
    const rule_group *g = &rules->groups[i];
    bool all = true;
    for (uint32_t k = g->first; k < g->first + g->count; k++) {
      const rule *x = &rules->rows[k];
      bool hit = rule_open(&m, x) && rule_holds(&m, x);
      out->rows[x->order] = hit;
      all = all && hit;
    }
    for (uint32_t k = g->first; k < g->first + g->count; k++)
      out->rules[rules->rows[k].order] = all;
  }
  out->defects = m.defects;
  return m.status;
}

tide_status tide_rules_match(tide_matcher *matcher, const tide_message *message,
                             const tide_record *record, tide_arena *arena, tide_matches *out) {
  return tide_rules_explain(matcher, message, record, arena, (tide_hit_taker){.hit = NULL}, out);
}

static unsigned campaign_needs(const tide_extract_options *options) {
  return options->rules ? tide_rules_needs(options->rules) : 0;
}

static tide_status campaign_apply(const tide_extraction *x, tide_record *r) {
  if (!x->options->rules)
    return TIDE_OK;
  tide_matches found;
  TIDE_TRY(tide_rules_match(x->matcher, x->message, r, x->arena, &found));
  r->campaigns = found.campaigns;
  r->campaign_count = found.count;
  r->defects |= found.defects;
  return TIDE_OK;
}

const tide_extractor tide_extract_campaign = {.name = "campaign",
                                              .fills = TIDE_PART_CAMPAIGN,
                                              .needs = campaign_needs,
                                              .uses = TIDE_PART_ORIGIN,
                                              .apply = campaign_apply};
