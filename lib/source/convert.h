/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole files whose characters or line ends are not those of mail, made into what mail is as they
 * are read. */
#ifndef LIB_SOURCE_CONVERT_H
#define LIB_SOURCE_CONVERT_H

#include "base/buffer.h"

typedef enum tide_conversion {
  TIDE_CONVERT_NONE,
  TIDE_CONVERT_CR,     /* lines end with a carriage return: Mac OS before X */
  TIDE_CONVERT_CRCRLF, /* CR LF written through a layer that puts a CR before each LF */
  TIDE_CONVERT_LFCR,   /* LF CR */
  TIDE_CONVERT_UTF16LE,
  TIDE_CONVERT_UTF16BE
} tide_conversion;

/* All zero begins a file. */
typedef struct tide_convert {
  tide_conversion kind;
  unsigned char held[2]; /* bytes that mean something only with what follows */
  size_t held_len;
  uint32_t high; /* the first half of a surrogate pair; 0: none */
  bool began;
} tide_convert;

/* What a file that begins with peek needs: NONE for all that is read as it stands. */
tide_conversion tide_convert_choose(tide_span peek);
/* Appends the next bytes of the file to out, converted; `last`: nothing follows. The result does
 * not depend on where the file was cut. TIDE_OK or TIDE_FATAL. */
tide_status tide_convert_put(tide_convert *, tide_span bytes, bool last, tide_buffer *out);

#endif
