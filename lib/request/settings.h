/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was asked for, as the option tables fill it: of the reading, of the question, or of both. */
#ifndef LIB_REQUEST_SETTINGS_H
#define LIB_REQUEST_SETTINGS_H

#include "request/option.h"

typedef struct tide_settings {
  /* Of the reading (tide_reading_options): the same for all questions that it answers. */
  const char *tz, *envelope_zone, *asn, *country, *label_names, *input, *duplicates;
  tide_option_list trust, campaigns, labels, label;
  uint64_t jobs; /* 0: not given, here and below */
  bool webmail_origin, fold_lookalikes;
  /* Of the question. */
  const char *event, *since, *until, *bin;
  int64_t before, after, washout; /* seconds */
  tide_option_list by, columns, where, control, exclude;
  const char *format, *times, *which_rows, *unit;
  uint64_t top, rows; /* top: groups, rows: of `relays` and `keywords` */
  const char *model, *errors, *confidence;
  uint64_t penalty, min_length, to; /* to: percent */
  int64_t smooth, sustain, step;    /* seconds */
  const char *windows;
  bool raw_cells, bom, wide, share, coverage, weekdays, trend, prose, all_columns, templates,
      together;
} tide_settings;

#endif
