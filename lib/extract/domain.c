#include "spamtide/domain.h"

#include <libpsl.h>

enum { HOST_MAX = 253 }; /* RFC 1035 2.3.4, without the length bytes */

tide_span tide_domain_registered(tide_span host) {
  char name[HOST_MAX + 1];
  if (host.len && host.ptr[host.len - 1] == '.') host.len--;
  if (host.len == 0 || host.len > HOST_MAX) return (tide_span){0};
  for (size_t i = 0; i < host.len; i++) {
    char c = host.ptr[i];
    /* An address is no name, and neither is what holds a byte that no host name has; beyond ASCII the list is asked in punycode only. */
    if (!tide_is_alnum(c) && c != '-' && c != '_' && c != '.') return (tide_span){0};
    if (c == '.' && (i == 0 || host.ptr[i - 1] == '.')) return (tide_span){0};
    name[i] = tide_lower(c);
  }
  name[host.len] = '\0';
  if (tide_is_digit(name[host.len - 1])) return (tide_span){0};
  const char *registered = psl_registrable_domain(psl_builtin(), name);
  return registered ? tide_span_slice(host, (size_t)(registered - name), host.len) : (tide_span){0};
}
