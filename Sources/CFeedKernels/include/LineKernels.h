// Kernels over lines of a log: texts found among many bytes, and one flat object of JSON taken apart. Twins and padding as in CFeedKernels.h.
#ifndef LINEKERNELS_H
#define LINEKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Up to so many texts at once; of a longer text its first bytes are looked for.
#define VF_TEXTS 8
#define VF_TEXT_BYTES 64
typedef struct {
    uint32_t count;
    uint32_t lengths[VF_TEXTS];  // 2…VF_TEXT_BYTES
    uint32_t anchors[VF_TEXTS];  // where in the text the pair of bytes is that is looked for first: 0…length - 2
    uint8_t bytes[VF_TEXTS][VF_TEXT_BYTES];
} vf_texts;
void vf_texts_clear(vf_texts *texts);
// False: no room, or shorter than two bytes. `anchor` is clamped; the rarer the pair there, the quicker.
bool vf_texts_add(vf_texts *texts, const uint8_t *text, size_t length, size_t anchor);
// The first place at or after `from` where the pair of a text stands with all of that text around it, within the bytes; `length` if there is none.
size_t vf_find(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t from);
size_t vf_find_plain(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t from);

// One member of an object. Places are offsets from the line's first byte; strings are without their quotes.
enum { VF_STRING = 1, VF_NUMBER, VF_TRUE, VF_FALSE, VF_NULL, VF_NESTED };
typedef struct {
    uint32_t key, key_length;
    uint32_t value, value_length;
    uint8_t kind;
    bool key_escaped, value_escaped;  // holds a backslash
} vf_member;

enum { VF_LINE_OK = 0, VF_LINE_NO_OBJECT = 1, VF_LINE_BROKEN = 2 };
typedef struct {
    uint32_t members;  // how many there are, also beyond the capacity; 0 where the status is not OK
    uint32_t status;
} vf_line;

#define VF_DEPTH 64  // deeper nesting is broken
// Takes a line apart (RFC 8259: one object, white space around it). The bytes of strings need not be UTF-8. `length` is below 4 GiB.
vf_line vf_read_line(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity);
vf_line vf_read_line_plain(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity);

// One name that is looked for, as it stands between its quotes, and the first member of that name.
typedef struct {
    const uint8_t *name;
    uint32_t length;
    bool is_first;  // of the names that one thing goes by: once all of these are found, no other is looked for
    vf_member member;  // its kind is 0 where the line has none; the place of its key is not told
} vf_wanted;
// Finds members by their names: the same lines are OK as with vf_read_line, the members that were looked for are the same, and how many there are is
// not told. Quicker, most of all where what is looked for stands in front: behind it only the shape of the line is checked.
vf_line vf_pick(const uint8_t *bytes, size_t length, vf_wanted *wanted, uint32_t count);
vf_line vf_pick_plain(const uint8_t *bytes, size_t length, vf_wanted *wanted, uint32_t count);

// Writes what a string with escapes says; returns the bytes written, at most the length. A lone surrogate becomes U+FFFD.
size_t vf_json_unescape(uint8_t *to, const uint8_t *bytes, size_t length);

// Offset of the last line feed, or `length` if there is none.
size_t vf_last_line_end(const uint8_t *bytes, size_t length);

// How often each pair of neighbouring bytes comes; `counts` has 65,536 places: first byte * 256 + second.
void vf_count_pairs(const uint8_t *bytes, size_t length, uint16_t *counts);

#endif
