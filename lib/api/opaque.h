/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes after the opaque types of include/spamtide/. */
#ifndef LIB_API_OPAQUE_H
#define LIB_API_OPAQUE_H

#include "base/arena.h"
#include "request/request.h"
#include "spamtide/spamtide.h"

/* Values of options, with the text that they borrow. */
typedef struct tide_words {
  const tide_option_group *const *groups;
  tide_settings settings;
  tide_arena text;
} tide_words;

/* Options without those of `but` (may be NULL) are set, by name. */
tide_status tide_words_set(tide_words *, const tide_option_group *const *but, const char *option,
                           const char *value, tide_error *);
void tide_words_free(tide_words *);

/* Is the group among those, NULL at the end? `groups` may be NULL. */
bool tide_groups_have(const tide_option_group *const *groups, const tide_option_group *);

struct tide_query {
  const tide_request_kind *kind;
  tide_words words;
  tide_write *write;
  tide_take_row *heads, *row;
  void *out; /* of write, heads and row */
  tide_say *say;
  void *say_context;
  tide_value *cells; /* of the row that is shown */
  size_t cell_room;
  /* While it is asked. */
  tide_settings asked;
  tide_request request;
  /* When it was asked. */
  tide_account account;
  tide_error error;
};

struct tide_row {
  const char *const *names, *const *helps; /* helps may be NULL, and each of them */
  const tide_value *cells;                 /* NULL: all are empty */
  size_t count;
};

/* Rows as bytes: workers make them side by side, as they make text, and tide_cells_take shows
 * them to the query's callbacks when it is their turn. Not for files: the bytes hold addresses. */
extern const tide_emitter tide_emit_cells;
tide_status tide_cells_take(void *query, tide_span rows, tide_error *);

/* The numbers of an account. */
extern const tide_columns tide_counts_columns;

#endif
