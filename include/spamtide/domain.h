/* Registered domains: the part of a host's name that somebody registered. */
#ifndef SPAMTIDE_DOMAIN_H
#define SPAMTIDE_DOMAIN_H

#include "spamtide/span.h"

/* "example.co.uk" of "www.shop.example.co.uk", by the Public Suffix List (publicsuffix.org) as libpsl has it built in, so that a machine's own copy does not
 * change a result; under a suffix that is on no list, its last two labels. A part of host, in its case; empty for an address, a public suffix itself, a name
 * without a dot, and what is no ASCII host name. No allocation; safe for threads. */
tide_span tide_domain_registered(tide_span host);
/* Whether it has one. Takes a third of the time: one look into the list. */
bool tide_domain_is_registered(tide_span host);

#endif
