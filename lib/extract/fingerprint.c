/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What wrote a message: the names of the fields that the writing program wrote, in its order and
 * spelling, and the shapes of some values. All that the program's user or the mail's way varies is
 * left out: two messages of one program shall have the same layout, whoever sent them by whatever
 * relays. docs/fingerprints.md says what goes in and why. */
#include "extract/fingerprint.h"

#include "parameter.h"
#include "extract/extractors.h"
#include "mail/date.h"
#include "base/limits.h"

enum {
  PIECE_MAX = 64,      /* bytes of one field's name, of a mailer's name, of a shape */
  SEPARATORS_MAX = 16, /* of an identifier */
  HEX_RUN = 12,        /* letters and digits in which hexadecimal ones show */
  CLOCK_DIGITS = 8,    /* of a calendar's day; of those that tell a time the fewest */
  PART_HEAD = 4096,    /* bytes of a body in which the header of its first part is looked for */
  PART_LEVELS = 4,
  DAY = 86400
};

/* --- a layout under way: what has no room is left out --- */

/* Of a few dozen short pieces. They are put where there is always room for one more, and what goes
 * beyond the limit is cut off behind it. */
typedef struct sketch {
  char text[TIDE_LIMIT_LAYOUT + PIECE_MAX];
  size_t len;
} sketch;

static inline void grow(sketch *s, size_t len) {
  s->len += len;
  if (s->len > TIDE_LIMIT_LAYOUT)
    s->len = TIDE_LIMIT_LAYOUT;
}

/* A literal: its length is known to the compiler, which makes a few moves of it. */
static inline void put(sketch *s, tide_span text) {
  memcpy(s->text + s->len, text.ptr, text.len);
  grow(s, text.len);
}

/* At most PIECE_MAX bytes of any text, by eight bytes at once, the last of which may be written
 * twice. */
static void put_piece(sketch *s, tide_span text) {
  const size_t len = text.len < PIECE_MAX ? text.len : PIECE_MAX;
  char *to = s->text + s->len;
  if (len < 4) {
    for (size_t i = 0; i < len; i++)
      to[i] = text.ptr[i];
  } else if (len < 8) {
    memcpy(to, text.ptr, 4);
    memcpy(to + len - 4, text.ptr + len - 4, 4);
  } else {
    for (size_t at = 0; at + 8 < len; at += 8)
      memcpy(to + at, text.ptr + at, 8);
    memcpy(to + len - 8, text.ptr + len - 8, 8);
  }
  grow(s, len);
}

static inline void put_char(sketch *s, char c) {
  s->text[s->len] = c;
  grow(s, 1);
}

/* --- identifiers: what of Message-ID and boundary a generator keeps the same --- */

/* What a layout asks of a byte. What is no letter or digit separates. */
enum {
  IS_DIGIT = 1,
  IS_LOWER = 2,
  IS_UPPER = 4,
  IS_BEYOND_F = 8,
  IS_DOMAIN = 16, /* may stand in a host's name */
  IS_DOLLAR = 32,
  IS_LETTER = 128, /* the highest: is_file_time divides by it */
  IS_ALNUM = IS_DIGIT | IS_LETTER
};
#define LOWER_HEX   (IS_DOMAIN | IS_LETTER | IS_LOWER)
#define LOWER_OTHER (LOWER_HEX | IS_BEYOND_F)
#define UPPER_HEX   (IS_DOMAIN | IS_LETTER | IS_UPPER)
#define UPPER_OTHER (UPPER_HEX | IS_BEYOND_F)
static const unsigned char classes[256] = {
    ['0' ... '9'] = IS_DOMAIN | IS_DIGIT,
    ['a' ... 'f'] = LOWER_HEX,
    ['g' ... 'z'] = LOWER_OTHER,
    ['A' ... 'F'] = UPPER_HEX,
    ['G' ... 'Z'] = UPPER_OTHER,
    ['.'] = IS_DOMAIN,
    ['-'] = IS_DOMAIN,
    ['_'] = IS_DOMAIN,
    ['$'] = IS_DOLLAR,
};

static unsigned class_of(char c) {
  return classes[(unsigned char)c];
}

/* All that occur. */
static unsigned classes_in(tide_span s) {
  unsigned seen = 0;
  for (size_t i = 0; i < s.len; i++)
    seen |= class_of(s.ptr[i]);
  return seen;
}

typedef struct identifier {
  unsigned seen;  /* all classes that occur */
  size_t longest; /* run of digits */
  char separators[SEPARATORS_MAX];
  size_t separator_count;
} identifier;

