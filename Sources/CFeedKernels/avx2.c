// The quick twins: 32 bytes a step. Only called when the processor has AVX2, BMI and carry-less multiplication (dispatch.c).
#include "kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define QUICK __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")))
#define INLINE static inline __attribute__((always_inline)) QUICK

INLINE __m256i load(const uint8_t *bytes) { return _mm256_loadu_si256((const __m256i *)bytes); }
INLINE uint32_t bits(__m256i v) { return (uint32_t)_mm256_movemask_epi8(v); }
INLINE uint32_t where(__m256i v, uint8_t byte) { return bits(_mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)byte))); }
INLINE __m256i within(__m256i v, uint8_t low, uint8_t high) {
    __m256i x = _mm256_sub_epi8(v, _mm256_set1_epi8((char)low));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(x, _mm256_set1_epi8((char)(high - low))), x);
}
INLINE uint32_t first(size_t count) { return count >= 32 ? 0xFFFFFFFFu : (1u << count) - 1; }

// Classes told by a byte's two halves: the bits of LOW[b & 15] & HIGH[b >> 4]. A byte of 0x80 or more looks up zero.
enum { A_C0 = 1, A_C1 = 2, A_BREAK = 4, A_QUOTE = 8, A_BACK = 16, A_LT = 32, A_AMP = 64, A_DEL = 128 };
enum { B_DIGIT = 1, B_SPACE = 2, B_AT = 4, B_COLON = 8, B_QUESTION = 16, B_HASH = 32 };

#define PAIR(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
#define C (char)

