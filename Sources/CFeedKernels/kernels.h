// Between the files of this target only.
#ifndef KERNELS_H
#define KERNELS_H

#include "CFeedKernels.h"

uint32_t vf_class_of(uint8_t byte);

// Where a line of JSON is being read.
#define JSON_NO_CHUNK ((size_t)0 - 128)
typedef struct {
    const uint8_t *bytes;
    size_t length;
    size_t at;
    // For the quick twin: which of the 64 bytes from `chunk` on end a stretch of plain ones. One look at them serves several strings, and the next
    // string need not wait for a load.
    size_t chunk;
    uint64_t stops;
} json_cursor;

// Four bytes as one number, capitals of ASCII as small letters.
static inline uint32_t vf_needle_at(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, 4);
    uint32_t seven = word & 0x7F7F7F7Fu;
    uint32_t capital = (seven + 0x3F3F3F3Fu) & ~(seven + 0x25252525u) & ~word & 0x80808080u;  // 'A' and more, but not more than 'Z'
    return word | capital >> 2;
}

static inline uint32_t vf_needle_slot(uint32_t word) { return word * 0x9E3779B1u >> 24; }

// The lists of the needle that these four bytes are.
static inline uint8_t vf_needle_lists(const vf_needles *needles, const uint8_t *bytes) {
    uint32_t word = vf_needle_at(bytes), slot = vf_needle_slot(word);
    while (needles->needles[slot] != 0) {
        if (needles->needles[slot] == word) return needles->lists[slot];
        slot = (slot + 1) % VF_NEEDLE_SLOTS;
    }
    return 0;
}

#if defined(__x86_64__)
vf_class vf_classify_avx2(const uint8_t *bytes, size_t length);
vf_record vf_split_avx2(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity);
vf_survey vf_survey_block_avx2(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter);
size_t vf_utf8_prefix_avx2(const uint8_t *bytes, size_t length);
uint8_t vf_needles_find_avx2(const vf_needles *needles, const uint8_t *bytes, size_t length);
size_t vf_find_avx2(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t from);
vf_line vf_read_line_avx2(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity);
vf_line vf_pick_avx2(const uint8_t *bytes, size_t length, vf_wanted *wanted, uint32_t count);
#endif

#endif
