/* Tables: typed columns and rows of values, ready for an emitter. */
#ifndef SPAMTIDE_TABLE_H
#define SPAMTIDE_TABLE_H

#include "spamtide/arena.h"
#include "spamtide/bin.h"
#include "spamtide/buffer.h"
#include "spamtide/example.h"
#include "spamtide/status.h"
#include "spamtide/relays.h"
#include "spamtide/tally.h"
#include "spamtide/value.h"
#include "spamtide/zone.h"

typedef struct tide_column {
  const char *name;
  const char *help; /* its meaning, for help, man pages and docs */
} tide_column;

/* Rows go to whoever wants them, one at a time; row and its text live until the call returns. */
typedef struct tide_row_writer {
  tide_status (*row)(void *context, const tide_value *row, size_t count, tide_error *);
  void *context;
} tide_row_writer;

/* The event and what is compared with what, in seconds since the epoch. Before is [event - before, event), after is
 * [event + washout, event + washout + after). */
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
/* Of an instant: never DURING. Of a bin: BEFORE or AFTER only where all of it lies in that window. */
tide_period tide_windows_period_at(const tide_windows *, int64_t time);
tide_period tide_windows_period_of(const tide_windows *, tide_bin);

/* timeline: one row per bin and group. */
typedef struct tide_timeline {
  const tide_binning *binning;
  const tide_windows *windows;
  bool has_since, has_until;
  int64_t since, until;     /* bins are shown from since and before until even where there is no mail */
  size_t group_values;      /* values in a group: columns between period and messages */
} tide_timeline;

extern const tide_column tide_timeline_columns[];
enum { TIDE_TIMELINE_FIXED_BEFORE = 2, TIDE_TIMELINE_FIXED_AFTER = 3 };
/* Columns: bin_start, period, [group columns], messages, bytes, origins. The tally's bins are bin starts. TIDE_FATAL where there would be more than
 * TIDE_LIMIT_ROWS rows. */
tide_status tide_timeline_write(const tide_timeline *, const tide_tally *, const tide_row_writer *, tide_error *);

/* compare: one row per group and unit. The tally's bins are TIDE_PERIOD_BEFORE and TIDE_PERIOD_AFTER; `total` holds each message once, in
 * the empty group. */
typedef struct tide_compare {
  const tide_windows *windows; /* all of it set */
  size_t group_values;
} tide_compare;

extern const tide_column tide_compare_columns[];
enum { TIDE_COMPARE_FIXED_AFTER = 17 };
tide_status tide_compare_write(const tide_compare *, const tide_tally *total, const tide_tally *groups, const tide_row_writer *,
                               tide_error *);

/* relays: one row per host, role and depth, those that stand in most messages first; `top` (0: all) rows at most. `messages` are those of the archive. */
extern const tide_column tide_relays_columns[];
enum { TIDE_RELAYS_COLUMNS = 11 };
tide_status tide_relays_write(const tide_relays *, uint64_t messages, uint64_t top, const tide_zone *zone, const tide_row_writer *, tide_error *);

/* Who looks like a server of ours, or like somebody who forwards to one. */
typedef enum tide_hint_kind { TIDE_HINT_NONE, TIDE_HINT_TRUST, TIDE_HINT_FORWARDER } tide_hint_kind;
typedef struct tide_hint {
  tide_hint_kind kind;
  tide_ip address;
  uint64_t messages;
  char name[256];   /* looked up or claimed; cut; empty where there is none */
  char reason[256]; /* one sentence without a full stop, with its counts */
} tide_hint;
/* All hints of an archive of so many messages, own servers first, then by messages; *out is the caller's to free. Evidence, in this order: our own program
 * fetched mail from it; it bears the name of a server that received for us and passes on the mail of several others; its name is of our servers' domain and it passes on the mail of several
 * others (all TRUST); it passes on the mail of many (FORWARDER: an alias service, a mailing list, or ours). */
tide_status tide_relays_hints(const tide_relays *, uint64_t messages, tide_hint **out, size_t *count);

/* The group of all messages, in tables that hold a total. */
#define TIDE_GROUP_ALL "(all)"
#define TIDE_GROUP_OTHER "(other)"

/* A copy of `from` that keeps the `top` groups with the most messages and puts the rest into TIDE_GROUP_OTHER. */
tide_status tide_tally_top(const tide_tally *from, uint32_t top, size_t group_values, tide_tally **out);

/* What a template's group has beside its name, as columns behind it. */
enum { TIDE_TEMPLATE_COLUMNS = 2 };
extern const char *const tide_template_columns[TIDE_TEMPLATE_COLUMNS];
/* A copy of `from` in which signatures became groups of near-identical messages (tide_signature_group): where templates[i] is true, the i-th of group_values values is
 * a signature that stands in `examples`, or a word for what has none, and becomes name, subject and place of the group's example. The result depends on what was counted
 * alone, not on order, split or merge. TIDE_FATAL when memory is out. */
tide_status tide_tally_templates(const tide_tally *from, const tide_examples *examples, const bool *templates, size_t group_values, tide_tally **out);

#endif
