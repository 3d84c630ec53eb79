/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heads of a wide table: names of groups, which are text from mail. */
#include "wide.h"

#include "base/limits.h"
#include "base/map.h"

/* Its values with "; " between them, on one line; defused only where names are compared. */
static tide_status values_join(tide_span group, tide_buffer *joined) {
  tide_span value;
  while (tide_group_take(&group, &value)) {
    /* What a template has beside its name may be empty. */
    if (value.len && joined->len)
      TIDE_TRY(tide_buffer_put(joined, SPAN("; ")));
    TIDE_TRY(tide_buffer_put(joined, value));
    if (tide_span_equal(value, SPAN(TIDE_GROUP_OTHER)))
      break; /* all its values are that */
  }
  return TIDE_OK;
}

static tide_status group_name(tide_span group, bool defuse, _Atomic uint64_t *cut,
                              tide_buffer *out) {
  tide_buffer joined = {.limit = 0};
  tide_status status = values_join(group, &joined);
  tide_buffer_clear(out);
  if (status == TIDE_OK)
    status = tide_cell_clean(tide_buffer_span(&joined), defuse, cut, out);
  tide_buffer_free(&joined);
  return status;
}

/* Names that are the same when cleaned get a number; `seen` holds those of all columns. */
static tide_status name_number(tide_map *seen, tide_buffer *name, tide_buffer *shown) {
  const size_t name_len = name->len, shown_len = shown->len;
  for (unsigned n = 2;; n++) {
    uint32_t known = seen->count, number = tide_map_add(seen, tide_buffer_span(shown));
    if (number == TIDE_MAP_NONE)
      return TIDE_FATAL;
    if (number == known)
      return TIDE_OK;
    name->len = name_len;
    shown->len = shown_len;
    TIDE_TRY(tide_buffer_printf(name, " (%u)", n));
    TIDE_TRY(tide_buffer_printf(shown, " (%u)", n));
  }
}

static tide_status name_make(tide_sheet *sheet, tide_map *seen, tide_span group, tide_buffer *name,
                             tide_buffer *shown) {
  TIDE_TRY(group_name(group, false, &sheet->cut, name));
  TIDE_TRY(group_name(group, true, NULL, shown));
  return name_number(seen, name, shown);
}

static tide_status wide_head(tide_sheet *sheet, tide_map *seen, tide_span group, tide_error *err) {
  tide_buffer name = {0}, shown = {0};
  tide_status status = tide_error_of_status(err, name_make(sheet, seen, group, &name, &shown));
  if (status == TIDE_OK)
    status = tide_sheet_head(sheet, tide_buffer_span(&name), NULL, err);
  tide_buffer_free(&name);
  tide_buffer_free(&shown);
  return status;
}

static tide_status wide_heads(tide_sheet *sheet, tide_map *seen, const tide_timeline_plan *p,
                              const tide_tally *groups, tide_error *err) {
  for (size_t i = 0; i < sheet->head_count; i++)
    if (tide_map_add(seen, tide_span_of(sheet->heads[i])) == TIDE_MAP_NONE)
      return tide_error_memory(err);
  for (uint32_t i = 0; i < p->groups; i++)
    TIDE_TRY(wide_head(sheet, seen, tide_tally_group(groups, p->order[i]), err));
  return TIDE_OK;
}

tide_status tide_wide_heads(tide_sheet *sheet, const tide_timeline_plan *p,
                            const tide_tally *groups, tide_error *err) {
  tide_map seen = {0};
  const tide_status status = wide_heads(sheet, &seen, p, groups, err);
  tide_map_free(&seen);
  return status;
}
