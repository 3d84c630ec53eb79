/* SPDX-License-Identifier: GPL-3.0-or-later */
/* keywords: the words of messages before and after an event. Workers keep lexicons of their own,
 * which are merged at the end. */
#include "table/keywords_table.h"

#include <stdlib.h>

#include "heard.h"
#include "question/question.h"
#include "extract/wording.h"

/* What the question has collected. */
typedef struct collection {
  tide_lexicon *words;
  uint64_t messages[TIDE_SIDES];
  uint64_t cut; /* messages with more words than are looked at */
} collection;

/* One worker's. */
typedef struct collector {
  tide_question *question;
  collection own;
  tide_buffer group;
  /* of the message under way */
  int side;
  const tide_span *words;
  uint32_t word_count;
} collector;

static void collector_free(collector *c) {
  tide_lexicon_free(c->own.words);
  tide_buffer_free(&c->group);
  free(c);
}

static tide_status collector_open(void *context, void **worker, tide_error *err) {
  collector *c = calloc(1, sizeof *c);
  if (!c)
    return tide_error_memory(err);
  c->question = context;
  if (tide_lexicon_new(&c->own.words, 0) != TIDE_OK) {
    collector_free(c);
    return tide_error_memory(err);
  }
  *worker = c;
  return TIDE_OK;
}

static tide_status add_group(void *context, tide_span group, const tide_record *r) {
  collector *c = context;
  return tide_lexicon_add(c->own.words, group, c->side, c->words, c->word_count, r);
}

static tide_status collector_record(void *worker, tide_record *r, const tide_extraction *x,
                                    tide_fate *fate, tide_error *err) {
  collector *c = worker;
  const tide_question *q = c->question;
  const tide_period period = tide_windows_period_at(&q->windows, r->time);
  bool cut = false;
  if (period != TIDE_PERIOD_BEFORE && period != TIDE_PERIOD_AFTER) {
    *fate = TIDE_FATE_OUTSIDE;
    return TIDE_OK;
  }
  *fate = TIDE_FATE_COUNTED;
  c->side = period == TIDE_PERIOD_BEFORE ? TIDE_SIDE_BEFORE : TIDE_SIDE_AFTER;
  if (tide_wording_make(x->message, x->arena, &c->words, &c->word_count, &cut) != TIDE_OK)
    return tide_error_memory(err);
  c->own.cut += cut;
  c->own.messages[c->side]++;
  return tide_error_of_status(err, tide_grouping_each(&q->groups, &q->run->fields, r, x->arena,
                                                      &c->group, (tide_group_taker){add_group, c}));
}

static tide_status collector_close(void *worker, bool failed, tide_error *err) {
  collector *c = worker;
  collection *whole = c->question->state;
  tide_status status = TIDE_OK;
  if (!failed && !whole->words) {
    whole->words = c->own.words;
    c->own.words = NULL;
  } else if (!failed) {
    status = tide_lexicon_merge(whole->words, c->own.words);
  }
  whole->cut += c->own.cut;
  for (int side = 0; side < TIDE_SIDES; side++)
    whole->messages[side] += c->own.messages[side];
  collector_free(c);
  return tide_error_of_status(err, status);
}

static tide_status keywords_check(const tide_question *q, tide_error *err) {
  for (size_t i = 0; i < q->groups.count; i++)
    if (q->groups.fields[i].field->parts & TIDE_PART_TEMPLATE)
      return tide_error_set(err, TIDE_USAGE,
                            "the words of one template do not change: leave --by template out");
  return TIDE_OK;
}

static tide_status keywords_begin(tide_question *q, tide_error *err) {
  q->state = calloc(1, sizeof(collection));
  return q->state ? TIDE_OK : tide_error_memory(err);
}

static void keywords_end(tide_question *q) {
  collection *c = q->state;
  if (c)
    tide_lexicon_free(c->words);
  free(c);
}

/* What the table is not made of. */
static void say_left_out(const tide_question *q, const collection *c) {
  const tide_lexicon_left left = tide_lexicon_left_out(c->words);
  tide_error text;
  if (!q->say)
    return;
  if (left.sampled_out) {
    tide_error_set(&text, TIDE_OK,
                   "there are too many words to keep: %llu of %llu messages, sampled by template, "
                   "%s left out",
                   (unsigned long long)left.sampled_out, (unsigned long long)left.messages,
                   tide_plural(left.sampled_out, "was", "were"));
    q->say(q->say_context, TIDE_REMARK_CAUTION, text.text);
  }
  if (left.cut || c->cut) {
    tide_error_set(&text, TIDE_OK, "of %llu %s and %llu long %s only a part of the words was kept",
                   (unsigned long long)left.cut, tide_plural(left.cut, "template", "templates"),
                   (unsigned long long)c->cut, tide_plural(c->cut, "message", "messages"));
    q->say(q->say_context, TIDE_REMARK_NOTE, text.text);
  }
}

