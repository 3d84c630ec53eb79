/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of lib/data/, built in. */
#ifndef LIB_BASE_DATA_H
#define LIB_BASE_DATA_H

#include "base/span.h"

extern const tide_span tide_data_takedowns;       /* takedowns.csv */
extern const tide_span tide_data_campaigns;       /* campaigns.csv */
extern const tide_span tide_data_services;        /* services.csv */
extern const tide_span tide_data_mccolo_networks; /* mccolo-networks.txt */
extern const tide_span tide_data_added_fields;    /* added-fields.csv */

#endif
