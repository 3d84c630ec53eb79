/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command as data: its options, its words for help, its columns. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "arguments.h"
#include "invocation.h"
#include "request/kind.h"

typedef struct example {
  const char *line, *meaning;
} example;

typedef struct command {
  const char *name;
  const char *operands;           /* after the options in the usage line; "" where it takes none */
  const char *summary;            /* one line without a full stop */
  const char *const *description; /* paragraphs, NULL at the end */
  const tide_option_group *const *groups; /* after those of what it asks; NULL at the end */
  bool field_columns;                     /* its columns are the fields' */
  const example *examples;                /* line NULL at the end */
  const tide_request_kind *asks;          /* of commands that ask a question */
  int (*run)(const struct command *, const settings *);
} command;

extern const command *const commands[]; /* NULL at the end */

/* The columns of its output; NULL if they are the fields' or where it has none. */
static inline const tide_columns *command_columns(const command *c) {
  return c->asks ? c->asks->question->columns : NULL;
}

/* All its options: those of what it asks, and its own. Of neighbours with one heading help shows it
 * once. */
enum { COMMAND_GROUPS_MAX = 24 };
typedef struct command_options {
  const tide_option_group *groups[COMMAND_GROUPS_MAX + 1]; /* NULL at the end */
} command_options;

static inline command_options command_options_of(const command *c) {
  static const tide_option_group *const none[] = {NULL};
  const tide_option_group *const *const parts[] = {c->asks ? c->asks->groups : none, c->groups};
  command_options all = {.groups = {NULL}};
  size_t count = 0;
  for (size_t i = 0; i < 2; i++)
    for (const tide_option_group *const *g = parts[i]; *g && count < COMMAND_GROUPS_MAX; g++)
      all.groups[count++] = *g;
  return all;
}

#endif
