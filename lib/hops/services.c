/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of services: names by suffix, each with the number of its service; networks one by one,
 * since each service has few. */
#include "hops/services.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/rows.h"

enum { SERVICE_CELLS = 5, SERVICE_NAME_MAX = 256 };

/* Names of one kind, lower case with the dot in front, and the service of each. */
typedef struct suffixes {
  tide_map names;
  uint64_t ends[4]; /* a bit for the end of each, which tells most other names at once */
  uint32_t *services;
} suffixes;

typedef struct service_network {
  tide_network network;
  uint32_t service;
} service_network;

struct tide_services {
  tide_map services;
  suffixes receivers, peers;
  service_network *networks;
  size_t network_count;
};

static tide_span folded(tide_span name, char out[SERVICE_NAME_MAX]) {
  if (name.len && name.ptr[name.len - 1] == '.')
    name.len--;
  if (name.len >= SERVICE_NAME_MAX)
    name.len = 0;
  for (size_t i = 0; i < name.len; i++)
    out[i] = tide_lower(name.ptr[i]);
  return tide_span_make(out, name.len);
}

/* The bit of a name's last four bytes, in any case. */
static unsigned end_bit(tide_span name) {
  uint32_t end;
  if (name.len < sizeof end)
    return 0;
  memcpy(&end, name.ptr + name.len - sizeof end, sizeof end);
  return (end | 0x20202020) * UINT32_C(2654435761) >> 24; /* Knuth's multiplier */
}

static tide_status suffix_add(suffixes *s, tide_span name, uint32_t service) {
  uint32_t *grown = realloc(s->services, (s->names.count + 1u) * sizeof *grown);
  if (!grown)
    return TIDE_FATAL;
  s->services = grown;
  const uint32_t number = tide_map_add(&s->names, name);
  if (number == TIDE_MAP_NONE)
    return TIDE_FATAL;
  s->services[number] = service;
  const unsigned bit = end_bit(name);
  s->ends[bit / 64] |= UINT64_C(1) << bit % 64;
  return TIDE_OK;
}

/* The service of the longest suffix that fits. */
static uint32_t suffix_find(const suffixes *s, tide_span name) {
  char lower[SERVICE_NAME_MAX];
  if (name.len && name.ptr[name.len - 1] == '.')
    name.len--;
  const unsigned bit = end_bit(name);
  if (!(s->ends[bit / 64] >> bit % 64 & 1))
    return TIDE_SERVICE_NONE;
  const tide_span whole = folded(name, lower);
  for (size_t i = 0; i < whole.len; i++) {
    if (whole.ptr[i] != '.')
      continue;
    const uint32_t number = tide_map_find(&s->names, tide_span_slice(whole, i, whole.len));
    if (number != TIDE_MAP_NONE)
      return s->services[number];
  }
  return TIDE_SERVICE_NONE;
}

static tide_status network_add(tide_services *s, const tide_network *network, uint32_t service) {
  service_network *grown = realloc(s->networks, (s->network_count + 1) * sizeof *grown);
  if (!grown)
    return TIDE_FATAL;
  s->networks = grown;
  s->networks[s->network_count++] = (service_network){*network, service};
  return TIDE_OK;
}

static tide_status take_fact(void *services, const tide_csv_row *row) {
  tide_services *s = services;
  if (row->number == 0)
    return TIDE_OK;
  if (row->count != SERVICE_CELLS)
    return TIDE_USAGE;
  const tide_span name = row->cells[0], what = row->cells[1], value = row->cells[2];
  char lower[SERVICE_NAME_MAX];
  tide_network network;
  const uint32_t service = tide_map_add(&s->services, name);
  if (service == TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (tide_span_equal(what, SPAN("network")))
    return tide_network_parse(value, &network) ? network_add(s, &network, service) : TIDE_USAGE;
  if (value.len < 2 || value.len >= SERVICE_NAME_MAX || value.ptr[0] != '.')
    return TIDE_USAGE;
  if (tide_span_equal(what, SPAN("receiver")))
    return suffix_add(&s->receivers, folded(value, lower), service);
  if (tide_span_equal(what, SPAN("peer")))
    return suffix_add(&s->peers, folded(value, lower), service);
  return TIDE_USAGE;
}

tide_status tide_services_read(tide_services **out, tide_span csv, tide_error *err) {
  tide_services *s = calloc(1, sizeof *s);
  tide_arena cells = {0};
  size_t at = 0;
  tide_status status =
      s ? tide_rows_read(csv, &cells, (tide_row_taker){.take = take_fact, .context = s}, &at)
        : TIDE_FATAL;
  tide_arena_free(&cells);
  if (status != TIDE_OK) {
    tide_services_free(s);
    if (status == TIDE_FATAL)
      return tide_error_memory(err);
    return tide_error_set(err, status, "services: line %zu cannot be read", at);
  }
  *out = s;
  return TIDE_OK;
}

uint32_t tide_services_receiver(const tide_services *s, tide_span host) {
  return suffix_find(&s->receivers, host);
}

bool tide_services_inside(const tide_services *s, uint32_t service, const tide_hop *hop) {
  bool near = false;
  for (size_t i = 0; i < s->network_count && !near; i++)
    near = s->networks[i].service == service &&
           tide_network_contains(&s->networks[i].network, &hop->peer);
  return near && (suffix_find(&s->peers, hop->rdns) == service ||
                  suffix_find(&s->peers, hop->helo) == service);
}

void tide_services_free(tide_services *s) {
  if (!s)
    return;
  tide_map_free(&s->services);
  tide_map_free(&s->receivers.names);
  tide_map_free(&s->peers.names);
  free(s->receivers.services);
  free(s->peers.services);
  free(s->networks);
  free(s);
}
