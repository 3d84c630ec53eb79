/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What most of a family's messages have: networks, campaigns, marks of known programs, templates.
 */
#include <stdlib.h>

#include "family.h"
#include "groups.h"
#include "base/sort.h"
#include "record/signature.h"

enum { SHOWN = 3, HALF = 50 };

family_texts *tide_family_texts_make(families *f, family_row *r) {
  if (r->texts)
    return r->texts;
  r->texts = tide_arena_take(&f->arena, sizeof *r->texts);
  if (r->texts)
    *r->texts = (family_texts){0};
  return r->texts;
}

/* One value of one family. */
typedef struct trait_value {
  size_t row;
  tide_span value;
  uint64_t messages;
} trait_value;

static int value_compare(const void *x, const void *y, void *context) {
  (void)context;
  const trait_value *a = x, *b = y;
  if (a->row != b->row)
    return a->row < b->row ? -1 : 1;
  if (a->messages != b->messages)
    return a->messages > b->messages ? -1 : 1;
  return tide_span_compare(a->value, b->value);
}

/* By value, so that those of fingerprints of one family are together. */
static int value_order(const void *x, const void *y, void *context) {
  (void)context;
  const trait_value *a = x, *b = y;
  if (a->row != b->row)
    return a->row < b->row ? -1 : 1;
  return tide_span_compare(a->value, b->value);
}

/* Rows are still in the order of the families, after that of all. leader: of signatures, by
 * their number among the subjects; NULL: values stand for themselves. */
static size_t values_take(const families *f, const tide_tally *t, const uint32_t *leader,
                          trait_value *all) {
  const tide_examples *subjects = tide_senders_subjects(f->table->senders);
  size_t kept = 0;
  for (uint32_t g = 0; g < tide_tally_group_count(t); g++) {
    tide_span rest = tide_tally_group(t, g), fingerprint, value;
    if (!tide_group_take(&rest, &fingerprint) || !tide_group_take(&rest, &value))
      continue;
    const uint32_t number = tide_senders_find(f->table->senders, fingerprint);
    if (leader)
      value = tide_examples_key(subjects, leader[tide_examples_find(subjects, value)]);
    all[kept++] = (trait_value){f->found.of[number] + 1, value, tide_tally_group_messages(t, g)};
  }
  return kept;
}

/* Sorts them, and makes one of those of one family. */
static tide_status values_join(trait_value *all, size_t *count, const atomic_bool *stop) {
  const size_t kept = *count;
  TIDE_TRY(tide_sort(all, kept, sizeof *all, value_order, NULL, stop));
  *count = 0;
  for (size_t i = 0; i < kept; i++) {
    trait_value *last = *count ? &all[*count - 1] : NULL;
    if (last && value_order(last, &all[i], NULL) == 0)
      last->messages += all[i].messages;
    else
      all[(*count)++] = all[i];
  }
  return tide_sort(all, *count, sizeof *all, value_compare, NULL, stop);
}

/* The caller frees *out, whatever comes of it. */
static tide_status values_collect(const families *f, tide_trait trait, const uint32_t *leader,
                                  trait_value **out, size_t *count) {
  const tide_tally *t = tide_senders_trait(f->table->senders, trait);
  *count = 0;
  *out = malloc(((t ? tide_tally_group_count(t) : 0) + 1u) * sizeof **out);
  if (!*out || !t)
    return *out ? TIDE_OK : TIDE_FATAL;
  *count = values_take(f, t, leader, *out);
  return values_join(*out, count, f->table->stop);
}

static tide_status put(tide_buffer *text, tide_span value, unsigned percent) {
  if (text->len)
    TIDE_TRY(tide_buffer_put(text, SPAN("; ")));
  TIDE_TRY(tide_buffer_put(text, value));
  return tide_buffer_printf(text, " %u%%", percent);
}

static tide_status keep(families *f, const tide_buffer *text, tide_span *out) {
  *out = tide_arena_copy(&f->arena, tide_buffer_span(text));
  return out->ptr ? TIDE_OK : TIDE_FATAL;
}

