/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spamtide/filter.h"

#include <stdlib.h>

#include "netlist.h"

typedef struct condition {
  tide_field_use use;
  bool negated;
  tide_span value;
  tide_pattern *pattern; /* NULL: equal to value */
  netlist *networks;     /* FIELD-in: the address stands in one of these */
  struct condition *next;
} condition;

struct tide_filter {
  condition *conditions;
  tide_arena arena; /* conditions and their texts */
};

tide_status tide_filter_new(tide_filter **out, tide_error *err) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : tide_error_set(err, TIDE_FATAL, "out of memory");
}

tide_status tide_filter_add(tide_filter *f, tide_span text, tide_error *err) {
  tide_span copy = tide_arena_copy(&f->arena, text);
  condition *c = copy.ptr ? tide_arena_take(&f->arena, sizeof *c) : NULL;
  if (!c)
    return tide_error_set(err, TIDE_FATAL, "out of memory");
  *c = (condition){0};
  size_t at = 0;
  while (at < copy.len && copy.ptr[at] != '=' && copy.ptr[at] != '~' && copy.ptr[at] != '!')
    at++;
  tide_span name = tide_span_trim(tide_span_slice(copy, 0, at));
  c->negated = at < copy.len && copy.ptr[at] == '!';
  at += c->negated;
  if (at >= copy.len || (copy.ptr[at] != '=' && copy.ptr[at] != '~') || name.len == 0)
    return tide_error_set(
        err, TIDE_USAGE,
        "--where takes FIELD=VALUE, FIELD!=VALUE, FIELD~REGEX or FIELD!~REGEX, not \"%.*s\"",
        (int)text.len, text.ptr);
  bool regex = copy.ptr[at] == '~', in = false;
  c->value = tide_span_slice(copy, at + 1, copy.len);
  if (tide_span_iends(name, SPAN("-in"))) {
    in = true;
    name.len -= 3;
  }
  tide_status status = tide_field_parse(name, &c->use, err);
  if (status != TIDE_OK)
    return status;
  if (in && (!tide_field_is_address(c->use.field) || c->use.bits || regex))
    return tide_error_set(err, TIDE_USAGE,
                          "--where takes origin-in=FILE, claimed_origin-in=FILE, or != in the "
                          "place of =, not \"%.*s\"",
                          (int)text.len, text.ptr);
  if (c->use.field->parts & TIDE_PART_TEMPLATE)
    return tide_error_set(err, TIDE_USAGE,
                          "--where cannot ask for %s: which messages belong together is known only "
                          "when all have been read",
                          c->use.field->name);
  if (regex) {
    size_t offset = 0;
    tide_error reason;
    status = tide_pattern_compile(&c->pattern, c->value, &offset, &reason);
    if (status != TIDE_OK)
      return tide_error_set(err, status, "--where %.*s: at character %zu: %s", (int)text.len,
                            text.ptr, at + 2 + offset, reason.text);
  }
  if (in) {
    status = netlist_open(&c->networks, c->value.ptr, err); /* the arena's copy ends with a NUL */
    if (status != TIDE_OK)
      return status;
  }
  condition **end = &f->conditions;
  while (*end)
    end = &(*end)->next;
  *end = c;
  return TIDE_OK;
}

unsigned tide_filter_parts(const tide_filter *f) {
  unsigned parts = 0;
  for (const condition *c = f->conditions; c; c = c->next)
    parts |= c->use.field->parts;
  return parts;
}

static bool value_holds(const condition *c, tide_pattern_scratch *scratch, tide_span text) {
  tide_ip ip;
  if (c->networks)
    return tide_ip_parse(text, &ip) && netlist_has(c->networks, &ip);
  return c->pattern ? tide_pattern_search(c->pattern, scratch, text, NULL) == TIDE_MATCH_YES
                    : tide_span_iequal(text, c->value);
}

static bool condition_holds(const condition *c, tide_pattern_scratch *scratch, const tide_record *r,
                            const tide_field_context *context, tide_arena *arena) {
  tide_value value;
  for (uint32_t i = 0; c->use.field->get(r, context, c->use.bits, i, arena, &value); i++)
    if (value_holds(c, scratch, tide_value_as_text(&value, arena)))
      return true;
  /* No value at all: that is what an empty one asks for. */
  return !c->pattern && !c->networks && c->value.len == 0 &&
         !c->use.field->get(r, context, c->use.bits, 0, arena, &value);
}

bool tide_filter_holds(const tide_filter *f, tide_pattern_scratch *scratch, const tide_record *r,
                       const tide_field_context *context, tide_arena *arena) {
  for (const condition *c = f->conditions; c; c = c->next)
    if (condition_holds(c, scratch, r, context, arena) == c->negated)
      return false;
  return true;
}

void tide_filter_free(tide_filter *f) {
  if (!f)
    return;
  for (condition *c = f->conditions; c; c = c->next) {
    tide_pattern_free(c->pattern);
    netlist_free(c->networks);
  }
  tide_arena_free(&f->arena);
  free(f);
}
