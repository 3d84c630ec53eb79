/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wording: which words a message has, for telling what it is about (docs/keywords.md). */
#ifndef LIB_EXTRACT_WORDING_H
#define LIB_EXTRACT_WORDING_H

#include "base/arena.h"
#include "mime/message.h"
#include "base/status.h"

/* The distinct words of subject and text in small letters (tide_utf8_lower), and the distinct pairs
 * of words that are side by side with only blanks between them, as "one two". In bytewise
 * order, in the arena; at most TIDE_LIMIT_WORDING, of which *cut says whether there were more. What
 * counts as a word is tide_template_visit's. The message has its subject and text. TIDE_FATAL when
 * memory is out. */
tide_status tide_wording_make(const tide_message *, tide_arena *, const tide_span **words,
                              uint32_t *count, bool *cut);

/* Is it a pair? */
static inline bool tide_wording_is_pair(tide_span word) {
  return memchr(word.ptr, ' ', word.len) != NULL;
}

#endif
