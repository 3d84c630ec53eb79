/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person writes on the command line or into a small file, by the first byte: an event, a
 * zone, a bin, a condition, fields to group by, a calendar, a list of services, of added fields, of
 * networks, or of hosts to trust. It is taken, or refused with a reason; what was taken can be
 * used. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bin.h"
#include "base/data.h"
#include "question/event.h"
#include "rules/filter.h"
#include "extract/fingerprint.h"
#include "question/grouping.h"
#include "networks/netlist.h"
#include "hops/services.h"
#include "hops/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static tide_zone *utc;
static tide_calendar *calendar;

/* Taken? What is refused has a reason. */
static bool taken(tide_status status, const tide_error *err) {
  if (status == TIDE_OK)
    return true;
  if (status != TIDE_USAGE || !err->text[0])
    abort();
  return false;
}

static void event(tide_span s) {
  tide_error err = {.text = ""};
  int64_t time;
  bool zoned;
  char text[TIDE_RFC3339_MAX];
  if (!taken(tide_event_parse(calendar, s, utc, &time, &zoned, &err), &err))
    return;
  /* Written as RFC 3339 it is the same instant. */
  tide_span written = tide_span_make(text, tide_rfc3339_format(time, 0, text));
  int64_t again;
  if (tide_event_parse(calendar, written, utc, &again, NULL, &err) != TIDE_OK || again != time)
    abort();
}

static void zone(tide_span s) {
  tide_error err = {.text = ""};
  tide_zone *z;
  if (!taken(tide_zone_open(&z, s, &err), &err))
    return;
  for (int64_t time = -2000000000; time < 4000000000; time += 123456789) {
    int64_t from, to;
    int32_t offset = tide_zone_offset(z, time);
    tide_zone_interval(z, time, &from, &to);
    if (offset < -86400 || offset > 86400 || from > time || to <= time)
      abort();
  }
  tide_zone_free(z);
}

static void binning(tide_span s) {
  tide_error err = {.text = ""};
  tide_binning b = {.zone = utc};
  if (!taken(tide_binning_parse(s, &b, &err), &err))
    return;
  b.zone = utc;
  for (int64_t time = -2000000000; time < 4000000000; time += 123456789) {
    tide_bin bin = tide_bin_of(&b, time);
    if (bin.start > time || bin.end <= time)
      abort();
  }
}

static void condition(tide_span s) {
  tide_error err = {.text = ""};
  tide_filter *f;
  /* These name files. */
  if (tide_span_find_char(s, '/') < s.len || tide_span_find_char(s, '.') < s.len)
    return;
  if (tide_filter_new(&f, &err) != TIDE_OK)
    abort();
  if (taken(tide_filter_add(f, s, &err), &err) && tide_filter_parts(f) == 0 &&
      tide_span_find_char(s, '=') == s.len && tide_span_find_char(s, '~') == s.len)
    abort();
  tide_filter_free(f);
}

static void groups(tide_span s) {
  tide_error err = {.text = ""};
  tide_grouping g = {.count = 0};
  if (taken(tide_grouping_add(&g, s, &err), &err) && g.count == 0)
    abort();
}

static void events(tide_span s) {
  tide_error err = {.text = ""};
  tide_calendar *c;
  if (!taken(tide_calendar_read(&c, s, &err), &err))
    return;
  for (size_t i = 0; i < tide_calendar_count(c); i++)
    if (!tide_calendar_find(c, tide_calendar_event(c, i)->name))
      abort();
  tide_calendar_free(c);
}

static void services(tide_span s) {
  tide_error err = {.text = ""};
  tide_services *v;
  if (!taken(tide_services_read(&v, s, &err), &err))
    return;
  (void)tide_services_receiver(v, SPAN("mx.example.com"));
  tide_services_free(v);
}

static void additions(tide_span s) {
  tide_error err = {.text = ""};
  tide_additions *a;
  if (taken(tide_additions_read(&a, s, &err), &err))
    tide_additions_free(a);
}

/* A file's name for bytes; close *fd. */
static void file_of(tide_span s, int *fd, char path[64]) {
  *fd = memfd_create("list", MFD_CLOEXEC);
  if (*fd < 0 || write(*fd, s.ptr, s.len) != (ssize_t)s.len)
    abort();
  snprintf(path, 64, "/proc/self/fd/%d", *fd);
}

static void networks(tide_span s) {
  tide_error err = {.text = ""};
  tide_netlist *list;
  char path[64];
  int fd;
  file_of(s, &fd, path);
  if (taken(tide_netlist_open(&list, path, &err), &err)) {
    tide_ip ip;
    if (!tide_ip_parse(SPAN("192.0.2.1"), &ip))
      abort();
    (void)tide_netlist_has(list, &ip);
    tide_netlist_free(list);
  }
  close(fd);
}

static void hosts(tide_span s) {
  tide_error err = {.text = ""};
  tide_trust *t;
  char path[64];
  int fd;
  if (tide_trust_new(&t, &err) != TIDE_OK)
    abort();
  file_of(s, &fd, path);
  if (taken(tide_trust_add(t, path, &err), &err)) {
    tide_ip ip;
    if (!tide_ip_parse(SPAN("2001:db8::1"), &ip))
      abort();
    (void)tide_trust_has_address(t, &ip);
    (void)tide_trust_has_name(t, SPAN("mx.example.org"));
  }
  close(fd);
  tide_trust_free(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static void (*const readers[])(tide_span) = {event,  zone,     binning,   condition, groups,
                                               events, services, additions, networks,  hosts};
  tide_error err;
  if (!utc && (tide_zone_open(&utc, SPAN("UTC"), &err) != TIDE_OK ||
               tide_calendar_read(&calendar, tide_data_takedowns, &err) != TIDE_OK))
    abort();
  if (size)
    readers[data[0] % (sizeof readers / sizeof *readers)](
        tide_span_make((const char *)data + 1, size - 1));
  return 0;
}
