/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide events: the built-in calendar of takedowns. */
#include "commands.h"
#include "session.h"

static tide_status events(session *s, tide_error *err) {
  TIDE_TRY(tide_sheet_columns(&s->request.sheet, &tide_calendar_columns, false, err));
  TIDE_TRY(session_begin(s, err));
  return tide_calendar_write(s->reading.calendar, s->reading.zone, s->request.question.times,
                             &s->request.sheet, err);
}

int command_events(const command *c, const settings *o) {
  (void)c;
  return session_run(o, NULL, 0, false, events);
}
