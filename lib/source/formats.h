/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats, for the registry in format.c. */
#ifndef LIB_SOURCE_FORMATS_H
#define LIB_SOURCE_FORMATS_H

#include "spamtide/source.h"

extern const tide_format tide_format_mbox, tide_format_mboxrd, tide_format_mboxo,
    tide_format_mboxcl, tide_format_mboxcl2;
extern const tide_format tide_format_message;

#endif
