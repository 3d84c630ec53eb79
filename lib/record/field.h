/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of a record by name: the one list after --by, --where and the columns of `records`.
 */
#ifndef LIB_RECORD_FIELD_H
#define LIB_RECORD_FIELD_H

#include "base/arena.h"
#include "base/map.h"
#include "record/record.h"
#include "base/status.h"
#include "base/value.h"
#include "base/zone.h"

/* The name of the family of each fingerprint of an archive, by its number in the map. */
typedef struct tide_family_table {
  tide_map fingerprints;
  const tide_span *family;
} tide_family_table;

/* What getters need beyond the record. */
typedef struct tide_field_context {
  const tide_zone *zone;             /* times are written in it */
  const tide_span *campaigns;        /* names by number */
  const tide_family_table *families; /* where TIDE_PART_FAMILY is asked for */
} tide_field_context;

/* What is beside the groups of a field: a text of the earliest message of each, and its place.
 */
typedef struct tide_field_example {
  tide_span (*key)(const tide_record *); /* what is grouped by; empty: no example */
  tide_span (*text)(const tide_record *);
} tide_field_example;

typedef struct tide_field {
  const char *name;
  const char *help;   /* its meaning, one sentence without a full stop */
  unsigned parts;     /* TIDE_PART_… that must have been extracted */
  bool column;        /* a column of `records` */
  bool group;         /* may be in --by */
  const char *absent; /* the group of messages that have no value */
  /* The index-th value; false if there are no more. Most fields have one value or none. bits is
   * the prefix length in "origin/16", else 0. Text may be made in the arena. */
  bool (*get)(const tide_record *, const tide_field_context *, unsigned bits, uint32_t index,
              tide_arena *, tide_value *out);
} tide_field;

extern const tide_field tide_fields[];
extern const size_t tide_field_count;

/* A field as it was asked for. */
typedef struct tide_field_use {
  const tide_field *field;
  unsigned bits;  /* 0: the whole address */
  tide_span name; /* as written, for the column's head */
} tide_field_use;

/* "origin", "origin/24". TIDE_USAGE if there is no such field. */
tide_status tide_field_parse(tide_span text, tide_field_use *out, tide_error *);

/* TIDE_PART_… that must have been extracted if --where or --by uses the field. It can be more than
 * `parts`, because on which side of a filter a message is must not depend on what else is asked. */
unsigned tide_field_chosen_parts(const tide_field *);

/* NULL if nothing is beside its groups. */
const tide_field_example *tide_field_example_of(const tide_field *);

/* The fields that a list names between commas, after the *count that are in out already; `option`
 * is what people call the list. TIDE_USAGE if one is unknown or there would be more than `most`.
 */
tide_status tide_field_list_parse(tide_span list, const char *option, tide_field_use *out,
                                  size_t most, size_t *count, tide_error *);

/* Fields of one axis take their values from the same things, such as a message's URLs: each URL
 * goes with its own domain only. NONE: one value, or values of its own. */
typedef enum tide_axis { TIDE_AXIS_NONE, TIDE_AXIS_CAMPAIGN, TIDE_AXIS_URL, TIDE_AXES } tide_axis;
tide_axis tide_field_axis(const tide_field *);
/* Does get tell all things of the axis apart? */
bool tide_field_is_finest(const tide_field *);
/* As get, but the value of the index-th thing of the axis, EMPTY where it has none: not the
 * index-th domain, but the domain of the index-th URL. */
bool tide_field_of_thing(const tide_field_use *, const tide_record *, const tide_field_context *,
                         uint32_t index, tide_arena *, tide_value *out);

/* Checks a value that was asked for. TIDE_USAGE if the field takes only certain words and this is
 * none of them ("by_mismatch" for chain; *err lists the words), or if it is a number and this is
 * none. Case does not matter. An empty word is right: it asks for messages without a value. */
tide_status tide_field_check_word(const tide_field *, tide_span word, tide_error *);

/* Is its value an address? */
bool tide_field_is_address(const tide_field *);

/* A value as text: what is in a group's name and what --where compares with. EMPTY is "". */
tide_span tide_value_as_text(const tide_value *, tide_arena *);

#endif
