/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "counting.h"

#include <stdlib.h>

#include "spamtide/civil.h"

/* One worker's counts. */
typedef struct counter {
  counting
      *whole; /* the first worker's counts become the whole's, the others are merged into them */
  tide_tally *groups, *total, *archive;
  tide_pattern_scratch *scratch;
  tide_examples *examples;
  tide_buffer group;
  int64_t bin, day;
  tide_bin lasts, day_lasts;
  counting_end first, last;
} counter;

/* Which of two messages stands for an end does not depend on who saw it first. */
static bool end_before(const counting_end *e, int64_t time, tide_span source, uint64_t offset) {
  if (time != e->time)
    return time < e->time;
  int order = tide_span_compare(source, tide_buffer_span(&e->source));
  return order ? order < 0 : offset < e->offset;
}

static tide_status end_set(counting_end *e, int64_t bin, int64_t time, tide_span source,
                           uint64_t offset) {
  e->any = true;
  e->bin = bin;
  e->time = time;
  e->offset = offset;
  tide_buffer_clear(&e->source);
  return tide_buffer_put(&e->source, source);
}

static tide_status ends_add(counting_end *first, counting_end *last, int64_t bin, int64_t time,
                            tide_span source, uint64_t offset) {
  tide_status status = TIDE_OK;
  if (!first->any || bin < first->bin ||
      (bin == first->bin && end_before(first, time, source, offset)))
    status = end_set(first, bin, time, source, offset);
  if (status == TIDE_OK && (!last->any || bin > last->bin ||
                            (bin == last->bin && end_before(last, time, source, offset))))
    status = end_set(last, bin, time, source, offset);
  return status;
}

static tide_status out_of_memory(tide_error *err) {
  return tide_error_set(err, TIDE_FATAL, "out of memory");
}

