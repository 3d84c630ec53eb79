/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each search there is without vector instructions, with those of 16 bytes and, where that pays, of
 * 32. Which one runs is decided at each call: by what the processor has, and by tide_scan_limit. */
#include "base/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__x86_64__)
enum { SHORTEST_BLOCK = 4 };

/* The widest that is wanted; and the fewest bytes that a search by blocks begins with, so that to
 * forbid those costs no further comparison. */
static tide_scan_width widest = TIDE_SCAN_32;
static size_t shortest_block = SHORTEST_BLOCK;

static inline bool has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("popcnt");
}

/* What a search runs with. */
static inline tide_scan_width width(void) {
  return widest == TIDE_SCAN_32 && !has_avx2() ? TIDE_SCAN_16 : widest;
}
#endif

tide_scan_width tide_scan_limit(tide_scan_width most) {
#if defined(__x86_64__)
  widest = most;
  shortest_block = widest == TIDE_SCAN_1 ? SIZE_MAX : SHORTEST_BLOCK;
  return width();
#else
  (void)most;
  return TIDE_SCAN_1;
#endif
}

/* A byte order mark ends with 0xBF. */
static inline bool from_at(const char *p) {
  return (p[-1] == '\n' || p[-1] == '>' || p[-1] == '\0' || p[-1] == '\xbf') &&
         memcmp(p, "From ", 5) == 0;
}

size_t tide_scan_from_plain(tide_span s, size_t from) {
  if (from < 1)
    from = 1;
  while (from + 5 <= s.len) {
    const char *at = memchr(s.ptr + from, 'F', s.len - 4 - from);
    if (!at)
      break;
    if (from_at(at))
      return (size_t)(at - s.ptr);
    from = (size_t)(at - s.ptr) + 1;
  }
  return s.len;
}

#if defined(__x86_64__)
/* Two bytes that are side by side decide nearly every position: only there is the rest looked
 * at. */
typedef struct two_bytes {
  char first, second;
  int lead;      /* where the first is, from the position on */
  size_t behind; /* bytes that must follow a block, as `holds` looks at them */
  bool (*holds)(const char *at);
  size_t (*plain)(tide_span, size_t from); /* for the rest */
} two_bytes;

/* Inlined, so that what is sought is constant. */
__attribute__((always_inline)) static inline size_t scan_two_sse2(tide_span s, size_t from,
                                                                  const two_bytes sought) {
  if (from < 1)
    from = 1;
  const __m128i first = _mm_set1_epi8(sought.first), second = _mm_set1_epi8(sought.second);
  for (; from + 16 + sought.behind <= s.len; from += 16) {
    const char *at = s.ptr + from, *p = at + sought.lead;
    __m128i hit = _mm_and_si128(
        _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), first),
        _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 1)), second));
    for (unsigned mask = (unsigned)_mm_movemask_epi8(hit); mask; mask &= mask - 1) {
      unsigned bit = (unsigned)__builtin_ctz(mask);
      if (sought.holds(at + bit))
        return from + bit;
    }
  }
  return sought.plain(s, from);
}

__attribute__((target("avx2"), always_inline)) static inline size_t
scan_two_avx2(tide_span s, size_t from, const two_bytes sought) {
  if (from < 1)
    from = 1;
  const __m256i first = _mm256_set1_epi8(sought.first), second = _mm256_set1_epi8(sought.second);
  for (; from + 64 + sought.behind <= s.len; from += 64) {
    const char *at = s.ptr + from, *p = at + sought.lead;
    __m256i low = _mm256_and_si256(
        _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)p), first),
        _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)(p + 1)), second));
    __m256i high = _mm256_and_si256(
        _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)(p + 32)), first),
        _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)(p + 33)), second));
    __m256i both = _mm256_or_si256(low, high);
    if (_mm256_testz_si256(both, both))
      continue;
    uint64_t mask = (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
                    (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
    for (; mask; mask &= mask - 1) {
      unsigned bit = (unsigned)__builtin_ctzll(mask);
      if (sought.holds(at + bit))
        return from + bit;
    }
  }
  return sought.plain(s, from);
}

