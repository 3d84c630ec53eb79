/* SPDX-License-Identifier: GPL-3.0-or-later */
/* URLs: found in text and links, and the domains that somebody registered for them. */
#include "extract/url.h"

#include "extract/extractors.h"
#include "mail/domain.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/map.h"

/* --- finding them --- */

/* How a URL at text[at] begins, in bytes; 0 if none does. */
static size_t url_begins(tide_span text, size_t at) {
  static const tide_span beginnings[] = {SPAN("http://"), SPAN("https://"), SPAN("www.")};
  if (at && tide_is_alnum(text.ptr[at - 1]))
    return 0;
  tide_span rest = tide_span_slice(text, at, at + 8);
  for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
    if (tide_span_istarts(rest, beginnings[i]))
      return beginnings[i].len;
  return 0;
}

/* Blanks, quotes, brackets and what ends a sentence, outside of ASCII: text that is written without
 * blanks has them right behind a URL. */
static bool is_wide_end(uint32_t c) {
  return c == 0xa0 || c == 0xab || c == 0xbb || (c >= 0x2000 && c <= 0x200a) ||
         (c >= 0x2018 && c <= 0x201f) || (c >= 0x2026 && c <= 0x202f) ||
         (c >= 0x3000 && c <= 0x3002) || (c >= 0x3008 && c <= 0x301f) ||
         (c >= 0xff00 && c <= 0xff0c) || (c >= 0xff1a && c <= 0xff20) ||
         (c >= 0xff3b && c <= 0xff3d) || (c >= 0xff5b && c <= 0xff65);
}

/* Where the host ends at which a URL in running text begins: nobody writes a blank before "'s" or a
 * word in Chinese, and no last label has anything but letters, digits and hyphens, or is of two
 * scripts. */
static size_t host_end(tide_span url, size_t beginning) {
  size_t at = beginning, label = 0;
  while (at < url.len && !memchr("/?#:@", url.ptr[at], 5)) {
    if (url.ptr[at++] == '.')
      label = at;
  }
  const size_t end = at;
  const bool is_user =
      at < url.len && (url.ptr[at] == '@' || tide_span_find_char(url, '@') < url.len);
  if (!label || is_user)
    return url.len;
  for (at = label; at < end && (tide_is_alnum(url.ptr[at]) || url.ptr[at] == '-'); at++) {
  }
  return at > label && at < end && url.ptr[at] != '%' ? at : url.len;
}

/* Where it ends: at a blank, a control character, what RFC 3986 2 leaves to the text around a URL,
 * or the next of a list. What ends a sentence is not its own. */
static size_t url_end(tide_span text, size_t at, size_t beginning) {
  size_t end = at;
  while (end < text.len && (unsigned char)text.ptr[end] > ' ' && text.ptr[end] != 0x7f &&
         !memchr("<>\"`{}|\\^", text.ptr[end], 9)) {
    uint32_t c = 0;
    const bool wide = (unsigned char)text.ptr[end] >= 0x80;
    const size_t len = wide ? tide_utf8_take(tide_span_slice(text, end, text.len), &c) : 1;
    if (wide && is_wide_end(c))
      break;
    if ((text.ptr[end] == ',' || text.ptr[end] == ';') && url_begins(text, end + 1))
      break;
    end += len ? len : 1;
  }
  end = at + host_end(tide_span_slice(text, at, end), beginning);
  while (end > at && memchr(".,;:!?)]'", text.ptr[end - 1], 9))
    end--;
  return end;
}

/* The next URL of text from *at on; *at moves past it. */
static bool next_in_text(tide_span text, size_t *at, tide_span *out) {
  for (; *at < text.len; ++*at) {
    char c = tide_lower(text.ptr[*at]);
    size_t beginning = c == 'h' || c == 'w' ? url_begins(text, *at) : 0;
    if (!beginning)
      continue;
    size_t end = url_end(text, *at, beginning);
    if (end <= *at + beginning)
      continue;
    *out = tide_span_slice(text, *at, end);
    *at = end;
    return true;
  }
  return false;
}

static bool next_link(tide_span links, size_t *at, tide_span *out) {
  if (*at >= links.len)
    return false;
  size_t end = *at + tide_span_find_char(tide_span_slice(links, *at, links.len), '\n');
  *out = tide_span_slice(links, *at, end);
  *at = end + 1;
  return true;
}

/* Distinct spans in the order of their first appearance, as a table of hashes in the arena. */
typedef struct set {
  tide_span *items;
  uint16_t *slots; /* number + 1 */
  uint32_t count;
} set;

