/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece is cut as if it were a whole file, except its last message, whose bytes are put in front
 * of the next piece. */
#include "cutter.h"

#include <stdlib.h>
#include <string.h>

#include "base/invariant.h"
#include "base/room.h"
#include "batch.h"

enum { DROP_SLACK = 64 << 10 };

tide_status tide_cutter_begin(tide_cutter *c, const char *path) {
  c->format = NULL;
  c->ended = false;
  c->file_time = INT64_MIN;
  c->cut = (tide_cut){0};
  c->offset = 0;
  tide_buffer_clear(&c->carry);
  tide_buffer_clear(&c->path);
  if (tide_buffer_put(&c->path, tide_span_make(path, strlen(path) + 1)) != TIDE_OK)
    return TIDE_FATAL;
  c->path.len--;
  return TIDE_OK;
}

static tide_status cutter_add(tide_batch *b, const tide_raw *raw) {
  if (tide_room(&b->raws, &b->raw_cap, b->raw_count, sizeof *b->raws) != TIDE_OK)
    return TIDE_FATAL;
  b->raws[b->raw_count++] = *raw;
  return TIDE_OK;
}

/* A message longer than the limit keeps its beginning; what was searched after that is let go. */
static void cutter_drop(tide_cut *cut, tide_buffer *bytes, size_t at) {
  const size_t keep = TIDE_LIMIT_MESSAGE + DROP_SLACK;
  if (bytes->len - at <= keep + TIDE_PIECE_BYTES || cut->seen <= keep + DROP_SLACK)
    return;
  size_t drop = cut->seen - DROP_SLACK - keep;
  memmove(bytes->ptr + at + keep, bytes->ptr + at + keep + drop, bytes->len - at - keep - drop);
  bytes->len -= drop;
  cut->seen -= drop;
  cut->dropped += drop;
}

/* Puts what was carried over in front of the piece that is in bytes after TIDE_PIECE_ROOM; *at
 * is where it begins. If there is no room for it, the message is a long one: the piece is put
 * after it, so that its beginning is not copied again and again. */
static tide_status cutter_carry(tide_cutter *c, tide_buffer *bytes, size_t *at) {
  if (c->carry.len <= TIDE_PIECE_ROOM) {
    *at = TIDE_PIECE_ROOM - c->carry.len;
    if (c->carry.len)
      memcpy(bytes->ptr + *at, c->carry.ptr, c->carry.len);
    return TIDE_OK;
  }
  if (tide_buffer_put(&c->carry, tide_span_slice(tide_buffer_span(bytes), TIDE_PIECE_ROOM,
                                                 bytes->len)) != TIDE_OK)
    return TIDE_FATAL;
  tide_buffer swap = c->carry;
  c->carry = *bytes;
  *bytes = swap;
  *at = 0;
  return TIDE_OK;
}

tide_status tide_cutter_cut(tide_cutter *c, tide_batch *b) {
  size_t at;
  if (cutter_carry(c, &b->bytes, &at) != TIDE_OK)
    return TIDE_FATAL;
  tide_buffer_clear(&c->carry);
  tide_buffer_clear(&b->names);
  if (tide_buffer_put(&b->names, tide_buffer_span(&c->path)) != TIDE_OK)
    return TIDE_FATAL;
  b->source = tide_buffer_span(&b->names);
  for (;;) {
    tide_raw raw = {.offset = 0};
    size_t used = 0;
    tide_span window = tide_span_slice(tide_buffer_span(&b->bytes), at, b->bytes.len);
    tide_status status = c->format->next(&c->cut, window, c->ended, &raw, &used);
    if (status == TIDE_END)
      break;
    if ((status == TIDE_SKIP || (status == TIDE_OK && c->cut.packed)) &&
        tide_findings_piece(&b->found, &c->cut, c->path.ptr, status) != TIDE_OK)
      return TIDE_FATAL;
    if (status == TIDE_OK) {
      if (c->cut.hole_len)
        tide_raw_close_hole(&raw, &c->cut, b->bytes.ptr);
      raw.offset += c->offset;
      raw.file_time = c->file_time;
      tide_raw_limit(&raw);
      if (cutter_add(b, &raw) != TIDE_OK)
        return TIDE_FATAL;
    } else if (status != TIDE_SKIP) {
      return status;
    }
    TIDE_INVARIANT(used > 0 && used <= window.len); /* each cut goes on in the window */
    c->offset += used + c->cut.dropped;
    at += used;
    c->cut = (tide_cut){.began = true, .said = c->cut.said};
  }
  if (c->ended) {
    b->found.passed[TIDE_PASSED_EMPTY] += c->offset == 0;
    return TIDE_OK;
  }
  if (at == 0 &&
      b->raw_count == 0) { /* nothing but the beginning of a long message: it goes back as it is */
    tide_buffer swap = c->carry;
    c->carry = b->bytes;
    b->bytes = swap;
    cutter_drop(&c->cut, &c->carry, 0);
    return TIDE_OK;
  }
  return tide_buffer_put(&c->carry,
                         tide_span_slice(tide_buffer_span(&b->bytes), at, b->bytes.len)) == TIDE_OK
             ? TIDE_OK
             : TIDE_FATAL;
}

void tide_cutter_free(tide_cutter *c) {
  tide_buffer_free(&c->carry);
  tide_buffer_free(&c->path);
}
