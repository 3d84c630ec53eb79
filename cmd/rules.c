/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide rules: checks rule files, and asks which of their rows hit. */
#include "commands.h"
#include "interrupt.h"
#include "session.h"

static tide_status check(session *s, tide_error *err) {
  const settings *o = s->settings;
  tide_buffer *line = &s->request.sheet.text;
  TIDE_TRY(session_begin(s, err));
  for (size_t i = 1; i < o->path_count; i++) {
    tide_buffer_clear(line);
    TIDE_TRY(tide_rules_check(o->paths[i], s->reading.stop, line, err));
    TIDE_TRY(output_write(&s->out, tide_buffer_span(line), err));
  }
  return TIDE_OK;
}

static int command_check(const settings *o) {
  return o->path_count < 2 ? session_refuse("rules check needs a rule file, or builtin")
                           : session_run(o, NULL, check);
}

int command_rules(const command *c, const settings *o) {
  settings rest = *o; /* the mailboxes come after the word */
  if (o->path_count && strcmp(o->paths[0], "check") == 0)
    return command_check(o);
  if (o->path_count && strcmp(o->paths[0], "hits") == 0) {
    rest.paths++;
    rest.path_count--;
    return command_ask(c, &rest);
  }
  return session_refuse("rules takes check or hits, then files: see spamtide rules --help");
}
