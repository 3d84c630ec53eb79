/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the date of a Received field is. */
#ifndef LIB_HOPS_RECEIVED_DATE_H
#define LIB_HOPS_RECEIVED_DATE_H

#include "received_words.h"

/* The last `;` outside of comments and quotes: after it is the date. s.len: there is none. */
size_t tide_received_date(tide_span s);
/* Where no `;` says so: does a date begin with the word, which s comes after ("Thu, 20 Feb 2003",
 * "Thu Feb 20", "20 Feb 2003")? */
bool tide_received_date_begins(tide_span word, tide_scanner s);

#endif
