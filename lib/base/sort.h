/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting of what may be long: qsort cannot be stopped, and a million texts take it a second. */
#ifndef LIB_BASE_SORT_H
#define LIB_BASE_SORT_H

#include "base/status.h"
#include "base/stop.h"

/* As qsort_r of glibc, but it ends with TIDE_END soon after *stop (may be NULL) became true; the
 * elements are then in no order. TIDE_FATAL when out of memory: it takes as much again as the
 * elements do. */
tide_status tide_sort(void *elements, size_t count, size_t size,
                      int (*compare)(const void *, const void *, void *context), void *context,
                      const atomic_bool *stop);

#endif
