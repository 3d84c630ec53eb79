/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing names of hosts as servers write them. */
#ifndef LIB_HOPS_HOSTS_H
#define LIB_HOPS_HOSTS_H

#include "base/ip.h"
#include "base/span.h"

/* Without the dot of the root at its end. */
tide_span tide_host_name(tide_span name);
/* A name that means another host on every site: localhost, ….local, ….lan. */
bool tide_host_is_local(tide_span name);
/* Do the last two labels agree? Names that differ there cannot share a registered domain. */
bool tide_host_ends_alike(tide_span a, tide_span b);
/* Of one registered domain (Public Suffix List), and not local. */
bool tide_host_same_domain(tide_span a, tide_span b);
/* A name of one host on the whole Internet, by its form. */
bool tide_host_is_comparable(tide_span name);
/* Is the name made of the address, as those of customers' lines are ("c-192-0-2-1.example.net")? */
bool tide_host_is_numbered(tide_span name, const tide_ip *);
/* Do the names that their owners registered say one thing ("t-online.com", "t-online.de";
 * "comcast.net", "icomcast.net")? */
bool tide_host_alike(tide_span a, tide_span b);
/* Of one /24 or /64; of one /16 or /32. */
bool tide_host_same_block(const tide_ip *a, const tide_ip *b);
bool tide_host_same_network(const tide_ip *a, const tide_ip *b);

#endif
