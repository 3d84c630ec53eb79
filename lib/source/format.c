/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All formats look at the beginning of a file and bid for it: the highest bid has it. */
#include "formats.h"

#define FORMAT_ROW(name) &tide_format_##name,
const tide_format *const tide_formats[] = {TIDE_FORMATS(FORMAT_ROW) NULL};

const tide_format *tide_format_choose(tide_span peek) {
  const tide_format *best = NULL;
  int most = 0;
  for (const tide_format *const *f = tide_formats; *f; f++) {
    int bid = (*f)->bid ? (*f)->bid(peek) : 0;
    if (bid > most) {
      most = bid;
      best = *f;
    }
  }
  if (best == &tide_format_message &&
      tide_message_has_more(tide_span_slice(peek, 0, TIDE_PEEK_BYTES)))
    return NULL;
  return best;
}
