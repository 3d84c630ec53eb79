/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting an archive: each message in one bin, in its groups and in the total. What every table
 * over time is made from. Workers count apart; the last step adds them up. */
#include "counting.h"

#include <stdlib.h>

/* One worker's counts. */
typedef struct counter {
  const tide_question *question;
  tide_counts *whole; /* the first worker's counts become the whole's, the others are merged in */
  tide_counts own;
  tide_pattern_scratch *scratch;
  tide_buffer group, receiver;
  int64_t bin, day;
  tide_bin lasts, day_lasts;
} counter;

/* All tallies of the counts; NULL for those that are not asked for. */
enum { TALLIES = 5 };
static void tallies_of(const tide_counts *c, tide_tally *out[TALLIES]) {
  tide_tally *const all[TALLIES] = {c->groups, c->total, c->archive, c->receivers, c->control};
  memcpy(out, all, sizeof all);
}

/* Which of two messages stands for an end does not depend on who saw it first. */
static bool end_before(const tide_count_end *e, int64_t time, tide_span source, uint64_t offset) {
  if (time != e->time)
    return time < e->time;
  int order = tide_span_compare(source, tide_buffer_span(&e->source));
  return order ? order < 0 : offset < e->offset;
}

static tide_status end_set(tide_count_end *e, int64_t bin, int64_t time, tide_span source,
                           uint64_t offset) {
  e->any = true;
  e->bin = bin;
  e->time = time;
  e->offset = offset;
  tide_buffer_clear(&e->source);
  return tide_buffer_put(&e->source, source);
}

static tide_status ends_add(tide_count_end *first, tide_count_end *last, int64_t bin, int64_t time,
                            tide_span source, uint64_t offset) {
  if (!first->any || bin < first->bin ||
      (bin == first->bin && end_before(first, time, source, offset)))
    TIDE_TRY(end_set(first, bin, time, source, offset));
  if (!last->any || bin > last->bin || (bin == last->bin && end_before(last, time, source, offset)))
    TIDE_TRY(end_set(last, bin, time, source, offset));
  return TIDE_OK;
}

static void counter_free(counter *c) {
  tide_counting_free(&c->own);
  tide_pattern_scratch_free(c->scratch);
  tide_buffer_free(&c->group);
  tide_buffer_free(&c->receiver);
  free(c);
}

/* Does the question ask for one of these TIDE_COUNT_…? */
static bool counting_asks(const tide_question *q, unsigned counts) {
  unsigned asked = q->type->counts;
  if (q->groups.count && (asked & TIDE_COUNT_TOTAL_OF_GROUPS))
    asked |= TIDE_COUNT_TOTAL;
  return asked & counts;
}

static tide_status senders_open(const tide_question *q, counter *c) {
  const tide_senders_options options = {.has_event = q->windows.has_event,
                                        .event = q->windows.event,
                                        .parts = tide_question_parts(q)};
  return counting_asks(q, TIDE_COUNT_SENDERS) ? tide_senders_new(&options, &c->own.senders)
                                              : TIDE_OK;
}

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  tide_question *q = context;
  counter *c = calloc(1, sizeof *c);
  if (!c)
    return tide_error_memory(err);
  c->question = q;
  c->whole = &q->counts;
  if (tide_tally_new(&c->own.groups) != TIDE_OK ||
      (counting_asks(q, TIDE_COUNT_TOTAL) && tide_tally_new(&c->own.total) != TIDE_OK) ||
      (q->type->day && tide_tally_new(&c->own.archive) != TIDE_OK) ||
      (counting_asks(q, TIDE_COUNT_RECEIVERS) && tide_tally_new(&c->own.receivers) != TIDE_OK) ||
      (q->control && tide_tally_new(&c->own.control) != TIDE_OK) ||
      (q->type->day && tide_pattern_scratch_new(&c->scratch) != TIDE_OK) ||
      tide_examples_new(&c->own.examples) != TIDE_OK || senders_open(q, c) != TIDE_OK) {
    counter_free(c);
    return tide_error_memory(err);
  }
  tide_tally *tallies[TALLIES];
  tallies_of(&c->own, tallies);
  for (size_t i = 0; i < TALLIES; i++)
    if (tallies[i])
      tide_tally_stop_by(tallies[i], q->run->stop);
  *worker = c;
  return TIDE_OK;
}

static tide_status add_group(void *context, tide_span group, const tide_record *r) {
  counter *c = context;
  return tide_tally_add(c->own.groups, c->bin, group, r);
}

