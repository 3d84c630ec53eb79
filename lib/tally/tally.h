/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts by bin and group that can be added to in any order and merged in any split, with the same
 * result. */
#ifndef LIB_TALLY_TALLY_H
#define LIB_TALLY_TALLY_H

#include "base/buffer.h"
#include "record/record.h"
#include "base/status.h"
#include "base/stop.h"

typedef struct tide_tally tide_tally;

typedef struct tide_count {
  uint64_t messages, bytes, recipients;
  uint64_t origins; /* distinct addresses, exactly; messages without an origin add none */
} tide_count;

/* What is in a bin below this is kept aside: it has its counts, but is none of its group's
 * messages, by which groups are sorted and chosen. */
#define TIDE_TALLY_ASIDE (INT64_MIN / 2)

tide_status tide_tally_new(tide_tally **out);
void tide_tally_free(tide_tally *);
/* Once *stop (may be NULL) is true, what goes through all of the tally, or of a copy of it, ends
 * with TIDE_END: merging, copying, and sorting its groups. */
void tide_tally_stop_by(tide_tally *, const atomic_bool *stop);
const atomic_bool *tide_tally_stop(const tide_tally *);

/* Counts a record in (bin, group). bin is any number, such as the bin's start; group any bytes
 * (tide_group_…). Memory grows with bins × groups and their distinct origins, never with messages.
 */
tide_status tide_tally_add(tide_tally *, int64_t bin, tide_span group, const tide_record *);
/* Ends the adding: the last records are on their way until then. To be called before anything is
 * read from a tally that was added to, and before it is merged. */
tide_status tide_tally_settle(tide_tally *);
/* Adds all of `from`; with `group_map` not NULL, group g of `from` becomes the group with the bytes
 * group_map[g]. */
tide_status tide_tally_merge(tide_tally *into, const tide_tally *from, const tide_span *group_map);

/* A copy in which bin b became bin(context, b), where bin is not NULL, and groups what group_map
 * says, as above; what becomes one has its distinct origins united. Without group_map groups keep
 * their numbers; with it they have those that any such copy gives them. TIDE_FATAL when memory is
 * out. */
tide_status tide_tally_remake(const tide_tally *, const tide_span *group_map,
                              int64_t (*bin)(const void *context, int64_t bin), const void *context,
                              tide_tally **out);

/* Groups are numbered from 0 in the order of their first appearance, which depends on the split:
 * sort by bytes before writing. */
uint32_t tide_tally_group_count(const tide_tally *);
tide_span tide_tally_group(const tide_tally *, uint32_t group);
/* Messages over all bins but those kept aside. */
uint64_t tide_tally_group_messages(const tide_tally *, uint32_t group);
/* All zero where nothing was counted. */
tide_count tide_tally_count(const tide_tally *, int64_t bin, uint32_t group);
/* The cells that were counted in, bins times groups without those that have nothing: their number,
 * and of one (below that number, in no order to rely on) bin, group and counts. */
uint32_t tide_tally_cell_count(const tide_tally *);
tide_count tide_tally_cell(const tide_tally *, uint32_t cell, int64_t *bin, uint32_t *group);
/* Calls take for each bin that the group has anything in, in no order. Takes the time of those bins
 * alone. */
void tide_tally_each(const tide_tally *, uint32_t group,
                     void (*take)(void *context, int64_t bin, const tide_count *), void *context);
/* Calls take for each distinct origin of each cell, in no order. */
void tide_tally_each_origin(const tide_tally *,
                            void (*take)(void *context, int64_t bin, uint32_t group,
                                         const tide_ip *origin),
                            void *context);
/* The lowest and highest bin; false if nothing was counted. */
bool tide_tally_range(const tide_tally *, int64_t *first, int64_t *last);

/* A group of several values as bytes: each after its length, so that no value can pretend to be
 * two. */
tide_status tide_group_put(tide_buffer *group, tide_span value);
/* Takes the next value off; false at the end. */
bool tide_group_take(tide_span *group, tide_span *value);

#endif
