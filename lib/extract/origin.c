/* The origin: the address that the last server of ours saw (Zhuang et al., LEET 2008: past our own servers and known relays, the first address
 * that is not known). Everything below that point can be forged and is never asked. */
#include "extractors.h"

/* Does the walk go on past this hop, because whoever handed the message over is ours or nobody? */
static bool passes(const tide_extraction *x, const tide_hop *hop) {
  const tide_trust *trust = x->options->trust;
  switch (hop->kind) {
  case TIDE_HOP_LOCAL:
  case TIDE_HOP_UNPARSED:
  case TIDE_HOP_FETCH: /* the peer is the server that the owner keeps a mailbox on */
  case TIDE_HOP_LMTP:  /* RFC 2033: inside one site, never across the Internet */
    return true;
  case TIDE_HOP_SMTP:
  case TIDE_HOP_HTTP: break;
  }
  if (hop->peer.family == 0 || !tide_ip_is_public(&hop->peer)) return true;
  /* The looked-up name is our server's word; the HELO is the peer's. */
  return trust && (tide_trust_has_address(trust, &hop->peer) || tide_trust_has_name(trust, hop->rdns));
}

static tide_status origin_apply(const tide_extraction *x, tide_record *r) {
  bool trusted = false;
  for (uint32_t i = 0; i < r->chain.count; i++) {
    const tide_hop *hop = tide_chain_hop(&r->chain, i, x->arena);
    if (!hop) return TIDE_FATAL;
    if (passes(x, hop)) {
      trusted = trusted || tide_ip_is_public(&hop->peer);
      continue;
    }
    r->origin = hop->peer;
    r->origin_hop = i + 1;
    r->helo = hop->helo;
    r->rdns = hop->rdns;
    r->receiver = hop->by;
    bool asked = x->options->trust && !tide_trust_is_empty(x->options->trust);
    r->origin_source = !asked ? TIDE_ORIGIN_FIRST_PUBLIC : trusted ? TIDE_ORIGIN_TRUST : TIDE_ORIGIN_FIRST_HOP;
    break;
  }
  return TIDE_OK;
}

const tide_extractor tide_extract_origin = {.name = "origin", .fills = TIDE_PART_ORIGIN, .apply = origin_apply};

/* What the whole chain says, believed or not. */
static tide_status claims_apply(const tide_extraction *x, tide_record *r) {
  for (uint32_t i = 0; i < r->chain.count; i++) {
    const tide_hop *hop = tide_chain_hop(&r->chain, i, x->arena);
    if (!hop) return TIDE_FATAL;
    r->hops_unparsed += hop->kind == TIDE_HOP_UNPARSED;
    if (tide_ip_is_public(&hop->peer)) r->claimed_origin = hop->peer;
  }
  return TIDE_OK;
}

const tide_extractor tide_extract_claims = {.name = "claims", .fills = TIDE_PART_CHAIN, .apply = claims_apply};
