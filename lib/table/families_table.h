/* SPDX-License-Identifier: GPL-3.0-or-later */
/* families: who sent, and who fell silent, as rows. */
#ifndef LIB_TABLE_FAMILIES_TABLE_H
#define LIB_TABLE_FAMILIES_TABLE_H

#include "base/stop.h"
#include "families/families.h"
#include "table/table.h"

/* What compare says of the control beside all messages. */
typedef struct tide_families_control {
  bool known;   /* is there an event, and a control to compare with? */
  bool missing; /* but it has nothing on one side of the event */
} tide_families_control;

/* Of the families, without the row of all: how many changed, and of how many of those it is not
 * known how their level wanders. */
typedef struct tide_families_changed {
  size_t all, without_history;
} tide_families_changed;

typedef struct tide_families_table {
  const tide_windows *windows; /* whole days; all of it set where there is an event, else none */
  const tide_extent *extent; /* its days are days of 24 hours from the event, else from the epoch */
  const tide_zone *zone;     /* of times in the table */
  tide_contrast_options contrast; /* as compare takes them, and */
  bool history;
  const tide_tally *control; /* counts of what the event has not touched, in the empty group and the
                                same bins: changes are relative to its change; NULL: none */
  tide_receiver_gaps *receivers;  /* may be NULL */
  tide_families_control *worth;   /* filled by tide_families_write where there is a control */
  tide_families_changed *changed; /* filled by tide_families_write where there is an event */
  tide_families_bounds *bounds;   /* filled: as of tide_families */
  const tide_senders *senders;
  tide_span marks;         /* campaigns that begin so are what a family is consistent with */
  const atomic_bool *stop; /* may be NULL; once true writing ends with TIDE_END */
} tide_families_table;

extern const tide_columns tide_families_columns;

/* One row per family (tide_families_find), the group of all first. With an event, families are in
 * the order of their part in the change of all, without one in that of their messages. Groups of
 * `groups` are fingerprints, bins of both tallies are days from the event; `total` holds each
 * message once, in the empty group.
 *
 * Change, interval and p-values are those that tide_compare_write gives the families. A family is
 * silent where the wait for its first message after the event is too long for the rate before
 * (tide_wait_p, adjusted over the families of which any wait within the window could have been
 * news). TIDE_FATAL when out of memory. */
tide_status tide_families_write(const tide_families_table *, const tide_tally *total,
                                const tide_tally *groups, const tide_row_writer *, tide_error *);

#endif
