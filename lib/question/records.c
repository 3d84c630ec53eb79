/* SPDX-License-Identifier: GPL-3.0-or-later */
/* records: one row per message, in the order of the archive. Workers make the text of a batch's
 * rows side by side, and write it when its turn comes. */
#include <stdlib.h>

#include "base/limits.h"
#include "question/question.h"

/* One worker's rows of one batch. */
typedef struct writer {
  tide_question *question;
  tide_buffer rows;
} writer;

static tide_status writer_open(void *context, void **worker, tide_error *err) {
  writer *w = calloc(1, sizeof *w);
  if (!w)
    return tide_error_memory(err);
  w->question = context;
  *worker = w;
  return TIDE_OK;
}

/* The value of a field, or its values with "; " between them. */
static tide_value cell(const tide_question *q, const tide_field_use *use, const tide_record *r,
                       tide_arena *arena) {
  tide_value first, next;
  if (!use->field->get(r, &q->run->fields, use->bits, 0, arena, &first))
    return tide_value_empty();
  if (!use->field->get(r, &q->run->fields, use->bits, 1, arena, &next))
    return first;
  tide_buffer joined = {.limit = TIDE_LIMIT_VALUE};
  tide_status status = TIDE_OK;
  for (uint32_t i = 0;
       status == TIDE_OK && use->field->get(r, &q->run->fields, use->bits, i, arena, &next); i++) {
    if (i)
      status = tide_buffer_put(&joined, SPAN("; "));
    if (status == TIDE_OK)
      status = tide_buffer_put(&joined, tide_value_as_text(&next, arena));
  }
  if (status == TIDE_FATAL)
    arena->failed = true; /* the engine ends the run */
  tide_span text = tide_arena_copy(arena, tide_buffer_span(&joined));
  tide_buffer_free(&joined);
  return tide_value_text(text);
}

static tide_status writer_record(void *worker, tide_record *r, const tide_extraction *x,
                                 tide_fate *fate, tide_error *err) {
  writer *w = worker;
  const tide_question *q = w->question;
  const tide_sheet *sheet = q->sheet;
  const size_t count = q->options.column_count;
  tide_value row[TIDE_RECORDS_COLUMNS];
  /* An undated message has its row too: its fate stays what it was. */
  if (r->has_time)
    *fate = TIDE_FATE_COUNTED;
  for (size_t i = 0; i < count; i++)
    row[i] = cell(q, &q->options.columns[i], r, x->arena);
  if (sheet->emitter->row(sheet->heads, row, count, &sheet->options, &w->rows) == TIDE_OK)
    return TIDE_OK;
  return tide_error_memory(err);
}

static tide_status writer_flush(void *worker, tide_error *err) {
  writer *w = worker;
  const tide_sheet *sheet = w->question->sheet;
  tide_status status = sheet->write(sheet->context, tide_buffer_span(&w->rows), err);
  tide_buffer_clear(&w->rows);
  return status;
}

static tide_status writer_close(void *worker, bool failed, tide_error *err) {
  writer *w = worker;
  (void)failed;
  (void)err;
  tide_buffer_free(&w->rows);
  free(w);
  return TIDE_OK;
}

static tide_status records_check(const tide_question *q, tide_error *err) {
  for (size_t i = 0; i < q->options.column_count; i++) {
    const tide_field *field = q->options.columns[i].field;
    if (field->parts & TIDE_PART_TEMPLATE)
      return tide_error_set(err, TIDE_USAGE,
                            "no column can be %s: which messages belong together is known only "
                            "when all have been read",
                            field->name);
  }
  return TIDE_OK;
}

static tide_status records_begin(tide_question *q, tide_error *err) {
  for (size_t i = 0; i < q->options.column_count; i++)
    TIDE_TRY(tide_sheet_column(q->sheet, q->options.columns[i].name,
                               q->options.columns[i].field->help, err));
  return tide_sheet_begin(q->sheet, err);
}

void tide_question_all_columns(tide_question *q, unsigned without, unsigned *parts) {
  tide_question_options *o = &q->options;
  for (size_t i = 0; i < tide_field_count && o->column_count < TIDE_RECORDS_COLUMNS; i++) {
    if (!tide_fields[i].column)
      continue;
    o->columns[o->column_count++] =
        (tide_field_use){.field = &tide_fields[i], .name = tide_span_of(tide_fields[i].name)};
    *parts |= tide_fields[i].parts & ~without;
  }
}

static const tide_sink records_sink = {.open = writer_open,
                                       .record = writer_record,
                                       .flush = writer_flush,
                                       .close = writer_close,
                                       .wants_undated = true};

const tide_question_type tide_question_records = {
    .name = "records",
    .parts = TIDE_PART_TIME, /* without a time a message is undated */
    .check = records_check,
    .begin = records_begin,
    .sink = &records_sink,
};