#define FROM_SOUGHT                                                                                \
  ((two_bytes){                                                                                    \
      .first = 'F', .second = 'r', .behind = 5, .holds = from_at, .plain = tide_scan_from_plain})
static size_t scan_from_sse2(tide_span s, size_t from) {
  return scan_two_sse2(s, from, FROM_SOUGHT);
}
__attribute__((target("avx2"))) static size_t scan_from_avx2(tide_span s, size_t from) {
  return scan_two_avx2(s, from, FROM_SOUGHT);
}
#endif

size_t tide_scan_from(tide_span s, size_t from) {
#if defined(__x86_64__)
  switch (width()) {
  case TIDE_SCAN_32: return scan_from_avx2(s, from);
  case TIDE_SCAN_16: return scan_from_sse2(s, from);
  case TIDE_SCAN_1: break;
  }
#endif
  return tide_scan_from_plain(s, from);
}

size_t tide_scan_lines_plain(tide_span s, size_t from, size_t to,
                             uint16_t ends[TIDE_SCAN_LINES + TIDE_SCAN_SLACK], bool *odd) {
  size_t count = 0;
  if (to - from > TIDE_SCAN_LINES)
    to = from + TIDE_SCAN_LINES;
  for (size_t at = from; at < to; at++) {
    if (s.ptr[at] == '\n')
      ends[count++] = (uint16_t)(at - from);
    *odd |= s.ptr[at] == '\0' || s.ptr[at] == '\r';
  }
  return count;
}

#if defined(__x86_64__)
/* What is shorter than a block after the whole ones. */
static size_t lines_rest(tide_span s, size_t at, uint16_t *ends, size_t count, bool *odd) {
  for (; at < s.len; at++) {
    if (s.ptr[at] == '\n')
      ends[count++] = (uint16_t)at;
    *odd |= s.ptr[at] == '\0' || s.ptr[at] == '\r';
  }
  return count;
}

static size_t scan_lines_sse2(tide_span s, size_t from, size_t to, uint16_t *ends, bool *odd) {
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), nul = _mm_setzero_si128();
  __m128i strange = _mm_setzero_si128();
  size_t count = 0, at = from;
  for (; at + 16 <= to; at += 16) {
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + at));
    for (unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, lf)); mask;
         mask &= mask - 1)
      ends[count++] = (uint16_t)(at - from + (unsigned)__builtin_ctz(mask));
    strange =
        _mm_or_si128(strange, _mm_or_si128(_mm_cmpeq_epi8(block, cr), _mm_cmpeq_epi8(block, nul)));
  }
  *odd |= _mm_movemask_epi8(strange) != 0;
  return lines_rest(tide_span_slice(s, from, to), at - from, ends, count, odd);
}

/* Blocks hold none to three line ends, so that a loop over them is guessed wrong in every other
 * one: four places are written in any case, and only those that are there are counted. */
__attribute__((target("avx2,bmi,popcnt"))) static size_t
scan_lines_avx2(tide_span s, size_t from, size_t to, uint16_t *ends, bool *odd) {
  const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r'),
                nul = _mm256_setzero_si256();
  __m256i strange = _mm256_setzero_si256();
  size_t count = 0, at = from;
  for (; at + 64 <= to; at += 64) {
    __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + at)),
            second = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + at + 32));
    uint64_t mask = (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(first, lf)) |
                    (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(second, lf)) << 32;
    /* Of two bytes the smaller is NUL where one of them is. */
    strange = _mm256_or_si256(
        strange, _mm256_or_si256(
                     _mm256_or_si256(_mm256_cmpeq_epi8(first, cr), _mm256_cmpeq_epi8(second, cr)),
                     _mm256_cmpeq_epi8(_mm256_min_epu8(first, second), nul)));
    const size_t found = (size_t)__builtin_popcountll(mask), base = at - from;
    for (size_t i = 0; i < 4; i++, mask &= mask - 1)
      ends[count + i] = (uint16_t)(base + _tzcnt_u64(mask));
    for (size_t i = 4; i < found; i++, mask &= mask - 1)
      ends[count + i] = (uint16_t)(base + _tzcnt_u64(mask));
    count += found;
  }
  *odd |= !_mm256_testz_si256(strange, strange);
  return lines_rest(tide_span_slice(s, from, to), at - from, ends, count, odd);
}
#endif

