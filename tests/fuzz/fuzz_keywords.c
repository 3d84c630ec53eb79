/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that fell at an event, of any bytes: the rules that keywords writes of them can be read
 * again. The input is the text of six messages before the event; six after it have none of it. The
 * first byte chooses whether it is their subject or their body. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "extract/fingerprint.h"
#include "mime/message.h"
#include "question/question.h"
#include "rules/campaign.h"
#include "ask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put(tide_buffer *mail, tide_span bytes) {
  if (tide_buffer_put(mail, bytes) != TIDE_OK)
    abort();
}

/* Words that no other message has, so that each is a template of its own. */
static void fill(tide_buffer *mail, unsigned message) {
  for (unsigned i = 0; i < 24; i++) {
    char word[] = " zzzzzz";
    for (unsigned k = 1, n = message * 7919 + i * 104729 + 1; k < sizeof word - 1; k++, n /= 21)
      word[k] = (char)('a' + n % 21);
    put(mail, tide_span_of(word));
  }
}

static int mailbox(const uint8_t *data, size_t size, char path[64]) {
  tide_buffer mail = {0};
  const tide_span text = tide_span_make((const char *)data + 1, size - 1);
  for (unsigned i = 0; i < 12; i++) {
    char head[256];
    const unsigned day = i < 6 ? 4 + i : 6 + i;
    snprintf(head, sizeof head,
             "From a@b.example Tue Nov %2u 12:00:00 2008\nReceived: from h (h [203.0.113.%u]) by "
             "mx; %u Nov 2008 12:00:00 +0000\nSubject: ",
             day, i, day);
    put(&mail, tide_span_of(head));
    if (i < 6 && data[0] % 2)
      put(&mail, tide_span_slice(text, 0, tide_span_find_char(text, '\n')));
    put(&mail, SPAN("\n\n"));
    fill(&mail, i);
    if (i < 6 && data[0] % 2 == 0)
      put(&mail, text);
    put(&mail, SPAN("\n\n"));
  }
  const int fd = memfd_create("mail", MFD_CLOEXEC);
  if (fd < 0 || write(fd, mail.ptr, mail.len) != (ssize_t)mail.len)
    abort();
  snprintf(path, 64, "/proc/self/fd/%d", fd);
  tide_buffer_free(&mail);
  return fd;
}

/* Every rule that was written is one that can be read. */
static void read_rules(tide_span text) {
  tide_error err = {.text = ""};
  tide_rules *rules;
  if (tide_rules_new(&rules, NULL, &err) != TIDE_OK)
    abort();
  if (tide_rules_add(rules, text, "words.csv", &err) != TIDE_OK) {
    fprintf(stderr, "%s: %.*s\n", err.text, (int)text.len, text.ptr);
    abort();
  }
  tide_rules_free(rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static tide_zone *zone;
  tide_error err = {.text = ""};
  char path[64];
  if (!zone) {
    tide_mime_init();
    if (tide_zone_open(&zone, SPAN("UTC"), &err) != TIDE_OK)
      abort();
  }
  if (!size)
    return 0;
  const int fd = mailbox(data, size, path);
  const char *const paths[] = {path};
  tide_buffer table = {0}, rules = {0};
  tide_sheet sheet = {.emitter = tide_emitter_find("csv"), .write = fuzz_keep, .context = &table};
  tide_sheet rules_sheet = {
      .emitter = tide_emitter_find("csv"), .write = fuzz_keep, .context = &rules};
  tide_question q = {
      .type = &tide_question_keywords,
      .zone = zone,
      .sheet = &sheet,
      .say = fuzz_say,
      .windows = {
          .has_event = true, .event = 1226361600, .before = 14 * 86400, .after = 14 * 86400}};
  q.options.rules = &rules_sheet;
  q.binning.zone = zone;
  const tide_run_options run = {.paths = paths,
                                .path_count = 1,
                                .feed = {.input = "auto"},
                                .jobs = 1,
                                .extract = {.now = 1767225600},
                                .fields = {.zone = zone}};
  if (fuzz_ask(&q, &run))
    read_rules(tide_buffer_span(&rules));
  tide_question_free(&q);
  tide_sheet_free(&sheet);
  tide_sheet_free(&rules_sheet);
  tide_buffer_free(&table);
  tide_buffer_free(&rules);
  close(fd);
  return 0;
}
