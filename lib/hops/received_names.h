/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses and names of hosts as servers write them into Received fields. */
#ifndef LIB_HOPS_RECEIVED_NAMES_H
#define LIB_HOPS_RECEIVED_NAMES_H

#include "base/ip.h"
#include "base/span.h"

typedef enum tide_address_kind { ADDRESS_NONE, ADDRESS_BARE, ADDRESS_BRACKETED } tide_address_kind;

/* By the low six bits of the first byte: digits, a to f and i (of "IPv6:") in both cases, `:`, `[`
 * and `?`. */
#define TIDE_ADDRESS_BEGINS UINT64_C(0x87ff027e0800027e)
/* As tide_address_of, of what may be one. */
tide_address_kind tide_address_read(tide_span word, tide_ip *out);
/* "[192.0.2.1]", "[192.0.2.1]:25", "192.0.2.1", "[IPv6:…]", "?IPv6:…?", with a comma or the like
 * after it. One look tells nearly all names. */
static inline tide_address_kind tide_address_of(tide_span word, tide_ip *out) {
  if (word.len < 2 || !(TIDE_ADDRESS_BEGINS >> (word.ptr[0] & 63) & 1))
    return ADDRESS_NONE;
  return tide_address_read(word, out);
}
/* An address at the end of a word, after a name or a user: "name[192.0.2.1]", "user@[192.0.2.1]",
 * "user@192.0.2.1", "name/192.0.2.1" and "/192.0.2.1" (Java's InetAddress). *name is what is in
 * front of the sign. */
tide_address_kind tide_address_behind(tide_span word, tide_span *name, tide_ip *out);
/* The first public address written out anywhere in a text, in whatever it is wrapped. */
bool tide_address_inside(tide_span text, tide_ip *out);
/* Is there a public address in the text, with whatever around it? One within a name of DNS, which
 * ends in letters, is that name's: "192.0.2.1.example.net". */
bool tide_holds_address(tide_span text);
/* Without one pair of < > or [ ] around it. */
tide_span tide_name_without_brackets(tide_span s);
/* A name or id without the brackets, quotes and separators around it. */
tide_span tide_name_bare(tide_span s);
/* Without the dot at its end. */
tide_span tide_name_without_dot(tide_span name);
/* As nearly all names are: nothing around it or in it that must be looked for. */
bool tide_name_is_plain(tide_span name);
/* As a server writes what it looked up: not "addr:", "#1" or "strange=192.0.2.1". */
bool tide_name_is_looked_up(tide_span name);
/* What servers write for a name where they found none: SmarterMail and Haraka beside the many. */
bool tide_name_is_unknown(tide_span name);

#endif