enum { SET_SLOTS = 4096 };
_Static_assert(TIDE_LIMIT_URLS * 2 < SET_SLOTS, "a table that is half empty");

static bool set_open(set *s, tide_arena *arena) {
  s->count = 0;
  s->items = tide_arena_take(arena, TIDE_LIMIT_URLS * sizeof *s->items);
  s->slots = tide_arena_take(arena, SET_SLOTS * sizeof *s->slots);
  if (s->slots)
    memset(s->slots, 0, SET_SLOTS * sizeof *s->slots);
  return s->items && s->slots;
}

/* The item's number; UINT32_MAX if it is full. */
static uint32_t set_add(set *s, tide_span item) {
  size_t at = tide_hash(item) % SET_SLOTS;
  for (; s->slots[at]; at = (at + 1) % SET_SLOTS)
    if (tide_span_equal(s->items[s->slots[at] - 1], item))
      return s->slots[at] - 1u;
  if (s->count == TIDE_LIMIT_URLS)
    return UINT32_MAX;
  s->items[s->count] = item;
  s->slots[at] = (uint16_t)(s->count + 1);
  return s->count++;
}

tide_status tide_urls_find(const tide_message *m, tide_arena *arena, const tide_span **urls,
                           uint32_t *count, unsigned *defects) {
  set found = {.count = 0};
  tide_span url;
  bool room = true;
  *urls = NULL;
  *count = 0;
  for (size_t at = 0; room && next_in_text(m->text, &at, &url);) {
    if (!found.items && !set_open(&found, arena))
      return TIDE_FATAL;
    room = set_add(&found, url) != UINT32_MAX;
  }
  for (size_t at = 0; room && next_link(m->links, &at, &url);) {
    if (!found.items && !set_open(&found, arena))
      return TIDE_FATAL;
    room = set_add(&found, url) != UINT32_MAX;
  }
  if (!room)
    *defects |= TIDE_DEFECT_TOO_MANY_URLS;
  *urls = found.items;
  *count = found.count;
  return TIDE_OK;
}

/* --- hosts --- */

/* The authority of a URL (RFC 3986 3.2) without user and port. A backslash ends it as in browsers.
 */
static tide_span authority_of(tide_span url) {
  size_t colon = tide_span_find(tide_span_slice(url, 0, 8), SPAN(":"));
  if (tide_span_istarts(url, SPAN("http")))
    url = tide_span_slice(url, colon + 1, url.len);
  while (url.len && (url.ptr[0] == '/' || url.ptr[0] == '\\'))
    url = tide_span_slice(url, 1, url.len);
  size_t end = 0;
  while (end < url.len && url.ptr[end] != '/' && url.ptr[end] != '\\' && url.ptr[end] != '?' &&
         url.ptr[end] != '#')
    end++;
  url = tide_span_slice(url, 0, end);
  for (size_t at = url.len; at > 0; at--) /* the last one: "http://bank.example@203.0.113.9/" */
    if (url.ptr[at - 1] == '@') {
      url = tide_span_slice(url, at, url.len);
      break;
    }
  if (url.len && url.ptr[0] == '[')
    return tide_span_slice(url, 1, tide_span_find_char(url, ']'));
  return tide_span_slice(url, 0, tide_span_find_char(url, ':'));
}

/* One number of a host that is an address, in decimal, octal or hexadecimal. */
static bool take_part(tide_span part, uint64_t *out) {
  unsigned base = 10;
  if (part.len > 1 && part.ptr[0] == '0') {
    bool hex = tide_lower(part.ptr[1]) == 'x';
    base = hex ? 16 : 8;
    part = tide_span_slice(part, hex ? 2 : 1, part.len);
  } else if (part.len == 0) {
    return false;
  }
  *out = 0;
  for (size_t i = 0; i < part.len; i++) {
    int digit = tide_hex_digit(part.ptr[i]);
    if (digit < 0 || (unsigned)digit >= base || *out > UINT32_MAX)
      return false;
    *out = *out * base + (unsigned)digit;
  }
  return true;
}

/* A host whose last label is a number is an address with up to four parts, the last of which fills
 * what is left. */
