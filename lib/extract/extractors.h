/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The extractors by name, for the registry in lib/engine/extractors.c: each is defined in its room.
 */
#ifndef LIB_EXTRACT_EXTRACTORS_H
#define LIB_EXTRACT_EXTRACTORS_H

#include "extract/extractor.h"

extern const tide_extractor tide_extract_time, tide_extract_origin, tide_extract_chain,
    tide_extract_identity, tide_extract_subject, tide_extract_campaign, tide_extract_url,
    tide_extract_template, tide_extract_network, tide_extract_fingerprint, tide_extract_opinion,
    tide_extract_copy_key, tide_extract_copy_id;

#endif
