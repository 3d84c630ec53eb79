/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Written without the heap where it is the last thing that a run says: what became of the messages
 * is known even when out of memory. */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "say.h"
#include "base/buffer.h"

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

static void put_bytes(tide_buffer *line, double bytes) {
  static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < sizeof units / sizeof *units) {
    bytes /= 1000;
    unit++;
  }
  tide_buffer_printf(line, unit ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

/* Where memory is out for a line, the line is shorter: the run itself will say so. */
void progress_show(void *context, uint64_t bytes, uint64_t total_bytes, uint64_t files,
                   uint64_t total_files, uint64_t messages) {
  progress *p = context;
  double at = now(), elapsed = at - p->started;
  /* Lines in a log come seldom; on a terminal one line is written over. */
  if (!p->shown || (!p->terminal && at - p->last < 1.0) || elapsed < 0.1)
    return;
  p->last = at;
  tide_buffer line = {0};
  double done = 0;
  tide_buffer_put(&line, p->terminal ? SPAN("\r\033[Kspamtide: ") : SPAN("spamtide: "));
  put_bytes(&line, (double)bytes);
  if (total_bytes) {
    tide_buffer_put(&line, SPAN(" of "));
    put_bytes(&line, (double)total_bytes);
    done = (double)bytes / (double)total_bytes;
  } else if (total_files > 1) {
    tide_buffer_printf(&line, " in %llu of %llu files", (unsigned long long)files,
                       (unsigned long long)total_files);
    done = (double)files / (double)total_files;
  }
  tide_buffer_put(&line, SPAN(", "));
  put_bytes(&line, (double)bytes / elapsed);
  tide_buffer_printf(&line, "/s, %llu %s", (unsigned long long)messages,
                     tide_plural(messages, "message", "messages"));
  if (done > 0.01 && done < 1) {
    unsigned long left = (unsigned long)(elapsed / done * (1 - done) + 0.5);
    tide_buffer_printf(&line, ", %lu:%02lu:%02lu left", left / 3600, left / 60 % 60, left % 60);
  }
  if (p->terminal)
    atomic_store(&p->line_open, true);
  else
    tide_buffer_putc(&line, '\n');
  say_whole(tide_buffer_span(&line));
  tide_buffer_free(&line);
}

void progress_trouble(void *context, const char *text) {
  progress *p = context;
  progress_close(p);
  say("%s", text);
}

void progress_close(progress *p) {
  if (atomic_exchange(&p->line_open, false))
    say_whole(SPAN("\r\033[K"));
}

const char *const defect_names[TIDE_DEFECT_COUNT] = {
#define X(id, name, meaning) name,
    TIDE_DEFECTS(X)
#undef X
};

const passed_noun passed_nouns[TIDE_PASSED_COUNT] = {
#define X(id, one, many) {one, many},
    TIDE_PASSED(X)
#undef X
};

/* Put together without the heap: what became of the messages is said even when out of memory. */
typedef struct message {
  size_t len;
  char text[2048];
} message;

static void message_add(message *, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void message_add(message *m, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(m->text + m->len, sizeof m->text - m->len, format, arguments);
  va_end(arguments);
  if (n > 0)
    m->len += (size_t)n < sizeof m->text - m->len ? (size_t)n : sizeof m->text - m->len - 1;
}

void progress_account(const tide_account *a) {
  /* Where a limit was reached something of a message was not read: that is said even where nobody
   * asked. */
  static const unsigned limits =
      TIDE_DEFECT_OVERSIZE | TIDE_DEFECT_TOO_MANY_HEADERS | TIDE_DEFECT_LONG_HEADER |
      TIDE_DEFECT_TOO_MANY_PARTS | TIDE_DEFECT_TOO_DEEP | TIDE_DEFECT_LONG_TEXT |
      TIDE_DEFECT_MATCH_LIMIT | TIDE_DEFECT_TOO_MANY_URLS | TIDE_DEFECT_TOO_MANY_GROUPS;
  message line = {0};
  const char *before = "read in part only: ";
  for (unsigned i = 0; i < TIDE_DEFECT_COUNT; i++) {
    if (!(limits >> i & 1) || !a->defects[i])
      continue;
    message_add(&line, "%s%s %llu", before, defect_names[i], (unsigned long long)a->defects[i]);
    before = ", ";
  }
  if (line.len)
    say("%s", line.text);
  if (a->fates[TIDE_FATE_UNDECIDED])
    say(tide_plural(
            a->fates[TIDE_FATE_UNDECIDED],
            "--where could not be decided for %llu message, because a pattern gave up on its "
            "text: it is not counted",
            "--where could not be decided for %llu messages, because a pattern gave up on "
            "their text: they are not counted"),
        (unsigned long long)a->fates[TIDE_FATE_UNDECIDED]);
  line.len = 0;
  message_add(&line, "%llu %s read: ", (unsigned long long)a->read,
              tide_plural(a->read, "message", "messages"));
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    if (i < TIDE_FATE_UNDECIDED || a->fates[i])
      message_add(&line, "%s%llu %s", i ? ", " : "", (unsigned long long)a->fates[i],
                  tide_fate_names[i]);
  if (a->outside)
    message_add(&line, "; filtered by time: %llu", (unsigned long long)a->outside);
  before = "; passed over: ";
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++) {
    if (!a->passed[i])
      continue;
    message_add(&line, "%s%llu %s", before, (unsigned long long)a->passed[i],
                tide_plural(a->passed[i], passed_nouns[i].one, passed_nouns[i].many));
    before = ", ";
  }
  if (a->troubles)
    message_add(&line, "; not read: %llu", (unsigned long long)a->troubles);
  say("%s", line.text);
}
