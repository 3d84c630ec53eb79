/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name that somebody meant. */
#ifndef SPAMTIDE_NEAREST_H
#define SPAMTIDE_NEAREST_H

#include "spamtide/span.h"

/* The nearest of `count` names to a mistyped one, by Levenshtein's distance, or NULL where none is
 * near. */
const char *tide_nearest(tide_span typed, const char *const *names, size_t count);

#endif
