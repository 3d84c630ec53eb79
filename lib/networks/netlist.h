/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of networks that a person names: a provider's prefixes, a block list. */
#ifndef LIB_NETWORKS_NETLIST_H
#define LIB_NETWORKS_NETLIST_H

#include "base/ip.h"
#include "base/status.h"

typedef struct tide_netlist tide_netlist; /* read-only once it is open; shared by threads */

/* name is a file with a network or an address on each line, whatever comes after it (`1.2.3.0/24
 * ; SBL123`); `#` and `;` begin remarks. Or one of the lists built in: "builtin:mccolo".
 * Overlapping networks are fine. TIDE_USAGE with the file and the line that is wrong. */
tide_status tide_netlist_open(tide_netlist **out, const char *name, tide_error *);
bool tide_netlist_has(const tide_netlist *, const tide_ip *);
void tide_netlist_free(tide_netlist *);

#endif
