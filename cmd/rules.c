/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide rules: checks rule files, and asks which of their rows hit. */
#include "commands.h"
#include "interrupt.h"
#include "session.h"
#include "base/data.h"
#include "rules/campaign.h"

static tide_status say_rules(session *s, const tide_rules *rules, const char *name) {
  tide_buffer *line = &s->request.sheet.text;
  const bool text = tide_rules_needs(rules) & TIDE_NEED_TEXT;
  tide_buffer_clear(line);
  TIDE_TRY(tide_cell_clean(tide_span_of(name), false, line));
  return tide_buffer_printf(line, ": %zu rows in %zu campaigns; %s\n", tide_rules_count(rules),
                            tide_rules_campaign_count(rules),
                            text ? "text is searched" : "only headers are searched, which is fast");
}

static tide_status check_file(session *s, const char *path, tide_error *err) {
  static const char built_in[] = "built-in rules";
  const bool own = strcmp(path, "builtin") == 0;
  tide_rules *rules;
  TIDE_TRY(tide_rules_new(&rules, &interrupted, err));
  tide_status status = own ? tide_rules_add(rules, tide_data_campaigns, built_in, err)
                           : tide_rules_add_file(rules, path, err);
  if (status == TIDE_OK)
    status = say_rules(s, rules, own ? built_in : path) == TIDE_OK
                 ? output_write(&s->out, tide_buffer_span(&s->request.sheet.text), err)
                 : tide_error_memory(err);
  tide_rules_free(rules);
  return status;
}

static tide_status check(session *s, tide_error *err) {
  const settings *o = s->settings;
  TIDE_TRY(session_begin(s, err));
  for (size_t i = 1; i < o->path_count; i++)
    TIDE_TRY(check_file(s, o->paths[i], err));
  return TIDE_OK;
}

static int command_check(const settings *o) {
  return o->path_count < 2 ? session_refuse("rules check needs a rule file, or builtin")
                           : session_run(o, NULL, 0, false, check);
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
