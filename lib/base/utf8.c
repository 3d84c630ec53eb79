/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/utf8.h"

size_t tide_utf8_take(tide_span s, uint32_t *code_point) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned char lead = (unsigned char)s.ptr[0];
  size_t len = lead < 0x80   ? 1
               : lead < 0xc2 ? 0
               : lead < 0xe0 ? 2
               : lead < 0xf0 ? 3
               : lead < 0xf5 ? 4
                             : 0;
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
