/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rule set as rule.c builds it and campaign.c matches it. */
#ifndef LIB_RULES_RULES_H
#define LIB_RULES_RULES_H

#include "gate.h"
#include "rules/campaign.h"
#include "base/map.h"
#include "rules/pattern.h"

/* What a pattern is held against; in the order of what looking costs. */
typedef enum rule_place {
  RULE_ORIGIN,
  RULE_HELO,
  RULE_HEADER,
  RULE_RECEIVED,
  RULE_SUBJECT,
  RULE_URL, /* those that look into the body */
  RULE_TEXT,
  RULE_RAW
} rule_place;

enum { RULE_HEADER_NAME_MAX = 255 };

/* A row of a rule file. */
typedef struct rule {
  rule_place place;
  tide_header_id id; /* RULE_HEADER: the field's number, or TIDE_HEADER_OTHER and */
  uint32_t header;   /* its number in tide_rules.headers */
  uint32_t group;
  uint32_t order; /* of the rows as they were read */
  uint32_t file, line;
  tide_pattern *pattern;
  uint32_t gate;         /* of RULE_SUBJECT and RULE_TEXT, in their sets; else GATE_NONE */
  tide_span field, text; /* as written */
} rule;

/* Rows that are all needed: those with the same file, campaign and rule, or a single one without a
 * rule's name. */
typedef struct rule_group {
  uint32_t campaign;
  uint32_t first, count; /* of its rows */
  rule_place cost;       /* of its dearest row */
  tide_span name;
} rule_group;

struct tide_rules {
  tide_map campaigns;     /* name → number */
  tide_map group_numbers; /* what makes a group → its number */
  tide_map headers;       /* names in lower case of fields that have no tide_header_id → number */
  uint64_t header_lengths; /* bit n: some name in headers has n bytes (63: or more), so that most
                              fields need no look-up */
  rule *rows;              /* by group, cheap ones first */
  size_t count, cap;
  rule_group *groups;
  size_t group_cap;
  uint32_t *by_order; /* rows in the order in which they were read */
  uint32_t *plan;     /* groups in the order in which they are tried */
  const char **files;
  uint32_t file_count;
  unsigned needs;
  gate_set *subject_gates, *text_gates;
  const atomic_bool *stop;
  bool fold; /* search with look-alikes folded too */
  tide_arena arena;
};

#endif
