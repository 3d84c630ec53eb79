/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Levels that codec.c reads: compressed files of one stream or of several, with zeros between. */
#include "level.h"

/* After a whole stream there may be another, and zeros that fill a tape's block. */
static tide_status codec_go_on(tide_level *l) {
  size_t zeros_there = 0;
  while (zeros_there < l->packed.len && !l->packed.ptr[zeros_there])
    zeros_there++;
  l->packed = tide_span_slice(l->packed, zeros_there, l->packed.len);
  l->waits = !l->packed.len;
  if (l->waits)
    return TIDE_OK;
  l->stream = TIDE_STREAM_FRESH;
  const tide_status status = tide_codec_again(l->codec);
  if (status == TIDE_FATAL)
    return tide_unpack_no_memory(l->owner);
  return status == TIDE_OK
             ? TIDE_OK
             : tide_level_fail(l, "damaged", "what follows its end is something else");
}

/* What is wrong, if it is. */
static tide_status codec_judge(tide_level *l, const tide_codec_said *said) {
  switch (said->news) {
  case TIDE_CODEC_MORE: break;
  case TIDE_CODEC_END: l->stream = TIDE_STREAM_BETWEEN; break;
  case TIDE_CODEC_OTHER:
    return tide_level_fail(l, "damaged",
                           l->stream == TIDE_STREAM_FRESH ? "what follows its end is something else"
                                                          : "its head is wrong");
  case TIDE_CODEC_DAMAGED:
    return tide_level_fail(l, "damaged", said->why ? said->why : "no reason is given");
  case TIDE_CODEC_REFUSED: return tide_level_fail(l, "not read", said->why);
  case TIDE_CODEC_MEMORY: return tide_unpack_no_memory(l->owner);
  }
  if (!said->asks)
    return TIDE_OK;
  TIDE_TRY(tide_level_ask(l, said->asks));
  return tide_codec_allow(l->codec, said->asks) == TIDE_OK ? TIDE_OK
                                                           : tide_unpack_no_memory(l->owner);
}

/* The source has no more: that is as it should be after a stream, or where there is nothing. */
static tide_status codec_ended(tide_level *l) {
  const tide_stream stream = l->stream;
  l->stream = TIDE_STREAM_OVER;
  if (stream == TIDE_STREAM_BETWEEN || stream == TIDE_STREAM_NONE)
    return TIDE_END;
  return tide_level_fail(l, "damaged",
                         stream == TIDE_STREAM_FRESH
                             ? "what follows its end is cut short, or something else"
                             : "it is cut short");
}

tide_status tide_level_codec_block(tide_level *l, tide_span *out) {
  while (l->stream != TIDE_STREAM_OVER) {
    if (l->waits) {
      const tide_status status = tide_level_source(l, &l->packed);
      if (status == TIDE_END)
        return codec_ended(l);
      TIDE_TRY(status);
      l->waits = false;
      if (l->stream == TIDE_STREAM_NONE)
        l->stream = TIDE_STREAM_WITHIN;
    }
    if (l->stream == TIDE_STREAM_BETWEEN) {
      const tide_status status = codec_go_on(l);
      if (status != TIDE_OK)
        l->stream = TIDE_STREAM_OVER;
      TIDE_TRY(status);
      continue;
    }
    const tide_codec_said said = tide_codec_step(l->codec, &l->packed);
    const tide_status status = codec_judge(l, &said);
    l->waits = said.waits;
    if (l->stream == TIDE_STREAM_FRESH && said.out.len)
      l->stream = TIDE_STREAM_WITHIN;
    if (status != TIDE_OK)
      l->stream = TIDE_STREAM_OVER;
    if (status == TIDE_FATAL)
      return status;
    if (said.out.len) {
      *out = said.out;
      return TIDE_OK;
    }
    TIDE_TRY(status);
  }
  return l->failed ? TIDE_FAIL : TIDE_END;
}

tide_status tide_level_codec_open(tide_level *l) {
  l->waits = true;
  return tide_codec_open(&l->codec, l->kind->codec) == TIDE_OK ? TIDE_OK
                                                               : tide_unpack_no_memory(l->owner);
}
