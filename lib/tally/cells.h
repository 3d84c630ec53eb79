/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of a tally, and what is on its way into them. */
#ifndef LIB_TALLY_CELLS_H
#define LIB_TALLY_CELLS_H

#include "base/map.h"
#include "base/pages.h"
#include "tally/tally.h"

enum { WAITING = 16, WAITING_GROUP = 40 };

/* No cell, or no group. A macro: an enumerator is an int. */
#define NONE UINT32_MAX

typedef struct tally_cell {
  tide_count count;
  int64_t bin;
  uint32_t group, next; /* next: the group's cell made before it, or NONE */
  bool has_first;
  uint32_t first; /* an IPv4 origin of it: that of a cell which has no other needs no look into a
                     table */
} tally_cell;

typedef struct tally_group {
  uint64_t messages;
  int64_t last; /* its last bin: mail mostly comes in order, and then there is no cell to look for
                   after it */
  uint32_t recent, cells; /* the cell made last; how many there are */
} tally_group;

/* A record on its way into its cell. */
typedef struct tally_add {
  int64_t bin;
  uint64_t bytes;
  uint32_t recipients, hash, len;
  uint32_t likely; /* the number of its group, or NONE where that is not known yet; only to bring
                      things near */
  tide_ip origin;
  char group[WAITING_GROUP];
} tally_add;

/* Where there are many groups and origins, what has to be looked at is fetched from memory while
 * the next messages are read: records wait for their group's entry, and pairs for their place in
 * seen4.
 */
typedef struct tally_ahead {
  tally_add adds[WAITING];
  unsigned add_count, add_at;
  struct {
    uint32_t cell, address;
  } waiting[WAITING];
  unsigned waiting_count, waiting_at;
} tally_ahead;

struct tide_tally {
  tide_map groups;      /* group bytes → group number */
  tide_pages group;     /* tally_group by number */
  uint32_t group_count; /* as in groups */
  tide_pages cell;      /* tally_cell by number */
  uint32_t cell_count;
  /* Most groups of a question with many have mail in a few bins only, and a list is enough to find
   * their cells. The cells of those with more than LISTED are here. */
  tide_map bins;       /* the bytes of a bin → its number */
  tide_pair_map cells; /* (bin number, group number) → cell number */
  /* Distinct origins except each cell's first: nearly all are IPv4 and are in the pair
   * themselves, so that one look into one table is enough; the others have a number. */
  tide_pairs seen4;  /* (cell, IPv4 address) */
  tide_map origins6; /* tide_ip → origin number */
  tide_pairs seen6;  /* (cell, origin number) */
  bool any;
  int64_t first, last;
  /* The cell of the last message: often the next one's too. */
  bool has_recent;
  int64_t recent_bin;
  uint32_t recent_cell, recent_group;
  tally_ahead ahead;
  const atomic_bool *stop;
};

static inline tally_cell *tally_cell_at(const tide_tally *t, uint32_t c) {
  return tide_pages_at(&t->cell, c, sizeof(tally_cell));
}
static inline tally_group *tally_group_at(const tide_tally *t, uint32_t g) {
  return tide_pages_at(&t->group, g, sizeof(tally_group));
}

/* An origin that is no IPv4, by its number in origins6. */
static inline tide_ip tally_ip_of6(const tide_tally *t, uint32_t origin) {
  tide_ip ip;
  memcpy(&ip, tide_map_key(&t->origins6, origin).ptr, sizeof ip);
  return ip;
}

/* --- tally.c: counts --- */

/* The number of the group, and of its cell in that bin; made if new. */
tide_status tide_tally_group_of(tide_tally *, tide_span bytes, uint32_t hash, uint32_t *group);
tide_status tide_tally_cell_of(tide_tally *, int64_t bin, uint32_t group, uint32_t *cell);
tide_status tide_tally_count_in(tide_tally *, uint32_t cell, uint32_t group, uint64_t bytes,
                                uint32_t recipients, const tide_ip *origin);
tide_status tide_tally_add_now(tide_tally *, const tally_add *);
tide_status tide_tally_seen4(tide_tally *, uint32_t cell, uint32_t address);

/* An origin of the cell; one of IPv4 waits for its place in seen4. */
tide_status tide_tally_origin4(tide_tally *, uint32_t cell, uint32_t address);
tide_status tide_tally_origin(tide_tally *, uint32_t cell, const tide_ip *);

#endif