size_t tide_scan_lines(tide_span s, size_t from, size_t to,
                       uint16_t ends[TIDE_SCAN_LINES + TIDE_SCAN_SLACK], bool *odd) {
#if defined(__x86_64__)
  if (to - from > TIDE_SCAN_LINES)
    to = from + TIDE_SCAN_LINES;
  switch (width()) {
  case TIDE_SCAN_32: return scan_lines_avx2(s, from, to, ends, odd);
  case TIDE_SCAN_16: return scan_lines_sse2(s, from, to, ends, odd);
  case TIDE_SCAN_1: break;
  }
#endif
  return tide_scan_lines_plain(s, from, to, ends, odd);
}

static inline bool head_at(const char *p) {
  return p[-1] == '\n' && (p[0] == '\n' || p[0] == '\r' || p[0] == 'C' || p[0] == 'c');
}

size_t tide_scan_head_plain(tide_span s, size_t from) {
  for (size_t at = from < 1 ? 1 : from; at < s.len; at++)
    if (head_at(s.ptr + at))
      return at;
  return s.len;
}

#if defined(__x86_64__)
static size_t scan_head_sse2(tide_span s, size_t from) {
  const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r'), c = _mm_set1_epi8('c'),
                lower = _mm_set1_epi8(0x20);
  if (from < 1)
    from = 1;
  for (; from + 16 <= s.len; from += 16) {
    __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + from - 1));
    __m128i at = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + from));
    __m128i kind = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(at, lf), _mm_cmpeq_epi8(at, cr)),
                                _mm_cmpeq_epi8(_mm_or_si128(at, lower), c));
    unsigned mask = (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(before, lf), kind));
    if (mask)
      return from + (unsigned)__builtin_ctz(mask);
  }
  return tide_scan_head_plain(s, from);
}

__attribute__((target("avx2"))) static size_t scan_head_avx2(tide_span s, size_t from) {
  const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r'), c = _mm256_set1_epi8('c'),
                lower = _mm256_set1_epi8(0x20);
  if (from < 1)
    from = 1;
  for (; from + 32 <= s.len; from += 32) {
    __m256i before = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + from - 1));
    __m256i at = _mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + from));
    __m256i kind =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(at, lf), _mm256_cmpeq_epi8(at, cr)),
                        _mm256_cmpeq_epi8(_mm256_or_si256(at, lower), c));
    unsigned mask =
        (unsigned)_mm256_movemask_epi8(_mm256_and_si256(_mm256_cmpeq_epi8(before, lf), kind));
    if (mask)
      return from + (unsigned)__builtin_ctz(mask);
  }
  return tide_scan_head_plain(s, from);
}
#endif

size_t tide_scan_head(tide_span s, size_t from) {
#if defined(__x86_64__)
  switch (width()) {
  case TIDE_SCAN_32: return scan_head_avx2(s, from);
  case TIDE_SCAN_16: return scan_head_sse2(s, from);
  case TIDE_SCAN_1: break;
  }
#endif
  return tide_scan_head_plain(s, from);
}

static inline bool dashes_at(const char *p) {
  return p[-1] == '\n' && p[0] == '-' && p[1] == '-';
}

size_t tide_scan_dashes_plain(tide_span s, size_t from) {
  if (from < 1)
    from = 1;
  for (; from + 2 <= s.len; from++) {
    const char *at = memchr(s.ptr + from, '-', s.len - 1 - from);
    if (!at)
      break;
    from = (size_t)(at - s.ptr);
    if (dashes_at(at))
      return from;
  }
  return s.len;
}

