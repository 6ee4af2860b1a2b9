// The plain twins: one byte at a time, to be read and believed.
#include "CFeedKernels.h"
#include "kernels.h"

uint32_t vf_class_of(uint8_t byte) {
    if (byte >= 0x80) {
        uint32_t mask = VF_NONASCII;
        switch (byte) {
            case 0xC2: case 0xC3: case 0xC5: case 0xE2: case 0xEE: case 0xF3: case 0xF4: return mask | VF_ODDLEAD;
            case 0xCC: case 0xCD: case 0xE0: case 0xE1: case 0xF0: return mask | VF_COMBINING;
            case 0xEF: return mask | VF_ODDLEAD | VF_COMBINING;
            default: return mask;
        }
    }
    if (byte == '\t' || byte == '\n' || byte == '\r') return VF_BREAK;
    if (byte < 0x20 || byte == 0x7F) return VF_CONTROL;
    if (byte >= 'a' && byte <= 'z') return VF_LOWER;
    if (byte >= 'A' && byte <= 'Z') return VF_UPPER;
    if (byte >= '0' && byte <= '9') return VF_DIGIT;
    switch (byte) {
        case '"': case '\\': return VF_ESCAPE;
        case '<': return VF_LT;
        case '&': return VF_AMP;
        case ' ': return VF_SPACE;
        case '@': return VF_AT;
        case ':': return VF_COLON;
        case '?': case '#': return VF_QUERY;
        default: return 0;
    }
}

static bool is_punctuation(uint8_t byte) {
    return (byte >= 0x21 && byte <= 0x2F) || (byte >= 0x3A && byte <= 0x40) || (byte >= 0x5B && byte <= 0x60) || (byte >= 0x7B && byte <= 0x7E);
}

vf_class vf_classify_plain(const uint8_t *bytes, size_t length) {
    vf_class all = {0, 0, 0, 0};
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = bytes[i];
        all.mask |= vf_class_of(byte);
        all.scalars += (byte & 0xC0) != 0x80;
        all.upper += byte >= 'A' && byte <= 'Z';
        all.lower += byte >= 'a' && byte <= 'z';
        if (i + 1 < length && byte == ' ' && bytes[i + 1] == ' ') all.mask |= VF_TWOSPACES;
        if (i + 1 < length && byte == '/' && bytes[i + 1] == '/') all.mask |= VF_TWOSLASHES;
        if (i + 1 < length && byte == 0xD9 && bytes[i + 1] >= 0x93 && bytes[i + 1] <= 0x95) all.mask |= VF_COMBINING;
        if (i + 2 < length && is_punctuation(byte) && bytes[i + 1] == byte && bytes[i + 2] == byte) all.mask |= VF_RUN;
    }
    return all;
}

vf_record vf_split_plain(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity) {
    vf_record record = {0, 0, 0, VF_OK, 0, 0, 0};
    size_t at = 0;
    for (;;) {
        vf_field field = {0, 0, 0};
        size_t end;  // of the field's content
        if (at < length && bytes[at] == '"') {
            record.at = (uint32_t)at;
            record.opened = record.newlines;
            field.flags = VF_QUOTED;
            field.start = (uint32_t)(at + 1);
            for (at++;; at++) {
                if (at >= length) {
                    record.status = VF_UNCLOSED;
                    record.consumed = length;
                    return record;
                }
                if (bytes[at] == '\n') record.newlines++;
                if (bytes[at] != '"') continue;
                if (at + 1 < length && bytes[at + 1] == '"') {
                    field.flags |= VF_DOUBLED;
                    at++;
                    continue;
                }
                break;
            }
            end = at++;  // the closing quote
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
            while (at < length && bytes[at] != delimiter && bytes[at] != '\n') at++;
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
        at++;  // the delimiter
    }
}

vf_survey vf_survey_block_plain(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter) {
    vf_survey survey = {0, 0, 0, VF_NONE, {VF_NONE, VF_NONE}, {0, 0}, {0, 0}, {false, false}, false};
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = bytes[i];
        if (previous == '\r' && byte != '\n') survey.lone_cr++;
        if (byte >= 0x80) survey.non_ascii = true;
        if (byte == 0 && survey.nul_at == VF_NONE) survey.nul_at = i;
        if (byte == '"') {
            unsigned opens_if = survey.quotes & 1;  // the start state under which this quote opens a field
            if (previous != delimiter && previous != '\n' && previous != '"') survey.stray[opens_if] = true;
            survey.quotes++;
        }
        if (byte == '\n') {
            survey.newlines++;
            unsigned outside_if = survey.quotes & 1;
            survey.ends[outside_if]++;
            if (survey.first_end[outside_if] == VF_NONE) {
                survey.first_end[outside_if] = i;
                survey.lines_to_end[outside_if] = survey.newlines;
            }
        }
        previous = byte;
    }
    return survey;
}

size_t vf_utf8_prefix_plain(const uint8_t *bytes, size_t length) {
    size_t i = 0;
    while (i < length) {
        uint8_t lead = bytes[i];
        if (lead < 0x80) { i++; continue; }
        size_t more;
        uint8_t low = 0x80, high = 0xBF;  // of the second byte
        if (lead >= 0xC2 && lead <= 0xDF) more = 1;
        else if (lead >= 0xE0 && lead <= 0xEF) {
            more = 2;
            if (lead == 0xE0) low = 0xA0;
            if (lead == 0xED) high = 0x9F;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            more = 3;
            if (lead == 0xF0) low = 0x90;
            if (lead == 0xF4) high = 0x8F;
        } else return i;
        if (length - i <= more) return i;
        if (bytes[i + 1] < low || bytes[i + 1] > high) return i;
        for (size_t k = 2; k <= more; k++)
            if ((bytes[i + k] & 0xC0) != 0x80) return i;
        i += more + 1;
    }
    return length;
}

uint8_t vf_needles_find_plain(const vf_needles *needles, const uint8_t *bytes, size_t length) {
    uint8_t found = 0;
    for (size_t i = 0; i + 3 < length; i++) {
        uint8_t hit = needles->loose;
        for (unsigned k = 0; k < 4; k++) hit &= needles->low[k][bytes[i + k] & 15] & needles->high[k][bytes[i + k] >> 4];
        found |= hit | vf_needle_lists(needles, bytes + i);
    }
    return found;
}
