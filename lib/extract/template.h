/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: what a message says, without what a spammer changes from one message to the next
 * (docs/templates.md). */
#ifndef LIB_EXTRACT_TEMPLATE_H
#define LIB_EXTRACT_TEMPLATE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"

/* What a template is read from, in UTF-8; bytes that are not are passed over. */
typedef struct tide_template_text {
  tide_span subject, text;     /* decoded, the text as a reader sees it */
  const tide_span *recipients; /* values of address headers whose words count as their names */
  size_t recipient_count;
} tide_template_text;

/* The signature (signature.h), in the arena; empty if there is nothing to read. Work is linear
 * in the input, of which TIDE_LIMIT_TEMPLATE_TEXT bytes each are looked at. To `words`, which may
 * be NULL, the words are appended that it is made of, with a space between them: to see why two
 * messages are alike or not. Numbers are "#", addresses and URLs "@", the end of the subject "|".
 * TIDE_FATAL when out of memory. */
tide_status tide_template_make(const tide_template_text *, tide_arena *, tide_buffer *words,
                               tide_span *signature);

/* Calls visit for each word as it is written in what the signature is made of: nothing that is
 * quoted, no footer, no name of the recipient, no address, URL or number. `joined`: only blanks
 * are between it and the word of the call before. A word of a script without spaces is one
 * character. */
void tide_template_visit(const tide_template_text *,
                         void (*visit)(void *context, tide_span word, bool joined), void *context);

#endif
