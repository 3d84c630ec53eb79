/* spamtide compare: before and after the event, cut at its second. */
#include <stdlib.h>

#include "commands.h"
#include "session.h"

typedef struct compare {
  session session;
  tide_tally *total, *groups;
  tide_examples *examples;
} compare;

/* One worker's counts. */
typedef struct comparer {
  compare *compare;
  tide_tally *total, *groups;
  tide_examples *examples;
  tide_buffer group;
  tide_period period;
} comparer;

static void comparer_free(comparer *c) {
  tide_tally_free(c->total);
  tide_tally_free(c->groups);
  tide_examples_free(c->examples);
  tide_buffer_free(&c->group);
  free(c);
}

static tide_status comparer_open(void *context, void **worker, tide_error *err) {
  comparer *c = calloc(1, sizeof *c);
  if (!c || tide_tally_new(&c->total) != TIDE_OK || tide_tally_new(&c->groups) != TIDE_OK || tide_examples_new(&c->examples) != TIDE_OK) {
    if (c) comparer_free(c);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  c->compare = context;
  *worker = c;
  return TIDE_OK;
}

static tide_status add_group(void *context, tide_span group, const tide_record *r) {
  comparer *c = context;
  return tide_tally_add(c->groups, c->period, group, r);
}

static tide_status comparer_record(void *worker, const tide_record *r, tide_arena *arena, tide_fate *fate, tide_error *err) {
  comparer *c = worker;
  const session *s = &c->compare->session;
  c->period = tide_windows_period_at(&s->windows, r->time);
  if (c->period != TIDE_PERIOD_BEFORE && c->period != TIDE_PERIOD_AFTER) {
    *fate = TIDE_FATE_FILTERED;
    return TIDE_OK;
  }
  *fate = TIDE_FATE_COUNTED;
  tide_status status = tide_tally_add(c->total, c->period, SPAN(""), r);
  if (status == TIDE_OK && s->group_count) status = session_each_group(s, r, arena, &c->group, add_group, c);
  if (status == TIDE_OK && r->template.len) status = tide_examples_add(c->examples, r->template, r);
  return status == TIDE_OK ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

static tide_status comparer_close(void *worker, bool failed, tide_error *err) {
  comparer *c = worker;
  tide_status status = TIDE_OK;
  if (!failed) {
    status = tide_tally_merge(c->compare->total, c->total, NULL);
    if (status == TIDE_OK) status = tide_tally_merge(c->compare->groups, c->groups, NULL);
    if (status == TIDE_OK) status = tide_examples_merge(c->compare->examples, c->examples);
  }
  comparer_free(c);
  return status == TIDE_OK ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

static tide_status write_table(compare *c, tide_error *err) {
  session *s = &c->session;
  tide_status status = session_name_templates(s, &c->groups, c->examples, err);
  if (status != TIDE_OK) return status;
  if (s->settings->top && tide_tally_group_count(c->groups) > s->settings->top) {
    tide_tally *top;
    if (tide_tally_top(c->groups, (uint32_t)s->settings->top, s->group_values, &top) != TIDE_OK) return tide_error_set(err, TIDE_FATAL, "out of memory");
    tide_tally_free(c->groups);
    c->groups = top;
  }
  tide_compare table = {.windows = &s->windows, .group_values = s->group_values};
  tide_row_writer writer = {.row = session_row, .context = s};
  return tide_compare_write(&table, c->total, c->groups, &writer, err);
}

int command_compare(const settings *o) {
  compare c = {.total = NULL};
  session *s = &c.session;
  tide_error err = {0};
  if (!o->event) return session_refuse("compare needs --event WHEN; `spamtide events` lists known ones");
  tide_status status = session_open(s, o, TIDE_PART_TIME | TIDE_PART_ORIGIN, &err);
  if (status == TIDE_OK) status = session_group_columns(s, &err);
  for (size_t i = 0; i < TIDE_COMPARE_FIXED_AFTER && status == TIDE_OK; i++)
    status = session_column(s, tide_span_of(tide_compare_columns[i].name), &err);
  if (status == TIDE_OK && (tide_tally_new(&c.total) != TIDE_OK || tide_tally_new(&c.groups) != TIDE_OK || tide_examples_new(&c.examples) != TIDE_OK))
    status = tide_error_set(&err, TIDE_FATAL, "out of memory");
  if (status == TIDE_OK) status = session_begin(s, &err);
  tide_sink sink = {.context = &c, .open = comparer_open, .record = comparer_record, .close = comparer_close};
  if (status == TIDE_OK) status = session_run(s, &sink, &err);
  if (status == TIDE_OK) status = write_table(&c, &err);
  tide_tally_free(c.total);
  tide_tally_free(c.groups);
  tide_examples_free(c.examples);
  return session_close(s, status, &err);
}
