/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose network an address was in: tables of prefixes and AS numbers by date, and MaxMind
 * databases. */
#ifndef LIB_NETWORKS_NETWORK_H
#define LIB_NETWORKS_NETWORK_H

#include "base/ip.h"
#include "base/span.h"
#include "base/status.h"
#include "base/stop.h"

typedef struct tide_networks
    tide_networks; /* immutable once all files are added; shared by threads */

typedef enum tide_network_kind { TIDE_NETWORK_ASN, TIDE_NETWORK_COUNTRY } tide_network_kind;

/* Once *stop (may be NULL) is true, adding a table ends with TIDE_END. */
tide_status tide_networks_new(tide_networks **out, const atomic_bool *stop, tide_error *);
/* Adds a table: for ASN an mmdb, or text as CAIDA's pfx2as (`prefix TAB length TAB asn`) or pyasn
 * (`prefix/length TAB asn`) write it, plain or gzip; for COUNTRY an mmdb. A directory holds tables
 * whose names tell their date (20080501 or 2008-05-01); of these the one nearest before a message's
 * time is used. Lines that begin with `#` or `;` are remarks. TIDE_USAGE names file and line for
 * what cannot be read, for a network that comes twice with different numbers, for a damaged
 * database, for more than the limits of tables (limits.h), and for a table without a date in a
 * directory. */
tide_status tide_networks_add(tide_networks *, const char *path, tide_network_kind, tide_error *);
void tide_networks_free(tide_networks *);
/* Does any table of ASN name its networks, for as_name? */
bool tide_networks_have_names(const tide_networks *);

/* What is known of an address at a time. Spans live as long as the tables; empty if it is
 * unknown. */
typedef struct tide_network_facts {
  tide_span asn; /* number, as the table has it: "701"; "701_1239" where several networks announced
                    the prefix (CAIDA), "3,4" for an AS set */
  tide_span as_name;   /* mmdb only */
  tide_span country;   /* ISO 3166-1 code */
  tide_span table;     /* name of the file that asn is from */
  tide_network prefix; /* that asn stands for; family 0 if it is unknown */
} tide_network_facts;

/* Before the first dated table of a directory nothing is known: a later one would misattribute.
 * `out` is all empty if no table was added. */
void tide_networks_find(const tide_networks *, const tide_ip *, bool has_time, int64_t time,
                        tide_network_facts *out);
/* Brings near what that will ask for, so that it comes from memory while other work is done. */
void tide_networks_prefetch(const tide_networks *, const tide_ip *);

#endif
