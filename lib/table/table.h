/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables: typed columns and rows of values, ready for an emitter. */
#ifndef LIB_TABLE_TABLE_H
#define LIB_TABLE_TABLE_H

#include "base/arena.h"
#include "base/bin.h"
#include "base/buffer.h"
#include "table/column.h"
#include "stats/pool.h"
#include "tally/example.h"
#include "record/field.h"
#include "base/status.h"
#include "tally/relays.h"
#include "tally/tally.h"
#include "base/stop.h"
#include "base/value.h"
#include "base/zone.h"

/* A group of a table: where it is counted, and the row whose first cells are its values. */
typedef struct tide_table_group {
  const tide_tally *tally;
  uint32_t number; /* in the tally; a number that is not there was not counted */
  tide_value *row;
} tide_table_group;

/* The event and what is compared with what, in seconds since the epoch. Before is [event - before,
 * event), after is [event + washout, event + washout + after). */
typedef struct tide_windows {
  bool has_event;
  int64_t event;
  bool has_before, has_after; /* else everything on that side */
  int64_t before, after, washout;
} tide_windows;

typedef enum tide_period {
  TIDE_PERIOD_NONE,
  TIDE_PERIOD_BEFORE,
  TIDE_PERIOD_DURING,
  TIDE_PERIOD_AFTER,
  TIDE_PERIOD_OUTSIDE
} tide_period;

const char *tide_period_name(tide_period);
/* Of an instant: never DURING. Of a bin: BEFORE or AFTER only where all of it is in that window.
 */
tide_period tide_windows_period_at(const tide_windows *, int64_t time);
tide_period tide_windows_period_of(const tide_windows *, tide_bin);

/* The slot of 24 hours that a time is in: -1, -2, ... count back from the event, 0, 1, ... on
 * from the end of the washout; false outside both windows, which must both be set. The outermost
 * slots may be cut short by their windows. *lasts is when the slot begins and ends. */
bool tide_windows_slot(const tide_windows *, int64_t time, int64_t *slot, tide_bin *lasts);

/* The archive as far as it was read: of all its mail, --where left aside. */
typedef struct tide_extent {
  bool any;
  int64_t first, last;       /* times of its first and last message */
  bool has_since, has_until; /* the archive is whole from there and until there; without them its
                                first and its last day may not be */
  int64_t since, until;
  const tide_tally *days;   /* each message in its day, by the start of it, in the empty group; NULL
                               where they were not counted */
  const tide_bin *excluded; /* times that count as not collected */
  size_t excluded_count;
} tide_extent;

/* What the archive covers, as far as anybody can know: from since, where its first message comes
 * within a day of it, else from its first message; and likewise to until (which it leaves out) or
 * its last message (which it holds). since_holds and until_holds say which. */
typedef struct tide_cover {
  int64_t begin, end; /* [begin, end) */
  bool since_holds, until_holds;
} tide_cover;
tide_cover tide_extent_cover(const tide_extent *);

/* Why not to trust a row, in the order of the column `cautions`. */
typedef enum tide_caution {
  TIDE_CAUTION_WEEKS,
  TIDE_CAUTION_CLIPPED,
  TIDE_CAUTION_GAP,
  TIDE_CAUTION_EMPTY_DAYS,
  TIDE_CAUTION_RECEIVER,
  TIDE_CAUTION_NOTHING_BEFORE,
  TIDE_CAUTION_NO_INTERVAL,
  TIDE_CAUTION_NO_HISTORY,
  TIDE_CAUTION_BURSTS,
  TIDE_CAUTION_SLOPE,
  TIDE_CAUTION_PERSISTENT,
  TIDE_CAUTION_PEAK,
  TIDE_CAUTION_CONTROL_EMPTY,
  TIDE_CAUTION_CONTROL_APART,
  TIDE_CAUTION_CONTROL_UNKNOWN,
  TIDE_CAUTION_FEW_PLACEBOS,
  TIDE_CAUTION_OPEN,
  TIDE_CAUTION_CHANCE,
  TIDE_CAUTION_WEEKLY_CYCLE,
  TIDE_CAUTION_WANDERS,
  TIDE_CAUTION_COUNT
} tide_caution;
const char *tide_caution_name(tide_caution);

