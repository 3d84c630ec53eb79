/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options as data: what can be said of a question or of an archive, by name and value. From one
 * table come what the command line takes, help, man pages, completion, and what a program that
 * links the library can set. */
#ifndef LIB_REQUEST_OPTION_H
#define LIB_REQUEST_OPTION_H

#include "base/span.h"
#include "base/status.h"

typedef enum tide_option_kind {
  TIDE_OPTION_FLAG,    /* bool */
  TIDE_OPTION_TEXT,    /* const char * */
  TIDE_OPTION_FILE,    /* const char *: completed as a file's name */
  TIDE_OPTION_LIST,    /* tide_option_list: may be given several times */
  TIDE_OPTION_NUMBER,  /* uint64_t, from 1 to most */
  TIDE_OPTION_CHOICE,  /* const char *: one of choices */
  TIDE_OPTION_DURATION /* int64_t seconds */
} tide_option_kind;

typedef struct tide_option_list {
  const char **items;
  size_t count;
} tide_option_list;

typedef struct tide_option {
  const char *name; /* long name without dashes; NULL ends a table */
  char letter;      /* short name or 0 */
  tide_option_kind kind;
  const char *argument; /* what stands for its argument in help, in capitals; NULL for a flag */
  const char *help;     /* sentences */
  size_t offset;        /* of its value in the settings */
  const char *const *choices; /* TIDE_OPTION_CHOICE: NULL-terminated */
  const char *preset;         /* the value where it is not given, as text; NULL: none */
  uint64_t most;              /* TIDE_OPTION_NUMBER */
} tide_option;

/* Options under one heading; questions share groups. */
typedef struct tide_option_group {
  const char *heading;
  const tide_option *options;
} tide_option_group;

enum { TIDE_OPTION_NAME_MAX = 64, TIDE_OPTIONS_MAX = 128 }; /* of one name; of one question */

/* The option of that name; NULL if there is none. Groups end with NULL, here and below. */
const tide_option *tide_option_find(const tide_option_group *const *groups, tide_span name);
/* TIDE_USAGE with what was perhaps meant, or `see` where nothing is near. */
tide_status tide_option_unknown(const tide_option_group *const *groups, tide_span name,
                                const char *see, tide_error *);
/* Puts a value into the settings, a struct that offsets point into; text is borrowed. A list gets
 * one more. value is not looked at for a flag. TIDE_USAGE with one line that says what is wrong. */
tide_status tide_option_set(const tide_option *, const char *value, void *settings, tide_error *);
/* Puts the values that hold where nothing is given. */
tide_status tide_options_preset(const tide_option_group *const *groups, void *settings,
                                tide_error *);
/* Adds an item, which is borrowed. */
tide_status tide_option_list_add(tide_option_list *, const char *item, tide_error *);
/* Frees the items of all lists among the options. */
void tide_options_free(const tide_option_group *const *groups, void *settings);

#endif
