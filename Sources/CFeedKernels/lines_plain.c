// The plain twins of the kernels over log lines, and those that have no quick twin.
#define _GNU_SOURCE  // memrchr
#include <string.h>

#include "kernels.h"

static size_t string_stop(json_cursor *in) {
    size_t at = in->at;
    while (at < in->length && in->bytes[at] != '"' && in->bytes[at] != '\\' && in->bytes[at] >= 0x20) at++;
    return at;
}

#define READER static inline
#define STRING_STOP string_stop
#define REST_IS_SOUND(in) ((void)(in), false)
#include "jsonline.h"

vf_line vf_read_line_plain(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity) {
    return json_read_line(bytes, length, members, capacity);
}

vf_line vf_pick_plain(const uint8_t *bytes, size_t length, vf_wanted *wanted, uint32_t count) { return json_pick(bytes, length, wanted, count); }

void vf_texts_clear(vf_texts *texts) { memset(texts, 0, sizeof *texts); }

bool vf_texts_add(vf_texts *texts, const uint8_t *text, size_t length, size_t anchor) {
    if (texts->count == VF_TEXTS || length < 2) return false;
    if (length > VF_TEXT_BYTES) length = VF_TEXT_BYTES;
    if (anchor > length - 2) anchor = length - 2;
    uint32_t place = texts->count++;
    memcpy(texts->bytes[place], text, length);
    texts->lengths[place] = (uint32_t)length;
    texts->anchors[place] = (uint32_t)anchor;
    return true;
}

size_t vf_find_plain(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t from) {
    for (size_t at = from; at < length; at++) {
        for (uint32_t k = 0; k < texts->count; k++) {
            size_t anchor = texts->anchors[k], count = texts->lengths[k];
            if (at >= anchor && at - anchor + count <= length && memcmp(bytes + at - anchor, texts->bytes[k], count) == 0) return at;
        }
    }
    return length;
}

static int hex_of(uint8_t byte) { return byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10; }

static uint32_t unit_at(const uint8_t *hex) {
    return (uint32_t)(hex_of(hex[0]) << 12 | hex_of(hex[1]) << 8 | hex_of(hex[2]) << 4 | hex_of(hex[3]));
}

static size_t put_scalar(uint8_t *to, uint32_t scalar) {
    if (scalar < 0x80) {
        to[0] = (uint8_t)scalar;
        return 1;
    }
    if (scalar < 0x800) {
        to[0] = (uint8_t)(0xC0 | scalar >> 6);
        to[1] = (uint8_t)(0x80 | (scalar & 0x3F));
        return 2;
    }
    if (scalar < 0x10000) {
        to[0] = (uint8_t)(0xE0 | scalar >> 12);
        to[1] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
        to[2] = (uint8_t)(0x80 | (scalar & 0x3F));
        return 3;
    }
    to[0] = (uint8_t)(0xF0 | scalar >> 18);
    to[1] = (uint8_t)(0x80 | (scalar >> 12 & 0x3F));
    to[2] = (uint8_t)(0x80 | (scalar >> 6 & 0x3F));
    to[3] = (uint8_t)(0x80 | (scalar & 0x3F));
    return 4;
}

size_t vf_json_unescape(uint8_t *to, const uint8_t *bytes, size_t length) {
    size_t at = 0, written = 0;
    while (at < length) {
        if (bytes[at] != '\\' || at + 1 >= length) {
            to[written++] = bytes[at++];
            continue;
        }
        uint8_t letter = bytes[at + 1];
        at += 2;
        switch (letter) {
            case 'b': to[written++] = '\b'; break;
            case 'f': to[written++] = '\f'; break;
            case 'n': to[written++] = '\n'; break;
            case 'r': to[written++] = '\r'; break;
            case 't': to[written++] = '\t'; break;
            case 'u': {
                if (at + 4 > length) return written;
                uint32_t scalar = unit_at(bytes + at);
                at += 4;
                bool high = scalar >= 0xD800 && scalar < 0xDC00;
                if (high && at + 6 <= length && bytes[at] == '\\' && bytes[at + 1] == 'u') {
                    uint32_t low = unit_at(bytes + at + 2);
                    if (low >= 0xDC00 && low < 0xE000) {
                        scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
                        at += 6;
                    }
                }
                if (scalar >= 0xD800 && scalar < 0xE000) scalar = 0xFFFD;
                written += put_scalar(to + written, scalar);
                break;
            }
            default: to[written++] = letter;
        }
    }
    return written;
}

void vf_count_pairs(const uint8_t *bytes, size_t length, uint16_t *counts) {
    memset(counts, 0, 65536 * sizeof *counts);
    for (size_t i = 0; i + 1 < length; i++) {
        uint16_t *count = counts + ((size_t)bytes[i] << 8 | bytes[i + 1]);
        if (*count < UINT16_MAX) (*count)++;
    }
}

size_t vf_last_line_end(const uint8_t *bytes, size_t length) {
#if defined(__GLIBC__)
    const uint8_t *found = memrchr(bytes, '\n', length);
    return found == NULL ? length : (size_t)(found - bytes);
#else
    for (size_t at = length; at > 0; at--) {
        if (bytes[at - 1] == '\n') return at - 1;
    }
    return length;
#endif
}
