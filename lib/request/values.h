/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the words of options to the values that a question has. */
#ifndef LIB_REQUEST_VALUES_H
#define LIB_REQUEST_VALUES_H

#include "question/event.h"
#include "request/kind.h"

/* The columns of `records`: all, or those that were asked for, and what they need. */
tide_status tide_request_columns(const tide_option_list *asked, const tide_reading_settings *,
                                 tide_question *, unsigned *parts, tide_error *);
/* TIDE_PART_… that this reading does not have, or that cost too much where nobody asks for them. */
unsigned tide_request_without(bool templates, const tide_reading_settings *);
/* TIDE_USAGE if parts (of fields that were asked for by name) need a table that was not given.
 */
tide_status tide_request_tables_check(const tide_reading_settings *, unsigned parts, tide_error *);
/* The calendar's takedowns and returns; placebos are none. *out is the caller's to free. */
tide_status tide_request_marks(const tide_calendar *, const tide_zone *, tide_mark **out,
                               size_t *count, tide_error *);

/* What each kind takes of its own options. TIDE_USAGE. Words are borrowed. */
tide_status tide_fill_timeline(const tide_settings *, tide_question_options *, tide_error *);
tide_status tide_fill_compare(const tide_settings *, tide_question_options *, tide_error *);
tide_status tide_fill_course(const tide_settings *, tide_question_options *, tide_error *);
tide_status tide_fill_recovery(const tide_settings *, tide_question_options *, tide_error *);
tide_status tide_fill_families(const tide_settings *, tide_question_options *, tide_error *);

/* relays --suggest is a question of its own. */
const tide_question_type *tide_instead_of_relays(const tide_settings *);

/* What questions take where they are not told. */
void tide_prepare_compare(tide_settings *);
void tide_prepare_concentration(tide_settings *);
void tide_prepare_families(tide_settings *);
void tide_prepare_explain(tide_settings *);

#endif
