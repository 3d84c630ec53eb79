/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void progress_open(progress *p, const char *when) {
  *p = (progress){.terminal = isatty(STDERR_FILENO) != 0, .started = now()};
  p->shown = strcmp(when, "always") == 0 || (strcmp(when, "auto") == 0 && p->terminal);
  p->last = p->started;
}

static void clear_line(progress *p) {
  if (p->line_open)
    fputs("\r\033[K", stderr);
  p->line_open = false;
}

static void put_bytes(double bytes) {
  static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < sizeof units / sizeof *units)
    bytes /= 1000, unit++;
  fprintf(stderr, unit ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

void progress_show(void *context, uint64_t bytes, uint64_t total_bytes, uint64_t files,
                   uint64_t total_files, uint64_t messages) {
  progress *p = context;
  double at = now(), elapsed = at - p->started;
  /* Lines in a log come seldom; on a terminal one line is written over. */
  if (!p->shown || (!p->terminal && at - p->last < 1.0) || elapsed < 0.1)
    return;
  p->last = at;
  clear_line(p);
  fputs("spamtide: ", stderr);
  put_bytes((double)bytes);
  double done = 0;
  if (total_bytes) {
    fputs(" of ", stderr);
    put_bytes((double)total_bytes);
    done = (double)bytes / (double)total_bytes;
  } else if (total_files > 1) {
    fprintf(stderr, " in %llu of %llu files", (unsigned long long)files,
            (unsigned long long)total_files);
    done = (double)files / (double)total_files;
  }
  fputs(", ", stderr);
  put_bytes((double)bytes / elapsed);
  fprintf(stderr, "/s, %llu messages", (unsigned long long)messages);
  if (done > 0.01 && done < 1) {
    unsigned long left = (unsigned long)(elapsed / done * (1 - done) + 0.5);
    fprintf(stderr, ", %lu:%02lu:%02lu left", left / 3600, left / 60 % 60, left % 60);
  }
  if (p->terminal)
    p->line_open = true;
  else
    fputc('\n', stderr);
  fflush(stderr);
}

void progress_trouble(void *context, const char *text) {
  clear_line(context);
  fprintf(stderr, "spamtide: %s\n", text);
}

void progress_close(progress *p) {
  clear_line(p);
}

const char *const defect_names[TIDE_DEFECT_COUNT] = {
#define X(id, name, meaning) name,
    TIDE_DEFECTS(X)
#undef X
};

const char *const passed_words[TIDE_PASSED_COUNT] = {
#define X(id, words) words,
    TIDE_PASSED(X)
#undef X
};

void progress_account(const tide_account *a) {
  /* Where a limit was reached something of a message was not read: that is said even where nobody
   * asked. */
  static const unsigned limits = TIDE_DEFECT_OVERSIZE | TIDE_DEFECT_TOO_MANY_HEADERS |
                                 TIDE_DEFECT_LONG_HEADER | TIDE_DEFECT_TOO_MANY_PARTS |
                                 TIDE_DEFECT_TOO_DEEP | TIDE_DEFECT_LONG_TEXT |
                                 TIDE_DEFECT_MATCH_LIMIT;
  const char *before = "spamtide: read in part only: ";
  for (unsigned i = 0; i < TIDE_DEFECT_COUNT; i++) {
    if (!(limits >> i & 1) || !a->defects[i])
      continue;
    fprintf(stderr, "%s%s %llu", before, defect_names[i], (unsigned long long)a->defects[i]);
    before = ", ";
  }
  if (before[0] == ',')
    fputc('\n', stderr);
  fprintf(stderr, "spamtide: %llu messages read: ", (unsigned long long)a->read);
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    fprintf(stderr, "%s%llu %s", i ? ", " : "", (unsigned long long)a->fates[i],
            tide_fate_names[i]);
  before = "; passed over: ";
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++) {
    if (!a->passed[i])
      continue;
    fprintf(stderr, "%s%llu %s", before, (unsigned long long)a->passed[i], passed_words[i]);
    before = ", ";
  }
  if (a->troubles)
    fprintf(stderr, "; not read: %llu", (unsigned long long)a->troubles);
  fputc('\n', stderr);
}
