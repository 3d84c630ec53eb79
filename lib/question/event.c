/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "question/event.h"

#include <csv.h>
#include <stdlib.h>

#include "base/arena.h"

enum { EVENT_COLUMNS = 6 };

struct tide_calendar {
  tide_arena arena;
  tide_event *events;
  size_t count, cap;
};

/* A reading under way. */
typedef struct reading {
  tide_calendar *calendar;
  tide_span cells[EVENT_COLUMNS];
  size_t cell;
  size_t line;
  tide_status status;
} reading;

static void take_cell(void *text, size_t len, void *context) {
  reading *r = context;
  if (r->cell < EVENT_COLUMNS) {
    r->cells[r->cell] = tide_arena_copy(&r->calendar->arena, tide_span_make(text, len));
    if (!r->cells[r->cell].ptr)
      r->status = TIDE_FATAL;
  }
  r->cell++;
}

static void take_row(int terminator, void *context) {
  (void)terminator;
  reading *r = context;
  tide_calendar *c = r->calendar;
  size_t cells = r->cell;
  r->cell = 0;
  if (r->status != TIDE_OK || r->line++ == 0)
    return;
  if (cells != EVENT_COLUMNS) {
    r->status = TIDE_USAGE;
    return;
  }
  if (c->count == c->cap) {
    size_t cap = c->cap ? c->cap * 2 : 32;
    tide_event *grown = realloc(c->events, cap * sizeof *grown);
    if (!grown) {
      r->status = TIDE_FATAL;
      return;
    }
    c->events = grown;
    c->cap = cap;
  }
  c->events[c->count++] =
      (tide_event){r->cells[0], r->cells[1], r->cells[2], r->cells[3], r->cells[4], r->cells[5]};
}

tide_status tide_calendar_read(tide_calendar **out, tide_span csv, tide_error *err) {
  struct csv_parser parser;
  tide_calendar *c = calloc(1, sizeof *c);
  reading r = {.calendar = c};
  if (!c || csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL) != 0) {
    free(c);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  bool read = csv_parse(&parser, csv.ptr, csv.len, take_cell, take_row, &r) == csv.len &&
              csv_fini(&parser, take_cell, take_row, &r) == 0;
  if (!read && r.status == TIDE_OK)
    r.status = csv_error(&parser) == CSV_EPARSE ? TIDE_USAGE : TIDE_FATAL;
  csv_free(&parser);
  if (r.status != TIDE_OK) {
    tide_calendar_free(c);
    if (r.status == TIDE_FATAL)
      return tide_error_set(err, TIDE_FATAL, "out of memory");
    return tide_error_set(err, r.status, "calendar: line %zu cannot be read", r.line);
  }
  *out = c;
  return TIDE_OK;
}

size_t tide_calendar_count(const tide_calendar *c) {
  return c->count;
}
const tide_event *tide_calendar_event(const tide_calendar *c, size_t index) {
  return &c->events[index];
}

const tide_event *tide_calendar_find(const tide_calendar *c, tide_span name) {
  for (size_t i = 0; i < c->count; i++)
    if (tide_span_iequal(c->events[i].name, name))
      return &c->events[i];
  return NULL;
}

void tide_calendar_free(tide_calendar *c) {
  if (!c)
    return;
  tide_arena_free(&c->arena);
  free(c->events);
  free(c);
}

tide_status tide_event_parse(const tide_calendar *c, tide_span text, const tide_zone *zone,
                             int64_t *out, bool *zoned, tide_error *err) {
  text = tide_span_trim(text);
  const tide_event *event = tide_calendar_find(c, text);
  if (event)
    return tide_when_parse(event->time, zone, out, zoned, err);
  if (text.len && tide_is_alpha(text.ptr[0]))
    return tide_error_set(err, TIDE_USAGE,
                          "no event \"%.*s\" in the calendar; `spamtide events` lists them",
                          (int)text.len, text.ptr);
  return tide_when_parse(text, zone, out, zoned, err);
}
