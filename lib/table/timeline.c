/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "groups.h"
#include "spamtide/limits.h"

typedef struct timeline_row {
  const tide_zone *zone;
  tide_bin bin;
  tide_period period;
  tide_count count; /* of one group in it */
} timeline_row;

TIDE_GETTER(timeline_row, bin_start,
            tide_value_time(r->bin.start, tide_zone_offset(r->zone, r->bin.start)))
TIDE_GETTER(timeline_row, period,
            r->period == TIDE_PERIOD_NONE
                ? tide_value_empty()
                : tide_value_word(tide_span_of(tide_period_name(r->period))))
TIDE_GETTER(timeline_row, messages, tide_value_uint(r->count.messages))
TIDE_GETTER(timeline_row, bytes, tide_value_uint(r->count.bytes))
TIDE_GETTER(timeline_row, origins, tide_value_uint(r->count.origins))

static const tide_column timeline_columns[] = {
    {.name = "bin_start",
     .help = "first instant of the bin (RFC 3339, in the zone of --tz)",
     .get = get_bin_start,
     .leads = true},
    {.name = "period",
     .help = "before, during (the bin that holds the event), after, or outside (washout, or "
             "beyond --before and --after); empty without --event",
     .get = get_period,
     .leads = true},
    {.name = "messages", .help = "messages in the bin", .get = get_messages},
    {.name = "bytes", .help = "their octets", .get = get_bytes},
    {.name = "origins", .help = "distinct origin addresses", .get = get_origins},
};

const tide_columns tide_timeline_columns = TIDE_COLUMNS(timeline_columns);

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
  const size_t width = tide_timeline_columns.count + t->group_values;
  const size_t leading = tide_columns_leading(&tide_timeline_columns);
  tide_value *row = calloc(width, sizeof *row);
  tide_status status = order && row ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
  uint64_t rows = 0;
  for (tide_bin bin = tide_bin_of(t->binning, first); status == TIDE_OK && bin.start <= last;
       bin = tide_bin_next(t->binning, bin)) {
    timeline_row now = {
        .zone = t->binning->zone, .bin = bin, .period = tide_windows_period_of(t->windows, bin)};
    for (uint32_t g = 0; g < groups && status == TIDE_OK; g++) {
      if (++rows > TIDE_LIMIT_ROWS) {
        status = tide_error_set(err, TIDE_FATAL,
                                "more than %u rows: take wider bins, fewer groups (--top), or a "
                                "shorter time (--since, --until)",
                                TIDE_LIMIT_ROWS);
        break;
      }
      bool counted = g < tide_tally_group_count(tally);
      now.count = counted ? tide_tally_count(tally, bin.start, order[g]) : (tide_count){0};
      tide_columns_fill(&tide_timeline_columns, &now, t->group_values, row);
      if (t->group_values)
        groups_values(tide_tally_group(tally, order[g]), t->group_values, row + leading);
      status = writer->row(writer->context, row, width, err);
    }
  }
  free(order);
  free(row);
  return status;
}
