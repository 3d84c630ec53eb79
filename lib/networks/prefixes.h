/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks to numbers: the longest prefix that holds an address (RFC 4632 5.1), IPv4 and IPv6. */
#ifndef LIB_NETWORKS_PREFIXES_H
#define LIB_NETWORKS_PREFIXES_H

#include "base/ip.h"
#include "base/status.h"
#include "base/stop.h"

typedef struct tide_prefixes tide_prefixes;

enum {
  TIDE_PREFIX_NONE = -1,
  TIDE_PREFIX_VALUE_MAX = (1 << 24) - 2,
  TIDE_PREFIX_LINE_MAX = (1 << 24) - 1
};

tide_status tide_prefixes_new(tide_prefixes **out);
void tide_prefixes_free(tide_prefixes *);
/* Adds a network with a value of 0 to TIDE_PREFIX_VALUE_MAX, and where it is (a line up to
 * TIDE_PREFIX_LINE_MAX, for messages). TIDE_FATAL when out of memory, or for another value or line.
 */
tide_status tide_prefixes_add(tide_prefixes *, const tide_network *, int32_t value, uint32_t line);
/* After the last one was added, before the first look-up: puts them in order. TIDE_USAGE if one
 * network comes twice with different values; *line is then the line of the second. What comes
 * twice with one value is one. TIDE_END soon after *stop (may be NULL) became true. */
tide_status tide_prefixes_build(tide_prefixes *, const atomic_bool *stop, uint32_t *line);
size_t tide_prefixes_count(const tide_prefixes *);
/* The value of the longest prefix that holds ip, or TIDE_PREFIX_NONE; *net (may be NULL) is that
 * prefix. Safe for threads. Time grows with the logarithm of the count. */
int32_t tide_prefixes_find(const tide_prefixes *, const tide_ip *ip, tide_network *net);
/* Brings near what a look-up of ip will ask for: it takes as long to come from memory as a date
 * takes to be read. */
void tide_prefixes_prefetch(const tide_prefixes *, const tide_ip *ip);

#endif
