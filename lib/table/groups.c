#include "groups.h"

#include <stdlib.h>

/* The rest that --top leaves comes last, whatever its size. */
static bool is_rest(tide_span group) {
  tide_span value;
  return tide_group_take(&group, &value) && tide_span_equal(value, SPAN(TIDE_GROUP_OTHER));
}

static int group_compare(const void *a, const void *b, void *context) {
  const tide_tally *t = context;
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  bool rest_x = is_rest(tide_tally_group(t, x)), rest_y = is_rest(tide_tally_group(t, y));
  if (rest_x != rest_y) return rest_x ? 1 : -1;
  uint64_t nx = tide_tally_group_messages(t, x), ny = tide_tally_group_messages(t, y);
  if (nx != ny) return nx > ny ? -1 : 1;
  return tide_span_compare(tide_tally_group(t, x), tide_tally_group(t, y));
}

uint32_t *groups_sorted(const tide_tally *t) {
  uint32_t count = tide_tally_group_count(t);
  uint32_t *order = malloc((count + 1u) * sizeof *order);
  if (!order) return NULL;
  for (uint32_t i = 0; i < count; i++) order[i] = i;
  qsort_r(order, count, sizeof *order, group_compare, (void *)(uintptr_t)t);
  return order;
}

void groups_values(tide_span group, size_t count, tide_value *row) {
  for (size_t i = 0; i < count; i++) {
    tide_span value;
    row[i] = tide_group_take(&group, &value) ? tide_value_text(value) : tide_value_empty();
  }
}

tide_status tide_tally_top(const tide_tally *from, uint32_t top, size_t group_values, tide_tally **out) {
  uint32_t count = tide_tally_group_count(from);
  uint32_t *order = groups_sorted(from);
  tide_span *map = malloc((count + 1u) * sizeof *map);
  tide_buffer other = {0};
  tide_status status = order && map ? tide_tally_new(out) : TIDE_FATAL;
  for (size_t i = 0; i < group_values && status == TIDE_OK; i++) status = tide_group_put(&other, SPAN(TIDE_GROUP_OTHER));
  if (status == TIDE_OK) {
    for (uint32_t i = 0; i < count; i++) map[order[i]] = i < top ? tide_tally_group(from, order[i]) : tide_buffer_span(&other);
    status = tide_tally_merge(*out, from, map);
    if (status != TIDE_OK) tide_tally_free(*out);
  }
  free(order);
  free(map);
  tide_buffer_free(&other);
  return status;
}
