/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of messages are in one table of hashes. Which IDs occur twice is known before where the
 * sources can be read twice, so that most messages need not be looked up. */
#include "record/duplicates.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/pages.h"

/* Where a message is. */
typedef struct place {
  uint64_t offset;
  uint32_t source; /* number of the path */
} place;

/* A label as a note beside a key: its number and 1. More than there is room for count as none. */
enum { NO_LABEL = 0, LABELS_MOST = UINT16_MAX };

/* So few of the messages that have no copy are met in vain: one in 16 if all others have. */
enum { BITS_FOR_AN_ID = 16 };

struct tide_duplicates {
  tide_duplicates_options options;
  tide_firsts firsts;
  uint64_t *repeated; /* a bit for each repeated ID, which others may share; NULL: nothing known */
  size_t repeated_words;
  tide_map labels, sources;
  tide_pages places; /* of the firsts, by their number */
  tide_duplicates_account account;
  tide_buffer contradicted; /* account.first_contradicted */
};

tide_status tide_duplicates_new(tide_duplicates **out, const tide_duplicates_options *options) {
  tide_duplicates *d = calloc(1, sizeof *d);
  if (!d)
    return TIDE_FATAL;
  d->options = *options;
  if (!d->options.most)
    d->options.most = TIDE_LIMIT_DUPLICATES;
  d->firsts.numbered = options->places;
  *out = d;
  return TIDE_OK;
}

const tide_duplicates_options *tide_duplicates_options_of(const tide_duplicates *d) {
  return &d->options;
}

static void repeated_free(tide_duplicates *d) {
  tide_zeros_free(d->repeated, d->repeated_words, sizeof *d->repeated);
  d->repeated = NULL;
  d->repeated_words = 0;
}

tide_status tide_duplicates_expect(tide_duplicates *d, uint64_t ids) {
  repeated_free(d);
  const size_t words = (size_t)(ids * BITS_FOR_AN_ID / 64 + 1);
  d->repeated = tide_zeros_new(words, sizeof *d->repeated);
  if (!d->repeated)
    return TIDE_FATAL;
  d->repeated_words = words;
  return TIDE_OK;
}

/* The bits of the hash that tide_firsts_each gives back as they were. */
static uint64_t repeated_bit(const tide_duplicates *d, tide_wide_hash id) {
  return (id.a & UINT32_MAX) * (d->repeated_words * 64) >> 32;
}

void tide_duplicates_add_repeated(tide_duplicates *d, tide_wide_hash id) {
  const uint64_t bit = repeated_bit(d, id);
  d->repeated[bit / 64] |= UINT64_C(1) << bit % 64;
}

bool tide_duplicates_may_repeat(const tide_duplicates *d, tide_wide_hash id) {
  if (!d->repeated)
    return true;
  const uint64_t bit = repeated_bit(d, id);
  return d->repeated[bit / 64] >> bit % 64 & 1;
}

bool tide_duplicates_knows_repeated(const tide_duplicates *d) {
  return d->repeated;
}

void tide_duplicates_begin(tide_duplicates *d) {
  tide_firsts_free(&d->firsts);
  tide_map_free(&d->labels);
  tide_map_free(&d->sources);
  tide_pages_free(&d->places, sizeof(place));
  tide_buffer_clear(&d->contradicted);
  d->account = (tide_duplicates_account){0};
}

static tide_status note_of(tide_duplicates *d, tide_span label, uint16_t *out) {
  *out = NO_LABEL;
  if (!label.len)
    return TIDE_OK;
  const uint32_t number = tide_map_add(&d->labels, label);
  if (number == TIDE_MAP_NONE)
    return TIDE_FATAL;
  if (number < LABELS_MOST)
    *out = (uint16_t)(number + 1);
  return TIDE_OK;
}

static tide_status place_keep(tide_duplicates *d, tide_span source, uint64_t offset) {
  const uint32_t number = (uint32_t)d->firsts.count;
  const uint32_t path = tide_map_add(&d->sources, source);
  if (path == TIDE_MAP_NONE || tide_pages_make(&d->places, number, sizeof(place)) != TIDE_OK)
    return TIDE_FATAL;
  *(place *)tide_pages_at(&d->places, number, sizeof(place)) = (place){offset, path};
  return TIDE_OK;
}

static tide_status met_again(tide_duplicates *d, const tide_first *first, uint16_t note,
                             tide_span source, uint64_t offset, tide_duplicate *out) {
  out->is = true;
  d->account.found++;
  if (d->options.places) {
    const place *p = tide_pages_at(&d->places, first->number, sizeof(place));
    out->source = tide_map_key(&d->sources, p->source);
    out->offset = p->offset;
  }
  if (note == NO_LABEL || first->note == NO_LABEL || note == first->note)
    return TIDE_OK;
  if (d->account.contradicted++)
    return TIDE_OK;
  d->account.first_contradicted_at = offset;
  return tide_buffer_put(&d->contradicted, source);
}

tide_status tide_duplicates_meet(tide_duplicates *d, tide_wide_hash key, tide_span label,
                                 tide_span source, uint64_t offset, tide_duplicate *out) {
  tide_first first;
  uint16_t note;
  *out = (tide_duplicate){.is = false};
  if (note_of(d, label, &note) != TIDE_OK)
    return TIDE_FATAL;
  if (tide_firsts_find(&d->firsts, key, &first))
    return met_again(d, &first, note, source, offset, out);
  if (d->firsts.count >= d->options.most) {
    d->account.forgotten++;
    return TIDE_OK;
  }
  first = (tide_first){.note = note, .number = (uint32_t)d->firsts.count};
  if (d->options.places && place_keep(d, source, offset) != TIDE_OK)
    return TIDE_FATAL;
  return tide_firsts_add(&d->firsts, key, first);
}

void tide_duplicates_sum(const tide_duplicates *d, tide_duplicates_account *out) {
  *out = d->account;
  out->first_contradicted = tide_buffer_span(&d->contradicted);
}

void tide_duplicates_free(tide_duplicates *d) {
  if (!d)
    return;
  tide_duplicates_begin(d);
  repeated_free(d);
  tide_buffer_free(&d->contradicted);
  free(d);
}
