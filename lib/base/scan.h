/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searches that every byte of an archive goes through, with vector instructions where the processor
 * has them. */
#ifndef LIB_BASE_SCAN_H
#define LIB_BASE_SCAN_H

#include "base/span.h"

/* How many bytes a search looks at in one step. */
typedef enum tide_scan_width { TIDE_SCAN_1, TIDE_SCAN_16, TIDE_SCAN_32 } tide_scan_width;

/* Searches in this program look at `most` bytes a step at most, and at no more than the processor
 * can; 32 before the first call. Returns what they do now. No answer depends on it: it is there so
 * that each way can be tried on every machine. Not while another thread searches. */
tide_scan_width tide_scan_limit(tide_scan_width most);

/* The first position i >= from, i >= 1, where s holds "From " after a line feed, a '>', a NUL or
 * the last byte of a byte order mark; s.len if there is none. Those are the places where an mbox
 * may be cut, and those where a `>From ` may be unescaped. */
size_t tide_scan_from(tide_span s, size_t from);

/* The same without vector instructions, byte for byte the same answer: for other processors, and to
 * test against. */
size_t tide_scan_from_plain(tide_span s, size_t from);

/* The first position i >= from, i >= 1, after a line feed where s holds "--": where a part of a
 * message may end (RFC 2046 5.1.1). s.len if there is none. */
size_t tide_scan_dashes(tide_span s, size_t from);
size_t tide_scan_dashes_plain(tide_span s, size_t from);

/* The line feeds in [from, to) of s, at most TIDE_SCAN_LINES bytes of it, as distances from `from`;
 * returns how many. `to` is at most s.len. After the last of them up to TIDE_SCAN_SLACK places of
 * `ends` may be written without meaning. Header lines are short: a memchr for each costs more than
 * to find those of some hundred bytes at once. *odd becomes true if a NUL or a carriage return
 * is among them, and stays what it is else. */
enum { TIDE_SCAN_LINES = 512, TIDE_SCAN_SLACK = 4 };
size_t tide_scan_lines(tide_span s, size_t from, size_t to,
                       uint16_t ends[TIDE_SCAN_LINES + TIDE_SCAN_SLACK], bool *odd);
size_t tide_scan_lines_plain(tide_span s, size_t from, size_t to,
                             uint16_t ends[TIDE_SCAN_LINES + TIDE_SCAN_SLACK], bool *odd);

/* The first position i >= from, i >= 1, after a line feed where s holds a line feed, a carriage
 * return, 'C' or 'c': where a header block may end, or name its Content-Length. s.len where there
 * is none. */
size_t tide_scan_head(tide_span s, size_t from);
size_t tide_scan_head_plain(tide_span s, size_t from);

/* How many bytes s begins with that are neither white space nor '(': a word of a Received field. */
size_t tide_scan_word(tide_span s);
size_t tide_scan_word_plain(tide_span s);

/* How many bytes s begins with that may be in a header field's name: printable ASCII without the
 * colon (RFC 5322 2.2). */
size_t tide_scan_name(tide_span s);
size_t tide_scan_name_plain(tide_span s);

/* How many bytes s begins with that are printable ASCII, space to '~'. */
size_t tide_scan_printable(tide_span s);
size_t tide_scan_printable_plain(tide_span s);

/* How many bytes s begins with that HTML shows as they stand: printable ASCII without '<', '&' and
 * blanks that another blank follows (one at the end of s may be left). */
size_t tide_scan_shown(tide_span s);
size_t tide_scan_shown_plain(tide_span s);

/* Where s has the first byte that is one of four; s.len where it has none. */
size_t tide_scan_any(tide_span s, const char set[4]);
size_t tide_scan_any_plain(tide_span s, const char set[4]);

enum { TIDE_SCAN_FOURS = 8, TIDE_SCAN_FOLD = 0x20202020 };
/* The four bytes at p as a key: each with TIDE_SCAN_FOLD's bit set, the first in the low bits
 * whatever the machine's order. */
static inline uint32_t tide_scan_four(const char *p) {
  const unsigned char *b = (const unsigned char *)p;
  return ((uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24) |
         TIDE_SCAN_FOLD;
}

/* The first position i >= from where tide_scan_four is one of `count` keys, TIDE_SCAN_FOURS at
 * most; s.len if there is none. Letters are found in either case. */
size_t tide_scan_fours(tide_span s, size_t from, const uint32_t *keys, size_t count);
size_t tide_scan_fours_plain(tide_span s, size_t from, const uint32_t *keys, size_t count);

#endif
