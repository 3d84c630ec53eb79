/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person sees on standard error while a run goes on, and at its end. */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stdatomic.h>

#include "engine/engine.h"

typedef struct progress {
  bool shown, terminal;
  atomic_bool line_open; /* a line without a line feed is on the terminal */
  double started, last;
} progress;

/* when: "auto" (on a terminal), "always" or "never". */
void progress_open(progress *, const char *when);
/* For tide_run_options: context is the progress. */
void progress_show(void *context, uint64_t bytes, uint64_t total_bytes, uint64_t files,
                   uint64_t total_files, uint64_t messages);
void progress_trouble(void *context, const char *text);
/* Removes the line. */
void progress_close(progress *);
/* The line of account, and before it one on limits that were reached. */
void progress_account(const tide_account *);

/* What the account calls defects, and files that were passed over. */
typedef struct passed_noun {
  const char *one, *many;
} passed_noun;
extern const char *const defect_names[TIDE_DEFECT_COUNT];
extern const passed_noun passed_nouns[TIDE_PASSED_COUNT];

#endif
