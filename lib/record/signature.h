/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures: what is kept of a message's text to tell which messages are nearly the same.
 *
 * A signature is a function of one message alone: the same bytes on every machine, in every order,
 * for any number of threads. It is meant to be written to files and merged, so that a change to how
 * it is made is a change of TIDE_SIGNATURE_VERSION.
 *
 *   - Byte 0 is TIDE_SIGNATURE_SKETCH or TIDE_SIGNATURE_EXACT.
 *   - A sketch has 1 to TIDE_SIGNATURE_VALUES numbers of 32 bits, most significant byte first,
 *     ascending, each once: the least values of a hash over the message's features. The share of
 *     values that two such samples have in common estimates that of the features (A. Broder, "On
 *     the resemblance and containment of documents", 1997).
 *   - An exact one has 16 bytes: the hash of a text that is too short to resemble another by more
 *     than chance. */
#ifndef LIB_RECORD_SIGNATURE_H
#define LIB_RECORD_SIGNATURE_H

#include "base/span.h"
#include "base/status.h"
#include "base/stop.h"

enum {
  TIDE_SIGNATURE_VERSION = 1,
  TIDE_SIGNATURE_EXACT = 0x10 + TIDE_SIGNATURE_VERSION,
  TIDE_SIGNATURE_SKETCH = 0x20 + TIDE_SIGNATURE_VERSION,
  TIDE_SIGNATURE_VALUES = 64,
  TIDE_SIGNATURE_MAX = 1 + 4 * TIDE_SIGNATURE_VALUES,
  TIDE_SIGNATURE_WORDS = 10, /* a text of fewer words is too short for a sketch */
  TIDE_SIGNATURE_ALIKE = 40  /* percent from which on two messages are taken for one template:
                                docs/templates.md says why */
};

/* Are these the bytes of a signature, and not another key? */
static inline bool tide_signature_is(tide_span s) {
  return s.len && (s.ptr[0] == TIDE_SIGNATURE_EXACT || s.ptr[0] == TIDE_SIGNATURE_SKETCH);
}

/* Values in so many signatures that they do not distinguish any. */
typedef struct tide_common_values tide_common_values;
/* How alike two signatures are, in percent, rounded down: 100 for equal ones; 0 if they differ and
 * one of them is not a sketch. Bytes that are no signature are alike only to themselves. Common
 * values are ignored; NULL: none are known. */
unsigned tide_signature_likeness(tide_span a, tide_span b, const tide_common_values *);

/* Finds which of `count` distinct signatures belong together: those that are at least
 * TIDE_SIGNATURE_ALIKE percent alike, and those linked through others. leader[i] becomes the
 * position of the bytewise least signature of i's group. The result depends on the set of
 * signatures only, not on their order.
 * If there are 20 signatures or more, values in more than half of them are ignored (a list's footer
 * is not a template), unless most of these signatures are alike because of them.
 * Only signatures that share one of their least values are compared, each with at most
 * TIDE_LIMIT_ALIKE others, so that time grows with count × log(count) whatever the mail.
 * TIDE_END soon after *stop (may be NULL) became true, TIDE_FATAL when out of memory. */
tide_status tide_signature_group(const tide_span *signatures, uint32_t count,
                                 const atomic_bool *stop, uint32_t *leader);

/* A short name for a signature: a t and twelve hexadecimal digits of a hash of it, the same
 * everywhere. Without the letter a spreadsheet takes 007154982143 and 0e2460140585 for numbers. */
enum { TIDE_SIGNATURE_NAME = 13 };
void tide_signature_name(tide_span signature, char out[TIDE_SIGNATURE_NAME + 1]);

#endif
