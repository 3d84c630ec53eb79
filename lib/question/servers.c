/* SPDX-License-Identifier: GPL-3.0-or-later */
/* relays: who received and who handed over; and from that the search for the servers of the
 * archive's owner, which is the same question again until nothing new is found to trust. Its answer
 * is a file for --trust (relays --suggest), or trusted at once (--trust auto). */
#include "question/servers.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "mail/domain.h"
#include "hops/chain.h"

/* Hops that are looked at, from the top: an archive's own servers are there. PASSES: a relay
 * behind a relay is seen only once the first is known. */
enum { DEPTH_MAX = 16, PASSES_MAX = 6 };

/* A question's state: the counts of all workers. */
typedef struct sights {
  tide_relays *relays;
  uint64_t messages; /* with a Received header */
} sights;

/* One worker's counts. */
typedef struct counter {
  sights *whole;
  tide_relays *relays;
  uint64_t messages;
} counter;

static tide_status counter_open(void *context, void **worker, tide_error *err) {
  counter *c = calloc(1, sizeof *c);
  if (!c || tide_relays_new(&c->relays) != TIDE_OK) {
    free(c);
    return tide_error_memory(err);
  }
  c->whole = ((tide_question *)context)->state;
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
  if (sight.host.len)
    TIDE_TRY(tide_relays_add(c->relays, &sight));
  if (!hop->peer.family)
    return TIDE_OK;
  char address[TIDE_IP_TEXT];
  sight.role = TIDE_RELAY_PEER;
  sight.host = tide_span_make(address, tide_ip_format(&hop->peer, address));
  sight.name = lower(hop->rdns, arena);
  sight.fetched = believed && hop->kind == TIDE_HOP_FETCH;
  return tide_relays_add(c->relays, &sight);
}

/* Does the peer's looked-up name belong to the domain of a server that received for us? HELO is the
 * peer's word, and bots like to give the name of who they write to: it counts only from an address
 * of the same /16 or /32 as that server's own. */
