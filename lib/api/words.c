/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options by name, for questions and for the reading: the rows are those of lib/request/. */
#include "opaque.h"

bool tide_groups_have(const tide_option_group *const *groups, const tide_option_group *group) {
  for (; groups && *groups; groups++)
    if (*groups == group)
      return true;
  return false;
}

/* Those that may be set, without the others: NULL at the end. */
enum { GROUPS_MAX = 32 };

tide_status tide_words_set(tide_words *w, const tide_option_group *const *but, const char *name,
                           const char *value, tide_error *err) {
  const tide_option_group *groups[GROUPS_MAX + 1] = {NULL};
  size_t count = 0;
  for (const tide_option_group *const *g = w->groups; *g && count < GROUPS_MAX; g++)
    if (!tide_groups_have(but, *g))
      groups[count++] = *g;
  const tide_span span = tide_span_of(name);
  const tide_option *option = tide_option_find(groups, span);
  if (!option && but && tide_option_find(but, span))
    return tide_error_set(err, TIDE_USAGE,
                          "--%s is an option of the archive, and holds for all its queries", name);
  if (!option)
    return tide_option_unknown(groups, span, "see tide_option_name", err);
  const bool flag = option->kind == TIDE_OPTION_FLAG;
  if (flag && value)
    return tide_error_set(err, TIDE_USAGE, "--%s takes no argument", name);
  if (!flag && !value)
    return tide_error_set(err, TIDE_USAGE, "--%s needs an argument: %s", name, option->argument);
  const tide_span copy = flag ? SPAN("") : tide_arena_copy(&w->text, tide_span_of(value));
  if (!copy.ptr)
    return tide_error_memory(err);
  return tide_option_set(option, copy.ptr, &w->settings, err);
}

void tide_words_free(tide_words *w) {
  tide_options_free(w->groups, &w->settings);
  tide_arena_free(&w->text);
}
