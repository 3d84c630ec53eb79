/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A daily series in a file: what `spamtide timeline --bin day` writes of an archive. */
#ifndef DAILY_H
#define DAILY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_MOST = 40000 };

static double days[DAYS_MOST];
static size_t count; /* of the series that was read last */

/* The cell of a row in column number `column`; NULL where the row is shorter. */
static const char *cell_of(const char *line, size_t column) {
  while (line && column--) {
    line = strchr(line, ',');
    line += line != NULL;
  }
  return line;
}

/* The column that the head calls "messages": timeline has "period" before it. SIZE_MAX: none. */
static size_t column_of_messages(const char *head) {
  static const char name[] = "messages";
  for (size_t column = 0; head; column++) {
    if (strncmp(head, name, sizeof name - 1) == 0)
      return column;
    head = cell_of(head, 1);
  }
  return SIZE_MAX;
}

/* The days of a series from a day on (dates of one form sort as text); `first` is the first. */
static bool values_read(const char *path, const char *from, double *values, char first[32]) {
  char line[512];
  FILE *file = fopen(path, "r");
  count = 0;
  if (!file)
    return false;
  const size_t column = fgets(line, sizeof line, file) ? column_of_messages(line) : SIZE_MAX;
  while (column != SIZE_MAX && fgets(line, sizeof line, file) && count < DAYS_MOST) {
    const char *value = cell_of(line, column);
    if (!value) {
      count = 0;
      break;
    }
    if (strncmp(line, from, strlen(from)) < 0)
      continue;
    if (!count)
      snprintf(first, 32, "%.*s", (int)strcspn(line, ","), line);
    values[count++] = strtod(value, NULL);
  }
  fclose(file);
  return count > 0;
}

#endif
