/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules hits: which rows of the rule files hit, in how many messages, from when to when. Every row
 * is asked of every message: a row whose rule fails by another row shows too. And rules check: what
 * is in a file of them. */
#include <stdlib.h>
#include <string.h>

#include "base/data.h"
#include "rules/campaign.h"
#include "question/question.h"
#include "base/visible.h"

typedef struct row_count {
  uint64_t hits, rule_hits;
  int64_t first, last;
} row_count;

/* A question's state: the counts of all rows. */
typedef struct hits {
  const tide_rules *rules;
  size_t rows;
  row_count *whole;
} hits;

/* One worker's counts, and what it needs for one message. */
typedef struct counter {
  hits *hits;
  tide_matcher *matcher;
  row_count *counts;
  bool *row_hits, *rule_hits;
} counter;

static void counter_free(counter *c) {
  tide_matcher_free(c->matcher);
  free(c->counts);
  free(c->row_hits);
  free(c->rule_hits);
  free(c);
}

static row_count *counts_new(size_t rows) {
  row_count *counts = calloc(rows + 1, sizeof *counts);
  for (size_t i = 0; counts && i < rows; i++)
    counts[i] = (row_count){.first = INT64_MAX, .last = INT64_MIN};
  return counts;
}

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  hits *h = ((tide_question *)context)->state;
  counter *c = calloc(1, sizeof *c);
  if (!c)
    return tide_error_memory(err);
  c->hits = h;
  c->counts = counts_new(h->rows);
  c->row_hits = calloc(h->rows + 1, sizeof *c->row_hits);
  c->rule_hits = calloc(h->rows + 1, sizeof *c->rule_hits);
  if (!c->counts || !c->row_hits || !c->rule_hits ||
      tide_matcher_new(&c->matcher, h->rules) != TIDE_OK) {
    counter_free(c);
    return tide_error_memory(err);
  }
  *worker = c;
  return TIDE_OK;
}

static tide_status counter_record(void *worker, tide_record *r, const tide_extraction *x,
                                  tide_fate *fate, tide_error *err) {
  counter *c = worker;
  tide_row_hits found = {.rows = c->row_hits, .rules = c->rule_hits};
  if (r->has_time)
    *fate = TIDE_FATE_COUNTED;
  if (tide_rules_survey(c->matcher, x->message, r, x->arena, &found) != TIDE_OK)
    return tide_error_memory(err);
  for (size_t i = 0; i < c->hits->rows; i++) {
    row_count *n = &c->counts[i];
    n->hits += c->row_hits[i];
    n->rule_hits += c->rule_hits[i];
    if (!c->row_hits[i] || !r->has_time)
      continue;
    if (r->time < n->first)
      n->first = r->time;
    if (r->time > n->last)
      n->last = r->time;
  }
  return TIDE_OK;
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  (void)err;
  for (size_t i = 0; i < c->hits->rows && !failed; i++) {
    row_count *to = &c->hits->whole[i];
    to->hits += c->counts[i].hits;
    to->rule_hits += c->counts[i].rule_hits;
    if (c->counts[i].first < to->first)
      to->first = c->counts[i].first;
    if (c->counts[i].last > to->last)
      to->last = c->counts[i].last;
  }
  counter_free(c);
  return TIDE_OK;
}

/* One row of a rule file, and what it hit. */
typedef struct hits_row {
  tide_rule_row rule;
  const row_count *count;
  const tide_zone *zone;
} hits_row;

static tide_value zoned(const hits_row *r, int64_t time) {
  return r->count->first <= r->count->last ? tide_zone_value(r->zone, time) : tide_value_empty();
}

TIDE_GETTER(hits_row, campaign, tide_value_text(r->rule.campaign))
TIDE_GETTER(hits_row, rule, tide_value_text_if(r->rule.rule))
TIDE_GETTER(hits_row, field, tide_value_text(r->rule.field))
TIDE_GETTER(hits_row, pattern, tide_value_text(r->rule.pattern))
TIDE_GETTER(hits_row, hits, tide_value_uint(r->count->hits))
TIDE_GETTER(hits_row, rule_hits, tide_value_uint(r->count->rule_hits))
TIDE_GETTER(hits_row, first, zoned(r, r->count->first))
TIDE_GETTER(hits_row, last, zoned(r, r->count->last))
TIDE_GETTER(hits_row, file, tide_value_text(tide_span_of(r->rule.file)))
TIDE_GETTER(hits_row, line, tide_value_uint(r->rule.line))

