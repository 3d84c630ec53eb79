#include <stdlib.h>

#include "groups.h"

const tide_column tide_compare_columns[] = {
    {"unit", "what is counted: messages, bytes, or origins (distinct addresses)"},
    {"before", "count in the window before the event"},
    {"after", "count in the window after the event and the washout"},
    {"before_days", "length of the window before, in days of 24 hours"},
    {"after_days", "length of the window after"},
    {"before_per_day", "count a day before"},
    {"after_per_day", "count a day after"},
    {"change_pct", "change of the rate in percent; empty where there was nothing before"},
    {"change_low", "lower end of its interval; empty: this version gives none"},
    {"change_high", "upper end of its interval"},
    {"ratio", "rate after over rate before; empty where there was nothing before"},
    {"p_value", "p-value of the test named in method"},
    {"p_adjusted", "the same, adjusted for the number of groups"},
    {"method", "how interval and test were made; counts alone have none"},
    {"share_before", "the group's part of all before, from 0 to 1; empty for origins, which groups can share"},
    {"share_after", "the group's part of all after"},
    {"contribution_pct", "the group's part of the total change of the rate, in percent; empty where the total did not change, and for origins"},
};

enum { SECONDS_A_DAY = 86400 };

typedef enum unit { UNIT_MESSAGES, UNIT_BYTES, UNIT_ORIGINS, UNIT_COUNT } unit;

static const char *const unit_names[UNIT_COUNT] = {"messages", "bytes", "origins"};

static uint64_t unit_of(const tide_count *n, unit u) {
  switch (u) {
  case UNIT_MESSAGES: return n->messages;
  case UNIT_BYTES: return n->bytes;
  case UNIT_ORIGINS: return n->origins;
  case UNIT_COUNT: break;
  }
  return 0;
}

typedef struct side {
  tide_count before, after;
} side;

/* The columns behind the group's. */
static void fill(tide_value *row, unit u, const side *own, const side *all, double before_days, double after_days) {
  double before = (double)unit_of(&own->before, u), after = (double)unit_of(&own->after, u);
  double all_before = (double)unit_of(&all->before, u), all_after = (double)unit_of(&all->after, u);
  double rate_before = before / before_days, rate_after = after / after_days;
  double all_change = all_after / after_days - all_before / before_days;
  tide_value *to = row;
  *to++ = tide_value_word(tide_span_of(unit_names[u]));
  *to++ = tide_value_uint(unit_of(&own->before, u));
  *to++ = tide_value_uint(unit_of(&own->after, u));
  *to++ = tide_value_real(before_days);
  *to++ = tide_value_real(after_days);
  *to++ = tide_value_real(rate_before);
  *to++ = tide_value_real(rate_after);
  /* Zero before: said by an empty cell, not divided by. */
  *to++ = before > 0 ? tide_value_real(100 * (rate_after / rate_before - 1)) : tide_value_empty();
  *to++ = tide_value_empty();
  *to++ = tide_value_empty();
  *to++ = before > 0 ? tide_value_real(rate_after / rate_before) : tide_value_empty();
  *to++ = tide_value_empty();
  *to++ = tide_value_empty();
  *to++ = tide_value_empty();
  bool adds_up = u != UNIT_ORIGINS; /* one address may send for several groups */
  *to++ = adds_up && all_before > 0 ? tide_value_real(before / all_before) : tide_value_empty();
  *to++ = adds_up && all_after > 0 ? tide_value_real(after / all_after) : tide_value_empty();
  *to++ = adds_up && (all_change < 0 || all_change > 0) ? tide_value_real(100 * (rate_after - rate_before) / all_change) : tide_value_empty();
}

static tide_status group_write(const tide_compare *c, tide_value *row, size_t width, const side *own, const side *all,
                               const tide_row_writer *writer, tide_error *err) {
  double before_days = (double)c->windows->before / SECONDS_A_DAY, after_days = (double)c->windows->after / SECONDS_A_DAY;
  tide_status status = TIDE_OK;
  for (unit u = UNIT_MESSAGES; u < UNIT_COUNT && status == TIDE_OK; u++) {
    fill(row + c->group_values, u, own, all, before_days, after_days);
    status = writer->row(writer->context, row, width, err);
  }
  return status;
}

tide_status tide_compare_write(const tide_compare *c, const tide_tally *total, const tide_tally *groups, const tide_row_writer *writer,
                               tide_error *err) {
  size_t width = c->group_values + TIDE_COMPARE_FIXED_AFTER;
  tide_value *row = calloc(width, sizeof *row);
  uint32_t *order = groups_sorted(groups);
  tide_status status = row && order ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
  side all = {0};
  if (status == TIDE_OK) {
    if (tide_tally_group_count(total)) all = (side){tide_tally_count(total, TIDE_PERIOD_BEFORE, 0), tide_tally_count(total, TIDE_PERIOD_AFTER, 0)};
    for (size_t i = 0; i < c->group_values; i++) row[i] = tide_value_word(SPAN(TIDE_GROUP_ALL));
    status = group_write(c, row, width, &all, &all, writer, err);
  }
  for (uint32_t i = 0; c->group_values && i < tide_tally_group_count(groups) && status == TIDE_OK; i++) {
    side own = {tide_tally_count(groups, TIDE_PERIOD_BEFORE, order[i]), tide_tally_count(groups, TIDE_PERIOD_AFTER, order[i])};
    groups_values(tide_tally_group(groups, order[i]), c->group_values, row);
    status = group_write(c, row, width, &own, &all, writer, err);
  }
  free(row);
  free(order);
  return status;
}
