/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts as a timeline. The plan is made first and holds all that can be refused, so that nothing
 * was written by then. */
#include "table/timeline.h"

#include <stdlib.h>

#include "groups.h"
#include "base/limits.h"
#include "base/sort.h"

const char *const tide_timeline_unit_names[TIDE_TIMELINE_UNITS + 1] = {"messages", "bytes",
                                                                       "origins"};

static uint64_t unit_of(const tide_count *n, tide_timeline_unit unit) {
  switch (unit) {
  case TIDE_TIMELINE_MESSAGES: return n->messages;
  case TIDE_TIMELINE_BYTES: return n->bytes;
  case TIDE_TIMELINE_ORIGINS: return n->origins;
  case TIDE_TIMELINE_UNITS: break;
  }
  return 0;
}

/* What the columns are made of. */
typedef struct timeline_row {
  const tide_timeline *t;
  tide_bin bin;
  tide_period period;
  const char *covered;
  tide_count all;   /* of the bin, where shares are asked for */
  tide_count count; /* of one group in it */
} timeline_row;

static tide_value share_of(const timeline_row *r) {
  uint64_t all = unit_of(&r->all, r->t->unit);
  return all ? tide_value_real(100.0 * (double)unit_of(&r->count, r->t->unit) / (double)all)
             : tide_value_empty();
}

TIDE_GETTER(timeline_row, bin_start, tide_zone_value(r->t->binning->zone, r->bin.start))
TIDE_GETTER(timeline_row, period,
            r->period == TIDE_PERIOD_NONE
                ? tide_value_empty()
                : tide_value_word(tide_span_of(tide_period_name(r->period))))
TIDE_GETTER(timeline_row, messages, tide_value_uint(r->count.messages))
TIDE_GETTER(timeline_row, bytes, tide_value_uint(r->count.bytes))
TIDE_GETTER(timeline_row, origins, tide_value_uint(r->count.origins))
TIDE_GETTER(timeline_row, covered, tide_value_word(tide_span_of(r->covered)))
TIDE_GETTER(timeline_row, share_pct, share_of(r))

/* A wide table has some of a long one's. */
#define BIN_START                                                                                  \
  {                                                                                                \
    .name = "bin_start", .help = "first instant of the bin (RFC 3339, in the zone of --tz)",       \
    .get = get_bin_start, .leads = true                                                            \
  }
#define PERIOD                                                                                     \
  {                                                                                                \
    .name = "period",                                                                              \
    .help =                                                                                        \
        "before, during (the bin that holds the event), after, or outside (in the washout, or "    \
        "beyond --before and --after); empty without --event",                                     \
    .get = get_period, .leads = true                                                               \
  }
#define COVERED                                                                                    \
  {                                                                                                \
    .name = "covered",                                                                             \
    .help = "how much of the bin lies within the archive: whole, part or none. The archive "       \
            "extends from its first message to its last, whatever --where asks for, or to "        \
            "--since and --until if they cut it or its mail comes within a day of them. A bin "    \
            "covered in part may have too few messages",                                           \
    .get = get_covered                                                                             \
  }

static const tide_column long_columns[] = {
    BIN_START,
    PERIOD,
    {.name = "messages", .help = "messages in the bin", .get = get_messages},
    {.name = "bytes", .help = "size of these messages in bytes", .get = get_bytes},
    {.name = "origins", .help = "distinct origin addresses", .get = get_origins},
    COVERED,
    {.name = "share_pct", /* the last, only where shares are asked for */
     .help = "with --share: the group's percentage of the bin's messages (or of --unit); empty if "
             "the bin has none. Each message counts once in the whole, but in all of its groups: "
             "if messages are in several, the shares add up to more than 100, and that of "
             "(other) alone may be more",
     .get = get_share_pct},
};
static const tide_column wide_columns[] = {BIN_START, PERIOD, COVERED};

const tide_columns tide_timeline_columns = TIDE_COLUMNS(long_columns);
static const tide_columns timeline_wide = TIDE_COLUMNS(wide_columns);

tide_columns tide_timeline_columns_of(const tide_timeline *t) {
  tide_columns columns = t->wide ? timeline_wide : tide_timeline_columns;
  if (!t->wide && !t->share)
    columns.count--;
  return columns;
}

/* --- the plan --- */

