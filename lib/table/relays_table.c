/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Relays as rows, and which of them look like servers of ours. */
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/room.h"
#include "table/table.h"

/* One host. */
typedef struct relays_row {
  const tide_relay *relay;
  const tide_hint *hint; /* NULL if there is none */
  uint64_t messages;     /* of the archive */
  const tide_zone *zone;
} relays_row;

TIDE_GETTER(relays_row, role,
            tide_value_word(r->relay->role == TIDE_RELAY_PEER ? SPAN("peer") : SPAN("receiver")))
TIDE_GETTER(relays_row, host, tide_value_text_if(r->relay->host))
TIDE_GETTER(relays_row, name, tide_value_text_if(r->relay->name))
TIDE_GETTER(relays_row, depth, tide_value_uint(r->relay->depth))
TIDE_GETTER(relays_row, messages, tide_value_uint(r->relay->messages))
TIDE_GETTER(relays_row, share_pct,
            tide_value_real(r->messages ? 100.0 * (double)r->relay->messages / (double)r->messages
                                        : 0))
TIDE_GETTER(relays_row, believed, tide_value_uint(r->relay->believed))
TIDE_GETTER(relays_row, first,
            r->relay->days.first <= r->relay->days.last
                ? tide_value_time(r->relay->days.first,
                                  tide_zone_offset(r->zone, r->relay->days.first))
                : tide_value_empty())
TIDE_GETTER(relays_row, last,
            r->relay->days.first <= r->relay->days.last
                ? tide_value_time(r->relay->days.last,
                                  tide_zone_offset(r->zone, r->relay->days.last))
                : tide_value_empty())
static tide_span suggestion_of(const tide_hint *hint) {
  return hint->kind == TIDE_HINT_TRUST ? SPAN("trust") : SPAN("forwarder");
}
TIDE_GETTER(relays_row, suggestion,
            r->hint ? tide_value_word(suggestion_of(r->hint)) : tide_value_empty())
TIDE_GETTER(relays_row, reason,
            r->hint ? tide_value_word(tide_span_of(r->hint->reason)) : tide_value_empty())

static const tide_column relays_columns[] = {
    {.name = "role",
     .help = "receiver (named after by) or peer (named after from, with the address that the "
             "receiver saw)",
     .get = get_role},
    {.name = "host",
     .help = "of a receiver, its name in lower case or its address; of a peer, its address",
     .get = get_host},
    {.name = "name", .help = "of a peer: a name that was looked up for it", .get = get_name},
    {.name = "depth", .help = "number of the Received header; 1 is the topmost", .get = get_depth},
    {.name = "messages",
     .help = "messages in which the host has that role at that depth",
     .get = get_messages},
    {.name = "share_pct",
     .help = "percentage of all messages with a Received header",
     .get = get_share_pct},
    {.name = "believed",
     .help = "messages in which one of the owner's servers wrote that header; in the rest it is "
             "only a claim",
     .get = get_believed},
    {.name = "first", .help = "earliest time of such a message (RFC 3339)", .get = get_first},
    {.name = "last", .help = "latest", .get = get_last},
    {.name = "suggestion",
     .help = "trust (looks like one of the owner's servers), forwarder (an alias service, a "
             "mailing list, or the owner's), or nothing",
     .get = get_suggestion},
    {.name = "reason", .help = "why", .get = get_reason},
};

const tide_columns tide_relays_columns = TIDE_COLUMNS(relays_columns);

/* What is asked of a host before it is suggested: tests/origin holds it against an archive that was
 * read by eye. */
enum {
  LEAST_FETCHED = 2,     /* messages that were fetched from it */
  LEAST_NAMED = 3,       /* messages that it handed over under the name of a receiver of ours */
  LEAST_SHARED = 6,      /* messages, for what is weaker evidence: a stranger may write five */
  LEAST_SHARE = 100,     /* and one message in so many, for what is weaker evidence */
  LEAST_LINKED_PCT = 80, /* of its messages that say below that it passed them on */
  LEAST_KIN_PCT = 10,    /* of its messages in which its name was of our domain */
  LEAST_SOURCES = 3,     /* distinct peers below it */
  LEAST_FORWARDED_SOURCES = 10,
  LEAST_CARRIED = 20,    /* messages of an archive of which one host */
  LEAST_CARRIED_PCT = 90 /* hands over nearly all: a list's server, or the last relay */
};

