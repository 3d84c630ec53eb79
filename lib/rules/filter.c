/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A condition is a field, an operator and a value, read once. What cannot be decided is neither met
 * nor not met, and is counted. */
#include "rules/filter.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "networks/netlist.h"

typedef struct condition {
  tide_field_use use;
  bool negated;
  tide_span value;
  tide_pattern *pattern;  /* NULL: equal to value */
  tide_netlist *networks; /* FIELD-in: the address is in one of these */
  atomic_bool *met;       /* it held for a message */
  struct condition *next;
} condition;

struct tide_filter {
  condition *conditions;
  tide_arena arena; /* conditions and their texts */
};

tide_status tide_filter_new(tide_filter **out, tide_error *err) {
  *out = calloc(1, sizeof **out);
  return *out ? TIDE_OK : tide_error_memory(err);
}

/* The value in the spelling of the field's values, so that comparing them as texts is enough. Under
 * a prefix length one address stands for its network. */
static tide_status address_settle(condition *c, tide_arena *arena, tide_error *err) {
  tide_network asked;
  char text[TIDE_IP_TEXT];
  if (!tide_network_parse(c->value, &asked))
    return tide_error_set(err, TIDE_USAGE, "not an address: \"%.*s\"", (int)c->value.len,
                          c->value.ptr);
  const char *field = c->use.field->name;
  const bool network = asked.bits < tide_network_of(&asked.address, UINT8_MAX).bits;
  if (network && c->use.bits == 0)
    return tide_error_set(err, TIDE_USAGE, "%s is one address: for a network write %s/%u=%.*s",
                          field, field, asked.bits, (int)c->value.len, c->value.ptr);
  const tide_network whole = tide_network_of(&asked.address, c->use.bits);
  if (network && asked.bits != whole.bits)
    return tide_error_set(err, TIDE_USAGE, "%s/%u is a network of %u bits, not \"%.*s\"", field,
                          c->use.bits, whole.bits, (int)c->value.len, c->value.ptr);
  size_t len =
      c->use.bits ? tide_network_format(&whole, text) : tide_ip_format(&asked.address, text);
  c->value = tide_arena_copy(arena, tide_span_make(text, len));
  return c->value.ptr ? TIDE_OK : tide_error_memory(err);
}

