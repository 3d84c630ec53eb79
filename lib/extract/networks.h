/* A table of networks, as its kinds of file give it. */
#ifndef LIB_EXTRACT_NETWORKS_H
#define LIB_EXTRACT_NETWORKS_H

#include "spamtide/map.h"
#include "spamtide/network.h"
#include "spamtide/prefixes.h"

/* A text table: prefixes to numbers into names. */
typedef struct asn_text {
  tide_prefixes *prefixes;
  tide_map names; /* AS numbers as text */
} asn_text;

tide_status asn_text_read(asn_text *, const char *path, tide_error *);
void asn_text_free(asn_text *);

/* A MaxMind database. */
typedef struct mmdb mmdb;

bool mmdb_is(const char *path);
tide_status mmdb_open(mmdb **out, const char *path, tide_error *);
void mmdb_close(mmdb *);
void mmdb_find(const mmdb *, const tide_ip *, tide_network_kind, tide_arena *, tide_network_facts *out);

#endif
