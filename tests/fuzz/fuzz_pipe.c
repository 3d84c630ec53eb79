/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole pipe: a mailbox of any bytes, a question by the first four of them, and the table that
 * comes out read again by readers that forgive nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "rules/campaign.h"
#include "base/data.h"
#include "base/scan.h"
#include "extract/fingerprint.h"
#include "question/repeats.h"
#include "record/duplicates.h"
#include "record/labels.h"
#include "question/question.h"
#include "hops/services.h"
#include "hops/trust.h"
#include "ask.h"
#include "strict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- what all runs share --- */

static tide_zone *zone;
static tide_trust *trust;
static tide_services *services;
static tide_rules *rules;
static tide_additions *additions;
static tide_span names[1024];

/* Patterns that backtrack, and a rule of two rows. */
#define HOSTILE_RULES                                                                              \
  "campaign,rule,field,pattern\n"                                                                  \
  "slow,,text,(a+)+$\n"                                                                            \
  "pair,both,subject,x\n"                                                                          \
  "pair,both,text,[^/]\n"

static void must(tide_status status, const tide_error *err) {
  if (status == TIDE_OK)
    return;
  fprintf(stderr, "%s\n", err->text);
  abort();
}

static void open_all(void) {
  tide_error err;
  tide_mime_init();
  must(tide_zone_open(&zone, SPAN("America/New_York"), &err), &err);
  must(tide_trust_new(&trust, &err), &err);
  must(tide_trust_add(trust, "192.0.2.0/24", &err), &err);
  must(tide_services_read(&services, tide_data_services, &err), &err);
  must(tide_additions_read(&additions, tide_data_added_fields, &err), &err);
  must(tide_rules_new(&rules, NULL, &err), &err);
  must(tide_rules_add(rules, tide_data_campaigns, "built-in rules", &err), &err);
  must(tide_rules_add(rules, SPAN(HOSTILE_RULES), "hostile rules", &err), &err);
  for (size_t i = 0; i < tide_rules_campaign_count(rules); i++)
    names[i] = tide_rules_campaign(rules, i);
}

/* --- one run --- */

/* What the first bytes choose. */
typedef struct choice {
  const tide_question_type *type;
  bool prose;
  const char *by, *where, *format;
  tide_scan_width width;
  bool wide;
  bool drop, twice; /* copies are left out; all is read once more to find them */
} choice;

static choice choose(const uint8_t *data) {
  static const tide_question_type *const types[] = {
      &tide_question_records,     &tide_question_timeline, &tide_question_explanation,
      &tide_question_explanation, &tide_question_hits,     &tide_question_relays,
      &tide_question_changes,     &tide_question_compare,  &tide_question_concentration,
      &tide_question_recovery};
  static const char *const fields[] = {
      "origin/16",      "origin,helo",   "url,url_domain", "template",       "fingerprint",
      "campaign",       "subject",       "from_domain",    "rdns_tld",       "mailer,charset",
      "claimed_origin", "source",        "weekday",        "chain",          "defects",
      "receiver",       "origin_source", "label",          "label,duplicate"};
  static const char *const conditions[] = {"",
                                           "subject~(a+)+$",
                                           "origin!=",
                                           "url_domain~.",
                                           "text~viagra",
                                           "campaign=",
                                           "time_source=envelope",
                                           "origin-in=builtin:mccolo",
                                           "duplicate=yes",
                                           "label=spam",
                                           "duplicate_of!="};
  static const char *const formats[] = {"csv", "tsv", "jsonl"};
  choice c = {.type = types[data[0] % (sizeof types / sizeof *types)]};
  c.prose = data[0] % (sizeof types / sizeof *types) == 3;
  c.by =
      data[1] & 0x80 ? "spam_flag,spam_score" : fields[data[1] % (sizeof fields / sizeof *fields)];
  c.wide = data[3] & 0x80 && c.type == &tide_question_timeline;
  c.where = conditions[data[2] % (sizeof conditions / sizeof *conditions)];
  c.drop = data[2] & 0x40;
  c.twice = data[2] & 0x80;
  c.width = TIDE_SCAN_32 - data[3] / 3 % (TIDE_SCAN_32 + 1);
  c.format = c.type == &tide_question_explanation ? "jsonl" : formats[data[3] % 3];
  return c;
}

/* Labels by Message-ID, by path and by folder, of which some contradict. */
static tide_labels *label_all(void) {
  static const tide_span ids =
      SPAN("label,message_id\nspam,<1@example.com>\nham,<2@example.com>\n");
  static const tide_span paths = SPAN("spam 3\nham 4\nspam 5\nham ./3\n");
  tide_labels *labels;
  tide_error err;
  must(tide_labels_new(&labels, NULL, &err), &err);
  must(tide_labels_add_text(labels, "/proc/self/fd/ids", ids, &err), &err);
  must(tide_labels_add_text(labels, "/proc/self/fd/index", paths, &err), &err);
  must(tide_labels_add_place(labels, SPAN("other=/proc/self"), &err), &err);
  must(tide_labels_take_junk(labels), &err);
  return labels;
}