static void identifier_read(tide_span s, identifier *out) {
  out->seen = 0;
  out->longest = out->separator_count = 0;
  size_t digits = 0;
  for (size_t i = 0; i < s.len; i++) {
    char c = s.ptr[i];
    unsigned class = class_of(c);
    out->seen |= class;
    digits = class & IS_DIGIT ? digits + 1 : 0;
    out->longest = digits > out->longest ? digits : out->longest;
    if (!(class & IS_ALNUM) && c != '\r' && out->separator_count < SEPARATORS_MAX &&
        (i == 0 || s.ptr[i - 1] != c)) /* a run counts once: "--7" is "-" and -7 */
      out->separators[out->separator_count++] = c;
  }
}

/* Is there a run of at least HEX_RUN letters and digits, a letter among them? */
static bool has_long_run(tide_span s) {
  size_t run = 0;
  unsigned in_run = 0;
  for (size_t i = 0; i < s.len; i++) {
    const unsigned class = class_of(s.ptr[i]);
    run = class & IS_ALNUM ? run + 1 : 0;
    in_run = run ? in_run | class : 0;
    if (run >= HEX_RUN && in_run & IS_LETTER)
      return true;
  }
  return false;
}

/* "9f$$": classes of characters, then separators in order. Hexadecimal digits are told from letters
 * at large only where one run of them is long: of a short one chance decides how many letters there
 * are, and whether one is beyond f. Where all classes are there the alphabet is that of base64,
 * whose last letters come by chance and separate nothing (RFC 4648). */
static void put_identifier(sketch *s, tide_span text, const identifier *id, bool known_hex) {
  static const unsigned all = IS_DIGIT | LOWER_OTHER | UPPER_OTHER;
  const bool hex = !(id->seen & IS_BEYOND_F) && (known_hex || has_long_run(text));
  const bool base64 = (id->seen & all) == all;
  if (id->seen & IS_DIGIT)
    put_char(s, '9');
  if (id->seen & IS_LOWER)
    put_char(s, hex ? 'f' : 'z');
  if (id->seen & IS_UPPER)
    put_char(s, hex ? 'F' : 'Z');
  for (size_t i = 0; i < id->separator_count; i++) {
    char c = id->separators[i];
    bool chance = base64 && (c == '-' || c == '_' || c == '+' || c == '/' || c == '=');
    if (!chance && c > ' ' && c < 0x7f)
      put_char(s, c);
  }
}

/* The Date field, read only where an identifier is held against it. */
typedef struct sent_date {
  tide_span text;
  bool tried, readable;
  tide_date date;
} sent_date;

static bool date_read(sent_date *d) {
  if (!d->tried)
    d->readable = tide_date_parse(d->text, &d->date);
  d->tried = true;
  return d->readable;
}

static bool near_days(int64_t a, int64_t b) {
  return a - b < 2 * DAY && b - a < 2 * DAY;
}

/* Do the eight hexadecimal digits that end at s[end] hold the upper half of a Windows file time,
 * which Outlook takes for Message-IDs and boundaries? Those who imitate it often take any digits.
 */
static bool is_file_time(tide_span s, size_t end, int64_t date) {
  uint64_t high = 0;
  bool hex = end >= 8;
  for (size_t i = end - 8; hex && i < end; i++) {
    const char c = s.ptr[i];
    const unsigned class = class_of(c);
    hex = (class & IS_ALNUM) && !(class & IS_BEYOND_F);
    high = high << 4 | ((c & 15u) + 9u * (class / IS_LETTER)); /* 'a' and 'A' end in 1 */
  }
  if (!hex)
    return false;
  /* 100 ns since 1601 */
  return near_days((int64_t)((high << 32) / 10000000) - 11644473600, date);
}

static uint64_t decimal(const char *digits, size_t count) {
  uint64_t n = 0;
  for (size_t i = 0; i < count; i++)
    n = n * 10 + (uint64_t)(digits[i] - '0');
  return n;
}

