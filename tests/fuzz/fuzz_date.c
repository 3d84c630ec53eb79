/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates, separators, points in time, durations and bins of any bytes. */
#include <stdlib.h>

#include "base/bin.h"
#include "mail/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static tide_zone *zone;
  if (!zone && tide_zone_open(&zone, SPAN("America/New_York"), NULL) != TIDE_OK)
    abort();
  tide_span s = tide_span_make((const char *)data, size), sender;
  tide_date date;
  int64_t when;
  tide_error err;
  if (tide_date_parse(s, &date)) {
    tide_binning binning = {.unit = TIDE_BIN_DAY, .zone = zone};
    tide_bin bin = tide_bin_of(&binning, date.time);
    if (date.time < bin.start || date.time >= bin.end)
      abort();
    char text[TIDE_RFC3339_MAX];
    tide_rfc3339_format(date.time, date.offset, text);
  }
  if (tide_date_parse_separator(s, &date, &sender) &&
      (s.len < 5 || !tide_span_istarts(s, SPAN("From "))))
    abort();
  tide_when_parse(s, zone, &when, NULL, &err);
  tide_duration_parse(s, &when);
  return 0;
}
