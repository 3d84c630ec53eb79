/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked of one kind of question alone, as the rows of options fill it. Words among it, such
 * as a model's name, are what the person wrote; lib/request/values.c reads them. */
#ifndef LIB_QUESTION_OWN_H
#define LIB_QUESTION_OWN_H

#include <stdbool.h>
#include <stdint.h>

typedef struct tide_timeline_own {
  const char *which_rows, *unit; /* words; unit: NULL if none is asked for */
  bool wide, share;
} tide_timeline_own;

typedef struct tide_compare_own {
  const char *unit; /* the one that is shown; NULL: all */
  const char *model, *errors, *confidence, *windows;
  bool weekdays, trend;
} tide_compare_own;

typedef struct tide_course_own {
  const char *errors, *confidence;
  int64_t step; /* seconds */
} tide_course_own;

typedef struct tide_changes_own {
  uint64_t penalty, min_length; /* 0: by the length of the series, and of the bins */
  bool together;                /* the dates that groups share, instead of each group's */
} tide_changes_own;

typedef struct tide_recovery_own {
  uint64_t to;             /* percent */
  int64_t smooth, sustain; /* seconds */
} tide_recovery_own;

typedef union tide_own {
  tide_timeline_own timeline;
  tide_compare_own compare;
  tide_course_own course;
  tide_changes_own changes;
  tide_recovery_own recovery;
  struct {
    bool prose; /* for a person to read; else JSON Lines; set from --format */
  } explain;
  struct {
    bool templates;
  } families;
  struct {
    uint64_t rows; /* of each direction and group; 0: TIDE_KEYWORDS_TOP */
  } keywords;
  struct {
    uint64_t rows; /* of each kind; 0: 40 */
    bool suggest;
  } relays;
} tide_own;

#endif
