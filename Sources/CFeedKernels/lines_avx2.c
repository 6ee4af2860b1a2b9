// The quick twins of the kernels over log lines: 32 bytes a step. Only called when the processor has AVX2 and BMI (dispatch.c).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define QUICK __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")))
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

INLINE uint64_t inside(uint64_t ends) {
    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)ends), _mm_set1_epi8((char)0xFF), 0));
}

// Which of 64 bytes are what; a bit each.
typedef struct {
    uint64_t quotes, specials, commas, colons, digits, zeros;  // specials: backslashes and controls
} shapes;

INLINE shapes shapes_of(const uint8_t *bytes) {
    const __m256i quote = spread('"'), back = spread('\\'), control = spread(0x1F), comma = spread(','), colon = spread(':'), zero = spread('0'), nine = spread(9);
    shapes found = {0, 0, 0, 0, 0, 0};
    for (int half = 1; half >= 0; half--) {
        __m256i v = load(bytes + 32 * half), digit = _mm256_sub_epi8(v, zero);
        found.quotes = found.quotes << 32 | bits(_mm256_cmpeq_epi8(v, quote));
        found.specials = found.specials << 32 | bits(_mm256_or_si256(_mm256_cmpeq_epi8(v, back), _mm256_cmpeq_epi8(_mm256_min_epu8(v, control), v)));
        found.commas = found.commas << 32 | bits(_mm256_cmpeq_epi8(v, comma));
        found.colons = found.colons << 32 | bits(_mm256_cmpeq_epi8(v, colon));
        found.digits = found.digits << 32 | bits(_mm256_cmpeq_epi8(_mm256_min_epu8(digit, nine), digit));
        found.zeros = found.zeros << 32 | bits(_mm256_cmpeq_epi8(v, zero));
    }
    return found;
}

// Whether `,"name":"text"` and `,"name":digits` follow until the last byte, '}', with plain bytes in all texts: what nearly every line is. Each rule says
// what may stand behind what; together they leave nothing but that shape. Anything else is not known here.
__attribute__((noinline)) QUICK static bool rest_is_flat(const uint8_t *bytes, size_t length) {
    if (length == 0 || bytes[length - 1] != '}') return false;
    // Of the byte before: whether it is within a text, whether within a name or just behind it, and whether it is a comma, a colon, a digit, a zero in front.
    uint64_t text = 0, name = 0, comma = 0, mark = 0, number = 0, zero = 0;
    for (;; bytes += 64, length -= 64) {
        shapes here = shapes_of(bytes);
        bool is_last = length <= 64;
        uint64_t valid = is_last ? ~(uint64_t)0 >> (64 - length) : ~(uint64_t)0;
        uint64_t last = is_last ? (uint64_t)1 << (length - 1) : 0;
        uint64_t quotes = here.quotes & valid;
        uint64_t within = inside(quotes) ^ text;
        uint64_t opens = quotes & within, outside = valid & ~(within | quotes);
        uint64_t commas = here.commas & outside, colons = here.colons & outside, marks = commas | colons;
        uint64_t numbers = outside & ~(marks | last), begins = numbers & ~(numbers << 1 | number), zeros = begins & here.zeros;
        uint64_t behind_comma = commas << 1 | comma, behind_mark = marks << 1 | mark;
        uint64_t names = inside((opens & behind_comma) ^ colons) ^ name;
        // Behind each comma and colon something begins, and nowhere else; behind a comma a text. Numbers are digits, without zeros in front.
        // From the quote of a name to its colon is no comma, and no other colon is there.
        uint64_t wrong = (valid & ((opens | begins) ^ behind_mark)) | (begins & behind_comma) | (numbers & ~here.digits) | ((zeros << 1 | zero) & numbers)
            | (names & outside) | (here.specials & valid) | (last & ~outside);
        if (wrong != 0) return false;
        if (is_last) return true;
        text = 0 - (within >> 63);
        name = 0 - (names >> 63);
        comma = commas >> 63;
        mark = marks >> 63;
        number = numbers >> 63;
        zero = zeros >> 63;
    }
}

#define READER INLINE
#define STRING_STOP string_stop
#define REST_IS_SOUND(in) rest_is_flat((in)->bytes + (in)->at, (in)->length - (in)->at)
#include "jsonline.h"

QUICK vf_line vf_read_line_avx2(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity) {
    return json_read_line(bytes, length, members, capacity);
}

QUICK vf_line vf_pick_avx2(const uint8_t *bytes, size_t length, vf_wanted *wanted, uint32_t count) { return json_pick(bytes, length, wanted, count); }

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
