/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Examples: of all messages counted under a key, the one to show; merge like tallies. */
#ifndef LIB_TALLY_EXAMPLE_H
#define LIB_TALLY_EXAMPLE_H

#include "base/pages.h"
#include "record/record.h"
#include "base/status.h"

typedef struct tide_examples tide_examples;

/* The earliest message; of several of one second the one with the bytewise least text, then
 * source, then offset: neither who counted what nor where an archive was cut decides on the
 * text. */
typedef struct tide_example {
  int64_t time;
  tide_span text; /* no more than TIDE_LIMIT_EXAMPLE bytes, whole characters */
  tide_span source;
  uint64_t offset;
} tide_example;

/* Examples by small numbers, for who has given his keys numbers already. Zero-initialised is empty.
 */
typedef struct tide_example_list {
  tide_pages at; /* tide_example by number; text and source of one are in one block that begins
                    with the text */
  uint32_t count;
} tide_example_list;

/* As tide_examples_add, under a number that is no higher than there are examples. */
tide_status tide_example_list_add(tide_example_list *, uint32_t number, tide_span text,
                                  const tide_record *);
/* Keeps it where it is the one to show; its text and source are copied. */
tide_status tide_example_list_offer(tide_example_list *, uint32_t number, const tide_example *);
/* Borrowed until the next change. */
const tide_example *tide_example_list_get(const tide_example_list *, uint32_t number);
void tide_example_list_free(tide_example_list *);

tide_status tide_examples_new(tide_examples **out);
void tide_examples_free(tide_examples *);

/* Memory grows with distinct keys, never with messages. The record has a time and its
 * source; text is what is shown of it. TIDE_FATAL when out of memory. */
tide_status tide_examples_add(tide_examples *, tide_span key, tide_span text, const tide_record *);
/* Adds all of `from`. */
tide_status tide_examples_merge(tide_examples *into, const tide_examples *from);

/* Keys are numbered from 0 in the order of their first appearance, which depends on the split. What
 * is returned is borrowed until the next change. */
uint32_t tide_examples_count(const tide_examples *);
tide_span tide_examples_key(const tide_examples *, uint32_t number);
const tide_example *tide_examples_get(const tide_examples *, uint32_t number);
/* The number of key, or TIDE_EXAMPLE_NONE. */
#define TIDE_EXAMPLE_NONE 0xffffffffu
uint32_t tide_examples_find(const tide_examples *, tide_span key);
/* <0 if a is the one to show, 0 if they are the same message. */
int tide_example_compare(const tide_example *a, const tide_example *b);

#endif