typedef struct evidence {
  tide_map receivers; /* believed names */
  tide_map fetched;   /* addresses → */
  uint64_t *counts;   /* messages fetched from each */
} evidence;

static void evidence_free(evidence *e) {
  tide_map_free(&e->receivers);
  tide_map_free(&e->fetched);
  free(e->counts);
}

static tide_status evidence_read(evidence *e, const tide_relays *t) {
  uint32_t count = tide_relays_count(t);
  e->counts = calloc(count + 1u, sizeof *e->counts);
  if (!e->counts)
    return TIDE_FATAL;
  for (uint32_t i = 0; i < count; i++) {
    tide_relay r = tide_relays_at(t, i);
    if (r.role == TIDE_RELAY_RECEIVER) {
      if (r.believed && tide_map_add(&e->receivers, r.host) == TIDE_MAP_NONE)
        return TIDE_FATAL;
      continue;
    }
    tide_ip ip;
    if (!r.fetched || !tide_ip_parse(r.host, &ip) || !tide_ip_is_public(&ip))
      continue;
    uint32_t number = tide_map_add(&e->fetched, tide_span_make((const char *)&ip, sizeof ip));
    if (number == TIDE_MAP_NONE)
      return TIDE_FATAL;
    e->counts[number] += r.fetched;
  }
  return TIDE_OK;
}

static void copy_name(char out[256], tide_span name) {
  size_t len = name.len < 255 ? name.len : 255;
  if (len)
    memcpy(out, name.ptr, len);
  out[len] = '\0';
}

static bool is_receiver(const evidence *e, tide_span name) {
  char lower[256];
  if (name.len == 0 || name.len > 255)
    return false;
  for (size_t i = 0; i < name.len; i++)
    lower[i] = tide_lower(name.ptr[i]);
  return tide_map_find(&e->receivers, tide_span_make(lower, name.len)) != TIDE_MAP_NONE;
}

static unsigned long long big(uint64_t n) {
  return (unsigned long long)n;
}

static void judge(const evidence *e, const tide_handover *h, uint64_t messages, tide_hint *hint) {
  *hint = (tide_hint){.address = h->peer, .messages = h->messages};
  copy_name(hint->name, h->name.len ? h->name : h->helo);
  bool common = h->messages >= LEAST_SHARED && h->messages * LEAST_SHARE >= messages;
  bool linked = h->linked * 100 >= h->messages * LEAST_LINKED_PCT;
  uint32_t fetched =
      tide_map_find(&e->fetched, tide_span_make((const char *)&h->peer, sizeof h->peer));
  if (fetched != TIDE_MAP_NONE && e->counts[fetched] >= LEAST_FETCHED) {
    hint->kind = TIDE_HINT_TRUST;
    snprintf(hint->reason, sizeof hint->reason,
             "mail is fetched from it, in %llu messages, and it hands over %llu more",
             big(e->counts[fetched]), big(h->messages));
  } else if (h->messages >= LEAST_NAMED && linked && h->sources >= LEAST_SOURCES &&
             is_receiver(e, h->name)) {
    hint->kind = TIDE_HINT_TRUST;
    snprintf(
        hint->reason, sizeof hint->reason,
        "hands over %llu messages of %llu other hosts, and a server of its name receives for us",
        big(h->messages), big(h->sources));
  } else if (common && linked && h->kin * 100 >= h->messages * LEAST_KIN_PCT &&
             h->sources >= LEAST_SOURCES) {
    hint->kind = TIDE_HINT_TRUST;
    snprintf(hint->reason, sizeof hint->reason,
             "hands over %llu messages of %llu other hosts, %llu of them under a name of a "
             "receiving server's domain",
             big(h->messages), big(h->sources), big(h->kin));
  } else if (h->messages >= LEAST_CARRIED && linked &&
             h->messages * 100 >= messages * LEAST_CARRIED_PCT &&
             h->sources >= LEAST_FORWARDED_SOURCES) {
    hint->kind = TIDE_HINT_TRUST;
    snprintf(hint->reason, sizeof hint->reason,
             "hands over %llu of all %llu messages, of %llu other hosts", big(h->messages),
             big(messages), big(h->sources));
  } else if (common && linked && h->sources >= LEAST_FORWARDED_SOURCES) {
    hint->kind = TIDE_HINT_FORWARDER;
    snprintf(hint->reason, sizeof hint->reason, "passes on %llu messages of %llu other hosts",
             big(h->messages), big(h->sources));
  }
}

