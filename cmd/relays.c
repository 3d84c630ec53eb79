/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide relays --suggest: a file for --trust, of what looks like a server of the archive's
 * owner. Without --suggest relays is a question as others are. */
#include <stdio.h>

#include "commands.h"
#include "session.h"
#include "question/servers.h"

static tide_status say(session *s, const char *line, tide_error *err) {
  return output_write(&s->out, tide_span_of(line), err);
}

/* One entry of a file for --trust; a forwarder's is a remark, for the person to decide. */
static tide_status write_hint(session *s, const tide_hint *hint, tide_error *err) {
  char address[TIDE_IP_TEXT], line[128 + TIDE_IP_TEXT];
  tide_hint_text(hint, address);
  snprintf(line, sizeof line, "%s%s # ", hint->kind == TIDE_HINT_TRUST ? "" : "# ", address);
  tide_buffer_clear(&s->request.sheet.text);
  tide_status status = tide_buffer_put(&s->request.sheet.text, tide_span_of(line));
  if (status == TIDE_OK)
    status = tide_cell_clean(tide_span_of(hint->name), false, &s->request.sheet.text);
  if (status == TIDE_OK && hint->name[0])
    status = tide_buffer_put(&s->request.sheet.text, SPAN(": "));
  if (status == TIDE_OK)
    status = tide_buffer_put(&s->request.sheet.text, tide_span_of(hint->reason));
  if (status == TIDE_OK)
    status = tide_buffer_putc(&s->request.sheet.text, '\n');
  return status == TIDE_OK ? output_write(&s->out, tide_buffer_span(&s->request.sheet.text), err)
                           : tide_error_memory(err);
}

static tide_status suggest(session *s, tide_servers *v, tide_error *err) {
  tide_status status = session_prepare(s, err);
  if (status == TIDE_OK)
    status = tide_servers_find(v, &s->reading.run, &s->request.question, s->reading.trust,
                               &s->request.question.account, err);
  progress_close(&s->progress);
  if (status == TIDE_OK)
    status = say(s,
                 "# For --trust: what looks like a server of yours, and why. Lines that begin with "
                 "# may be mailing lists or forwarders: choose.\n",
                 err);
  for (size_t i = 0; i < v->kept_count && status == TIDE_OK; i++)
    status = write_hint(s, &v->kept[i], err);
  for (size_t i = 0; i < v->hint_count && status == TIDE_OK; i++)
    if (v->hints[i].kind == TIDE_HINT_FORWARDER)
      status = write_hint(s, &v->hints[i], err);
  return status;
}

int command_relays(const command *c, const settings *o) {
  if (!o->suggest)
    return command_ask(c, o);
  tide_servers v = {.hints = NULL};
  session s;
  tide_error err = {0};
  tide_status status = session_open(&s, o, NULL, c->asks->question->parts, &err);
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  if (status == TIDE_OK)
    status = suggest(&s, &v, &err);
  tide_servers_free(&v);
  return session_close(&s, status, &err);
}
