/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a message was delivered. The Date header is the sender's claim; what counts is what our own
 * server wrote, and which statement was taken is always said (mu#2175). Never the time of the run
 * (ponymail#231). */
#include "extractors.h"

enum { DAY = 86400 };

tide_time_statement tide_time_state(const tide_extraction *x, tide_record *r,
                                    tide_time_source source) {
  const tide_message *m = x->message;
  const tide_hop *top;
  tide_time_statement s = {.there = false};
  switch (source) {
  case TIDE_TIME_RECEIVED:
    top = tide_chain_hop(&r->chain, 0, x->arena);
    s.there = top != NULL;
    s.text = top ? top->date : (tide_span){0};
    s.readable = tide_date_parse(s.text, &s.date);
    break;
  case TIDE_TIME_ENVELOPE:
    s.text = x->raw->envelope;
    s.there = s.text.len > 0;
    s.readable = s.there && tide_date_parse_separator(s.text, &s.date, NULL);
    break;
  case TIDE_TIME_RESENT_DATE:
  case TIDE_TIME_DATE:;
    tide_header_id id = source == TIDE_TIME_DATE ? TIDE_HEADER_DATE : TIDE_HEADER_RESENT_DATE;
    s.there = m->first[id] != TIDE_HEADER_NONE;
    s.text = tide_message_header(m, id);
    s.readable = s.there && tide_date_parse(s.text, &s.date);
    break;
  case TIDE_TIME_FILE_NAME:
    s.there = s.readable = x->raw->file_time != INT64_MIN;
    s.date = (tide_date){.time = x->raw->file_time};
    break;
  case TIDE_TIME_NONE: break;
  }
  s.sane = s.readable && s.date.time >= TIDE_NO_TIME_BEFORE && s.date.time <= x->options->now + DAY;
  return s;
}

static tide_status time_apply(const tide_extraction *x, tide_record *r) {
  tide_time_statement claim = tide_time_state(x, r, TIDE_TIME_DATE);
  r->has_claimed_time = claim.readable;
  r->claimed_time = claim.readable ? claim.date.time : 0;
  if (claim.there && !claim.sane)
    r->defects |= TIDE_DEFECT_BAD_DATE;
  for (tide_time_source source = TIDE_TIME_RECEIVED; source <= TIDE_TIME_FILE_NAME; source++) {
    tide_time_statement s = source == TIDE_TIME_DATE ? claim : tide_time_state(x, r, source);
    if (s.sane) {
      r->has_time = true;
      r->time = s.date.time;
      r->time_source = source;
      return TIDE_OK;
    }
    if (source == TIDE_TIME_RECEIVED && s.there)
      r->defects |= TIDE_DEFECT_BAD_RECEIVED_DATE;
  }
  return TIDE_OK;
}

const tide_extractor tide_extract_time = {
    .name = "time", .fills = TIDE_PART_TIME, .apply = time_apply};