static void counter_free(counter *c) {
  tide_tally_free(c->groups);
  tide_tally_free(c->total);
  tide_tally_free(c->archive);
  tide_pattern_scratch_free(c->scratch);
  tide_examples_free(c->examples);
  tide_buffer_free(&c->group);
  tide_buffer_free(&c->first.source);
  tide_buffer_free(&c->last.source);
  free(c);
}

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  counting *whole = context;
  counter *c = calloc(1, sizeof *c);
  if (!c)
    return out_of_memory(err);
  c->whole = whole;
  if (tide_tally_new(&c->groups) != TIDE_OK ||
      (whole->with_total && tide_tally_new(&c->total) != TIDE_OK) ||
      (whole->day && tide_tally_new(&c->archive) != TIDE_OK) ||
      (whole->day && tide_pattern_scratch_new(&c->scratch) != TIDE_OK) ||
      tide_examples_new(&c->examples) != TIDE_OK) {
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

static tide_status archive_add(counter *c, int64_t time) {
  /* Days are asked how many messages they had, and nothing else. */
  static const tide_record plain = {0};
  if ((time < c->day_lasts.start || time >= c->day_lasts.end) &&
      !c->whole->day(c->whole->session, time, &c->day, &c->day_lasts)) {
    c->day_lasts = (tide_bin){0, 0};
    return TIDE_OK;
  }
  return tide_tally_add(c->archive, c->day, SPAN(""), &plain);
}

static tide_status counter_record(void *worker, tide_record *r, tide_arena *arena, tide_fate *fate,
                                  tide_error *err) {
  counter *c = worker;
  const session *s = c->whole->session;
  if (c->archive && archive_add(c, r->time) != TIDE_OK)
    return out_of_memory(err);
  /* Mail mostly comes in order: the bin of the last message often is this one's. */
  if ((r->time < c->lasts.start || r->time >= c->lasts.end) &&
      !c->whole->bin(s, r->time, &c->bin, &c->lasts)) {
    c->lasts = (tide_bin){0, 0};
    *fate = TIDE_FATE_FILTERED;
    return TIDE_OK;
  }
  if (c->archive && s->settings->where.count) {
    tide_decision decision = TIDE_DECISION_YES;
    if (tide_filter_decide(s->filter, c->scratch, r, &s->run.fields, arena, &decision) != TIDE_OK)
      return out_of_memory(err);
    if (decision != TIDE_DECISION_YES) {
      *fate = decision == TIDE_DECISION_NO ? TIDE_FATE_FILTERED : TIDE_FATE_UNDECIDED;
      return TIDE_OK;
    }
  }
  *fate = c->bin < TIDE_TALLY_ASIDE ? TIDE_FATE_FILTERED : TIDE_FATE_COUNTED;
  tide_status status = session_each_group(s, r, arena, &c->group, add_group, c);
  if (status == TIDE_OK && c->whole->with_ends)
    status = ends_add(&c->first, &c->last, c->bin, r->time, r->source, r->offset);
  if (status == TIDE_OK && c->total)
    status = tide_tally_add(c->total, c->bin, SPAN(""), r);
  for (size_t i = 0; s->any_example && i < s->group_count && status == TIDE_OK; i++) {
    const tide_field_example *example = tide_field_example_of(s->groups[i].field);
    tide_span key = example ? example->key(r) : SPAN("");
    if (key.len)
      status = tide_examples_add(c->examples, key, example->text(r), r);
  }
  return status == TIDE_OK ? TIDE_OK : out_of_memory(err);
}

static tide_status ends_merge(counting *whole, const counter *c) {
  const counting_end *ends[] = {&c->first, &c->last};
  tide_status status = TIDE_OK;
  for (size_t i = 0; i < 2 && ends[i]->any && status == TIDE_OK; i++)
    status = ends_add(&whole->first, &whole->last, ends[i]->bin, ends[i]->time,
                      tide_buffer_span(&ends[i]->source), ends[i]->offset);
  return status;
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  counting *whole = c->whole;
  tide_status status = TIDE_OK;
  if (!failed && (tide_tally_settle(c->groups) != TIDE_OK ||
                  (c->total && tide_tally_settle(c->total) != TIDE_OK) ||
                  (c->archive && tide_tally_settle(c->archive) != TIDE_OK))) {
    status = TIDE_FATAL;
  } else if (!failed && !whole->groups) {
    whole->groups = c->groups;
    whole->total = c->total;
    whole->archive = c->archive;
    whole->examples = c->examples;
    c->groups = c->total = c->archive = NULL;
    c->examples = NULL;
  } else if (!failed) {
    status = tide_tally_merge(whole->groups, c->groups, NULL);
    if (status == TIDE_OK && whole->total)
      status = tide_tally_merge(whole->total, c->total, NULL);
    if (status == TIDE_OK && whole->archive)
      status = tide_tally_merge(whole->archive, c->archive, NULL);
    if (status == TIDE_OK)
      status = tide_examples_merge(whole->examples, c->examples);
  }
  if (!failed && status == TIDE_OK)
    status = ends_merge(whole, c);
  counter_free(c);
  return status == TIDE_OK ? TIDE_OK : out_of_memory(err);
}

tide_status counting_run(counting *c, tide_error *err) {
  const session *s = c->session;
  /* Whether a day had no mail, or only none that was asked for, shows before --where: then it is
   * asked here and not by the engine. */
  if (c->day)
    c->session->run.filter = NULL;
  tide_sink sink = {
      .context = c, .open = counter_open, .record = counter_record, .close = counter_close};
  c->session->origins_shown = c->session->run.parts & TIDE_PART_ORIGIN;
  tide_status status = session_run(c->session, &sink, err);
  if (status == TIDE_OK)
    status = session_show_examples(s, &c->groups, c->examples, err);
  if (status != TIDE_OK || !s->settings->top || !s->group_count ||
      tide_tally_group_count(c->groups) <= s->settings->top)
    return status;
  tide_tally *top;
  if (tide_tally_top(c->groups, (uint32_t)s->settings->top, s->group_values, &top) != TIDE_OK)
    return out_of_memory(err);
  tide_tally_free(c->groups);
  c->groups = top;
  return TIDE_OK;
}

void counting_free(counting *c) {
  tide_tally_free(c->groups);
  tide_tally_free(c->total);
  tide_tally_free(c->archive);
  tide_examples_free(c->examples);
  tide_buffer_free(&c->first.source);
  tide_buffer_free(&c->last.source);
}

tide_extent counting_extent(const counting *c) {
  const tide_account *a = &c->session->account;
  const tide_run_options *o = &c->session->run;
  return (tide_extent){.any = a->dated,
                       .first = a->first,
                       .last = a->last,
                       .has_since = o->has_since,
                       .has_until = o->has_until,
                       .since = o->since,
                       .until = o->until,
                       .days = c->archive,
                       .excluded = o->excluded,
                       .excluded_count = o->excluded_count};
}

tide_status counting_event_check(const counting *c, tide_error *err) {
  int64_t event = c->session->windows.event;
  const tide_account *a = &c->session->account;
  if (!a->dated || (event >= a->first && event <= a->last))
    return TIDE_OK;
  char at[TIDE_RFC3339_MAX], first[TIDE_RFC3339_MAX], last[TIDE_RFC3339_MAX];
  const tide_zone *zone = c->session->zone;
  tide_rfc3339_format(event, tide_zone_offset(zone, event), at);
  tide_rfc3339_format(a->first, tide_zone_offset(zone, a->first), first);
  tide_rfc3339_format(a->last, tide_zone_offset(zone, a->last), last);
  return tide_error_set(err, TIDE_USAGE,
                        "the event (%s) lies outside the archive, which has mail from %s to %s", at,
                        first, last);
}

bool counting_bin_start(const session *s, int64_t time, int64_t *bin, tide_bin *lasts) {
  *lasts = tide_bin_of(&s->binning, time);
  *bin = lasts->start;
  return true;
}
