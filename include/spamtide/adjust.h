/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P-values of many tests, adjusted. */
#ifndef SPAMTIDE_ADJUST_H
#define SPAMTIDE_ADJUST_H

#include <stddef.h>

#include "spamtide/status.h"

/* Benjamini and Hochberg (1995), as R's p.adjust(p, "BH"): of the tests whose adjusted value is at
 * most q, a part of q is expected to be chance. In place; NaN stands for a test that was not made,
 * stays so and does not count. TIDE_FATAL when memory is out. */
tide_status tide_adjust_bh(double *p, size_t count);

#endif
