/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Address lists (RFC 5322 3.4), read leniently: how many mailboxes, and the first one's domain.
 * Each byte is looked at a fixed number of times, whatever the list looks like. */
#include "mime/message.h"

/* One entry of the list, while it is read. */
typedef struct entry {
  size_t words, named;   /* atoms and quoted strings outside <…>, and those before it */
  tide_span angle;       /* inside <…> */
  bool has_angle, empty; /* something is inside; "<>" was met */
  /* The first comment and the first quoted string with an @ in it: "name (a@example.org)",
   * "\"a@example.org\" <>", where nothing else has one. */
  tide_span comment, quoted;
  size_t begin;               /* behind the comma before it */
  bool encoded;               /* an encoded word was met */
  size_t at_sign, start, end; /* outside <…>: after its last @, or SIZE_MAX; first and last byte */
  size_t word, before;        /* where the last word begins, and where the one before it ended */
  /* "a@example.org b@example.org": some programs leave the commas out. How many words with an @
   * there are beside the first, and where that one's domain is. */
  uint32_t more;
  size_t first_at, first_end;
} entry;

typedef struct address_list {
  tide_span in;
  bool open_quote, open_comment; /* one that never closes was met: from there on the character
                                    stands for itself */
  uint32_t with_at, without;
  tide_span first;   /* domain */
  tide_arena *arena; /* for entries that are decoded; NULL in one of them */
} address_list;

static const entry entry_new = {.at_sign = SIZE_MAX};

/* After the closing quote of the string that begins at `at`, or 0 if it never closes. */
static size_t skip_quoted(tide_span s, size_t at) {
  for (at++; at < s.len; at++) {
    if (s.ptr[at] == '\\')
      at++;
    else if (s.ptr[at] == '"')
      return at + 1;
  }
  return 0;
}

static size_t skip_comment(tide_span s, size_t at) {
  size_t depth = 0;
  for (; at < s.len; at++) {
    if (s.ptr[at] == '\\')
      at++;
    else if (s.ptr[at] == '(')
      depth++;
    else if (s.ptr[at] == ')' && --depth == 0)
      return at + 1;
  }
  return 0;
}

/* After an encoded word "=?…?…?…?=" at `at`, or 0: its commas are text. RFC 2047 2: 75 characters,
 * and more in the wild. */
static size_t skip_encoded(tide_span s, size_t at) {
  enum { ENCODED_MAX = 256 };
  size_t end = at + ENCODED_MAX < s.len ? at + ENCODED_MAX : s.len;
  if (at + 1 >= s.len || s.ptr[at] != '=' || s.ptr[at + 1] != '?')
    return 0;
  int marks = 0;
  for (size_t i = at + 2; i < end && !tide_is_space(s.ptr[i]); i++) {
    if (s.ptr[i] != '?')
      continue;
    if (++marks == 3)
      return i + 1 < end && s.ptr[i + 1] == '=' ? i + 2 : 0;
  }
  return 0;
}

/* Bytes that mean nothing but themselves: letters, digits, the signs of atoms but '=', which may
 * begin an encoded word. */
static const uint8_t plain[256] = {
    /* clang-format off */
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1,
    ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1,
    ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1,
    ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1,
    ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1,
    ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1,
    ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1,
    ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1,
    ['.'] = 1, ['-'] = 1, ['_'] = 1, ['+'] = 1, ['\''] = 1, ['!'] = 1, ['#'] = 1, ['$'] = 1,
    ['%'] = 1, ['&'] = 1, ['*'] = 1, ['/'] = 1, ['?'] = 1, ['^'] = 1, ['`'] = 1, ['{'] = 1,
    ['|'] = 1, ['}'] = 1, ['~'] = 1,
    /* clang-format on */
};

static size_t plain_length(tide_span s, size_t from) {
  size_t at = from;
  while (at < s.len && plain[(unsigned char)s.ptr[at]])
    at++;
  return at - from;
}

static bool ends_domain(char c) {
  return tide_is_space(c) || c == '\0' || c == '<' || c == '>' || c == ',' || c == ';' ||
         c == '"' || c == '(' || c == ')' || c == '\\';
}

/* Past white space and comments (RFC 5322 3.2.2). */
static size_t skip_cfws(tide_span s, size_t at) {
  for (size_t behind; at < s.len; at = behind) {
    behind = tide_is_space(s.ptr[at]) ? at + 1 : 0;
    if (s.ptr[at] == '(')
      behind = skip_comment(s, at);
    if (behind == 0)
      break;
  }
  return at;
}

/* Where a domain goes on that ends at `end`: "example .test", "example. (x) test" (RFC 5322 4.4).
 * `end` where it does not. */