#if defined(__x86_64__)
#define DASHES_SOUGHT                                                                              \
  ((two_bytes){.first = '\n',                                                                      \
               .second = '-',                                                                      \
               .lead = -1,                                                                         \
               .behind = 1,                                                                        \
               .holds = dashes_at,                                                                 \
               .plain = tide_scan_dashes_plain})
static size_t scan_dashes_sse2(tide_span s, size_t from) {
  return scan_two_sse2(s, from, DASHES_SOUGHT);
}
__attribute__((target("avx2"))) static size_t scan_dashes_avx2(tide_span s, size_t from) {
  return scan_two_avx2(s, from, DASHES_SOUGHT);
}
#endif

size_t tide_scan_dashes(tide_span s, size_t from) {
#if defined(__x86_64__)
  switch (width()) {
  case TIDE_SCAN_32: return scan_dashes_avx2(s, from);
  case TIDE_SCAN_16: return scan_dashes_sse2(s, from);
  case TIDE_SCAN_1: break;
  }
#endif
  return tide_scan_dashes_plain(s, from);
}

#if defined(__x86_64__)
/* Which of 16 bytes are looked for, a bit each. Words are short: 16 bytes at once, which every such
 * processor can, are as good as 32. */
typedef unsigned block_hits(__m128i at, const char *set);

/* The first of s's bytes that is, or s.len; s has SHORTEST_BLOCK bytes or more. What was looked at
 * once may be looked at twice: so the last block is a whole one, and of fewer than 16 bytes both
 * ends make one. */
static inline __attribute__((always_inline)) size_t first_hit(tide_span s, block_hits *hits,
                                                              const char *set) {
  for (size_t from = 0; s.len >= 16; from = from + 32 <= s.len ? from + 16 : s.len - 16) {
    unsigned mask = hits(_mm_loadu_si128((const __m128i *)(const void *)(s.ptr + from)), set);
    if (mask)
      return from + (unsigned)__builtin_ctz(mask);
    if (from + 16 == s.len)
      return s.len;
  }
  const size_t half = s.len >= 8 ? 8 : 4, second = s.len - half;
  int64_t begin, end = 0;
  if (half == 8) {
    memcpy(&begin, s.ptr, 8);
    memcpy(&end, s.ptr + second, 8);
  } else {
    uint32_t four, last;
    memcpy(&four, s.ptr, 4);
    memcpy(&last, s.ptr + second, 4);
    begin = (int64_t)((uint64_t)last << 32 | four);
  }
  const unsigned mask = hits(_mm_set_epi64x(end, begin), set) & ((1u << 2 * half) - 1);
  if (!mask)
    return s.len;
  const unsigned bit = (unsigned)__builtin_ctz(mask);
  return bit < half ? bit : second + bit - half;
}
#endif

size_t tide_scan_word_plain(tide_span s) {
  size_t at = 0;
  while (at < s.len && !tide_is_space(s.ptr[at]) && s.ptr[at] != '(')
    at++;
  return at;
}

#if defined(__x86_64__)
static inline unsigned word_hits(__m128i at, const char *set) {
  (void)set;
  const __m128i above = _mm_sub_epi8(at, _mm_set1_epi8('\t'));
  const __m128i space = _mm_or_si128(_mm_cmpeq_epi8(at, _mm_set1_epi8(' ')),
                                     _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(4)), above));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(space, _mm_cmpeq_epi8(at, _mm_set1_epi8('('))));
}
#endif

size_t tide_scan_word(tide_span s) {
#if defined(__x86_64__)
  if (s.len >= shortest_block)
    return first_hit(s, word_hits, NULL);
#endif
  return tide_scan_word_plain(s);
}

size_t tide_scan_name_plain(tide_span s) {
  size_t at = 0;
  while (at < s.len && (unsigned char)s.ptr[at] > ' ' && (unsigned char)s.ptr[at] < 0x7f &&
         s.ptr[at] != ':')
    at++;
  return at;
}

