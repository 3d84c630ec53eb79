/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data section of a MaxMind database (MaxMind DB File Format 2.0, "Output Data Section"): can
 * it be read safely? */
#ifndef LIB_NETWORKS_MMDB_DATA_H
#define LIB_NETWORKS_MMDB_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"

/* libmaxminddb 1.7 goes as deep as values nest when it looks for one (2 million levels end the
 * program), and lists what pointers name as often as they name it (2^40 values from 300 bytes). So
 * what it is asked to read is looked through before. Zero-initialised except the section itself.
 */
typedef struct mmdb_data {
  const uint8_t *bytes;
  size_t size;
  size_t walked;      /* bytes of values that were looked at */
  tide_pair_map seen; /* places of values found whole */
} mmdb_data;

/* Is the value at a place whole, with all that its pointers lead to? TIDE_USAGE if not:
 * something ends beyond the section, is of no known type, is nested too deep, or is in a circle.
 * Takes time in proportion to the section's size, however often it is asked. */
tide_status tide_mmdb_data_check(mmdb_data *, uint32_t place);
void tide_mmdb_data_free(mmdb_data *);

#endif
