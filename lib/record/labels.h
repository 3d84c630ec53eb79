/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels: what the makers of a corpus say about its messages, such as spam and ham. They come from
 * files that name messages by path or Message-ID, and from folders. */
#ifndef LIB_RECORD_LABELS_H
#define LIB_RECORD_LABELS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/status.h"
#include "base/stop.h"

typedef struct tide_labels tide_labels;

/* Once *stop (may be NULL) is true, adding a text ends with TIDE_END. */
tide_status tide_labels_new(tide_labels **out, const atomic_bool *stop, tide_error *);
/* `pairs` ("0=spam,1=ham") say what words in files that are added later mean. TIDE_OK, TIDE_USAGE,
 * TIDE_FATAL. */
tide_status tide_labels_rename(tide_labels *, tide_span pairs, tide_error *);
/* `place` ("spam=PATH"): everything read from that file, or from below that directory or container,
 * has the label, unless a file says another. TIDE_OK, TIDE_USAGE, TIDE_FATAL. */
tide_status tide_labels_add_place(tide_labels *, tide_span place, tide_error *);
/* The text of the label file at `path`, in one of these forms, found by its content:
 *   - lines of a label and a path relative to the file's own directory, as in the index of the TREC
 *     corpora (`spam ../data/inmail.1`) and CSDMC2010 (`1 TRAIN_00000.eml`); a path without a
 *     directory names the file of that name anywhere below;
 *   - CSV whose first row has the columns label and path, or label and message_id, among others;
 *     cells are separated by commas, semicolons or tabs.
 * Capital letters in labels are made small, as some corpora mix them.
 * TIDE_OK, TIDE_USAGE with the line, TIDE_FATAL. */
tide_status tide_labels_add_text(tide_labels *, const char *path, tide_span text, tide_error *);
/* From now on mail in a junk folder has the label spam, unless another label is given. TIDE_OK or
 * TIDE_FATAL. */
tide_status tide_labels_take_junk(tide_labels *);
/* Is a file of that path in a junk folder (in cur or new of a folder with one of the names that
 * mail programs use), or is it a mailbox with such a name? */
bool tide_labels_is_junk(tide_span path);
/* The label of a message; empty if it has none. By its path, then its Message-ID, then its
 * folder. Borrowed from the labels. May be called by several threads at once. */
tide_span tide_labels_find(tide_labels *, tide_span source, tide_span message_id, tide_arena *);

typedef struct tide_labels_account {
  uint64_t labelled, unlabelled; /* messages that were asked for */
  uint64_t entries, unmet;       /* of files: how many there are, and how many named no message */
  uint64_t contradicted; /* said to have another label than an earlier entry, which counts */
  tide_span first_unmet, first_contradicted; /* what they name; borrowed */
  uint64_t places_unmet;                     /* places in or below which nothing was read */
  tide_span first_place_unmet;               /* borrowed */
  uint64_t junk;                             /* folders for junk that gave their mail its label */
  tide_span first_junk;                      /* the bytewise least of them; borrowed */
} tide_labels_account;

void tide_labels_sum(const tide_labels *, tide_labels_account *out);
void tide_labels_free(tide_labels *);

#endif
