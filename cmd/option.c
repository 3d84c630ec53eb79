/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "option.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/civil.h"
#include "base/nearest.h"

enum { NAME_MAX_LENGTH = 64, OPTIONS_MAX = 128 };

static const option *find(const option_group *const *groups, tide_span name, char letter) {
  for (; *groups; groups++)
    for (const option *o = (*groups)->options; o->name; o++)
      if (letter ? o->letter == letter : tide_span_equal(name, tide_span_of(o->name)))
        return o;
  return NULL;
}

static tide_status unknown_option(const option_group *const *groups, const char *typed, size_t len,
                                  tide_error *err) {
  const char *names[OPTIONS_MAX];
  size_t count = 0;
  const int shown = len > NAME_MAX_LENGTH ? NAME_MAX_LENGTH : (int)len;
  for (; *groups; groups++)
    for (const option *o = (*groups)->options; o->name && count < OPTIONS_MAX; o++)
      names[count++] = o->name;
  const char *near = tide_nearest(tide_span_make(typed, len), names, count);
  if (near)
    return tide_error_set(err, TIDE_USAGE, "unknown option --%.*s; did you mean --%s?", shown,
                          typed, near);
  return tide_error_set(err, TIDE_USAGE, "unknown option --%.*s; see --help", shown, typed);
}

/* Room is doubled: a shell may expand a Maildir to 100,000 operands. */
static tide_status list_add(option_list *list, const char *item, tide_error *err) {
  if ((list->count & (list->count - 1)) == 0) {
    const char **grown = realloc(list->items, (list->count ? 2 * list->count : 1) * sizeof *grown);
    if (!grown)
      return tide_error_set(err, TIDE_FATAL, "out of memory");
    list->items = grown;
  }
  list->items[list->count++] = item;
  return TIDE_OK;
}

static tide_status bad_choice(const option *o, const char *value, tide_error *err) {
  tide_buffer list = {.limit = TIDE_ERROR_MAX};
  tide_status status = TIDE_OK;
  for (size_t i = 0; o->choices[i] && status == TIDE_OK; i++) {
    const char *between = o->choices[i + 1] ? ", " : " or ";
    status = tide_buffer_printf(&list, "%s%s", i == 0 ? "" : between, o->choices[i]);
  }
  status = tide_error_set(err, TIDE_USAGE, "--%s takes %.*s, not \"%s\"", o->name, (int)list.len,
                          list.ptr ? list.ptr : "", value);
  tide_buffer_free(&list);
  return status;
}

static tide_status set(const option *o, const char *value, void *settings, tide_error *err) {
  char *at = (char *)settings + o->offset;
  switch (o->kind) {
  case OPTION_FLAG: *(bool *)(void *)at = true; return TIDE_OK;
  case OPTION_TEXT:
  case OPTION_FILE: *(const char **)(void *)at = value; return TIDE_OK;
  case OPTION_LIST: return list_add((option_list *)(void *)at, value, err);
  case OPTION_NUMBER: {
    uint64_t n;
    if (!tide_span_uint(tide_span_of(value), &n) || n < 1 || n > o->most)
      return tide_error_set(err, TIDE_USAGE, "--%s takes a number from 1 to %llu, not \"%s\"",
                            o->name, (unsigned long long)o->most, value);
    *(uint64_t *)(void *)at = n;
    return TIDE_OK;
  }
  case OPTION_CHOICE:
    for (size_t i = 0; o->choices[i]; i++)
      if (strcmp(o->choices[i], value) == 0) {
        *(const char **)(void *)at = value;
        return TIDE_OK;
      }
    return bad_choice(o, value, err);
  case OPTION_DURATION:
    if (tide_duration_parse(tide_span_of(value), (int64_t *)(void *)at))
      return TIDE_OK;
    return tide_error_set(err, TIDE_USAGE,
                          "--%s takes a duration such as 28d, 2w or 12h, not \"%s\"", o->name,
                          value);
  }
  return TIDE_OK;
}

