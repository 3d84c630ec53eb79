/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a message to its record, and from that to the sinks. */
#include "run.h"

#include "record/labels.h"

enum { SAMPLE_WHOLE = 64, SAMPLE_ONE_OF = 8 }; /* messages of a batch whose origins are compared */

static bool is_excluded(const tide_sink *sink, int64_t time) {
  for (size_t i = 0; i < sink->excluded_count; i++)
    if (time >= sink->excluded[i].start && time < sink->excluded[i].end)
      return true;
  return false;
}

/* What one sink makes of a record. */
static tide_status sink_take(worker *w, size_t index, tide_record *record, tide_error *err) {
  const run *r = w->run;
  const tide_sink *sink = r->sinks[index];
  tide_account *account = &w->accounts[index];
  tide_fate fate = TIDE_FATE_COUNTED;
  tide_decision decision = TIDE_DECISION_YES;
  tide_status status = TIDE_OK;
  const unsigned defects = record->defects;
  bool outside = record->has_time && ((sink->has_since && record->time < sink->since) ||
                                      (sink->has_until && record->time >= sink->until));
  /* How far the archive reaches is a matter of all its mail, not of the mail asked for. */
  if (record->has_time && !outside)
    tide_account_date(account, record->time, record->time);
  if (sink->filter)
    status = tide_filter_decide(sink->filter, w->scratch, record, &r->options->fields, &w->arena,
                                &decision);
  bool undated = (r->parts & TIDE_PART_TIME) && !record->has_time;
  if (undated)
    fate = TIDE_FATE_UNDATED;
  if (outside || (record->has_time && is_excluded(sink, record->time)))
    fate = TIDE_FATE_OUTSIDE;
  else if (decision == TIDE_DECISION_NO)
    fate = TIDE_FATE_FILTERED;
  else if (decision == TIDE_DECISION_NONE)
    fate = TIDE_FATE_UNDECIDED;
  else if (status == TIDE_OK && (!undated || (sink->wants_undated && !sink->has_since &&
                                              !sink->has_until && !sink->excluded_count)))
    status = sink->record(w->states[index], record, &w->message, &fate, err);
  if (fate == TIDE_FATE_UNDECIDED)
    record->defects |= TIDE_DEFECT_MATCH_LIMIT;
  /* A value that there was no memory for would be an empty cell. */
  if (status == TIDE_FATAL || w->arena.failed)
    return w->arena.failed || !err->text[0] ? tide_error_memory(err) : status;
  for (unsigned left = record->defects; left; left &= left - 1)
    account->defects[__builtin_ctz(left)]++;
  if (fate == TIDE_FATE_OUTSIDE) {
    account->outside++;
    fate = TIDE_FATE_FILTERED;
  }
  account->fates[fate]++;
  if (fate == TIDE_FATE_COUNTED) {
    account->without_origin += record->origin.family == 0;
    account->without_network += record->asn.len == 0;
    account->with_defects += record->defects != 0;
  }
  record->defects = defects; /* what one sink met is not the next one's */
  return status;
}

tide_status tide_worker_read(worker *w, const tide_raw *raw, unsigned parts, unsigned needs,
                             const tide_message **message, tide_record *record) {
  tide_arena_reset(&w->arena);
  TIDE_TRY(tide_message_parse(w->parser, raw, needs, message));
  w->message.raw = raw;
  w->message.message = *message;
  return tide_extract(&w->message, parts, record);
}

tide_span tide_worker_label(worker *w, const tide_message *message, tide_span source) {
  return tide_labels_find(
      w->run->options->extract.labels, source,
      tide_header_unfold(tide_message_header(message, TIDE_HEADER_MESSAGE_ID), &w->arena),
      &w->arena);
}

/* The same for all sinks, whatever they ask. */
static tide_status end_as(worker *w, tide_fate fate) {
  for (size_t i = 0; i < w->run->sink_count; i++)
    w->accounts[i].fates[fate]++;
  return TIDE_OK;
}

tide_status tide_worker_take(worker *w, const tide_raw *raw, tide_span source, tide_span mailbox,
                             const waiting *told, tide_error *err) {
  const run *r = w->run;
  const tide_message *message;
  tide_record record;
  for (size_t i = 0; i < r->sink_count; i++)
    w->accounts[i].read++;
  if (told && told->duplicate.is && tide_duplicates_options_of(r->options->duplicates)->drop)
    return end_as(w, TIDE_FATE_DUPLICATE);
  tide_status status = tide_worker_read(w, raw, r->parts, r->needs, &message, &record);
  if (status == TIDE_SKIP)
    return end_as(w, TIDE_FATE_DAMAGED);
  if (status != TIDE_OK)
    return tide_error_memory(err);
  record.source = source;
  record.mailbox = mailbox;
  if (r->parts & TIDE_PART_LABEL)
    record.label = told ? told->label : tide_worker_label(w, message, source);
  if (told) {
    record.is_duplicate = told->duplicate.is;
    record.duplicate_of = told->duplicate.source;
    record.duplicate_of_offset = told->duplicate.offset;
  }
  /* A sample is enough of what is long. */
  const uint64_t number = w->accounts[0].read;
  if (record.origin.family && (number < SAMPLE_WHOLE || number % SAMPLE_ONE_OF == 0))
    tide_leaders_add(&w->leaders, &record.origin, 1);
  for (size_t i = 0; i < r->sink_count; i++)
    TIDE_TRY(sink_take(w, i, &record, err));
  return TIDE_OK;
}
