/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A level is begun: what must be gone back and forth in is held, a list of members is looked at
 * before libarchive sees it, and what reads the level is chosen. */
#include "level.h"

#include <stdio.h>

#include "base/invariant.h"
#include "listing.h"

/* Reads all of the source, so that it can be gone back and forth in. */
static tide_status level_hold(tide_level *l) {
  tide_span block;
  tide_status status;
  tide_buffer all = {0};
  while ((status = tide_level_source(l, &block)) == TIDE_OK) {
    if (all.len + block.len > TIDE_LIMIT_HELD) {
      char reason[160];
      snprintf(reason, sizeof reason,
               "its list of files is at its end, and from a pipe or a container no more than %u "
               "MiB are held in memory: save it to a file",
               TIDE_LIMIT_HELD >> 20);
      tide_buffer_free(&all);
      return tide_level_fail(l, "not read", reason);
    }
    if (tide_buffer_put(&all, block) != TIDE_OK) {
      tide_buffer_free(&all);
      return tide_unpack_no_memory(l->owner);
    }
  }
  tide_buffer_free(&l->head);
  l->head = all;
  l->head_at = 0;
  l->in_memory = true;
  return status == TIDE_END ? TIDE_OK : status;
}

tide_status tide_level_open(tide_unpack *u, const tide_packed *kind, tide_span head) {
  TIDE_INVARIANT(u->depth < sizeof u->levels / sizeof *u->levels);
  tide_level *l = &u->levels[u->depth++];
  *l = (tide_level){.owner = u,
                    .kind = kind,
                    .block = kind->codec ? tide_level_codec_block : tide_level_archive_block,
                    .path_len = u->path.len};
  if (tide_buffer_put(&l->head, head) != TIDE_OK)
    return tide_unpack_no_memory(u);
  bool seeks = l == u->levels && u->seeks;
  if (kind->seeks && !seeks) {
    tide_status status = level_hold(l);
    if (status != TIDE_OK)
      return status;
    seeks = true;
  }
  if (kind->seeks) {
    tide_error err;
    tide_listing listing;
    const tide_span held = l->in_memory ? tide_buffer_span(&l->head) : (tide_span){0};
    tide_status status = tide_listing_check(held, &u->input, &listing, &err);
    if (status == TIDE_FATAL)
      return tide_unpack_no_memory(u);
    if (status != TIDE_OK)
      return tide_level_fail(l, "not read", err.text);
    l->more = listing.more;
    TIDE_TRY(tide_level_ask(l, listing.memory));
  }
  return kind->codec ? tide_level_codec_open(l) : tide_level_archive_open(l, seeks);
}
