/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of files at the end of a 7z, looked at before libarchive holds all of it. */
#ifndef LIB_SOURCE_LISTING_H
#define LIB_SOURCE_LISTING_H

#include "input.h"

typedef struct tide_listing {
  uint64_t memory; /* what unpacking the 7z takes at most, as far as that can be told: the largest
                    * window or model of PPMd */
  bool more;       /* something follows its end */
} tide_listing;

/* Checks that the 7z lists at most TIDE_LIMIT_LISTED files, in at most TIDE_LIMIT_LIST bytes. It is
 * `held` in memory or, if held.ptr is NULL, read from `in`, whose position does not change. TIDE_OK
 * also if the list cannot be read: then libarchive cannot read it either. TIDE_FAIL: *err says what
 * is too much. TIDE_FATAL: out of memory. */
tide_status tide_listing_check(tide_span held, const tide_input *in, tide_listing *out,
                               tide_error *err);

#endif
