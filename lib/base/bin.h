/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bins: time cut into hours, days, weeks, months, years or equal spans, without gaps and without
 * overlap. */
#ifndef LIB_BASE_BIN_H
#define LIB_BASE_BIN_H

#include "base/zone.h"

typedef enum tide_bin_unit {
  TIDE_BIN_HOUR,
  TIDE_BIN_DAY,
  TIDE_BIN_WEEK, /* ISO 8601: from Monday */
  TIDE_BIN_MONTH,
  TIDE_BIN_YEAR,
  TIDE_BIN_SPAN /* every `seconds`, counted from `anchor` */
} tide_bin_unit;

typedef struct tide_binning {
  tide_bin_unit unit;
  int64_t seconds, anchor; /* TIDE_BIN_SPAN only */
  const tide_zone *zone;   /* borrowed; must outlive this */
} tide_binning;

/* [start, end) in seconds since the epoch. */
typedef struct tide_bin {
  int64_t start, end;
} tide_bin;

/* "hour" … "year", or a duration ("6h", "7d"): unit and seconds. anchor is set to Monday 1970-01-05
 * 00:00 UTC, and is the caller's to move (to an event, so that no bin straddles it). zone is left
 * alone. TIDE_USAGE on anything else. */
tide_status tide_binning_parse(tide_span s, tide_binning *out, tide_error *);

/* The bin that holds an instant. A civil bin runs from the first instant of its local date or hour
 * to that of the next, so a day of 23 or 25 hours is one bin, and an hour that comes twice is two
 * bins with different offsets. Cheap enough for once a message: where the offset does not change
 * around it, plain arithmetic. */
tide_bin tide_bin_of(const tide_binning *, int64_t time);
/* The bin that follows. Local dates that a zone skipped altogether (Samoa, 2011-12-30) have no bin.
 */
tide_bin tide_bin_next(const tide_binning *, tide_bin);

#endif
