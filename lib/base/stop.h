/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flag by which somebody outside ends a long step: a signal, or another thread. */
#ifndef LIB_BASE_STOP_H
#define LIB_BASE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Is it set? The flag may be NULL, which never is. It costs a load from the cache: a loop asks in
 * each turn. */
static inline bool tide_stopped(const atomic_bool *stop) {
  return stop && atomic_load_explicit(stop, memory_order_relaxed);
}

#endif
