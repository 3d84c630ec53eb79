/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in which nothing can hide: for names and words that may hold anything. */
#ifndef LIB_BASE_VISIBLE_H
#define LIB_BASE_VISIBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* Characters that change how a terminal or a reader shows what stands around them: C0, DEL and C1,
 * line separators, the bidirectional controls (UAX 9) and the byte order mark. */
bool tide_hides(uint32_t code_point);

/* Writes text with `\xNN` in the place of each byte of a character that hides, and of each byte
 * that is no UTF-8; at most size - 1 bytes and a NUL, never half a character or escape. Returns
 * what was written. */
size_t tide_visible(tide_span text, char *out, size_t size);

/* The same for a path, with `\x5c` for a backslash, so that the path can be told from it again:
 * printf %b gives it. Is text itself where there is nothing to escape, else in the arena; ptr NULL
 * when memory is out. */
tide_span tide_path_visible(tide_span path, tide_arena *);

#endif
