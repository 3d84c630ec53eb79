/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide rules: checks rule files, and counts which of their rows hit. */
#include <stdlib.h>

#include "commands.h"
#include "session.h"
#include "spamtide/data.h"
#include "spamtide/visible.h"
#include "spamtide/campaign.h"

/* --- check --- */

static tide_status check_file(session *s, const char *path, tide_error *err) {
  tide_rules *rules;
  tide_status status = tide_rules_new(&rules, err);
  if (status != TIDE_OK)
    return status;
  bool built_in = strcmp(path, "builtin") == 0;
  status = built_in ? tide_rules_add(rules, tide_data_campaigns, "built-in rules", err)
                    : tide_rules_add_file(rules, path, err);
  tide_buffer_clear(&s->sheet.text);
  if (status == TIDE_OK) {
    unsigned needs = tide_rules_needs(rules);
    status =
        tide_cell_clean(tide_span_of(built_in ? "built-in rules" : path), false, &s->sheet.text);
    if (status == TIDE_OK)
      status = tide_buffer_printf(
          &s->sheet.text, ": %zu rows in %zu campaigns; %s\n", tide_rules_count(rules),
          tide_rules_campaign_count(rules),
          needs & TIDE_NEED_TEXT ? "text is searched" : "only headers are searched, which is fast");
    status = status == TIDE_OK ? output_write(&s->out, tide_buffer_span(&s->sheet.text), err)
                               : tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  tide_rules_free(rules);
  return status;
}

static int command_check(const settings *o) {
  session s;
  tide_error err = {0};
  if (o->path_count < 2)
    return session_refuse("rules check needs a rule file, or builtin");
  tide_status status = session_open(&s, o, NULL, 0, &err);
  s.run.paths = NULL; /* no mail is read: no account */
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  for (size_t i = 1; i < o->path_count && status == TIDE_OK; i++)
    status = check_file(&s, o->paths[i], &err);
  return session_close(&s, status, &err);
}

/* --- hits --- */

typedef struct row_count {
  uint64_t hits, rule_hits;
  int64_t first, last;
} row_count;

typedef struct hits {
  session session;
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
  hits *h = context;
  counter *c = calloc(1, sizeof *c);
  if (!c)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  c->hits = h;
  c->counts = counts_new(h->rows);
  c->row_hits = calloc(h->rows + 1, sizeof *c->row_hits);
  c->rule_hits = calloc(h->rows + 1, sizeof *c->rule_hits);
  if (!c->counts || !c->row_hits || !c->rule_hits ||
      tide_matcher_new(&c->matcher, h->session.rules) != TIDE_OK) {
    counter_free(c);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  *worker = c;
  return TIDE_OK;
}

static tide_status counter_record(void *worker, tide_record *r, tide_arena *arena, tide_fate *fate,
                                  tide_error *err) {
  counter *c = worker;
  unsigned defects = 0;
  if (r->has_time)
    *fate = TIDE_FATE_COUNTED;
  if (tide_rules_survey(c->hits->session.rules, c->matcher, r->chain.message, r, arena, c->row_hits,
                        c->rule_hits, &defects) != TIDE_OK)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
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
  return r->count->first <= r->count->last ? tide_value_time(time, tide_zone_offset(r->zone, time))
                                           : tide_value_empty();
}

TIDE_GETTER(hits_row, campaign, tide_value_text(r->rule.campaign))
TIDE_GETTER(hits_row, rule, r->rule.rule.len ? tide_value_text(r->rule.rule) : tide_value_empty())
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
    {.name = "field", .help = "what the pattern is held against", .get = get_field},
    {.name = "pattern", .help = "the pattern", .get = get_pattern},
    {.name = "hits",
     .help = "messages in which the pattern was found, whether or not the rest of the rule held",
     .get = get_hits},
    {.name = "rule_hits",
     .help = "messages for which all rows of the rule held",
     .get = get_rule_hits},
    {.name = "first",
     .help = "earliest time of a message that the pattern was found in (RFC 3339)",
     .get = get_first},
    {.name = "last", .help = "latest", .get = get_last},
    {.name = "file", .help = "the rule file", .get = get_file},
    {.name = "line", .help = "where the row begins in it", .get = get_line},
};

const tide_columns rules_columns = TIDE_COLUMNS(hits_columns);

static tide_status write_rows(hits *h, tide_error *err) {
  session *s = &h->session;
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < h->rows && status == TIDE_OK; i++) {
    hits_row now = {tide_rules_row(s->rules, i), &h->whole[i], s->zone};
    now.rule.file = tide_path_visible(tide_span_of(now.rule.file), &s->sheet.names).ptr;
    if (!now.rule.file)
      return tide_error_set(err, TIDE_FATAL, "out of memory");
    status = tide_sheet_row_of(&s->sheet, &rules_columns, &now, err);
  }
  return status;
}

static int command_hits(const settings *o) {
  settings rest = *o; /* the mailboxes stand behind the word */
  hits h = {.whole = NULL};
  session *s = &h.session;
  tide_error err = {0};
  rest.paths++;
  rest.path_count--;
  tide_status status =
      session_open(s, &rest, NULL, TIDE_PART_TIME | TIDE_PART_ORIGIN | TIDE_PART_CAMPAIGN, &err);
  if (status == TIDE_OK) {
    h.rows = tide_rules_count(s->rules);
    h.whole = counts_new(h.rows);
    if (!h.whole)
      status = tide_error_set(&err, TIDE_FATAL, "out of memory");
  }
  if (status == TIDE_OK)
    status = tide_sheet_columns(&s->sheet, &rules_columns, false, &err);
  if (status == TIDE_OK)
    status = session_begin_table(s, &err);
  tide_sink sink = {.context = &h,
                    .open = counter_open,
                    .record = counter_record,
                    .close = counter_close,
                    .wants_undated = true};
  if (status == TIDE_OK)
    status = session_run(s, &sink, &err);
  if (status == TIDE_OK)
    status = write_rows(&h, &err);
  int code = session_close(s, status, &err);
  free(h.whole);
  return code;
}

int command_rules(const command *c, const settings *o) {
  (void)c;
  if (o->path_count && strcmp(o->paths[0], "check") == 0)
    return command_check(o);
  if (o->path_count && strcmp(o->paths[0], "hits") == 0)
    return command_hits(o);
  return session_refuse(
      "rules takes one of the words check and hits, and then files: see spamtide rules --help");
}