static size_t domain_goes_on(tide_span s, size_t end) {
  enum { GAP_MAX = 256 };
  const tide_span near = tide_span_slice(s, 0, end + GAP_MAX);
  const size_t next = skip_cfws(near, end);
  if (next == end || next >= near.len || end == 0 || tide_span_find_char(near, '"') < end)
    return end;
  const bool point = near.ptr[next] == '.', after_point = near.ptr[end - 1] == '.';
  return point != after_point && (point || tide_is_alnum(near.ptr[next])) ? next : end;
}

static tide_span domain_after(tide_span s) {
  enum { DOMAIN_MAX = 1024, GAPS_MAX = 16 }; /* with whatever is in it */
  s = tide_span_slice(s, 0, DOMAIN_MAX);
  size_t begin = skip_cfws(s, 0);
  while (begin < s.len && (tide_is_space(s.ptr[begin]) || s.ptr[begin] == '"'))
    begin++;
  s = tide_span_slice(s, begin, s.len);
  size_t end = plain_length(s, 0);
  for (int gaps = 0;; gaps++) {
    while (end < s.len && !ends_domain(s.ptr[end]))
      end++;
    const size_t next = gaps < GAPS_MAX ? domain_goes_on(s, end) : end;
    if (next == end)
      break;
    end = next + 1;
  }
  s.len = end;
  /* "&lt;user@host&gt;": a page's entity, which no domain has. */
  s.len = tide_span_find_char(s, '&');
  /* "user@host:25". */
  if (s.len && s.ptr[0] != '[')
    s.len = tide_span_find_char(s, ':');
  /* "name [user@host]" has a bracket that is not the domain's, as "user@[192.0.2.1]" has. */
  const bool literal = s.len && s.ptr[0] == '[';
  while (s.len) {
    if (s.ptr[s.len - 1] == '.' || s.ptr[s.len - 1] == '\'' ||
        (s.ptr[s.len - 1] == ']' && !literal))
      s.len--;
    else if (tide_span_iends(s, SPAN("\xc2\xa0")))
      s.len -= 2;
    else
      break;
  }
  return s;
}

/* How long a sign is that stands for the point of a domain; 0: s begins with none. */
static size_t point_sign(tide_span s) {
  static const tide_span signs[] = {SPAN(" dot "),   SPAN(" (dot) "), SPAN("(dot)"),
                                    SPAN(" [dot] "), SPAN("[dot]"),   SPAN(" ! ")};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (tide_span_istarts(s, signs[i]))
      return signs[i].len;
  return 0;
}

/* "name at host.example", "name (at) host dot example", "name () host ! example": how archives of
 * lists keep addresses from harvesters (pipermail's ARCHIVER_OBSCURES_EMAILADDRS, MHonArc's
 * SPAMMODE, MARC). The host, or nothing
 * where the text is not two words with such a sign between them. */
static tide_span obscured_domain(tide_span text) {
  static const tide_span signs[] = {SPAN(" at "), SPAN("(at)"), SPAN("[at]"), SPAN("{at}"),
                                    SPAN("<at>"), SPAN("_at_"), SPAN(" () ")};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    size_t at = tide_span_ifind(text, signs[i]);
    if (at == text.len)
      continue;
    tide_span name = tide_span_trim(tide_span_slice(text, 0, at));
    tide_span host = tide_span_trim(tide_span_slice(text, at + signs[i].len, text.len));
    bool point = false;
    for (size_t k = 0; k < name.len; k++)
      if (ends_domain(name.ptr[k]))
        return (tide_span){0};
    for (size_t k = 0; k < host.len; k++) {
      const size_t sign = point_sign(tide_span_slice(host, k, host.len));
      point |= (host.ptr[k] == '.' || sign) && k > 0 && k + 1 < host.len;
      k += sign ? sign - 1 : 0;
      if (!sign && !tide_is_alnum(host.ptr[k]) && host.ptr[k] != '.' && host.ptr[k] != '-')
        return (tide_span){0};
    }
    return name.len && point ? host : (tide_span){0};
  }
  return (tide_span){0};
}

/* The domain behind the last @ of a comment or a quoted string that has one. */
static tide_span domain_inside(tide_span text) {
  const char *at = memrchr(text.ptr, '@', text.len);
  return domain_after(tide_span_slice(text, (size_t)(at + 1 - text.ptr), text.len));
}

/* The words that stand for a list that nobody is to see. */
static bool is_hidden_list(tide_span local) {
  return tide_span_istarts(local, SPAN("undisclosed-recipient"));
}

static uint32_t list_read(address_list *l);

