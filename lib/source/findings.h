/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is found besides messages: files that are lost, and those that are passed over. */
#ifndef LIB_SOURCE_FINDINGS_H
#define LIB_SOURCE_FINDINGS_H

#include "formats.h"
#include "source/source.h"

/* "PATH: reason". TIDE_OK or TIDE_FATAL; so below. */
tide_status tide_findings_trouble(tide_findings *, const char *path, const char *reason);
/* The same for a file of which nothing is lost. */
tide_status tide_findings_note(tide_findings *, const char *path, const char *text);
/* Says what a file is that cannot be read as mail. Packed files most likely hold mail, and are
 * named wherever they are; others are an error where a person named them, else a count. */
tide_status tide_findings_pass_over(tide_findings *, const char *path, bool named, tide_span peek);
/* Counts what a format cut off that is no message (`what` is TIDE_SKIP), and says once for each
 * stream that something in it is packed. */
tide_status tide_findings_piece(tide_findings *, tide_cut *, const char *path, tide_status what);
/* Moves all to the end of another's. */
void tide_findings_move(tide_findings *to, tide_findings *from);
/* Empties it. */
void tide_findings_free(tide_findings *);

#endif
