/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The extractors, for the registry in extractor.c. */
#ifndef LIB_EXTRACT_EXTRACTORS_H
#define LIB_EXTRACT_EXTRACTORS_H

#include "spamtide/extractor.h"

extern const tide_extractor tide_extract_time, tide_extract_origin, tide_extract_chain,
    tide_extract_identity, tide_extract_subject, tide_extract_campaign, tide_extract_url,
    tide_extract_template, tide_extract_network, tide_extract_fingerprint;

/* The value of a Content-Type parameter (RFC 2045 5.1), without its quotes; ptr NULL where it is
 * not there. */
tide_span header_parameter(tide_span value, tide_span name);

#endif
