/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libarchive reads these formats too, and loses mail in silence: its version 3.6.2 takes whatever
 * follows a bzip2 or lz4 stream for its end, ends at an empty lz4 frame, gives nothing of the block
 * that it was filling when it met damage (in bzip2 and zstd all of a small file), does not verify
 * gzip's length and check sum, and lets xz take as much memory as it asks for
 * (archive_read_support_filter_*.c). So the libraries below it are asked. */
#include "codec.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/limits.h"

enum { OUT_BYTES = 128 << 10 };

struct tide_codec_type {
  bool (*open)(tide_codec *); /* false: memory is out */
  void (*step)(tide_codec *, tide_span in, size_t *used, size_t *given, tide_codec_said *);
  bool (*again)(tide_codec *); /* NULL: there is one stream only */
  bool (*allow)(tide_codec *); /* NULL: it asks when it has taken the memory */
  void (*close)(tide_codec *);
};

struct tide_codec {
  const tide_codec_type *type;
  unsigned char *out;
  uint64_t allowed; /* bytes of memory */
  bool begins;      /* nothing of this frame was read */
  size_t hint;      /* bytes of input after which the library has done one step */
  z_stream gzip;
  bz_stream bzip2;
  lzma_stream xz;
  ZSTD_DStream *zstd;
  LZ4F_dctx *lz4;
};

static const char bytes_wrong[] = "its bytes or its check sum are wrong";

/* zlib and bzip2 take bytes that are not const, and do not change them. */
static unsigned char *bytes_of(tide_span s) {
  return (unsigned char *)(uintptr_t)s.ptr;
}

/* --- gzip and zlib --- */

static bool gzip_open(tide_codec *c) {
  /* 31: the largest window, and a head and a tail as gzip has them. */
  return inflateInit2(&c->gzip, 31) == Z_OK;
}

static bool zlib_open(tide_codec *c) {
  return inflateInit(&c->gzip) == Z_OK;
}

static bool gzip_again(tide_codec *c) {
  return inflateReset(&c->gzip) == Z_OK;
}

static void gzip_step(tide_codec *c, tide_span in, size_t *used, size_t *given,
                      tide_codec_said *said) {
  z_stream *z = &c->gzip;
  z->next_in = bytes_of(in);
  z->avail_in = (unsigned)in.len;
  z->next_out = c->out;
  z->avail_out = OUT_BYTES;
  const int r = inflate(z, Z_NO_FLUSH);
  *used = in.len - z->avail_in;
  *given = OUT_BYTES - z->avail_out;
  if (r == Z_OK || r == Z_BUF_ERROR)
    return;
  said->why = z->msg;
  said->news = TIDE_CODEC_DAMAGED;
  if (r == Z_STREAM_END)
    said->news = TIDE_CODEC_END;
  else if (r == Z_MEM_ERROR)
    said->news = TIDE_CODEC_MEMORY;
  else if (z->msg && strcmp(z->msg, "incorrect header check") == 0)
    said->news = TIDE_CODEC_OTHER;
}

static void gzip_close(tide_codec *c) {
  inflateEnd(&c->gzip);
}

/* --- bzip2 --- */

static bool bzip2_open(tide_codec *c) {
  return BZ2_bzDecompressInit(&c->bzip2, 0, 0) == BZ_OK;
}

static void bzip2_close(tide_codec *c) {
  BZ2_bzDecompressEnd(&c->bzip2);
}

static bool bzip2_again(tide_codec *c) {
  bzip2_close(c);
  return bzip2_open(c);
}

static void bzip2_step(tide_codec *c, tide_span in, size_t *used, size_t *given,
                       tide_codec_said *said) {
  bz_stream *z = &c->bzip2;
  z->next_in = (char *)bytes_of(in);
  z->avail_in = (unsigned)in.len;
  z->next_out = (char *)c->out;
  z->avail_out = OUT_BYTES;
  const int r = BZ2_bzDecompress(z);
  *used = in.len - z->avail_in;
  *given = OUT_BYTES - z->avail_out;
  if (r == BZ_OK)
    return;
  said->news = TIDE_CODEC_DAMAGED;
  said->why = bytes_wrong;
  if (r == BZ_STREAM_END)
    said->news = TIDE_CODEC_END;
  else if (r == BZ_MEM_ERROR)
    said->news = TIDE_CODEC_MEMORY;
  else if (r == BZ_DATA_ERROR_MAGIC)
    said->news = TIDE_CODEC_OTHER;
}

/* --- xz, lzma and lzip --- */

static bool xz_open(tide_codec *c) {
  return lzma_stream_decoder(&c->xz, c->allowed, 0) == LZMA_OK;
}

static bool lzma_open(tide_codec *c) {
  return lzma_alone_decoder(&c->xz, c->allowed) == LZMA_OK;
}

