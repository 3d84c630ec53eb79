#include "spamtide/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline bool from_at(const char *p) {
  return (p[-1] == '\n' || p[-1] == '>') && memcmp(p, "From ", 5) == 0;
}

size_t tide_scan_from_plain(tide_span s, size_t from) {
  if (from < 1) from = 1;
  while (from + 5 <= s.len) {
    const char *at = memchr(s.ptr + from, 'F', s.len - 4 - from);
    if (!at) break;
    if (from_at(at)) return (size_t)(at - s.ptr);
    from = (size_t)(at - s.ptr) + 1;
  }
  return s.len;
}

#if defined(__x86_64__)
/* Three bytes decide nearly every position: what stands before, 'F', 'r'. Loads reach 2 bytes beyond the block. */
static size_t scan_from_sse2(tide_span s, size_t from) {
  if (from < 1) from = 1;
  const __m128i lf = _mm_set1_epi8('\n'), gt = _mm_set1_epi8('>'), f = _mm_set1_epi8('F'), r = _mm_set1_epi8('r');
  for (; from + 16 + 5 <= s.len; from += 16) {
    const char *p = s.ptr + from;
    __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(p - 1));
    __m128i at = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
    __m128i hit = _mm_and_si128(_mm_and_si128(_mm_cmpeq_epi8(at, f), _mm_cmpeq_epi8(next, r)),
                                _mm_or_si128(_mm_cmpeq_epi8(before, lf), _mm_cmpeq_epi8(before, gt)));
    for (unsigned mask = (unsigned)_mm_movemask_epi8(hit); mask; mask &= mask - 1) {
      unsigned bit = (unsigned)__builtin_ctz(mask);
      if (from_at(p + bit)) return from + bit;
    }
  }
  return tide_scan_from_plain(s, from);
}

__attribute__((target("avx2"))) static size_t scan_from_avx2(tide_span s, size_t from) {
  if (from < 1) from = 1;
  const __m256i lf = _mm256_set1_epi8('\n'), gt = _mm256_set1_epi8('>'), f = _mm256_set1_epi8('F'),
                r = _mm256_set1_epi8('r');
  for (; from + 32 + 5 <= s.len; from += 32) {
    const char *p = s.ptr + from;
    __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(p - 1));
    __m256i at = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i next = _mm256_loadu_si256((const __m256i *)(const void *)(p + 1));
    __m256i hit = _mm256_and_si256(_mm256_and_si256(_mm256_cmpeq_epi8(at, f), _mm256_cmpeq_epi8(next, r)),
                                   _mm256_or_si256(_mm256_cmpeq_epi8(before, lf), _mm256_cmpeq_epi8(before, gt)));
    for (unsigned mask = (unsigned)_mm256_movemask_epi8(hit); mask; mask &= mask - 1) {
      unsigned bit = (unsigned)__builtin_ctz(mask);
      if (from_at(p + bit)) return from + bit;
    }
  }
  return tide_scan_from_plain(s, from);
}
#endif

size_t tide_scan_from(tide_span s, size_t from) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") ? scan_from_avx2(s, from) : scan_from_sse2(s, from);
#else
  return tide_scan_from_plain(s, from);
#endif
}
