/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of each host that handed mail over, merged by least, greatest and sum, so that no order
 * shows. */
#include "tally/relays.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/room.h"

/* What is kept under a key, beside the key itself. name and helo are numbers in names,
 * TIDE_MAP_NONE for none. */
typedef struct row {
  uint64_t messages, believed_or_linked, fetched_or_kin, sources;
  uint32_t name, helo;
  tide_days days;
} row;

typedef struct rows {
  tide_map keys;
  row *at;
  size_t cap;
} rows;

struct tide_relays {
  rows hosts, ends;
  tide_map names, addresses;
  tide_pairs seen; /* (end, address of a source) */
};

enum { HOST_HEAD = 5 }; /* role and depth before the host's name in its key */

tide_status tide_relays_new(tide_relays **out) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : TIDE_FATAL;
}

void tide_relays_free(tide_relays *t) {
  if (!t)
    return;
  tide_map_free(&t->hosts.keys);
  tide_map_free(&t->ends.keys);
  tide_map_free(&t->names);
  tide_map_free(&t->addresses);
  tide_pairs_free(&t->seen);
  free(t->hosts.at);
  free(t->ends.at);
  free(t);
}

static uint32_t number_of(rows *r, tide_span key) {
  uint32_t before = r->keys.count, number = tide_map_add(&r->keys, key);
  if (number == TIDE_MAP_NONE)
    return number;
  if (tide_room(&r->at, &r->cap, number, sizeof *r->at) != TIDE_OK)
    return TIDE_MAP_NONE;
  if (r->keys.count != before)
    r->at[number] =
        (row){.name = TIDE_MAP_NONE, .helo = TIDE_MAP_NONE, .days = {INT64_MAX, INT64_MIN}};
  return number;
}

/* The lesser of two names, so that it does not matter which came first. */
static tide_status keep_name(tide_map *names, uint32_t *kept, tide_span name) {
  if (name.len == 0)
    return TIDE_OK;
  if (*kept != TIDE_MAP_NONE && tide_span_compare(tide_map_key(names, *kept), name) <= 0)
    return TIDE_OK;
  *kept = tide_map_add(names, name);
  return *kept == TIDE_MAP_NONE ? TIDE_FATAL : TIDE_OK;
}

static void keep_days(tide_days *kept, tide_days days) {
  if (days.first < kept->first)
    kept->first = days.first;
  if (days.last > kept->last)
    kept->last = days.last;
}

static tide_span name_at(const tide_relays *t, uint32_t number) {
  return number == TIDE_MAP_NONE ? (tide_span){0} : tide_map_key(&t->names, number);
}

tide_status tide_relays_add(tide_relays *t, const tide_relay *sight) {
  char key[HOST_HEAD + 255];
  tide_span host = tide_span_slice(sight->host, 0, sizeof key - HOST_HEAD);
  key[0] = (char)sight->role;
  memcpy(key + 1, &sight->depth, sizeof sight->depth);
  if (host.len)
    memcpy(key + HOST_HEAD, host.ptr, host.len);
  uint32_t number = number_of(&t->hosts, tide_span_make(key, HOST_HEAD + host.len));
  if (number == TIDE_MAP_NONE)
    return TIDE_FATAL;
  row *r = &t->hosts.at[number];
  r->messages += sight->messages;
  r->believed_or_linked += sight->believed;
  r->fetched_or_kin += sight->fetched;
  keep_days(&r->days, sight->days);
  return keep_name(&t->names, &r->name, sight->name);
}

static tide_status add_end(tide_relays *t, const tide_handover *end, uint32_t *number) {
  *number = number_of(&t->ends, tide_span_make((const char *)&end->peer, sizeof end->peer));
  if (*number == TIDE_MAP_NONE)
    return TIDE_FATAL;
  row *r = &t->ends.at[*number];
  r->messages += end->messages;
  r->believed_or_linked += end->linked;
  r->fetched_or_kin += end->kin;
  keep_days(&r->days, end->days);
  TIDE_TRY(keep_name(&t->names, &r->name, end->name));
  return keep_name(&t->names, &r->helo, end->helo);
}

static tide_status add_source(tide_relays *t, uint32_t end, const tide_ip *source) {
  uint32_t address =
      tide_map_add(&t->addresses, tide_span_make((const char *)source, sizeof *source));
  bool added;
  if (address == TIDE_MAP_NONE || tide_pairs_add(&t->seen, end, address, &added) != TIDE_OK)
    return TIDE_FATAL;
  t->ends.at[end].sources += added;
  return TIDE_OK;
}

tide_status tide_relays_end(tide_relays *t, const tide_handover *end, const tide_ip *source) {
  uint32_t number;
  TIDE_TRY(add_end(t, end, &number));
  return source ? add_source(t, number, source) : TIDE_OK;
}

uint32_t tide_relays_count(const tide_relays *t) {
  return t->hosts.keys.count;
}

tide_relay tide_relays_at(const tide_relays *t, uint32_t number) {
  tide_span key = tide_map_key(&t->hosts.keys, number);
  const row *r = &t->hosts.at[number];
  tide_relay out = {.role = (tide_relay_role)key.ptr[0],
                    .host = tide_span_slice(key, HOST_HEAD, key.len),
                    .name = name_at(t, r->name),
                    .messages = r->messages,
                    .believed = r->believed_or_linked,
                    .fetched = r->fetched_or_kin,
                    .days = r->days};
  memcpy(&out.depth, key.ptr + 1, sizeof out.depth);
  return out;
}

uint32_t tide_relays_end_count(const tide_relays *t) {
  return t->ends.keys.count;
}

tide_handover tide_relays_end_at(const tide_relays *t, uint32_t number) {
  const row *r = &t->ends.at[number];
  tide_handover out = {.name = name_at(t, r->name),
                       .helo = name_at(t, r->helo),
                       .messages = r->messages,
                       .linked = r->believed_or_linked,
                       .kin = r->fetched_or_kin,
                       .sources = r->sources,
                       .days = r->days};
  memcpy(&out.peer, tide_map_key(&t->ends.keys, number).ptr, sizeof out.peer);
  return out;
}

static tide_status ends_merge(tide_relays *into, const tide_relays *from, uint32_t *ends) {
  for (uint32_t i = 0; i < tide_relays_end_count(from); i++) {
    tide_handover end = tide_relays_end_at(from, i);
    TIDE_TRY(add_end(into, &end, &ends[i]));
  }
  uint32_t end, address;
  for (size_t at = 0; tide_pairs_next(&from->seen, &at, &end, &address);) {
    tide_ip source;
    memcpy(&source, tide_map_key(&from->addresses, address).ptr, sizeof source);
    TIDE_TRY(add_source(into, ends[end], &source));
  }
  return TIDE_OK;
}

tide_status tide_relays_merge(tide_relays *into, const tide_relays *from) {
  for (uint32_t i = 0; i < tide_relays_count(from); i++) {
    tide_relay sight = tide_relays_at(from, i);
    TIDE_TRY(tide_relays_add(into, &sight));
  }
  uint32_t *ends = malloc((tide_relays_end_count(from) + 1u) * sizeof *ends);
  const tide_status status = ends ? ends_merge(into, from, ends) : TIDE_FATAL;
  free(ends);
  return status;
}
