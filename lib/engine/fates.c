/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of messages, added up. */
#include "run.h"

#include "base/invariant.h"

const char *const tide_fate_names[TIDE_FATE_COUNT] = {"counted", "filtered",  "undated",
                                                      "damaged", "undecided", "duplicate"};

void tide_account_date(tide_account *a, int64_t first, int64_t last) {
  if (!a->dated || first < a->first)
    a->first = first;
  if (!a->dated || last > a->last)
    a->last = last;
  a->dated = true;
}

/* Is every message in exactly one count? */
static bool is_balanced(const tide_account *a) {
  uint64_t accounted = 0;
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    accounted += a->fates[i];
  return accounted == a->read;
}

void tide_account_add(tide_account *to, const tide_account *from) {
  TIDE_INVARIANT(is_balanced(from));
  to->read += from->read;
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    to->fates[i] += from->fates[i];
  for (size_t i = 0; i < sizeof to->defects / sizeof *to->defects; i++)
    to->defects[i] += from->defects[i];
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
    to->passed[i] += from->passed[i];
  to->bytes_read += from->bytes_read;
  to->files_read += from->files_read;
  to->troubles += from->troubles;
  to->outside += from->outside;
  to->without_origin += from->without_origin;
  to->without_network += from->without_network;
  to->with_defects += from->with_defects;
  tide_leaders_merge(&to->leaders, &from->leaders);
  if (from->dated)
    tide_account_date(to, from->first, from->last);
}