static const tide_column hits_columns[] = {
    {.name = "campaign", .help = "campaign of the row", .get = get_campaign},
    {.name = "rule", .help = "name of the rule that the row belongs to", .get = get_rule},
    {.name = "field", .help = "what the pattern is matched against", .get = get_field},
    {.name = "pattern", .help = "the pattern", .get = get_pattern},
    {.name = "hits",
     .help = "messages in which the pattern was found, whether or not the rest of the rule matched",
     .get = get_hits},
    {.name = "rule_hits",
     .help = "messages for which all rows of the rule matched",
     .get = get_rule_hits},
    {.name = "first",
     .help = "earliest time of a message in which the pattern was found (RFC 3339)",
     .get = get_first},
    {.name = "last", .help = "latest", .get = get_last},
    {.name = "file", .help = "the rule file", .get = get_file},
    {.name = "line", .help = "line at which the row begins", .get = get_line},
};

static const tide_columns hits_table = TIDE_COLUMNS(hits_columns);

static tide_status hits_begin(tide_question *q, tide_error *err) {
  hits *h = calloc(1, sizeof *h);
  if (!h)
    return tide_error_memory(err);
  q->state = h;
  h->rules = q->run->extract.rules;
  h->rows = tide_rules_count(h->rules);
  h->whole = counts_new(h->rows);
  if (!h->whole)
    return tide_error_memory(err);
  TIDE_TRY(tide_sheet_columns(q->sheet, &hits_table, false, err));
  return tide_sheet_begin(q->sheet, err);
}

static tide_status hits_write(const tide_question *q, const tide_extent *extent, tide_error *err) {
  const hits *h = q->state;
  (void)extent;
  for (size_t i = 0; i < h->rows; i++) {
    hits_row now = {tide_rules_row(h->rules, i), &h->whole[i], q->zone};
    now.rule.file = tide_path_visible(tide_span_of(now.rule.file), &q->sheet->names).ptr;
    if (!now.rule.file)
      return tide_error_memory(err);
    TIDE_TRY(tide_sheet_row_of(q->sheet, &hits_table, &now, err));
  }
  return TIDE_OK;
}

static void hits_end(tide_question *q) {
  hits *h = q->state;
  if (!h)
    return;
  free(h->whole);
  free(h);
}

static const tide_sink hits_sink = {
    .open = counter_open, .record = counter_record, .close = counter_close, .wants_undated = true};

const tide_question_type tide_question_hits = {.name = "rules hits",
                                               .columns = &hits_table,
                                               .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN |
                                                        TIDE_PART_CAMPAIGN,
                                               .shows_hops = true,
                                               .begin = hits_begin,
                                               .sink = &hits_sink,
                                               .write = hits_write,
                                               .end = hits_end};

/* --- what is in a rule file --- */

static tide_status rules_say(const tide_rules *rules, const char *name, tide_buffer *line) {
  const bool text = tide_rules_needs(rules) & TIDE_NEED_TEXT;
  TIDE_TRY(tide_cell_clean(tide_span_of(name), false, NULL, line));
  return tide_buffer_printf(line, ": %zu rows in %zu campaigns; %s\n", tide_rules_count(rules),
                            tide_rules_campaign_count(rules),
                            text ? "text is searched" : "only headers are searched, which is fast");
}

tide_status tide_rules_check(const char *path, const atomic_bool *stop, tide_buffer *line,
                             tide_error *err) {
  static const char built_in[] = "built-in rules";
  const bool own = strcmp(path, "builtin") == 0;
  tide_rules *rules;
  TIDE_TRY(tide_rules_new(&rules, stop, err));
  tide_status status = own ? tide_rules_add(rules, tide_data_campaigns, built_in, err)
                           : tide_rules_add_file(rules, path, err);
  if (status == TIDE_OK)
    status = tide_error_of_status(err, rules_say(rules, own ? built_in : path, line));
  tide_rules_free(rules);
  return status;
}
