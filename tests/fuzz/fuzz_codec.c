/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compressed streams: what one gives, and what is said of it, depends on its bytes alone and not on
 * how they were read. The first byte chooses the format, the second the size of the pieces; the
 * rest is the stream, or several. */
#include <stdlib.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "source/codec.h"
#include "small.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICES = 2, GIVEN_MOST = 256 << 10 };

/* What one reading gave. */
typedef struct reading {
  tide_buffer given;
  size_t streams;       /* that were read to their ends */
  tide_codec_news news; /* the last that is no end of a stream */
} reading;

static tide_status step(tide_codec *c, tide_span *in, bool *waits, reading *r) {
  const size_t before = in->len;
  const tide_codec_said said = tide_codec_step(c, in);
  if (in->len > before || tide_buffer_put(&r->given, said.out) != TIDE_OK)
    abort();
  if (said.asks &&
      (said.asks > TIDE_LIMIT_UNPACK_MEMORY || tide_codec_allow(c, said.asks) != TIDE_OK))
    return TIDE_FATAL;
  r->news = said.news;
  *waits = said.waits;
  if (said.news == TIDE_CODEC_END) {
    r->streams++;
    return tide_codec_again(c);
  }
  /* Otherwise it would be asked for ever. */
  if (said.news == TIDE_CODEC_MORE && in->len == before && !said.out.len && !said.waits &&
      !said.asks)
    abort();
  return said.news == TIDE_CODEC_MORE ? TIDE_OK : TIDE_FAIL;
}

/* Reads a stream in pieces of that size, as far as it goes or to GIVEN_MOST. */
static tide_status read_all(const tide_codec_type *type, tide_span stream, size_t piece,
                            reading *r) {
  tide_codec *c;
  tide_status status = tide_codec_open(&c, type);
  if (status != TIDE_OK)
    abort();
  while (status == TIDE_OK && stream.len && r->given.len < GIVEN_MOST) {
    tide_span in = tide_span_slice(stream, 0, piece);
    stream = tide_span_slice(stream, in.len, stream.len);
    bool waits = false;
    while (status == TIDE_OK && !(waits && !in.len) && r->given.len < GIVEN_MOST)
      status = step(c, &in, &waits, r);
  }
  tide_codec_close(c);
  return status;
}

/* liblzma 5.4.1 finds that bytes are wrong some bytes earlier or later, by how it got them; and
 * zstd 1.5.4 looks at the last bytes of a head that is cut short only when it is called again. */
static bool is_same(const tide_codec_type *type, const reading *a, const reading *b) {
  const tide_span x = tide_buffer_span(&a->given), y = tide_buffer_span(&b->given);
  if (a->news != b->news && a->news != TIDE_CODEC_MORE && b->news != TIDE_CODEC_MORE)
    return false;
  if (a->news == TIDE_CODEC_DAMAGED &&
      (type == &tide_codec_xz || type == &tide_codec_lzma || type == &tide_codec_lzip))
    return tide_span_starts(x, y) || tide_span_starts(y, x);
  return tide_span_equal(x, y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const tide_codec_type *const types[] = {
      &tide_codec_gzip, &tide_codec_bzip2, &tide_codec_xz,   &tide_codec_lzma,
      &tide_codec_zstd, &tide_codec_lz4,   &tide_codec_zlib, &tide_codec_lzip};
  if (size < CHOICES)
    return 0;
  const tide_codec_type *type = types[data[0] % (sizeof types / sizeof *types)];
  const tide_span stream = tide_span_make((const char *)data + CHOICES, size - CHOICES);
  reading whole = {0}, pieces = {0};
  const tide_status of_whole = read_all(type, stream, stream.len, &whole),
                    of_pieces = read_all(type, stream, data[1] + 1u, &pieces);
  /* Where memory is out, or the stream is long, nothing else can be told. */
  if (of_whole != TIDE_FATAL && of_pieces != TIDE_FATAL && whole.given.len < GIVEN_MOST &&
      pieces.given.len < GIVEN_MOST &&
      (whole.streams != pieces.streams || !is_same(type, &whole, &pieces)))
    abort();
  tide_buffer_free(&whole.given);
  tide_buffer_free(&pieces.given);
  return 0;
}
