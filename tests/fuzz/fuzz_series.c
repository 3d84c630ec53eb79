/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any series of counts, through each question that infers something of one: what comes out can be
 * read, and no number is one that cannot be. The first six bytes choose the question, the model,
 * the windows and the format; each further one is a day's mail of two groups, up to 15 messages
 * each. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/data.h"
#include "extract/fingerprint.h"
#include "mime/message.h"
#include "question/question.h"
#include "ask.h"
#include "strict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICES = 6, DAYS_MOST = 80, FIRST_DAY = 1222819200 /* 2008-10-01 */, DAY = 86400 };

static tide_zone *zone;
static tide_additions *additions;

static void must(tide_status status, const tide_error *err) {
  if (status == TIDE_OK)
    return;
  fprintf(stderr, "%s\n", err->text);
  abort();
}

static void open_all(void) {
  tide_error err = {.text = ""};
  tide_mime_init();
  must(tide_zone_open(&zone, SPAN("UTC"), &err), &err);
  must(tide_additions_read(&additions, tide_data_added_fields, &err), &err);
}

/* A message of one group: a program, a domain and a network of its own, and words of its day. */
static void message_put(tide_buffer *mail, unsigned group, unsigned day, unsigned number) {
  static const char *const mailers[] = {"Alpha Mail", "Beta Post"};
  const unsigned month = day / 30 % 3, of_month = 1 + day % 30;
  static const char *const months[] = {"Oct", "Nov", "Dec"};
  if (tide_buffer_printf(mail,
                         "From a@b.example Tue Nov 11 16:30:00 2008\n"
                         "Received: from h (h [203.%u.%u.%u]) by mx; %u %s 2008 %02u:30:00 +0000\n"
                         "From: a@d%u.example\nX-Mailer: %s\nSubject: word%u day%u\n\n\n",
                         group, day, number, of_month, months[month], number % 24, group,
                         mailers[group], number, day) != TIDE_OK)
    abort();
}

static int mailbox(const uint8_t *data, size_t size, char path[64]) {
  tide_buffer mail = {0};
  for (unsigned day = 0; day < size && day < DAYS_MOST; day++)
    for (unsigned group = 0; group < 2; group++)
      for (unsigned i = 0; i < (group ? data[day] >> 4 : data[day] & 15u); i++)
        message_put(&mail, group, day, i);
  const int fd = memfd_create("mail", MFD_CLOEXEC);
  if (fd < 0 || (mail.len && write(fd, mail.ptr, mail.len) != (ssize_t)mail.len))
    abort();
  snprintf(path, 64, "/proc/self/fd/%d", fd);
  tide_buffer_free(&mail);
  return fd;
}

static const tide_question_type *const types[] = {
    &tide_question_timeline,      &tide_question_compare,  &tide_question_placebo,
    &tide_question_changes,       &tide_question_recovery, &tide_question_concentration,
    &tide_question_course,        &tide_question_families, &tide_question_keywords,
    &tide_question_concentration, &tide_question_changes};

/* What the first bytes choose. */
static void choose(const uint8_t *data, tide_question *q) {
  static const char *const fields[] = {"", "from_domain", "fingerprint", "weekday", "template"};
  tide_error err;
  tide_question_options *o = &q->options;
  q->type = types[data[0] % (sizeof types / sizeof *types)];
  const bool together = data[0] / 16 % 2;
  /* Some questions are none without groups, which requests see to. */
  const bool grouped = q->type == &tide_question_concentration || together;
  const char *field =
      fields[(data[1] + (grouped && data[1] % 5 == 0)) % (sizeof fields / sizeof *fields)];
  if (*field && q->type != &tide_question_families)
    must(tide_grouping_add(&q->groups, tide_span_of(field), &err), &err);
  if (q->type == &tide_question_families)
    must(tide_grouping_add(&q->groups, SPAN("fingerprint"), &err), &err);
  o->contrast =
      (tide_contrast_options){.model = (tide_model)(data[2] % (TIDE_MODEL_EXACT + 1)),
                              .errors = (tide_errors)(data[2] / 4 % (TIDE_ERRORS_INDEPENDENT + 1)),
                              .weekdays = data[2] & 32,
                              .trend = data[2] & 64,
                              .confidence = data[2] & 128 ? 0.5 : 0.95};
  o->history = data[3] & 1;
  if (q->type == &tide_question_course)
    o->own.course.step = (1 + data[3] / 2 % 10) * (int64_t)DAY;
  if (q->type == &tide_question_changes)
    o->own.changes = (tide_changes_own){.together = together, .min_length = data[3] / 32};
  o->recovery =
      (tide_recovery_options){.to = 0.9, .smooth = 1 + data[3] % 7, .sustain = 1 + data[3] / 8 % 7};
  q->windows =
      (tide_windows){.has_event = data[4] < 250,
                     .event = FIRST_DAY + data[4] % DAYS_MOST * (int64_t)DAY + data[4] * 97,
                     .has_before = true,
                     .has_after = true,
                     .before = (1 + data[5] % 16) * 2 * (int64_t)DAY,
                     .after = (1 + data[5] / 16) * 2 * (int64_t)DAY};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const formats[] = {"tsv", "csv", "jsonl"};
  tide_error err = {.text = ""};
  tide_buffer table = {0};
  char path[64];
  if (!zone)
    open_all();
  if (size < CHOICES)
    return 0;
  const char *format = formats[data[5] % 5 % 3];
  tide_sheet sheet = {.emitter = tide_emitter_find(format), .write = fuzz_keep, .context = &table};
  tide_question q = {.zone = zone, .sheet = &sheet, .say = fuzz_say};
  choose(data, &q);
  must(tide_binning_parse(data[1] & 64 ? SPAN("week") : SPAN("day"), &q.binning, &err), &err);
  q.binning.zone = zone;
  const int fd = mailbox(data + CHOICES, size - CHOICES, path);
  const char *const paths[] = {path};
  const tide_run_options run = {.paths = paths,
                                .path_count = 1,
                                .feed = {.input = "auto"},
                                .jobs = 1,
                                .extract = {.now = 1767225600, .additions = additions},
                                .fields = {.zone = zone}};
  if (fuzz_ask(&q, &run)) {
    fuzz_read(format, tide_buffer_span(&table));
    if (strcmp(format, "tsv") == 0)
      fuzz_read_numbers(tide_buffer_span(&table));
  }
  tide_question_free(&q);
  tide_sheet_free(&sheet);
  tide_buffer_free(&table);
  close(fd);
  return 0;
}
