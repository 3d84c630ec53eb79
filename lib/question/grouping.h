/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A grouping: the fields of --by, and the groups that a record is in by them. */
#ifndef LIB_QUESTION_GROUPING_H
#define LIB_QUESTION_GROUPING_H

#include "record/field.h"
#include "emit/sheet.h"

enum { TIDE_GROUPING_FIELDS = 8 };

typedef struct tide_grouping {
  tide_field_use fields[TIDE_GROUPING_FIELDS];
  size_t count;
  bool any_example; /* some field has columns beside it, such as a template's subject */
  size_t values;    /* columns of the groups in the table */
  unsigned parts;   /* TIDE_PART_… that must have been extracted */
} tide_grouping;

/* Adds the fields that a list names between commas. TIDE_USAGE if one is unknown or no group, or
 * there are more than TIDE_GROUPING_FIELDS. */
tide_status tide_grouping_add(tide_grouping *, tide_span list, tide_error *);
/* How many columns field number i has. */
size_t tide_grouping_width(const tide_grouping *, size_t field);
/* Adds the heads of the first `fields` fields. */
tide_status tide_grouping_heads(const tide_grouping *, size_t fields, tide_sheet *, tide_error *);
/* Who takes the groups of a record. */
typedef struct tide_group_taker {
  tide_status (*add)(void *context, tide_span group, const tide_record *);
  void *context;
} tide_group_taker;
/* Calls add for each group that a record is in: every combination of the fields' values, those
 * of one axis together. Beyond TIDE_LIMIT_GROUPS the record has the defect TOO_MANY_GROUPS. The
 * group's bytes live until add returns. */
tide_status tide_grouping_each(const tide_grouping *, const tide_field_context *, tide_record *,
                               tide_arena *, tide_buffer *scratch, tide_group_taker);

#endif
