#include "counting.h"

#include <stdlib.h>

/* One worker's counts. */
typedef struct counter {
  counting *whole; /* the first worker's counts become the whole's, the others are merged into them */
  tide_tally *groups, *total;
  tide_examples *examples;
  tide_buffer group;
  int64_t bin;
  tide_bin lasts;
} counter;

static tide_status out_of_memory(tide_error *err) { return tide_error_set(err, TIDE_FATAL, "out of memory"); }

static void counter_free(counter *c) {
  tide_tally_free(c->groups);
  tide_tally_free(c->total);
  tide_examples_free(c->examples);
  tide_buffer_free(&c->group);
  free(c);
}

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  counting *whole = context;
  counter *c = calloc(1, sizeof *c);
  if (!c) return out_of_memory(err);
  c->whole = whole;
  if (tide_tally_new(&c->groups) != TIDE_OK || (whole->with_total && tide_tally_new(&c->total) != TIDE_OK) || tide_examples_new(&c->examples) != TIDE_OK) {
    counter_free(c);
    return out_of_memory(err);
  }
  *worker = c;
  return TIDE_OK;
}

static tide_status add_group(void *context, tide_span group, const tide_record *r) {
  counter *c = context;
  return tide_tally_add(c->groups, c->bin, group, r);
}

static tide_status counter_record(void *worker, const tide_record *r, tide_arena *arena, tide_fate *fate, tide_error *err) {
  counter *c = worker;
  /* Mail mostly comes in order: the bin of the last message often is this one's. */
  if ((r->time < c->lasts.start || r->time >= c->lasts.end) && !c->whole->bin(c->whole->session, r->time, &c->bin, &c->lasts)) {
    c->lasts = (tide_bin){0, 0};
    *fate = TIDE_FATE_FILTERED;
    return TIDE_OK;
  }
  *fate = TIDE_FATE_COUNTED;
  tide_status status = session_each_group(c->whole->session, r, arena, &c->group, add_group, c);
  if (status == TIDE_OK && c->total) status = tide_tally_add(c->total, c->bin, SPAN(""), r);
  if (status == TIDE_OK && r->template.len) status = tide_examples_add(c->examples, r->template, r);
  return status == TIDE_OK ? TIDE_OK : out_of_memory(err);
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  counting *whole = c->whole;
  tide_status status = TIDE_OK;
  if (!failed && (tide_tally_settle(c->groups) != TIDE_OK || (c->total && tide_tally_settle(c->total) != TIDE_OK))) {
    status = TIDE_FATAL;
  } else if (!failed && !whole->groups) {
    whole->groups = c->groups;
    whole->total = c->total;
    whole->examples = c->examples;
    c->groups = c->total = NULL;
    c->examples = NULL;
  } else if (!failed) {
    status = tide_tally_merge(whole->groups, c->groups, NULL);
    if (status == TIDE_OK && whole->total) status = tide_tally_merge(whole->total, c->total, NULL);
    if (status == TIDE_OK) status = tide_examples_merge(whole->examples, c->examples);
  }
  counter_free(c);
  return status == TIDE_OK ? TIDE_OK : out_of_memory(err);
}

tide_status counting_run(counting *c, tide_error *err) {
  const session *s = c->session;
  tide_sink sink = {.context = c, .open = counter_open, .record = counter_record, .close = counter_close};
  tide_status status = session_run(c->session, &sink, err);
  if (status == TIDE_OK) status = session_name_templates(s, &c->groups, c->examples, err);
  if (status != TIDE_OK || !s->settings->top || !s->group_count || tide_tally_group_count(c->groups) <= s->settings->top) return status;
  tide_tally *top;
  if (tide_tally_top(c->groups, (uint32_t)s->settings->top, s->group_values, &top) != TIDE_OK) return out_of_memory(err);
  tide_tally_free(c->groups);
  c->groups = top;
  return TIDE_OK;
}

void counting_free(counting *c) {
  tide_tally_free(c->groups);
  tide_tally_free(c->total);
  tide_examples_free(c->examples);
}

bool counting_bin_start(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  *lasts = tide_bin_of(&s->binning, time);
  *bin = lasts->start;
  return true;
}
