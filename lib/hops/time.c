/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a message was delivered. The Date header is the sender's claim; what counts is what our own
 * server wrote, and which statement was taken is always said (mu#2175). Never the time of the run
 * (ponymail#231). */
#include "extract/extractors.h"
#include "hops/chain.h"
#include "hops/delivery.h"

enum { MINUTE = 60, QUARTER = 15 * MINUTE, HOUR = 3600, DAY = 86400 };

/* The offset, in seconds east of UTC, that a local time shows by an instant beside it: a whole
 * hour, or another quarter that some zone has used since 1982 (tzdata 2024a), to within a minute.
 * False if there is none. How often that is right: docs/origin.md. */
static bool offset_shown(int64_t local, int64_t instant, int64_t *out) {
  static const int8_t odd_quarters[] = {-38, -34, -18, -14, -10, -6, 14, 18, 22, 23,
                                        26,  34,  35,  38,  39,  42, 46, 51, 55};
  const int64_t apart = local - instant;
  if (apart < -12 * HOUR - MINUTE || apart > 14 * HOUR + MINUTE)
    return false;
  const int64_t quarters = (apart + 12 * HOUR + QUARTER / 2) / QUARTER - 48;
  const int64_t rest = apart - quarters * QUARTER;
  if (rest < -MINUTE || rest > MINUTE)
    return false;
  bool used = quarters % 4 == 0;
  for (size_t i = 0; i < sizeof odd_quarters && !used; i++)
    used = odd_quarters[i] == quarters;
  *out = quarters * QUARTER;
  return used;
}

/* asctime knows no zone: a `From ` line is in the local time of the server that wrote it, unless it
 * says otherwise. Moves the date into that zone and returns how it is known; NULL if it is not.
 */
static const char *envelope_zone(const tide_extraction *x, tide_date *date) {
  const unsigned no_zone = TIDE_DATE_NO_ZONE | TIDE_DATE_UNKNOWN_ZONE;
  int64_t offset;
  if (!(date->odd & no_zone))
    return "the zone that the line writes";
  const char *how = "the zone of --envelope-zone";
  if (x->options->envelope_zone) {
    tide_civil civil;
    tide_civil_from_seconds(date->time, &civil);
    offset = date->time - tide_zone_instant(x->options->envelope_zone, &civil);
  } else {
    tide_date sent;
    how = "the zone that the Date header shows";
    if (!tide_date_parse(tide_message_header(x->message, TIDE_HEADER_DATE), &sent) ||
        sent.odd & no_zone || !offset_shown(date->time, sent.time, &offset))
      return NULL;
  }
  date->time -= offset;
  date->offset = (int32_t)offset;
  return how;
}

static bool is_sane(const tide_extraction *x, const tide_time_statement *s) {
  return s->readable && s->date.time >= TIDE_NO_TIME_BEFORE &&
         s->date.time <= x->options->now + DAY;
}

static tide_time_statement state_of(const tide_extraction *x, const tide_hop *hop) {
  tide_time_statement s = {.there = hop != NULL};
  s.text = hop ? hop->date : (tide_span){0};
  s.readable = tide_date_parse(s.text, &s.date) && tide_rfc3339_has(s.date.time);
  s.sane = is_sane(x, &s);
  return s;
}

/* Where the hop of the delivery has no sane date: that of the next below it that a server of ours
 * wrote, and at last that of the fetch. */
__attribute__((noinline)) static tide_time_statement next_state(const tide_extraction *x,
                                                                const tide_hop *delivery) {
  const tide_hop *hop;
  bool below = false;
  for (uint32_t i = 0; (hop = tide_chain_hop(x->chain, i, x->arena)); i++) {
    below = below || hop == delivery;
    const tide_time_statement s = state_of(x, hop);
    if (below && s.sane)
      return s;
    const tide_standing standing = tide_hop_standing(hop, x->options->trust);
    if (standing == TIDE_STANDING_OUTSIDE || standing == TIDE_STANDING_UNREAD)
      break;
  }
  return state_of(x, tide_chain_hop(x->chain, 0, x->arena));
}

/* What git writes before each patch, whenever that was made (git-format-patch(1)): its hash is one
 * of SHA-1 or of SHA-256. */
static bool is_patch_line(tide_span line) {
  static const tide_span stamp = SPAN(" Mon Sep 17 00:00:00 2001");
  enum { FROM = 5, SHORT = 40, LONG = 64 };
  size_t end = FROM;
  line = tide_span_trim(line);
  while (end < line.len && tide_hex_digit(line.ptr[end]) >= 0)
    end++;
  return (end == FROM + SHORT || end == FROM + LONG) &&
         tide_span_equal(tide_span_slice(line, end, line.len), stamp);
}

tide_time_statement tide_time_state(const tide_extraction *x, tide_time_source source) {
  const tide_message *m = x->message;
  tide_time_statement s = {.there = false};
  switch (source) {
  case TIDE_TIME_RECEIVED:;
    const tide_hop *delivery = tide_chain_delivery(x->chain, x->options->trust, x->arena);
    s = state_of(x, delivery);
    return s.there && !s.sane ? next_state(x, delivery) : s;
  case TIDE_TIME_ENVELOPE_ZONED:
  case TIDE_TIME_ENVELOPE:
    if (is_patch_line(x->raw->envelope))
      break;
    s.text = x->raw->envelope;
    s.readable = s.text.len && tide_date_parse_separator(s.text, &s.date, NULL) &&
                 tide_rfc3339_has(s.date.time);
    s.zone = s.readable ? envelope_zone(x, &s.date) : NULL;
    /* One line, under the name that says how well it is known. */
    s.there = s.text.len && (s.zone != NULL) == (source == TIDE_TIME_ENVELOPE_ZONED);
    s.readable = s.readable && s.there;
    break;
  case TIDE_TIME_RESENT_DATE:
  case TIDE_TIME_DATE:;
    tide_header_id id = source == TIDE_TIME_DATE ? TIDE_HEADER_DATE : TIDE_HEADER_RESENT_DATE;
    s.there = m->first[id] != TIDE_HEADER_NONE;
    s.text = tide_message_header(m, id);
    s.readable = s.there && tide_date_parse(s.text, &s.date) && tide_rfc3339_has(s.date.time);
    break;
  case TIDE_TIME_FILE_NAME:
    s.there = s.readable = x->raw->file_time != INT64_MIN;
    s.date = (tide_date){.time = x->raw->file_time};
    break;
  case TIDE_TIME_NONE: break;
  }
  s.sane = is_sane(x, &s);
  return s;
}

static tide_status time_apply(const tide_extraction *x, tide_record *r) {
  tide_time_statement claim = tide_time_state(x, TIDE_TIME_DATE);
  r->has_claimed_time = claim.readable;
  r->claimed_time = claim.readable ? claim.date.time : 0;
  if (claim.there && !claim.sane)
    r->defects |= TIDE_DEFECT_BAD_DATE;
  for (tide_time_source source = TIDE_TIME_RECEIVED; source <= TIDE_TIME_FILE_NAME; source++) {
    tide_time_statement s = source == TIDE_TIME_DATE ? claim : tide_time_state(x, source);
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
