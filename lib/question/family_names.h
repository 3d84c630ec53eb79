/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The families of an archive by name, for the field `family`: known when all mail has been read. */
#ifndef LIB_QUESTION_FAMILY_NAMES_H
#define LIB_QUESTION_FAMILY_NAMES_H

#include "engine/engine.h"
#include "families/families.h"

/* Zero-initialised is empty. */
typedef struct tide_family_names {
  tide_senders *senders;
  tide_families families;
  tide_family_table table; /* what a tide_field_context lends: lives as long as this */
} tide_family_names;

/* Reads the mail once for it: all that there is, whatever is asked of it. tide_family_names_free
 * when done, whatever is returned. As tide_run. */
tide_status tide_family_names_read(const tide_run_options *, tide_family_names *out, tide_error *);
void tide_family_names_free(tide_family_names *);

/* Says of each limit that was reached what that means for the families. */
void tide_families_bounds_say(const tide_families_bounds *,
                              void (*say)(void *context, tide_remark, const char *sentence),
                              void *context);

#endif
