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
  static const case_range ranges[] = {
      {'A', 'Z', 32},      {0xc0, 0xd6, 32},     {0xd8, 0xde, 32},        {0x100, 0x12e, 0},
      {0x132, 0x136, 0},   {0x139, 0x147, 0},    {0x14a, 0x176, 0},       {0x178, 0x178, -121},
      {0x179, 0x17d, 0},   {0x17f, 0x17f, -268}, {0x18f, 0x18f, 202},     {0x1a0, 0x1a4, 0},
      {0x1af, 0x1af, 1},   {0x1cd, 0x1db, 0},    {0x1de, 0x1ee, 0},       {0x1f8, 0x21e, 0},
      {0x222, 0x232, 0},   {0x386, 0x386, 38},   {0x388, 0x38a, 37},      {0x38c, 0x38c, 64},
      {0x38e, 0x38f, 63},  {0x391, 0x3a1, 32},   {0x3a3, 0x3ab, 32},      {0x3c2, 0x3c2, 1},
      {0x400, 0x40f, 80},  {0x410, 0x42f, 32},   {0x460, 0x480, 0},       {0x48a, 0x4be, 0},
      {0x4c0, 0x4c0, 15},  {0x4c1, 0x4cd, 0},    {0x4d0, 0x52e, 0},       {0x531, 0x556, 48},
      {0x1e00, 0x1e94, 0}, {0x1ea0, 0x1efe, 0},  {0x212a, 0x212a, -8383}, {0x212b, 0x212b, -8262},
      {0xff21, 0xff3a, 32}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges && x >= ranges[i].first; i++) {
    const case_range *r = &ranges[i];
    if (x <= r->last && r->offset)
      return (uint32_t)((int32_t)x + r->offset);
    if (x <= r->last)
      return x + ((x - r->first) % 2 == 0);
  }
  return x;
}
