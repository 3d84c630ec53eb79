/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates: what a message says, without what a spammer changes from one message to the next
 * (docs/templates.md). */
#ifndef LIB_EXTRACT_TEMPLATE_H
#define LIB_EXTRACT_TEMPLATE_H

#include "base/arena.h"
#include "base/status.h"

/* The signature (signature.h) of a decoded subject and of the text as a reader sees it, both UTF-8;
 * bytes that are not are passed over. recipients are the values of address headers whose words
 * count as the recipient's names. Empty where there is nothing to read. Work is linear in the
 * input, of which TIDE_LIMIT_TEMPLATE_TEXT bytes each are looked at. In the arena. TIDE_FATAL when
 * memory is out. */
tide_status tide_template_make(tide_span subject, tide_span text, const tide_span *recipients,
                               size_t recipient_count, tide_arena *, tide_span *signature);

/* The words that it is made of, with a space between them: for tests, and to see why two messages
 * are alike or not. Numbers are "#", addresses and URLs "@", the end of the subject "|". */
tide_status tide_template_words(tide_span subject, tide_span text, const tide_span *recipients,
                                size_t recipient_count, tide_arena *, tide_span *words);

/* Calls visit for each word as it is written in what the signature is made of: nothing that is
 * quoted, no footer, no name of the recipient, no address, URL or number. `joined`: only blanks
 * stand between it and the word of the call before. A word of a script without spaces is one
 * character. */
void tide_template_visit(tide_span subject, tide_span text, const tide_span *recipients,
                         size_t recipient_count,
                         void (*visit)(void *context, tide_span word, bool joined), void *context);

#endif
