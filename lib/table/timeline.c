/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "groups.h"
#include "spamtide/limits.h"

const tide_column tide_timeline_columns[] = {
    {"bin_start", "first instant of the bin (RFC 3339, in the zone of --tz)"},
    {"period", "before, during (the bin that holds the event), after, or outside (washout, or "
               "beyond --before and --after); empty without --event"},
    {"messages", "messages in the bin"},
    {"bytes", "their octets"},
    {"origins", "distinct origin addresses"},
};

tide_status tide_timeline_write(const tide_timeline *t, const tide_tally *tally,
                                const tide_row_writer *writer, tide_error *err) {
  int64_t first, last;
  bool any = tide_tally_range(tally, &first, &last);
  if (t->has_since && (!any || tide_bin_of(t->binning, t->since).start < first)) {
    first = tide_bin_of(t->binning, t->since).start;
    if (!any)
      last = first;
  }
  if (t->has_until && (any || t->has_since)) {
    int64_t end = tide_bin_of(t->binning, t->until - 1).start;
    if (end > last)
      last = end;
  }
  if (!any && !(t->has_since && t->has_until))
    return TIDE_OK;
  uint32_t groups = tide_tally_group_count(tally);
  if (groups == 0)
    groups = t->group_values ? 0 : 1;
  uint32_t *order = groups_sorted(tally);
  size_t width = TIDE_TIMELINE_FIXED_BEFORE + t->group_values + TIDE_TIMELINE_FIXED_AFTER;
  tide_value *row = calloc(width, sizeof *row);
  tide_status status = order && row ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
  uint64_t rows = 0;
  for (tide_bin bin = tide_bin_of(t->binning, first); status == TIDE_OK && bin.start <= last;
       bin = tide_bin_next(t->binning, bin)) {
    row[0] = tide_value_time(bin.start, tide_zone_offset(t->binning->zone, bin.start));
    tide_period period = tide_windows_period_of(t->windows, bin);
    row[1] = period == TIDE_PERIOD_NONE ? tide_value_empty()
                                        : tide_value_word(tide_span_of(tide_period_name(period)));
    for (uint32_t g = 0; g < groups && status == TIDE_OK; g++) {
      if (++rows > TIDE_LIMIT_ROWS) {
        status = tide_error_set(err, TIDE_FATAL,
                                "more than %u rows: take wider bins, fewer groups (--top), or a "
                                "shorter time (--since, --until)",
                                TIDE_LIMIT_ROWS);
        break;
      }
      bool counted = g < tide_tally_group_count(tally);
      tide_count n = counted ? tide_tally_count(tally, bin.start, order[g]) : (tide_count){0};
      if (t->group_values)
        groups_values(tide_tally_group(tally, order[g]), t->group_values,
                      row + TIDE_TIMELINE_FIXED_BEFORE);
      tide_value *after = row + TIDE_TIMELINE_FIXED_BEFORE + t->group_values;
      after[0] = tide_value_uint(n.messages);
      after[1] = tide_value_uint(n.bytes);
      after[2] = tide_value_uint(n.origins);
      status = writer->row(writer->context, row, width, err);
    }
  }
  free(order);
  free(row);
  return status;
}
