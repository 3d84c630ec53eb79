/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters of a Content-Type field. */
#ifndef LIB_EXTRACT_PARAMETER_H
#define LIB_EXTRACT_PARAMETER_H

#include "base/span.h"

/* The value of a parameter (RFC 2045 5.1), without its quotes; ptr NULL where it is not there. */
tide_span tide_header_parameter(tide_span value, tide_span name);

#endif
