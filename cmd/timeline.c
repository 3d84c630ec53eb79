/* spamtide timeline: one row per bin, and per group where --by is given. */
#include <stdlib.h>

#include "commands.h"
#include "session.h"

typedef struct timeline {
  session session;
  tide_tally *whole;
  tide_examples *examples;
} timeline;

/* One worker's counts. */
typedef struct counter {
  session *session;
  tide_tally *tally;
  tide_examples *examples;
  timeline *into; /* the first worker's counts become the whole's, the others are merged into them */
  tide_buffer group;
  int64_t bin;
  tide_bin last_bin;
} counter;

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  timeline *t = context;
  counter *c = calloc(1, sizeof *c);
  if (!c || tide_tally_new(&c->tally) != TIDE_OK || tide_examples_new(&c->examples) != TIDE_OK) {
    if (c) tide_tally_free(c->tally);
    free(c);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  c->session = &t->session;
  c->into = t;
  *worker = c;
  return TIDE_OK;
}

static tide_status add_group(void *context, tide_span group, const tide_record *r) {
  counter *c = context;
  return tide_tally_add(c->tally, c->bin, group, r);
}

static tide_status counter_record(void *worker, const tide_record *r, tide_arena *arena, tide_fate *fate, tide_error *err) {
  counter *c = worker;
  *fate = TIDE_FATE_COUNTED;
  /* Mail mostly comes in order: the bin of the last message often is this one's. */
  if (r->time < c->last_bin.start || r->time >= c->last_bin.end) c->last_bin = tide_bin_of(&c->session->binning, r->time);
  c->bin = c->last_bin.start;
  tide_status status = session_each_group(c->session, r, arena, &c->group, add_group, c);
  if (status == TIDE_OK && r->template.len) status = tide_examples_add(c->examples, r->template, r);
  if (status == TIDE_OK) return TIDE_OK;
  return tide_error_set(err, TIDE_FATAL, "out of memory");
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  tide_status status = TIDE_OK;
  if (!failed && !c->into->whole) {
    c->into->whole = c->tally;
    c->into->examples = c->examples;
    c->tally = NULL;
    c->examples = NULL;
  } else if (!failed) {
    status = tide_tally_merge(c->into->whole, c->tally, NULL);
    if (status == TIDE_OK) status = tide_examples_merge(c->into->examples, c->examples);
  }
  tide_tally_free(c->tally);
  tide_examples_free(c->examples);
  tide_buffer_free(&c->group);
  free(c);
  return status == TIDE_OK ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

static tide_status write_table(timeline *t, tide_error *err) {
  session *s = &t->session;
  tide_status status = session_name_templates(s, &t->whole, t->examples, err);
  if (status != TIDE_OK) return status;
  tide_tally *top = NULL, *shown = t->whole;
  if (s->settings->top && s->group_count && tide_tally_group_count(shown) > s->settings->top) {
    if (tide_tally_top(shown, (uint32_t)s->settings->top, s->group_values, &top) != TIDE_OK) return tide_error_set(err, TIDE_FATAL, "out of memory");
    shown = top;
  }
  tide_timeline table = {.binning = &s->binning,
                         .windows = &s->windows,
                         .has_since = s->run.has_since,
                         .has_until = s->run.has_until,
                         .since = s->run.since,
                         .until = s->run.until,
                         .group_values = s->group_values};
  tide_row_writer writer = {.row = session_row, .context = s};
  status = tide_timeline_write(&table, shown, &writer, err);
  tide_tally_free(top);
  return status;
}

int command_timeline(const settings *o) {
  timeline t = {.whole = NULL};
  session *s = &t.session;
  tide_error err = {0};
  tide_status status = session_open(s, o, TIDE_PART_TIME | TIDE_PART_ORIGIN, &err);
  for (size_t i = 0; i < TIDE_TIMELINE_FIXED_BEFORE && status == TIDE_OK; i++)
    status = session_column(s, tide_span_of(tide_timeline_columns[i].name), &err);
  if (status == TIDE_OK) status = session_group_columns(s, &err);
  for (size_t i = 0; i < TIDE_TIMELINE_FIXED_AFTER && status == TIDE_OK; i++)
    status = session_column(s, tide_span_of(tide_timeline_columns[TIDE_TIMELINE_FIXED_BEFORE + i].name), &err);
  if (status == TIDE_OK) status = session_begin(s, &err);
  tide_sink sink = {.context = &t, .open = counter_open, .record = counter_record, .close = counter_close};
  if (status == TIDE_OK) status = session_run(s, &sink, &err);
  if (status == TIDE_OK) status = write_table(&t, &err);
  tide_tally_free(t.whole);
  tide_examples_free(t.examples);
  return session_close(s, status, &err);
}