/* The values of one row, the commonest first. */
static tide_status row_write(families *f, tide_trait trait, const trait_value *at, size_t count,
                             tide_buffer text[2]) {
  family_row *row = &f->rows[at->row];
  const tide_span marks = f->table->marks;
  size_t shown = 0;
  tide_buffer_clear(&text[0]);
  tide_buffer_clear(&text[1]);
  for (size_t i = 0; i < count; i++) {
    const unsigned percent = (unsigned)(100 * at[i].messages / tide_family_all(row)->messages);
    if (trait == TIDE_TRAIT_CAMPAIGN && marks.len && tide_span_starts(at[i].value, marks)) {
      if (percent >= HALF)
        TIDE_TRY(put(&text[1], tide_span_slice(at[i].value, marks.len, at[i].value.len), percent));
    } else if (shown < SHOWN && percent > 0) {
      shown++;
      TIDE_TRY(put(&text[0], at[i].value, percent));
    }
  }
  family_texts *texts = tide_family_texts_make(f, row);
  if (!texts)
    return TIDE_FATAL;
  TIDE_TRY(keep(f, &text[0], trait == TIDE_TRAIT_NETWORK ? &texts->networks : &texts->campaigns));
  if (trait == TIDE_TRAIT_CAMPAIGN)
    TIDE_TRY(keep(f, &text[1], &texts->consistent_with));
  return TIDE_OK;
}

static tide_status trait_fill(families *f, tide_trait trait) {
  size_t count;
  tide_buffer text[2] = {{0}};
  trait_value *all;
  tide_status status = values_collect(f, trait, NULL, &all, &count);
  for (size_t from = 0, to; from < count && status == TIDE_OK; from = to) {
    for (to = from; to < count && all[to].row == all[from].row; to++)
      ;
    status = row_write(f, trait, &all[from], to - from, text);
  }
  tide_buffer_free(&text[0]);
  tide_buffer_free(&text[1]);
  free(all);
  return status;
}

/* Signatures that belong together are one template; its subject is that of its earliest message. */
static tide_status templates_group(const tide_examples *subjects, const atomic_bool *stop,
                                   uint32_t **out) {
  const uint32_t count = tide_examples_count(subjects);
  tide_span *signatures = malloc((count + 1u) * sizeof *signatures);
  uint32_t *leader = malloc((count + 1u) * sizeof *leader);
  tide_status status = signatures && leader ? TIDE_OK : TIDE_FATAL;
  for (uint32_t i = 0; i < count && status == TIDE_OK; i++)
    signatures[i] = tide_examples_key(subjects, i);
  if (status == TIDE_OK)
    status = tide_signature_group(signatures, count, stop, leader);
  free(signatures);
  if (status == TIDE_OK)
    *out = leader;
  else
    free(leader);
  return status;
}

static tide_status templates_take(families *f, const tide_examples *subjects,
                                  const uint32_t *leader, const trait_value *all, size_t count) {
  const tide_example **best = tide_groups_examples(subjects, leader);
  if (!best)
    return TIDE_FATAL;
  f->has_templates = true;
  for (size_t from = 0, to; from < count; from = to) {
    for (to = from; to < count && all[to].row == all[from].row; to++)
      ;
    family_row *row = &f->rows[all[from].row];
    family_texts *texts = tide_family_texts_make(f, row);
    if (!texts)
      break;
    row->templates = to - from;
    texts->subject = best[tide_examples_find(subjects, all[from].value)]->text;
  }
  free(best);
  return f->arena.failed ? TIDE_FATAL : TIDE_OK;
}

static tide_status templates_fill(families *f) {
  const tide_examples *subjects = tide_senders_subjects(f->table->senders);
  size_t count = 0;
  uint32_t *leader;
  if (!tide_senders_trait(f->table->senders, TIDE_TRAIT_TEMPLATE))
    return TIDE_OK;
  TIDE_TRY(templates_group(subjects, f->table->stop, &leader));
  trait_value *all;
  tide_status status = values_collect(f, TIDE_TRAIT_TEMPLATE, leader, &all, &count);
  if (status == TIDE_OK)
    status = templates_take(f, subjects, leader, all, count);
  free(all);
  free(leader);
  return status;
}

tide_status tide_family_traits_fill(families *f) {
  TIDE_TRY(trait_fill(f, TIDE_TRAIT_NETWORK));
  TIDE_TRY(trait_fill(f, TIDE_TRAIT_CAMPAIGN));
  return templates_fill(f);
}
