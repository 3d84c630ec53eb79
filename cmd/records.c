/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide records: one row per message, in the order of the archive. */
#include <stdlib.h>

#include "commands.h"
#include "session.h"

typedef struct records {
  session session;
  tide_field_use fields[SESSION_COLUMNS_MAX];
  size_t count;
} records;

/* One worker's rows of one batch. */
typedef struct writer {
  records *records;
  tide_buffer rows;
} writer;

static tide_status writer_open(void *context, void **worker, tide_error *err) {
  writer *w = calloc(1, sizeof *w);
  if (!w)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  w->records = context;
  *worker = w;
  return TIDE_OK;
}

/* The value of a field, or its values with "; " between them. */
static tide_value cell(const session *s, const tide_field_use *use, const tide_record *r,
                       tide_arena *arena) {
  tide_value first, next;
  if (!use->field->get(r, &s->run.fields, use->bits, 0, arena, &first))
    return tide_value_empty();
  if (!use->field->get(r, &s->run.fields, use->bits, 1, arena, &next))
    return first;
  tide_buffer joined = {.limit = TIDE_LIMIT_CELL};
  tide_status status = TIDE_OK;
  for (uint32_t i = 0;
       status == TIDE_OK && use->field->get(r, &s->run.fields, use->bits, i, arena, &next); i++) {
    if (i)
      status = tide_buffer_put(&joined, SPAN("; "));
    if (status == TIDE_OK)
      status = tide_buffer_put(&joined, tide_value_as_text(&next, arena));
  }
  tide_span text = tide_arena_copy(arena, tide_buffer_span(&joined));
  tide_buffer_free(&joined);
  return tide_value_text(text);
}

static tide_status writer_record(void *worker, const tide_record *r, tide_arena *arena,
                                 tide_fate *fate, tide_error *err) {
  writer *w = worker;
  const records *all = w->records;
  const session *s = &all->session;
  tide_value row[SESSION_COLUMNS_MAX];
  /* An undated message has its row too: its fate stays what it was. */
  if (r->has_time)
    *fate = TIDE_FATE_COUNTED;
  for (size_t i = 0; i < all->count; i++)
    row[i] = cell(s, &all->fields[i], r, arena);
  if (s->emitter->row(s->columns, row, all->count, &s->emit, &w->rows) == TIDE_OK)
    return TIDE_OK;
  return tide_error_set(err, TIDE_FATAL, "out of memory");
}

static tide_status writer_flush(void *worker, tide_error *err) {
  writer *w = worker;
  tide_status status = output_write(&w->records->session.out, tide_buffer_span(&w->rows), err);
  tide_buffer_clear(&w->rows);
  return status;
}

static tide_status writer_close(void *worker, bool failed, tide_error *err) {
  writer *w = worker;
  (void)failed, (void)err;
  tide_buffer_free(&w->rows);
  free(w);
  return TIDE_OK;
}

/* All columns, or those that were asked for. */
static tide_status choose_columns(records *r, const settings *o, unsigned *parts, tide_error *err) {
  if (o->columns.count) {
    tide_status status =
        session_fields(&o->columns, "columns", r->fields, SESSION_COLUMNS_MAX, &r->count, err);
    for (size_t i = 0; i < r->count && status == TIDE_OK; i++) {
      const tide_field *field = r->fields[i].field;
      if (field->parts & TIDE_PART_TEMPLATE)
        status = tide_error_set(err, TIDE_USAGE,
                                "no column can be %s: which messages belong together is known only "
                                "when all have been read",
                                field->name);
      *parts |= field->parts;
    }
    return status == TIDE_OK ? session_tables_check(o, *parts, err) : status;
  }
  for (size_t i = 0; i < tide_field_count && r->count < SESSION_COLUMNS_MAX; i++) {
    if (!tide_fields[i].column)
      continue;
    r->fields[r->count++] =
        (tide_field_use){.field = &tide_fields[i], .name = tide_span_of(tide_fields[i].name)};
    *parts |= tide_fields[i].parts;
  }
  /* To search the text of every message costs many times as much as all other columns together:
   * only where somebody wants it. */
  if (o->campaigns.count == 0)
    *parts &= ~(unsigned)TIDE_PART_CAMPAIGN;
  if (!o->asn)
    *parts &= ~(unsigned)TIDE_PART_NETWORK;
  if (!o->country)
    *parts &= ~(unsigned)TIDE_PART_COUNTRY;
  return TIDE_OK;
}

int command_records(const settings *o) {
  records r = {.count = 0};
  session *s = &r.session;
  tide_error err = {0};
  unsigned parts = TIDE_PART_TIME; /* without a time a message is undated */
  if (o->coverage)
    return session_refuse(
        "records are written before all have been read: --account has what --coverage would say");
  tide_status status = choose_columns(&r, o, &parts, &err);
  if (status != TIDE_OK)
    return session_refuse(err.text);
  status = session_open(s, o, parts, &err);
  for (size_t i = 0; i < r.count && status == TIDE_OK; i++)
    status = session_column(s, r.fields[i].name, &err);
  if (status == TIDE_OK)
    status = session_begin(s, &err);
  tide_sink sink = {.context = &r,
                    .open = writer_open,
                    .record = writer_record,
                    .flush = writer_flush,
                    .close = writer_close,
                    .wants_undated = true};
  if (status == TIDE_OK)
    status = session_run(s, &sink, &err);
  s->origins_shown = s->run.parts & TIDE_PART_ORIGIN;
  return session_close(s, status, &err);
}
