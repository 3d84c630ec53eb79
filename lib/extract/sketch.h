/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A layout under way, and what it is made of: pieces of text, and shapes of identifiers. */
#ifndef LIB_EXTRACT_SKETCH_H
#define LIB_EXTRACT_SKETCH_H

#include "base/limits.h"
#include "mail/date.h"
#include "mime/message.h"

enum {
  PIECE_MAX = 64,     /* bytes of one field's name, of a mailer's name, of a shape */
  SEPARATORS_MAX = 16 /* of an identifier */
};

/* A text of a few dozen short pieces. There is always room for one more piece; what is beyond the
 * limit is then cut off. */
typedef struct tide_sketch {
  char text[TIDE_LIMIT_LAYOUT + PIECE_MAX];
  size_t len;
} tide_sketch;

static inline void tide_sketch_grow(tide_sketch *s, size_t len) {
  s->len += len;
  if (s->len > TIDE_LIMIT_LAYOUT)
    s->len = TIDE_LIMIT_LAYOUT;
}

/* A literal: its length is known to the compiler, which makes a few moves of it. */
static inline void tide_sketch_put(tide_sketch *s, tide_span text) {
  memcpy(s->text + s->len, text.ptr, text.len);
  tide_sketch_grow(s, text.len);
}

static inline void tide_sketch_char(tide_sketch *s, char c) {
  s->text[s->len] = c;
  tide_sketch_grow(s, 1);
}

/* At most PIECE_MAX bytes of any text, by eight bytes at once, the last of which may be written
 * twice. */
void tide_sketch_piece(tide_sketch *s, tide_span text);

/* What a layout asks of a byte. What is no letter or digit separates. */
enum {
  IS_DIGIT = 1,
  IS_LOWER = 2,
  IS_UPPER = 4,
  IS_BEYOND_F = 8,
  IS_DOMAIN = 16, /* may be in a host's name */
  IS_DOLLAR = 32,
  IS_LETTER = 128, /* the highest: tide_is_file_time divides by it */
  IS_ALNUM = IS_DIGIT | IS_LETTER
};
#define LOWER_HEX   (IS_DOMAIN | IS_LETTER | IS_LOWER)
#define LOWER_OTHER (LOWER_HEX | IS_BEYOND_F)
#define UPPER_HEX   (IS_DOMAIN | IS_LETTER | IS_UPPER)
#define UPPER_OTHER (UPPER_HEX | IS_BEYOND_F)
extern const unsigned char tide_byte_classes[256];

static inline unsigned tide_byte_class(char c) {
  return tide_byte_classes[(unsigned char)c];
}

/* All of them that occur. */
static inline unsigned tide_byte_classes_in(tide_span s) {
  unsigned seen = 0;
  for (size_t i = 0; i < s.len; i++)
    seen |= tide_byte_class(s.ptr[i]);
  return seen;
}

/* --- identifier.c: what of Message-ID and boundary a generator keeps the same --- */

typedef struct tide_identifier {
  unsigned seen;  /* all classes that occur */
  size_t longest; /* run of digits */
  char separators[SEPARATORS_MAX];
  size_t separator_count;
} tide_identifier;

/* The Date field, read only where an identifier is held against it. */
typedef struct tide_sent_date {
  tide_span text;
  bool tried, readable;
  tide_date date;
} tide_sent_date;

static inline bool tide_is_near_days(int64_t a, int64_t b) {
  enum { DAY = 86400 };
  return a - b < 2 * DAY && b - a < 2 * DAY;
}

void tide_identifier_read(tide_span s, tide_identifier *out);
/* "9f$$": classes of characters, then separators in order. Letters count as hexadecimal only if one
 * run of them is long: in a short run it is chance how many letters there are, and whether one is
 * beyond f. If all classes occur the alphabet is base64's, whose last letters occur by chance and
 * are no separators (RFC 4648). */
void tide_sketch_identifier(tide_sketch *s, tide_span text, const tide_identifier *id,
                            bool known_hex);
/* False: it is no date. */
bool tide_sent_date_read(tide_sent_date *d);
/* Do the eight hexadecimal digits that end at s[end] hold the upper half of a Windows file time,
 * which Outlook takes for Message-IDs and boundaries? Those who imitate it often take any digits.
 */
bool tide_is_file_time(tide_span s, size_t end, int64_t date);

/* --- sent_id.c: the Message-ID --- */

typedef struct tide_sent_id {
  tide_span left, right; /* of the last @; left without own */
  tide_span own;         /* the sender's own name, at the end of the left part */
  tide_span clock;
  tide_identifier shape; /* of left */
  bool bracketed;
} tide_sent_id;

void tide_sent_id_read(const tide_message *m, tide_span value, tide_sent_date *sent,
                       tide_sent_id *out);
/* Does it have Outlook's form without the time? Programs that imitate Outlook so name any mailer,
 * some a different one in each message. */
bool tide_sent_id_is_imitation(const tide_sent_id *id);
void tide_sketch_id(tide_sketch *s, const tide_message *m, const tide_sent_id *id);
/* The Received field of the server that filled in a missing Message-ID. sendmail and Postfix write
 * <200209240800.g8O809C26542@host>, Exim <E17VZln-00062I-00@host>, each with the number that the
 * message has in their Received field. CommuniGate, Rockliffe and Microsoft's service have forms of
 * their own. NULL if the sender wrote it, or if the server took the message from a program on its
 * own host: then the two are one program. */
const tide_header *tide_id_filled_in_by(const tide_message *m, tide_span value);
/* Was the Date filled in with the Message-ID? Then it is the second at which the server took the
 * message, in that server's zone. */
bool tide_date_filled_in(const tide_header *hop, tide_sent_date *sent);

/* --- sent_type.c: what Content-Type and Content-Transfer-Encoding say --- */

void tide_sketch_content(tide_sketch *s, const tide_message *m, tide_sent_date *sent);

#endif
