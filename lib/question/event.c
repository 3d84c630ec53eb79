/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name is looked up in the calendar, and all else is read as a time. */
#include "question/event.h"

#include <stdlib.h>

#include "base/nearest.h"
#include "base/room.h"
#include "base/rows.h"

enum { EVENT_COLUMNS = 6 };

struct tide_calendar {
  tide_arena arena;
  tide_event *events;
  size_t count, cap;
};

static tide_status take_event(void *calendar, const tide_csv_row *row) {
  tide_calendar *c = calendar;
  const tide_span *cells = row->cells;
  if (row->number == 0)
    return TIDE_OK;
  if (row->count != EVENT_COLUMNS)
    return TIDE_USAGE;
  if (tide_room(&c->events, &c->cap, c->count, sizeof *c->events) != TIDE_OK)
    return TIDE_FATAL;
  c->events[c->count++] = (tide_event){cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]};
  return TIDE_OK;
}

tide_status tide_calendar_read(tide_calendar **out, tide_span csv, tide_error *err) {
  tide_calendar *c = calloc(1, sizeof *c);
  size_t at = 0;
  tide_status status =
      c ? tide_rows_read(csv, &c->arena, (tide_row_taker){.take = take_event, .context = c}, &at)
        : TIDE_FATAL;
  if (status != TIDE_OK) {
    tide_calendar_free(c);
    if (status == TIDE_FATAL)
      return tide_error_memory(err);
    return tide_error_set(err, status, "calendar: line %zu cannot be read", at);
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

static tide_status event_unknown(const tide_calendar *c, tide_span name, tide_error *err) {
  enum { NAMES_MAX = 128 };
  const char *names[NAMES_MAX];
  size_t count = 0;
  for (; count < c->count && count < NAMES_MAX; count++)
    names[count] = c->events[count].name.ptr;
  const char *near = tide_nearest(name, names, count);
  if (near)
    return tide_error_set(err, TIDE_USAGE, "no event \"%.*s\" in the calendar; did you mean %s?",
                          (int)name.len, name.ptr, near);
  return tide_error_set(err, TIDE_USAGE,
                        "no event \"%.*s\" in the calendar; `spamtide events` lists them",
                        (int)name.len, name.ptr);
}

tide_status tide_event_parse(const tide_calendar *c, tide_span text, const tide_zone *zone,
                             int64_t *out, bool *zoned, tide_error *err) {
  text = tide_span_trim(text);
  const tide_event *event = tide_calendar_find(c, text);
  if (event)
    return tide_when_parse(event->time, zone, out, zoned, err);
  if (text.len && tide_is_alpha(text.ptr[0]))
    return event_unknown(c, text, err);
  return tide_when_parse(text, zone, out, zoned, err);
}