static bool take_address(tide_span host, tide_ip *out) {
  uint64_t parts[4], value = 0;
  size_t count = 0;
  if (tide_ip_parse(host, out))
    return true;
  for (bool more = true; more;) {
    size_t dot = tide_span_find_char(host, '.');
    more = dot < host.len;
    if (count == 4 || !take_part(tide_span_slice(host, 0, dot), &parts[count++]))
      return false;
    host = tide_span_slice(host, dot + 1, host.len);
  }
  for (size_t i = 0; i + 1 < count; i++) {
    if (parts[i] > 255)
      return false;
    value |= parts[i] << (24 - 8 * i);
  }
  if (parts[count - 1] >= (uint64_t)1 << (8 * (5 - count)))
    return false;
  value |= parts[count - 1];
  *out = (tide_ip){.family = 4};
  for (size_t i = 0; i < 4; i++)
    out->bytes[i] = (uint8_t)(value >> (24 - 8 * i));
  return true;
}

/* What a browser reads for the character at the beginning of s (UTS #46, 4): nothing for what has
 * no width, plain letters for full-width ones, a dot for a full stop of East Asia. Its length; what
 * it is read as goes into *out. */
static size_t host_character(tide_span s, tide_span *out) {
  static const char ascii[] = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                              "abcdefghijklmnopqrstuvwxyz{|}~";
  uint32_t c = 0;
  const size_t len = (unsigned char)s.ptr[0] < 0x80 ? 1 : tide_utf8_take(s, &c);
  *out = tide_span_slice(s, 0, len ? len : 1);
  if (c == 0xad || (c >= 0x200b && c <= 0x200d) || c == 0x2060 || c == 0xfeff)
    *out = (tide_span){0};
  else if (c == 0x3002 || c == 0xff61)
    *out = SPAN(".");
  else if (c >= 0xff01 && c <= 0xff5e)
    *out = tide_span_make(ascii + (c - 0xff01), 1);
  return len ? len : 1;
}

tide_span tide_url_host(tide_span url, tide_arena *arena) {
  enum { HOST_MAX = 253 };
  tide_span authority = authority_of(url);
  char host[HOST_MAX + 1];
  size_t len = 0;
  for (size_t at = 0; at < authority.len;) {
    tide_span rest = tide_span_slice(authority, at, authority.len), read;
    char decoded;
    if (rest.ptr[0] == '%' && rest.len > 2 && tide_hex_digit(rest.ptr[1]) >= 0 &&
        tide_hex_digit(rest.ptr[2]) >= 0) {
      decoded = (char)(tide_hex_digit(rest.ptr[1]) << 4 | tide_hex_digit(rest.ptr[2]));
      read = tide_span_make(&decoded, 1);
      at += 3;
    } else {
      at += host_character(rest, &read);
    }
    if (len + read.len > HOST_MAX)
      return (tide_span){0};
    for (size_t i = 0; i < read.len; i++)
      host[len++] = tide_lower(read.ptr[i]);
  }
  if (len && host[len - 1] == '.')
    len--;
  tide_ip ip;
  char text[TIDE_IP_TEXT];
  if (len && take_address(tide_span_make(host, len), &ip))
    return tide_arena_copy(arena, tide_span_make(text, tide_ip_format(&ip, text)));
  return len ? tide_domain_ascii(tide_arena_copy(arena, tide_span_make(host, len)), arena)
             : (tide_span){0};
}

tide_span tide_url_domain(tide_span url, tide_arena *arena) {
  tide_span host = tide_url_host(url, arena);
  tide_ip ip;
  return host.len && tide_ip_parse(host, &ip) ? host : tide_domain_registered(host);
}

/* --- the extractor --- */

static unsigned url_needs(const tide_extract_options *options) {
  (void)options;
  return TIDE_NEED_TEXT | TIDE_NEED_LINKS;
}

static tide_status url_apply(const tide_extraction *x, tide_record *r) {
  tide_status status = tide_urls_find(x->message, x->arena, &r->urls, &r->url_count, &r->defects);
  if (status != TIDE_OK || r->url_count == 0)
    return status;
  set domains;
  uint32_t *domain_of = tide_arena_take(x->arena, r->url_count * sizeof *domain_of);
  if (!domain_of || !set_open(&domains, x->arena))
    return TIDE_FATAL;
  for (uint32_t i = 0; i < r->url_count; i++) {
    tide_span domain = tide_url_domain(r->urls[i], x->arena);
    domain_of[i] = domain.len ? set_add(&domains, domain) : UINT32_MAX;
  }
  r->domain_of_url = domain_of;
  r->url_domains = domains.items;
  r->url_domain_count = domains.count;
  return TIDE_OK;
}

const tide_extractor tide_extract_url = {
    .name = "url", .fills = TIDE_PART_URL, .needs = url_needs, .apply = url_apply};
