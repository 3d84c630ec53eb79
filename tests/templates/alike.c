/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How alike messages are, pair by pair: all against all, not only those that spamtide compares.
 *
 *   alike MIN < PATHS      prints "PATH TAB PATH TAB PERCENT" for each pair of files alike by MIN
 * percent or more alike words < PATHS    prints "PATH TAB WORDS": what is left of each message when
 * it has been normalised alike groups < PATHS   prints "PATH TAB GROUP": the least path of each
 * message's group, as spamtide groups them; alone where there is no sketch */
#include <stdio.h>
#include <stdlib.h>

#include "hops/chain.h"
#include "extract/extractor.h"
#include "record/signature.h"
#include "extract/template.h"

typedef struct item {
  char *path;
  tide_span signature;
} item;

static bool read_file(const char *path, tide_buffer *out) {
  FILE *f = fopen(path, "rb");
  if (!f)
    return false;
  char chunk[65536];
  size_t n;
  tide_buffer_clear(out);
  while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
    if (tide_buffer_put(out, tide_span_make(chunk, n)) != TIDE_OK)
      return false;
  bool ok = !ferror(f);
  return fclose(f) == 0 && ok;
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  bool words = strcmp(argv[1], "words") == 0, groups = strcmp(argv[1], "groups") == 0;
  unsigned min = (unsigned)atoi(argv[1]);
  tide_mime_init();
  tide_parser *parser;
  tide_arena kept = {0}, scratch = {0};
  tide_buffer bytes = {0};
  item *items = NULL;
  size_t count = 0, cap = 0;
  char *line = NULL;
  size_t line_cap = 0;
  ssize_t len;
  if (tide_parser_new(&parser) != TIDE_OK)
    return 3;
  while ((len = getline(&line, &line_cap, stdin)) > 0) {
    if (line[len - 1] == '\n')
      line[--len] = 0;
    if (!read_file(line, &bytes)) {
      fprintf(stderr, "alike: cannot read %s\n", line);
      return 3;
    }
    tide_raw raw = {.bytes = tide_buffer_span(&bytes), .size = bytes.len};
    const tide_message *m;
    tide_arena_reset(&scratch);
    tide_span signature = {0};
    if (tide_message_parse(parser, &raw, TIDE_NEED_SUBJECT | TIDE_NEED_TEXT, &m) == TIDE_OK) {
      tide_extract_options options = {0};
      tide_chain chain;
      tide_extraction x = {
          .options = &options, .raw = &raw, .message = m, .chain = &chain, .arena = &scratch};
      tide_record record;
      if (tide_extract(&x, TIDE_PART_TEMPLATE, &record) == TIDE_OK)
        signature = record.template;
      if (words) {
        const tide_span to[] = {tide_message_header(m, TIDE_HEADER_TO),
                                tide_message_header(m, TIDE_HEADER_DELIVERED_TO)};
        const tide_template_text read = {m->subject, m->text, to, 2};
        tide_buffer spelled = {0};
        if (tide_template_make(&read, &scratch, &spelled, &signature) == TIDE_OK)
          printf("%s\t%.*s\n", line, (int)spelled.len, spelled.len ? spelled.ptr : "");
        tide_buffer_free(&spelled);
      }
    }
    if (count == cap)
      items = realloc(items, (cap = cap ? cap * 2 : 1024) * sizeof *items);
    if (!items)
      return 3;
    items[count++] = (item){strdup(line), tide_arena_copy(&kept, signature)};
  }
  if (groups) {
    tide_span *set = malloc((count + 1) * sizeof *set);
    size_t *first = malloc((count + 1) * sizeof *first);
    uint32_t *leader = malloc((count + 1) * sizeof *leader), n = 0,
             *at = malloc((count + 1) * sizeof *at);
    for (size_t i = 0; i < count; i++) {
      uint32_t k = 0;
      while (k < n && !tide_span_equal(set[k], items[i].signature))
        k++;
      at[i] = k;
      if (k == n)
        set[n++] = items[i].signature;
    }
    if (tide_signature_group(set, n, NULL, leader) != TIDE_OK)
      return 3;
    for (uint32_t k = 0; k < n; k++)
      first[k] = count;
    for (size_t i = 0; i < count; i++)
      if (first[leader[at[i]]] == count)
        first[leader[at[i]]] = i;
    for (size_t i = 0; i < count; i++)
      printf("%s\t%s\n", items[i].path,
             items[i].signature.len ? items[first[leader[at[i]]]].path : items[i].path);
  } else if (!words) {
    for (size_t i = 0; i < count; i++) {
      for (size_t k = i + 1; k < count; k++) {
        unsigned likeness =
            items[i].signature.len && items[k].signature.len
                ? tide_signature_likeness(items[i].signature, items[k].signature, NULL)
                : 0;
        if (likeness >= min && likeness > 0)
          printf("%s\t%s\t%u\n", items[i].path, items[k].path, likeness);
      }
    }
  }
  return fflush(stdout) == 0 ? 0 : 3;
}
