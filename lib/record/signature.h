/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signatures: what is kept of a message's text to tell which messages are nearly the same.
 *
 * A signature is a function of one message alone: the same bytes on every machine, in every order,
 * for any number of threads. It is meant to be written to files and merged, so that a change to how
 * it is made is a change of TIDE_SIGNATURE_VERSION.
 *
 *   byte 0   TIDE_SIGNATURE_SKETCH or TIDE_SIGNATURE_EXACT
 *   sketch   1 to TIDE_SIGNATURE_VALUES numbers of 32 bits, most significant byte first, ascending,
 * each once: the least values of a hash over the message's features. The share of values that two
 * such samples have in common estimates that of the features (A. Broder, "On the resemblance and
 * containment of documents", 1997). exact    16 bytes: a hash of a text too short to resemble
 * another by more than chance */
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

/* Values that so many signatures have that they tell none from another. */
typedef struct tide_common_values tide_common_values;
/* How alike two signatures are, in percent, rounded down: 100 for equal ones; 0 if they differ
 * and one of them is no sketch. Bytes that are no signature are only alike to themselves. Values
 * that are common have no say; NULL: none are known. */
unsigned tide_signature_likeness(tide_span a, tide_span b, const tide_common_values *);

/* Which of distinct signatures belong together: those alike by TIDE_SIGNATURE_ALIKE, and what is
 * linked through others. Values that are in more than half of 20 signatures or more have no say,
 * unless most of these are alike by them: a list's footer is no template. leader[i] becomes the
 * position of the bytewise least signature of i's group. Depends on the set of signatures alone,
 * not on their order. Only pairs are compared that share one of their least values, and of all that
 * share one, each with no more than TIDE_LIMIT_ALIKE others, so that time grows with count ×
 * log(count) whatever the mail. TIDE_END soon after *stop (may be NULL) became true, TIDE_FATAL
 * when out of memory. */
tide_status tide_signature_group(const tide_span *signatures, uint32_t count,
                                 const atomic_bool *stop, uint32_t *leader);

/* A short name for a signature: a t and twelve hexadecimal digits of a hash of it, the same
 * everywhere. Without the letter a spreadsheet takes 007154982143 and 0e2460140585 for numbers. */
enum { TIDE_SIGNATURE_NAME = 13 };
void tide_signature_name(tide_span signature, char out[TIDE_SIGNATURE_NAME + 1]);

#endif
