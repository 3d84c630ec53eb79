/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question: what is asked of an archive. Which bins, which groups, which mail, which table. It is
 * a value: a program fills it, asks it, and writes the table of its answer. */
#ifndef LIB_QUESTION_QUESTION_H
#define LIB_QUESTION_QUESTION_H

#include "table/changes.h"
#include "table/concentration_table.h"
#include "table/course.h"
#include "engine/engine.h"
#include "table/families_table.h"
#include "question/event.h"
#include "question/grouping.h"
#include "question/own.h"
#include "table/recovery_table.h"
#include "emit/sheet.h"
#include "table/timeline.h"

typedef struct tide_question tide_question;

/* The earliest message of the first bin, or of the last, so that a reader can look up a message
 * that is far from all others. */
typedef struct tide_count_end {
  bool any;
  int64_t bin, time;
  tide_buffer source;
  uint64_t offset;
} tide_count_end;

/* What a question has counted. */
typedef struct tide_counts {
  tide_tally *groups;
  tide_tally *total;   /* TIDE_COUNT_TOTAL: each message once, in the empty group; groups can share
                          messages */
  tide_tally *archive; /* where the type has a `day`: every dated message that it took, whatever
                          the filter says, in the empty group; messages alone */
  tide_tally *control; /* what the question's control holds for, in the empty group; NULL: none */
  tide_examples *examples;
  tide_senders *senders;      /* TIDE_COUNT_SENDERS: of the messages that were counted */
  tide_tally *receivers;      /* TIDE_COUNT_RECEIVERS: the messages of `archive` by the server that
                                 received them, in lower case; those that name none are left out */
  tide_count_end first, last; /* TIDE_COUNT_ENDS: of the messages that were counted */
} tide_counts;

enum {
  TIDE_COUNT_TOTAL = 1,
  TIDE_COUNT_ENDS = 2,
  TIDE_COUNT_TOTAL_OF_GROUPS = 4, /* TOTAL where there are groups */
  TIDE_COUNT_SENDERS = 8,
  TIDE_COUNT_RECEIVERS = 16 /* where the type has a `day` */
};

/* A kind of question, as a row of lib/question/types.c. */
typedef struct tide_question_type {
  const char *name;
  const tide_columns *columns; /* of its table, without the groups' */
  unsigned parts;              /* TIDE_PART_… that it needs beside those of groups and filter */
  unsigned counts;             /* TIDE_COUNT_… */
  unsigned wishes;             /* TIDE_PART_… that it uses if the run has what they come from */
  const char *marks; /* built-in rules whose campaigns begin so are looked for whatever rules are
                        named, and alone where none are; NULL: as for other questions */
  bool needs_event;
  bool reads_no_mail; /* its answer is the same for every archive */
  bool writes_text;   /* its answer is no table */
  bool shows_hops;    /* whose servers are whose is what it shows */
  bool shows_marks;   /* events of the calendar are in its rows: see tide_question_options */
  /* The bin of a time, as any number, and until when it lasts: times from `from` before `until`
   * have the same one. false: of a time that is not asked for. */
  bool (*bin)(const tide_question *, int64_t time, int64_t *bin, tide_bin *lasts);
  /* The day of a time, by its start, for `archive`; NULL: it is not wanted. */
  bool (*day)(const tide_question *, int64_t time, int64_t *bin, tide_bin *lasts);
  /* TIDE_USAGE if what was asked for does not go together; may be NULL. */
  tide_status (*check)(const tide_question *, tide_error *);
  /* Before any mail is read, where something is to be had ready, or heads written; may be NULL. */
  tide_status (*begin)(tide_question *, tide_error *);
  /* What workers make of records, with the question as context; NULL: they are counted. */
  const tide_sink *sink;
  /* Reads the mail by itself, in place of the one reading that answers all questions, and fills the
   * account; NULL: it does not. */
  tide_status (*ask)(tide_question *, tide_error *);
  /* Writes heads and rows of what was counted; NULL if the sink has written all. */
  tide_status (*write)(const tide_question *, const tide_extent *, tide_error *);
  void (*end)(tide_question *); /* frees `state`; may be NULL */
} tide_question_type;

