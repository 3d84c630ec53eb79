/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of a Content-Type field. */
#ifndef LIB_EXTRACT_PARAMETER_H
#define LIB_EXTRACT_PARAMETER_H

#include "base/span.h"

/* The values of the parameters that have these names (RFC 2045 5.1), without their quotes, the
 * first of each name; ptr NULL if one is not there. */
void tide_header_parameters(tide_span value, const tide_span names[], size_t count,
                            tide_span values[]);

#endif
