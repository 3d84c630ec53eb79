/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spamtide relays: who received and who handed over, to choose --trust from. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "session.h"
#include "spamtide/domain.h"
#include "spamtide/relays.h"

/* Hops that are looked at, from the top: an archive's own servers stand there. PASSES: a relay
 * behind a relay is seen only once the first is known. */
enum { DEPTH_MAX = 16, PASSES_MAX = 6, TOP_STANDARD = 40 };

typedef struct hosts {
  session session;
  tide_relays *whole;
  uint64_t messages; /* with a Received header */
} hosts;

/* One worker's counts. */
typedef struct counter {
  hosts *hosts;
  tide_relays *relays;
  uint64_t messages;
} counter;

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  counter *c = calloc(1, sizeof *c);
  if (!c || tide_relays_new(&c->relays) != TIDE_OK) {
    free(c);
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  }
  c->hosts = context;
  *worker = c;
  return TIDE_OK;
}

static tide_span lower(tide_span s, tide_arena *arena) {
  tide_span copy = tide_arena_copy(arena, tide_span_slice(s, 0, 255));
  char *to = (char *)(uintptr_t)copy.ptr; /* the arena's, and ours to change */
  for (size_t i = 0; i < copy.len; i++)
    to[i] = tide_lower(to[i]);
  return copy;
}

static tide_status add_hop(counter *c, const tide_hop *hop, uint32_t depth, bool believed,
                           tide_days days, tide_arena *arena) {
  tide_relay sight = {.role = TIDE_RELAY_RECEIVER,
                      .host = lower(hop->by, arena),
                      .depth = depth,
                      .messages = 1,
                      .believed = believed,
                      .days = days};
  tide_status status = sight.host.len ? tide_relays_add(c->relays, &sight) : TIDE_OK;
  if (status != TIDE_OK || !hop->peer.family)
    return status;
  char address[TIDE_IP_TEXT];
  sight.role = TIDE_RELAY_PEER;
  sight.host = tide_span_make(address, tide_ip_format(&hop->peer, address));
  sight.name = lower(hop->rdns, arena);
  sight.fetched = believed && hop->kind == TIDE_HOP_FETCH;
  return tide_relays_add(c->relays, &sight);
}

/* Does a name of the peer belong to the domain of a server that received for us? */
static bool is_kin(tide_chain *chain, uint32_t outer, const tide_hop *hop, tide_arena *arena) {
  const tide_span names[] = {hop->rdns, hop->helo};
  for (size_t n = 0; n < 2; n++) {
    tide_span domain = tide_domain_registered(names[n]);
    if (domain.len == 0)
      continue;
    for (uint32_t i = 0; i < outer; i++) {
      const tide_hop *ours = tide_chain_hop(chain, i, arena);
      if (ours && tide_span_iequal(domain, tide_domain_registered(ours->by)))
        return true;
    }
  }
  return false;
}

static tide_status add_end(counter *c, tide_chain *chain, uint32_t outer, tide_days days,
                           tide_arena *arena) {
  const tide_hop *hop = tide_chain_hop(chain, outer - 1, arena),
                 *below = tide_chain_hop(chain, outer, arena);
  if (!hop)
    return TIDE_FATAL;
  tide_handover end = {.peer = hop->peer,
                       .name = lower(hop->rdns, arena),
                       .helo = lower(hop->helo, arena),
                       .messages = 1,
                       .days = days};
  end.linked = below && below->by.len && tide_chain_fits(hop, below);
  end.kin = is_kin(chain, outer < DEPTH_MAX ? outer : DEPTH_MAX, hop, arena);
  const tide_ip *source = NULL;
  for (uint32_t i = outer; i < outer + DEPTH_MAX && !source; i++) {
    const tide_hop *older = tide_chain_hop(chain, i, arena);
    if (!older)
      break;
    if (tide_ip_is_public(&older->peer) && !tide_ip_equal(&older->peer, &hop->peer))
      source = &older->peer;
  }
  return tide_relays_end(c->relays, &end, source);
}