/* Bins from that of `first` to that of `last`, at most `most`: there may be very many. */
static uint64_t bins_between(const tide_binning *b, int64_t first, int64_t last, uint64_t most) {
  uint64_t count = 0;
  for (tide_bin bin = tide_bin_of(b, first); bin.start <= last && count < most;
       bin = tide_bin_next(b, bin))
    count++;
  return count;
}

/* The first and the last bin; false if there are none. */
static bool range_of(const tide_timeline *t, const tide_tally *tally, int64_t *first,
                     int64_t *last) {
  bool any = tide_tally_range(tally, first, last);
  if (!any && !(t->has_since && t->has_until))
    return false;
  if (t->has_since) {
    int64_t since = tide_bin_of(t->binning, t->since).start;
    if (!any || since < *first)
      *first = since;
    if (!any)
      *last = since;
  }
  if (t->has_until) {
    int64_t end = tide_bin_of(t->binning, t->until - 1).start;
    if (end > *last)
      *last = end;
  }
  return true;
}

static bool few_groups(const tide_timeline_plan *p, const tide_tally *tally) {
  bool rest = p->groups && tide_groups_is_rest(tide_tally_group(tally, p->order[p->groups - 1]));
  return p->groups - rest <= TIDE_TIMELINE_FEW;
}

static tide_status too_many_rows(const tide_timeline *t, tide_error *err) {
  return tide_error_set(
      err, TIDE_FATAL, "more than %u %s: use wider bins, %s%sa shorter time (--since, --until)",
      TIDE_LIMIT_ROWS, t->wide ? "cells" : "rows", t->group_values ? "fewer groups (--top), " : "",
      t->wide ? "or " : "rows only where there is mail (--rows filled), or ");
}

tide_status tide_timeline_plan_make(const tide_timeline *t, const tide_tally *tally,
                                    tide_timeline_plan *out, tide_error *err) {
  tide_timeline_plan p = {.groups = tide_tally_group_count(tally)};
  if (t->wide && p.groups > TIDE_LIMIT_COLUMNS - timeline_wide.count)
    return tide_error_set(err, TIDE_FATAL,
                          "%lu groups are more columns than a spreadsheet takes (%u): use fewer "
                          "(--top), or leave --wide out",
                          (unsigned long)p.groups, TIDE_LIMIT_COLUMNS);
  p.order = tide_groups_sorted(tally);
  if (!p.order)
    return tide_error_memory(err);
  p.any = range_of(t, tally, &p.first, &p.last);
  /* Without --by all messages are one group, that is there even where none was counted. */
  uint64_t groups = p.groups;
  if (groups == 0 && t->group_values == 0)
    groups = 1;
  p.filled = !t->wide && (t->rows == TIDE_TIMELINE_ROWS_FILLED ||
                          (t->rows == TIDE_TIMELINE_ROWS_AUTO && !few_groups(&p, tally)));
  if (p.filled) {
    p.rows = tide_tally_cell_count(tally);
  } else if (p.any && groups) {
    uint64_t most = TIDE_LIMIT_ROWS / groups;
    uint64_t bins = bins_between(t->binning, p.first, p.last, most + 1);
    p.rows = t->wide ? bins : bins * groups;
    if (bins > most)
      p.rows = TIDE_LIMIT_ROWS + 1ull;
  }
  if (p.rows > TIDE_LIMIT_ROWS) {
    tide_timeline_plan_free(&p);
    return too_many_rows(t, err);
  }
  *out = p;
  return TIDE_OK;
}

void tide_timeline_plan_free(tide_timeline_plan *p) {
  free(p->order);
  p->order = NULL;
}

/* --- the rows --- */

typedef struct rows {
  const tide_timeline_plan *plan;
  const tide_tally *groups, *total;
  const tide_row_writer *writer;
  tide_columns columns;
  size_t leading;
  tide_value *row;
  timeline_row now;
} rows;

static const char *covered_name(const tide_timeline *t, tide_bin bin) {
  tide_cover cover = tide_extent_cover(t->extent);
  if (!t->extent->any || cover.begin >= bin.end || cover.end <= bin.start)
    return "none";
  return cover.begin <= bin.start && cover.end >= bin.end ? "whole" : "part";
}

static tide_count count_of(const tide_tally *tally, int64_t bin, uint32_t group) {
  return group < tide_tally_group_count(tally) ? tide_tally_count(tally, bin, group)
                                               : (tide_count){0};
}

