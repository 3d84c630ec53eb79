/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked for, as the option tables fill it: of the reading, of any question, and of one
 * kind of question. */
#ifndef LIB_REQUEST_SETTINGS_H
#define LIB_REQUEST_SETTINGS_H

#include "question/own.h"
#include "request/option.h"

/* Of the reading (tide_reading_options): the same for all questions that it answers. */
typedef struct tide_reading_settings {
  const char *tz, *envelope_zone, *asn, *country, *label_names, *input, *duplicates;
  tide_option_list trust, campaigns, labels, label;
  uint64_t jobs; /* 0: not given, here and below */
  bool webmail_origin, fold_lookalikes;
} tide_reading_settings;

typedef struct tide_settings {
  tide_reading_settings reading;
  /* Of any question that has such rows. */
  const char *event, *since, *until, *bin;
  int64_t before, after, washout; /* seconds */
  tide_option_list by, where, control, exclude;
  uint64_t top; /* groups */
  const char *format, *times;
  bool raw_cells, bom, coverage, all_columns;
  tide_option_list columns;
  tide_own own; /* of the kind of question alone (tide_request_kind): no other looks at it */
} tide_settings;

#endif
