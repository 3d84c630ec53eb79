/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Campaign rules: which messages belong together, as a person wrote it down (docs/campaigns.md). */
#ifndef LIB_RULES_CAMPAIGN_H
#define LIB_RULES_CAMPAIGN_H

#include "base/arena.h"
#include "mime/message.h"
#include "record/record.h"
#include "base/status.h"
#include "base/stop.h"

typedef struct tide_rules
    tide_rules; /* immutable once all files are added; then shared by threads */
typedef struct tide_matcher tide_matcher; /* what one thread needs to match */

/* Once *stop (may be NULL, and is borrowed) is true, adding rules ends with TIDE_END. */
tide_status tide_rules_new(tide_rules **out, const atomic_bool *stop, tide_error *);
/* Adds the rules of a CSV file with the columns campaign, rule, field, pattern (others are passed
 * over). Rules of one name are those of one file. `name` stands for the file in messages:
 * TIDE_USAGE with "NAME:LINE:COLUMN: reason" for the first thing that is wrong, column in bytes;
 * what was read until then is there, so that the set is good for nothing but to be freed. */
tide_status tide_rules_add(tide_rules *, tide_span csv, const char *name, tide_error *);
/* The same of those rows alone whose campaign begins so. */
tide_status tide_rules_add_some(tide_rules *, tide_span csv, const char *name, tide_span begin,
                                tide_error *);
tide_status tide_rules_add_file(tide_rules *, const char *path, tide_error *);
void tide_rules_free(tide_rules *);

/* Campaigns are numbered in the order of their first row. The name lives as long as the rules. */
size_t tide_rules_campaign_count(const tide_rules *);
tide_span tide_rules_campaign(const tide_rules *, size_t number);
/* Rows with a pattern. */
size_t tide_rules_count(const tide_rules *);
/* TIDE_NEED_… of all rules together. */
unsigned tide_rules_needs(const tide_rules *);

/* Search subject and text a second time with look-alikes folded (tide_lookalikes_fold). Before the
 * first matcher is made. */
void tide_rules_fold_lookalikes(tide_rules *);

/* A row of a rule file, in the order in which they were read; 0 is the first. All borrowed. */
typedef struct tide_rule_row {
  const char *file;
  size_t line;
  tide_span campaign, rule, field, pattern;
} tide_rule_row;
tide_rule_row tide_rules_row(const tide_rules *, size_t index);

/* After the last file was added. The rules are borrowed until it is freed. */
tide_status tide_matcher_new(tide_matcher **out, const tide_rules *);
void tide_matcher_free(tide_matcher *);
/* The campaigns that a message matches, ascending, in the arena. */
typedef struct tide_matches {
  const uint32_t *campaigns;
  uint32_t count;
  unsigned defects; /* TIDE_DEFECT_MATCH_LIMIT where a pattern gave up, TIDE_DEFECT_LONG_HEADER
                       where a header was searched in part */
} tide_matches;
/* By the rules that the matcher was made for. record gives origin and HELO. *out is written where
 * it is TIDE_OK. TIDE_FATAL when out of memory. */
tide_status tide_rules_match(tide_matcher *, const tide_message *, const tide_record *,
                             tide_arena *, tide_matches *out);

/* Which rows match a message, and which rows belong to a rule that holds: arrays of the caller's,
 * of tide_rules_count, by row. */
typedef struct tide_row_hits {
  bool *rows, *rules;
  unsigned defects; /* as above */
} tide_row_hits;
/* Each row and rule is tried: tide_rules_match stops at the first rule of a campaign. */
tide_status tide_rules_survey(tide_matcher *, const tide_message *, const tide_record *,
                              tide_arena *, tide_row_hits *out);

/* Why a message belongs to a campaign: one row that matched, of the rule that decided. All
 * borrowed, until the call returns. */
typedef struct tide_hit {
  uint32_t campaign;
  const char *file; /* as it was named */
  size_t line;      /* where the row begins in it */
  tide_span rule, field, pattern;
  tide_span found; /* what the pattern matched */
} tide_hit;

/* Who is told; hit may be NULL. */
typedef struct tide_hit_taker {
  void (*hit)(void *context, const tide_hit *);
  void *context;
} tide_hit_taker;
/* The same as tide_rules_match, and tells each row of each rule that decided, in the order in which
 * they were tried. */
tide_status tide_rules_explain(tide_matcher *, const tide_message *, const tide_record *,
                               tide_arena *, tide_hit_taker, tide_matches *out);

#endif