static bool is_kin(tide_chain *chain, uint32_t outer, const tide_hop *hop, tide_arena *arena) {
  const tide_span rdns = hop->rdns_doubted ? (tide_span){0} : tide_domain_registered(hop->rdns),
                  helo = tide_domain_registered(hop->helo);
  for (uint32_t i = 0; i < outer; i++) {
    const tide_hop *ours = tide_chain_hop(chain, i, arena);
    if (!ours)
      break;
    const tide_span domain = tide_domain_registered(ours->by);
    if (!domain.len)
      continue;
    if (tide_span_iequal(domain, rdns))
      return true;
    const tide_network near = tide_network_of(&ours->by_ip, ours->by_ip.family == 4 ? 16 : 32);
    if (ours->by_ip.family && tide_span_iequal(domain, helo) &&
        tide_network_contains(&near, &hop->peer))
      return true;
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

static tide_status chain_add(counter *c, const tide_record *r, const tide_extraction *x) {
  tide_chain *chain = x->chain;
  tide_days days = r->has_time ? (tide_days){r->time, r->time} : (tide_days){INT64_MAX, INT64_MIN};
  c->messages += chain->count > 0;
  for (uint32_t i = 0; i < chain->count && i < DEPTH_MAX; i++) {
    const tide_hop *hop = tide_chain_hop(chain, i, x->arena);
    bool believed = r->outer_hop == 0 || i < r->outer_hop;
    if (!hop)
      return TIDE_FATAL;
    TIDE_TRY(add_hop(c, hop, i + 1, believed, days, x->arena));
  }
  return r->outer_hop ? add_end(c, chain, r->outer_hop, days, x->arena) : TIDE_OK;
}

static tide_status counter_record(void *worker, tide_record *r, const tide_extraction *x,
                                  tide_fate *fate, tide_error *err) {
  if (r->has_time)
    *fate = TIDE_FATE_COUNTED;
  return tide_error_of_status(err, chain_add(worker, r, x));
}

static tide_status counter_close(void *worker, bool failed, tide_error *err) {
  counter *c = worker;
  sights *whole = c->whole;
  tide_status status = failed ? TIDE_OK : tide_relays_merge(whole->relays, c->relays);
  whole->messages += c->messages;
  tide_relays_free(c->relays);
  free(c);
  return tide_error_of_status(err, status);
}

/* --- the question --- */

static tide_status relays_begin(tide_question *q, tide_error *err) {
  sights *whole = calloc(1, sizeof *whole);
  q->state = whole;
  if (!whole || tide_relays_new(&whole->relays) != TIDE_OK)
    return tide_error_memory(err);
  if (!q->sheet)
    return TIDE_OK;
  TIDE_TRY(tide_sheet_columns(q->sheet, &tide_relays_columns, false, err));
  return tide_sheet_begin(q->sheet, err);
}

static tide_status relays_write(const tide_question *q, const tide_extent *extent,
                                tide_error *err) {
  enum { ROWS_DEFAULT = 40 };
  const sights *whole = q->state;
  const uint64_t rows = q->options.own.relays.rows ? q->options.own.relays.rows : ROWS_DEFAULT;
  const tide_row_writer writer = {.row = tide_sheet_row, .context = q->sheet};
  (void)extent;
  return tide_relays_write(whole->relays, whole->messages, rows, q->zone, &writer, err);
}

static void relays_end(tide_question *q) {
  sights *whole = q->state;
  if (!whole)
    return;
  tide_relays_free(whole->relays);
  free(whole);
}

static const tide_sink counter_sink = {
    .open = counter_open, .record = counter_record, .close = counter_close, .wants_undated = true};

const tide_question_type tide_question_relays = {.name = "relays",
                                                 .columns = &tide_relays_columns,
                                                 .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
                                                 .shows_hops = true,
                                                 .begin = relays_begin,
                                                 .sink = &counter_sink,
                                                 .write = relays_write,
                                                 .end = relays_end};

/* --- the search --- */

/* Reads the archive once and finds what it hints at: of the messages that `of` asks for, or of all
 * where it is NULL. */
static tide_status read_once(tide_servers *v, const tide_run_options *run, const tide_question *of,
                             tide_account *account, tide_error *err) {
  tide_question q = of ? *of : (tide_question){0};
  tide_question *const asked[] = {&q};
  q.type = &tide_question_relays;
  q.state = NULL;
  q.sheet = NULL;
  tide_status status = tide_questions_ask(asked, 1, run, err);
  *account = q.account;
  const sights *whole = q.state;
  if (status == TIDE_OK &&
      tide_relays_hints(whole->relays, whole->messages, &v->hints, &v->hint_count) != TIDE_OK)
    status = tide_error_memory(err);
  relays_end(&q);
  return status;
}

bool tide_servers_can_read_again(const tide_run_options *run) {
  struct stat st;
  for (size_t i = 0; i < run->path_count; i++)
    if (strcmp(run->paths[i], "-") == 0 ||
        (stat(run->paths[i], &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
      return false;
  return true;
}

/* Keeps the hints to trust that are not there yet, and trusts them from now on. *more says whether
 * there were any. */
static tide_status keep_hints(tide_servers *v, tide_trust *trust, bool *more, tide_error *err) {
  *more = false;
  for (size_t i = 0; i < v->hint_count; i++) {
    const tide_hint *hint = &v->hints[i];
    bool known = hint->kind != TIDE_HINT_TRUST;
    for (size_t k = 0; k < v->kept_count && !known; k++)
      known = v->kept[k].bits == hint->bits && tide_ip_equal(&v->kept[k].address, &hint->address);
    if (known || (!hint->bits && tide_trust_has_address(trust, &hint->address)))
      continue;
    tide_hint *grown = realloc(v->kept, (v->kept_count + 1) * sizeof *grown);
    if (!grown)
      return tide_error_memory(err);
    v->kept = grown;
    v->kept[v->kept_count++] = *hint;
    char text[TIDE_IP_TEXT];
    tide_hint_text(hint, text);
    TIDE_TRY(tide_trust_add(trust, text, err));
    *more = true;
  }
  return TIDE_OK;
}

tide_status tide_servers_find(tide_servers *v, const tide_run_options *run, const tide_question *of,
                              tide_trust *trust, tide_account *account, tide_error *err) {
  tide_run_options once = *run;
  const bool again = tide_servers_can_read_again(run);
  bool more = true;
  for (int pass = 0; pass < PASSES_MAX && more; pass++) {
    free(v->hints);
    v->hints = NULL;
    TIDE_TRY(read_once(v, &once, of, account, err));
    TIDE_TRY(keep_hints(v, trust, &more, err));
    more = more && again;
    once.trouble = NULL; /* told once is enough */
  }
  return TIDE_OK;
}

void tide_servers_free(tide_servers *v) {
  free(v->kept);
  free(v->hints);
}

/* --- the question of what to trust --- */

static tide_status suggestions_ask(tide_question *q, tide_error *err) {
  q->state = calloc(1, sizeof(tide_servers));
  return q->state ? tide_servers_find(q->state, q->run, q, q->options.trust, &q->account, err)
                  : tide_error_memory(err);
}

/* One entry of a file for --trust; a forwarder's is a remark, for the person to decide. */
static tide_status hint_put(const tide_hint *hint, tide_buffer *out) {
  char address[TIDE_IP_TEXT];
  tide_hint_text(hint, address);
  TIDE_TRY(tide_buffer_printf(out, "%s%s # ", hint->kind == TIDE_HINT_TRUST ? "" : "# ", address));
  TIDE_TRY(tide_cell_clean(tide_span_of(hint->name), false, NULL, out));
  return tide_buffer_printf(out, "%s%s\n", hint->name[0] ? ": " : "", hint->reason);
}

static tide_status hints_put(const tide_servers *v, tide_buffer *out) {
  TIDE_TRY(tide_buffer_put(
      out, SPAN("# For --trust: what looks like a server of yours, and why. Lines that begin with "
                "# may be mailing lists or forwarders: choose.\n")));
  for (size_t i = 0; i < v->kept_count; i++)
    TIDE_TRY(hint_put(&v->kept[i], out));
  for (size_t i = 0; i < v->hint_count; i++)
    if (v->hints[i].kind == TIDE_HINT_FORWARDER)
      TIDE_TRY(hint_put(&v->hints[i], out));
  return TIDE_OK;
}

static tide_status suggestions_write(const tide_question *q, const tide_extent *extent,
                                     tide_error *err) {
  tide_buffer *text = &q->sheet->text;
  (void)extent;
  tide_buffer_clear(text);
  TIDE_TRY(tide_error_of_status(err, hints_put(q->state, text)));
  return q->sheet->write(q->sheet->context, tide_buffer_span(text), err);
}

static void suggestions_end(tide_question *q) {
  if (q->state)
    tide_servers_free(q->state);
  free(q->state);
}

const tide_question_type tide_question_suggestions = {.name = "relays",
                                                      .parts = TIDE_PART_TIME | TIDE_PART_ORIGIN,
                                                      .shows_hops = true,
                                                      .writes_text = true,
                                                      .ask = suggestions_ask,
                                                      .write = suggestions_write,
                                                      .end = suggestions_end};
