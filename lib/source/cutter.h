/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long run of bytes that comes in pieces, cut into the messages of batches: what a message began
 * in one piece is carried into the next. */
#ifndef LIB_SOURCE_CUTTER_H
#define LIB_SOURCE_CUTTER_H

#include "formats.h"
#include "source/source.h"

/* The size of a piece: fits a second-level cache, and is large beside a message. Before its bytes
 * there is room for what the last one carries over. */
enum { TIDE_PIECE_BYTES = 1 << 20, TIDE_PIECE_ROOM = 64 << 10 };

typedef struct tide_cutter {
  const tide_format *format;
  bool ended; /* the piece that is cut next is the last */
  int64_t file_time;
  tide_cut cut;
  tide_buffer carry; /* the beginning of a message that the last piece could not finish */
  uint64_t offset;   /* of carry's first byte in the run */
  tide_buffer path;  /* what the run is called; NUL-terminated after its end */
} tide_cutter;

/* Begins another run; `path` is copied. TIDE_OK or TIDE_FATAL. */
tide_status tide_cutter_begin(tide_cutter *, const char *path);
/* Cuts whole messages of the piece that is in the batch's bytes after TIDE_PIECE_ROOM into the
 * batch; what is left over is carried into the next one. A run without any message is counted as an
 * empty file. TIDE_OK or TIDE_FATAL. */
tide_status tide_cutter_cut(tide_cutter *, tide_batch *);
void tide_cutter_free(tide_cutter *);

#endif