/* A set of cautions, 1 << caution each; of those that hold. */
enum { TIDE_CAUTIONS_TEXT = 256 };
unsigned tide_cautions_set(const bool holds[TIDE_CAUTION_COUNT]);
void tide_cautions_write(unsigned set, char out[TIDE_CAUTIONS_TEXT]);
unsigned tide_cautions_read(tide_span text);

/* Of the rows of one table. */
typedef struct tide_caution_count {
  uint32_t rows, with[TIDE_CAUTION_COUNT];
} tide_caution_count;
void tide_cautions_count(tide_caution_count *, unsigned set);
/* One sentence for each caution that a row has. */
void tide_cautions_say(const tide_caution_count *, void (*say)(void *context, const char *text),
                       void *context);

/* Servers that stopped while others went on: table/receivers.h. */
typedef struct tide_receiver_gaps tide_receiver_gaps;

/* Of the groups of one table. */
typedef struct tide_compare_summary {
  uint32_t groups;  /* that have rows */
  uint32_t too_few; /* that no outcome could have made significant: with so few messages, or such
                       a reference */
  uint32_t cautions[TIDE_CAUTION_COUNT]; /* groups with each, in any of their rows */
} tide_compare_summary;

/* compare: one row per group and unit. The tally's bins are slots (tide_compare_slot); `total`
 * holds each message once, in the empty group. */
typedef struct tide_compare {
  const tide_windows *windows; /* all of it set */
  const tide_extent *extent;   /* the windows are clipped to it; its days are days of 24 hours from
                                  the event, as far as tide_compare_reach */
  size_t group_values;
  tide_contrast_options contrast;
  tide_span unit; /* the one that is shown; empty: all */
  bool history;   /* is the interval held against the archive's earlier dates (stats/reference.h)?
                   */
  const tide_pool_known *pool; /* how groups wander (stats/pool.h); NULL: as its own days show */
  const tide_zone *zone;       /* of first and last days; NULL: UTC */
  const tide_tally *control; /* counts of what the event has not touched, in the empty group and the
                                same bins: changes are relative to its change; NULL: none */
  int64_t lead; /* part of the washout of which bins are counted as if it were the begin of the
                   window after: whole days, for course */
  tide_compare_summary *summary; /* filled by tide_compare_write, said by tide_compare_cautions; may
                                    be NULL */
  const tide_caution_count *counted; /* of the rows that were written; may be NULL */
  tide_receiver_gaps *receivers;     /* may be NULL */
  const atomic_bool *stop;           /* may be NULL; once true writing ends with TIDE_END */
} tide_compare;

/* The slot of tide_windows_slot, and for the days before the window that the archive's earlier
 * dates are made of one below TIDE_TALLY_ASIDE: day -n before the event is TIDE_TALLY_ASIDE - n.
 * false: of no use. */
bool tide_compare_slot(const tide_windows *, int64_t time, int64_t *slot, tide_bin *lasts);
/* The times that tell of gaps in windows and history. */
tide_bin tide_compare_reach(const tide_windows *);

extern const tide_columns tide_compare_columns;
/* The units that it has rows for, as --unit takes them; NULL at the end. */
extern const char *const tide_compare_units[];
/* A window that reaches beyond the archive ends with its last whole slot, or, where no slot is
 * whole, has one; where nothing of it is in the archive it has none. One within a day of the
 * archive's first or last message does not reach beyond it, since mail comes when it comes. Where
 * since or until holds (tide_extent_cover), the window ends there. */
tide_windows tide_windows_clip(const tide_windows *, const tide_extent *);
tide_status tide_compare_write(const tide_compare *, const tide_tally *total,
                               const tide_tally *groups, const tide_row_writer *, tide_error *);

/* Calls say for each reason not to trust a comparison of messages, as one sentence without a full
 * stop, which begins with its code where there is one: windows that are no whole weeks, days
 * without mail, windows that were clipped, a slope before the event, one day that carries the
 * result, a method that presumes independent messages. At the end it says what codes mean that
 * are in rows alone (`counted`), of groups and other units. TIDE_FATAL when out of memory. */
