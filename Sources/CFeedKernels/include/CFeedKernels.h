// Byte kernels of the Feed room (those for log lines: LineKernels.h). Each comes twice: `_plain` is written to be obviously right, `_avx2` to be quick. A test holds them equal.
// The unsuffixed name picks one at run time.
//
// Contract for every pointer to read from: VF_PADDING bytes beyond the given length are readable (their content does not matter).
#ifndef CFEEDKERNELS_H
#define CFEEDKERNELS_H

#include "vf_line.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "LineKernels.h"

#define VF_PADDING 64
#define VF_NONE UINT64_MAX

// What a byte can be. A field's mask is the union over its bytes; a rule whose classes are absent need not look.
#define VF_NONASCII (1u << 0)    // 0x80…0xFF
#define VF_CONTROL (1u << 1)     // 0x00…0x1F without tab, LF and CR; 0x7F
#define VF_BREAK (1u << 2)       // tab, LF, CR
#define VF_ESCAPE (1u << 3)      // '"' or '\', which JSON escapes
#define VF_LT (1u << 4)          // '<'
#define VF_AMP (1u << 5)         // '&'
#define VF_LOWER (1u << 6)       // a…z
#define VF_UPPER (1u << 7)       // A…Z
#define VF_DIGIT (1u << 8)       // 0…9
#define VF_SPACE (1u << 9)       // ' '
#define VF_TWOSPACES (1u << 10)  // two spaces in a row
#define VF_RUN (1u << 11)        // the same ASCII punctuation mark three times in a row
#define VF_ODDLEAD (1u << 12)    // 0xC2, 0xC3, 0xC5, 0xE2, 0xEE, 0xEF, 0xF3, 0xF4: C1, private use, replacement, byte order mark, mojibake
#define VF_COMBINING (1u << 13)  // 0xCC, 0xCD, 0xE0, 0xE1, 0xEF, 0xF0, or 0xD9 followed by 0x93…0x95: may not be in NFC
#define VF_AT (1u << 14)         // '@'
#define VF_COLON (1u << 15)      // ':'
#define VF_TWOSLASHES (1u << 16) // '//'
#define VF_QUERY (1u << 17)      // '?' or '#'

typedef struct {
    uint32_t mask;     // of VF_ bits
    uint32_t scalars;  // Unicode scalar values: bytes that continue no sequence
    uint32_t upper;    // bytes A…Z
    uint32_t lower;    // bytes a…z
} vf_class;

vf_class vf_classify(const uint8_t *bytes, size_t length);
vf_class vf_classify_plain(const uint8_t *bytes, size_t length);

// One field of a record, relative to the record's first byte. A quoted field is given without its quotes.
#define VF_QUOTED 1u   // was in quotes
#define VF_DOUBLED 2u  // holds doubled quotes, to be halved
typedef struct {
    uint32_t start;
    uint32_t length;
    uint32_t flags;
} vf_field;

enum { VF_OK = 0, VF_UNCLOSED = 1, VF_TEXT_AFTER_QUOTE = 2 };
typedef struct {
    uint64_t consumed;   // bytes up to and with the line end, or up to the trouble
    uint32_t fields;     // how many there are, also beyond the capacity
    uint32_t newlines;   // LF bytes consumed, the line end's with them
    uint32_t status;     // VF_OK, …
    uint32_t opened;     // status not OK: newlines of the record before the opening quote
    uint32_t content;    // bytes of the record without its line end
    uint32_t at;         // status not OK: offset of the opening quote
} vf_record;

// Splits the record that starts at `bytes` (RFC 4180; a quote inside an unquoted field is a character like any other; LF and CRLF end a record).
vf_record vf_split(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity);
vf_record vf_split_plain(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity);

// What can be known of a block before its first byte's state is: both answers, index 0 for "outside quotes", 1 for "inside".
typedef struct {
    uint64_t quotes;          // number of '"'
    uint64_t newlines;        // number of LF
    uint64_t lone_cr;         // CR not followed by LF; a CR at the very end is counted by the next block
    uint64_t nul_at;          // offset of the first NUL, or VF_NONE
    uint64_t first_end[2];    // offset of the first LF outside quotes, or VF_NONE
    uint64_t lines_to_end[2]; // LF bytes up to and with that one
    uint64_t ends[2];         // LF bytes outside quotes
    bool stray[2];            // an opening quote that does not follow a delimiter, a line end or a quote: parity cannot be trusted
    bool non_ascii;
} vf_survey;
// `previous` is the byte before the block ('\n' at the start of the data).
vf_survey vf_survey_block(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter);
vf_survey vf_survey_block_plain(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter);

// Offset of the first byte that is not part of valid UTF-8 (RFC 3629), or `length`.
size_t vf_utf8_prefix(const uint8_t *bytes, size_t length);
size_t vf_utf8_prefix_plain(const uint8_t *bytes, size_t length);

// Finds which lists of words a text may hold one of. A needle is four bytes of a word. A sieve of nibble pairs, in up to eight groups, says where
// one may be; there the four bytes are looked up. ASCII letters match in both cases.
#define VF_NEEDLE_SLOTS 256
typedef struct {
    uint8_t low[4][16];
    uint8_t high[4][16];
    uint8_t loose;                     // groups that the sieve alone decides
    uint32_t needles[VF_NEEDLE_SLOTS]; // open addressing; 0 is free
    uint8_t lists[VF_NEEDLE_SLOTS];
} vf_needles;
void vf_needles_clear(vf_needles *needles);
// Adds four bytes (lower case) to a group 0…7 of the sieve; found, they report the bits `lists`. Needles of unlike bytes sieve better in groups
// of their own. At most half of the slots may be taken.
void vf_needles_add(vf_needles *needles, const uint8_t *needle, unsigned group, uint8_t lists);
// Adds four classes of bytes, each by an example, to a group whose bit is reported wherever the sieve lets pass; no other needles belong there.
void vf_needles_add_loose(vf_needles *needles, const uint8_t *needle, unsigned group);
// The bits of all needles that occur, and of the loose groups.
uint8_t vf_needles_find(const vf_needles *needles, const uint8_t *bytes, size_t length);
uint8_t vf_needles_find_plain(const vf_needles *needles, const uint8_t *bytes, size_t length);

// 64-bit fingerprint, stable across machines and releases. Not for adversaries: equal fingerprints of ids are verified on the bytes.
uint64_t vf_fingerprint(const uint8_t *bytes, size_t length, uint64_t seed);

static inline bool vf_equal(const uint8_t *a, const uint8_t *b, size_t length) { return memcmp(a, b, length) == 0; }

// Copies with JSON escapes; returns the bytes written, at most six times the length.
size_t vf_json_escape(uint8_t *to, const uint8_t *bytes, size_t length);

// Whether the quick twins are in use.
bool vf_has_avx2(void);

#endif
