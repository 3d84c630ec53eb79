/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmocka with what it must be included after. */
#ifndef CMOCKA_ALL_H
#define CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Of most tests by another name: see units.c.in. */
int main(void);

/* assert_string_equal for a span. */
#define assert_span_equal(span, text)                                                              \
  do {                                                                                             \
    tide_span got_ = (span);                                                                       \
    const char *want_ = (text);                                                                    \
    if (got_.len != strlen(want_) || (got_.len && memcmp(got_.ptr, want_, got_.len) != 0))         \
      fail_msg("got \"%.*s\", want \"%s\"", (int)got_.len, got_.ptr ? got_.ptr : "", want_);       \
  } while (0)

#endif