/* Days are asked how many messages they had, and nothing else. */
static const tide_record plain_record = {0};

static tide_status archive_add(counter *c, const tide_record *r) {
  const int64_t time = r->time;
  tide_buffer_clear(&c->receiver);
  if ((time < c->day_lasts.start || time >= c->day_lasts.end) &&
      !c->question->type->day(c->question, time, &c->day, &c->day_lasts)) {
    c->day_lasts = (tide_bin){0, 0};
    return TIDE_OK;
  }
  TIDE_TRY(tide_tally_add(c->own.archive, c->day, SPAN(""), &plain_record));
  if (!c->own.receivers || !r->receiver.len)
    return TIDE_OK;
  TIDE_TRY(tide_buffer_put(&c->receiver, r->receiver));
  for (size_t i = 0; i < c->receiver.len; i++)
    c->receiver.ptr[i] = tide_lower(c->receiver.ptr[i]);
  return tide_tally_add(c->own.receivers, c->day, tide_buffer_span(&c->receiver), &plain_record);
}

static tide_status decide(counter *c, const tide_filter *filter, tide_record *r, tide_arena *arena,
                          tide_decision *out) {
  return tide_filter_decide(filter, c->scratch, r, &c->question->run->fields, arena, out);
}

/* Whether the message is asked for, and of the control rather than of the answer. */
static tide_status message_decide(counter *c, tide_record *r, tide_arena *arena, tide_decision *out,
                                  bool *of_control) {
  const tide_question *q = c->question;
  tide_decision decision = TIDE_DECISION_NO;
  if (c->own.control)
    TIDE_TRY(decide(c, q->control, r, arena, &decision));
  *of_control = decision == TIDE_DECISION_YES;
  if (decision == TIDE_DECISION_NO) {
    decision = TIDE_DECISION_YES;
    if (c->own.archive && q->filter)
      TIDE_TRY(decide(c, q->filter, r, arena, &decision));
  }
  *out = decision;
  return TIDE_OK;
}

static tide_status examples_add(counter *c, const tide_record *r) {
  const tide_grouping *groups = &c->question->groups;
  for (size_t i = 0; groups->any_example && i < groups->count; i++) {
    const tide_field_example *example = tide_field_example_of(groups->fields[i].field);
    tide_span key = example ? example->key(r) : SPAN("");
    if (key.len)
      TIDE_TRY(tide_examples_add(c->own.examples, key, example->text(r), r));
  }
  return TIDE_OK;
}

/* A message that is asked for, in all that is counted. */
static tide_status message_add(counter *c, tide_record *r, tide_arena *arena, bool counted) {
  const tide_question *q = c->question;
  TIDE_TRY(tide_grouping_each(&q->groups, &q->run->fields, r, arena, &c->group,
                              (tide_group_taker){add_group, c}));
  if (counting_asks(q, TIDE_COUNT_ENDS))
    TIDE_TRY(ends_add(&c->own.first, &c->own.last, c->bin, r->time, r->source, r->offset));
  if (c->own.total)
    TIDE_TRY(tide_tally_add(c->own.total, c->bin, SPAN(""), r));
  if (c->own.receivers && c->receiver.len && counted)
    TIDE_TRY(tide_tally_add(c->own.receivers, TIDE_RECEIVERS_COUNTED,
                            tide_buffer_span(&c->receiver), &plain_record));
  if (c->own.senders)
    TIDE_TRY(tide_senders_add(c->own.senders, r, &q->run->fields));
  return examples_add(c, r);
}

static tide_status message_take(counter *c, tide_record *r, tide_arena *arena, tide_fate *fate) {
  const tide_question *q = c->question;
  if (c->own.archive)
    TIDE_TRY(archive_add(c, r));
  *fate = TIDE_FATE_OUTSIDE;
  /* Mail mostly comes in order: the bin of the last message often is this one's. */
  if ((r->time < c->lasts.start || r->time >= c->lasts.end) &&
      !q->type->bin(q, r->time, &c->bin, &c->lasts)) {
    c->lasts = (tide_bin){0, 0};
    return TIDE_OK;
  }
  tide_decision decision;
  bool of_control;
  TIDE_TRY(message_decide(c, r, arena, &decision, &of_control));
  const bool counted = c->bin >= TIDE_TALLY_ASIDE;
  if (counted && (of_control || decision == TIDE_DECISION_NO))
    *fate = TIDE_FATE_FILTERED;
  if (of_control)
    return tide_tally_add(c->own.control, c->bin, SPAN(""), r);
  switch (decision) {
  case TIDE_DECISION_NO: return TIDE_OK;
  case TIDE_DECISION_NONE: *fate = TIDE_FATE_UNDECIDED; return TIDE_OK;
  case TIDE_DECISION_YES: break;
  }
  if (counted)
    *fate = TIDE_FATE_COUNTED;
  return message_add(c, r, arena, counted);
}

