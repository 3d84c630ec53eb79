/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of Received fields: its hops, and whether what comes below the origin contradicts
 * itself. */
#include "extract/extractors.h"

#include "hosts.h"
#include "mail/date.h"
#include "hops/chain.h"

#include "base/invariant.h"

const tide_hop *tide_chain_hop(tide_chain *chain, uint32_t index, tide_arena *arena) {
  if (index >= chain->count)
    return NULL;
  if (!chain->hops) {
    chain->hops = tide_arena_take(arena, chain->count * sizeof *chain->hops);
    if (!chain->hops)
      return NULL;
  }
  TIDE_INVARIANT(chain->parsed <= chain->count);
  while (chain->parsed <= index) {
    TIDE_INVARIANT(chain->next <
                   chain->message->header_count); /* from the top, one after another */
    const tide_header *h = &chain->message->headers[chain->next];
    tide_received_parse(h->value, &chain->hops[chain->parsed++]);
    chain->next = h->next;
  }
  return &chain->hops[index];
}

/* How a hop's `by` relates to the peer of the hop above it. */
typedef enum chain_link { LINK_UNKNOWN, LINK_FITS, LINK_PRIVATE, LINK_OTHER } chain_link;

static chain_link link_of(const tide_hop *above, const tide_hop *below) {
  const bool public_peer = tide_ip_is_public(&above->peer);
  const tide_span by = tide_host_name(below->by), rdns = tide_host_name(above->rdns),
                  helo = tide_host_name(above->helo);
  if (by.len == 0)
    return LINK_UNKNOWN;
  if ((below->by_ip.family && !tide_ip_is_public(&below->by_ip)) || tide_host_is_local(by))
    return public_peer ? LINK_PRIVATE : LINK_UNKNOWN;
  if (below->by_ip.family && public_peer && tide_host_same_network(&below->by_ip, &above->peer))
    return LINK_FITS;
  if (tide_span_iequal(by, rdns) || tide_span_iequal(by, helo))
    return LINK_FITS;
  if (tide_host_same_domain(by, rdns) || tide_host_same_domain(by, helo))
    return LINK_FITS;
  tide_ip literal;
  if (tide_ip_parse(by, &literal))
    return public_peer ? LINK_OTHER : LINK_UNKNOWN;
  return tide_host_is_comparable(by) ? LINK_OTHER : LINK_UNKNOWN;
}

/* Is another name in `by` a contradiction, and not one more name of an honest host? Honest chains
 * have such names at every step (a mail server at home, a provider with two domains, a web shop on
 * a rented machine), except what is left here: docs/origin.md has the rates. `first`: directly
 * below the origin's hop, where forgers write what must lead to the sender. */
static bool accuses(const tide_hop *above, const tide_hop *below, bool first) {
  tide_ip literal;
  if (!tide_ip_is_public(&above->peer))
    return false;
  const bool same_peer = tide_ip_equal(&below->peer, &above->peer);
  if (same_peer && tide_span_iequal(below->by, above->by))
    return false; /* a host took it twice, from itself: a filter in between */
  /* An address alone, of another network: no honest server outside writes one. A large service may
   * well, from another part of its networks. */
  if (tide_ip_parse(tide_host_name(below->by), &literal))
    return !tide_host_same_block(&literal, &above->peer);
  /* The peer was received by a stranger, and handed over here itself. */
  if (same_peer && below->kind != TIDE_HOP_LOCAL)
    return true;
  if (below->kind == TIDE_HOP_LOCAL)
    return false;
  const tide_span rdns = tide_host_name(above->rdns), helo = tide_host_name(above->helo);
  const bool nameless = !rdns.len && tide_ip_parse(helo, &literal);
  const bool feigned = nameless && !tide_ip_equal(&literal, &above->peer);
  /* Further down honest names are many, except what is said to have come from a customer's line,
   * or from a host without a name that gave another's address. */
  if (!first && !feigned && !tide_host_is_numbered(above->rdns, &above->peer))
    return false;
  /* A host after another inside one site: the names inside are the site's affair. */
  if (below->peer.family && !tide_ip_is_public(&below->peer))
    return false;
  const bool named = tide_host_is_comparable(rdns) || tide_host_is_comparable(helo);
  const bool bare = nameless || (!rdns.len && !helo.len);
  return (named || bare) && !tide_host_alike(below->by, rdns) && !tide_host_alike(below->by, helo);
}

static bool is_backwards(const tide_hop *above, const tide_hop *below) {
  tide_date later, earlier;
  return tide_date_parse(above->date, &later) && tide_date_parse(below->date, &earlier) &&
         earlier.time > later.time + TIDE_CHAIN_SKEW;
}

bool tide_chain_fits(const tide_hop *above, const tide_hop *below) {
  const chain_link link = link_of(above, below);
  return link == LINK_FITS || link == LINK_UNKNOWN;
}

tide_chain_verdict tide_chain_step(tide_chain_walk *walk, const tide_hop *hop) {
  tide_chain_verdict verdict = TIDE_CHAIN_CONSISTENT;
  const tide_hop *above = walk->above;
  if (above) {
    const chain_link link = link_of(above, hop);
    if (link == LINK_OTHER && accuses(above, hop, walk->first))
      verdict = TIDE_CHAIN_BY_MISMATCH;
    else if (is_backwards(above, hop))
      verdict = TIDE_CHAIN_BACKWARDS;
    else if (link == LINK_PRIVATE)
      verdict = TIDE_CHAIN_PRIVATE_BY;
  }
  /* A program's note without `by` is on the host that the hop above came from. After a hop
   * that names no public peer, or cannot be read, nothing is known of where the next was received:
   * Gmail's and Hotmail's submission, Proofpoint's filter on the loopback. */
  walk->first = false;
  if (hop->kind == TIDE_HOP_LOCAL && !hop->by.len)
    return verdict;
  walk->above = hop->kind != TIDE_HOP_LOCAL && tide_ip_is_public(&hop->peer) ? hop : NULL;
  return verdict;
}

/* What the whole chain says, believed or not. */
static tide_status chain_apply(const tide_extraction *x, tide_record *r) {
  tide_chain_walk walk = {.above = NULL};
  for (uint32_t i = 0; i < x->chain->count; i++) {
    const tide_hop *hop = tide_chain_hop(x->chain, i, x->arena);
    if (!hop)
      return TIDE_FATAL;
    r->hops_unparsed += hop->kind == TIDE_HOP_UNPARSED || hop->peer_unread;
    if (tide_ip_is_public(&hop->peer))
      r->claimed_origin = hop->peer;
    if (r->outer_hop == 0 || i + 1 < r->outer_hop)
      continue;
    tide_chain_verdict verdict = TIDE_CHAIN_DIRECT;
    if (i + 1 == r->outer_hop)
      walk = tide_chain_begin(hop);
    else
      verdict = tide_chain_step(&walk, hop);
    if (verdict > r->chain_verdict)
      r->chain_verdict = verdict;
  }
  return TIDE_OK;
}

const tide_extractor tide_extract_chain = {
    .name = "chain", .fills = TIDE_PART_CHAIN, .uses = TIDE_PART_ORIGIN, .apply = chain_apply};
