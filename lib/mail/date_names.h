/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of months, days of the week and zones that dates of mail hold beside the English ones. */
#ifndef LIB_MAIL_DATE_NAMES_H
#define LIB_MAIL_DATE_NAMES_H

#include "base/span.h"

/* A month's number, 1 to 12, or 0: the word is the name, or three letters or more that begin it, in
 * a large European language; its letters in UTF-8, in the charset of eight bits that its country
 * used (ISO-8859-1, -2, -5, -7, -9, -13, KOI8, Windows-1250 to 1254 and 1257, code page 866), or
 * one of those taken for Latin-1 and written as UTF-8. What begins names of several months is none.
 * *other: the month that it is in a smaller language, or 0: "lis" is October in Croatian, and
 * November for all others. Names in other scripts than Latin, Greek and Cyrillic, and Kazakh's,
 * count whole and in UTF-8. */
int tide_month_named(tide_span word, int *other);
/* The same for days of the week from two letters on: Monday is 1; -1 where it is one of several. */
int tide_weekday_named(tide_span word);
/* A zone of several words that s begins with, as Windows names them ("W. Europe Daylight Time") or
 * people do ("Central European Time"): how many bytes they are, or 0; *known, and then *minutes
 * east of UTC. */
size_t tide_zone_words(tide_span s, bool *known, int *minutes);

#endif
