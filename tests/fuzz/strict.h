/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readers of tables that forgive nothing: what they do not like ends the program. */
#ifndef TESTS_FUZZ_STRICT_H
#define TESTS_FUZZ_STRICT_H

#include "base/span.h"

/* A table of that format, csv, tsv or jsonl; or with "" prose, which is held to be UTF-8 alone. */
void fuzz_read(const char *format, tide_span text);
/* The numbers of a table in tsv: finite; probabilities and shares from 0 to 1; no interval whose
 * end lies below its beginning. */
void fuzz_read_numbers(tide_span text);

#endif