/* 20081111 and what follows, as the day of a calendar. */
static bool is_calendar_day(tide_span digits) {
  if (digits.len < CLOCK_DIGITS)
    return false;
  const uint64_t year = decimal(digits.ptr, 4), month = decimal(digits.ptr + 4, 2),
                 day = decimal(digits.ptr + 6, 2);
  return year >= 1980 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* How an identifier tells the time of the message, if it does. */
static tide_span clock_of(tide_span left, const identifier *shape, sent_date *sent) {
  size_t dollar = shape->seen & IS_DOLLAR ? tide_span_find_char(left, '$') : left.len;
  if (dollar < left.len && dollar >= 8 && date_read(sent)) {
    if (!is_file_time(left, dollar, sent->date.time))
      return SPAN(",no-filetime");
    /* Outlook has a counter before it, of four digits or so. */
    return dollar > 8 ? SPAN(",filetime") : SPAN(",bare-filetime");
  }
  for (size_t at = 0, end; shape->longest >= CLOCK_DIGITS && at < left.len; at = end + 1) {
    end = at;
    while (end < left.len && tide_is_digit(left.ptr[end]))
      end++;
    if (end - at < CLOCK_DIGITS)
      continue;
    tide_span digits = tide_span_slice(left, at, end);
    if (is_calendar_day(digits))
      return SPAN(",day");
    if (digits.len >= 10 && date_read(sent) &&
        near_days((int64_t)decimal(digits.ptr, 10), sent->date.time))
      return SPAN(",epoch");
  }
  return SPAN("");
}

/* --- Message-ID --- */

/* Digits and dots, in brackets or not. */
static bool is_address(tide_span s) {
  if (s.len && s.ptr[0] == '[')
    s = tide_span_slice(s, 1, s.len - (s.ptr[s.len - 1] == ']'));
  tide_ip ip;
  return tide_ip_parse(s, &ip);
}

/* Is it the whole domain of the first address in a field? */
static bool is_domain_of(tide_span name, tide_span field) {
  size_t from = tide_span_find_char(field, '@') + 1, end = from + name.len;
  tide_span there = tide_span_slice(field, from, end);
  if (!tide_name_equal(there, name) && !tide_span_iequal(there, name))
    return false;
  bool domain = end >= field.len || !(class_of(field.ptr[end]) & IS_DOMAIN);
  for (size_t i = 0; i < name.len; i++)
    domain &= (class_of(name.ptr[i]) & IS_DOMAIN) != 0;
  return domain;
}

/* Is the name a whole one in the text, without regard to case? */
static bool names_host(tide_span text, tide_span name) {
  const char begins[] = {tide_lower(name.ptr[0]),
                         (char)(tide_is_alpha(name.ptr[0]) ? name.ptr[0] & ~0x20 : name.ptr[0])};
  for (int i = 0; i < 1 + (begins[0] != begins[1]); i++) {
    for (size_t at = 0; at + name.len <= text.len; at++) {
      at += tide_span_find_char(tide_span_slice(text, at, text.len - name.len + 1), begins[i]);
      size_t end = at + name.len;
      if (end > text.len)
        break;
      if ((at == 0 || !tide_is_alnum(text.ptr[at - 1])) &&
          (end == text.len || !tide_is_alnum(text.ptr[end])) &&
          tide_span_iequal(tide_span_slice(text, at, end), name))
        return true;
    }
  }
  return false;
}

/* What stands after the @: the sender's domain, an address, or the name of a computer, which its
 * owner chose, and its case with it; of Outlook's form, in which the real one has a single word, a
 * name with dots or without. */
static tide_span right_part(const tide_message *m, tide_span right, bool outlook) {
  if (right.len == 0)
    return SPAN("none");
  if (is_domain_of(right, tide_message_header(m, TIDE_HEADER_FROM)))
    return SPAN("from");
  if (is_address(right))
    return SPAN("address");
  if (!outlook)
    return SPAN("host");
  return tide_span_find_char(right, '.') < right.len ? SPAN("name") : SPAN("word");
}

static tide_span without_brackets(tide_span id) {
  bool both = id.len > 1 && id.ptr[0] == '<' && id.ptr[id.len - 1] == '>';
  return both ? tide_span_slice(id, 1, id.len - 1) : id;
}

static size_t last_at(tide_span id) {
  const char *at = id.len ? memrchr(id.ptr, '@', id.len) : NULL;
  return at ? (size_t)(at - id.ptr) : id.len;
}

/* What stands before the @ of the first address in From, with a dot before it, where an identifier
 * ends in it: Outlook, KMail and Sylpheed put it there, and how many letters and dots it has is the
 * person's. Empty where it does not. */
static tide_span own_name(tide_span left, tide_span from) {
  const size_t at = tide_span_find_char(from, '@');
  size_t name = at < from.len ? at : 0;
  while (name && from.ptr[name - 1] != '<' && from.ptr[name - 1] > ' ' && from.ptr[name - 1] != '"')
    name--;
  const tide_span local = tide_span_slice(from, name, at < from.len ? at : name);
  if (!local.len || left.len < local.len + 2)
    return (tide_span){0};
  const tide_span end = tide_span_slice(left, left.len - local.len - 1, left.len);
  return end.ptr[0] == '.' && tide_span_iequal(tide_span_slice(end, 1, end.len), local)
             ? end
             : (tide_span){0};
}

/* Is it the minute with the number that sendmail gives a message? Its digits are those of base 60,
 * small and capital letters among them by chance. */
static bool is_queue_number(tide_span left, tide_span clock) {
  enum { MINUTE = 12, LEAST = 11, MOST = 16 };
  size_t digits = 0, number = 0;
  while (digits < left.len && tide_is_digit(left.ptr[digits]))
    digits++;
  while (digits + 1 + number < left.len && tide_is_alnum(left.ptr[digits + 1 + number]))
    number++;
  return clock.len && digits == MINUTE && digits < left.len && left.ptr[digits] == '.' &&
         digits + 1 + number == left.len && number >= LEAST && number <= MOST;
}

typedef struct message_id {
  tide_span left, right; /* of the last @; left without own */
  tide_span own;         /* the sender's own name, at the end of the left part */
  tide_span clock;
  identifier shape; /* of left */
  bool bracketed;
} message_id;

static void message_id_read(const tide_message *m, tide_span value, sent_date *sent,
                            message_id *out) {
  const tide_span id = without_brackets(value);
  const size_t at = last_at(id);
  out->left = tide_span_slice(id, 0, at);
  out->right = tide_span_slice(id, at + 1, id.len);
  out->bracketed = id.len != value.len;
  out->own = own_name(out->left, tide_message_header(m, TIDE_HEADER_FROM));
  out->left.len -= out->own.len;
  identifier_read(out->left, &out->shape);
  out->clock = clock_of(out->left, &out->shape, sent);
}

/* Does it have Outlook's form and not the time? Who imitates that says of the mailer what comes to
 * mind, some something else in each message. */
static bool is_imitation(const message_id *id) {
  return tide_span_equal(id->clock, SPAN(",no-filetime"));
}

static void put_message_id(sketch *s, const tide_message *m, const message_id *id) {
  identifier shape = id->shape;
  const bool dollar = shape.seen & IS_DOLLAR;
  if (is_queue_number(id->left, id->clock))
    shape.seen |= LOWER_OTHER | UPPER_OTHER;
  put(s, SPAN(" id="));
  if (!id->bracketed)
    put(s, SPAN("no<>,"));
  put_identifier(s, id->left, &shape, dollar);
  put_piece(s, id->clock);
  put(s, id->own.len ? SPAN(",own@") : SPAN("@"));
  put_piece(s, right_part(m, id->right, dollar));
}

/* The Received field of the server that filled in a missing Message-ID: sendmail and Postfix write
 * <200209240800.g8O809C26542@host>, Exim <E17VZln-00062I-00@host>, each with the number under which
 * their Received field has the message. NULL where the sender wrote it, and where the server took
 * the message from a program on its own host: then the two are one program. */
static const tide_header *filled_in_by(const tide_message *m, tide_span value) {
  tide_span id = without_brackets(value), left = tide_span_slice(id, 0, last_at(id));
  tide_span number = {0};
  size_t dot = tide_span_find_char(left, '.');
  if (dot >= 8 && dot <= 14 && dot + 6 <= left.len && is_calendar_day(left))
    number = tide_span_slice(left, dot + 1, left.len);
  else if (left.len >= 17 && left.ptr[0] == 'E' && left.ptr[7] == '-')
    number = tide_span_slice(left, 1, left.len);
  if (number.len == 0)
    return NULL;
  for (uint32_t at = m->first[TIDE_HEADER_RECEIVED]; at != TIDE_HEADER_NONE;
       at = m->headers[at].next) {
    tide_span hop = m->headers[at].value;
    if (!names_host(hop, number))
      continue;
    bool local = !tide_span_istarts(hop, SPAN("from ")) ||
                 tide_span_ifind(tide_span_slice(hop, 0, 32), SPAN("localhost")) < 32;
    return local ? NULL : &m->headers[at];
  }
  return NULL;
}

/* Was the Date filled in with the Message-ID? Then it is the second at which the server took the
 * message, in that server's zone. */
static bool date_filled_in(const tide_header *hop, sent_date *sent) {
  size_t semicolon = hop->value.len;
  while (semicolon && hop->value.ptr[semicolon - 1] != ';')
    semicolon--;
  tide_date received;
  return semicolon && date_read(sent) &&
         tide_date_parse(tide_span_slice(hop->value, semicolon, hop->value.len), &received) &&
         received.offset == sent->date.offset && received.time - sent->date.time <= 1 &&
         sent->date.time - received.time <= 1;
}

/* --- Date --- */

/* Is it as RFC 5322 has it, to the last blank? Most are: this spares them the way below. */
static bool is_usual_date(tide_span v) {
  static const char usual[][32] = {"Aaa, 9 Aaa 9999 99:99:99 +9999",
                                   "Aaa, 99 Aaa 9999 99:99:99 +9999"};
  static const char shapes[256] = {
      ['0' ... '9'] = '9', ['a' ... 'z'] = 'a', ['A' ... 'Z'] = 'A', [' '] = ' ',
      [','] = ',',         [':'] = ':',         ['+'] = '+',         ['-'] = '+'};
  enum { SHORT = 30 };
  char shape[SHORT + 1];
  if (v.len != SHORT && v.len != SHORT + 1)
    return false;
  for (size_t i = 0; i < v.len; i++)
    shape[i] = shapes[(unsigned char)v.ptr[i]];
  return memcmp(shape, usual[v.len - SHORT], v.len) == 0 &&
         memcmp(v.ptr + v.len - 5, "-0000", 5) != 0;
}

/* "Aaa, 9 Aaa 9999 9:9:9 +z (ABC)": letters by their case, numbers by whether they are longer than
 * two digits, so that no shape depends on the day or the hour; zones by their form. */
static void put_date(sketch *s, tide_span v) {
  if (is_usual_date(v)) {
    put(s, SPAN(" date=\"Aaa, 9 Aaa 9999 9:9:9 +z\""));
    return;
  }
  put(s, SPAN(" date=\""));
  size_t at = 0, end = s->len + PIECE_MAX;
  bool time_seen = false;
  while (at < v.len && s->len < end) {
    char c = v.ptr[at];
    size_t from = at++;
    if (tide_is_space(c)) {
      while (at < v.len && tide_is_space(v.ptr[at]))
        at++;
      put_char(s, ' ');
    } else if (tide_is_digit(c)) {
      while (at < v.len && tide_is_digit(v.ptr[at]))
        at++;
      put_char(s, '9');
      if (at - from > 2)
        put(s, SPAN("999"));
    } else if (tide_is_alpha(c)) {
      while (at < v.len && tide_is_alpha(v.ptr[at]))
        at++;
      tide_span word = tide_span_slice(v, from, at);
      if (time_seen) { /* GMT, UT, EST */
        bool utc = tide_span_iequal(word, SPAN("GMT")) || tide_span_iequal(word, SPAN("UT")) ||
                   tide_span_iequal(word, SPAN("UTC")) || word.len == 1;
        put_piece(s, utc ? word : SPAN("zone"));
      } else { /* Mon, MON, Monday */
        for (size_t i = 0; i < word.len && i < 4; i++)
          put_char(s, tide_lower(word.ptr[i]) == word.ptr[i] ? 'a' : 'A');
      }
    } else if ((c == '+' || c == '-') && time_seen) {
      while (at < v.len && tide_is_digit(v.ptr[at]))
        at++;
      tide_span zone = tide_span_slice(v, from, at);
      if (tide_span_equal(zone, SPAN("-0000")))
        put(s, SPAN("-0000"));
      else if (zone.len == 5)
        put(s, SPAN("+z"));
      else
        put(s, SPAN("+odd"));
    } else if (c == '(') {
      at += tide_span_find_char(tide_span_slice(v, at, v.len), ')') + 1;
      put_piece(s, at - from <= 7 ? SPAN("(ABC)") : SPAN("(words)"));
    } else {
      time_seen |= c == ':';
      put_char(s, c > ' ' && c < 0x7f ? c : '?');
    }
  }
  put_char(s, '"');
}

/* --- Content-Type, charset, boundary, encoding --- */

enum { CHARSET, BOUNDARY, PARAMETERS };
static const tide_span parameters[PARAMETERS] = {[CHARSET] = {"charset", sizeof "charset" - 1},
                                                 [BOUNDARY] = {"boundary", sizeof "boundary" - 1}};

static tide_span type_name(tide_span content_type) {
  size_t end = 0;
  while (end < content_type.len && content_type.ptr[end] != ';' &&
         !tide_is_space(content_type.ptr[end]))
    end++;
  return tide_span_slice(content_type, 0, end);
}

/* What Content-Type and Content-Transfer-Encoding of one part say. */
typedef struct part {
  tide_span type, encoding; /* values; empty where they are absent */
  bool encoding_first;
} part;

/* The header of the first part of a multipart body. False where it is not there. */
static bool first_part(tide_span body, tide_span boundary, part *out, tide_span *rest) {
  tide_span near = tide_span_slice(body, 0, PART_HEAD);
  for (size_t at = 0; boundary.len && at < near.len;) {
    tide_span left = tide_span_slice(near, at, near.len);
    tide_span line = tide_span_slice(left, 0, tide_span_find_char(left, '\n'));
    at += line.len + 1;
    if (!tide_span_starts(line, SPAN("--")) ||
        !tide_span_starts(tide_span_slice(line, 2, line.len), boundary))
      continue;
    *out = (part){0};
    *rest = tide_span_slice(body, at, body.len);
    tide_span head = tide_span_slice(*rest, 0, PART_HEAD);
    for (size_t i = 0; i < head.len;) {
      left = tide_span_slice(head, i, head.len);
      size_t end = tide_span_find_char(left, '\n');
      if (end == 0 || (end == 1 && left.ptr[0] == '\r'))
        break;
      while (end + 1 < left.len && (left.ptr[end + 1] == ' ' || left.ptr[end + 1] == '\t'))
        end += 1 + tide_span_find_char(tide_span_slice(left, end + 1, left.len), '\n');
      tide_span field = tide_span_slice(left, 0, end);
      tide_span value =
          tide_span_trim(tide_span_slice(field, tide_span_find_char(field, ':') + 1, field.len));
      if (tide_span_istarts(field, SPAN("Content-Type:"))) {
        out->type = value;
      } else if (tide_span_istarts(field, SPAN("Content-Transfer-Encoding:"))) {
        out->encoding = value;
        out->encoding_first = out->type.len == 0;
      }
      i += end + 1;
    }
    return true;
  }
  return false;
}

/* Multiparts that only carry others: with an attachment, a picture or a signature a client's text
 * is the first part of one. */
static bool is_carrier(tide_span type) {
  return tide_span_iequal(type, SPAN("multipart/mixed")) ||
         tide_span_iequal(type, SPAN("multipart/related")) ||
         tide_span_iequal(type, SPAN("multipart/signed"));
}

/* Whether it is quoted. Which one it is depends on the text, and so does its case: Outlook Express
 * writes "iso-8859-1" and "Windows-1252". */
static void put_charset(sketch *s, tide_span content_type, tide_span charset) {
  if (charset.ptr == NULL)
    return;
  bool quoted = charset.ptr > content_type.ptr && charset.ptr[-1] == '"';
  put_piece(s, quoted ? SPAN("charset=\"a\"") : SPAN("charset=a"));
}

static void put_boundary(sketch *s, tide_span content_type, tide_span boundary, sent_date *sent) {
  if (boundary.len == 0)
    return;
  bool quoted = boundary.ptr > content_type.ptr && boundary.ptr[-1] == '"';
  put(s, SPAN("boundary="));
  if (quoted)
    put_char(s, '"');
  size_t lead = 0;
  while (lead < boundary.len && lead < PIECE_MAX && !tide_is_alnum(boundary.ptr[lead]))
    lead++;
  put_piece(s, tide_span_slice(boundary, 0, lead));
  boundary = tide_span_slice(boundary, lead, boundary.len);
  identifier shape;
  identifier_read(boundary, &shape);
  put_identifier(s, boundary, &shape, false);
  size_t dot = tide_span_find_char(boundary, '.');
  if (tide_span_starts(boundary, SPAN("NextPart_")) && dot < boundary.len && date_read(sent))
    put_piece(s, is_file_time(boundary, dot, sent->date.time) ? SPAN(",filetime")
                                                              : SPAN(",no-filetime"));
  if (quoted)
    put_char(s, '"');
}

/* What stands after the first semicolon: nothing, a blank, or a line's end. Outlook goes to the
 * next line, and few of its imitators do. */
static void put_gap(sketch *s, tide_span behind) {
  size_t end = 0;
  while (end < behind.len && tide_is_space(behind.ptr[end]))
    end++;
  put_char(s, ';');
  if (tide_span_find_char(tide_span_slice(behind, 0, end), '\n') < end)
    put_char(s, '~');
  else if (end)
    put_char(s, ' ');
}

static void put_content(sketch *s, const tide_message *m, sent_date *sent) {
  const uint32_t type_at = m->first[TIDE_HEADER_CONTENT_TYPE],
                 encoding_at = m->first[TIDE_HEADER_CONTENT_TRANSFER_ENCODING];
  if (type_at == TIDE_HEADER_NONE)
    return;
  part p = {.type = tide_message_header(m, TIDE_HEADER_CONTENT_TYPE),
            .encoding = tide_message_header(m, TIDE_HEADER_CONTENT_TRANSFER_ENCODING),
            .encoding_first = encoding_at < type_at};
  tide_span body = m->body, type = type_name(p.type);
  for (int level = 0; level < PART_LEVELS && is_carrier(type); level++) {
    part inner;
    tide_span values[PARAMETERS];
    tide_header_parameters(p.type, parameters, PARAMETERS, values);
    if (!first_part(body, values[BOUNDARY], &inner, &body))
      break;
    p = inner;
    type = type_name(p.type);
  }
  /* A message that is only an attachment tells no more than that its text has no type. */
  bool text = tide_span_istarts(type, SPAN("text/")) || tide_span_istarts(type, SPAN("multipart/"));
  put(s, SPAN(" type="));
  put_piece(s, text ? type : SPAN("other"));
  if (text) {
    tide_span values[PARAMETERS];
    tide_header_parameters(p.type, parameters, PARAMETERS, values);
    if (values[CHARSET].ptr || values[BOUNDARY].ptr)
      put_gap(s, tide_span_slice(p.type, tide_span_find_char(p.type, ';') + 1, p.type.len));
    put_charset(s, p.type, values[CHARSET]);
    put_boundary(s, p.type, values[BOUNDARY], sent);
  }
  if (p.encoding_first)
    put(s, SPAN(" encoding-first"));
  if (classes_in(p.encoding) & IS_UPPER)
    put(s, SPAN(" ENCODING"));
}

/* --- From, mailer --- */

/* How the sender's address stands in its field: a client writes a name in quotes or not. */
static void put_from(sketch *s, tide_span v) {
  size_t angle = tide_span_find_char(v, '<');
  put(s, SPAN(" from="));
  if (v.len && v.ptr[0] == '"')
    put(s, SPAN("\"name\""));
  else if (tide_span_starts(v, SPAN("=?")))
    put(s, SPAN("=?name?="));
  else if (angle > 0 && angle < v.len)
    put(s, SPAN("name"));
  if (angle < v.len)
    put(s, SPAN("<>"));
  else if (tide_span_find_char(v, '(') < v.len)
    put(s, SPAN("(name)"));
}

/* X-Priority: "3" is Outlook Express, "3 (Normal)" Outlook; which number is the person's choice. */
static void put_priority(sketch *s, tide_span v) {
  if (v.len == 0)
    return;
  put(s, SPAN(" priority=9"));
  if (tide_span_find_char(v, '(') < v.len)
    put(s, SPAN("(word)"));
}

/* The mailer's name: its words up to the first with a digit, without remarks in parentheses. */
static void put_mailer(sketch *s, tide_span v) {
  if (v.len == 0)
    return;
  put(s, SPAN(" mailer=\""));
  size_t begin = s->len, word = s->len;
  for (size_t at = 0; at < v.len && s->len - begin < PIECE_MAX; at++) {
    char c = v.ptr[at];
    size_t end = at, most = at + PIECE_MAX - (s->len - begin);
    while (end < most && end < v.len && (class_of(v.ptr[end]) & IS_LETTER))
      end++;
    if (end > at) {
      put_piece(s, tide_span_slice(v, at, end));
      at = end - 1;
    } else if (c == '(') {
      tide_span remark = tide_span_slice(v, at, v.len);
      remark.len = tide_span_find_char(remark, ')');
      if (classes_in(remark) &
          IS_DIGIT) /* "The Bat! (v3.80) Professional": the version, and what follows it */
        break;
      at += remark.len;
    } else if (tide_is_space(c)) {
      if (s->len > begin && s->text[s->len - 1] != ' ')
        put_char(s, ' ');
      word = s->len;
    } else if (tide_is_digit(c)) {
      s->len = word;
      break;
    } else if (c == '/' || c == ',' || c == '[' || c == ';') {
      break;
    } else {
      put_char(s, c > ' ' && c < 0x7f && c != '"' ? c : '?');
    }
  }
  while (s->len > begin && (s->text[s->len - 1] == ' ' || s->text[s->len - 1] == '-'))
    s->len--;
  put_char(s, '"');
}

/* --- the whole --- */

/* Where the writing program's fields begin: after the last Received field. Servers put their own
 * above it; what forged fields stand lower is the writing program's too. */
static uint32_t first_sent(const tide_message *m) {
  uint32_t first = 0;
  for (uint32_t at = m->first[TIDE_HEADER_RECEIVED]; at != TIDE_HEADER_NONE;
       at = m->headers[at].next)
    first = at + 1;
  return first;
}

/* A message while its layout is made. */
typedef struct letter {
  const tide_message *message;
  const tide_additions *known;
  tide_field_part *parts; /* NULL: nobody asks */
  tide_span id, priority;
  sent_date sent;
  bool id_filled, date_filled; /* by a relay */
} letter;

static void letter_read(letter *l) {
  const tide_message *m = l->message;
  l->id = tide_message_header(m, TIDE_HEADER_MESSAGE_ID);
  l->sent.text = tide_message_header(m, TIDE_HEADER_DATE);
  const tide_header *filler = filled_in_by(m, l->id);
  l->id_filled = filler;
  l->date_filled = filler && date_filled_in(filler, &l->sent);
}

static tide_field_part what_became(const letter *l, const tide_header *h) {
  if ((h->id == TIDE_HEADER_MESSAGE_ID && l->id_filled) ||
      (h->id == TIDE_HEADER_DATE && l->date_filled) ||
      (h->id == TIDE_HEADER_TO && tide_span_istarts(h->value, SPAN("undisclosed"))))
    return TIDE_FIELD_FILLED_IN;
  return tide_additions_find(l->known, h) ? TIDE_FIELD_ADDED : TIDE_FIELD_SENT;
}

/* Exchange Online's count of the fields that it got: what stands behind it is its own, or written
 * anew (294 of 300 messages have it, 50 of these a Message-ID behind it). */
static bool ends_received(const tide_header *h) {
  return h->id == TIDE_HEADER_OTHER && tide_span_iequal(h->name, SPAN("X-IncomingHeaderCount"));
}

/* The fields from i on are a server's. */
static void put_nothing(letter *l, uint32_t i) {
  const tide_message *m = l->message;
  l->id_filled = l->id_filled || m->first[TIDE_HEADER_MESSAGE_ID] >= i;
  l->date_filled = l->date_filled || m->first[TIDE_HEADER_DATE] >= i;
  for (; l->parts && i < m->header_count; i++)
    l->parts[i] =
        tide_additions_find(l->known, &m->headers[i]) ? TIDE_FIELD_ADDED : TIDE_FIELD_FILLED_IN;
}

static void put_names(sketch *s, letter *l, uint32_t from) {
  const tide_message *m = l->message;
  tide_span last = {0}, subject = {0};
  for (uint32_t i = from; i < m->header_count; i++) {
    const tide_header *h = &m->headers[i];
    if (ends_received(h)) {
      put_nothing(l, i);
      break;
    }
    tide_field_part became = what_became(l, h);
    if (l->parts)
      l->parts[i] = became;
    if (became != TIDE_FIELD_SENT)
      continue;
    if (h->id == TIDE_HEADER_SUBJECT) {
      subject = h->name; /* lists that mark it move it to the end: Mailman 2.1 */
      continue;
    }
    tide_span name = tide_span_slice(h->name, 0, PIECE_MAX);
    if (tide_name_equal(name, last))
      continue;
    if (s->len)
      put_char(s, ',');
    put_piece(s, name);
    last = name;
    if (h->id == TIDE_HEADER_OTHER && tide_span_iequal(name, SPAN("X-Priority")))
      l->priority = h->value;
  }
  if (subject.len) {
    if (s->len)
      put_char(s, ',');
    put_piece(s, subject);
  }
}

tide_status tide_fingerprint_layout(const tide_message *m, const tide_additions *known,
                                    tide_arena *arena, tide_field_part *parts, tide_span *layout) {
  sketch s;
  letter l = {.message = m, .known = known, .parts = parts};
  uint32_t first = first_sent(m);
  letter_read(&l);
  s.len = 0;
  for (uint32_t i = 0; parts && i < first; i++)
    parts[i] = TIDE_FIELD_ABOVE;
  put_names(&s, &l, first);
  if (s.len == 0 && first) /* a server has put its own field below all */
    put_names(&s, &l, 0);
  *layout = (tide_span){0};
  if (s.len == 0)
    return TIDE_OK;
  tide_span mailer = tide_message_header(m, TIDE_HEADER_X_MAILER);
  if (mailer.len == 0)
    mailer = tide_message_header(m, TIDE_HEADER_USER_AGENT);
  message_id id = {0};
  if (l.id.len)
    message_id_read(m, l.id, &l.sent, &id);
  if (!is_imitation(&id))
    put_mailer(&s, mailer);
  put_priority(&s, l.priority);
  put_from(&s, tide_message_header(m, TIDE_HEADER_FROM));
  if (l.id.len && !l.id_filled)
    put_message_id(&s, m, &id);
  if (l.sent.text.len && !l.date_filled)
    put_date(&s, l.sent.text);
  put_content(&s, m, &l.sent);
  *layout = tide_arena_copy(arena, tide_span_make(s.text, s.len));
  return layout->ptr ? TIDE_OK : TIDE_FATAL;
}

/* Fixed, since names outlive the process: words of eight bytes, the lowest first on any machine,
 * and the finisher of splitmix64 (public domain, S. Vigna). */
static uint64_t layout_hash(tide_span s) {
  uint64_t h = s.len;
  for (size_t at = 0; at < s.len; at += 8) {
    const unsigned char *p = (const unsigned char *)s.ptr + at;
    uint64_t word = 0;
    if (at + 8 <= s.len)
      word = (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
             (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
             (uint64_t)p[7] << 56;
    else
      for (size_t i = 0; at + i < s.len; i++)
        word |= (uint64_t)p[i] << 8 * i;
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    h ^= h >> 32;
  }
  h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
  h = (h ^ h >> 27) * 0x94d049bb133111ebu;
  return h ^ h >> 31;
}

void tide_fingerprint_name(tide_span layout, char out[TIDE_FINGERPRINT_NAME + 1]) {
  uint64_t h = layout_hash(layout);
  out[0] = 'f';
  for (int i = 1; i < TIDE_FINGERPRINT_NAME; i++)
    out[i] = "0123456789abcdef"[h >> (64 - 4 * i) & 15];
  out[TIDE_FINGERPRINT_NAME] = 0;
}

static tide_status fingerprint_apply(const tide_extraction *x, tide_record *r) {
  char name[TIDE_FINGERPRINT_NAME + 1];
  tide_status status = tide_fingerprint_layout(x->message, x->options->additions, x->arena, NULL,
                                               &r->fingerprint_layout);
  if (status != TIDE_OK || r->fingerprint_layout.len == 0)
    return status;
  tide_fingerprint_name(r->fingerprint_layout, name);
  r->fingerprint = tide_arena_copy(x->arena, tide_span_make(name, TIDE_FINGERPRINT_NAME));
  return r->fingerprint.ptr ? TIDE_OK : TIDE_FATAL;
}

const tide_extractor tide_extract_fingerprint = {
    .name = "fingerprint", .fills = TIDE_PART_FINGERPRINT, .apply = fingerprint_apply};