/* The words that are still to be read, and what was given already. */
typedef struct reading {
  const option_group *const *groups;
  char **argv;
  int argc, next;
  void *settings;
  const option *given[OPTIONS_MAX]; /* those that may be given once only */
  size_t given_count;
} reading;

/* One option; value NULL: its argument, where it takes one, is the next word. */
static tide_status take(reading *r, const option *o, const char *value, tide_error *err) {
  if (o->kind == OPTION_FLAG && value)
    return tide_error_set(err, TIDE_USAGE, "--%s takes no argument", o->name);
  if (o->kind != OPTION_FLAG && !value) {
    if (r->next == r->argc)
      return tide_error_set(err, TIDE_USAGE, "--%s needs an argument: %s", o->name, o->argument);
    value = r->argv[r->next++];
  }
  if (o->kind != OPTION_LIST) {
    for (size_t k = 0; k < r->given_count; k++)
      if (r->given[k] == o)
        return tide_error_set(err, TIDE_USAGE, "--%s is given twice", o->name);
    if (r->given_count == OPTIONS_MAX)
      return tide_error_set(err, TIDE_USAGE, "too many options");
    r->given[r->given_count++] = o;
  }
  return set(o, value, r->settings, err);
}

/* --name or --name=value, without the dashes. */
static tide_status take_long(reading *r, const char *word, tide_error *err) {
  const char *equals = strchr(word, '=');
  size_t len = equals ? (size_t)(equals - word) : strlen(word);
  const option *o = find(r->groups, tide_span_make(word, len), 0);
  if (!o)
    return unknown_option(r->groups, word, len, err);
  return take(r, o, equals ? equals + 1 : NULL, err);
}

/* Letters without the dash: flags together, the last one may take an argument. */
static tide_status take_short(reading *r, const char *word, tide_error *err) {
  /* -output would write a file named "utput". */
  size_t len = strcspn(word, "=");
  if (len > 1 && find(r->groups, tide_span_make(word, len), 0))
    return tide_error_set(err, TIDE_USAGE, "unknown option -%s; did you mean --%s?", word, word);
  for (; *word; word++) {
    const option *o = find(r->groups, (tide_span){0}, *word);
    /* A letter beyond ASCII is more than one byte: the rest of the word is shown. */
    if (!o)
      return tide_error_set(err, TIDE_USAGE, "unknown option -%.*s; see --help",
                            (*word & 0x80) ? (int)strcspn(word, "=") : 1, word);
    if (o->kind != OPTION_FLAG)
      return take(r, o, word[1] ? word + 1 : NULL, err);
    tide_status status = take(r, o, NULL, err);
    if (status != TIDE_OK)
      return status;
  }
  return TIDE_OK;
}

tide_status options_parse(const option_group *const *groups, int argc, char **argv, void *settings,
                          option_list *operands, tide_error *err) {
  reading r = {.groups = groups, .argv = argv, .argc = argc, .settings = settings};
  tide_status status = TIDE_OK;
  for (const option_group *const *g = groups; *g && status == TIDE_OK; g++)
    for (const option *o = (*g)->options; o->name && status == TIDE_OK; o++)
      if (o->standard && o->kind != OPTION_LIST)
        status = set(o, o->standard, settings, err);
  bool ended = false;
  while (r.next < argc && status == TIDE_OK) {
    const char *word = argv[r.next++];
    if (ended || word[0] != '-' || word[1] == '\0')
      status = list_add(operands, word, err);
    else if (strcmp(word, "--") == 0)
      ended = true;
    else if (word[1] == '-')
      status = take_long(&r, word + 2, err);
    else
      status = take_short(&r, word + 1, err);
  }
  return status;
}

void options_free(const option_group *const *groups, void *settings) {
  for (const option_group *const *g = groups; *g; g++) {
    for (const option *o = (*g)->options; o->name; o++) {
      if (o->kind != OPTION_LIST)
        continue;
      option_list *list = (option_list *)(void *)((char *)settings + o->offset);
      free(list->items);
      *list = (option_list){0};
    }
  }
}
