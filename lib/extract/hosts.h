/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of hosts as servers write them, held against each other. */
#ifndef LIB_EXTRACT_HOSTS_H
#define LIB_EXTRACT_HOSTS_H

#include "spamtide/ip.h"
#include "spamtide/span.h"

/* Without the dot of the root at its end. */
tide_span host_name(tide_span name);
/* A name that means another host on every site: localhost, ….local, ….lan. */
bool host_is_local(tide_span name);
/* Of one registered domain (Public Suffix List), and not local. */
bool host_same_domain(tide_span a, tide_span b);
/* A name of one host on the whole Internet, by its form. */
bool host_is_comparable(tide_span name);
/* Is the name made of the address, as those of customers' lines are ("c-192-0-2-1.example.net")? */
bool host_is_numbered(tide_span name, const tide_ip *);
bool host_same_network(const tide_ip *a, const tide_ip *b);

#endif