/* What is the same in all rows of a bin. */
static void begin_bin(rows *r, tide_bin bin) {
  const tide_timeline *t = r->now.t;
  r->now.bin = bin;
  r->now.period = tide_windows_period_of(t->windows, bin);
  r->now.covered = covered_name(t, bin);
  if (t->share)
    r->now.all = count_of(r->total, bin.start, 0);
}

/* One row of a long table; its bin has begun. */
static tide_status long_row(rows *r, uint32_t group, tide_error *err) {
  const size_t group_values = r->now.t->group_values;
  tide_columns_fill(&r->columns, &r->now, group_values, r->row);
  if (group_values)
    tide_groups_values(tide_tally_group(r->groups, group), group_values, r->row + r->leading);
  return r->writer->row(r->writer->context, r->row, r->columns.count + group_values, err);
}

/* The row of a wide table; its bin has begun. */
static tide_status wide_row(rows *r, tide_error *err) {
  const tide_timeline *t = r->now.t;
  const tide_timeline_plan *p = r->plan;
  size_t width = r->columns.count;
  tide_columns_fill(&r->columns, &r->now, 0, r->row);
  for (uint32_t i = 0; i < (t->group_values ? p->groups : 1); i++) {
    r->now.count = count_of(r->groups, r->now.bin.start, p->groups ? p->order[i] : 0);
    r->row[width++] =
        t->share ? share_of(&r->now) : tide_value_uint(unit_of(&r->now.count, t->unit));
  }
  return r->writer->row(r->writer->context, r->row, width, err);
}

static tide_status all_rows(rows *r, tide_error *err) {
  const tide_timeline *t = r->now.t;
  const tide_timeline_plan *p = r->plan;
  uint32_t groups = t->group_values ? p->groups : 1;
  for (tide_bin bin = tide_bin_of(t->binning, p->first); bin.start <= p->last;
       bin = tide_bin_next(t->binning, bin)) {
    begin_bin(r, bin);
    if (t->wide)
      TIDE_TRY(wide_row(r, err));
    for (uint32_t i = 0; !t->wide && i < groups; i++) {
      uint32_t group = p->groups ? p->order[i] : 0;
      r->now.count = count_of(r->groups, bin.start, group);
      TIDE_TRY(long_row(r, group, err));
    }
  }
  return TIDE_OK;
}

/* A cell that has mail; rank is the place of its group in the order. */
typedef struct filled_cell {
  int64_t bin;
  uint32_t rank, cell;
} filled_cell;

