/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine: runs sources through extractors into a sink, over several workers, with the same
 * result for any number of them. */
#ifndef LIB_ENGINE_ENGINE_H
#define LIB_ENGINE_ENGINE_H

#include "base/bin.h"
#include "base/stop.h"
#include "extract/extractor.h"
#include "record/duplicates.h"
#include "rules/filter.h"
#include "tally/leader.h"
#include "source/source.h"

/* Where a message ends up: exactly one of these. */
typedef enum tide_fate {
  TIDE_FATE_COUNTED,
  TIDE_FATE_FILTERED,
  TIDE_FATE_UNDATED,
  TIDE_FATE_DAMAGED,
  TIDE_FATE_UNDECIDED, /* a pattern of the filter met its limit: see tide_filter_decide */
  TIDE_FATE_DUPLICATE, /* a copy of an earlier message, which the run leaves out */
  TIDE_FATE_COUNT,
  TIDE_FATE_OUTSIDE /* filtered because of its time; an account counts it as FILTERED */
} tide_fate;

extern const char *const tide_fate_names[TIDE_FATE_COUNT];

/* What happened to everything that went in. read = the sum of fates. */
typedef struct tide_account {
  uint64_t read, fates[TIDE_FATE_COUNT];
  uint64_t outside; /* of those filtered: of a time that is not asked for */
  uint64_t bytes_read, files_read;
  uint64_t defects[32]; /* messages with each defect, by TIDE_DEFECT_INDEX_… */
  uint64_t passed[TIDE_PASSED_COUNT];
  uint64_t troubles; /* mailboxes and files that could not be read */
  unsigned looked;   /* TIDE_PART_… that were extracted */
  uint64_t without_origin,
      without_network; /* of those counted, where the part was extracted: unknown origin; origin in
                          no network of --asn's tables */
  uint64_t with_defects; /* of those counted: with any */
  tide_leaders leaders;  /* origins of all messages that have one, whatever the filter says */
  bool dated; /* some message had a time within since and until, whatever the filter says */
  int64_t first, last; /* times of the first and the last of them */
} tide_account;

/* What a run makes of records. One state per worker; no two workers ever share one. */
typedef struct tide_sink {
  void *context;
  unsigned parts;            /* TIDE_PART_… that it needs, those of the filter aside */
  const tide_filter *filter; /* messages for which it does not hold are filtered; may be NULL */
  bool has_since, has_until; /* messages outside [since, until) are left out */
  int64_t since, until;
  const tide_bin *excluded; /* and those inside one of these */
  size_t excluded_count;
  tide_status (*open)(void *context, void **worker, tide_error *);
  /* One record, and what it was made from: *fate is COUNTED, FILTERED, OUTSIDE or UNDECIDED; called
   * for UNDATED ones only where wants_undated is set. Defects that only the sink meets are added to
   * the record's. */
  tide_status (*record)(void *worker, tide_record *, const tide_extraction *, tide_fate *fate,
                        tide_error *);
  /* After each batch, one worker at a time and in the order of the archive; may be NULL. */
  tide_status (*flush)(void *worker, tide_error *);
  /* After the last batch, one worker after the other: merges into context. Called for every worker
   * that open succeeded for, and must free it even where the run failed (`failed`). */
  tide_status (*close)(void *worker, bool failed, tide_error *);
  bool wants_undated;
} tide_sink;

typedef struct tide_run_options {
  const char *const *paths;
  size_t path_count;
  tide_feed_options feed;
  unsigned jobs; /* worker threads, 1..TIDE_LIMIT_JOBS */
  tide_extract_options extract;
  tide_duplicates *duplicates; /* NULL if duplicates are not asked for. It is emptied for each run;
                                  sinks do not see the messages that it leaves out */
  tide_field_context fields;
  const atomic_bool *stop; /* may be NULL; once true the run ends with TIDE_END */
  /* Called from the calling thread only, a few times a second while the run goes on; may be NULL.
   * total is 0 if it is not known. */
  void (*progress)(void *context, uint64_t bytes, uint64_t total_bytes, uint64_t files,
                   uint64_t total_files, uint64_t messages);
  /* A file that could not be read; in the order of the archive; one call at a time. */
  void (*trouble)(void *context, const char *text);
  void *context;
} tide_run_options;

enum { TIDE_SINKS_MAX = 16 };

/* Reads to the end, once for all sinks (1 to TIDE_SINKS_MAX). TIDE_OK; TIDE_END if it was stopped;
 * TIDE_USAGE; TIDE_FATAL. accounts[i], the i-th sink's, is filled in every case: the counts of what
 * was read are the same in all, those of what became of it differ. */
tide_status tide_run(const tide_run_options *, const tide_sink *const *sinks, size_t count,
                     tide_account *accounts, tide_error *);

/* The number of processors that this process may use. */
unsigned tide_processors(void);

#endif
