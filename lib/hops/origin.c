/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The origin: the address that the last server of ours saw (Zhuang et al., LEET 2008: past our own
 * servers and known relays, the first address that is not known). Everything below that point can
 * be forged and is never asked. */
#include "extract/extractors.h"
#include "hops/chain.h"
#include "networks/network.h"

/* "[192.0.2.1]", "192.0.2.1:1234", "via [192.0.2.1]", "host [192.0.2.1]", with a remark or a second
 * address after it: the first that is public. */
static bool first_address(tide_span value, tide_ip *out) {
  value = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE);
  for (size_t at = 0, end; at < value.len; at = end + 1) {
    for (end = at; end < value.len && (tide_is_alnum(value.ptr[end]) || value.ptr[end] == '.' ||
                                       value.ptr[end] == ':' || value.ptr[end] == '-');)
      end++;
    tide_span word = tide_span_slice(value, at, end);
    bool read = tide_ip_parse(word, out);
    if (!read) {
      word.len = tide_span_find_char(word, ':'); /* a port after it */
      read = tide_ip_parse(word, out);
    }
    if (read && tide_ip_is_public(out))
      return true;
  }
  return false;
}

/* Fields in which webmails and gateways name the address that they took a message from. No server
 * of ours wrote them. */
static bool webmail_address(const tide_message *m, tide_ip *out) {
  static const tide_span names[] = {SPAN("X-Originating-IP"), SPAN("X-Yahoo-Post-IP"),
                                    SPAN("X-SenderIP"), SPAN("X-Sender-IP"), SPAN("X-AOL-IP")};
  for (uint32_t i = 0; i < m->header_count; i++) {
    const tide_header *h = &m->headers[i];
    if (h->id != TIDE_HEADER_OTHER || tide_lower(h->name.ptr[0]) != 'x')
      continue;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
      if (!tide_span_iequal(h->name, names[n]))
        continue;
      if (first_address(h->value, out))
        return true;
    }
  }
  return false;
}

static tide_origin_source origin_rule(bool named, bool trusted, bool passed) {
  if (named && trusted)
    return TIDE_ORIGIN_TRUST;
  if (passed)
    return TIDE_ORIGIN_PASSED;
  return named ? TIDE_ORIGIN_FIRST_HOP : TIDE_ORIGIN_FIRST_PUBLIC;
}

static tide_status origin_apply(const tide_extraction *x, tide_record *r) {
  const tide_trust *trust = x->options->trust;
  const tide_hop *hop = NULL;
  bool trusted = false, passed = false;
  for (uint32_t i = 0; i < x->chain->count && !r->outer_hop; i++) {
    hop = tide_chain_hop(x->chain, i, x->arena);
    if (!hop)
      return TIDE_FATAL;
    switch (tide_chain_standing(x->chain, i, x->options, x->arena)) {
    case TIDE_STANDING_OUTSIDE:
    case TIDE_STANDING_UNREAD: r->outer_hop = i + 1; break;
    case TIDE_STANDING_SERVICE:
    case TIDE_STANDING_OWN_HOST: passed = true; break;
    case TIDE_STANDING_UNPARSED:
    case TIDE_STANDING_LOCAL:
    case TIDE_STANDING_FETCHED:
    case TIDE_STANDING_LMTP:
    case TIDE_STANDING_NO_PEER:
    case TIDE_STANDING_PRIVATE:
    case TIDE_STANDING_TRUSTED_ADDRESS:
    case TIDE_STANDING_TRUSTED_NAME: trusted = trusted || tide_ip_is_public(&hop->peer); break;
    }
  }
  if (x->options->webmail_origin && webmail_address(x->message, &r->origin)) {
    r->origin_source = TIDE_ORIGIN_WEBMAIL;
  } else if (r->outer_hop && hop->peer_unread) {
    r->origin_source = TIDE_ORIGIN_UNREAD; /* what comes below may be forged: nobody is blamed */
  } else if (r->outer_hop) {
    r->origin = hop->peer;
    r->origin_hop = r->outer_hop;
    r->helo = hop->helo;
    r->rdns = hop->rdns;
    r->receiver = hop->by;
    r->origin_source = origin_rule(trust && !tide_trust_is_empty(trust), trusted, passed);
  }
  if (x->options->networks)
    tide_networks_prefetch(x->options->networks, &r->origin);
  return TIDE_OK;
}

const tide_extractor tide_extract_origin = {
    .name = "origin", .fills = TIDE_PART_ORIGIN, .apply = origin_apply};