/* A table that ranks words looks like one that found some. */
static void say_tested(const tide_question *q, const tide_keywords_tested *tested) {
  tide_error text;
  if (!q->say || (tested->count && tested->least <= TIDE_KEYWORDS_NEWS))
    return;
  if (!tested->count) {
    q->say(q->say_context, TIDE_REMARK_CAUTION, "no word occurs in enough templates to be tested");
    return;
  }
  tide_error_set(
      &text, TIDE_OK,
      "chance: none of the words and pairs that were tested (%zu) changed by more than chance: "
      "the smallest p_adjusted is %.2g; the table ranks them, and proves nothing about "
      "any of them",
      tested->count, tested->least);
  q->say(q->say_context, TIDE_REMARK_CAUTION, text.text);
}

/* Where some words are news, which are not. */
static void say_chance(const tide_question *q, tide_caution_count *count,
                       const tide_keywords_tested *tested) {
  tide_hearer to = {.question = q};
  count->with[TIDE_CAUTION_CLIPPED] = 0; /* said */
  if (!(tested->count && tested->least <= TIDE_KEYWORDS_NEWS))
    count->with[TIDE_CAUTION_CHANCE] = 0;
  tide_cautions_say(count, tide_hearer_hear, &to);
}

/* Words of a few days beside those of weeks: that is said, as it is for comparisons. */
static void say_clipped(const tide_question *q, const tide_windows *clipped) {
  const tide_windows *w = &q->windows;
  tide_error text;
  if (!q->say)
    return;
  tide_error_set(&text, TIDE_OK,
                 "clipped: the windows reach beyond the archive, which has whole days for %.4g of "
                 "%.4g days before and %.4g of %.4g after",
                 (double)clipped->before / 86400, (double)w->before / 86400,
                 (double)clipped->after / 86400, (double)w->after / 86400);
  q->say(q->say_context, TIDE_REMARK_CAUTION, text.text);
}

static tide_status heads_write(const tide_question *q, tide_error *err) {
  for (size_t i = 0; i < q->groups.count; i++) {
    const tide_field_use *use = &q->groups.fields[i];
    TIDE_TRY(tide_sheet_column(q->sheet, use->name, use->field->help, err));
  }
  TIDE_TRY(tide_sheet_columns(q->sheet, &tide_keywords_columns, false, err));
  TIDE_TRY(tide_sheet_begin(q->sheet, err));
  if (!q->options.rules)
    return TIDE_OK;
  TIDE_TRY(tide_sheet_columns(q->options.rules, &tide_keywords_rule_columns, false, err));
  return tide_sheet_begin(q->options.rules, err);
}

static tide_status keywords_write(const tide_question *q, const tide_extent *extent,
                                  tide_error *err) {
  const collection *c = q->state;
  tide_heard heard = tide_heard_of(q->sheet, &tide_keywords_columns);
  const tide_row_writer rows = tide_heard_writer(&heard),
                        rules = {.row = tide_sheet_row, .context = q->options.rules};
  const uint64_t top = q->options.own.keywords.rows;
  const tide_windows clipped = tide_windows_clip(&q->windows, extent);
  tide_keywords_tested tested = {0};
  const tide_keywords table = {.group_values = q->groups.count,
                               .top = top ? top : TIDE_KEYWORDS_TOP,
                               .clipped = clipped.before < q->windows.before ||
                                          clipped.after < q->windows.after,
                               .tested = &tested,
                               .stop = q->run->stop};
  for (int side = 0; side < TIDE_SIDES; side++)
    if (!c->messages[side])
      return tide_error_set(err, TIDE_USAGE, "there is no mail in the window %s the event",
                            side == TIDE_SIDE_BEFORE ? "before" : "after");
  if (table.clipped)
    say_clipped(q, &clipped);
  say_left_out(q, c);
  TIDE_TRY(heads_write(q, err));
  TIDE_TRY(tide_keywords_write(&table, c->words, &rows, q->options.rules ? &rules : NULL, err));
  say_tested(q, &tested);
  say_chance(q, &heard.count, &tested);
  return TIDE_OK;
}

static const tide_sink keywords_sink = {
    .open = collector_open, .record = collector_record, .close = collector_close};

const tide_question_type tide_question_keywords = {
    .name = "keywords",
    .columns = &tide_keywords_columns,
    .parts = TIDE_PART_TIME | TIDE_PART_TEMPLATE,
    .needs_event = true,
    .check = keywords_check,
    .begin = keywords_begin,
    .sink = &keywords_sink,
    .write = keywords_write,
    .end = keywords_end,
};