static tide_status counter_record(void *worker, tide_record *r, tide_arena *arena, tide_fate *fate,
                                  tide_error *err) {
  counter *c = worker;
  tide_chain chain = r->chain; /* it is read further on */
  tide_days days = r->has_time ? (tide_days){r->time, r->time} : (tide_days){INT64_MAX, INT64_MIN};
  tide_status status = TIDE_OK;
  if (r->has_time)
    *fate = TIDE_FATE_COUNTED;
  c->messages += chain.count > 0;
  for (uint32_t i = 0; i < chain.count && i < DEPTH_MAX && status == TIDE_OK; i++) {
    const tide_hop *hop = tide_chain_hop(&chain, i, arena);
    bool believed = r->outer_hop == 0 || i < r->outer_hop;
    status = hop ? add_hop(c, hop, i + 1, believed, days, arena) : TIDE_FATAL;
  }
  if (status == TIDE_OK && r->outer_hop)
    status = add_end(c, &chain, r->outer_hop, days, arena);
  return status == TIDE_OK ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  hosts *h = c->hosts;
  tide_status status = TIDE_OK;
  if (!failed && !h->whole) {
    h->whole = c->relays;
    c->relays = NULL;
  } else if (!failed) {
    status = tide_relays_merge(h->whole, c->relays);
  }
  h->messages += c->messages;
  tide_relays_free(c->relays);
  free(c);
  return status == TIDE_OK ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

/* --- the list to trust --- */

static tide_status say(session *s, const char *line, tide_error *err) {
  return output_write(&s->out, tide_span_of(line), err);
}

/* One entry of a file for --trust; a forwarder's is a remark, for the person to decide. */
static tide_status write_hint(session *s, const tide_hint *hint, tide_error *err) {
  char address[TIDE_IP_TEXT], line[128 + TIDE_IP_TEXT];
  tide_ip_format(&hint->address, address);
  snprintf(line, sizeof line, "%s%s # ", hint->kind == TIDE_HINT_TRUST ? "" : "# ", address);
  tide_buffer_clear(&s->row_text);
  tide_status status = tide_buffer_put(&s->row_text, tide_span_of(line));
  if (status == TIDE_OK)
    status = tide_cell_clean(tide_span_of(hint->name), false, &s->row_text);
  if (status == TIDE_OK && hint->name[0])
    status = tide_buffer_put(&s->row_text, SPAN(": "));
  if (status == TIDE_OK)
    status = tide_buffer_put(&s->row_text, tide_span_of(hint->reason));
  if (status == TIDE_OK)
    status = tide_buffer_putc(&s->row_text, '\n');
  return status == TIDE_OK ? output_write(&s->out, tide_buffer_span(&s->row_text), err)
                           : tide_error_set(err, TIDE_FATAL, "out of memory");
}

typedef struct suggestion {
  tide_hint *hints;
  size_t count;
} suggestion;

/* Keeps the hints to trust that are not there yet, and trusts them from now on. *more says whether
 * there were any. */
static tide_status keep_hints(hosts *h, suggestion *kept, const tide_hint *hints, size_t count,
                              bool *more, tide_error *err) {
  *more = false;
  for (size_t i = 0; i < count; i++) {
    bool known = hints[i].kind != TIDE_HINT_TRUST;
    for (size_t k = 0; k < kept->count && !known; k++)
      known = tide_ip_equal(&kept->hints[k].address, &hints[i].address);
    if (known || tide_trust_has_address(h->session.trust, &hints[i].address))
      continue;
    tide_hint *grown = realloc(kept->hints, (kept->count + 1) * sizeof *grown);
    if (!grown)
      return tide_error_set(err, TIDE_FATAL, "out of memory");
    kept->hints = grown;
    kept->hints[kept->count++] = hints[i];
    char address[TIDE_IP_TEXT];
    tide_ip_format(&hints[i].address, address);
    tide_status status = tide_trust_add(h->session.trust, address, err);
    if (status != TIDE_OK)
      return status;
    *more = true;
  }
  return TIDE_OK;
}

/* Reads the archive until nothing new is found: a relay behind a relay shows only once the first is
 * trusted. */
static tide_status suggest(hosts *h, const tide_sink *sink, tide_error *err) {
  session *s = &h->session;
  suggestion kept = {NULL, 0};
  tide_hint *hints = NULL;
  size_t count = 0;
  tide_status status = TIDE_OK;
  bool again = true, more = true;
  for (size_t i = 0; i < s->run.path_count; i++)
    again = again && strcmp(s->run.paths[i], "-") != 0;
  for (int pass = 0; pass < PASSES_MAX && more && status == TIDE_OK; pass++) {
    free(hints);
    hints = NULL;
    tide_relays_free(h->whole);
    h->whole = NULL;
    h->messages = 0;
    status = session_run(s, sink, err);
    if (status == TIDE_OK && tide_relays_hints(h->whole, h->messages, &hints, &count) != TIDE_OK)
      status = tide_error_set(err, TIDE_FATAL, "out of memory");
    if (status == TIDE_OK)
      status = keep_hints(h, &kept, hints, count, &more, err);
    more = more && again;
    s->run.trouble = NULL; /* told once is enough */
  }
  if (status == TIDE_OK)
    status = say(s,
                 "# For --trust: what looks like a server of yours, and why. Lines that begin with "
                 "# may be mailing lists or forwarders: choose.\n",
                 err);
  for (size_t i = 0; i < kept.count && status == TIDE_OK; i++)
    status = write_hint(s, &kept.hints[i], err);
  for (size_t i = 0; i < count && status == TIDE_OK; i++)
    if (hints[i].kind == TIDE_HINT_FORWARDER)
      status = write_hint(s, &hints[i], err);
  free(kept.hints);
  free(hints);
  return status;
}

int command_relays(const settings *o) {
  hosts h = {.whole = NULL};
  session *s = &h.session;
  tide_error err = {0};
  tide_status status = session_open(s, o, TIDE_PART_TIME | TIDE_PART_ORIGIN, &err);
  tide_sink sink = {.context = &h,
                    .open = counter_open,
                    .record = counter_record,
                    .close = counter_close,
                    .wants_undated = true};
  if (o->suggest) {
    if (status == TIDE_OK)
      status = session_begin_plain(s, &err);
    if (status == TIDE_OK)
      status = suggest(&h, &sink, &err);
  } else {
    if (status == TIDE_OK)
      status = session_columns(s, &tide_relays_columns, 0, &err);
    if (status == TIDE_OK)
      status = session_begin(s, &err);
    if (status == TIDE_OK)
      status = session_run(s, &sink, &err);
    tide_row_writer writer = {.row = session_row, .context = s};
    if (status == TIDE_OK)
      status = tide_relays_write(h.whole, h.messages, o->rows ? o->rows : TOP_STANDARD, s->zone,
                                 &writer, &err);
  }
  tide_relays_free(h.whole);
  return session_close(s, status, &err);
}
