/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings are counted by their kinds, and those that matter by themselves are put into words. */
#include "findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packed.h"
#include "base/visible.h"

void tide_troubles_move(tide_troubles *to, tide_troubles *from) {
  if (!from->first)
    return;
  if (to->first)
    to->last->next = from->first;
  else
    to->first = from->first;
  to->last = from->last;
  *from = (tide_troubles){NULL, NULL};
}

void tide_troubles_free(tide_troubles *troubles) {
  for (tide_trouble *next, *t = troubles->first; t; t = next) {
    next = t->next;
    free(t);
  }
  *troubles = (tide_troubles){NULL, NULL};
}

static tide_status trouble_add(tide_findings *f, const char *path, const char *reason, bool note) {
  size_t len = 4 * strlen(path) + strlen(reason) + 3;
  tide_trouble *t = malloc(sizeof *t + len);
  if (!t)
    return TIDE_FATAL;
  size_t at = tide_visible(tide_span_of(path), t->text, len);
  snprintf(t->text + at, len - at, ": %s", reason);
  t->next = NULL;
  t->note = note;
  tide_troubles one = {t, t};
  tide_troubles_move(&f->troubles, &one);
  return TIDE_OK;
}

tide_status tide_findings_trouble(tide_findings *f, const char *path, const char *reason) {
  return trouble_add(f, path, reason, false);
}

tide_status tide_findings_note(tide_findings *f, const char *path, const char *text) {
  return trouble_add(f, path, text, true);
}

tide_status tide_findings_pass_over(tide_findings *f, const char *path, bool named,
                                    tide_span peek) {
  const tide_packed *packed = tide_packed_find(peek);
  tide_passed why = packed ? TIDE_PASSED_COMPRESSED : TIDE_PASSED_NOT_MAIL;
  if (peek.len == 0)
    why = TIDE_PASSED_EMPTY;
  f->passed[why]++;
  const bool split = !packed && tide_packed_is_named(path);
  const char *holder =
      packed ? NULL : tide_message_holder(tide_span_slice(peek, 0, TIDE_PEEK_BYTES));
  if (why == TIDE_PASSED_EMPTY || (!named && !packed && !split && !holder))
    return TIDE_OK;
  char reason[128];
  if (packed && packed->archive)
    snprintf(reason, sizeof reason, "not read: an archive (%s): %s first", packed->name,
             packed->how ? packed->how : "unpack it");
  else if (packed)
    snprintf(reason, sizeof reason, "not read: compressed (%s): unpack it first, or pipe it in",
             packed->name);
  else if (split)
    snprintf(reason, sizeof reason,
             "not mail, and not packed as its name says: perhaps one piece of several, to be "
             "joined first");
  else if (holder)
    snprintf(reason, sizeof reason, "not read: mail within something else, as %s: export it first",
             holder);
  else
    snprintf(reason, sizeof reason, "not mail; use --input to read it all the same");
  return tide_findings_trouble(f, path, reason);
}

tide_status tide_findings_piece(tide_findings *f, tide_cut *cut, const char *path,
                                tide_status what) {
  const bool lost = what == TIDE_SKIP;
  if (lost)
    f->passed[cut->packed ? TIDE_PASSED_COMPRESSED : TIDE_PASSED_INSIDE]++;
  if (!cut->packed || cut->said)
    return TIDE_OK;
  char reason[128];
  snprintf(reason, sizeof reason,
           lost ? "not read: messages in it are compressed (%s): unpack them first"
                : "what follows its last message is not read: it is packed (%s)",
           cut->packed);
  cut->said = true;
  return tide_findings_trouble(f, path, reason);
}

void tide_findings_move(tide_findings *to, tide_findings *from) {
  tide_troubles_move(&to->troubles, &from->troubles);
  for (size_t i = 0; i < TIDE_PASSED_COUNT; i++)
    to->passed[i] += from->passed[i];
  to->files_read += from->files_read;
  to->bytes_read += from->bytes_read;
  tide_findings_free(from);
}

void tide_findings_free(tide_findings *f) {
  tide_troubles_free(&f->troubles);
  *f = (tide_findings){.files_read = 0};
}
