/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts the codes of the rows that a sheet is given, and says what they mean. */
#include "heard.h"

#include <string.h>

#include "base/invariant.h"

void tide_hearer_hear(void *hearer, const char *text) {
  const tide_hearer *to = hearer;
  const tide_question *q = to->question;
  tide_error whole; /* cut where it is too long */
  tide_error_set(&whole, TIDE_OK, "%s%s", to->caption, text);
  if (q->say)
    q->say(q->say_context, TIDE_REMARK_CAUTION, whole.text);
}

tide_heard tide_heard_of(tide_sheet *sheet, const tide_columns *columns) {
  tide_heard heard = {.sheet = sheet};
  size_t at = columns->count;
  while (at && strcmp(columns->at[at - 1].name, "cautions") != 0)
    at--;
  TIDE_INVARIANT(at > 0 && !columns->at[at - 1].leads);
  heard.behind = columns->count - at;
  return heard;
}

static tide_status heard_row(void *heard, const tide_value *row, size_t count, tide_error *err) {
  tide_heard *h = heard;
  TIDE_INVARIANT(count > h->behind);
  const tide_value *cautions = &row[count - 1 - h->behind];
  tide_cautions_count(&h->count,
                      cautions->kind == TIDE_VALUE_TEXT ? tide_cautions_read(cautions->text) : 0);
  return tide_sheet_row(h->sheet, row, count, err);
}

tide_row_writer tide_heard_writer(tide_heard *heard) {
  return (tide_row_writer){.row = heard_row, .context = heard};
}

static tide_status receivers_find(const tide_question *q, const tide_extent *extent,
                                  const tide_heard_servers *servers, tide_receiver_gaps *out,
                                  tide_error *err) {
  const tide_receivers receivers = {.days = q->counts.receivers,
                                    .extent = extent,
                                    .civil = servers->civil,
                                    .event = q->windows.has_event ? q->windows.event : 0,
                                    .reach = servers->reach,
                                    .shown = servers->shown};
  return tide_error_of_status(err, tide_receivers_find(&receivers, out));
}

static tide_status answer(const tide_question *q, const tide_extent *extent,
                          const tide_heard_servers *servers, tide_heard_table write,
                          tide_receiver_gaps *gaps, tide_error *err) {
  tide_hearer to = {.question = q};
  tide_heard heard = tide_heard_of(q->sheet, q->type->columns);
  TIDE_TRY(receivers_find(q, extent, servers, gaps, err));
  TIDE_TRY(write(q, extent, gaps, &heard, err));
  TIDE_TRY(tide_error_of_status(err, tide_receiver_gaps_say(gaps, tide_hearer_hear, &to)));
  heard.count.with[TIDE_CAUTION_RECEIVER] = 0; /* said */
  tide_cautions_say(&heard.count, tide_hearer_hear, &to);
  return TIDE_OK;
}

tide_status tide_heard_answer(const tide_question *q, const tide_extent *extent,
                              const tide_heard_servers *servers, tide_heard_table write,
                              tide_error *err) {
  tide_receiver_gaps gaps = {0};
  const tide_status status = answer(q, extent, servers, write, &gaps, err);
  tide_receiver_gaps_free(&gaps);
  return status;
}
