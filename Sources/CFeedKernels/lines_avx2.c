// The quick twins of the kernels over log lines: 32 bytes a step. Only called when the processor has AVX2 and BMI (dispatch.c).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define QUICK __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define INLINE static inline __attribute__((always_inline)) QUICK

INLINE __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }
INLINE uint32_t bits(__m256i v) { return (uint32_t)_mm256_movemask_epi8(v); }
INLINE __m256i spread(uint8_t byte) { return _mm256_set1_epi8((char)byte); }

// Bytes that end a stretch of plain ones: quotes, backslashes, controls.
INLINE uint64_t stops_of(const uint8_t *bytes) {
    const __m256i quote = spread('"'), back = spread('\\'), control = spread(0x1F);
    uint64_t stops = 0;
    for (int half = 1; half >= 0; half--) {
        __m256i v = load(bytes + 32 * half);
        stops = stops << 32 | bits(_mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(v, quote), _mm256_cmpeq_epi8(v, back)), _mm256_cmpeq_epi8(_mm256_min_epu8(v, control), v)));
    }
    return stops;
}

INLINE size_t string_stop(json_cursor *in) {
    size_t at = in->at;
    while (at < in->length) {
        size_t offset = at - in->chunk;
        if (offset >= 64) {
            in->chunk = at;
            in->stops = stops_of(in->bytes + at);
            offset = 0;
        }
        uint64_t stops = in->stops >> offset;
        if (stops != 0) {
            at += (size_t)__builtin_ctzll(stops);
            return at < in->length ? at : in->length;
        }
        at = in->chunk + 64;
    }
    return in->length;
}

#define READER INLINE
#define STRING_STOP string_stop
#include "jsonline.h"

QUICK vf_line vf_read_line_avx2(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity) {
    return json_read_line(bytes, length, members, capacity);
}

// Whether one of the texts stands with its pair at `at`.
INLINE bool stands(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t at) {
    for (uint32_t k = 0; k < texts->count; k++) {
        size_t anchor = texts->anchors[k], count = texts->lengths[k];
        if (at >= anchor && at - anchor + count <= length && memcmp(bytes + at - anchor, texts->bytes[k], count) == 0) return true;
    }
    return false;
}

// The pairs of up to `COUNT` texts in one pass: a constant, so that their bytes stay in registers.
#define FIND(NAME, COUNT)                                                                                                              \
    QUICK static size_t NAME(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t from) {                               \
        __m256i firsts[COUNT], seconds[COUNT];                                                                                        \
        for (uint32_t k = 0; k < COUNT; k++) {                                                                                        \
            const uint8_t *pair = texts->bytes[k < texts->count ? k : 0] + texts->anchors[k < texts->count ? k : 0];                  \
            firsts[k] = spread(pair[0]);                                                                                              \
            seconds[k] = spread(pair[1]);                                                                                             \
        }                                                                                                                             \
        for (size_t at = from; at < length; at += 32) {                                                                               \
            __m256i here = load(bytes + at), next = load(bytes + at + 1);                                                             \
            __m256i hits = _mm256_and_si256(_mm256_cmpeq_epi8(here, firsts[0]), _mm256_cmpeq_epi8(next, seconds[0]));                 \
            for (uint32_t k = 1; k < COUNT; k++)                                                                                      \
                hits = _mm256_or_si256(                                                                                               \
                    hits, _mm256_and_si256(_mm256_cmpeq_epi8(here, firsts[k]), _mm256_cmpeq_epi8(next, seconds[k])));                 \
            uint32_t found = bits(hits);                                                                                              \
            while (__builtin_expect(found != 0, 0)) {                                                                                 \
                size_t place = at + (size_t)__builtin_ctz(found);                                                                     \
                if (place < length && stands(texts, bytes, length, place)) return place;                                              \
                found &= found - 1;                                                                                                   \
            }                                                                                                                         \
        }                                                                                                                             \
        return length;                                                                                                                \
    }

FIND(find_one, 1)
FIND(find_two, 2)
FIND(find_four, 4)
FIND(find_eight, VF_TEXTS)

QUICK size_t vf_find_avx2(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t from) {
    switch (texts->count) {
        case 0: return length;
        case 1: return find_one(texts, bytes, length, from);
        case 2: return find_two(texts, bytes, length, from);
        case 3: case 4: return find_four(texts, bytes, length, from);
        default: return find_eight(texts, bytes, length, from);
    }
}

#endif
