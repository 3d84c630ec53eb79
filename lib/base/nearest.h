/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name that somebody meant. */
#ifndef LIB_BASE_NEAREST_H
#define LIB_BASE_NEAREST_H

#include "base/span.h"

/* The nearest of `count` names to a mistyped one, by Levenshtein's distance, or NULL if none is
 * near. */
const char *tide_nearest(tide_span typed, const char *const *names, size_t count);

#endif
