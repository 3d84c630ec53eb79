/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 (RFC 3629). */
#ifndef LIB_BASE_UTF8_H
#define LIB_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/* The length that a lead byte announces; 0 if it is none. */
size_t tide_utf8_length(unsigned char lead);
/* The length of the character at the start of s, which is not empty, and the character in
 * *code_point; 0, and *code_point as it was, where the bytes are none: overlong forms, surrogates
 * and what is beyond U+10FFFF are none (RFC 3629, sections 3 and 4). */
size_t tide_utf8_take(tide_span s, uint32_t *code_point);

/* Writes a code point, which is below 0x110000; returns its length, 4 at most. */
size_t tide_utf8_put(uint32_t code_point, char out[4]);

/* The small letter of a capital, of Latin, Greek, Cyrillic and Armenian letters and the full-width
 * forms: Unicode's simple case folding (CaseFolding.txt, status C) of what mail is written in.
 * Others stay. */
uint32_t tide_utf8_lower(uint32_t code_point);

#endif