QUICK vf_class vf_classify_avx2(const uint8_t *bytes, size_t length) {
    const __m256i low_a = PAIR(
        A_C0 | A_C1, A_C0 | A_C1, A_C0 | A_C1 | A_QUOTE, A_C0 | A_C1, A_C0 | A_C1, A_C0 | A_C1, A_C0 | A_C1 | A_AMP, A_C0 | A_C1, A_C0 | A_C1,
        A_C1 | A_BREAK, A_C1 | A_BREAK, A_C0 | A_C1, A_C0 | A_C1 | A_BACK | A_LT, A_C1 | A_BREAK, A_C0 | A_C1, C(A_C0 | A_C1 | A_DEL));
    const __m256i high_a = PAIR(A_C0 | A_BREAK, A_C1, A_QUOTE | A_AMP, A_LT, 0, A_BACK, 0, C A_DEL, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i low_b = PAIR(
        B_DIGIT | B_SPACE | B_AT, B_DIGIT, B_DIGIT, B_DIGIT | B_HASH, B_DIGIT, B_DIGIT, B_DIGIT, B_DIGIT, B_DIGIT, B_DIGIT, B_COLON, 0, 0, 0, 0,
        B_QUESTION);
    const __m256i high_b = PAIR(0, 0, B_SPACE | B_HASH, B_DIGIT | B_COLON | B_QUESTION, B_AT, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i half = _mm256_set1_epi8(15);
    // Of bytes from 0x80: those of VF_ODDLEAD and VF_COMBINING by their first half, C, E or F.
    enum { ODD_C = 1, ODD_E = 2, ODD_F = 4, COMBINING_C = 8, COMBINING_E = 16, COMBINING_F = 32 };
    const __m256i low_w = PAIR(
        COMBINING_E | COMBINING_F, COMBINING_E, ODD_C | ODD_E, ODD_C | ODD_F, ODD_F, ODD_C, 0, 0, 0, 0, 0, 0, COMBINING_C, COMBINING_C, ODD_E,
        ODD_E | COMBINING_E);
    const __m256i high_w = PAIR(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ODD_C | COMBINING_C, 0, ODD_E | COMBINING_E, ODD_F | COMBINING_F);
    __m256i seen_a = _mm256_setzero_si256(), seen_b = seen_a, seen_w = seen_a;
    vf_class all = {0, 0, 0, 0};
    uint32_t space_before = 0, slash_before = 0;
    for (size_t i = 0; i < length; i += 32) {
        size_t left = length - i;
        uint32_t valid = first(left);
        __m256i v = load(bytes + i);
        if (left < 32) {  // what lies behind the end becomes a byte of no class
            const __m256i places = _mm256_setr_epi8(
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
            v = _mm256_blendv_epi8(_mm256_set1_epi8('+'), v, _mm256_cmpgt_epi8(_mm256_set1_epi8((char)left), places));
        }
        __m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), half);
        seen_a = _mm256_or_si256(seen_a, _mm256_and_si256(_mm256_shuffle_epi8(low_a, v), _mm256_shuffle_epi8(high_a, high)));
        seen_b = _mm256_or_si256(seen_b, _mm256_and_si256(_mm256_shuffle_epi8(low_b, v), _mm256_shuffle_epi8(high_b, high)));
        all.upper += (uint32_t)_mm_popcnt_u32(bits(within(v, 'A', 'Z')));
        all.lower += (uint32_t)_mm_popcnt_u32(bits(within(v, 'a', 'z')));
        uint32_t spaces = where(v, ' '), slashes = where(v, '/');
        if (spaces & (spaces << 1 | space_before)) all.mask |= VF_TWOSPACES;
        if (slashes & (slashes << 1 | slash_before)) all.mask |= VF_TWOSLASHES;
        space_before = spaces >> 31;
        slash_before = slashes >> 31;
        __m256i next = load(bytes + i + 1);
        uint32_t equal = bits(_mm256_and_si256(_mm256_cmpeq_epi8(v, next), _mm256_cmpeq_epi8(next, load(bytes + i + 2))));
        if (__builtin_expect(equal != 0, 0)) {
            __m256i mark = _mm256_or_si256(
                _mm256_or_si256(within(v, 0x21, 0x2F), within(v, 0x3A, 0x40)), _mm256_or_si256(within(v, 0x5B, 0x60), within(v, 0x7B, 0x7E)));
            if (equal & bits(mark) & first(left > 2 ? left - 2 : 0)) all.mask |= VF_RUN;
        }
        uint32_t wide = bits(v) & valid;
        if (wide == 0) {
            all.scalars += left < 32 ? (uint32_t)left : 32;
            continue;
        }
        all.mask |= VF_NONASCII;
        all.scalars += (uint32_t)_mm_popcnt_u32(bits(_mm256_cmpgt_epi8(v, _mm256_set1_epi8((char)0xBF))) & valid);
        seen_w = _mm256_or_si256(
            seen_w, _mm256_and_si256(_mm256_shuffle_epi8(low_w, _mm256_and_si256(v, half)), _mm256_shuffle_epi8(high_w, high)));
        if (where(v, 0xD9) & bits(within(next, 0x93, 0x95)) & first(left - 1)) all.mask |= VF_COMBINING;
    }
#define SEEN(set, bit) (!_mm256_testz_si256(set, _mm256_set1_epi8(C(bit))))
    if (!_mm256_testz_si256(seen_a, seen_a)) {
        if (SEEN(seen_a, A_C0 | A_C1 | A_DEL)) all.mask |= VF_CONTROL;
        if (SEEN(seen_a, A_BREAK)) all.mask |= VF_BREAK;
        if (SEEN(seen_a, A_QUOTE | A_BACK)) all.mask |= VF_ESCAPE;
        if (SEEN(seen_a, A_LT)) all.mask |= VF_LT;
        if (SEEN(seen_a, A_AMP)) all.mask |= VF_AMP;
    }
    if (!_mm256_testz_si256(seen_w, seen_w)) {
        if (SEEN(seen_w, ODD_C | ODD_E | ODD_F)) all.mask |= VF_ODDLEAD;
        if (SEEN(seen_w, COMBINING_C | COMBINING_E | COMBINING_F)) all.mask |= VF_COMBINING;
    }
    if (SEEN(seen_b, B_DIGIT)) all.mask |= VF_DIGIT;
    if (SEEN(seen_b, B_SPACE)) all.mask |= VF_SPACE;
    if (SEEN(seen_b, B_AT)) all.mask |= VF_AT;
    if (SEEN(seen_b, B_COLON)) all.mask |= VF_COLON;
    if (SEEN(seen_b, B_QUESTION | B_HASH)) all.mask |= VF_QUERY;
    if (all.upper) all.mask |= VF_UPPER;
    if (all.lower) all.mask |= VF_LOWER;
    return all;
}

QUICK vf_record vf_split_avx2(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity) {
    vf_record record = {0, 0, 0, VF_OK, 0, 0, 0};
    const __m256i delimiters = _mm256_set1_epi8((char)delimiter), newlines = _mm256_set1_epi8('\n'), quotes = _mm256_set1_epi8('"');
    size_t at = 0;
    size_t window = 0;      // where `ends` was taken
    uint32_t ends = 0;      // delimiters and LFs of the window
    bool has_window = false;
    for (;;) {
        vf_field field = {0, 0, 0};
        size_t end;
        if (at < length && bytes[at] == '"') {
            record.at = (uint32_t)at;
            record.opened = record.newlines;
            field.flags = VF_QUOTED;
            field.start = (uint32_t)(at + 1);
            at++;
            for (;;) {  // to the next quote
                if (at >= length) goto unclosed;
                __m256i v = load(bytes + at);
                uint32_t quote = bits(_mm256_cmpeq_epi8(v, quotes)), newline = bits(_mm256_cmpeq_epi8(v, newlines));
                if (length - at < 32) {
                    quote &= first(length - at);
                    newline &= first(length - at);
                }
                if (!quote) {
                    record.newlines += (uint32_t)_mm_popcnt_u32(newline);
                    at += 32;
                    continue;
                }
                uint32_t before = _tzcnt_u32(quote);
                if (newline) record.newlines += (uint32_t)_mm_popcnt_u32(newline & first(before));
                at += before;
                if (at + 1 < length && bytes[at + 1] == '"') {
                    field.flags |= VF_DOUBLED;
                    at += 2;
                    continue;
                }
                break;
            }
            end = at++;
            size_t behind = at;
            if (behind < length && bytes[behind] == '\r' && (behind + 1 == length || bytes[behind + 1] == '\n')) behind++;
            if (behind < length && bytes[behind] != '\n' && (bytes[behind] != delimiter || behind != at)) {
                record.status = VF_TEXT_AFTER_QUOTE;
                record.consumed = at;
                return record;
            }
            if (behind >= length || bytes[behind] == '\n') {
                record.content = (uint32_t)at;
                at = behind;
            }
        } else {
            field.start = (uint32_t)at;
            for (;;) {  // to the next delimiter or LF
                if (at >= length) {
                    at = length;
                    break;
                }
                if (!has_window || at - window >= 32) {
                    __m256i v = load(bytes + at);
                    ends = bits(_mm256_or_si256(_mm256_cmpeq_epi8(v, delimiters), _mm256_cmpeq_epi8(v, newlines)));
                    window = at;
                    has_window = true;
                }
                uint32_t ahead = ends >> (at - window);
                if (!ahead) {
                    at = window + 32;
                    continue;
                }
                at += _tzcnt_u32(ahead);
                if (at > length) at = length;
                break;
            }
            end = at;
            if (at >= length || bytes[at] == '\n') {
                if (end > field.start && bytes[end - 1] == '\r') end--;
                record.content = (uint32_t)end;
            }
        }
        field.length = (uint32_t)(end - field.start);
        if (record.fields < capacity) fields[record.fields] = field;
        record.fields++;
        if (at >= length) {
            record.consumed = length;
            return record;
        }
        if (bytes[at] == '\n') {
            record.newlines++;
            record.consumed = at + 1;
            return record;
        }
        at++;
    }
unclosed:
    record.status = VF_UNCLOSED;
    record.consumed = length;
    return record;
}

INLINE uint64_t where64(__m256i a, __m256i b, uint8_t byte) { return where(a, byte) | (uint64_t)where(b, byte) << 32; }

// Bit i: whether the number of bits up to and with i is odd.
INLINE uint64_t parity_up_to(uint64_t x) {
    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)x), _mm_set1_epi8((char)0xFF), 0));
}

