/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values by the names of options: where each is checked and put is said by its row. */
#include "request/option.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/nearest.h"

const tide_option *tide_option_find(const tide_option_group *const *groups, tide_span name) {
  for (; *groups; groups++)
    for (const tide_option *o = (*groups)->options; o->name; o++)
      if (tide_span_equal(name, tide_span_of(o->name)))
        return o;
  return NULL;
}

tide_status tide_option_unknown(const tide_option_group *const *groups, tide_span name,
                                const char *see, tide_error *err) {
  const char *names[TIDE_OPTIONS_MAX];
  size_t count = 0;
  const int shown = name.len > TIDE_OPTION_NAME_MAX ? TIDE_OPTION_NAME_MAX : (int)name.len;
  for (; *groups; groups++)
    for (const tide_option *o = (*groups)->options; o->name && count < TIDE_OPTIONS_MAX; o++)
      names[count++] = o->name;
  const char *near = tide_nearest(name, names, count);
  if (near)
    return tide_error_set(err, TIDE_USAGE, "unknown option --%.*s; did you mean --%s?", shown,
                          name.ptr, near);
  return tide_error_set(err, TIDE_USAGE, "unknown option --%.*s; %s", shown, name.ptr, see);
}

/* Room is doubled: a shell may expand a Maildir to 100,000 operands. */
tide_status tide_option_list_add(tide_option_list *list, const char *item, tide_error *err) {
  if ((list->count & (list->count - 1)) == 0) {
    const char **grown = realloc(list->items, (list->count ? 2 * list->count : 1) * sizeof *grown);
    if (!grown)
      return tide_error_memory(err);
    list->items = grown;
  }
  list->items[list->count++] = item;
  return TIDE_OK;
}

static tide_status put_choices(const tide_option *o, tide_buffer *list) {
  for (size_t i = 0; o->choices[i]; i++) {
    const char *before = o->choices[i + 1] ? ", " : " or ";
    TIDE_TRY(tide_buffer_printf(list, "%s%s", i == 0 ? "" : before, o->choices[i]));
  }
  return TIDE_OK;
}

static tide_status bad_choice(const tide_option *o, const char *value, tide_error *err) {
  tide_buffer list = {.limit = TIDE_ERROR_MAX};
  (void)put_choices(o, &list); /* what fits */
  const tide_status status = tide_error_set(err, TIDE_USAGE, "--%s takes %.*s, not \"%s\"", o->name,
                                            (int)list.len, list.ptr ? list.ptr : "", value);
  tide_buffer_free(&list);
  return status;
}

tide_status tide_option_set(const tide_option *o, const char *value, void *settings,
                            tide_error *err) {
  char *at = (char *)settings + o->offset;
  /* Mostly a variable of the shell that is not set. */
  const bool any_text =
      o->kind == TIDE_OPTION_TEXT || o->kind == TIDE_OPTION_FILE || o->kind == TIDE_OPTION_LIST;
  if (any_text && !*value)
    return tide_error_set(err, TIDE_USAGE, "--%s takes %s, not \"\"", o->name, o->argument);
  switch (o->kind) {
  case TIDE_OPTION_FLAG: *(bool *)(void *)at = true; return TIDE_OK;
  case TIDE_OPTION_TEXT:
  case TIDE_OPTION_FILE: *(const char **)(void *)at = value; return TIDE_OK;
  case TIDE_OPTION_LIST: return tide_option_list_add((tide_option_list *)(void *)at, value, err);
  case TIDE_OPTION_NUMBER: {
    uint64_t n;
    if (!tide_span_uint(tide_span_of(value), &n) || n < 1 || n > o->most)
      return tide_error_set(err, TIDE_USAGE, "--%s takes a number from 1 to %llu, not \"%s\"",
                            o->name, (unsigned long long)o->most, value);
    *(uint64_t *)(void *)at = n;
    return TIDE_OK;
  }
  case TIDE_OPTION_CHOICE:
    for (size_t i = 0; o->choices[i]; i++)
      if (strcmp(o->choices[i], value) == 0) {
        *(const char **)(void *)at = value;
        return TIDE_OK;
      }
    return bad_choice(o, value, err);
  case TIDE_OPTION_DURATION:
    if (tide_duration_parse(tide_span_of(value), (int64_t *)(void *)at))
      return TIDE_OK;
    return tide_error_set(err, TIDE_USAGE,
                          "--%s takes a duration such as 28d, 2w or 12h, not \"%s\"", o->name,
                          value);
  }
  return TIDE_OK;
}

tide_status tide_options_preset(const tide_option_group *const *groups, void *settings,
                                tide_error *err) {
  for (const tide_option_group *const *g = groups; *g; g++)
    for (const tide_option *o = (*g)->options; o->name; o++)
      if (o->preset && o->kind != TIDE_OPTION_LIST)
        TIDE_TRY(tide_option_set(o, o->preset, settings, err));
  return TIDE_OK;
}

void tide_options_free(const tide_option_group *const *groups, void *settings) {
  for (const tide_option_group *const *g = groups; *g; g++) {
    for (const tide_option *o = (*g)->options; o->name; o++) {
      if (o->kind != TIDE_OPTION_LIST)
        continue;
      tide_option_list *list = (tide_option_list *)(void *)((char *)settings + o->offset);
      free(list->items);
      *list = (tide_option_list){0};
    }
  }
}