tide_status tide_compare_cautions(const tide_compare *, const tide_tally *total,
                                  void (*say)(void *context, const char *text), void *context,
                                  tide_error *);

/* placebo: the comparison of messages at all dates a whole number of days from the event; bins are
 * days from the event, which tide_day_of gives. Windows and washout are whole days. */
typedef struct tide_placebo {
  const tide_windows *windows;
  size_t group_values;
  const tide_zone *zone;         /* of the dates in the output */
  const tide_tally *control;     /* as compare's */
  tide_receiver_gaps *receivers; /* may be NULL */
} tide_placebo;

/* floor((time - event) / 24 hours). */
int64_t tide_day_of(int64_t event, int64_t time);
/* The first day that begins at that time or later. */
int64_t tide_day_from(int64_t event, int64_t time);

extern const tide_columns tide_placebo_columns;
/* TIDE_USAGE if the event's own windows do not lie within the archive, TIDE_FATAL if there
 * would be more than TIDE_LIMIT_PLACEBOS dates or TIDE_LIMIT_PLACEBO_ROWS rows. */
tide_status tide_placebo_write(const tide_placebo *, const tide_tally *total,
                               const tide_tally *groups, const tide_extent *,
                               const tide_row_writer *, tide_error *);

/* relays: one row per host, role and depth, those that are in most messages first; `top` (0: all)
 * rows at most. `messages` are those of the archive. */
extern const tide_columns tide_relays_columns;
tide_status tide_relays_write(const tide_relays *, uint64_t messages, uint64_t top,
                              const tide_zone *zone, const tide_row_writer *, tide_error *);

/* Who looks like a server of ours, or like somebody who forwards to one. */
typedef enum tide_hint_kind { TIDE_HINT_NONE, TIDE_HINT_TRUST, TIDE_HINT_FORWARDER } tide_hint_kind;
typedef struct tide_hint {
  tide_hint_kind kind;
  tide_ip address;
  uint8_t bits; /* of a network, its prefix length; 0: one address */
  uint64_t messages;
  char name[256];   /* looked up or claimed; cut; empty if there is none */
  char reason[256]; /* one sentence without a full stop, with its counts */
} tide_hint;
/* What is to be trusted, as text for --trust; returns its length. */
size_t tide_hint_text(const tide_hint *, char out[TIDE_IP_TEXT]);
/* All hints of an archive of so many messages, own servers first, then by messages; *out is the
 * caller's to free. Evidence, in this order: our own program fetched mail from it; it bears the
 * name of a server that received for us and passes on the mail of several others; its name is of
 * our servers' domain and it passes on the mail of several others; it hands over nearly all the
 * archive (all TRUST); it passes on the mail of many (FORWARDER: an alias service, a mailing list,
 * or ours). Hosts of one /24 or /64 with names of one domain, none of which carries enough, are
 * judged together. */
tide_status tide_relays_hints(const tide_relays *, uint64_t messages, tide_hint **out,
                              size_t *count);

/* The group of all messages, in tables that hold a total. */
#define TIDE_GROUP_ALL   "(all)"
#define TIDE_GROUP_OTHER "(other)"

/* A copy of `from` that keeps the `top` groups with the most messages and puts the rest into
 * TIDE_GROUP_OTHER. */
tide_status tide_tally_top(const tide_tally *from, uint32_t top, size_t group_values,
                           tide_tally **out);

/* What groups have beside their name, as columns after it. */
extern const tide_columns tide_template_columns, tide_fingerprint_columns;
/* Those of a field; NULL if nothing is beside its groups. */
const tide_columns *tide_example_columns(const tide_field *);
/* A copy of `from` in which groups got what is beside them, and signatures became groups of
 * near-identical messages (tide_signature_group): where shown[i] is true, the i-th of group_values
 * values is a key of `examples` (a signature or another), or a word for what has none, and becomes
 * name, text and place of the group's example. The result depends on what was counted alone, not on
 * order, split or merge. The examples are freed before the copy is made, so that the two never
 * are side by side. TIDE_FATAL when out of memory, TIDE_END if `from` was stopped. */
tide_status tide_tally_templates(const tide_tally *from, tide_examples **examples,
                                 const bool *shown, size_t group_values, tide_tally **out);

#endif
