/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of lib/request/ by name. */
#include <string.h>

#include "opaque.h"

const char *tide_version(void) {
  return SPAMTIDE_VERSION;
}

const char *tide_question_name(size_t index) {
  for (const tide_request_kind *const *k = tide_request_kinds; *k; k++)
    if (index-- == 0)
      return (*k)->question->name;
  return NULL;
}

/* Where the options of a question, or of the reading, are found. */
typedef struct place {
  const tide_option_group *const *groups, *const *but;
} place;

static place place_of(const char *question) {
  static const tide_option_group *const none[] = {NULL};
  if (!question)
    return (place){.groups = tide_reading_options};
  const tide_request_kind *kind = tide_request_kind_find(question);
  return (place){.groups = kind ? kind->groups : none, .but = tide_reading_options};
}

/* The option of that name, or where name is NULL of that index. */
static const tide_option *option_at(const char *question, const char *name, size_t index) {
  const place p = place_of(question);
  for (const tide_option_group *const *g = p.groups; *g; g++) {
    if (tide_groups_have(p.but, *g))
      continue;
    for (const tide_option *o = (*g)->options; o->name; o++)
      if (name ? strcmp(o->name, name) == 0 : index-- == 0)
        return o;
  }
  return NULL;
}

const char *tide_option_name(const char *question, size_t index) {
  const tide_option *o = option_at(question, NULL, index);
  return o ? o->name : NULL;
}

const char *tide_option_help(const char *question, const char *option) {
  const tide_option *o = option_at(question, option, 0);
  return o ? o->help : NULL;
}

const char *tide_option_argument(const char *question, const char *option) {
  const tide_option *o = option_at(question, option, 0);
  return o ? o->argument : NULL;
}

const char *tide_option_default(const char *question, const char *option) {
  const tide_option *o = option_at(question, option, 0);
  return o ? o->preset : NULL;
}

const char *tide_count_name(size_t index) {
  return index < tide_counts_columns.count ? tide_counts_columns.at[index].name : NULL;
}
