/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide events: the built-in calendar of takedowns. */
#include "commands.h"
#include "session.h"

int command_events(const settings *o) {
  session s;
  tide_error err = {0};
  static const char *const heads[] = {"name", "time", "precision", "kind", "title", "source"};
  tide_status status = session_open(&s, o, 0, &err);
  s.run.paths = NULL; /* no mail is read: no account */
  for (size_t i = 0; i < sizeof heads / sizeof *heads && status == TIDE_OK; i++)
    status = session_column(&s, tide_span_of(heads[i]), &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  for (size_t i = 0; status == TIDE_OK && i < tide_calendar_count(s.calendar); i++) {
    const tide_event *e = tide_calendar_event(s.calendar, i);
    tide_value row[] = {tide_value_word(e->name),      tide_value_word(e->time),
                        tide_value_word(e->precision), tide_value_word(e->kind),
                        tide_value_word(e->title),     tide_value_word(e->source)};
    /* As the calendar has it, a date where no more is known, unless another form is asked for. */
    if (s.emit.times != TIDE_TIMES_RFC3339) {
      int64_t time;
      status = tide_when_parse(e->time, s.zone, &time, NULL, &err);
      if (status == TIDE_OK)
        row[1] = tide_value_time(time, tide_zone_offset(s.zone, time));
    }
    if (status == TIDE_OK)
      status = session_row(&s, row, sizeof row / sizeof *row, &err);
  }
  return session_close(&s, status, &err);
}
