/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charsets: what a label means, and the bytes of one as UTF-8. */
#ifndef LIB_MIME_CHARSET_H
#define LIB_MIME_CHARSET_H

#include <iconv.h>

#include "base/buffer.h"

enum { CHARSET_NAME_MAX = 40 };

/* The converter last used: most messages of an archive share one or two charsets. */
typedef struct converter {
  char name[CHARSET_NAME_MAX]; /* as iconv knows it; empty: none is open */
  iconv_t cd;
} converter;

/* The decoder that serves a label, or NULL if it means nothing: iconv's name of the charset, or
 * one of ours: tide_charset_utf8 (which is for all that is ASCII by its label too, and for none at
 * all), tide_charset_western, "UTF-16" (with or without a byte order mark), and those of
 * tide_charset_unshift and tide_charset_by_table. */
const char *tide_charset_find(tide_span label);
extern const char tide_charset_utf8[], tide_charset_western[]; /* found by their address */

/* Charsets that say by signs in seven bits what the bytes after them mean: "ISO-2022-JP",
 * "ISO-2022-KR", "ISO-2022-CN", "HZ" and "UTF-7". The first four become the eight-bit charset of
 * the same characters, whose name *name becomes; "UTF-7" becomes "UTF-8". False if decoder is
 * none of them. Sets *lied where bytes make no sense; they stay as they are. *status is TIDE_OK or
 * what `out` said. */
bool tide_charset_unshift(const char *decoder, tide_span bytes, tide_buffer *out, const char **name,
                          bool *lied, tide_status *status);

/* Charsets of eight bits that iconv does not have. False if decoder is none of them; else the
 * bytes are appended as UTF-8, and *status is what `out` said. */
bool tide_charset_by_table(const char *decoder, tide_span bytes, tide_buffer *out,
                           tide_status *status);

/* Is the decoder one of those that shift? */
bool tide_charset_is_shifted(const char *decoder);

/* The label of the charset that the bytes themselves announce, whatever a header says; empty if
 * they announce none. A byte order mark is believed before any label (WHATWG Encoding 6). So are
 * the escapes of ISO-2022-JP, -KR and -CN if all else is ASCII. */
tide_span tide_charset_marked(tide_span bytes);

/* For text beyond ASCII that names no charset and is not UTF-8: the label of the charset that it
 * looks like; empty if it looks like Western text, or like nothing known. */
tide_span tide_charset_guess(tide_span bytes);

/* Appends bytes in a charset as UTF-8. charset may be empty (none was given). Sets *lied where it
 * is unknown or does not fit; bytes that do not fit are read as Windows-1252, one by one. */
tide_status tide_charset_put(converter *, tide_span bytes, tide_span charset, tide_buffer *out,
                             bool *lied);
/* The same into *out, which is `bytes` where they are UTF-8 already, and else in scratch. */
tide_status tide_charset_decode(converter *, tide_span bytes, tide_span charset,
                                tide_buffer *scratch, tide_span *out, bool *lied);
void tide_converter_close(converter *);
/* What a byte of 0x80..0x9f is in Windows-1252. */
uint32_t tide_windows_1252_at(unsigned char byte);

/* True if s is valid UTF-8 (RFC 3629). */
bool tide_utf8_valid(tide_span s);
/* The length of the run of ASCII at the start of s. */
size_t tide_ascii_length(tide_span s);
/* s without the piece of a character that a cut left at its end. */
tide_span tide_utf8_trim(tide_span s);

#endif
