/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all questions have in common: what they need of a message, and how far the archive that
 * answers them reaches. */
#include "question/question.h"

#include "base/limits.h"
#include "counting.h"

tide_status tide_question_check(const tide_question *q, tide_error *err) {
  if (q->type->needs_event && !q->windows.has_event)
    return tide_error_set(err, TIDE_USAGE, "%s needs an event", q->type->name);
  if (q->top && !q->groups.count)
    return tide_error_set(err, TIDE_USAGE, "--top chooses among groups: it needs --by");
  return q->type->check ? q->type->check(q, err) : TIDE_OK;
}

/* What the engine is told of a question. */
static tide_sink sink_of(tide_question *q) {
  tide_sink sink = q->type->sink ? *q->type->sink : tide_counting_sink;
  sink.context = q;
  sink.parts = tide_question_parts(q);
  sink.has_since = q->has_since;
  sink.has_until = q->has_until;
  sink.since = q->since;
  sink.until = q->until;
  sink.excluded = q->excluded;
  sink.excluded_count = q->excluded_count;
  /* Whether a day had no mail, or only none that was asked for, shows before the filter: then the
   * counting asks it and not the engine. */
  if (q->type->day && q->filter)
    sink.parts |= tide_filter_parts(q->filter);
  else
    sink.filter = q->filter;
  if (q->control)
    sink.parts |= tide_filter_parts(q->control);
  return sink;
}

/* Steps far below say only that they did not end: where somebody wanted that, it is why. */
static tide_status as_stopped(const tide_run_options *run, tide_status status, tide_error *err) {
  return status == TIDE_FATAL && tide_stopped(run->stop) ? tide_error_of_status(err, TIDE_END)
                                                         : status;
}

/* All that one reading answers. */
static tide_status ask_together(tide_question *const *questions, size_t count,
                                const tide_run_options *run, tide_error *err) {
  tide_sink sinks[TIDE_SINKS_MAX];
  const tide_sink *pointers[TIDE_SINKS_MAX] = {NULL};
  tide_account accounts[TIDE_SINKS_MAX];
  for (size_t i = 0; i < count; i++) {
    tide_question *q = questions[i];
    sinks[i] = sink_of(q);
    pointers[i] = &sinks[i];
    if (q->type->begin)
      TIDE_TRY(q->type->begin(q, err));
  }
  tide_status status = tide_run(run, pointers, count, accounts, err);
  for (size_t i = 0; i < count; i++) {
    questions[i]->account = accounts[i];
    if (status == TIDE_OK && !questions[i]->type->sink)
      status = tide_counting_finish(questions[i], err);
  }
  return status;
}

static tide_status ask_all(tide_question *const *questions, size_t count,
                           const tide_run_options *run, tide_error *err) {
  tide_question *together[TIDE_SINKS_MAX];
  size_t asked = 0;
  for (size_t i = 0; i < count; i++) {
    questions[i]->run = run;
    if (!questions[i]->type->ask && !questions[i]->type->reads_no_mail)
      together[asked++] = questions[i];
  }
  if (asked)
    TIDE_TRY(ask_together(together, asked, run, err));
  for (size_t i = 0; i < count; i++)
    if (questions[i]->type->ask)
      TIDE_TRY(questions[i]->type->ask(questions[i], err));
  return TIDE_OK;
}

tide_status tide_questions_ask(tide_question *const *questions, size_t count,
                               const tide_run_options *run, tide_error *err) {
  if (count < 1 || count > TIDE_SINKS_MAX)
    return tide_error_set(err, TIDE_USAGE, "one reading answers 1 to %d questions", TIDE_SINKS_MAX);
  return as_stopped(run, ask_all(questions, count, run, err), err);
}

static void say_cut(const tide_question *q) {
  const uint64_t cut = q->sheet ? atomic_load(&q->sheet->cut) : 0;
  tide_error text;
  if (!cut || !q->say)
    return;
  tide_error_set(&text, TIDE_OK,
                 tide_plural(cut, "%llu cell was longer than %u bytes and is cut",
                             "%llu cells were longer than %u bytes and are cut"),
                 (unsigned long long)cut, TIDE_LIMIT_CELL);
  q->say(q->say_context, TIDE_REMARK_CAUTION, text.text);
}

tide_status tide_question_write(const tide_question *q, tide_error *err) {
  const tide_account *a = &q->account;
  const tide_extent extent = {.any = a->dated,
                              .first = a->first,
                              .last = a->last,
                              .has_since = q->has_since,
                              .has_until = q->has_until,
                              .since = q->since,
                              .until = q->until,
                              .days = q->counts.archive,
                              .excluded = q->excluded,
                              .excluded_count = q->excluded_count};
  if (q->type->write)
    TIDE_TRY(as_stopped(q->run, q->type->write(q, &extent, err), err));
  say_cut(q);
  return TIDE_OK;
}

void tide_question_free(tide_question *q) {
  if (q->type && q->type->end)
    q->type->end(q);
  q->state = NULL;
  tide_counting_free(&q->counts);
}

TIDE_GETTER(tide_account, read, tide_value_uint(r->read))
TIDE_GETTER(tide_account, undated, tide_value_uint(r->fates[TIDE_FATE_UNDATED]))
TIDE_GETTER(tide_account, damaged, tide_value_uint(r->fates[TIDE_FATE_DAMAGED]))
TIDE_GETTER(tide_account, without_origin,
            r->looked &TIDE_PART_ORIGIN ? tide_value_uint(r->without_origin) : tide_value_empty())
TIDE_GETTER(tide_account, without_network,
            r->looked &TIDE_PART_NETWORK ? tide_value_uint(r->without_network) : tide_value_empty())
TIDE_GETTER(tide_account, with_defects, tide_value_uint(r->with_defects))

static const tide_column coverage_columns[] = {
    {.name = "read", .help = "messages read", .get = get_read},
    {.name = "undated", .help = "without a date", .get = get_undated},
    {.name = "damaged", .help = "that could not be read", .get = get_damaged},
    {.name = "without_origin", .help = "of those counted: no origin", .get = get_without_origin},
    {.name = "without_network", .help = "in no network of the tables", .get = get_without_network},
    {.name = "with_defects", .help = "with any defect", .get = get_with_defects},
};

const tide_columns tide_coverage_columns = TIDE_COLUMNS(coverage_columns);
