/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide rules: checks rule files, and asks which of their rows hit. */
#include "commands.h"
#include "session.h"
#include "base/data.h"
#include "rules/campaign.h"

static tide_status check_file(session *s, const char *path, tide_error *err) {
  tide_rules *rules;
  tide_status status = tide_rules_new(&rules, err);
  if (status != TIDE_OK)
    return status;
  bool built_in = strcmp(path, "builtin") == 0;
  status = built_in ? tide_rules_add(rules, tide_data_campaigns, "built-in rules", err)
                    : tide_rules_add_file(rules, path, err);
  tide_buffer_clear(&s->request.sheet.text);
  if (status == TIDE_OK) {
    unsigned needs = tide_rules_needs(rules);
    status = tide_cell_clean(tide_span_of(built_in ? "built-in rules" : path), false,
                             &s->request.sheet.text);
    if (status == TIDE_OK)
      status = tide_buffer_printf(
          &s->request.sheet.text, ": %zu %s in %zu %s; %s\n", tide_rules_count(rules),
          tide_plural(tide_rules_count(rules), "row", "rows"), tide_rules_campaign_count(rules),
          tide_plural(tide_rules_campaign_count(rules), "campaign", "campaigns"),
          needs & TIDE_NEED_TEXT ? "text is searched" : "only headers are searched, which is fast");
    status = status == TIDE_OK
                 ? output_write(&s->out, tide_buffer_span(&s->request.sheet.text), err)
                 : tide_error_memory(err);
  }
  tide_rules_free(rules);
  return status;
}

static int command_check(const settings *o) {
  session s;
  tide_error err = {0};
  if (o->path_count < 2)
    return session_refuse("rules check needs a rule file, or builtin");
  tide_status status = session_open(&s, o, NULL, 0, &err);
  s.reading.run.paths = NULL; /* no mail is read: no account */
  if (status == TIDE_OK)
    status = session_begin(&s, &err);
  for (size_t i = 1; i < o->path_count && status == TIDE_OK; i++)
    status = check_file(&s, o->paths[i], &err);
  return session_close(&s, status, &err);
}

int command_rules(const command *c, const settings *o) {
  settings rest = *o; /* the mailboxes stand after the word */
  if (o->path_count && strcmp(o->paths[0], "check") == 0)
    return command_check(o);
  if (o->path_count && strcmp(o->paths[0], "hits") == 0) {
    rest.paths++;
    rest.path_count--;
    return command_ask(c, &rest);
  }
  return session_refuse(
      "rules takes one of the words check and hits, and then files: see spamtide rules --help");
}
