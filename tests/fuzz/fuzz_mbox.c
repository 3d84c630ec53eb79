/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Framing: no byte of an mbox is lost or read twice, whatever the size of the pieces it comes in,
 * and whatever the width of searches. The first byte of the input chooses the format, that size and
 * the width: 'B' plus three times the format's place in the registry, plus the size's place in
 * `steps`, plus the width's place times the number of those. */
#include <stdlib.h>

#include "base/scan.h"
#include "source/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The ends of messages, cut from data that comes in pieces of `step` bytes, as one number. */
static uint64_t cut_all(const tide_format *f, tide_span text, size_t step) {
  tide_cut state = {0};
  size_t at = 0, have = step < text.len ? step : text.len;
  uint64_t ends = 1469598103934665603u;
  for (;;) {
    tide_raw raw;
    size_t used = 0;
    tide_status status =
        f->next(&state, tide_span_slice(text, at, have), have == text.len, &raw, &used);
    if (status == TIDE_END) {
      if (have == text.len)
        return ends;
      have = text.len - have < step ? text.len : have + step;
      continue;
    }
    if (status == TIDE_SKIP)
      raw = (tide_raw){0};
    else if (status != TIDE_OK)
      abort();
    if (used == 0 || used > have - at || raw.bytes.len > used || raw.size > used)
      abort();
    if (raw.bytes.len &&
        (raw.bytes.ptr < text.ptr + at || raw.bytes.ptr + raw.bytes.len > text.ptr + at + used))
      abort();
    at += used;
    ends = (ends ^ at ^ raw.size << 32) * 1099511628211u;
    state = (tide_cut){.began = true};
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const size_t steps[] = {1, 7, 509};
  /* A separator is judged again with each piece that it might end in. */
  static const size_t most[] = {192, 1536, SIZE_MAX};
  enum { STEPS = sizeof steps / sizeof *steps };
  if (size == 0)
    return 0;
  size_t formats = 0;
  while (tide_formats[formats])
    formats++;
  const size_t choices = (data[0] + (size_t)256 - 'B') % 256, choice = choices % (formats * STEPS);
  const tide_format *format = tide_formats[choice / STEPS];
  const size_t step = steps[choice % STEPS];
  const tide_scan_width width = choices / (formats * STEPS) % (TIDE_SCAN_32 + 1);
  tide_span text = tide_span_make((const char *)data + 1, size - 1);
  /* In the corpus the widest searches have 0, as all had that are older than this choice. */
  tide_scan_limit(TIDE_SCAN_32);
  uint64_t whole = cut_all(format, text, size);
  tide_scan_limit(TIDE_SCAN_32 - width);
  if (width != 0 && cut_all(format, text, size) != whole)
    abort();
  if (size < most[choice % STEPS] && cut_all(format, text, step) != whole)
    abort();
  tide_format_choose(text);
  return 0;
}
