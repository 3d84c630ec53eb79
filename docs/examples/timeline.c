/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A timeline of mailboxes as spamtide timeline writes it: ./timeline mccolo archive.mbox > t.csv
 * cc timeline.c $(pkg-config --cflags --libs spamtide) -o timeline */
#include <spamtide/spamtide.h>
#include <stdio.h>

static tide_status put(void *file, const char *text, size_t length, tide_error *err) {
  if (fwrite(text, 1, length, (FILE *)file) == length)
    return TIDE_OK;
  snprintf(err->text, sizeof err->text, "the output could not be written");
  return TIDE_FATAL;
}

static void say(void *nothing, tide_remark kind, const char *sentence) {
  (void)nothing;
  if (kind == TIDE_REMARK_CAUTION)
    fputs("caution: ", stderr);
  if (kind == TIDE_REMARK_TROUBLE)
    fputs("not read: ", stderr);
  fprintf(stderr, "%s\n", sentence);
}

int main(int argc, char **argv) {
  tide_archive *archive = NULL;
  tide_query *query = NULL;
  tide_error err;
  uint64_t counted = 0, read = 0;
  tide_status status = tide_archive_new(&archive, &err);
  for (int i = 2; i < argc && status == TIDE_OK; i++)
    status = tide_archive_add(archive, argv[i], &err);
  if (status == TIDE_OK)
    status = tide_query_new(&query, "timeline", &err);
  if (status == TIDE_OK && argc > 1)
    status = tide_query_set(query, "event", argv[1], &err);
  if (status == TIDE_OK)
    status = tide_query_set(query, "bin", "week", &err);
  if (status == TIDE_OK) {
    tide_archive_say_to(archive, say, NULL);
    tide_query_say_to(query, say, NULL);
    tide_query_write_to(query, put, stdout);
    status = tide_archive_ask(archive, &query, 1, &err);
  }
  if (status == TIDE_OK)
    status = tide_query_count(query, "messages.read", &read, &err);
  if (status == TIDE_OK)
    status = tide_query_count(query, "messages.counted", &counted, &err);
  if (status == TIDE_OK)
    fprintf(stderr, "messages counted: %llu of %llu\n", (unsigned long long)counted,
            (unsigned long long)read);
  else
    fprintf(stderr, "%s\n", err.text);
  tide_query_free(query);
  tide_archive_free(archive);
  return status == TIDE_OK && fflush(stdout) == 0 ? 0 : 1;
}