#if defined(__x86_64__)
static inline unsigned name_hits(__m128i at, const char *set) {
  (void)set;
  /* As signed bytes those from 0x80 on are below the space. */
  const __m128i ends =
      _mm_or_si128(_mm_cmpeq_epi8(at, _mm_set1_epi8(':')), _mm_cmpeq_epi8(at, _mm_set1_epi8(0x7f)));
  return ~(unsigned)_mm_movemask_epi8(
             _mm_andnot_si128(ends, _mm_cmpgt_epi8(at, _mm_set1_epi8(' ')))) &
         0xffff;
}
#endif

size_t tide_scan_name(tide_span s) {
#if defined(__x86_64__)
  if (s.len >= shortest_block)
    return first_hit(s, name_hits, NULL);
#endif
  return tide_scan_name_plain(s);
}

size_t tide_scan_printable_plain(tide_span s) {
  size_t at = 0;
  while (at < s.len && (unsigned char)s.ptr[at] >= ' ' && (unsigned char)s.ptr[at] < 0x7f)
    at++;
  return at;
}

#if defined(__x86_64__)
static inline unsigned printable_hits(__m128i at, const char *set) {
  (void)set;
  return ~(unsigned)_mm_movemask_epi8(_mm_andnot_si128(
             _mm_cmpeq_epi8(at, _mm_set1_epi8(0x7f)), _mm_cmpgt_epi8(at, _mm_set1_epi8(' ' - 1)))) &
         0xffff;
}
#endif

size_t tide_scan_printable(tide_span s) {
#if defined(__x86_64__)
  if (s.len >= shortest_block)
    return first_hit(s, printable_hits, NULL);
#endif
  return tide_scan_printable_plain(s);
}

size_t tide_scan_shown_plain(tide_span s) {
  size_t at = 0;
  while (at < s.len && (unsigned char)s.ptr[at] >= ' ' && (unsigned char)s.ptr[at] < 0x7f &&
         s.ptr[at] != '<' && s.ptr[at] != '&' &&
         !(s.ptr[at] == ' ' && at + 1 < s.len && s.ptr[at + 1] == ' '))
    at++;
  return at;
}

size_t tide_scan_shown(tide_span s) {
  size_t from = 0;
#if defined(__x86_64__)
  if (s.len < shortest_block)
    return tide_scan_shown_plain(s);
  const __m128i below = _mm_set1_epi8(' ' - 1), del = _mm_set1_epi8(0x7f),
                open = _mm_set1_epi8('<'), reference = _mm_set1_epi8('&'),
                space = _mm_set1_epi8(' ');
  for (; from + 17 <= s.len; from += 16) {
    __m128i at = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + from));
    __m128i next = _mm_loadu_si128((const __m128i *)(const void *)(s.ptr + from + 1));
    __m128i ends =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(at, open), _mm_cmpeq_epi8(at, reference)),
                     _mm_cmpeq_epi8(at, del));
    ends =
        _mm_or_si128(ends, _mm_and_si128(_mm_cmpeq_epi8(at, space), _mm_cmpeq_epi8(next, space)));
    unsigned mask =
        ~(unsigned)_mm_movemask_epi8(_mm_andnot_si128(ends, _mm_cmpgt_epi8(at, below))) & 0xffff;
    if (mask)
      return from + (unsigned)__builtin_ctz(mask);
  }
#endif
  return from + tide_scan_shown_plain(tide_span_slice(s, from, s.len));
}

size_t tide_scan_any_plain(tide_span s, const char set[4]) {
  size_t at = 0;
  while (at < s.len && s.ptr[at] != set[0] && s.ptr[at] != set[1] && s.ptr[at] != set[2] &&
         s.ptr[at] != set[3])
    at++;
  return at;
}

#if defined(__x86_64__)
static inline unsigned any_hits(__m128i at, const char *set) {
  const __m128i first = _mm_or_si128(_mm_cmpeq_epi8(at, _mm_set1_epi8(set[0])),
                                     _mm_cmpeq_epi8(at, _mm_set1_epi8(set[1])));
  const __m128i second = _mm_or_si128(_mm_cmpeq_epi8(at, _mm_set1_epi8(set[2])),
                                      _mm_cmpeq_epi8(at, _mm_set1_epi8(set[3])));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(first, second));
}
#endif

