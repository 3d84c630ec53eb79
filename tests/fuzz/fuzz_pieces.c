/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long file: in whatever pieces it comes, it is converted to the same bytes (UTF-16, line ends of
 * old systems) and cut into the same messages. The first byte chooses the size of the pieces. */
#include <stdio.h>
#include <stdlib.h>

#include "source/batch.h"
#include "source/convert.h"
#include "source/cutter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t least(size_t a, size_t b) {
  return a < b ? a : b;
}

static void must(bool holds, const char *what) {
  if (holds)
    return;
  fprintf(stderr, "%s\n", what);
  abort();
}

static void convert_all(tide_conversion kind, tide_span text, size_t step, tide_buffer *out) {
  tide_convert c = {.kind = kind};
  for (size_t at = 0; at < text.len; at += step) {
    const size_t end = least(at + step, text.len);
    must(tide_convert_put(&c, tide_span_slice(text, at, end), end == text.len, out) == TIDE_OK,
         "not converted");
  }
}

/* Where each message stands and what it holds, as one number. */
static uint64_t messages_add(uint64_t sum, const tide_batch *b) {
  for (size_t i = 0; i < b->raw_count; i++) {
    const tide_raw *raw = &b->raws[i];
    const uint64_t numbers[] = {raw->offset,       raw->size,          raw->bytes.len,
                                raw->envelope.len, (uint64_t)raw->cut, raw->escape};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
      sum = (sum ^ numbers[k]) * 1099511628211u;
    for (size_t k = 0; k < raw->bytes.len; k++)
      sum = (sum ^ (unsigned char)raw->bytes.ptr[k]) * 1099511628211u;
  }
  return sum;
}

static uint64_t cut_all(const tide_format *format, tide_span text, size_t step) {
  static const char room[TIDE_PIECE_ROOM];
  tide_cutter c = {0};
  tide_batch b = {0};
  uint64_t sum = 1469598103934665603u;
  must(tide_cutter_begin(&c, "mail") == TIDE_OK, "not begun");
  c.format = format;
  for (size_t at = 0; !c.ended; at += step) {
    const size_t end = least(at + step, text.len);
    c.ended = end == text.len;
    tide_buffer_clear(&b.bytes);
    must(tide_buffer_put(&b.bytes, tide_span_make(room, sizeof room)) == TIDE_OK &&
             tide_buffer_put(&b.bytes, tide_span_slice(text, at, end)) == TIDE_OK &&
             tide_cutter_cut(&c, &b) == TIDE_OK,
         "not cut");
    sum = messages_add(sum, &b);
    b.raw_count = 0;
  }
  sum ^= b.found.passed[TIDE_PASSED_INSIDE] << 32;
  tide_cutter_free(&c);
  tide_batch_close(&b);
  return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const size_t steps[] = {1, 2, 3, 5, 64, 509, 4096, TIDE_PIECE_BYTES};
  enum { STEPS = sizeof steps / sizeof *steps, SMALL = 2048 };
  if (size < 2)
    return 0;
  const tide_span given = tide_span_make((const char *)data + 1, size - 1);
  size_t step = steps[data[0] % STEPS];
  if (step < 64 && size > SMALL) /* as many pieces as bytes: each may carry all */
    step += 64;
  const tide_conversion kind = tide_convert_choose(given);
  tide_buffer whole = {0}, pieces = {0};
  convert_all(kind, given, given.len, &whole);
  convert_all(kind, given, step, &pieces);
  must(tide_span_equal(tide_buffer_span(&whole), tide_buffer_span(&pieces)),
       "converted in another way");
  const tide_span text = tide_buffer_span(&whole);
  const tide_format *format = tide_format_choose(text);
  if (format && text.len)
    must(cut_all(format, text, TIDE_PIECE_BYTES) == cut_all(format, text, step),
         "cut in another way");
  tide_buffer_free(&whole);
  tide_buffer_free(&pieces);
  return 0;
}
