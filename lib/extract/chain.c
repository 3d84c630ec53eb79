/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of Received fields: its hops, and whether what stands below the origin contradicts
 * itself. */
#include "extractors.h"

#include "hosts.h"
#include "spamtide/date.h"

const tide_hop *tide_chain_hop(tide_chain *chain, uint32_t index, tide_arena *arena) {
  if (index >= chain->count)
    return NULL;
  if (!chain->hops) {
    chain->hops = tide_arena_take(arena, chain->count * sizeof *chain->hops);
    if (!chain->hops)
      return NULL;
  }
  while (chain->parsed <= index) {
    const tide_header *h = &chain->message->headers[chain->next];
    tide_received_parse(h->value, &chain->hops[chain->parsed++]);
    chain->next = h->next;
  }
  return &chain->hops[index];
}

static tide_chain_verdict link_hosts(const tide_hop *above, const tide_hop *below) {
  const bool public_peer = tide_ip_is_public(&above->peer);
  const tide_span by = host_name(below->by), rdns = host_name(above->rdns),
                  helo = host_name(above->helo);
  if (by.len == 0)
    return TIDE_CHAIN_CONSISTENT;
  if (below->by_ip.family && !tide_ip_is_public(&below->by_ip))
    return public_peer ? TIDE_CHAIN_PRIVATE_BY : TIDE_CHAIN_CONSISTENT;
  if (host_is_local(by))
    return public_peer ? TIDE_CHAIN_PRIVATE_BY : TIDE_CHAIN_CONSISTENT;
  if (below->by_ip.family && public_peer && host_same_network(&below->by_ip, &above->peer))
    return TIDE_CHAIN_CONSISTENT;
  if (tide_span_iequal(by, rdns) || tide_span_iequal(by, helo))
    return TIDE_CHAIN_CONSISTENT;
  if (host_same_domain(by, rdns) || host_same_domain(by, helo))
    return TIDE_CHAIN_CONSISTENT;
  tide_ip literal;
  bool comparable =
      tide_ip_parse(by, &literal)
          ? public_peer
          : host_is_comparable(by) && (host_is_comparable(rdns) || host_is_comparable(helo));
  return comparable ? TIDE_CHAIN_BY_MISMATCH : TIDE_CHAIN_CONSISTENT;
}

static bool is_backwards(const tide_hop *above, const tide_hop *below) {
  tide_date later, earlier;
  return tide_date_parse(above->date, &later) && tide_date_parse(below->date, &earlier) &&
         earlier.time > later.time + TIDE_CHAIN_SKEW;
}

tide_chain_verdict tide_chain_step(const tide_hop **above, const tide_hop *hop) {
  tide_chain_verdict verdict = TIDE_CHAIN_CONSISTENT;
  if (*above) {
    verdict = link_hosts(*above, hop);
    if (verdict < TIDE_CHAIN_BACKWARDS && is_backwards(*above, hop))
      verdict = TIDE_CHAIN_BACKWARDS;
  }
  /* What came from nowhere (a program on the host) was on the host that the one above it came from;
   * behind one that cannot be read nothing is known. */
  if (hop->kind == TIDE_HOP_UNPARSED)
    *above = NULL;
  else if (hop->peer.family || hop->helo.len)
    *above = hop;
  return verdict;
}

/* What the whole chain says, believed or not. */
static tide_status chain_apply(const tide_extraction *x, tide_record *r) {
  const tide_hop *above = NULL;
  for (uint32_t i = 0; i < r->chain.count; i++) {
    const tide_hop *hop = tide_chain_hop(&r->chain, i, x->arena);
    if (!hop)
      return TIDE_FATAL;
    r->hops_unparsed += hop->kind == TIDE_HOP_UNPARSED || hop->peer_unread;
    if (tide_ip_is_public(&hop->peer))
      r->claimed_origin = hop->peer;
    if (r->outer_hop == 0 || i + 1 < r->outer_hop)
      continue;
    tide_chain_verdict verdict = TIDE_CHAIN_DIRECT;
    if (i + 1 == r->outer_hop)
      above = hop;
    else
      verdict = tide_chain_step(&above, hop);
    if (verdict > r->chain_verdict)
      r->chain_verdict = verdict;
  }
  return TIDE_OK;
}

const tide_extractor tide_extract_chain = {
    .name = "chain", .fills = TIDE_PART_CHAIN, .uses = TIDE_PART_ORIGIN, .apply = chain_apply};
