/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold whatever is read: a mistake of ours where it does not, and none of the mail's. */
#ifndef LIB_BASE_INVARIANT_H
#define LIB_BASE_INVARIANT_H

/* Stops builds for tests (Debug, sanitizers, fuzzers) where the condition does not hold, and is
 * nothing in a release. The condition must have no effect; what input can break is an error. */
#ifdef NDEBUG
#define TIDE_INVARIANT(condition) ((void)(0 && (condition)))
#else
#include <assert.h>
#define TIDE_INVARIANT(condition) assert(condition)
#endif

#endif
