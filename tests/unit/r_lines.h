/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what an R script printed: on each line a name and numbers. */
#ifndef R_LINES_H
#define R_LINES_H

#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

enum { R_VALUES_MOST = 2000 };

typedef struct r_lines {
  FILE *file;
  char name[32];
  char word[32]; /* where a line has a word and no numbers */
  double values[R_VALUES_MOST];
  size_t count;
} r_lines;

/* tests/stats/NAME */
static inline void r_open(r_lines *r, const char *name) {
  char path[4096];
  const char *root = getenv("TIDE_SOURCE");
  snprintf(path, sizeof path, "%s/tests/stats/%s", root ? root : ".", name);
  r->file = fopen(path, "r");
  if (!r->file)
    fail_msg("%s cannot be read", path);
}

/* false at the end, and then the file is closed. */
static inline bool r_next(r_lines *r) {
  char *line = NULL;
  size_t cap = 0;
  if (getline(&line, &cap, r->file) < 0) {
    free(line);
    fclose(r->file);
    return false;
  }
  char *save = NULL, *word = strtok_r(line, " \n", &save);
  r->count = 0;
  r->word[0] = '\0';
  snprintf(r->name, sizeof r->name, "%s", word ? word : "");
  while ((word = strtok_r(NULL, " \n", &save))) {
    char *end;
    assert_true(r->count < R_VALUES_MOST);
    r->values[r->count] = strtod(word, &end);
    if (*end)
      snprintf(r->word, sizeof r->word, "%s", word);
    else
      r->count++;
  }
  free(line);
  return true;
}

/* Equal to 1e-6, relative to what R says. */
#define assert_near(got, want)                                                                     \
  do {                                                                                             \
    double got_ = (got), want_ = (want), off_ = got_ > want_ ? got_ - want_ : want_ - got_,        \
           size_ = want_ < 0 ? -want_ : want_;                                                     \
    if (!(off_ <= 1e-6 * size_ + 1e-12))                                                           \
      fail_msg("%s is %.15g, not %.15g as in R", #got, got_, want_);                               \
  } while (0)

#endif