static bool lzip_open(tide_codec *c) {
  return lzma_lzip_decoder(&c->xz, c->allowed, 0) == LZMA_OK;
}

static void xz_step(tide_codec *c, tide_span in, size_t *used, size_t *given,
                    tide_codec_said *said) {
  lzma_stream *z = &c->xz;
  z->next_in = bytes_of(in);
  z->avail_in = in.len;
  z->next_out = c->out;
  z->avail_out = OUT_BYTES;
  const lzma_ret r = lzma_code(z, LZMA_RUN);
  *used = in.len - z->avail_in;
  *given = OUT_BYTES - z->avail_out;
  if (r == LZMA_OK || r == LZMA_BUF_ERROR)
    return;
  said->news = TIDE_CODEC_DAMAGED;
  said->why = bytes_wrong;
  if (r == LZMA_STREAM_END) {
    said->news = TIDE_CODEC_END;
  } else if (r == LZMA_MEM_ERROR) {
    said->news = TIDE_CODEC_MEMORY;
  } else if (r == LZMA_FORMAT_ERROR) {
    said->news = TIDE_CODEC_OTHER;
  } else if (r == LZMA_MEMLIMIT_ERROR) {
    said->news = TIDE_CODEC_MORE;
    said->asks = lzma_memusage(z);
  } else if (r == LZMA_OPTIONS_ERROR) {
    said->news = TIDE_CODEC_REFUSED;
    said->why = "it is packed in a way that liblzma does not know";
  }
}

static bool xz_allow(tide_codec *c) {
  return lzma_memlimit_set(&c->xz, c->allowed) == LZMA_OK;
}

static void xz_close(tide_codec *c) {
  lzma_end(&c->xz);
}

/* --- zstd and lz4 ---
 *
 * Where they find damage they do not say what they unpacked before it in the same call. So they get
 * no more at once than they say they need for one block. */

static tide_span hinted(const tide_codec *c, tide_span in, size_t apart) {
  return tide_span_slice(in, 0, c->hint > apart ? c->hint - apart : c->hint);
}

/* RFC 8878 3.1.1.2: of the next block, which may be the damaged one. */
enum { ZSTD_BLOCK_HEAD = 3 };

/* A frame of a version before 0.8 (RFC 8878 3.1.1 has one number): zstd 1.5.4 reads it if it gets
 * its number at once, and else does not. */
static bool zstd_is_old(tide_span frame) {
  return frame.len > 0 && frame.ptr[0] != 0x28 &&
         tide_span_starts(tide_span_slice(frame, 1, frame.len), SPAN("\xb5\x2f\xfd"));
}

static bool zstd_again(tide_codec *c) {
  /* Of a frame's head, with its number whole: behind a single byte zstd takes the next ones for the
   * number of an old version. */
  enum { BEGIN = 5 };
  c->hint = BEGIN + ZSTD_BLOCK_HEAD;
  c->begins = true;
  return !ZSTD_isError(ZSTD_DCtx_reset(c->zstd, ZSTD_reset_session_only));
}

static bool zstd_open(tide_codec *c) {
  enum { WINDOW_LOG_MOST = 30 }; /* what TIDE_LIMIT_UNPACK_MEMORY has room for */
  c->zstd = ZSTD_createDStream();
  if (!c->zstd ||
      ZSTD_isError(ZSTD_DCtx_setParameter(c->zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MOST)))
    return false;
  return zstd_again(c);
}

static void zstd_fail(size_t r, tide_codec_said *said) {
  const ZSTD_ErrorCode code = ZSTD_getErrorCode(r);
  said->news = TIDE_CODEC_DAMAGED;
  said->why = ZSTD_getErrorName(r);
  if (code == ZSTD_error_memory_allocation)
    said->news = TIDE_CODEC_MEMORY;
  else if (code == ZSTD_error_prefix_unknown)
    said->news = TIDE_CODEC_OTHER;
  else if (code == ZSTD_error_frameParameter_windowTooLarge || code == ZSTD_error_dictionary_wrong)
    said->news = TIDE_CODEC_REFUSED;
}

static void zstd_step(tide_codec *c, tide_span in, size_t *used, size_t *given,
                      tide_codec_said *said) {
  in = hinted(c, in, ZSTD_BLOCK_HEAD);
  if (c->begins && zstd_is_old(in)) {
    said->news = TIDE_CODEC_OTHER;
    return;
  }
  c->begins = false;
  ZSTD_inBuffer from = {.src = in.ptr, .size = in.len};
  ZSTD_outBuffer to = {.dst = c->out, .size = OUT_BYTES};
  const size_t r = ZSTD_decompressStream(c->zstd, &to, &from);
  *used = from.pos;
  /* Decoders of streams of old versions say that they filled all, even where they failed. */
  *given = ZSTD_isError(r) ? 0 : to.pos;
  const uint64_t takes = ZSTD_sizeof_DStream(c->zstd);
  if (takes > c->allowed)
    said->asks = takes;
  if (ZSTD_isError(r))
    zstd_fail(r, said);
  else if (r == 0)
    said->news = TIDE_CODEC_END;
  c->hint = r;
}

