/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed streams, each by the library of its format. */
#ifndef LIB_SOURCE_CODEC_H
#define LIB_SOURCE_CODEC_H

#include "base/span.h"
#include "base/status.h"

/* One for each format; named in the rows of packed.c. */
typedef struct tide_codec_type tide_codec_type;
extern const tide_codec_type tide_codec_gzip, tide_codec_zlib, tide_codec_bzip2, tide_codec_xz,
    tide_codec_lzma, tide_codec_lzip, tide_codec_zstd, tide_codec_lz4;

typedef struct tide_codec tide_codec;

typedef enum tide_codec_news {
  TIDE_CODEC_MORE,    /* nothing is wrong */
  TIDE_CODEC_END,     /* it is the stream's end */
  TIDE_CODEC_OTHER,   /* what is there is no stream of that format */
  TIDE_CODEC_DAMAGED, /* its bytes are wrong */
  TIDE_CODEC_REFUSED, /* it cannot be read, though nothing is wrong */
  TIDE_CODEC_MEMORY   /* memory is out */
} tide_codec_news;

typedef struct tide_codec_said {
  tide_codec_news news;
  tide_span out;   /* what was unpacked, whatever the news; until the next call */
  bool waits;      /* it can do nothing more without more input */
  uint64_t asks;   /* bytes of memory that it asks for, if they are more than it was allowed; 0 */
  const char *why; /* of TIDE_CODEC_DAMAGED and TIDE_CODEC_REFUSED; NULL: no reason is known */
} tide_codec_said;

/* Of the first TIDE_UNPACK_MEMORY_USUAL bytes of memory a codec asks nobody. TIDE_OK, TIDE_FATAL.
 */
tide_status tide_codec_open(tide_codec **out, const tide_codec_type *);
/* Unpacks a piece of *in, and takes what it used from it. */
tide_codec_said tide_codec_step(tide_codec *, tide_span *in);
/* It may take what it asked for. TIDE_OK, TIDE_FATAL. */
tide_status tide_codec_allow(tide_codec *, uint64_t bytes);
/* Another stream follows. TIDE_OK; TIDE_END if the format knows none; TIDE_FATAL. */
tide_status tide_codec_again(tide_codec *);
void tide_codec_close(tide_codec *);

#endif
