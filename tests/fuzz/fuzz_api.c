/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public interface: any question with any options, over any mailbox. The first byte chooses the
 * question; lines of option=value follow, those with "!" in front for the archive; after an empty
 * line comes the mailbox. Cells hold what their kind says. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "spamtide/spamtide.h"
#include "strict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
  if (!holds)
    abort();
}

static tide_status text_put(void *context, const char *bytes, size_t length, tide_error *err) {
  (void)context;
  (void)err;
  fuzz_read("", tide_span_make(bytes, length)); /* pieces are whole rows */
  return TIDE_OK;
}

static tide_status row_take(void *context, const tide_row *row, tide_error *err) {
  (void)context;
  (void)err;
  for (size_t i = 0; i < tide_row_size(row); i++) {
    size_t length = 0;
    const char *text = tide_row_text(row, i, &length);
    must(tide_row_name(row, i) && tide_row_help(row, i) && text && text[length] == '\0');
    must(tide_row_kind(row, i) == TIDE_CELL_TEXT || length == 0);
    must(isfinite(tide_row_real(row, i)));
    fuzz_read("", tide_span_make(text, length));
  }
  must(!tide_row_name(row, tide_row_size(row)));
  return TIDE_OK;
}

static void say(void *context, tide_remark remark, const char *sentence) {
  (void)context;
  (void)remark;
  must(*sentence != '\0');
}

/* Files of this machine are none of the fuzzer's business. */
static bool names_file(const char *question, const char *option) {
  const char *argument = tide_option_argument(question, option);
  return argument && (strstr(argument, "FILE") || strstr(argument, "PATH"));
}

static void failed(tide_status status, const tide_error *err) {
  if (status != TIDE_OK)
    must(status == TIDE_USAGE && *err->text);
}

/* One line: option=value. */
static void option_set(tide_archive *a, tide_query *q, const char *question, char *line) {
  tide_error err = {.text = ""};
  const bool archive = *line == '!';
  char *name = line + archive, *value = strchr(name, '=');
  if (value)
    *value++ = '\0';
  if (names_file(archive ? NULL : question, name))
    return;
  failed(archive ? tide_archive_set(a, name, value, &err) : tide_query_set(q, name, value, &err),
         &err);
}

/* What stands before the mailbox; where that begins. */
static size_t options_set(tide_archive *a, tide_query *q, const char *question, tide_span text) {
  size_t at = 0;
  while (at < text.len) {
    char line[256];
    const size_t end = at + tide_span_find_char(tide_span_slice(text, at, text.len), '\n');
    const tide_span given = tide_span_slice(text, at, end);
    at = end + 1;
    if (given.len == 0)
      break;
    snprintf(line, sizeof line, "%.*s", (int)given.len, given.ptr);
    option_set(a, q, question, line);
  }
  return at < text.len ? at : text.len;
}

static void account_check(const tide_query *q) {
  tide_error err;
  uint64_t read = 0, fates = 0, n;
  static const char *const fate[] = {"messages.counted",   "messages.filtered",
                                     "messages.undated",   "messages.damaged",
                                     "messages.undecided", "messages.duplicate"};
  must(tide_query_count(q, "messages.read", &read, &err) == TIDE_OK);
  for (size_t i = 0; i < sizeof fate / sizeof *fate; i++) {
    must(tide_query_count(q, fate[i], &n, &err) == TIDE_OK);
    fates += n;
  }
  must(fates == read);
}

static void ask(tide_archive *a, tide_query *q, const char *question, bool rows, tide_span text) {
  tide_error err = {.text = ""};
  char path[64];
  const size_t at = options_set(a, q, question, text);
  const int fd = memfd_create("mail", MFD_CLOEXEC);
  must(fd >= 0 && write(fd, text.ptr + at, text.len - at) == (ssize_t)(text.len - at));
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  must(tide_archive_add(a, path, &err) == TIDE_OK);
  must(tide_archive_set(a, "jobs", "1", &err) == TIDE_OK);
  tide_archive_set_now(a, 1767225600);
  tide_archive_say_to(a, say, NULL);
  tide_query_say_to(q, say, NULL);
  if (rows)
    tide_query_rows_to(q, row_take, row_take, NULL);
  else
    tide_query_write_to(q, text_put, NULL);
  const tide_status status = tide_archive_ask(a, &q, 1, &err);
  failed(status, &err);
  must((status == TIDE_OK) == (tide_query_error(q)->status == TIDE_OK) || status == TIDE_USAGE);
  if (status == TIDE_OK)
    account_check(q);
  close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tide_error err = {.text = ""};
  tide_archive *a;
  tide_query *q;
  size_t questions = 0;
  if (size < 1)
    return 0;
  while (tide_question_name(questions))
    questions++;
  const char *question = tide_question_name(data[0] / 2 % questions);
  must(tide_archive_new(&a, &err) == TIDE_OK);
  const tide_status status = tide_query_new(&q, question, &err);
  failed(status, &err);
  if (status == TIDE_OK) {
    ask(a, q, question, data[0] % 2, tide_span_make((const char *)data + 1, size - 1));
    tide_query_free(q);
  }
  tide_archive_free(a);
  return 0;
}
