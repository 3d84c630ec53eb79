/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two names of hosts, or two addresses, have in common. */
#include "hosts.h"

#include "mail/domain.h"

tide_span tide_host_name(tide_span name) {
  return tide_span_slice(name, 0, name.len - (name.len && name.ptr[name.len - 1] == '.'));
}

/* RFC 6761, RFC 6762, and what administrators write. */
bool tide_host_is_local(tide_span name) {
  static const tide_span ends[] = {SPAN(".local"), SPAN(".localdomain"), SPAN(".localhost"),
                                   SPAN(".lan"),   SPAN(".internal"),    SPAN(".intranet"),
                                   SPAN(".home")};
  if (tide_span_iequal(name, SPAN("localhost")))
    return true;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
    if (tide_span_iends(name, ends[i]))
      return true;
  return false;
}

/* Saves nearly all looks into the list of suffixes. */
bool tide_host_ends_alike(tide_span a, tide_span b) {
  size_t i = a.len, j = b.len;
  for (int dots = 0; i > 0 && j > 0; i--, j--) {
    if (tide_lower(a.ptr[i - 1]) != tide_lower(b.ptr[j - 1]))
      return false;
    if (a.ptr[i - 1] == '.' && ++dots == 2)
      return true;
  }
  return (i == 0 || a.ptr[i - 1] == '.') && (j == 0 || b.ptr[j - 1] == '.');
}

bool tide_host_same_domain(tide_span a, tide_span b) {
  if (!tide_host_ends_alike(a, b) || tide_host_is_local(b))
    return false;
  tide_span registered = tide_domain_registered(b);
  return registered.len && tide_span_iequal(registered, tide_domain_registered(a));
}

bool tide_host_is_comparable(tide_span name) {
  return name.len && !tide_host_is_local(name) && tide_domain_is_host(name);
}

bool tide_host_is_numbered(tide_span name, const tide_ip *ip) {
  if (ip->family != 4)
    return false;
  char text[TIDE_IP_TEXT];
  tide_span rest = tide_span_make(text, tide_ip_format(ip, text));
  unsigned found = 0;
  /* Each number of the address in the name, between what is no digit. */
  for (bool more = true; more;) {
    const size_t dot = tide_span_find_char(rest, '.');
    const tide_span number = tide_span_slice(rest, 0, dot);
    more = dot < rest.len;
    rest = tide_span_slice(rest, dot + 1, rest.len);
    for (size_t i = 0, end; i < name.len; i = end + 1) {
      for (end = i; end < name.len && tide_is_digit(name.ptr[end]);)
        end++;
      size_t from = i;
      while (from + number.len < end && name.ptr[from] == '0')
        from++; /* "host-192-000-002-001" */
      if (tide_span_equal(tide_span_slice(name, from, end), number)) {
        found++;
        break;
      }
    }
  }
  return found >= 2;
}

bool tide_host_same_network(const tide_ip *a, const tide_ip *b) {
  tide_network net = tide_network_of(a, a->family == 4 ? 24 : 64);
  return tide_network_contains(&net, b);
}

bool tide_host_same_block(const tide_ip *a, const tide_ip *b) {
  tide_network net = tide_network_of(a, a->family == 4 ? 16 : 32);
  return tide_network_contains(&net, b);
}

enum { ALIKE_LEAST = 4 }; /* letters, so that "mx" is in nobody's name */

/* The first label of the registered domain, or a name without a dot as it is. */
static tide_span owner_label(tide_span name) {
  name = tide_host_name(name);
  const tide_span registered = tide_domain_registered(name);
  if (registered.len)
    name = registered;
  return tide_span_slice(name, 0, tide_span_find_char(name, '.'));
}

/* RFC 2606: in what was written to show something, "example.com" and "example.net" are strangers.
 */
static bool is_in(tide_span part, tide_span whole) {
  if (tide_span_iequal(part, SPAN("example")))
    return false;
  for (size_t at = 0; part.len >= ALIKE_LEAST && at + part.len <= whole.len; at++)
    if (tide_span_iequal(part, tide_span_slice(whole, at, at + part.len)))
      return true;
  return false;
}

bool tide_host_alike(tide_span a, tide_span b) {
  const tide_span one = owner_label(a), other = owner_label(b);
  const tide_span first = tide_span_slice(a, 0, tide_span_find_char(a, '.'));
  return is_in(one, other) || is_in(other, one) || tide_span_iequal(b, first);
}
