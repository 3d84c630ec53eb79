/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words are matched against the rows of options that a command takes; what a value means is the
 * row's affair (lib/request). */
#include "arguments.h"

#include <string.h>

static const char see_help[] = "see --help";

static const tide_option *find_letter(const tide_option_group *const *groups, char letter) {
  for (; *groups; groups++)
    for (const tide_option *o = (*groups)->options; o->name; o++)
      if (o->letter == letter)
        return o;
  return NULL;
}

/* The words that are still to be read, and what was given already. */
typedef struct reading {
  const tide_option_group *const *groups;
  char **argv;
  int argc, next;
  void *settings;
  const tide_option *given[TIDE_OPTIONS_MAX]; /* those that may be given once only */
  size_t given_count;
} reading;

/* One option; value NULL: its argument, where it takes one, is the next word. */
static tide_status take(reading *r, const tide_option *o, const char *value, tide_error *err) {
  if (o->kind == TIDE_OPTION_FLAG && value)
    return tide_error_set(err, TIDE_USAGE, "--%s takes no argument", o->name);
  if (o->kind != TIDE_OPTION_FLAG && !value) {
    if (r->next == r->argc)
      return tide_error_set(err, TIDE_USAGE, "--%s needs an argument: %s", o->name, o->argument);
    value = r->argv[r->next++];
  }
  if (o->kind != TIDE_OPTION_LIST) {
    for (size_t k = 0; k < r->given_count; k++)
      if (r->given[k] == o)
        return tide_error_set(err, TIDE_USAGE, "--%s is given twice", o->name);
    if (r->given_count == TIDE_OPTIONS_MAX)
      return tide_error_set(err, TIDE_USAGE, "too many options");
    r->given[r->given_count++] = o;
  }
  return tide_option_set(o, value, r->settings, err);
}

/* --name or --name=value, without the dashes. */
static tide_status take_long(reading *r, const char *word, tide_error *err) {
  const char *equals = strchr(word, '=');
  size_t len = equals ? (size_t)(equals - word) : strlen(word);
  const tide_option *o = tide_option_find(r->groups, tide_span_make(word, len));
  if (!o)
    return tide_option_unknown(r->groups, tide_span_make(word, len), see_help, err);
  return take(r, o, equals ? equals + 1 : NULL, err);
}

/* Letters without the dash: flags together, the last one may take an argument. */
static tide_status take_short(reading *r, const char *word, tide_error *err) {
  /* -output would write a file named "utput". */
  size_t len = strcspn(word, "=");
  if (len > 1 && tide_option_find(r->groups, tide_span_make(word, len)))
    return tide_error_set(err, TIDE_USAGE, "unknown option -%s; did you mean --%s?", word, word);
  for (; *word; word++) {
    const tide_option *o = find_letter(r->groups, *word);
    /* A letter beyond ASCII is more than one byte: the rest of the word is shown. */
    if (!o)
      return tide_error_set(err, TIDE_USAGE, "unknown option -%.*s; see --help",
                            (*word & 0x80) ? (int)strcspn(word, "=") : 1, word);
    if (o->kind != TIDE_OPTION_FLAG)
      return take(r, o, word[1] ? word + 1 : NULL, err);
    tide_status status = take(r, o, NULL, err);
    if (status != TIDE_OK)
      return status;
  }
  return TIDE_OK;
}

tide_status options_parse(const tide_option_group *const *groups, int argc, char **argv,
                          void *settings, tide_option_list *operands, tide_error *err) {
  reading r = {.groups = groups, .argv = argv, .argc = argc, .settings = settings};
  TIDE_TRY(tide_options_preset(groups, settings, err));
  bool ended = false;
  while (r.next < argc) {
    const char *word = argv[r.next++];
    if (!*word)
      return tide_error_set(err, TIDE_USAGE, "an argument is empty");
    if (ended || word[0] != '-' || word[1] == '\0')
      TIDE_TRY(tide_option_list_add(operands, word, err));
    else if (strcmp(word, "--") == 0)
      ended = true;
    else if (word[1] == '-')
      TIDE_TRY(take_long(&r, word + 2, err));
    else
      TIDE_TRY(take_short(&r, word + 1, err));
  }
  return TIDE_OK;
}