/* What labels and duplicates say of a run fits what became of its messages. */
static void check_sums(const tide_question *q, const tide_labels *labels,
                       const tide_duplicates *duplicates, bool drop) {
  tide_labels_account l;
  tide_duplicates_account d;
  tide_labels_sum(labels, &l);
  tide_duplicates_sum(duplicates, &d);
  const uint64_t left_out = q->account.fates[TIDE_FATE_DUPLICATE];
  if (l.labelled + l.unlabelled > q->account.read || l.unmet > l.entries ||
      left_out != (drop ? d.found : 0) || (q->account.read && d.found >= q->account.read) ||
      d.contradicted > d.found)
    abort();
}

static void ask(const choice *c, const char *path, unsigned jobs) {
  tide_error err = {.text = ""};
  tide_buffer text = {0};
  tide_filter *filter = NULL;
  tide_sheet sheet = {
      .emitter = tide_emitter_find(c->format), .write = fuzz_keep, .context = &text};
  tide_question q = {
      .type = c->type,
      .zone = zone,
      .sheet = &sheet,
      .say = fuzz_say,
      .windows = {
          .has_event = true, .event = 1226439000, .before = 28 * 86400, .after = 28 * 86400}};
  q.options.own.explain.prose = c->prose;
  q.options.own.timeline.wide = c->wide;
  q.options.recovery = (tide_recovery_options){.to = 0.9, .smooth = 7, .sustain = 7};
  must(tide_binning_parse(SPAN("month"), &q.binning, &err), &err);
  q.binning.zone = zone;
  unsigned parts = 0;
  if (c->type == &tide_question_records) {
    tide_question_all_columns(&q, TIDE_PART_NETWORK | TIDE_PART_COUNTRY, &parts);
  } else if (!c->type->shows_hops) {
    must(tide_grouping_add(&q.groups, tide_span_of(c->by), &err), &err);
  }
  q.parts = parts;
  if (*c->where) {
    must(tide_filter_new(&filter, &err), &err);
    if (tide_filter_add(filter, tide_span_of(c->where), &err) == TIDE_OK)
      q.filter = filter;
  }
  const char *paths[] = {path};
  tide_labels *labels = label_all();
  tide_duplicates *duplicates;
  const tide_duplicates_options copies = {.drop = c->drop, .places = true};
  must(tide_duplicates_new(&duplicates, &copies), &err);
  const tide_run_options run = {.paths = paths,
                                .path_count = 1,
                                .feed = {.input = "auto"},
                                .jobs = jobs,
                                .duplicates = duplicates,
                                .extract = {.now = 1767225600,
                                            .trust = trust,
                                            .services = services,
                                            .rules = rules,
                                            .additions = additions,
                                            .labels = labels,
                                            .webmail_origin = true},
                                .fields = {.zone = zone, .campaigns = names}};
  tide_question *const asked[] = {&q};
  tide_status status = tide_question_check(&q, &err);
  if (status == TIDE_OK && c->twice)
    must(tide_repeats_read(&run, 0, &err), &err);
  if (status == TIDE_OK)
    status = tide_questions_ask(asked, 1, &run, &err);
  if (status == TIDE_OK)
    status = tide_question_write(&q, &err);
  if (status != TIDE_OK && (status != TIDE_USAGE || !*err.text))
    abort();
  uint64_t fates = 0;
  for (size_t i = 0; i < TIDE_FATE_COUNT; i++)
    fates += q.account.fates[i];
  if (fates != q.account.read)
    abort();
  check_sums(&q, labels, duplicates, c->drop);
  if (status == TIDE_OK)
    fuzz_read(c->prose ? "" : c->format, tide_buffer_span(&text));
  tide_question_free(&q);
  tide_sheet_free(&sheet);
  tide_filter_free(filter);
  tide_buffer_free(&text);
  tide_duplicates_free(duplicates);
  tide_labels_free(labels);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  enum { CHOICE = 4 };
  if (!zone)
    open_all();
  if (size < CHOICE)
    return 0;
  const choice c = choose(data);
  tide_scan_limit(c.width);
  const int fd = memfd_create("mail", MFD_CLOEXEC);
  char path[64];
  if (fd < 0 || write(fd, data + CHOICE, size - CHOICE) != (ssize_t)(size - CHOICE))
    abort();
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ask(&c, path, 1);
  close(fd);
  return 0;
}
