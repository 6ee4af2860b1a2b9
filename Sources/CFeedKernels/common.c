// Kernels without a quick twin: they are quick as they are.
#include <string.h>

#include "CFeedKernels.h"
#include "kernels.h"

static uint64_t load64(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

// Eight bytes of which only `left` count; the others are read (VF_PADDING) and taken for 0.
static uint64_t load_part(const uint8_t *bytes, size_t left) {
    if (left >= 8) return load64(bytes);
    return left == 0 ? 0 : load64(bytes) & (UINT64_MAX >> (64 - 8 * left));
}

static size_t behind(size_t left, size_t offset) { return left > offset ? left - offset : 0; }

static uint64_t fold(uint64_t a, uint64_t b) {
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Multiply and fold, sixteen bytes a step in two lanes (the construction of wyhash, public domain).
uint64_t vf_fingerprint(const uint8_t *bytes, size_t length, uint64_t seed) {
    const uint64_t k0 = 0xA0761D6478BD642Full, k1 = 0xE7037ED1A0B428DBull, k2 = 0x8EBC6AF09C88C6E3ull, k3 = 0x589965CC75374CC3ull;
    uint64_t a = seed ^ k0, b = seed ^ k1;
    size_t left = length;
    while (left >= 32) {
        a = fold(load64(bytes) ^ k1, load64(bytes + 8) ^ a);
        b = fold(load64(bytes + 16) ^ k2, load64(bytes + 24) ^ b);
        bytes += 32;
        left -= 32;
    }
    a = fold(load_part(bytes, left) ^ k1, load_part(bytes + 8, behind(left, 8)) ^ a);
    b = fold(load_part(bytes + 16, behind(left, 16)) ^ k2, load_part(bytes + 24, behind(left, 24)) ^ b);
    return fold(a ^ k3 ^ length, b ^ k0);
}

size_t vf_json_escape(uint8_t *to, const uint8_t *bytes, size_t length) {
    static const char hex[] = "0123456789abcdef";
    uint8_t *out = to;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = bytes[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            *out++ = byte;
            continue;
        }
        *out++ = '\\';
        switch (byte) {
            case '"': case '\\': *out++ = byte; break;
            case '\n': *out++ = 'n'; break;
            case '\r': *out++ = 'r'; break;
            case '\t': *out++ = 't'; break;
            case '\b': *out++ = 'b'; break;
            case '\f': *out++ = 'f'; break;
            default:
                *out++ = 'u';
                *out++ = '0';
                *out++ = '0';
                *out++ = (uint8_t)hex[byte >> 4];
                *out++ = (uint8_t)hex[byte & 15];
        }
    }
    return (size_t)(out - to);
}

void vf_needles_clear(vf_needles *needles) { memset(needles, 0, sizeof *needles); }

static void sift(vf_needles *needles, const uint8_t *needle, unsigned group) {
    uint8_t bit = (uint8_t)(1u << group);
    for (unsigned k = 0; k < 4; k++) {
        uint8_t byte = needle[k];
        needles->low[k][byte & 15] |= bit;
        needles->high[k][byte >> 4] |= bit;
        if (byte >= 'a' && byte <= 'z') needles->high[k][(byte >> 4) & 0xD] |= bit;  // the capital: 0x20 less
    }
}

void vf_needles_add(vf_needles *needles, const uint8_t *needle, unsigned group, uint8_t lists) {
    sift(needles, needle, group);
    uint32_t word = vf_needle_at(needle), slot = vf_needle_slot(word);
    while (needles->needles[slot] != 0 && needles->needles[slot] != word) slot = (slot + 1) % VF_NEEDLE_SLOTS;
    needles->needles[slot] = word;
    needles->lists[slot] |= lists;
}

void vf_needles_add_loose(vf_needles *needles, const uint8_t *needle, unsigned group) {
    sift(needles, needle, group);
    needles->loose |= (uint8_t)(1u << group);
}
