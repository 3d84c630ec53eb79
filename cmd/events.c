/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide events: the built-in calendar of takedowns. */
#include "commands.h"
#include "session.h"

typedef struct events_row {
  const tide_event *event;
  tide_value time;
} events_row;

TIDE_GETTER(events_row, name, tide_value_word(r->event->name))
TIDE_GETTER(events_row, time, r->time)
TIDE_GETTER(events_row, precision, tide_value_word(r->event->precision))
TIDE_GETTER(events_row, kind, tide_value_word(r->event->kind))
TIDE_GETTER(events_row, title, tide_value_word(r->event->title))
TIDE_GETTER(events_row, source, tide_value_word(r->event->source))

static const tide_column calendar_columns[] = {
    {.name = "name", .help = "name that --event accepts", .get = get_name},
    {.name = "time", .help = "when it began (RFC 3339, or a date)", .get = get_time},
    {.name = "precision",
     .help = "day or minute: how exactly the time is known",
     .get = get_precision},
    {.name = "kind",
     .help = "takedown, return (something came back), or placebo (nothing was taken down)",
     .get = get_kind},
    {.name = "title", .help = "what happened", .get = get_title},
    {.name = "source", .help = "who reported it", .get = get_source},
};

const tide_columns events_columns = TIDE_COLUMNS(calendar_columns);

int command_events(const command *c, const settings *o) {
  (void)c;
  session s;
  tide_error err = {0};
  tide_status status = session_open(&s, o, NULL, 0, &err);
  s.reading.run.paths = NULL; /* no mail is read: no account */
  if (status == TIDE_OK)
    status = tide_sheet_columns(&s.request.sheet, &events_columns, false, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = tide_sheet_begin(&s.request.sheet, &err);
  for (size_t i = 0; status == TIDE_OK && i < tide_calendar_count(s.reading.calendar); i++) {
    const tide_event *e = tide_calendar_event(s.reading.calendar, i);
    events_row now = {e, tide_value_word(e->time)};
    /* As the calendar has it, a date where no more is known, unless another form is asked for. */
    if (s.request.question.times != TIDE_TIMES_RFC3339) {
      int64_t time;
      status = tide_when_parse(e->time, s.reading.zone, &time, NULL, &err);
      if (status == TIDE_OK)
        now.time = tide_value_time(time, tide_zone_offset(s.reading.zone, time));
    }
    if (status == TIDE_OK)
      status = tide_sheet_row_of(&s.request.sheet, &events_columns, &now, &err);
  }
  return session_close(&s, status, &err);
}
