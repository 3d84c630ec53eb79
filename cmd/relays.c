/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide relays --suggest: a file for --trust, of what looks like a server of the archive's
 * owner. Without --suggest relays is a question as others are. */
#include "commands.h"
#include "session.h"
#include "question/servers.h"

/* One entry of a file for --trust; a forwarder's is a remark, for the person to decide. */
static tide_status hint_put(const tide_hint *hint, tide_buffer *out) {
  char address[TIDE_IP_TEXT];
  tide_hint_text(hint, address);
  TIDE_TRY(tide_buffer_printf(out, "%s%s # ", hint->kind == TIDE_HINT_TRUST ? "" : "# ", address));
  TIDE_TRY(tide_cell_clean(tide_span_of(hint->name), false, out));
  return tide_buffer_printf(out, "%s%s\n", hint->name[0] ? ": " : "", hint->reason);
}

static tide_status hint_write(session *s, const tide_hint *hint, tide_error *err) {
  tide_buffer *line = &s->request.sheet.text;
  tide_buffer_clear(line);
  if (hint_put(hint, line) != TIDE_OK)
    return tide_error_memory(err);
  return output_write(&s->out, tide_buffer_span(line), err);
}

static tide_status hints_write(session *s, const tide_servers *v, tide_error *err) {
  TIDE_TRY(output_write(&s->out,
                        SPAN("# For --trust: what looks like a server of yours, and why. Lines "
                             "that begin with # may be mailing lists or forwarders: choose.\n"),
                        err));
  for (size_t i = 0; i < v->kept_count; i++)
    TIDE_TRY(hint_write(s, &v->kept[i], err));
  for (size_t i = 0; i < v->hint_count; i++)
    if (v->hints[i].kind == TIDE_HINT_FORWARDER)
      TIDE_TRY(hint_write(s, &v->hints[i], err));
  return TIDE_OK;
}

static tide_status suggest(session *s, tide_error *err) {
  tide_servers v = {.hints = NULL};
  TIDE_TRY(session_begin(s, err));
  TIDE_TRY(session_prepare(s, err));
  tide_status status = tide_servers_find(&v, &s->reading.run, &s->request.question,
                                         s->reading.trust, &s->request.question.account, err);
  progress_close(&s->progress);
  if (status == TIDE_OK)
    status = hints_write(s, &v, err);
  tide_servers_free(&v);
  return status;
}

int command_relays(const command *c, const settings *o) {
  return o->suggest ? session_run(o, NULL, c->asks->question->parts, true, suggest)
                    : command_ask(c, o);
}
