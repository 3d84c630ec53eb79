/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person asked for, as the option tables fill it. */
#ifndef CMD_SETTINGS_H
#define CMD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "option.h"

typedef struct settings {
  const char *event, *since, *until, *bin, *tz, *envelope_zone;
  int64_t before, after, washout; /* seconds; 0: not given */
  option_list by, columns, where, control, exclude, trust, campaigns, labels, label;
  const char *asn, *country, *label_names;
  const char *duplicates, *input, *format, *output, *account, *progress, *times, *which_rows, *unit;
  uint64_t jobs, top, rows; /* 0: not given; top: groups, rows: of `relays` */
  const char *rules_out;    /* of keywords */
  const char *model, *errors, *confidence;
  uint64_t penalty, min_length, to; /* 0: not given; to: percent */
  int64_t smooth, sustain, step;    /* seconds */
  const char *windows;
  bool raw_cells, bom, wide, share, coverage, webmail_origin, suggest, fold_lookalikes, weekdays,
      trend, prose, all_columns, templates, together;
  bool help;
  const char *const *argv; /* the whole command line, for the account */
  int argc;
  const char *const *paths;
  size_t path_count;
} settings;

#endif
