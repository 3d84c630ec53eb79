/* The vector search gives the plain search's answer at every length, alignment and place. */
#include "cmocka_all.h"

#include <stdlib.h>

#include "spamtide/scan.h"

static void same_as_plain(void **state) {
  (void)state;
  static const char alphabet[] = "From >\nFrx";
  uint32_t seed = 2463534242u;
  char *bytes = malloc(512 + 64);
  for (int round = 0; round < 20000; round++) {
    seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
    size_t align = seed % 32, len = (seed >> 8) % 400;
    for (size_t i = 0; i < len; i++) {
      seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
      bytes[align + i] = alphabet[seed % (sizeof alphabet - 1)];
    }
    for (int k = 0; k < 3 && len > 8; k++) {
      seed ^= seed << 13, seed ^= seed >> 17, seed ^= seed << 5;
      size_t at = seed % (len - 6);
      memcpy(bytes + align + at, "\nFrom ", 6);
    }
    tide_span s = tide_span_make(bytes + align, len);
    for (size_t at = 0; at <= len;) {
      size_t want = tide_scan_from_plain(s, at), got = tide_scan_from(s, at);
      assert_int_equal(got, want);
      at = want + 1;
    }
  }
  free(bytes);
}

static void places(void **state) {
  (void)state;
  assert_int_equal(tide_scan_from(SPAN("From x"), 0), 6); /* the very first byte is never a place: nothing stands before it */
  assert_int_equal(tide_scan_from(SPAN("\nFrom "), 0), 1);
  assert_int_equal(tide_scan_from(SPAN("\nFrom"), 0), 5);
  assert_int_equal(tide_scan_from(SPAN("x\n>From y"), 0), 3);
  assert_int_equal(tide_scan_from(SPAN("x From y"), 0), 8);
  assert_int_equal(tide_scan_from(SPAN(""), 0), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(same_as_plain), cmocka_unit_test(places)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