static tide_status counter_record(void *worker, tide_record *r, const tide_extraction *x,
                                  tide_fate *fate, tide_error *err) {
  return message_take(worker, r, x->arena, fate) == TIDE_OK ? TIDE_OK : tide_error_memory(err);
}

static tide_status ends_merge(tide_counts *whole, const tide_counts *own) {
  const tide_count_end *ends[] = {&own->first, &own->last};
  for (size_t i = 0; i < 2 && ends[i]->any; i++)
    TIDE_TRY(ends_add(&whole->first, &whole->last, ends[i]->bin, ends[i]->time,
                      tide_buffer_span(&ends[i]->source), ends[i]->offset));
  return TIDE_OK;
}

static tide_status counts_settle(tide_counts *own) {
  tide_tally *tallies[TALLIES];
  tallies_of(own, tallies);
  for (size_t i = 0; i < TALLIES; i++)
    if (tallies[i])
      TIDE_TRY(tide_tally_settle(tallies[i]));
  return own->senders ? tide_senders_settle(own->senders) : TIDE_OK;
}

/* Both were opened for the same question: what one has, the other has too. */
static tide_status counts_merge(tide_counts *whole, const tide_counts *own) {
  tide_tally *to[TALLIES], *from[TALLIES];
  tallies_of(whole, to);
  tallies_of(own, from);
  for (size_t i = 0; i < TALLIES; i++)
    if (to[i])
      TIDE_TRY(tide_tally_merge(to[i], from[i], NULL));
  TIDE_TRY(tide_examples_merge(whole->examples, own->examples));
  if (whole->senders)
    TIDE_TRY(tide_senders_merge(whole->senders, own->senders));
  return ends_merge(whole, own);
}

/* The first worker's counts become the whole's. */
static tide_status counter_merge(counter *c) {
  TIDE_TRY(counts_settle(&c->own));
  if (c->whole->groups)
    return counts_merge(c->whole, &c->own);
  *c->whole = c->own;
  c->own = (tide_counts){0};
  return TIDE_OK;
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  const tide_status status = failed ? TIDE_OK : counter_merge(c);
  counter_free(c);
  return tide_error_of_status(err, status);
}

/* Gives groups what is beside them, and puts templates in the place of signatures. */
static tide_status show_examples(tide_question *q, tide_error *err) {
  bool shown[TIDE_GROUPING_FIELDS];
  tide_tally *named;
  if (!q->groups.any_example)
    return TIDE_OK;
  for (size_t i = 0; i < q->groups.count; i++)
    shown[i] = tide_field_example_of(q->groups.fields[i].field);
  if (tide_tally_templates(q->counts.groups, &q->counts.examples, shown, q->groups.count, &named) !=
      TIDE_OK)
    return tide_error_memory(err);
  tide_tally_free(q->counts.groups);
  q->counts.groups = named;
  return TIDE_OK;
}

static tide_status keep_top(tide_question *q, tide_error *err) {
  tide_tally *top;
  if (!q->top || !q->groups.count || tide_tally_group_count(q->counts.groups) <= q->top)
    return TIDE_OK;
  if (tide_tally_top(q->counts.groups, q->top, q->groups.values, &top) != TIDE_OK)
    return tide_error_memory(err);
  tide_tally_free(q->counts.groups);
  q->counts.groups = top;
  return TIDE_OK;
}

const tide_sink tide_counting_sink = {
    .open = counter_open, .record = counter_record, .close = counter_close};

tide_status tide_counting_finish(tide_question *q, tide_error *err) {
  TIDE_TRY(show_examples(q, err));
  return keep_top(q, err);
}

void tide_counting_free(tide_counts *c) {
  tide_tally *tallies[TALLIES];
  tallies_of(c, tallies);
  for (size_t i = 0; i < TALLIES; i++)
    tide_tally_free(tallies[i]);
  tide_examples_free(c->examples);
  tide_senders_free(c->senders);
  tide_buffer_free(&c->first.source);
  tide_buffer_free(&c->last.source);
  *c = (tide_counts){0};
}
