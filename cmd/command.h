/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command as data: its options, its words for help, its columns. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "option.h"
#include "settings.h"
#include "question/question.h"

typedef struct example {
  const char *line, *meaning;
} example;

typedef struct command {
  const char *name;
  const char *operands;           /* behind the options in the usage line; "" where it takes none */
  const char *summary;            /* one line without a full stop */
  const char *const *description; /* paragraphs, NULL at the end */
  const option_group *const *groups; /* NULL at the end */
  const tide_columns *columns; /* of its output, where no question of it has them; may be NULL */
  bool field_columns;          /* its columns are the fields' */
  const example *examples;     /* line NULL at the end */
  const tide_question_type *question; /* of commands that ask one */
  void (*prepare)(settings *); /* sets what was not given and depends on what was; may be NULL */
  int (*run)(const struct command *, const settings *);
} command;

extern const command *const commands[]; /* NULL at the end */

/* The columns of its output: its question's, or its own; NULL where they are the fields' or where
 * it has none. */
static inline const tide_columns *command_columns(const command *c) {
  return c->question && c->question->columns ? c->question->columns : c->columns;
}

#endif
