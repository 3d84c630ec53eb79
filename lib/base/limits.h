/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every ceiling there is, once. A message that reaches one is still counted, with the defect named
 * here. */
#ifndef LIB_BASE_LIMITS_H
#define LIB_BASE_LIMITS_H

/* Bytes of one message kept for extraction; the rest is counted in `bytes` only. Defect `oversize`.
 */
#define TIDE_LIMIT_MESSAGE (32u << 20)
/* Header fields indexed in one message. Defect `too-many-headers`. */
#define TIDE_LIMIT_HEADERS 16384u
/* Bytes of one header field's value that are decoded or parsed. Defect `long-header`. */
#define TIDE_LIMIT_HEADER_VALUE (64u << 10)
/* MIME parts in one message. Defect `too-many-parts`. */
#define TIDE_LIMIT_PARTS 4096u
/* Levels of MIME nesting that are entered. Defect `too-deep`. */
#define TIDE_LIMIT_DEPTH 64u
/* Bytes of decoded text (UTF-8) kept of one message for search. Defect `long-text`. */
#define TIDE_LIMIT_TEXT (1u << 20)
/* Bytes of the targets of links kept of one message. Defect `long-text`. */
#define TIDE_LIMIT_LINKS (256u << 10)
/* Distinct URLs, in text and links, looked at in one message. Defect `too-many-urls`. */
#define TIDE_LIMIT_URLS 1000u
/* Groups that one message may be in, which are combinations of its values of --by, and the bytes
 * of their names together. Defect `too-many-groups`. */
#define TIDE_LIMIT_GROUPS      1000u
#define TIDE_LIMIT_GROUP_BYTES (256u << 10)
/* Tables of networks in one directory; of one table lines and networks. Passing them is an error
 * that names the file. */
#define TIDE_LIMIT_TABLES         64u
#define TIDE_LIMIT_TABLE_LINES    16000000u
#define TIDE_LIMIT_TABLE_NETWORKS 16000000u
/* Bytes of one cell in the output: what LibreOffice and Excel take. Longer cells are cut, and a
 * message says how many were. A value for a cell keeps enough bytes that it is still longer than a
 * cell when it is written, and so counted: four bytes give at least one. */
#define TIDE_LIMIT_CELL  32767u
#define TIDE_LIMIT_VALUE (4 * TIDE_LIMIT_CELL + 4)
/* Levels of directories entered below a path that was named. A deeper one is named as not read. */
#define TIDE_LIMIT_DIRECTORY_DEPTH 64u
/* Containers within containers: each compression and each archive is one. What is deeper is named
 * as not read. */
#define TIDE_LIMIT_CONTAINERS 8u
/* Bytes that may be unpacked for each byte of a container that was read, after the first bytes,
 * which are free: deflate makes at most 1,032 of one, and mail is seldom packed to less than a
 * hundredth. What is left is named as not read. */
#define TIDE_LIMIT_UNPACKED_RATIO 1000u
#define TIDE_LIMIT_UNPACKED_FREE  (64u << 20)
/* Members of one archive. What is left is named as not read. */
#define TIDE_LIMIT_MEMBERS 100000000u
/* Bytes of an archive that may be read for the head of one member, its name above all: libarchive
 * holds all of a name before it looks at it, and a head may announce 4 GiB. What is left of such an
 * archive is named as not read. */
#define TIDE_LIMIT_MEMBER_HEAD (32u << 20)
/* Heads of members in an archive that cannot be read, and are said one by one. How many more there
 * are is said at the end. */
#define TIDE_LIMIT_DAMAGES 100u
/* Files that a 7z may list, and bytes of its list: libarchive holds all of it, 88 bytes for each
 * file beside its name. A longer one is named as not read. */
#define TIDE_LIMIT_LISTED 1000000u
#define TIDE_LIMIT_LIST   (128u << 20)
/* Bytes of a 7z that is held in memory because it comes from a pipe or out of a container. A larger
 * one is named as not read. */
#define TIDE_LIMIT_HELD (32u << 20)
/* Bytes of memory that one zstd, xz, lzma, 7z or member of a zip may ask for to be unpacked: what a
 * window of a gibibyte takes. One that asks for more is named as not read; one that asks for more
 * than the second, what a window of 32 MiB takes, is named and read. */
#define TIDE_LIMIT_UNPACK_MEMORY (1025u << 20)
#define TIDE_UNPACK_MEMORY_USUAL (33u << 20)
/* Bytes of one file of labels. Passing it is an error. */
#define TIDE_LIMIT_LABELS (256u << 20)
/* Messages that are remembered to find duplicates: 16 to 24 bytes each. Later ones are counted, but
 * copies of them are not found, and a message says so. */