QUICK vf_survey vf_survey_block_avx2(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter) {
    vf_survey survey = {0, 0, 0, VF_NONE, {VF_NONE, VF_NONE}, {0, 0}, {0, 0}, {false, false}, false};
    uint64_t inside = 0;  // all ones behind an odd number of quotes
    uint64_t proper = previous == delimiter || previous == '\n' || previous == '"', cr = previous == '\r';
    __m256i wide = _mm256_setzero_si256();
    uint64_t stray[2] = {0, 0};
    for (size_t i = 0; i < length; i += 64) {
        size_t left = length - i;
        uint64_t valid = left >= 64 ? ~0ull : (1ull << left) - 1;
        __m256i a = load(bytes + i), b = load(bytes + i + 32);
        if (left >= 64) {
            wide = _mm256_or_si256(wide, _mm256_or_si256(a, b));
        } else if ((bits(a) | (uint64_t)bits(b) << 32) & valid) {
            survey.non_ascii = true;
        }
        uint64_t quote = where64(a, b, '"') & valid, newline = where64(a, b, '\n') & valid, delim = where64(a, b, delimiter) & valid;
        uint64_t returns = where64(a, b, '\r') & valid, nul = where64(a, b, 0) & valid;
        uint64_t p = parity_up_to(quote) ^ inside;
        if (quote) {
            uint64_t fine = (quote | newline | delim) << 1 | proper;
            stray[0] |= quote & p & ~fine;
            stray[1] |= quote & ~p & ~fine;
            survey.quotes += (uint64_t)_mm_popcnt_u64(quote);
        }
        if (newline) {
            uint64_t end[2] = {newline & ~p, newline & p};
            for (int s = 0; s < 2; s++) {
                if (!end[s]) continue;
                if (survey.first_end[s] == VF_NONE) {
                    uint64_t at = _tzcnt_u64(end[s]);
                    survey.first_end[s] = i + at;
                    survey.lines_to_end[s] = survey.newlines + (uint64_t)_mm_popcnt_u64(newline & (~0ull >> (63 - at)));
                }
                survey.ends[s] += (uint64_t)_mm_popcnt_u64(end[s]);
            }
            survey.newlines += (uint64_t)_mm_popcnt_u64(newline);
        }
        if (returns | cr) survey.lone_cr += (uint64_t)_mm_popcnt_u64((returns << 1 | cr) & ~newline & valid);
        if (nul && survey.nul_at == VF_NONE) survey.nul_at = i + _tzcnt_u64(nul);
        proper = (quote | newline | delim) >> 63;
        cr = returns >> 63;
        inside = (uint64_t)((int64_t)p >> 63);
    }
    survey.stray[0] = stray[0] != 0;
    survey.stray[1] = stray[1] != 0;
    if (bits(wide)) survey.non_ascii = true;
    return survey;
}

