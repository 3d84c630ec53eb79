/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extractors: each fills its part of a record from a message. */
#ifndef LIB_EXTRACT_EXTRACTOR_H
#define LIB_EXTRACT_EXTRACTOR_H

#include "base/arena.h"
#include "mime/message.h"
#include "record/record.h"
#include "base/status.h"
#include "base/zone.h"

/* Each room owns one of these: hops, rules, networks. */
typedef struct tide_chain tide_chain;
typedef struct tide_trust tide_trust;
typedef struct tide_services tide_services;
typedef struct tide_rules tide_rules;
typedef struct tide_matcher tide_matcher;
typedef struct tide_networks tide_networks;
typedef struct tide_additions tide_additions;
typedef struct tide_labels tide_labels;

/* What the extractors of a run share, read-only. All borrowed. */
typedef struct tide_extract_options {
  int64_t now;             /* the run's clock: what is dated more than a day later is not sane */
  const tide_trust *trust; /* may be NULL */
  const tide_services *services;   /* may be NULL */
  const tide_rules *rules;         /* may be NULL */
  const tide_networks *networks;   /* may be NULL */
  const tide_additions *additions; /* NULL only where no fingerprint and no copy key is asked for */
  tide_labels *labels; /* NULL only where no label is asked for; they count what they are asked */
  const tide_zone *envelope_zone; /* of `From ` lines that write none; NULL: not known */
  bool webmail_origin; /* headers in which a webmail names its user's address decide the origin,
                          where they are there */
} tide_extract_options;

/* A message that is read: what extractors make the record from, and what a question may still ask
 * that has no place in a record. */
typedef struct tide_extraction {
  const tide_extract_options *options;
  const tide_raw *raw;
  const tide_message *message;
  tide_chain *chain; /* its Received fields, topmost first, taken apart as far as somebody asked */
  tide_matcher *matcher;
  tide_arena *arena;
} tide_extraction;

typedef struct tide_extractor {
  const char *name;
  unsigned fills;                                         /* TIDE_PART_… */
  unsigned (*needs)(const tide_extract_options *options); /* TIDE_NEED_…; NULL: headers only */
  unsigned uses; /* parts that must have been filled before */
  tide_status (*apply)(const tide_extraction *, tide_record *);
} tide_extractor;

/* A new extractor is a file in its room, a name in extractors.h and a line in
 * lib/engine/extractors.c. */

/* The parts that `parts` needs, itself included. */
unsigned tide_extract_parts(unsigned parts);
/* What is needed of the message for parts, which are as tide_extract_parts gave them; here and
 * below. */
unsigned tide_extract_needs(unsigned parts, const tide_extract_options *);
/* Fills the record and begins the chain: first what every record has, then the parts, by their
 * extractors. Adds defects. */
tide_status tide_extract(const tide_extraction *, unsigned parts, tide_record *out);

#endif
