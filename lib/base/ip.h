/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Internet addresses and networks. */
#ifndef LIB_BASE_IP_H
#define LIB_BASE_IP_H

#include "base/span.h"

/* family 0 is "no address": unknown has a value of its own and is never 0.0.0.0. IPv4 is in the
 * first four bytes, the rest is zero. IPv4-mapped IPv6 (RFC 4291 2.5.5.2) is stored as IPv4. */
typedef struct tide_ip {
  uint8_t family; /* 0, 4 or 6 */
  uint8_t bytes[16];
} tide_ip;

typedef struct tide_network {
  tide_ip address; /* host bits zero */
  uint8_t bits;    /* prefix length: 0..32 or 0..128 */
} tide_network;

enum { TIDE_IP_TEXT = 48 }; /* longest text with NUL, prefix length included */

/* The whole of s as dotted quad (four decimal numbers of 1 to 3 digits, RFC 5321 4.1.3; no octal,
 * no short forms) or IPv6 (RFC 4291 2.2, with or without an `IPv6:` tag, a %zone is ignored).
 * Brackets are not taken. */
bool tide_ip_parse(tide_span s, tide_ip *out);
/* Canonical text (RFC 5952) with a NUL; returns its length. "" for family 0. */
size_t tide_ip_format(const tide_ip *, char out[TIDE_IP_TEXT]);
bool tide_ip_equal(const tide_ip *a, const tide_ip *b);
/* True for an address that can be on the open Internet. False for private (RFC 1918), loopback,
 * link-local, this-network, shared (RFC 6598), multicast, reserved, unique-local (RFC 4193),
 * unspecified, 6to4 of one of these; documentation networks (RFC 5737, 3849) count as public so
 * that written examples work. */
bool tide_ip_is_public(const tide_ip *);

/* "192.0.2.0/24", "2001:db8::/32", or one address. Host bits are cleared. */
bool tide_network_parse(tide_span s, tide_network *out);
bool tide_network_contains(const tide_network *, const tide_ip *);
/* The network of that prefix length that holds ip. bits over the family's width is clamped. */
tide_network tide_network_of(const tide_ip *ip, unsigned bits);
size_t tide_network_format(const tide_network *, char out[TIDE_IP_TEXT]);

#endif