// John Keiser and Daniel Lemire, "Validating UTF-8 in less than one instruction per byte" (2020): three lookups by half bytes tell every
// wrong pair; what must be a third or fourth byte is told by the leads two and three before.
QUICK size_t vf_utf8_prefix_avx2(const uint8_t *bytes, size_t length) {
    enum {
        SHORT = 1, LONG = 2, OVER3 = 4, SURROGATE = 16, OVER2 = 32, TWO = 128, LARGE = 8, LARGE1000 = 64, OVER4 = 64,
        CARRY = SHORT | LONG | TWO
    };
    const __m256i high1 = PAIR(
        LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, C TWO, C TWO, C TWO, C TWO, SHORT | OVER2, SHORT, SHORT | OVER3 | SURROGATE,
        SHORT | LARGE | LARGE1000 | OVER4);
    const __m256i low1 = PAIR(
        C(CARRY | OVER3 | OVER2 | OVER4), C(CARRY | OVER2), C CARRY, C CARRY, C(CARRY | LARGE), C(CARRY | LARGE | LARGE1000), C(CARRY | LARGE | LARGE1000),
        C(CARRY | LARGE | LARGE1000), C(CARRY | LARGE | LARGE1000), C(CARRY | LARGE | LARGE1000), C(CARRY | LARGE | LARGE1000),
        C(CARRY | LARGE | LARGE1000), C(CARRY | LARGE | LARGE1000), C(CARRY | LARGE | LARGE1000 | SURROGATE), C(CARRY | LARGE | LARGE1000),
        C(CARRY | LARGE | LARGE1000));
    const __m256i high2 = PAIR(
        SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, C(LONG | OVER2 | TWO | OVER3 | LARGE1000 | OVER4), C(LONG | OVER2 | TWO | OVER3 | LARGE),
        C(LONG | OVER2 | TWO | SURROGATE | LARGE), C(LONG | OVER2 | TWO | SURROGATE | LARGE), SHORT, SHORT, SHORT, SHORT);
    const __m256i half = _mm256_set1_epi8(15);
    __m256i before = _mm256_setzero_si256();
    bool open = false;  // the step before may end within a sequence
    size_t i = 0;
    for (; i + 32 <= length; i += 32) {
        __m256i v = load(bytes + i);
        if (!bits(v) && !open) {
            before = v;
            continue;
        }
        __m256i cross = _mm256_permute2x128_si256(before, v, 0x21);
        __m256i one = _mm256_alignr_epi8(v, cross, 15), two = _mm256_alignr_epi8(v, cross, 14), three = _mm256_alignr_epi8(v, cross, 13);
        __m256i wrong = _mm256_and_si256(
            _mm256_and_si256(
                _mm256_shuffle_epi8(high1, _mm256_and_si256(_mm256_srli_epi16(one, 4), half)), _mm256_shuffle_epi8(low1, _mm256_and_si256(one, half))),
            _mm256_shuffle_epi8(high2, _mm256_and_si256(_mm256_srli_epi16(v, 4), half)));
        __m256i third = _mm256_subs_epu8(two, _mm256_set1_epi8((char)(0xE0 - 0x80))), fourth = _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xF0 - 0x80)));
        __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8((char)0x80));
        if (!_mm256_testz_si256(_mm256_xor_si256(must, wrong), _mm256_set1_epi8((char)0xFF))) break;
        before = v;
        open = bits(v) >> 29 != 0;
    }
    // The rest, or the step with the error: from the start of a sequence that may have begun before it.
    for (int back = 0; back < 3 && i > 0 && (bytes[i - 1] & 0x80); back++) {
        i--;
        if (bytes[i] >= 0xC0) break;
    }
    while (i > 0 && i < length && (bytes[i] & 0xC0) == 0x80) i--;
    return i + vf_utf8_prefix_plain(bytes + i, length - i);
}