extern const tide_question_type tide_question_timeline, tide_question_compare,
    tide_question_placebo, tide_question_changes, tide_question_recovery,
    tide_question_concentration, tide_question_course, tide_question_families,
    tide_question_keywords, tide_question_records, tide_question_explanation, tide_question_relays,
    tide_question_suggestions, tide_question_hits, tide_question_events;

/* Reads a rule file, or `builtin`, as a question would, and adds a line of what is in it. As
 * tide_rules_add_file; TIDE_FATAL. */
tide_status tide_rules_check(const char *path, const atomic_bool *stop, tide_buffer *,
                             tide_error *);

enum { TIDE_RECORDS_COLUMNS = 64, TIDE_LENGTHS = 16 };

/* What only some types look at. */
typedef struct tide_question_options {
  tide_own own;            /* as it was asked; and what its words say: */
  tide_timeline_rows rows; /* timeline */
  tide_timeline_unit unit;
  tide_contrast_options contrast; /* compare */
  bool history;                   /* compare: hold the interval against the archive's own dates */
  int64_t lengths[TIDE_LENGTHS];  /* compare: both windows of this length in turn, none longer than
                                     the question's; whole days */
  size_t length_count;            /* 0: the question's windows alone */
  const tide_mark *marks;         /* changes */
  size_t mark_count;
  tide_recovery_options recovery;
  tide_trust *trust; /* relays --suggest: what is found to trust is added */
  tide_sheet *rules; /* keywords: where their rule file goes; may be NULL */
  tide_field_use columns[TIDE_RECORDS_COLUMNS]; /* records */
  size_t column_count;
} tide_question_options;

struct tide_question {
  const tide_question_type *type;
  const tide_zone *zone; /* of times in the table */
  tide_binning binning;
  tide_windows windows;
  tide_grouping groups;
  uint32_t top;               /* groups that are kept; the rest is TIDE_GROUP_OTHER; 0: all */
  unsigned parts;             /* TIDE_PART_… beside those of its type and its groups */
  const tide_filter *filter;  /* of messages; may be NULL */
  const tide_filter *control; /* of messages that the event has not touched: they are counted apart,
                                 and are none of the others; only where the type has a `day`; may be
                                 NULL */
  bool has_since, has_until;  /* messages outside [since, until) are left out */
  int64_t since, until;
  const tide_bin *excluded; /* times of which messages are left out and nothing was collected */
  size_t excluded_count;
  tide_time_form times;
  const tide_calendar *calendar;
  tide_question_options options;
  void (*say)(void *context, tide_remark, const char *sentence); /* without a full stop */
  void *say_context;
  tide_sheet *sheet; /* where its table goes */
  /* Filled by tide_questions_ask. */
  const tide_run_options *run;
  void *state; /* the type's own */
  tide_counts counts;
  tide_account account;
};

/* TIDE_PART_… that must be extracted for it, those of the filter aside. */
static inline unsigned tide_question_parts(const tide_question *q) {
  return q->type->parts | q->groups.parts | q->parts;
}
/* Checks what was asked for, before any mail is read. TIDE_USAGE if it makes no sense. */
tide_status tide_question_check(const tide_question *, tide_error *);
/* Reads the archive once for all questions, one to TIDE_SINKS_MAX; each counts, or writes rows
 * into its sheet. `run` is borrowed until tide_question_free. Groups then have their names
 * (templates) and no more than `top` of them are left. The questions' accounts are filled in every
 * case. As tide_run. */
tide_status tide_questions_ask(tide_question *const *, size_t count, const tide_run_options *run,
                               tide_error *);
/* Writes what the reading has not written: for most questions the whole table, heads first. A table
 * that would be too large is refused before anything is written. TIDE_USAGE if the archive has no
 * answer, for example if the event is outside of it. */
tide_status tide_question_write(const tide_question *, tide_error *);
/* Frees what was counted. */
void tide_question_free(tide_question *);

/* The columns of `records` where none are asked for: all fields that are columns. Those of `parts`
 * that `without` names are left out of *parts, and stay empty. */
void tide_question_all_columns(tide_question *, unsigned without, unsigned *parts);

/* What --coverage adds after the columns: a tide_account's. */
extern const tide_columns tide_coverage_columns;

#endif
