/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Large services that receive mail, and how they hand it on to themselves. */
#ifndef LIB_HOPS_SERVICES_H
#define LIB_HOPS_SERVICES_H

#include "hops/received.h"
#include "base/status.h"

typedef struct tide_services tide_services; /* read-only once read; shared by threads */

#define TIDE_SERVICE_NONE UINT32_MAX

/* Reads rows of service,what,value,source,date below a line of heads (lib/data/services.csv).
 * `what` is receiver (".prod.outlook.com": names of hosts that receive for the service), peer
 * (names that its own hosts have where it hands mail to itself) or network (their addresses).
 * TIDE_USAGE with the line for anything else. */
tide_status tide_services_read(tide_services **out, tide_span csv, tide_error *);
void tide_services_free(tide_services *);

/* The service that a host of this name receives for, by the longest name that fits. */
uint32_t tide_services_receiver(const tide_services *, tide_span host);
/* Did this hop's peer hand over from inside the service? Its address must be of the service's
 * networks and its name (HELO or looked up) of the service's: the address alone may be a customer's
 * or what the service sends to others from, and a name alone is anybody's claim. */
bool tide_services_inside(const tide_services *, uint32_t service, const tide_hop *);

#endif
