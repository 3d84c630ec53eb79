/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide events: the built-in calendar of takedowns. */
#include "commands.h"
#include "session.h"

int command_events(const command *c, const settings *o) {
  session s;
  tide_error err = {0};
  tide_status status = session_open(&s, o, NULL, 0, &err);
  s.reading.run.paths = NULL; /* no mail is read: no account */
  if (status == TIDE_OK)
    status = tide_sheet_columns(&s.request.sheet, c->columns, false, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = tide_calendar_write(s.reading.calendar, s.reading.zone, s.request.question.times,
                                 &s.request.sheet, &err);
  return session_close(&s, status, &err);
}
