/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison says of one unit of one group: the contrast, held against the archive's earlier
 * dates, and why not to trust it. */
#ifndef LIB_TABLE_ESTIMATE_H
#define LIB_TABLE_ESTIMATE_H

#include "slots.h"

/* Counts of both windows. */
typedef struct sides {
  tide_count before, after;
} sides;

/* The contrast of a series that tide_slots_series or tide_slots_without_peak lent. TIDE_OK also
 * if there is none: then its method is "". */
tide_status tide_estimate_make(const tide_compare *, slots *, const tide_series *, unit,
                               const sides *own, tide_contrast *out);
/* What was counted last is all: takes what groups of few messages are presumed to do. TIDE_FATAL
 * when out of memory. */
tide_status tide_estimate_presume_all(const tide_compare *, slots *);
/* The same of a group, which may wander as all groups do where its own history is too short
 * (tide_slots_pool). */
tide_status tide_estimate_group(const tide_compare *, slots *, const tide_series *, unit,
                                const sides *own, tide_contrast *out);
/* The two-sided p-value of the silence of the group counted last (tide_wait_p), which wanders as
 * its history, what is presumed, and all groups say; NaN if neither side is silent. */
double tide_estimate_wait_p(const tide_compare *, slots *);
/* The least value that this can have for that many messages, however they are split. */
double tide_estimate_least_p(const tide_compare *, const slots *, double messages);

bool tide_estimate_is_calibrated(const tide_contrast *);
/* Is the interval exact, and too narrow for messages that come in bursts? If the level may
 * wander, or a side is silent, bursts are allowed for. */
bool tide_estimate_ignores_bursts(const tide_compare *, const tide_contrast *, const sides *own);
/* Does the result depend on one day? `without` is the contrast without the largest day. */
bool tide_estimate_peak_carries(const tide_compare *, const tide_contrast *,
                                const tide_contrast *without, const slots *);
/* Do days resemble their neighbours so much that the model's interval says next to nothing? With a
 * control and a history the interval is not the model's. */
bool tide_estimate_is_persistent(const slots *, const tide_contrast *);
/* Did the level vary more over longer windows before the event, so that its history says too little
 * of how far it goes? With a trend slopes are allowed for. */
bool tide_estimate_wanders(const tide_compare *, const slots *, unit, const tide_contrast *);
bool tide_estimate_windows_are_weeks(const tide_windows *);
/* The cautions of an estimate, except nothing-before, slope and peak. */
unsigned tide_estimate_cautions(const tide_compare *, const slots *, const sides *own, unit,
                                const tide_contrast *);

/* Below this there is a caution. */
extern const double tide_estimate_slope_p;

static inline double percent(double factor) {
  return 100 * (factor - 1);
}

#endif
