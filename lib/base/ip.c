/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses are read in one pass: IPv4 by hand, since every message asks, and IPv6 by inet_pton. */
#include "base/ip.h"

#include <arpa/inet.h>
#include <stdio.h>

static bool ip4_parse(tide_span s, uint8_t out[4]) {
  const char *at = s.ptr, *end = s.ptr + s.len;
  for (int i = 0; i < 4; i++) {
    if (i > 0 && (at == end || *at++ != '.'))
      return false;
    if (at == end || !tide_is_digit(*at))
      return false;
    unsigned n = (unsigned)(*at++ - '0');
    if (at < end && tide_is_digit(*at))
      n = n * 10 + (unsigned)(*at++ - '0');
    if (at < end && tide_is_digit(*at))
      n = n * 10 + (unsigned)(*at++ - '0');
    if (n > 255)
      return false;
    out[i] = (uint8_t)n;
  }
  return at == end;
}

/* inet_pton wants a NUL, and takes what RFC 4291 2.2 writes; of a dotted quad at the end no leading
 * zeros. A reader of our own took a fifth more instructions. */
static bool ip6_parse(tide_span s, uint8_t out[16]) {
  char text[INET6_ADDRSTRLEN];
  if (s.len >= sizeof text || memchr(s.ptr, '\0', s.len))
    return false;
  memcpy(text, s.ptr, s.len);
  text[s.len] = '\0';
  return inet_pton(AF_INET6, text, out) == 1;
}

bool tide_ip_parse(tide_span s, tide_ip *out) {
  tide_ip ip = {0};
  if (s.len < 2 || s.len > 80)
    return false;
  if (tide_is_digit(s.ptr[0]) && ip4_parse(s, ip.bytes)) {
    ip.family = 4;
    *out = ip;
    return true;
  }
  if (tide_span_istarts(s, SPAN("IPv6:")))
    s = tide_span_slice(s, 5, s.len);
  if (!memchr(s.ptr, ':', s.len < 5 ? s.len : 5))
    return false; /* a group has four digits at most: most names end here */
  s = tide_span_slice(s, 0, tide_span_find_char(s, '%'));
  if (!ip6_parse(s, ip.bytes))
    return false;
  static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
  if (memcmp(ip.bytes, mapped, sizeof mapped) == 0) {
    tide_ip four = {.family = 4};
    memcpy(four.bytes, ip.bytes + 12, 4);
    *out = four;
    return true;
  }
  ip.family = 6;
  *out = ip;
  return true;
}

static char *put_decimal(char *to, unsigned n) {
  if (n >= 100)
    *to++ = (char)('0' + n / 100);
  if (n >= 10)
    *to++ = (char)('0' + n / 10 % 10);
  *to++ = (char)('0' + n % 10);
  return to;
}

size_t tide_ip_format(const tide_ip *ip, char out[TIDE_IP_TEXT]) {
  char *to = out;
  if (ip->family == 4) {
    for (int i = 0; i < 4; i++) {
      if (i)
        *to++ = '.';
      to = put_decimal(to, ip->bytes[i]);
    }
  } else if (ip->family == 6) {
    /* RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::". */
    unsigned group[8];
    int best = -1, best_len = 1;
    for (int i = 0; i < 8; i++)
      group[i] = (unsigned)(ip->bytes[2 * i] << 8 | ip->bytes[2 * i + 1]);
    for (int i = 0; i < 8; i++) {
      int n = 0;
      while (i + n < 8 && group[i + n] == 0)
        n++;
      if (n > best_len) {
        best = i;
        best_len = n;
      }
    }
    for (int i = 0; i < 8; i++) {
      if (i == best) {
        *to++ = ':';
        if (i + best_len == 8)
          *to++ = ':';
        i += best_len - 1;
        continue;
      }
      if (i)
        *to++ = ':';
      bool started = false;
      for (int shift = 12; shift >= 0; shift -= 4) {
        unsigned digit = group[i] >> shift & 15;
        if (digit || started || shift == 0) {
          *to++ = "0123456789abcdef"[digit];
          started = true;
        }
      }
    }
  }
  *to = '\0';
  return (size_t)(to - out);
}

