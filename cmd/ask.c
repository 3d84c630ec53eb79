/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that ask a question of the library: the row says which. */
#include "commands.h"
#include "session.h"

static tide_status ask(session *s, tide_error *err) {
  TIDE_TRY(session_begin(s, err));
  TIDE_TRY(session_prepare(s, err));
  return session_ask(s, err);
}

int command_ask(const command *c, const settings *o) {
  return session_run(o, c->asks, ask);
}