/* --- hosts of one network under one domain's names: pools, of which no host carries much --- */

/* The network and what its hosts' names have after the first label; false if there is no such
 * name. */
static bool pool_of(const tide_handover *h, tide_network *network, tide_span *names) {
  const tide_span name = h->name.len ? h->name : h->helo;
  const size_t dot = tide_span_find_char(name, '.');
  *names = tide_span_slice(name, dot + 1, name.len);
  *network = tide_network_of(&h->peer, h->peer.family == 4 ? 24 : 64);
  return tide_span_find_char(*names, '.') < names->len;
}

typedef struct pool {
  tide_handover sum;
  tide_network network;
  uint32_t hosts;
} pool;

typedef struct pools {
  tide_map keys;
  pool *at;
  size_t cap;
} pools;

static tide_status pool_add(pools *p, const tide_handover *h) {
  char key[sizeof(tide_network) + 255];
  tide_network network;
  tide_span names;
  if (!pool_of(h, &network, &names) || names.len > 255)
    return TIDE_OK;
  memset(key, 0, sizeof network);
  memcpy(key, &network.address, sizeof network.address);
  memcpy(key + sizeof network, names.ptr, names.len);
  const uint32_t before = p->keys.count,
                 number = tide_map_add(&p->keys, tide_span_make(key, sizeof network + names.len));
  if (number == TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (tide_room(&p->at, &p->cap, number, sizeof *p->at) != TIDE_OK)
    return TIDE_FATAL;
  pool *one = &p->at[number];
  if (p->keys.count != before)
    *one = (pool){.sum = {.peer = network.address}, .network = network};
  /* The name that stands for all: the first by bytes, so that the order of counting does not show.
   */
  const tide_span name = h->name.len ? h->name : h->helo;
  if (!one->sum.name.len || tide_span_compare(name, one->sum.name) < 0)
    one->sum.name = name;
  one->hosts++;
  one->sum.messages += h->messages;
  one->sum.linked += h->linked;
  one->sum.kin += h->kin;
  one->sum.sources += h->sources; /* a source of two of them counts twice */
  return TIDE_OK;
}

static void pools_free(pools *p) {
  tide_map_free(&p->keys);
  free(p->at);
}

static void judge_pool(const evidence *e, const pool *p, uint64_t messages, tide_hint *hint) {
  *hint = (tide_hint){.kind = TIDE_HINT_NONE};
  if (p->hosts < 2)
    return;
  judge(e, &p->sum, messages, hint);
  hint->address = p->network.address;
  hint->bits = p->network.bits;
}

static int compare_hints(const void *a, const void *b) {
  const tide_hint *x = a, *y = b;
  if (x->kind != y->kind)
    return x->kind < y->kind ? -1 : 1;
  if (x->messages != y->messages)
    return x->messages > y->messages ? -1 : 1;
  if (x->bits != y->bits)
    return x->bits < y->bits ? -1 : 1;
  return memcmp(&x->address, &y->address, sizeof x->address);
}

static tide_network hint_network(const tide_hint *hint) {
  return tide_network_of(&hint->address, hint->bits ? hint->bits : 128);
}

size_t tide_hint_text(const tide_hint *hint, char out[TIDE_IP_TEXT]) {
  const tide_network network = hint_network(hint);
  return hint->bits ? tide_network_format(&network, out) : tide_ip_format(&hint->address, out);
}

/* What each end hints at; those that hint at nothing alone are put into pools. */
static tide_status ends_judge(evidence *e, const tide_relays *t, uint64_t messages, pools *p,
                              tide_hint *hints, size_t *found) {
  const uint32_t ends = tide_relays_end_count(t);
  for (uint32_t i = 0; i < ends; i++) {
    tide_handover h = tide_relays_end_at(t, i);
    judge(e, &h, messages, &hints[*found]);
    if (hints[*found].kind == TIDE_HINT_NONE) {
      TIDE_TRY(pool_add(p, &h));
      continue;
    }
    ++*found;
    /* Told: what is left of the map is fetched from, and hands nothing over itself. */
    uint32_t fetched =
        tide_map_find(&e->fetched, tide_span_make((const char *)&h.peer, sizeof h.peer));
    if (fetched != TIDE_MAP_NONE)
      e->counts[fetched] = 0;
  }
  return TIDE_OK;
}

static size_t fetched_judge(const evidence *e, tide_hint *hints) {
  size_t found = 0;
  for (uint32_t i = 0; i < e->fetched.count; i++) {
    if (e->counts[i] < LEAST_FETCHED)
      continue;
    tide_hint *hint = &hints[found++];
    *hint = (tide_hint){.kind = TIDE_HINT_TRUST, .messages = e->counts[i]};
    memcpy(&hint->address, tide_map_key(&e->fetched, i).ptr, sizeof hint->address);
    snprintf(hint->reason, sizeof hint->reason, "mail is fetched from it, in %llu messages",
             big(e->counts[i]));
  }
  return found;
}

static tide_status hints_fill(evidence *e, const tide_relays *t, uint64_t messages, pools *p,
                              tide_hint *hints, size_t *found) {
  TIDE_TRY(ends_judge(e, t, messages, p, hints, found));
  *found += fetched_judge(e, hints + *found);
  for (uint32_t i = 0; i < p->keys.count; i++) {
    judge_pool(e, &p->at[i], messages, &hints[*found]);
    *found += hints[*found].kind != TIDE_HINT_NONE;
  }
  return TIDE_OK;
}

tide_status tide_relays_hints(const tide_relays *t, uint64_t messages, tide_hint **out,
                              size_t *count) {
  evidence e = {0};
  uint32_t ends = tide_relays_end_count(t);
  tide_status status = evidence_read(&e, t);
  tide_hint *hints = calloc(2 * (size_t)ends + e.fetched.count + 1u, sizeof *hints);
  pools p = {.cap = 0};
  size_t found = 0;
  if (!hints)
    status = TIDE_FATAL;
  if (status == TIDE_OK)
    status = hints_fill(&e, t, messages, &p, hints, &found);
  pools_free(&p);
  evidence_free(&e);
  if (status != TIDE_OK) {
    free(hints);
    return status;
  }
  if (found)
    qsort(hints, found, sizeof *hints, compare_hints);
  *out = hints;
  *count = found;
  return TIDE_OK;
}

static int compare_relays(const void *a, const void *b, void *context) {
  const tide_relay x = tide_relays_at(context, *(const uint32_t *)a),
                   y = tide_relays_at(context, *(const uint32_t *)b);
  if (x.messages != y.messages)
    return x.messages > y.messages ? -1 : 1;
  if (x.depth != y.depth)
    return x.depth < y.depth ? -1 : 1;
  if (x.role != y.role)
    return x.role < y.role ? -1 : 1;
  return tide_span_compare(x.host, y.host);
}

static const tide_hint *hint_of(const tide_hint *hints, size_t count, const tide_relay *r) {
  tide_ip ip;
  if (r->role != TIDE_RELAY_PEER || !tide_ip_parse(r->host, &ip))
    return NULL;
  for (size_t i = 0; i < count; i++) {
    const tide_network network = hint_network(&hints[i]);
    if (tide_network_contains(&network, &ip))
      return &hints[i];
  }
  return NULL;
}

tide_status tide_relays_write(const tide_relays *t, uint64_t messages, uint64_t top,
                              const tide_zone *zone, const tide_row_writer *w, tide_error *err) {
  tide_hint *hints = NULL;
  size_t hint_count = 0;
  uint32_t count = tide_relays_count(t);
  uint32_t *order = malloc((count + 1u) * sizeof *order);
  tide_value *row = calloc(tide_relays_columns.count, sizeof *row);
  tide_status status =
      order && row ? tide_relays_hints(t, messages, &hints, &hint_count) : TIDE_FATAL;
  if (status != TIDE_OK) {
    free(row);
    free(order);
    return tide_error_memory(err);
  }
  for (uint32_t i = 0; i < count; i++)
    order[i] = i;
  qsort_r(order, count, sizeof *order, compare_relays, (void *)(uintptr_t)t);
  for (uint32_t i = 0; i < count && (top == 0 || i < top) && status == TIDE_OK; i++) {
    tide_relay r = tide_relays_at(t, order[i]);
    relays_row now = {&r, hint_of(hints, hint_count, &r), messages, zone};
    status = tide_columns_write(&tide_relays_columns, &now, 0, row, w, err);
  }
  free(hints);
  free(row);
  free(order);
  return status;
}
