/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in which nothing can hide: for names and words that may hold anything. */
#ifndef LIB_BASE_VISIBLE_H
#define LIB_BASE_VISIBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* Characters that change how a terminal or a reader shows the text around them: C0, DEL and C1,
 * line separators, the bidirectional controls (UAX 9) and the byte order mark. */
bool tide_hides(uint32_t code_point);

/* Writes text with `\xNN` for each byte of such a character, and for each byte that is not UTF-8;
 * at most size - 1 bytes and a NUL, never half a character or escape. Returns the number of bytes
 * written. */
size_t tide_visible(tide_span text, char *out, size_t size);

/* The same for a path, with `\x5c` for a backslash, so that printf %b gives the path back. Returns
 * the path itself if there is nothing to escape, else a copy in the arena; ptr is NULL when out
 * of memory. */
tide_span tide_path_visible(tide_span path, tide_arena *);

#endif
