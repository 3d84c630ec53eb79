/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What says which mail is spam, by the first byte: names of labels, a place, or a file of labels,
 * after a line of names. It is taken, or refused with a reason; what was taken can be asked for,
 * and every entry is accounted for. */
#include <stdlib.h>

#include "record/labels.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Taken? What is refused has a reason, and a file's begins with its name. */
static bool taken(tide_status status, const tide_error *err, const char *begin) {
  if (status == TIDE_OK)
    return true;
  if (status != TIDE_USAGE || !tide_span_starts(tide_span_of(err->text), tide_span_of(begin)) ||
      !*err->text)
    abort();
  return false;
}

/* Asks for each word of the text as a path beside the file, and as a Message-ID. */
static void ask(tide_labels *labels, tide_span text) {
  tide_arena arena = {0};
  tide_labels_account account;
  enum { ASKED = 64 };
  uint64_t asked = 0, found = 0;
  for (size_t at = 0; at < text.len && asked < ASKED; asked++) {
    while (at < text.len && tide_is_space(text.ptr[at]))
      at++;
    const size_t begin = at;
    while (at < text.len && !tide_is_space(text.ptr[at]) && text.ptr[at] != ',')
      at++;
    tide_span word = tide_span_slice(text, begin, at);
    char path[256] = "corpus/";
    if (word.len < sizeof path - 8)
      memcpy(path + 7, word.ptr, word.len);
    found += tide_labels_find(labels, tide_span_of(path), word, &arena).len > 0;
    at += at < text.len;
  }
  tide_labels_sum(labels, &account);
  if (account.labelled + account.unlabelled != asked || account.labelled != found ||
      account.unmet > account.entries)
    abort();
  tide_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tide_error err = {.text = ""};
  tide_labels *labels;
  if (!size)
    return 0;
  tide_span text = tide_span_make((const char *)data + 1, size - 1);
  if (tide_labels_new(&labels, NULL, &err) != TIDE_OK)
    abort();
  switch (data[0] % 4) {
  case 0: taken(tide_labels_rename(labels, text, &err), &err, ""); break;
  case 1:
    if (taken(tide_labels_add_place(labels, text, &err), &err, ""))
      ask(labels, text);
    break;
  case 2: {
    size_t end = tide_span_find_char(text, '\n');
    if (!taken(tide_labels_rename(labels, tide_span_slice(text, 0, end), &err), &err, ""))
      break;
    text = tide_span_slice(text, end + (end < text.len), text.len);
    if (taken(tide_labels_add_text(labels, "corpus/index", text, &err), &err, "corpus/index"))
      ask(labels, text);
    break;
  }
  default:
    if (taken(tide_labels_add_text(labels, "corpus/index", text, &err), &err, "corpus/index"))
      ask(labels, text);
    break;
  }
  tide_labels_free(labels);
  return 0;
}
