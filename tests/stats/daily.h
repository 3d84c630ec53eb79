/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A daily series in a file: what `spamtide timeline --bin day` writes of an archive. */
#ifndef DAILY_H
#define DAILY_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_MOST = 40000 };

static double days[DAYS_MOST];
static size_t count; /* of the series that was read last */

/* The days of a series from a day on (dates of one form sort as text); `first` is the first. */
static bool values_read(const char *path, const char *from, double *values, char first[32]) {
  char line[512];
  FILE *file = fopen(path, "r");
  count = 0;
  if (!file || !fgets(line, sizeof line, file))
    return false;
  while (fgets(line, sizeof line, file) && count < DAYS_MOST) {
    const char *comma = strchr(line, ',');
    if (!comma)
      return false;
    if (strncmp(line, from, strlen(from)) < 0)
      continue;
    if (!count)
      snprintf(first, 32, "%.*s", (int)(comma - line), line);
    values[count++] = strtod(comma + 1, NULL);
  }
  fclose(file);
  return count > 0;
}

#endif
