/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file that is being written: a handler of a signal may want its name at any time. */
#include "unfinished.h"

#include <unistd.h>

static const char *volatile unfinished;

void unfinished_set(const char *path) {
  unfinished = path;
}

void unfinished_remove(void) {
  const char *path = unfinished;
  if (path)
    unlink(path);
}
