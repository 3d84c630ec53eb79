/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a record to its groups. A group's bytes are the values of the fields after each other; a
 * message with several campaigns, or links, is in several groups. */
#include "question/grouping.h"

#include "base/limits.h"
#include "table/table.h"
#include "tally/tally.h"

tide_status tide_grouping_add(tide_grouping *g, tide_span list, tide_error *err) {
  const size_t known = g->count;
  TIDE_TRY(tide_field_list_parse(list, "by", g->fields, TIDE_GROUPING_FIELDS, &g->count, err));
  for (size_t i = known; i < g->count; i++) {
    const tide_field *field = g->fields[i].field;
    if (!field->group)
      return tide_error_set(err, TIDE_USAGE,
                            "cannot group by \"%s\": use one of the fields that --help lists",
                            field->name);
    g->any_example |= tide_field_example_of(field) != NULL;
    g->parts |= tide_field_chosen_parts(field);
    g->values += tide_grouping_width(g, i);
  }
  return TIDE_OK;
}

size_t tide_grouping_width(const tide_grouping *g, size_t field) {
  const tide_columns *beside = tide_example_columns(g->fields[field].field);
  return 1 + (beside ? beside->count : 0);
}

tide_status tide_grouping_heads(const tide_grouping *g, size_t fields, tide_sheet *sheet,
                                tide_error *err) {
  for (size_t i = 0; i < fields; i++) {
    const tide_columns *beside = tide_example_columns(g->fields[i].field);
    TIDE_TRY(tide_sheet_column(sheet, g->fields[i].name, g->fields[i].field->help, err));
    if (beside)
      TIDE_TRY(tide_sheet_columns(sheet, beside, false, err));
  }
  return TIDE_OK;
}

/* One message on its way into groups. */
typedef struct message_groups {
  const tide_grouping *fields;
  const tide_field_context *context;
  tide_record *record;
  tide_arena *arena;
  tide_buffer *scratch;
  tide_group_taker taker;
  bool each_thing[TIDE_AXES]; /* the axis is asked for by its things, not by get's values */
  bool fixed[TIDE_AXES];      /* a field of the axis is further left, at `index` */
  uint32_t index[TIDE_AXES];
  uint32_t groups, bytes;
} message_groups;

static bool value_at(const message_groups *g, const tide_field_use *use, uint32_t index,
                     tide_value *value) {
  const tide_field *f = use->field;
  return g->each_thing[tide_field_axis(f)]
             ? tide_field_of_thing(use, g->record, g->context, index, g->arena, value)
             : f->get(g->record, g->context, use->bits, index, g->arena, value);
}

static tide_status group_add(message_groups *g) {
  uint32_t bytes = (uint32_t)g->scratch->len;
  if (g->groups && (g->groups == TIDE_LIMIT_GROUPS || bytes > TIDE_LIMIT_GROUP_BYTES - g->bytes)) {
    g->record->defects |= TIDE_DEFECT_TOO_MANY_GROUPS;
    return TIDE_END;
  }
  g->groups++;
  g->bytes += bytes < TIDE_LIMIT_GROUP_BYTES - g->bytes ? bytes : TIDE_LIMIT_GROUP_BYTES - g->bytes;
  return g->taker.add(g->taker.context, tide_buffer_span(g->scratch), g->record);
}

/* Appends the values of group field `at` and those after it to scratch, in every combination,
 * those of one axis together. TIDE_END if there were too many. */
static tide_status each_group(message_groups *g, size_t at) {
  if (at == g->fields->count)
    return group_add(g);
  const tide_field_use *use = &g->fields->fields[at];
  const tide_axis axis = tide_field_axis(use->field);
  const bool fixed = axis && g->fixed[axis];
  const size_t len = g->scratch->len;
  tide_value value;
  tide_status status = TIDE_OK;
  for (uint32_t i = fixed ? g->index[axis] : 0; status == TIDE_OK; i++) {
    bool more = value_at(g, use, i, &value);
    if (!more && i > 0 && !fixed)
      break;
    tide_span text = more && value.kind != TIDE_VALUE_EMPTY ? tide_value_as_text(&value, g->arena)
                                                            : tide_span_of(use->field->absent);
    if (text.len > TIDE_LIMIT_VALUE)
      text.len = TIDE_LIMIT_VALUE;
    g->index[axis] = i;
    g->fixed[axis] = true;
    status = tide_group_put(g->scratch, text);
    if (status == TIDE_OK)
      status = each_group(g, at + 1);
    g->scratch->len = len;
    if (!more || fixed)
      break;
  }
  if (!fixed)
    g->fixed[axis] = false;
  return status;
}

tide_status tide_grouping_each(const tide_grouping *fields, const tide_field_context *context,
                               tide_record *r, tide_arena *arena, tide_buffer *scratch,
                               tide_group_taker taker) {
  message_groups g = {.fields = fields,
                      .context = context,
                      .record = r,
                      .arena = arena,
                      .scratch = scratch,
                      .taker = taker};
  tide_buffer_clear(scratch);
  for (size_t i = 0; i < fields->count; i++)
    g.each_thing[tide_field_axis(fields->fields[i].field)] |=
        tide_field_is_finest(fields->fields[i].field);
  tide_status status = each_group(&g, 0);
  return status == TIDE_END ? TIDE_OK : status;
}
