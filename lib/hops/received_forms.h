/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How servers write Received fields: one table says what words and comments mean where. For
 * received.c alone, so that the names that fill the table may be short. */
#ifndef LIB_HOPS_RECEIVED_FORMS_H
#define LIB_HOPS_RECEIVED_FORMS_H

#include "base/span.h"

/* Where a row counts. */
enum {
  FIRST, /* the words directly after `from` */
  PEER,  /* further words after `from`, and the words of comments there */
  BY,    /* words and the beginnings of comments after `by`, except the host itself */
  WITH,  /* words after `with` and `via` */
  TAIL,  /* words after `id` and `for`, except the first; the beginnings of comments after any of
            `with`, `via`, `id` and `for` */
  ALONE, /* words of a comment that comes before any clause */
  PLACES
};
enum {
  IN_FIRST = 1 << FIRST,
  IN_PEER = 1 << PEER,
  IN_BY = 1 << BY,
  IN_WITH = 1 << WITH,
  IN_TAIL = 1 << TAIL,
  IN_ALONE = 1 << ALONE,
  IN_COMMENTS = IN_PEER | IN_BY | IN_TAIL
};

/* What comes after the sign. */
typedef enum tide_form_meaning {
  KNOWN,    /* nothing more: the sign itself is all; rows leave this out */
  SKIPPED,  /* a word that says nothing here */
  HELO,     /* the name that the peer gave */
  IDENT,    /* the ident or the user */
  METHOD,   /* how the peer authenticated itself, and the user: "AUTH: LOGIN someone" */
  SENDER,   /* the envelope sender */
  NETWORK,  /* "192.0.2.1/name]": a filter's word on the peer of the hop below */
  SOFTWARE, /* the comment, from its beginning, is what the server calls itself */
  SUBMITTER /* user@host, or host and address: "(from someone@localhost)" */
} tide_form_meaning;

enum {
  FROM_IS_RDNS = 1 << 0, /* the word after `from` is the looked-up name (or the address): HELO
                            is elsewhere or was the same */
  FROM_IS_USER = 1 << 1, /* the word after `from` is a user of the host */
  FETCH = 1 << 2,        /* pulls mail from a mailbox */
  LOCAL = 1 << 3,        /* no network in between */
  LMTP = 1 << 4,
  HTTP = 1 << 5,
  TLS = 1 << 6,
  AUTH = 1 << 7,
  BUILD = 1 << 8,    /* what comes after `id` is the software's build number (15.1.225.42) */
  WHOLE = 1 << 9,    /* the rest of the comment belongs to it */
  OPEN = 1 << 10,    /* the sign may end inside a word: "TLSv1.2:…" */
  BRACKET = 1 << 11, /* the last byte of the sign is read again: what is in its bracket */
  DOUBTED = 1 << 12, /* the looked-up name does not lead back to the address */
  CLAUSED = 1 << 13  /* a clause of its own: the words up to the next `by` belong to it */
};

/* To add a form: a row in received_forms.c, and a header with what is expected of it in
 * test-corpora/received/. A space in a sign stands for any white space; case does not matter; a
 * sign that ends in a letter or digit ends a word, too, unless OPEN. Of several signs that fit, the
 * first one counts. */
typedef struct tide_form {
  const char *server; /* NULL: several servers write so */
  tide_span sign;
  unsigned in;          /* the places where it counts */
  tide_form_meaning is; /* what comes after the sign */
  unsigned flags;
} tide_form;

/* Two bytes tell most words from all signs. For each place and first letter of a sign, the number
 * of the first such row, or 0, and the second bytes of the signs, a bit for the low six of each. */
extern uint8_t tide_form_rows[PLACES][128];
extern uint64_t tide_form_seconds[PLACES][128];

/* The row from `row` on whose sign text begins with; NULL. */
const tide_form *tide_form_search(tide_span text, int place, unsigned row, size_t *len);

static inline uint64_t tide_second_bit(char c) {
  return UINT64_C(1) << ((unsigned char)tide_lower(c) & 63);
}

/* The row whose sign text begins with, and how long that is. Mostly two bytes tell that none is. */
static inline const tide_form *tide_form_at(tide_span text, int place, size_t *len) {
  if (text.len < 2)
    return NULL;
  const unsigned first = (unsigned char)tide_lower(text.ptr[0]) & 127;
  return tide_form_seconds[place][first] & tide_second_bit(text.ptr[1])
             ? tide_form_search(text, place, tide_form_rows[place][first], len)
             : NULL;
}

#endif
