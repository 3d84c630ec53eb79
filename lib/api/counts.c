/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of an account by name, which are the names of the file of --account. */
#include "opaque.h"

TIDE_GETTER(tide_account, read, tide_value_uint(r->read))
TIDE_GETTER(tide_account, counted, tide_value_uint(r->fates[TIDE_FATE_COUNTED]))
TIDE_GETTER(tide_account, filtered, tide_value_uint(r->fates[TIDE_FATE_FILTERED]))
TIDE_GETTER(tide_account, undated, tide_value_uint(r->fates[TIDE_FATE_UNDATED]))
TIDE_GETTER(tide_account, damaged, tide_value_uint(r->fates[TIDE_FATE_DAMAGED]))
TIDE_GETTER(tide_account, undecided, tide_value_uint(r->fates[TIDE_FATE_UNDECIDED]))
TIDE_GETTER(tide_account, duplicate, tide_value_uint(r->fates[TIDE_FATE_DUPLICATE]))
TIDE_GETTER(tide_account, outside, tide_value_uint(r->outside))
TIDE_GETTER(tide_account, without_origin, tide_value_uint(r->without_origin))
TIDE_GETTER(tide_account, without_network, tide_value_uint(r->without_network))
TIDE_GETTER(tide_account, with_defects, tide_value_uint(r->with_defects))
TIDE_GETTER(tide_account, files_read, tide_value_uint(r->files_read))
TIDE_GETTER(tide_account, bytes_read, tide_value_uint(r->bytes_read))
TIDE_GETTER(tide_account, not_read, tide_value_uint(r->troubles))

#define X(id, name, meaning)                                                                       \
  TIDE_GETTER(tide_account, defect_##id, tide_value_uint(r->defects[TIDE_DEFECT_INDEX_##id]))
TIDE_DEFECTS(X)
#undef X
#define X(id, one, many)                                                                           \
  TIDE_GETTER(tide_account, passed_##id, tide_value_uint(r->passed[TIDE_PASSED_##id]))
TIDE_PASSED(X)
#undef X

static const tide_column counts_columns[] = {
    {.name = "messages.read", .get = get_read},
    {.name = "messages.counted", .get = get_counted},
    {.name = "messages.filtered", .get = get_filtered},
    {.name = "messages.undated", .get = get_undated},
    {.name = "messages.damaged", .get = get_damaged},
    {.name = "messages.undecided", .get = get_undecided},
    {.name = "messages.duplicate", .get = get_duplicate},
    {.name = "filtered_by_time", .get = get_outside},
    {.name = "counted_without.origin", .get = get_without_origin},
    {.name = "counted_without.network", .get = get_without_network},
    {.name = "counted_with_defects", .get = get_with_defects},
    {.name = "files_read", .get = get_files_read},
    {.name = "bytes_read", .get = get_bytes_read},
    {.name = "not_read", .get = get_not_read},
#define X(id, word, meaning) {.name = "defects." word, .get = get_defect_##id},
    TIDE_DEFECTS(X)
#undef X
#define X(id, one, many) {.name = "passed_over." many, .get = get_passed_##id},
        TIDE_PASSED(X)
#undef X
};

const tide_columns tide_counts_columns = TIDE_COLUMNS(counts_columns);