static int filled_compare(const void *a, const void *b, void *context) {
  (void)context;
  const filled_cell *x = a, *y = b;
  if (x->bin != y->bin)
    return x->bin < y->bin ? -1 : 1;
  return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static tide_status filled_write(rows *r, const filled_cell *cells, uint32_t count,
                                tide_error *err) {
  for (uint32_t i = 0; i < count; i++) {
    int64_t bin;
    uint32_t group;
    if (i == 0 || cells[i].bin != cells[i - 1].bin)
      begin_bin(r, tide_bin_of(r->now.t->binning, cells[i].bin));
    r->now.count = tide_tally_cell(r->groups, cells[i].cell, &bin, &group);
    TIDE_TRY(long_row(r, group, err));
  }
  return TIDE_OK;
}

static tide_status filled_rows(rows *r, tide_error *err) {
  const tide_timeline_plan *p = r->plan;
  uint32_t count = tide_tally_cell_count(r->groups);
  filled_cell *cells = malloc((count + 1u) * sizeof *cells);
  uint32_t *rank = malloc((p->groups + 1u) * sizeof *rank);
  tide_status status = cells && rank ? TIDE_OK : tide_error_memory(err);
  if (status == TIDE_OK) {
    for (uint32_t i = 0; i < p->groups; i++)
      rank[p->order[i]] = i;
    for (uint32_t c = 0; c < count; c++) {
      uint32_t group;
      tide_tally_cell(r->groups, c, &cells[c].bin, &group);
      cells[c].rank = rank[group];
      cells[c].cell = c;
    }
    status = tide_error_of_status(err, tide_sort(cells, count, sizeof *cells, filled_compare, NULL,
                                                 tide_tally_stop(r->groups)));
    if (status == TIDE_OK)
      status = filled_write(r, cells, count, err);
  }
  free(cells);
  free(rank);
  return status;
}

tide_status tide_timeline_write(const tide_timeline *t, const tide_timeline_plan *p,
                                const tide_tally *groups, const tide_tally *total,
                                const tide_row_writer *writer, tide_error *err) {
  if (p->rows == 0)
    return TIDE_OK;
  rows r = {.plan = p,
            .groups = groups,
            .total = total,
            .writer = writer,
            .columns = tide_timeline_columns_of(t),
            .now = {.t = t}};
  r.leading = tide_columns_leading(&r.columns);
  r.row = calloc(r.columns.count + t->group_values + (size_t)p->groups + 1, sizeof *r.row);
  if (!r.row)
    return tide_error_memory(err);
  tide_status status = p->filled ? filled_rows(&r, err) : all_rows(&r, err);
  free(r.row);
  return status;
}

/* --- strays --- */

typedef struct bin_count {
  int64_t bin;
  uint64_t messages;
} bin_count;

static int bin_compare(const void *a, const void *b, void *context) {
  (void)context;
  const bin_count *x = a, *y = b;
  return x->bin < y->bin ? -1 : x->bin > y->bin;
}

/* Is the empty time between two bins so long that what is beyond is far away? */
static bool far_apart(const tide_binning *b, int64_t earlier, int64_t later, int64_t middle,
                      uint64_t all) {
  tide_bin before = tide_bin_of(b, earlier), behind = tide_bin_of(b, later);
  int64_t gap = behind.start - before.end, width = behind.end - behind.start;
  return gap > (all < 100 ? middle : middle / 4) && gap / 24 >= width;
}

/* The bins in order with the messages of each; *all is their sum. The caller frees them.
 * NULL when out of memory, or the tally was stopped. */
static bin_count *bins_sorted(const tide_tally *total, uint32_t *count, uint64_t *all) {
  *count = tide_tally_cell_count(total);
  *all = 0;
  bin_count *bins = malloc((*count + 1u) * sizeof *bins);
  for (uint32_t c = 0; bins && c < *count; c++) {
    uint32_t group;
    bins[c].messages = tide_tally_cell(total, c, &bins[c].bin, &group).messages;
    *all += bins[c].messages;
  }
  if (bins &&
      tide_sort(bins, *count, sizeof *bins, bin_compare, NULL, tide_tally_stop(total)) == TIDE_OK)
    return bins;
  free(bins);
  return NULL;
}

tide_status tide_timeline_strays(const tide_binning *b, const tide_tally *total, tide_stray *before,
                                 tide_stray *behind) {
  uint32_t count;
  uint64_t all, below = 0, above = 0;
  *before = *behind = (tide_stray){0};
  bin_count *bins = bins_sorted(total, &count, &all);
  if (!bins)
    return tide_stopped(tide_tally_stop(total)) ? TIDE_END : TIDE_FATAL;
  const uint64_t few = all / 100 ? all / 100 : 1;
  uint32_t low = 0, high = count;
  while (low < high && below + bins[low].messages <= few)
    below += bins[low++].messages;
  while (high > low && above + bins[high - 1].messages <= few)
    above += bins[--high].messages;
  /* The middle is bins[low] to bins[high - 1]; from there outwards to the first long gap. */
  int64_t middle = low < high ? tide_bin_of(b, bins[high - 1].bin).end - bins[low].bin : 0;
  bool enough = all >= 10 && low < high;
  for (uint32_t i = low; enough && i > 0; i--) {
    if (far_apart(b, bins[i - 1].bin, bins[i].bin, middle, all)) {
      uint64_t more = bins_between(b, bins[0].bin, bins[i].bin - 1, TIDE_LIMIT_ROWS);
      *before = (tide_stray){.messages = below, .edge = bins[i].bin, .bins = more};
      break;
    }
    below -= bins[i - 1].messages;
  }
  for (uint32_t i = high; enough && i < count; i++) {
    if (far_apart(b, bins[i - 1].bin, bins[i].bin, middle, all)) {
      int64_t edge = tide_bin_of(b, bins[i - 1].bin).end;
      uint64_t more = bins_between(b, edge, bins[count - 1].bin, TIDE_LIMIT_ROWS);
      *behind = (tide_stray){.messages = above, .edge = edge, .bins = more};
      break;
    }
    above -= bins[i].messages;
  }
  free(bins);
  return TIDE_OK;
}