#ifndef TIDE_LIMIT_DUPLICATES /* tests have a program in which it is small */
#define TIDE_LIMIT_DUPLICATES (64u << 20)
#endif
/* Rules of all rule files together, bytes of one pattern, bytes of one rule file. Passing them is
 * an error that names the place. */
#define TIDE_LIMIT_RULES     100000u
#define TIDE_LIMIT_PATTERN   (16u << 10)
#define TIDE_LIMIT_RULE_FILE (64u << 20)
/* PCRE2: steps and depth of one match. Defect `match-limit`. */
#define TIDE_LIMIT_MATCH       1000000u
#define TIDE_LIMIT_MATCH_DEPTH 10000u
/* PCRE2 counts steps from 0 at every place where a match may begin. This is the limit for all
 * places of one text together: the longer the text, the fewer steps each place gets, but never
 * fewer than the least. */
#define TIDE_LIMIT_MATCH_WORK  (1ull << 33)
#define TIDE_LIMIT_MATCH_LEAST 1000u
/* KiB that one match may use for backtracking. Defect `match-limit`. */
#define TIDE_LIMIT_MATCH_HEAP  16384u
#define TIDE_LIMIT_MATCH_STACK (1u << 20)
/* In a text of more than four times the span, a pattern sees only so many bytes from the start of a
 * match. If a match may be longer, it is tried again with more bytes, up to so many in all for one
 * text. Defect `match-limit`. */
#define TIDE_LIMIT_MATCH_SPAN  (4u << 10)
#define TIDE_LIMIT_MATCH_LOOKS (32u << 20)
/* Rows of a timeline; of one with a column for each group, bins times groups. Passing it is an
 * error before any is written. */
#define TIDE_LIMIT_ROWS 20000000u
/* Columns of a table with one for each group: what LibreOffice and Excel take. Passing it is an
 * error. */
#define TIDE_LIMIT_COLUMNS 16384u
/* Bins of a series that changes are looked for in, and days of one that recovery is looked for in.
 * Passing it is an error. */
#define TIDE_LIMIT_SERIES 20000u
/* Bins in which changes are looked for, all groups together, each from its first message to its
 * last and some weeks on both sides: each takes one to two microseconds on one core, again for each
 * change that is found, so that this is two minutes or more. Passing it is an error before the
 * search. */
#define TIDE_LIMIT_SEARCH 60000000ull
/* Bytes of a message's text that its template is made from. The rest is ignored. */
#define TIDE_LIMIT_TEMPLATE_TEXT (64u << 10)
/* Signatures that one signature is compared with for each of its least values. Beyond it,
 * near-identical messages may be in several groups. */
#define TIDE_LIMIT_ALIKE 32u
/* Bytes of a fingerprint's layout. The rest is ignored. */
#define TIDE_LIMIT_LAYOUT 1024u
/* Bytes of an example's text: a subject, a layout. */
#define TIDE_LIMIT_EXAMPLE TIDE_LIMIT_LAYOUT
/* Words and pairs of one message that keywords looks at; those that it keeps of all templates
 * (about 64 bytes each, for each worker) and of one. What is left out is counted and reported. */
#define TIDE_LIMIT_WORDING          16384u
#define TIDE_LIMIT_LEXICON          4000000u
#define TIDE_LIMIT_LEXICON_TEMPLATE 4096u
/* Pairs of a fingerprint and an address that families are joined by. If there are more, a sample of
 * the addresses, chosen by a hash, is used. */
#define TIDE_LIMIT_SENDERS (4u << 20)
/* Families with names of their own: those with the most messages. All others are one family,
 * "(other)"; a message says how many these are. */
#define TIDE_LIMIT_FAMILIES 65536u
/* Sum of two counts whose split is tested exactly. Larger ones do not need it. */
#define TIDE_LIMIT_EXACT 1000000000u
/* Ratios of neighbouring windows that a pool of groups learns from. With more groups, fewer dates
 * of each are used. */
#define TIDE_LIMIT_POOL_PAIRS 100000u
/* Days of both windows of a comparison together. Passing it is an error. */
#define TIDE_LIMIT_DAYS 20000u
/* Steps that course follows an effect for. Passing it is an error. */
#define TIDE_LIMIT_STEPS 520u
/* Dates that placebo compares at, and groups times dates. Passing either is an error. */
#define TIDE_LIMIT_PLACEBOS     20000u
#define TIDE_LIMIT_PLACEBO_ROWS 2000000u
/* Worker threads. */
#define TIDE_LIMIT_JOBS 256u

#endif