bool tide_ip_equal(const tide_ip *a, const tide_ip *b) {
  return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static bool bits_equal(const uint8_t *a, const uint8_t *b, unsigned bits) {
  unsigned whole = bits / 8, rest = bits % 8;
  if (memcmp(a, b, whole) != 0)
    return false;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

typedef struct special {
  uint8_t family, bits;
  uint8_t bytes[16];
} special;

/* By the first two bytes; every message asks. */
static bool ip4_is_public(unsigned a, unsigned b) {
  switch (a) {
  case 0:
  case 10:
  case 127: return false;
  case 100: return b < 64 || b > 127; /* 100.64/10 */
  case 169: return b != 254;
  case 172: return b < 16 || b > 31; /* 172.16/12 */
  case 192: return b != 168;
  case 198: return b != 18 && b != 19; /* 198.18/15 */
  default: return a < 224;             /* 224/3 */
  }
}

bool tide_ip_is_public(const tide_ip *ip) {
  /* IANA special-purpose registries (RFC 6890) as far as they cannot be a peer on the open
   * Internet. */
  static const special specials[] = {
      {.family = 6, .bits = 128},
      {.family = 6, .bits = 128, .bytes = {[15] = 1}},
      {.family = 6, .bits = 7, .bytes = {0xfc}},
      {.family = 6, .bits = 10, .bytes = {0xfe, 0x80}},
      {.family = 6, .bits = 10, .bytes = {0xfe, 0xc0}},
      {.family = 6, .bits = 8, .bytes = {0xff}},
  };
  if (ip->family == 0)
    return false;
  if (ip->family == 4)
    return ip4_is_public(ip->bytes[0], ip->bytes[1]);
  /* 6to4 (RFC 3056) of a private address: Google's servers name themselves so, "2002:a05:…". */
  if (ip->bytes[0] == 0x20 && ip->bytes[1] == 0x02)
    return ip4_is_public(ip->bytes[2], ip->bytes[3]);
  for (size_t i = 0; i < sizeof specials / sizeof *specials; i++)
    if (specials[i].family == ip->family &&
        bits_equal(specials[i].bytes, ip->bytes, specials[i].bits))
      return false;
  return true;
}

tide_network tide_network_of(const tide_ip *ip, unsigned bits) {
  unsigned width = 0;
  if (ip->family)
    width = ip->family == 4 ? 32 : 128;
  if (bits > width)
    bits = width;
  tide_network net = {.address = *ip, .bits = (uint8_t)bits};
  unsigned whole = bits / 8;
  if (bits % 8) {
    net.address.bytes[whole] = (uint8_t)(net.address.bytes[whole] & 0xffu << (8 - bits % 8));
    whole++;
  }
  memset(net.address.bytes + whole, 0, sizeof net.address.bytes - whole);
  return net;
}

bool tide_network_parse(tide_span s, tide_network *out) {
  size_t slash = tide_span_find_char(s, '/');
  tide_ip ip;
  if (!tide_ip_parse(tide_span_slice(s, 0, slash), &ip))
    return false;
  uint64_t bits = ip.family == 4 ? 32 : 128;
  if (slash < s.len) {
    uint64_t given;
    if (!tide_span_uint(tide_span_slice(s, slash + 1, s.len), &given) || given > bits)
      return false;
    bits = given;
  }
  *out = tide_network_of(&ip, (unsigned)bits);
  return true;
}

bool tide_network_contains(const tide_network *net, const tide_ip *ip) {
  return net->address.family == ip->family && ip->family &&
         bits_equal(net->address.bytes, ip->bytes, net->bits);
}

size_t tide_network_format(const tide_network *net, char out[TIDE_IP_TEXT]) {
  size_t len = tide_ip_format(&net->address, out);
  int more = snprintf(out + len, TIDE_IP_TEXT - len, "/%u", (unsigned)net->bits);
  return len + (size_t)more;
}
