/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding is strict: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
#include "base/utf8.h"

size_t tide_utf8_length(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead < 0xc2 || lead > 0xf4)
    return 0;
  if (lead < 0xe0)
    return 2;
  return lead < 0xf0 ? 3 : 4;
}

size_t tide_utf8_take(tide_span s, uint32_t *code_point) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned char lead = (unsigned char)s.ptr[0];
  size_t len = tide_utf8_length(lead);
  if (len == 0 || len > s.len)
    return 0;
  uint32_t value = len == 1 ? lead : lead & (0xffu >> (len + 1));
  for (size_t i = 1; i < len; i++) {
    unsigned char next = (unsigned char)s.ptr[i];
    if ((next & 0xc0) != 0x80)
      return 0;
    value = value << 6 | (next & 0x3f);
  }
  if (value < least[len] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return 0;
  *code_point = value;
  return len;
}

size_t tide_utf8_put(uint32_t x, char out[4]) {
  size_t len = 1;
  if (x >= 0x80)
    len = 2;
  if (x >= 0x800)
    len = x < 0x10000 ? 3 : 4;
  static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (size_t i = len; i-- > 1; x >>= 6)
    out[i] = (char)(0x80 | (x & 0x3f));
  out[0] = (char)(leads[len] | x);
  return len;
}

/* Capitals from `first` to `last` whose small letters lie `offset` after them; offset 0: every
 * other one is a capital, beginning with the first, and its small letter comes next. */
typedef struct case_range {
  uint32_t first, last;
  int32_t offset;
} case_range;

uint32_t tide_utf8_lower(uint32_t x) {
  static const case_range ranges[] = {{.first = 'A', .last = 'Z', .offset = 32},
                                      {.first = 0xc0, .last = 0xd6, .offset = 32},
                                      {.first = 0xd8, .last = 0xde, .offset = 32},
                                      {.first = 0x100, .last = 0x12e, .offset = 0},
                                      {.first = 0x132, .last = 0x136, .offset = 0},
                                      {.first = 0x139, .last = 0x147, .offset = 0},
                                      {.first = 0x14a, .last = 0x176, .offset = 0},
                                      {.first = 0x178, .last = 0x178, .offset = -121},
                                      {.first = 0x179, .last = 0x17d, .offset = 0},
                                      {.first = 0x17f, .last = 0x17f, .offset = -268},
                                      {.first = 0x18f, .last = 0x18f, .offset = 202},
                                      {.first = 0x1a0, .last = 0x1a4, .offset = 0},
                                      {.first = 0x1af, .last = 0x1af, .offset = 1},
                                      {.first = 0x1cd, .last = 0x1db, .offset = 0},
                                      {.first = 0x1de, .last = 0x1ee, .offset = 0},
                                      {.first = 0x1f8, .last = 0x21e, .offset = 0},
                                      {.first = 0x222, .last = 0x232, .offset = 0},
                                      {.first = 0x386, .last = 0x386, .offset = 38},
                                      {.first = 0x388, .last = 0x38a, .offset = 37},
                                      {.first = 0x38c, .last = 0x38c, .offset = 64},
                                      {.first = 0x38e, .last = 0x38f, .offset = 63},
                                      {.first = 0x391, .last = 0x3a1, .offset = 32},
                                      {.first = 0x3a3, .last = 0x3ab, .offset = 32},
                                      {.first = 0x3c2, .last = 0x3c2, .offset = 1},
                                      {.first = 0x400, .last = 0x40f, .offset = 80},
                                      {.first = 0x410, .last = 0x42f, .offset = 32},
                                      {.first = 0x460, .last = 0x480, .offset = 0},
                                      {.first = 0x48a, .last = 0x4be, .offset = 0},
                                      {.first = 0x4c0, .last = 0x4c0, .offset = 15},
                                      {.first = 0x4c1, .last = 0x4cd, .offset = 0},
                                      {.first = 0x4d0, .last = 0x52e, .offset = 0},
                                      {.first = 0x531, .last = 0x556, .offset = 48},
                                      {.first = 0x1e00, .last = 0x1e94, .offset = 0},
                                      {.first = 0x1ea0, .last = 0x1efe, .offset = 0},
                                      {.first = 0x212a, .last = 0x212a, .offset = -8383},
                                      {.first = 0x212b, .last = 0x212b, .offset = -8262},
                                      {.first = 0xff21, .last = 0xff3a, .offset = 32}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges && x >= ranges[i].first; i++) {
    const case_range *r = &ranges[i];
    if (x <= r->last && r->offset)
      return (uint32_t)((int32_t)x + r->offset);
    if (x <= r->last)
      return x + ((x - r->first) % 2 == 0);
  }
  return x;
}
