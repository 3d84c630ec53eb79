/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that ask a question of the library: the row says which. */
#include "commands.h"
#include "session.h"

int command_ask(const command *c, const settings *o) {
  session s;
  tide_error err = {0};
  tide_status status = session_open(&s, o, c->asks, 0, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = session_prepare(&s, &err);
  if (status == TIDE_OK)
    status = session_ask(&s, &err);
  return session_close(&s, status, &err);
}
