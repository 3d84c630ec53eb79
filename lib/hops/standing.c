/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose a hop is, where that cannot be told from it alone: a service hands mail on to itself before
 * it stores it, and so does an organisation with several servers. */
#include "hosts.h"
#include "extract/extractor.h"
#include "hops/chain.h"

const tide_hop *tide_chain_delivery(tide_chain *chain, const tide_trust *trust, tide_arena *arena) {
  const tide_hop *delivery = tide_chain_hop(chain, 0, arena), *hop = delivery;
  for (uint32_t i = 1; hop; i++) {
    const tide_standing standing = tide_hop_standing(hop, trust);
    if (standing == TIDE_STANDING_OUTSIDE || standing == TIDE_STANDING_UNREAD)
      break;
    hop = tide_chain_hop(chain, i, arena);
    if (hop && standing == TIDE_STANDING_FETCHED)
      delivery = hop;
  }
  return delivery;
}

/* Both the topmost server and this one must receive for the service: it wrote what is here. */
static bool inside_service(const tide_extract_options *options, tide_chain *chain,
                           const tide_hop *hop, tide_arena *arena) {
  const tide_services *services = options->services;
  const uint32_t service = services ? tide_services_receiver(services, hop->by) : TIDE_SERVICE_NONE;
  if (service == TIDE_SERVICE_NONE)
    return false;
  const tide_hop *top = tide_chain_delivery(chain, options->trust, arena);
  return top && tide_services_receiver(services, top->by) == service &&
         tide_services_inside(services, service, hop);
}

/* Does the server write a looked-up name only where it leads back to the address, or say so where
 * it does not? Who owns an address may write any name into the DNS for it. Postfix: smtpd_peer.c;
 * sendmail: "may be forged", cf/README; Exim: spec.txt, host_lookup. qmail's tcpserver does not. */
static bool verifies_names(const tide_hop *hop) {
  static const char *const servers[] = {"postfix", "sendmail", "exim"};
  for (size_t i = 0; i < sizeof servers / sizeof *servers && hop->server; i++)
    if (strcmp(hop->server, servers[i]) == 0)
      return true;
  return false;
}

/* The name under which the peer is a host of the domain of the server that received from it: what
 * that server looked up and found true; or whatever name was written, from an address beside the
 * server's own. Empty if it is none. A customer's line has a name of the domain too: those show
 * by the numbers in them. */
static tide_span own_name(const tide_hop *hop) {
  const tide_span by = tide_host_name(hop->by);
  const bool beside =
      tide_ip_is_public(&hop->by_ip) && tide_host_same_network(&hop->by_ip, &hop->peer);
  const tide_span name = hop->rdns.len ? hop->rdns : tide_host_name(hop->helo);
  const bool known = !hop->rdns_doubted && (beside || (hop->rdns.len && verifies_names(hop)));
  const bool own = name.len && known && tide_host_ends_alike(by, name) &&
                   !tide_host_is_numbered(name, &hop->peer) && tide_host_same_domain(by, name);
  return own ? name : (tide_span){0};
}

/* A host of the receiver's own domain that received the message itself, under just that name or
 * address. */
static bool is_own_host(tide_chain *chain, uint32_t index, const tide_hop *hop, tide_arena *arena) {
  if (index + 1 >= chain->count)
    return false;
  const tide_span name = own_name(hop);
  if (!name.len)
    return false;
  const tide_hop *below = tide_chain_hop(chain, index + 1, arena);
  if (!below || below->kind == TIDE_HOP_UNPARSED || below->peer_unread)
    return false;
  return tide_span_iequal(tide_host_name(below->by), name) ||
         (below->by_ip.family && tide_ip_equal(&below->by_ip, &hop->peer));
}

tide_standing tide_chain_standing(tide_chain *chain, uint32_t index,
                                  const tide_extract_options *options, tide_arena *arena) {
  const tide_hop *hop = tide_chain_hop(chain, index, arena);
  if (!hop)
    return TIDE_STANDING_UNREAD;
  const tide_standing standing = tide_hop_standing(hop, options->trust);
  if (standing != TIDE_STANDING_OUTSIDE)
    return standing;
  if (inside_service(options, chain, hop, arena))
    return TIDE_STANDING_SERVICE;
  return is_own_host(chain, index, hop, arena) ? TIDE_STANDING_OWN_HOST : TIDE_STANDING_OUTSIDE;
}
