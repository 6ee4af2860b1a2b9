#ifndef VF_LINE_H
#define VF_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Two looks at a log line. In a header, so that they become part of their caller; Swift 6.3 takes vector comparisons apart byte by byte.

/// Bytes that one look takes in.
#define VF_LINE_STEP 16
/// The most pairs that `vf_line_anchor` looks for.
#define VF_LINE_MOST_PAIRS 32

/// Whether none of 16 bytes may need escaping: none below 0x20, no quote, no backslash, no DEL, none of 0xC2 and 0xE2, which lead C1 and the separators.
static inline bool vf_line_is_plain(const uint8_t *bytes) {
#if defined(__SSE2__)
  const __m128i text = _mm_loadu_si128((const __m128i *)bytes);
  // Saturating: what is below 0x20 becomes 0.
  const __m128i control = _mm_cmpeq_epi8(_mm_subs_epu8(text, _mm_set1_epi8(0x1F)), _mm_setzero_si128());
  const __m128i quote = _mm_cmpeq_epi8(text, _mm_set1_epi8(0x22));
  const __m128i backslash = _mm_cmpeq_epi8(text, _mm_set1_epi8(0x5C));
  const __m128i del = _mm_cmpeq_epi8(text, _mm_set1_epi8(0x7F));
  // 0xC2 and 0xE2 differ in one bit.
  const __m128i lead = _mm_cmpeq_epi8(_mm_or_si128(text, _mm_set1_epi8(0x20)), _mm_set1_epi8((char)0xE2));
  return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_or_si128(control, quote), _mm_or_si128(backslash, del)), lead)) == 0;
#else
  bool plain = true;
  for (size_t place = 0; place < VF_LINE_STEP; place++) {
    const uint8_t byte = bytes[place];
    plain &= byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F && (byte | 0x20) != 0xE2;
  }
  return plain;
#endif
}

/// The first of the stretches of 16 bytes, counted from `from`, in which one of the pairs of bytes begins; `count` or more where there is none. Reads up to
/// 16 bytes past `count`.
/// - pairs: two bytes each, `pair_count` of them, at most `VF_LINE_MOST_PAIRS`.
static inline size_t vf_line_anchor(const uint8_t *line, size_t from, size_t count, const uint8_t *pairs, size_t pair_count) {
#if defined(__SSE2__)
  __m128i first[VF_LINE_MOST_PAIRS], second[VF_LINE_MOST_PAIRS];
  for (size_t pair = 0; pair < pair_count; pair++) {
    first[pair] = _mm_set1_epi8((char)pairs[2 * pair]);
    second[pair] = _mm_set1_epi8((char)pairs[2 * pair + 1]);
  }
  for (; from < count; from += VF_LINE_STEP) {
    const __m128i here = _mm_loadu_si128((const __m128i *)(line + from));
    const __m128i next = _mm_loadu_si128((const __m128i *)(line + from + 1));
    __m128i hits = _mm_setzero_si128();
    for (size_t pair = 0; pair < pair_count; pair++) {
      hits = _mm_or_si128(hits, _mm_and_si128(_mm_cmpeq_epi8(here, first[pair]), _mm_cmpeq_epi8(next, second[pair])));
    }
    if (_mm_movemask_epi8(hits) != 0) return from;
  }
  return from;
#else
  for (; from < count; from += VF_LINE_STEP) {
    bool hit = false;
    for (size_t place = from; place < from + VF_LINE_STEP; place++) {
      for (size_t pair = 0; pair < pair_count; pair++) hit |= line[place] == pairs[2 * pair] && line[place + 1] == pairs[2 * pair + 1];
    }
    if (hit) return from;
  }
  return from;
#endif
}

#endif
