/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns that are beside groups whose key says nothing to a reader, and the names that
 * templates get when near ones are put together. */
#include <stdlib.h>

#include "groups.h"
#include "record/signature.h"
#include "base/visible.h"

/* What is beside a group: a text of its earliest message, and where that is. */
typedef struct example_row {
  tide_span text, place;
} example_row;

TIDE_GETTER(example_row, text, tide_value_text(r->text))
TIDE_GETTER(example_row, place, tide_value_text(r->place))

static const tide_column template_columns[] = {
    {.name = "template_subject",
     .help = "subject of the group's earliest message",
     .get = get_text},
    {.name = "template_example",
     .help = "place of the group's earliest message (SOURCE:OFFSET)",
     .get = get_place},
};
static const tide_column fingerprint_columns[] = {
    {.name = "fingerprint_layout",
     .help = "names of the fields that the sending program wrote, and shapes of values",
     .get = get_text},
    {.name = "fingerprint_example",
     .help = "place of the group's earliest message (SOURCE:OFFSET)",
     .get = get_place},
};

const tide_columns tide_template_columns = TIDE_COLUMNS(template_columns);
const tide_columns tide_fingerprint_columns = TIDE_COLUMNS(fingerprint_columns);

/* The names differ, the values are the same two. */
enum { EXAMPLE_COLUMNS = sizeof template_columns / sizeof *template_columns };
_Static_assert(sizeof fingerprint_columns == sizeof template_columns, "two columns each");

const tide_columns *tide_example_columns(const tide_field *field) {
  if (!tide_field_example_of(field))
    return NULL;
  return field->parts & TIDE_PART_TEMPLATE ? &tide_template_columns : &tide_fingerprint_columns;
}

static tide_status put_template(tide_buffer *group, tide_buffer *place,
                                const tide_examples *examples, const uint32_t *leader,
                                const tide_example *const *best, tide_span value) {
  uint32_t number = tide_examples_find(examples, value);
  if (number == TIDE_EXAMPLE_NONE) {
    TIDE_TRY(tide_group_put(group, value));
    for (int i = 0; i < EXAMPLE_COLUMNS; i++)
      TIDE_TRY(tide_group_put(group, SPAN("")));
    return TIDE_OK;
  }
  char name[TIDE_SIGNATURE_NAME + 1];
  const tide_example *e = best[leader[number]];
  tide_span key = tide_examples_key(examples, leader[number]);
  if (tide_signature_is(key)) {
    tide_signature_name(key, name);
    key = tide_span_of(name);
  }
  tide_buffer_clear(place);
  tide_arena arena = {0};
  tide_span source = tide_path_visible(e->source, &arena);
  tide_status status = source.ptr || !e->source.len ? tide_buffer_put(place, source) : TIDE_FATAL;
  tide_arena_free(&arena);
  TIDE_TRY(status);
  TIDE_TRY(tide_buffer_printf(place, ":%llu", (unsigned long long)e->offset));
  TIDE_TRY(tide_group_put(group, key));
  const example_row row = {e->text, tide_buffer_span(place)};
  for (int i = 0; i < EXAMPLE_COLUMNS; i++)
    TIDE_TRY(tide_group_put(group, template_columns[i].get(&row).text));
  return TIDE_OK;
}

/* What templates are called: by the example of the group that their signature belongs to. */
typedef struct naming {
  const tide_examples *examples;
  const uint32_t *leader;
  const tide_example *const *best;
} naming;

/* The new bytes of each group, one after the other in text. `shown` are those of its group_values
 * that are templates. */
static tide_status rename_groups(const tide_tally *from, const naming *n, const bool *shown,
                                 size_t group_values, tide_buffer *text, size_t *ends) {
  tide_buffer place = {0};
  tide_status status = TIDE_OK;
  for (uint32_t g = 0; g < tide_tally_group_count(from) && status == TIDE_OK; g++) {
    tide_span rest = tide_tally_group(from, g), value;
    for (size_t i = 0; i < group_values && status == TIDE_OK && tide_group_take(&rest, &value); i++)
      status = shown[i] ? put_template(text, &place, n->examples, n->leader, n->best, value)
                        : tide_group_put(text, value);
    ends[g] = text->len;
  }
  tide_buffer_free(&place);
  return status;
}

static tide_status leaders_find(const tide_examples *examples, const atomic_bool *stop,
                                tide_span *signatures, uint32_t *leader) {
  const uint32_t count = tide_examples_count(examples);
  for (uint32_t i = 0; i < count; i++)
    signatures[i] = tide_examples_key(examples, i);
  return tide_signature_group(signatures, count, stop, leader);
}

static tide_status names_make(const tide_tally *from, const tide_examples *examples,
                              const bool *shown, size_t group_values, tide_buffer *text,
                              size_t *ends) {
  const uint32_t count = tide_examples_count(examples);
  tide_span *signatures = malloc((count + 1u) * sizeof *signatures);
  uint32_t *leader = malloc((count + 1u) * sizeof *leader);
  tide_status status = TIDE_FATAL;
  if (signatures && leader)
    status = leaders_find(examples, tide_tally_stop(from), signatures, leader);
  free(signatures);
  const tide_example **best = status == TIDE_OK ? tide_groups_examples(examples, leader) : NULL;
  const naming names = {examples, leader, best};
  if (status == TIDE_OK)
    status = best ? rename_groups(from, &names, shown, group_values, text, ends) : TIDE_FATAL;
  free(best);
  free(leader);
  return status;
}

tide_status tide_tally_templates(const tide_tally *from, tide_examples **examples,
                                 const bool *shown, size_t group_values, tide_tally **out) {
  const uint32_t groups = tide_tally_group_count(from);
  tide_span *map = malloc((groups + 1u) * sizeof *map);
  size_t *ends = malloc((groups + 1u) * sizeof *ends), start = 0;
  tide_buffer text = {0};
  tide_status status = TIDE_FATAL;
  if (map && ends)
    status = names_make(from, *examples, shown, group_values, &text, ends);
  tide_examples_free(*examples);
  *examples = NULL;
  if (status == TIDE_OK) {
    for (uint32_t g = 0; g < groups; start = ends[g++])
      map[g] = tide_span_make(text.ptr + start, ends[g] - start);
    status = tide_tally_remake(from, map, NULL, NULL, out);
  }
  tide_buffer_free(&text);
  free(ends);
  free(map);
  return status;
}