size_t tide_scan_any(tide_span s, const char set[4]) {
#if defined(__x86_64__)
  if (s.len >= shortest_block)
    return first_hit(s, any_hits, set);
#endif
  return tide_scan_any_plain(s, set);
}

size_t tide_scan_fours_plain(tide_span s, size_t from, const uint32_t *keys, size_t count) {
  for (; from + 4 <= s.len; from++) {
    uint32_t four = tide_scan_four(s.ptr + from);
    for (size_t k = 0; k < count; k++)
      if (four == keys[k])
        return from;
  }
  return s.len;
}

#if defined(__x86_64__)
static size_t scan_fours_sse2(tide_span s, size_t from, const uint32_t *keys, size_t count) {
  const __m128i fold = _mm_set1_epi8(0x20);
  for (; from + 16 + 3 <= s.len; from += 16) {
    __m128i at[4], hit = _mm_setzero_si128();
    for (size_t i = 0; i < 4; i++)
      at[i] =
          _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)(s.ptr + from + i)), fold);
    for (size_t k = 0; k < count; k++) {
      __m128i same = _mm_and_si128(_mm_cmpeq_epi8(at[0], _mm_set1_epi8((char)keys[k])),
                                   _mm_cmpeq_epi8(at[1], _mm_set1_epi8((char)(keys[k] >> 8))));
      same = _mm_and_si128(
          same, _mm_and_si128(_mm_cmpeq_epi8(at[2], _mm_set1_epi8((char)(keys[k] >> 16))),
                              _mm_cmpeq_epi8(at[3], _mm_set1_epi8((char)(keys[k] >> 24)))));
      hit = _mm_or_si128(hit, same);
    }
    unsigned mask = (unsigned)_mm_movemask_epi8(hit);
    if (mask)
      return from + (unsigned)__builtin_ctz(mask);
  }
  return tide_scan_fours_plain(s, from, keys, count);
}

__attribute__((target("avx2"))) static size_t scan_fours_avx2(tide_span s, size_t from,
                                                              const uint32_t *keys, size_t count) {
  const __m256i fold = _mm256_set1_epi8(0x20);
  __m256i want[TIDE_SCAN_FOURS][4];
  for (size_t k = 0; k < count; k++)
    for (unsigned i = 0; i < 4; i++)
      want[k][i] = _mm256_set1_epi8((char)(keys[k] >> 8 * i));
  for (; from + 32 + 3 <= s.len; from += 32) {
    __m256i at[4], hit = _mm256_setzero_si256();
    for (size_t i = 0; i < 4; i++)
      at[i] = _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)(s.ptr + from + i)),
                              fold);
    for (size_t k = 0; k < count; k++) {
      __m256i same = _mm256_and_si256(_mm256_cmpeq_epi8(at[0], want[k][0]),
                                      _mm256_cmpeq_epi8(at[1], want[k][1]));
      same = _mm256_and_si256(same, _mm256_and_si256(_mm256_cmpeq_epi8(at[2], want[k][2]),
                                                     _mm256_cmpeq_epi8(at[3], want[k][3])));
      hit = _mm256_or_si256(hit, same);
    }
    unsigned mask = (unsigned)_mm256_movemask_epi8(hit);
    if (mask)
      return from + (unsigned)__builtin_ctz(mask);
  }
  return tide_scan_fours_plain(s, from, keys, count);
}
#endif

size_t tide_scan_fours(tide_span s, size_t from, const uint32_t *keys, size_t count) {
#if defined(__x86_64__)
  switch (width()) {
  case TIDE_SCAN_32: return scan_fours_avx2(s, from, keys, count);
  case TIDE_SCAN_16: return scan_fours_sse2(s, from, keys, count);
  case TIDE_SCAN_1: break;
  }
#endif
  return tide_scan_fours_plain(s, from, keys, count);
}
