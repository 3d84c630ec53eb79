/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of networks in memory: whatever kind of file it is from, a look-up is one search. */
#ifndef LIB_NETWORKS_NETWORK_TABLE_H
#define LIB_NETWORKS_NETWORK_TABLE_H

#include "base/map.h"
#include "networks/network.h"
#include "networks/prefixes.h"

/* Zero-initialised is empty. */
typedef struct network_table {
  tide_prefixes *prefixes; /* to numbers into names */
  tide_map names; /* what a network is called: a country's code, or an AS number as text, with a
                     space and the name of the AS after it where that is known */
  const atomic_bool *stop; /* may be NULL; once true, reading it ends with TIDE_END */
} network_table;

/* In place of a name's number: here IPv4 is within IPv6, and an address goes on as one of IPv4
 * (6to4, RFC 3056; Teredo's servers, RFC 4380). */
enum { NETWORK_IPV4 = TIDE_PREFIX_VALUE_MAX };

/* The number of a name, which is not empty. */
tide_status tide_network_table_name(network_table *, tide_span name, uint32_t *number,
                                    tide_error *);
/* Adds a network; `path` and `line` (0 if the file has none) are for messages. TIDE_USAGE beyond
 * TIDE_LIMIT_TABLE_NETWORKS. */
tide_status tide_network_table_put(network_table *, const tide_network *, uint32_t number,
                                   uint32_t line, const char *path, tide_error *);
/* After the last, before the first look-up. TIDE_USAGE if a network comes twice with different
 * names, or if there are none. */
tide_status tide_network_table_finish(network_table *, const char *path, tide_error *);
void tide_network_table_free(network_table *);

/* The name of the longest prefix that holds ip, and *net is that prefix; empty, and *net with
 * family 0, where none does. */
tide_span tide_network_table_find(const network_table *, const tide_ip *ip, tide_network *net);

/* --- the kinds of file: each fills and finishes an empty table. TIDE_USAGE for what cannot be
 * read; the table is then still to be freed. --- */

/* Text as CAIDA's pfx2as or pyasn write it, plain or gzip. */
tide_status tide_asn_text_read(network_table *, const char *path, tide_error *);

/* A MaxMind database (.mmdb): of its records the AS, or the country. */
bool tide_mmdb_is(const char *path);
tide_status tide_mmdb_read(network_table *, const char *path, tide_network_kind, tide_error *);

#endif
