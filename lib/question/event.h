/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events: the built-in calendar of takedowns, and what a person writes after --event. */
#ifndef LIB_QUESTION_EVENT_H
#define LIB_QUESTION_EVENT_H

#include "base/status.h"
#include "base/zone.h"

typedef struct tide_event {
  tide_span name, time, precision, kind, title, source; /* columns of lib/data/takedowns.csv */
} tide_event;

typedef struct tide_calendar tide_calendar;

/* Reads lib/data/takedowns.csv, or a file of the same form. */
tide_status tide_calendar_read(tide_calendar **out, tide_span csv, tide_error *);
size_t tide_calendar_count(const tide_calendar *);
const tide_event *tide_calendar_event(const tide_calendar *, size_t index);
const tide_event *tide_calendar_find(const tide_calendar *, tide_span name);
void tide_calendar_free(tide_calendar *);

/* A calendar name, or whatever tide_when_parse takes; *zoned as there: a day of the calendar has no
 * zone either. */
tide_status tide_event_parse(const tide_calendar *, tide_span text, const tide_zone *zone,
                             int64_t *out, bool *zoned, tide_error *);

#endif
