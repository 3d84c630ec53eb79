/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters: conditions on a record's fields, all of which must hold. */
#ifndef LIB_RULES_FILTER_H
#define LIB_RULES_FILTER_H

#include "record/field.h"
#include "rules/pattern.h"

typedef struct tide_filter
    tide_filter; /* immutable once all conditions are added; shared by threads */

tide_status tide_filter_new(tide_filter **out, tide_error *err);
/* FIELD=VALUE, FIELD!=VALUE (equal without regard to ASCII case), FIELD~REGEX, FIELD!~REGEX (PCRE2,
 * caseless, anywhere in the value). A field with several values holds where one of them does; `!`
 * turns the whole condition round. An empty VALUE asks for what is unknown. origin-in=LIST and
 * claimed_origin-in=LIST (or !=): the address is in one of the networks that the file LIST
 * names, one a line; builtin:mccolo is built in. An address that is unknown is in none.
 * TIDE_USAGE names what is wrong. */
tide_status tide_filter_add(tide_filter *, tide_span condition, tide_error *);
/* TIDE_PART_… that must have been extracted. */
unsigned tide_filter_parts(const tide_filter *);
typedef enum tide_decision {
  TIDE_DECISION_NO,
  TIDE_DECISION_YES,
  TIDE_DECISION_NONE
} tide_decision;
/* NONE where a pattern met its limit and the answer would have decided: whoever writes mail could
 * else choose on which side of a filter it falls. scratch is the calling thread's own. TIDE_FATAL
 * when out of memory. */
tide_status tide_filter_decide(const tide_filter *, tide_pattern_scratch *, const tide_record *,
                               const tide_field_context *, tide_arena *, tide_decision *);
/* Whether the condition of that number, in the order that they were added, held for any message:
 * false of one that is not there. */
bool tide_filter_was_met(const tide_filter *, size_t index);
/* TIDE_USAGE if a condition asks for a campaign that is none of these. */
tide_status tide_filter_check_campaigns(const tide_filter *, const tide_span *names, size_t count,
                                        tide_error *);
void tide_filter_free(tide_filter *);

#endif