tide_status tide_filter_add(tide_filter *f, tide_span text, tide_error *err) {
  tide_span copy = tide_arena_copy(&f->arena, text);
  condition *c = copy.ptr ? tide_arena_take(&f->arena, sizeof *c) : NULL;
  atomic_bool *met = tide_arena_take(&f->arena, sizeof *met);
  if (!c || !met)
    return tide_error_memory(err);
  atomic_init(met, false);
  *c = (condition){.met = met};
  size_t at = 0;
  while (at < copy.len && copy.ptr[at] != '=' && copy.ptr[at] != '~' && copy.ptr[at] != '!')
    at++;
  tide_span name = tide_span_trim(tide_span_slice(copy, 0, at));
  c->negated = at < copy.len && copy.ptr[at] == '!';
  at += c->negated;
  if (at >= copy.len || (copy.ptr[at] != '=' && copy.ptr[at] != '~') || name.len == 0)
    return tide_error_set(
        err, TIDE_USAGE,
        "a condition is FIELD=VALUE, FIELD!=VALUE, FIELD~REGEX or FIELD!~REGEX, not \"%.*s\"",
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
    return tide_error_set(
        err, TIDE_USAGE,
        "a condition with a list is origin-in=FILE, claimed_origin-in=FILE, or != in the "
        "place of =, not \"%.*s\"",
        (int)text.len, text.ptr);
  if (c->use.field->parts & TIDE_PART_TEMPLATE)
    return tide_error_set(
        err, TIDE_USAGE,
        "a condition cannot ask for %s: which messages belong together is known only "
        "when all have been read",
        c->use.field->name);
  if (!regex && !in)
    TIDE_TRY(tide_field_check_word(c->use.field, c->value, err));
  if (!regex && !in && c->value.len && tide_field_is_address(c->use.field))
    TIDE_TRY(address_settle(c, &f->arena, err));
  if (regex) {
    size_t offset = 0;
    tide_error reason;
    status = tide_pattern_compile(&c->pattern, c->value, &offset, &reason);
    if (status != TIDE_OK)
      return tide_error_set(err, status, "condition %.*s: at character %zu: %s", (int)text.len,
                            text.ptr, at + 2 + offset, reason.text);
  }
  if (in) {
    status =
        tide_netlist_open(&c->networks, c->value.ptr, err); /* the arena's copy ends with a NUL */
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
    parts |= tide_field_chosen_parts(c->use.field);
  return parts;
}

static tide_status value_decide(const condition *c, tide_pattern_scratch *scratch, tide_span text,
                                tide_decision *out) {
  tide_ip ip;
  bool holds = false;
  if (c->networks) {
    holds = tide_ip_parse(text, &ip) && tide_netlist_has(c->networks, &ip);
  } else if (c->pattern) {
    switch (tide_pattern_search(c->pattern, scratch, text, NULL)) {
    case TIDE_MATCH_NO: break;
    case TIDE_MATCH_YES: holds = true; break;
    case TIDE_MATCH_LIMIT_REACHED: *out = TIDE_DECISION_NONE; return TIDE_OK;
    case TIDE_MATCH_NO_MEMORY: return TIDE_FATAL;
    }
  } else {
    holds = tide_span_iequal(text, c->value);
  }
  *out = holds ? TIDE_DECISION_YES : TIDE_DECISION_NO;
  return TIDE_OK;
}

/* Of several values one that holds is enough, and only then does it not matter what was not decided
 * of the others. */
static tide_status condition_decide(const condition *c, tide_pattern_scratch *scratch,
                                    const tide_record *r, const tide_field_context *context,
                                    tide_arena *arena, tide_decision *out) {
  tide_value value;
  uint32_t i = 0;
  *out = TIDE_DECISION_NO;
  for (; *out != TIDE_DECISION_YES && c->use.field->get(r, context, c->use.bits, i, arena, &value);
       i++) {
    tide_decision one;
    tide_status status = value_decide(c, scratch, tide_value_as_text(&value, arena), &one);
    if (status != TIDE_OK)
      return status;
    if (one != TIDE_DECISION_NO)
      *out = one;
  }
  /* No value at all: that is what an empty one asks for. */
  if (i == 0 && !c->pattern && !c->networks && c->value.len == 0)
    *out = TIDE_DECISION_YES;
  if (c->negated && *out != TIDE_DECISION_NONE)
    *out = *out == TIDE_DECISION_YES ? TIDE_DECISION_NO : TIDE_DECISION_YES;
  return arena->failed ? TIDE_FATAL : TIDE_OK;
}

tide_status tide_filter_decide(const tide_filter *f, tide_pattern_scratch *scratch,
                               const tide_record *r, const tide_field_context *context,
                               tide_arena *arena, tide_decision *out) {
  *out = TIDE_DECISION_YES;
  for (const condition *c = f->conditions; c; c = c->next) {
    tide_decision one;
    tide_status status = condition_decide(c, scratch, r, context, arena, &one);
    if (status != TIDE_OK)
      return status;
    if (one == TIDE_DECISION_NO) {
      *out = one;
      break;
    }
    if (one == TIDE_DECISION_NONE)
      *out = one;
    else if (!atomic_load_explicit(c->met, memory_order_relaxed)) /* written once */
      atomic_store_explicit(c->met, true, memory_order_relaxed);
  }
  return TIDE_OK;
}

bool tide_filter_was_met(const tide_filter *f, size_t index) {
  const condition *c = f->conditions;
  for (; c && index; index--)
    c = c->next;
  return c && atomic_load_explicit(c->met, memory_order_relaxed);
}

/* A campaign of one of those names, or the names that there are. */
static tide_status campaign_check(tide_span asked, const tide_span *names, size_t count,
                                  tide_error *err) {
  char list[256] = "";
  const char *more = "";
  size_t len = 0;
  for (size_t i = 0; i < count; i++) {
    if (tide_span_iequal(asked, names[i]))
      return TIDE_OK;
    if (len + names[i].len + sizeof ", " > sizeof list)
      more = " and others";
    else
      len += (size_t)snprintf(list + len, sizeof list - len, "%s%.*s", len ? ", " : "",
                              (int)names[i].len, names[i].ptr);
  }
  return tide_error_set(err, TIDE_USAGE, "the rules have no campaign \"%.*s\"; they have %s%s",
                        (int)asked.len, asked.ptr, list, more);
}

tide_status tide_filter_check_campaigns(const tide_filter *f, const tide_span *names, size_t count,
                                        tide_error *err) {
  for (const condition *c = f->conditions; c; c = c->next)
    if (tide_field_axis(c->use.field) == TIDE_AXIS_CAMPAIGN && !c->pattern && c->value.len)
      TIDE_TRY(campaign_check(c->value, names, count, err));
  return TIDE_OK;
}

void tide_filter_free(tide_filter *f) {
  if (!f)
    return;
  for (condition *c = f->conditions; c; c = c->next) {
    tide_pattern_free(c->pattern);
    tide_netlist_free(c->networks);
  }
  tide_arena_free(&f->arena);
  free(f);
}
