/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which Message-IDs an archive has more than once. To find duplicates, the text must be read only
 * of messages with these IDs. */
#ifndef LIB_QUESTION_REPEATS_H
#define LIB_QUESTION_REPEATS_H

#include "engine/engine.h"

/* Reads the headers of all mail once, and passes the repeated IDs to run->duplicates. If there are
 * more than `most` (0: TIDE_LIMIT_DUPLICATES) it passes none, and all texts will be read. Returns
 * as tide_run does. */
tide_status tide_repeats_read(const tide_run_options *run, uint64_t most, tide_error *);

#endif
