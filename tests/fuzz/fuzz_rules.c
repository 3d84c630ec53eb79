/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rule file of any bytes is either read or refused with a place; and what was read can be
 * matched. */
#include <stdlib.h>

#include "rules/campaign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tide_rules *rules;
  tide_error err;
  if (tide_rules_new(&rules, NULL, &err) != TIDE_OK)
    abort();
  tide_status status =
      tide_rules_add(rules, tide_span_make((const char *)data, size), "rules.csv", &err);
  if (status != TIDE_OK && (status != TIDE_USAGE || strncmp(err.text, "rules.csv", 9) != 0))
    abort();
  tide_rules_free(rules);
  return 0;
}
