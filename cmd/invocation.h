/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person asked for on the command line. */
#ifndef CMD_INVOCATION_H
#define CMD_INVOCATION_H

#include <stddef.h>

#include "request/settings.h"

typedef struct settings {
  tide_settings asked; /* of the question and its reading; first: their rows in lib/request/ know
                          nothing of what comes after */
  const char *output, *account, *progress;
  const char *rules_out; /* of keywords */
  bool help;
  const char *const *argv; /* the whole command line, for the account */
  int argc;
  const char *const *paths;
  size_t path_count;
} settings;

_Static_assert(offsetof(settings, asked) == 0, "rows of the library point into the whole");

#endif