static void zstd_close(tide_codec *c) {
  ZSTD_freeDStream(c->zstd);
}

static bool lz4_open(tide_codec *c) {
  c->hint = LZ4F_HEADER_SIZE_MIN;
  return !LZ4F_isError(LZ4F_createDecompressionContext(&c->lz4, LZ4F_VERSION));
}

static bool lz4_again(tide_codec *c) {
  c->hint = LZ4F_HEADER_SIZE_MIN;
  LZ4F_resetDecompressionContext(c->lz4);
  return true;
}

static void lz4_step(tide_codec *c, tide_span in, size_t *used, size_t *given,
                     tide_codec_said *said) {
  enum { BLOCK_HEAD = 4 };
  in = hinted(c, in, BLOCK_HEAD);
  *used = in.len;
  *given = OUT_BYTES;
  const size_t r = LZ4F_decompress(c->lz4, c->out, given, in.ptr, used, NULL);
  c->hint = r;
  if (r == 0)
    said->news = TIDE_CODEC_END;
  if (!LZ4F_isError(r))
    return;
  *given = 0;
  const char *name = LZ4F_getErrorName(r);
  said->news = TIDE_CODEC_DAMAGED;
  said->why = bytes_wrong;
  if (strcmp(name, "ERROR_allocation_failed") == 0)
    said->news = TIDE_CODEC_MEMORY;
  else if (strcmp(name, "ERROR_frameType_unknown") == 0)
    said->news = TIDE_CODEC_OTHER;
}

static void lz4_close(tide_codec *c) {
  LZ4F_freeDecompressionContext(c->lz4);
}

/* --- all of them --- */

const tide_codec_type tide_codec_gzip = {
    .open = gzip_open, .step = gzip_step, .again = gzip_again, .close = gzip_close};
const tide_codec_type tide_codec_zlib = {.open = zlib_open, .step = gzip_step, .close = gzip_close};
const tide_codec_type tide_codec_bzip2 = {
    .open = bzip2_open, .step = bzip2_step, .again = bzip2_again, .close = bzip2_close};
const tide_codec_type tide_codec_xz = {
    .open = xz_open, .step = xz_step, .again = xz_open, .allow = xz_allow, .close = xz_close};
const tide_codec_type tide_codec_lzma = {
    .open = lzma_open, .step = xz_step, .allow = xz_allow, .close = xz_close};
const tide_codec_type tide_codec_lzip = {
    .open = lzip_open, .step = xz_step, .again = lzip_open, .allow = xz_allow, .close = xz_close};
const tide_codec_type tide_codec_zstd = {
    .open = zstd_open, .step = zstd_step, .again = zstd_again, .close = zstd_close};
const tide_codec_type tide_codec_lz4 = {
    .open = lz4_open, .step = lz4_step, .again = lz4_again, .close = lz4_close};

tide_status tide_codec_open(tide_codec **out, const tide_codec_type *type) {
  tide_codec *c = calloc(1, sizeof *c);
  if (!c)
    return TIDE_FATAL;
  *c = (tide_codec){.type = type, .allowed = TIDE_UNPACK_MEMORY_USUAL, .out = malloc(OUT_BYTES)};
  if (!c->out || !type->open(c)) {
    tide_codec_close(c);
    return TIDE_FATAL;
  }
  *out = c;
  return TIDE_OK;
}

tide_codec_said tide_codec_step(tide_codec *c, tide_span *in) {
  tide_codec_said said = {.news = TIDE_CODEC_MORE};
  size_t used = 0, given = 0;
  c->type->step(c, *in, &used, &given, &said);
  *in = tide_span_slice(*in, used, in->len);
  said.out = tide_span_make((char *)c->out, given);
  /* What fills the room may have more behind it. */
  said.waits = !in->len && given < OUT_BYTES && !said.asks;
  return said;
}

tide_status tide_codec_allow(tide_codec *c, uint64_t bytes) {
  c->allowed = bytes;
  return !c->type->allow || c->type->allow(c) ? TIDE_OK : TIDE_FATAL;
}

tide_status tide_codec_again(tide_codec *c) {
  if (!c->type->again)
    return TIDE_END;
  return c->type->again(c) ? TIDE_OK : TIDE_FATAL;
}

void tide_codec_close(tide_codec *c) {
  if (!c)
    return;
  c->type->close(c);
  free(c->out);
  free(c);
}