/* Some programs encode the address with the name, which nobody may (RFC 2047 5). */
static void entry_decode(address_list *l, const entry *e, size_t end) {
  address_list inside = {.in = tide_header_decode(tide_span_slice(l->in, e->begin, end), l->arena)};
  list_read(&inside);
  if (l->with_at == 0)
    l->first = inside.first;
  l->with_at += inside.with_at;
  l->without += inside.without;
}

/* end: where the comma is that ends it, or the end of the list. */
static void entry_end(address_list *l, entry *e, size_t end) {
  enum { OBSCURED_WORDS = 12 }; /* a point is one */
  tide_span domain = {0};
  bool mailbox = false, at_sign = false;
  const bool first = l->with_at == 0;
  /* "a@example.org <Ann>": the two have changed places. */
  const bool swapped = e->has_angle && e->at_sign != SIZE_MAX &&
                       tide_span_find_char(e->angle, '@') == e->angle.len &&
                       obscured_domain(e->angle).len == 0;
  if (e->has_angle && !swapped) {
    tide_span spec = tide_span_trim(e->angle);
    const char *at = spec.len ? memrchr(spec.ptr, '@', spec.len) : NULL;
    at_sign = at != NULL;
    mailbox = spec.len > 0 && (at_sign || !is_hidden_list(spec));
    if (at)
      domain = domain_after(tide_span_slice(spec, (size_t)(at + 1 - spec.ptr), spec.len));
    else
      domain = obscured_domain(spec);
    at_sign |= domain.len > 0;
  } else if (e->at_sign != SIZE_MAX) {
    mailbox = at_sign = true;
    domain = domain_after(e->more ? tide_span_slice(l->in, e->first_at, e->first_end)
                                  : tide_span_slice(l->in, e->at_sign, e->end));
    l->with_at += e->more;
  } else if (e->words == 1 && !e->empty) {
    /* A local user. */
    mailbox = !is_hidden_list(tide_span_slice(l->in, e->start, e->end));
  } else if (e->words > 1 && e->words <= OBSCURED_WORDS) {
    domain = obscured_domain(tide_span_slice(l->in, e->start, e->end));
    mailbox = at_sign = domain.len > 0;
  }
  if (!at_sign && (e->quoted.len || e->comment.len)) {
    domain = domain_inside(e->quoted.len ? e->quoted : e->comment);
    mailbox = at_sign = domain.len > 0;
  }
  if (!at_sign && e->encoded && l->arena) {
    entry_decode(l, e, end);
  } else if (mailbox && at_sign) {
    if (first)
      l->first = domain;
    l->with_at++;
  } else if (mailbox) {
    l->without++;
  }
  *e = entry_new;
  e->begin = end + 1;
}

/* `<…` at `at`; returns the place after it. Without its '>' it ends before the next comma or '<'.
 */
static size_t take_angle(address_list *l, entry *e, size_t at) {
  size_t end = at + 1;
  while (end < l->in.len && tide_is_space(l->in.ptr[end]))
    end++;
  bool route = end < l->in.len && l->in.ptr[end] == '@'; /* <@a,@b:c@d>, RFC 5322 4.4 */
  bool quoted = false;
  for (; end < l->in.len; end++) {
    end += plain_length(l->in, end);
    if (end == l->in.len)
      break;
    char c = l->in.ptr[end];
    if (c == '\\')
      end++;
    else if (c == '"')
      quoted = !quoted && !l->open_quote;
    else if (c == '>' || c == '<' || (c == ',' && !route && !quoted))
      break;
  }
  if (end > l->in.len)
    end = l->in.len;
  if (tide_span_trim(tide_span_slice(l->in, at + 1, end)).len == 0) {
    e->empty = true;
    return end < l->in.len && l->in.ptr[end] == '>' ? end + 1 : end;
  }
  /* "John <jj> <john@example.org>": the second. */
  if (tide_span_find_char(e->angle, '@') == e->angle.len && obscured_domain(e->angle).len == 0)
    e->angle = tide_span_slice(l->in, at + 1, end);
  e->has_angle = true;
  e->named = e->words;
  e->encoded |= tide_span_find(e->angle, SPAN("=?")) < e->angle.len;
  return end < l->in.len && l->in.ptr[end] == '>' ? end + 1 : end;
}

/* Without comments and blanks, in lower case. */
static tide_span domain_copy(tide_span first, tide_arena *arena) {
  tide_span copy = first.len ? tide_arena_copy(arena, first) : (tide_span){0};
  size_t len = 0;
  for (size_t i = 0; i < copy.len;) {
    const size_t sign = point_sign(tide_span_slice(copy, i, copy.len)),
                 next = sign ? i + sign : skip_cfws(copy, i);
    if (sign || next == i)
      ((char *)(uintptr_t)copy.ptr)[len++] = sign ? '.' : tide_lower(copy.ptr[i]);
    i = next > i ? next : i + 1;
  }
  copy.len = len;
  return copy;
}

