/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Received headers as servers write them: each with what must be read from it. */
#include "cmocka_all.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "hops/received.h"

/* --- test-corpora/received: each header with what must be read from it --- */

static tide_buffer got;

static void put(const char *member, tide_span value) {
  if (!value.len)
    return;
  tide_buffer_put(&got, tide_span_of(member));
  tide_buffer_put(&got, SPAN(": "));
  /* Folds show as one space, so that an expectation is one line. */
  for (size_t i = 0; i < value.len; i++) {
    bool space = tide_is_space(value.ptr[i]);
    if (!space)
      tide_buffer_put(&got, tide_span_make(value.ptr + i, 1));
    else if (!tide_is_space(value.ptr[i - 1]))
      tide_buffer_put(&got, SPAN(" "));
  }
  tide_buffer_put(&got, SPAN("\n"));
}

static void put_ip(const char *member, const tide_ip *ip) {
  char text[TIDE_IP_TEXT];
  put(member, tide_span_make(text, tide_ip_format(ip, text)));
}

/* Every member of the hop that is not empty, one a line. */
static tide_span written(const tide_hop *hop) {
  tide_buffer_clear(&got);
  put("kind", tide_span_of(tide_hop_kind_name(hop->kind)));
  put("server", tide_span_of(hop->server));
  put("software", hop->software);
  put_ip("peer", &hop->peer);
  put("helo", hop->helo);
  put("rdns", hop->rdns);
  put("ident", hop->ident);
  put("by", hop->by);
  put_ip("by_ip", &hop->by_ip);
  put("with", hop->with);
  put("via", hop->via);
  put("id", hop->id);
  put("recipient", hop->recipient);
  put("sender", hop->sender);
  put("date", hop->date);
  if (hop->authenticated)
    put("authenticated", SPAN("yes"));
  if (hop->encrypted)
    put("encrypted", SPAN("yes"));
  if (hop->peer_unread)
    put("peer_unread", SPAN("yes"));
  char count[16];
  snprintf(count, sizeof count, "%u", (unsigned)hop->unread_count);
  if (hop->unread_count)
    put("unread", tide_span_of(count));
  put("unread_first", hop->unread);
  return tide_buffer_span(&got);
}

static size_t cases, wrong;

/* One block: "Received: " and the value with its folded lines, then the members expected. */
static void check_block(const char *file, tide_span block) {
  static const tide_span name = SPAN("Received:");
  size_t end = 0;
  while (end < block.len) {
    end += tide_span_find_char(tide_span_slice(block, end, block.len), '\n') + 1;
    if (end >= block.len || (block.ptr[end] != ' ' && block.ptr[end] != '\t'))
      break;
  }
  cases++;
  tide_hop hop;
  tide_received_parse(tide_span_trim(tide_span_slice(block, name.len, end)), &hop);
  tide_span want = tide_span_slice(block, end, block.len), is = written(&hop);
  if (tide_span_starts(block, name) && tide_span_equal(want, is))
    return;
  wrong++;
  print_message("%s:\n%.*s-- is read as\n%.*s\n", file, (int)block.len, block.ptr, (int)is.len,
                is.ptr);
}

static void check_file(const char *path) {
  static char text[1 << 20];
  FILE *f = fopen(path, "rb");
  assert_non_null(f);
  tide_span all = tide_span_make(text, fread(text, 1, sizeof text, f));
  fclose(f);
  assert_number(all.len, <, sizeof text);
  while (all.len) {
    size_t end = tide_span_find(all, SPAN("\n\n"));
    tide_span block = tide_span_slice(all, 0, end + 1);
    all = tide_span_slice(all, end + 2, all.len);
    while (block.len && block.ptr[0] == '#')
      block = tide_span_slice(block, tide_span_find_char(block, '\n') + 1, block.len);
    if (block.len)
      check_block(path, block);
  }
}

static void each_form(void **state) {
  (void)state;
  const char *source = getenv("TIDE_SOURCE");
  char pattern[4096];
  snprintf(pattern, sizeof pattern, "%s/test-corpora/received/*.txt", source ? source : ".");
  glob_t files;
  assert_int_equal(glob(pattern, 0, NULL, &files), 0);
  for (size_t i = 0; i < files.gl_pathc; i++) {
    at("i = %zu", i);
    check_file(files.gl_pathv[i]);
  }
  globfree(&files);
  tide_buffer_free(&got);
  assert_number(cases, >=, 150);
  assert_int_equal(wrong, 0);
}

static void dates(void **state) {
  (void)state;
  tide_hop hop;
  tide_received_parse(SPAN("from a ([192.0.2.1]) by b (c; d) with SMTP id 1; Tue, 11 Nov 2008 "
                           "16:30:00 -0500 (EST; winter)"),
                      &hop);
  assert_span_equal(hop.date, "Tue, 11 Nov 2008 16:30:00 -0500 (EST; winter)");
  tide_received_parse(SPAN("from a ([192.0.2.1]) by b with SMTP id 1"), &hop);
  assert_int_equal(hop.date.len, 0);
}

/* An address that no form explains, between `from` and `by`, may be the peer's: the hop is unread,
 * lest a hop that the sender wrote below it is believed. Not so within a name, or elsewhere. */
static void unread_peers(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool unread;
  } forms[] = {
      {"from a.example ([192.0.2.1x]) by b with SMTP id 1", true},
      {"from a.example ([*192.0.2.1*]) by b with SMTP id 1", true},
      {"from a.example (c.example [.192.0.2.1]) by b with SMTP id 1", true},
      {"from a.example (c.example192.0.2.1]) by b with SMTP id 1", true},
      {"from unknown (HELO a.example) (~192.0.2.1) by b with SMTP", true},
      {"from unknown (HELO a.example) (@192.0.2.1@) by b with SMTP", true},
      {"from a.example (IP192.0.2.1IP) by b with SMTP", true},
      {"by b with SMTP from a.example (^192.0.2.1^)", true},
      {"from a.example (192.0.2.1.c.example) by b with SMTP", false},
      {"from a.example (c-192.0.2.1.c.example) by b with SMTP", false},
      {"from a.example (10.0.0.1x) by b with SMTP", false},
      {"from a.example (1.192.0.2.1) by b with SMTP", false},
      {"by b (Smail3.1.28.1) from a.example with smtp id 1", false},
      {"from a.example by b (v1.2.3.4) with SMTP", false},
      {"from a.example (192.0.2.1) by b with SMTP id 1", false},
  };
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    tide_hop hop;
    if (!tide_received_parse(tide_span_of(forms[i].text), &hop) ||
        hop.peer_unread != forms[i].unread)
      fail_msg("%s: %s", forms[i].text, hop.peer_unread ? "unread" : "read");
  }
}

/* Time is linear: nothing here may take long. */
static void hostile(void **state) {
  (void)state;
  static const char *const pieces[] = {"(",
                                       ")",
                                       "[",
                                       "from ",
                                       "by ",
                                       "\"",
                                       ";",
                                       "a@",
                                       "from a (b [",
                                       "(((a)",
                                       "helo=",
                                       "\\",
                                       "from 8.8.8.8x",
                                       "from a (8.8.8.8-"};
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    size_t len = strlen(pieces[i]), count = (1u << 20) / len;
    char *text = malloc(count * len);
    for (size_t k = 0; k < count; k++)
      memcpy(text + k * len, pieces[i], len);
    tide_hop hop;
    tide_received_parse(tide_span_make(text, count * len), &hop);
    free(text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(each_form), cmocka_unit_test(dates),
                                     cmocka_unit_test(unread_peers), cmocka_unit_test(hostile)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
