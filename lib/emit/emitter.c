/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which format a name means. How a row looks is in the file of each format. */
#include "emitters.h"

#define EMITTER_ROW(name) &tide_emit_##name,
static const tide_emitter *const emitters[] = {TIDE_EMITTERS(EMITTER_ROW) NULL};

const tide_emitter *tide_emitter_find(const char *name) {
  for (const tide_emitter *const *e = emitters; *e; e++)
    if (strcmp((*e)->name, name) == 0)
      return *e;
  return NULL;
}