/* What is left is text: an atom, a quoted string, an encoded word, stray brackets. */
static void take_text(entry *e, char c, size_t at, bool in_word) {
  if (e->words == 0)
    e->start = at;
  if (!in_word) {
    e->words++;
    e->before = e->end;
    e->word = at;
  }
  if (c == '@' && !e->has_angle) {
    if (e->at_sign != SIZE_MAX && e->at_sign <= e->word && e->more++ == 0) {
      e->first_at = e->at_sign;
      e->first_end = e->before;
    }
    e->at_sign = at + 1;
  }
}

/* Past the comment at l->in[at]; 0 if it has no end, and is text. The first with an address in
 * it may have to stand for the mailbox. */
static size_t take_comment(address_list *l, entry *e, size_t at) {
  const size_t behind = skip_comment(l->in, at);
  l->open_comment = behind == 0;
  if (!behind)
    return 0;
  const tide_span comment = tide_span_slice(l->in, at + 1, behind - 1);
  if (!e->comment.len && tide_span_find_char(comment, '@') < comment.len)
    e->comment = comment;
  return behind;
}

/* The same of a quoted string, to whose text the word belongs that it is in. */
static size_t take_quoted(address_list *l, entry *e, size_t at) {
  const size_t behind = skip_quoted(l->in, at);
  l->open_quote = behind == 0;
  const tide_span inside = tide_span_slice(l->in, at + 1, behind - (behind > 0));
  if (!e->quoted.len && tide_span_find_char(inside, '@') < inside.len)
    e->quoted = inside;
  e->encoded |= tide_span_find(inside, SPAN("=?")) < inside.len;
  return behind;
}

/* Does a mailbox end before this '<', though nothing parts the two?
 * "<a@example.org><b@example.org>", "Ann <a@example.org>| Bob <b@example.org>". */
static bool ends_before_angle(const entry *e) {
  return e->has_angle && (e->words == 0 || e->words > e->named) &&
         tide_span_find_char(e->angle, '@') < e->angle.len;
}

static uint32_t list_read(address_list *l) {
  entry e = entry_new;
  bool in_word = false;
  for (size_t at = 0; at < l->in.len;) {
    char c = l->in.ptr[at];
    size_t behind = 0;
    if (tide_is_space(c)) {
      in_word = false;
      at++;
      continue;
    }
    if (c == '(' && !l->open_comment && (behind = take_comment(l, &e, at))) {
      at = behind;
      in_word = false;
      continue;
    }
    if (c == '<' && tide_span_istarts(tide_span_slice(l->in, at, l->in.len), SPAN("<at>"))) {
      take_text(&e, c, at, false); /* "name <at> host.example" */
      at += sizeof "<at>" - 1;
      continue;
    }
    if (c == '<') {
      if (ends_before_angle(&e))
        entry_end(l, &e, at);
      at = take_angle(l, &e, at);
      in_word = false;
      continue;
    }
    if (c == ',' || c == ';') {
      entry_end(l, &e, at);
      in_word = false;
      at++;
      continue;
    }
    if (c == ':' && !e.has_angle &&
        e.at_sign == SIZE_MAX) { /* a group's name (3.4): its members follow */
      e = entry_new;
      in_word = false;
      e.begin = ++at;
      continue;
    }
    if (c == '"' && !l->open_quote) {
      behind = take_quoted(l, &e, at);
    } else if (c == '=') {
      behind = skip_encoded(l->in, at);
      e.encoded |= at + 1 < l->in.len && l->in.ptr[at + 1] == '?';
    }
    take_text(&e, c, at, in_word);
    in_word = true;
    at = behind ? behind : at + 1;
    at += plain_length(l->in, at);
    if (!e.has_angle)
      e.end = at;
  }
  entry_end(l, &e, l->in.len);
  /* "Doe, John <j@d.example>": an unquoted comma makes no second mailbox; "root, postmaster" are
   * two. */
  return l->with_at ? l->with_at : l->without;
}

uint32_t tide_address_count(tide_span value, tide_span *domain, tide_arena *arena) {
  address_list l = {.in = tide_span_slice(value, 0, TIDE_LIMIT_HEADER_VALUE), .arena = arena};
  const uint32_t count = list_read(&l);
  if (domain)
    *domain = domain_copy(l.first, arena);
  return count;
}
