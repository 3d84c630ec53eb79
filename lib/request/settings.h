/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked for, as the option tables fill it: of the reading, of any question, and of one
 * kind of question. */
#ifndef LIB_REQUEST_SETTINGS_H
#define LIB_REQUEST_SETTINGS_H

#include "request/option.h"

/* Of the reading (tide_reading_options): the same for all questions that it answers. */
typedef struct tide_reading_settings {
  const char *tz, *envelope_zone, *asn, *country, *label_names, *input, *duplicates;
  tide_option_list trust, campaigns, labels, label;
  uint64_t jobs; /* 0: not given, here and below */
  bool webmail_origin, fold_lookalikes;
} tide_reading_settings;

typedef struct tide_timeline_settings {
  const char *which_rows, *unit;
  bool wide, share;
} tide_timeline_settings;

typedef struct tide_compare_settings {
  const char *unit, *model, *errors, *confidence, *windows;
  bool weekdays, trend;
} tide_compare_settings;

typedef struct tide_course_settings {
  const char *errors, *confidence;
  int64_t step; /* seconds */
} tide_course_settings;

typedef struct tide_changes_settings {
  uint64_t penalty, min_length;
  bool together;
} tide_changes_settings;

typedef struct tide_recovery_settings {
  uint64_t to;             /* percent */
  int64_t smooth, sustain; /* seconds */
} tide_recovery_settings;

typedef struct tide_settings {
  tide_reading_settings reading;
  /* Of any question that has such rows. */
  const char *event, *since, *until, *bin;
  int64_t before, after, washout; /* seconds */
  tide_option_list by, where, control, exclude;
  uint64_t top; /* groups */
  const char *format, *times;
  bool raw_cells, bom, coverage, all_columns;
  /* Of the kind of question alone (tide_request_kind): no other looks at it. */
  union {
    tide_timeline_settings timeline;
    tide_compare_settings compare;
    tide_course_settings course;
    tide_changes_settings changes;
    tide_recovery_settings recovery;
    struct {
      bool prose; /* set by its prepare, from --format */
    } explain;
    struct {
      bool templates;
    } families;
    struct {
      uint64_t rows;
    } keywords;
    struct {
      uint64_t rows;
      bool suggest;
    } relays;
    struct {
      tide_option_list columns;
    } records;
  } own;
} tide_settings;

#endif
