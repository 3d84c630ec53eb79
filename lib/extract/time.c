/* When a message was delivered. The Date header is the sender's claim; what counts is what our own server wrote, and which statement was taken
 * is always said (mu#2175). Never the time of the run (ponymail#231). */
#include "extractors.h"

#include "spamtide/date.h"

enum { DAY = 86400 };

static bool sane(const tide_extraction *x, const tide_date *date) {
  return date->time >= TIDE_NO_TIME_BEFORE && date->time <= x->options->now + DAY;
}

static tide_status time_apply(const tide_extraction *x, tide_record *r) {
  tide_date date;
  const tide_message *m = x->message;
  tide_span claimed = tide_message_header(m, TIDE_HEADER_DATE);
  bool has_claim = m->first[TIDE_HEADER_DATE] != TIDE_HEADER_NONE;
  bool claim_sane = false;
  if (has_claim && tide_date_parse(claimed, &date)) {
    r->claimed_time = date.time;
    r->has_claimed_time = true;
    claim_sane = sane(x, &date);
  }
  if (has_claim && !claim_sane) r->defects |= TIDE_DEFECT_BAD_DATE;

  r->has_time = true;
  const tide_hop *top = tide_chain_hop(&r->chain, 0, x->arena);
  if (top) {
    if (tide_date_parse(top->date, &date) && sane(x, &date)) {
      r->time = date.time;
      r->time_source = TIDE_TIME_RECEIVED;
      return TIDE_OK;
    }
    r->defects |= TIDE_DEFECT_BAD_RECEIVED_DATE;
  }
  if (x->raw->envelope.len && tide_date_parse_separator(x->raw->envelope, &date, NULL) && sane(x, &date)) {
    r->time = date.time;
    r->time_source = TIDE_TIME_ENVELOPE;
    return TIDE_OK;
  }
  if (tide_date_parse(tide_message_header(m, TIDE_HEADER_RESENT_DATE), &date) && sane(x, &date)) {
    r->time = date.time;
    r->time_source = TIDE_TIME_RESENT_DATE;
    return TIDE_OK;
  }
  if (claim_sane) {
    r->time = r->claimed_time;
    r->time_source = TIDE_TIME_DATE;
    return TIDE_OK;
  }
  date.time = x->raw->file_time;
  if (sane(x, &date)) {
    r->time = date.time;
    r->time_source = TIDE_TIME_FILE_NAME;
    return TIDE_OK;
  }
  r->has_time = false;
  r->time_source = TIDE_TIME_NONE;
  return TIDE_OK;
}

const tide_extractor tide_extract_time = {.name = "time", .fills = TIDE_PART_TIME, .apply = time_apply};
