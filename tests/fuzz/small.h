/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For targets of what is unpacked. Libraries ask for as much memory as a head announces, up to
 * 8 GB, and fill next to nothing of it; AddressSanitizer marks it all. So it gives no more than
 * this at once, and memory is out. */
#ifndef TESTS_FUZZ_SMALL_H
#define TESTS_FUZZ_SMALL_H

const char *__asan_default_options(void);
__attribute__((used, visibility("default"))) const char *__asan_default_options(void) {
  return "max_allocation_size_mb=512:allocator_may_return_null=1";
}

#endif
