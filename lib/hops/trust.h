/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose servers are ours: where the walk to the origin may go on. */
#ifndef LIB_HOPS_TRUST_H
#define LIB_HOPS_TRUST_H

#include "base/ip.h"
#include "hops/received.h"
#include "base/status.h"

typedef struct tide_trust tide_trust;

/* What the peer of a hop is to us, and why the walk to the origin goes on past it. X(enumerator,
 * "reason") */
#define TIDE_STANDINGS(X)                                                                          \
  X(OUTSIDE, "a public peer that is not ours")                                                     \
  X(UNREAD, "names an address that no rule could read")                                            \
  X(UNPARSED, "cannot be read")                                                                    \
  X(LOCAL, "submitted on the host itself")                                                         \
  X(FETCHED, "fetched from a mailbox of the owner's")                                              \
  X(LMTP, "handed on by LMTP, inside one site")                                                    \
  X(NO_PEER, "names no address of the peer")                                                       \
  X(PRIVATE, "a private or loopback peer")                                                         \
  X(SERVICE, "a host through which the receiving service passes mail on to itself")                \
  X(OWN_HOST, "a host of the receiver's own domain, which received the hop below")                 \
  X(TRUSTED_ADDRESS, "a peer whose address --trust names")                                         \
  X(TRUSTED_NAME, "a peer whose looked-up name --trust names")

typedef enum tide_standing {
#define X(id, reason) TIDE_STANDING_##id,
  TIDE_STANDINGS(X)
#undef X
} tide_standing;

tide_status tide_trust_new(tide_trust **out, tide_error *);
/* Adds a network ("198.51.100.0/24", one address), a host name ("mx.example.org"), a suffix
 * (".example.org"), or the name of a file that holds one of these on each line (`#` begins a
 * comment). TIDE_USAGE, with file and line, for anything else. */
tide_status tide_trust_add(tide_trust *, const char *text, tide_error *);
/* Is this address, or this name that a server of ours looked up for it, ours? */
bool tide_trust_has_address(const tide_trust *, const tide_ip *);
bool tide_trust_has_name(const tide_trust *, tide_span name);
/* Was anything that the index-th tide_trust_add added seen since, as the peer of a hop? Addresses
 * that are not public count as seen, because they are ours in any case. Any thread may call it. */
bool tide_trust_is_met(const tide_trust *, size_t index);
/* Was anything added? Without it only private and loopback addresses are ours. */
bool tide_trust_is_empty(const tide_trust *);
/* trust may be NULL. The walk to the origin ends at OUTSIDE and UNREAD; all others are ours, or
 * have no peer. The HELO never decides, because it is the peer's own claim. */
tide_standing tide_hop_standing(const tide_hop *, const tide_trust *);
void tide_trust_free(tide_trust *);

#endif
