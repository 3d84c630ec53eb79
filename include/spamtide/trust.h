/* Whose servers are ours: where the walk to the origin may go on. */
#ifndef SPAMTIDE_TRUST_H
#define SPAMTIDE_TRUST_H

#include "spamtide/ip.h"
#include "spamtide/received.h"
#include "spamtide/status.h"

typedef struct tide_trust tide_trust;

tide_status tide_trust_new(tide_trust **out, tide_error *);
/* Adds a network ("198.51.100.0/24", one address), a host name ("mx.example.org"), a suffix (".example.org"), or the name of a file that
 * holds one of these on each line (`#` begins a comment). TIDE_USAGE, with file and line, for anything else. */
tide_status tide_trust_add(tide_trust *, const char *text, tide_error *);
/* Is this address, or this name that a server of ours looked up for it, ours? */
bool tide_trust_has_address(const tide_trust *, const tide_ip *);
bool tide_trust_has_name(const tide_trust *, tide_span name);
/* Was anything added? Without it only private and loopback addresses are ours. */
bool tide_trust_is_empty(const tide_trust *);
void tide_trust_free(tide_trust *);

#endif
