/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Message-ID of a message: its shape, the time in it, and whether a server filled it in. */
#include "sketch.h"
#include "base/ip.h"

enum { CLOCK_DIGITS = 8 }; /* of a calendar's day; of those that tell a time the fewest */

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

/* 46FB2C5E of Mozilla: seconds since 1970 in eight capital hexadecimal digits, before a dot. */
static bool is_hex_epoch(tide_span left, const tide_identifier *shape, tide_sent_date *sent) {
  enum { HEX_DIGITS = 8 };
  if (shape->separator_count != 1 || left.len <= HEX_DIGITS || left.ptr[HEX_DIGITS] != '.' ||
      shape->seen & (IS_LOWER | IS_BEYOND_F))
    return false;
  int64_t seconds = 0;
  for (size_t i = 0; i < HEX_DIGITS; i++)
    seconds = seconds << 4 | ((left.ptr[i] & 15) + (tide_is_digit(left.ptr[i]) ? 0 : 9));
  return tide_sent_date_read(sent) && tide_is_near_days(seconds, sent->date.time);
}

/* How an identifier tells the time of the message, if it does. */
static tide_span clock_of(tide_span left, const tide_identifier *shape, tide_sent_date *sent) {
  size_t dollar = shape->seen & IS_DOLLAR ? tide_span_find_char(left, '$') : left.len;
  if (dollar < left.len && dollar >= 8 && tide_sent_date_read(sent)) {
    if (!tide_is_file_time(left, dollar, sent->date.time))
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
    if (digits.len >= 10 && tide_sent_date_read(sent) &&
        tide_is_near_days((int64_t)decimal(digits.ptr, 10), sent->date.time))
      return SPAN(",epoch");
  }
  return is_hex_epoch(left, shape, sent) ? SPAN(",hex-epoch") : SPAN("");
}

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
  bool domain = end >= field.len || !(tide_byte_class(field.ptr[end]) & IS_DOMAIN);
  for (size_t i = 0; i < name.len; i++)
    domain &= (tide_byte_class(name.ptr[i]) & IS_DOMAIN) != 0;
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

/* What comes after the @: the sender's domain, an address, or the name of a computer, which its
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

/* What comes before the @ of the first address in From, with a dot before it, where an identifier
 * ends in it: Outlook, KMail and Sylpheed put it there, and how many letters and dots it has is the
 * person's. Empty if it does not. */
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

void tide_sent_id_read(const tide_message *m, tide_span value, tide_sent_date *sent,
                       tide_sent_id *out) {
  const tide_span id = without_brackets(value);
  const size_t at = last_at(id);
  out->left = tide_span_slice(id, 0, at);
  out->right = tide_span_slice(id, at + 1, id.len);
  out->bracketed = id.len != value.len;
  out->own = own_name(out->left, tide_message_header(m, TIDE_HEADER_FROM));
  out->left.len -= out->own.len;
  tide_identifier_read(out->left, &out->shape);
  out->clock = clock_of(out->left, &out->shape, sent);
}

bool tide_sent_id_is_imitation(const tide_sent_id *id) {
  return tide_span_equal(id->clock, SPAN(",no-filetime"));
}

void tide_sketch_id(tide_sketch *s, const tide_message *m, const tide_sent_id *id) {
  tide_identifier shape = id->shape;
  const bool dollar = shape.seen & IS_DOLLAR;
  const bool hex_epoch = tide_span_equal(id->clock, SPAN(",hex-epoch"));
  if (is_queue_number(id->left, id->clock))
    shape.seen |= LOWER_OTHER | UPPER_OTHER;
  if (hex_epoch) /* one in seventeen of 2007 has no letter */
    shape.seen |= UPPER_HEX;
  tide_sketch_put(s, SPAN(" id="));
  if (!id->bracketed)
    tide_sketch_put(s, SPAN("no<>,"));
  tide_sketch_identifier(s, id->left, &shape, dollar || hex_epoch);
  tide_sketch_piece(s, id->clock);
  tide_sketch_put(s, id->own.len ? SPAN(",own@") : SPAN("@"));
  tide_sketch_piece(s, right_part(m, id->right, dollar));
}

/* The number under which a server has a message in its Received field, as it stands in the
 * Message-IDs that this kind of server fills in. Empty: it is of no such form. */
static tide_span queue_number(tide_span left) {
  const size_t dot = tide_span_find_char(left, '.');
  if (dot >= 8 && dot <= 14 && dot + 6 <= left.len && is_calendar_day(left))
    return tide_span_slice(left, dot + 1, left.len); /* sendmail, Postfix */
  if (left.len >= 17 && left.ptr[0] == 'E' && left.ptr[7] == '-')
    return tide_span_slice(left, 1, left.len); /* Exim */
  if (left.len == 11 && left.ptr[0] == 'B' &&
      tide_byte_classes_in(tide_span_slice(left, 1, 11)) == (IS_DOMAIN | IS_DIGIT))
    return left;                                                 /* Rockliffe */
  if (left.len == 17 && tide_span_starts(left, SPAN("auto-"))) { /* CommuniGate */
    size_t zeros = 5;
    while (zeros < left.len && left.ptr[zeros] == '0')
      zeros++;
    return tide_span_slice(left, zeros, left.len);
  }
  return (tide_span){0};
}

/* Microsoft's SMTP service: 27 letters and digits, of which the last eight are a counter. */
static bool is_smtpsvc(tide_span left) {
  enum { LENGTH = 27, COUNTER = 8 };
  if (left.len != LENGTH)
    return false;
  const unsigned seen = tide_byte_classes_in(tide_span_slice(left, LENGTH - COUNTER, LENGTH));
  return seen & IS_DIGIT && !(seen & (IS_BEYOND_F | IS_UPPER)) && !(seen & ~(LOWER_HEX | IS_DIGIT));
}

const tide_header *tide_id_filled_in_by(const tide_message *m, tide_span value) {
  const tide_span id = without_brackets(value);
  const size_t end = last_at(id);
  const tide_span left = tide_span_slice(id, 0, end);
  const bool smtpsvc = is_smtpsvc(left);
  const tide_span number = smtpsvc ? tide_span_slice(id, end + 1, id.len) : queue_number(left);
  if (number.len == 0)
    return NULL;
  for (uint32_t at = m->first[TIDE_HEADER_RECEIVED]; at != TIDE_HEADER_NONE;
       at = m->headers[at].next) {
    const tide_span hop = m->headers[at].value;
    if (!names_host(hop, number) || (smtpsvc && tide_span_ifind(hop, SPAN("SMTPSVC")) == hop.len))
      continue;
    const tide_span from = tide_span_slice(hop, 0, 32);
    bool local = !tide_span_istarts(from, SPAN("from ")) ||
                 tide_span_istarts(from, SPAN("from mail pickup service")) ||
                 tide_span_ifind(from, SPAN("localhost")) < from.len;
    return local ? NULL : &m->headers[at];
  }
  return NULL;
}

bool tide_date_filled_in(const tide_header *hop, tide_sent_date *sent) {
  size_t semicolon = hop->value.len;
  while (semicolon && hop->value.ptr[semicolon - 1] != ';')
    semicolon--;
  tide_date received;
  return semicolon && tide_sent_date_read(sent) &&
         tide_date_parse(tide_span_slice(hop->value, semicolon, hop->value.len), &received) &&
         received.offset == sent->date.offset && received.time - sent->date.time <= 1 &&
         sent->date.time - received.time <= 1;
}