QUICK uint8_t vf_needles_find_avx2(const vf_needles *needles, const uint8_t *bytes, size_t length) {
    if (length < 4) return 0;
    const __m256i half = _mm256_set1_epi8(15);
    __m256i low[4], high[4];
    for (int k = 0; k < 4; k++) {
        low[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)needles->low[k]));
        high[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)needles->high[k]));
    }
    const __m256i loose = _mm256_set1_epi8((char)needles->loose);
    __m256i groups = _mm256_setzero_si256();
    uint8_t found = 0;
    size_t starts = length - 3;
    for (size_t i = 0; i < starts; i += 32) {
        __m256i hit = _mm256_set1_epi8((char)0xFF);
        for (int k = 0; k < 4; k++) {
            __m256i v = load(bytes + i + k);
            __m256i l = _mm256_shuffle_epi8(low[k], _mm256_and_si256(v, half));
            __m256i h = _mm256_shuffle_epi8(high[k], _mm256_and_si256(_mm256_srli_epi16(v, 4), half));
            hit = _mm256_and_si256(hit, _mm256_and_si256(l, h));
        }
        uint32_t maybe = ~where(_mm256_andnot_si256(loose, hit), 0);
        if (starts - i < 32) {
            const __m256i places = _mm256_setr_epi8(
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
            hit = _mm256_and_si256(hit, _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(starts - i)), places));
            maybe &= first(starts - i);
        }
        groups = _mm256_or_si256(groups, _mm256_and_si256(hit, loose));
        for (; maybe; maybe &= maybe - 1) found |= vf_needle_lists(needles, bytes + i + _tzcnt_u32(maybe));
    }
    __m128i x = _mm_or_si128(_mm256_castsi256_si128(groups), _mm256_extracti128_si256(groups, 1));
    uint64_t all = (uint64_t)_mm_cvtsi128_si64(x) | (uint64_t)_mm_extract_epi64(x, 1);
    all |= all >> 32;
    all |= all >> 16;
    all |= all >> 8;
    return (uint8_t)all | found;
}

#endif
