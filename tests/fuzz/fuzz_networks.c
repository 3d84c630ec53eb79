/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of networks of any bytes, by the first of them a database (a: of AS, c: of countries) or
 * text, is either read or refused by its name; and what was read can be asked. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "networks/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const tide_networks *n, const char *address) {
  tide_ip ip;
  tide_network_facts facts;
  if (!tide_ip_parse(tide_span_of(address), &ip))
    abort();
  tide_networks_find(n, &ip, true, 0, &facts);
  if (facts.asn.len && !tide_network_contains(&facts.prefix, &ip))
    abort();
  if (facts.asn.len == 0 && facts.as_name.len)
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const addresses[] = {"0.0.0.0",
                                          "1.2.3.4",
                                          "192.0.2.1",
                                          "255.255.255.255",
                                          "::",
                                          "::1.2.3.4",
                                          "2001:db8::1",
                                          "2001:0:102:304::1",
                                          "2002:102:304::1",
                                          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};
  if (size == 0)
    return 0;
  char path[64];
  const int database = data[0] == 'a' || data[0] == 'c';
  snprintf(path, sizeof path, "/tmp/tide-fuzz-%ld.%s", (long)getpid(), database ? "mmdb" : "dat");
  FILE *f = fopen(path, "wb");
  if (!f || fwrite(data + 1, 1, size - 1, f) != size - 1 || fclose(f) != 0)
    abort();
  tide_networks *n;
  tide_error err;
  if (tide_networks_new(&n, NULL, &err) != TIDE_OK)
    abort();
  tide_status status =
      tide_networks_add(n, path, data[0] == 'c' ? TIDE_NETWORK_COUNTRY : TIDE_NETWORK_ASN, &err);
  unlink(path);
  if (status == TIDE_OK) {
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++)
      ask(n, addresses[i]);
  } else if (status != TIDE_USAGE || strncmp(err.text, path, strlen(path)) != 0) {
    abort();
  }
  tide_networks_free(n);
  return 0;
}
