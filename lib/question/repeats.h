/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which Message-IDs an archive holds more than once: only of their messages the text has to be read
 * to find duplicates. */
#ifndef LIB_QUESTION_REPEATS_H
#define LIB_QUESTION_REPEATS_H

#include "engine/engine.h"

/* Reads the headers of all mail once, and lets run->duplicates know. Where there are more than
 * `most` (0: TIDE_LIMIT_DUPLICATES) it lets it know nothing: then all texts are read. As tide_run.
 */
tide_status tide_repeats_read(const tide_run_options *run, uint64_t most, tide_error *);

#endif
