// One object of JSON, taken apart. Included by each twin, which brings its own way over the plain bytes of a string:
//   STRING_STOP(in)  the first '"', '\' or control at or after `in->at`, or `in->length`
//   REST_IS_SOUND(in)  true: behind a member, at `in->at`, only whole members follow until the object's end. False: nobody knows
// and its own qualifiers: READER.

READER bool json_is_space(uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

READER void json_skip_space(json_cursor *in) {
    while (in->at < in->length && json_is_space(in->bytes[in->at])) in->at++;
}

READER bool json_take(json_cursor *in, uint8_t byte) {
    if (in->at >= in->length || in->bytes[in->at] != byte) return false;
    in->at++;
    return true;
}

READER bool json_is_hex(uint8_t byte) { return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f'); }

// At a backslash.
READER bool json_take_escape(json_cursor *in) {
    if (in->at + 1 >= in->length) return false;
    uint8_t letter = in->bytes[in->at + 1];
    in->at += 2;
    switch (letter) {
        case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't': return true;
        case 'u':
            if (in->at + 4 > in->length) return false;
            for (int k = 0; k < 4; k++) {
                if (!json_is_hex(in->bytes[in->at + (size_t)k])) return false;
            }
            in->at += 4;
            return true;
        default: return false;
    }
}

// Behind the opening quote.
READER bool json_take_string(json_cursor *in, uint32_t *start, uint32_t *length, bool *escaped) {
    size_t first = in->at;
    *escaped = false;
    for (;;) {
        in->at = STRING_STOP(in);
        if (in->at >= in->length) return false;
        if (in->bytes[in->at] == '"') break;
        if (in->bytes[in->at] != '\\') return false;
        *escaped = true;
        if (!json_take_escape(in)) return false;
    }
    *start = (uint32_t)first;
    *length = (uint32_t)(in->at - first);
    in->at++;
    return true;
}

READER bool json_take_digits(json_cursor *in) {
    size_t first = in->at;
    while (in->at < in->length && in->bytes[in->at] >= '0' && in->bytes[in->at] <= '9') in->at++;
    return in->at > first;
}

READER bool json_take_number(json_cursor *in) {
    json_take(in, '-');
    if (!json_take(in, '0') && !json_take_digits(in)) return false;
    if (json_take(in, '.') && !json_take_digits(in)) return false;
    if (json_take(in, 'e') || json_take(in, 'E')) {
        if (!json_take(in, '+')) json_take(in, '-');
        if (!json_take_digits(in)) return false;
    }
    return true;
}

READER bool json_take_word(json_cursor *in, const char *word, size_t count) {
    if (in->length - in->at < count || memcmp(in->bytes + in->at, word, count) != 0) return false;
    in->at += count;
    return true;
}

// An array or an object inside the object, read and not kept. Without recursion: what is open is kept as one bit a level.
READER bool json_take_nested(json_cursor *in) {
    uint64_t objects = 0;  // bit of a level: it is an object
    unsigned depth = 0;
    uint32_t start, length;
    bool escaped;
    for (;;) {
        // A value begins here.
        json_skip_space(in);
        if (in->at >= in->length) return false;
        uint8_t byte = in->bytes[in->at];
        bool opened = false;
        if (byte == '{' || byte == '[') {
            if (depth == VF_DEPTH) return false;
            in->at++;
            objects = objects << 1 | (byte == '{');
            depth++;
            json_skip_space(in);
            opened = !(in->at < in->length && in->bytes[in->at] == (byte == '{' ? '}' : ']'));
        } else if (byte == '"') {
            in->at++;
            if (!json_take_string(in, &start, &length, &escaped)) return false;
        } else if (byte == 't') {
            if (!json_take_word(in, "true", 4)) return false;
        } else if (byte == 'f') {
            if (!json_take_word(in, "false", 5)) return false;
        } else if (byte == 'n') {
            if (!json_take_word(in, "null", 4)) return false;
        } else if (!json_take_number(in)) {
            return false;
        }
        // Behind a value, or behind an opening bracket: what closes is closed, until another value has to come.
        while (!opened) {
            json_skip_space(in);
            if (in->at >= in->length) return false;
            byte = in->bytes[in->at];
            if (byte == ',') {
                in->at++;
                break;
            }
            if (byte != ((objects & 1) ? '}' : ']')) return false;
            in->at++;
            objects >>= 1;
            depth--;
            if (depth == 0) return true;
        }
        if (objects & 1) {
            json_skip_space(in);
            if (!json_take(in, '"') || !json_take_string(in, &start, &length, &escaped)) return false;
            json_skip_space(in);
            if (!json_take(in, ':')) return false;
        }
    }
}

READER bool json_take_value(json_cursor *in, vf_member *member) {
    if (in->at >= in->length) return false;
    uint8_t byte = in->bytes[in->at];
    if (byte == '"') {
        in->at++;
        member->kind = VF_STRING;
        return json_take_string(in, &member->value, &member->value_length, &member->value_escaped);
    }
    size_t first = in->at;
    bool good;
    switch (byte) {
        case '{': case '[':
            member->kind = VF_NESTED;
            good = json_take_nested(in);
            break;
        case 't':
            member->kind = VF_TRUE;
            good = json_take_word(in, "true", 4);
            break;
        case 'f':
            member->kind = VF_FALSE;
            good = json_take_word(in, "false", 5);
            break;
        case 'n':
            member->kind = VF_NULL;
            good = json_take_word(in, "null", 4);
            break;
        default:
            member->kind = VF_NUMBER;
            good = json_take_number(in);
    }
    member->value = (uint32_t)first;
    member->value_length = (uint32_t)(in->at - first);
    return good;
}

// What is done with each member.
typedef struct {
    vf_member *members;
    uint32_t capacity, count;
    vf_wanted *wanted;
    uint32_t wanted_count, missing;  // of those that are first
    uint64_t lengths;  // bit of each length that a name has, 63 for longer ones
} json_keeper;

READER uint64_t json_length_bit(uint32_t length) { return (uint64_t)1 << (length < 63 ? length : 63); }

// Without a call, which for a few bytes costs more than they do.
READER bool json_is_name(const uint8_t *name, const uint8_t *bytes, uint32_t length) {
    for (uint32_t k = 0; k < length; k++) {
        if (name[k] != bytes[k]) return false;
    }
    return true;
}

// Notes another member. True: nothing more is looked for.
READER bool json_keep(json_keeper *keeper, const uint8_t *bytes, const vf_member *member) {
    if (keeper->count++ < keeper->capacity) keeper->members[keeper->count - 1] = *member;
    if (!(keeper->lengths & json_length_bit(member->key_length))) return false;
    for (uint32_t k = 0; k < keeper->wanted_count; k++) {
        vf_wanted *wanted = keeper->wanted + k;
        if (wanted->member.kind != 0 || wanted->length != member->key_length || !json_is_name(wanted->name, bytes + member->key, wanted->length)) continue;
        wanted->member = *member;
        if (wanted->is_first) keeper->missing--;
    }
    return keeper->missing == 0;
}

// `bytes` is an object, and nothing behind it.
READER uint32_t json_read_members(const uint8_t *bytes, size_t length, json_keeper *keeper) {
    json_cursor in = {bytes, length, 0, JSON_NO_CHUNK, 0};
    json_skip_space(&in);
    if (!json_take(&in, '{')) return VF_LINE_NO_OBJECT;
    json_skip_space(&in);
    if (!json_take(&in, '}')) {
        bool is_looking = keeper->wanted_count > 0;
        for (;;) {
            vf_member member = {0, 0, 0, 0, 0, false, false};
            json_skip_space(&in);
            if (!json_take(&in, '"') || !json_take_string(&in, &member.key, &member.key_length, &member.key_escaped)) return VF_LINE_BROKEN;
            json_skip_space(&in);
            if (!json_take(&in, ':')) return VF_LINE_BROKEN;
            json_skip_space(&in);
            if (!json_take_value(&in, &member)) return VF_LINE_BROKEN;
            if (json_keep(keeper, bytes, &member) && is_looking) {
                if (REST_IS_SOUND(&in)) return VF_LINE_OK;
                is_looking = false;
            }
            json_skip_space(&in);
            if (json_take(&in, '}')) break;
            if (!json_take(&in, ',')) return VF_LINE_BROKEN;
        }
    }
    json_skip_space(&in);
    return in.at == length ? VF_LINE_OK : VF_LINE_BROKEN;
}

READER vf_line json_read_line(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity) {
    json_keeper keeper = {members, capacity, 0, NULL, 0, 0, 0};
    uint32_t status = json_read_members(bytes, length, &keeper);
    return (vf_line){status == VF_LINE_OK ? keeper.count : 0, status};
}

READER vf_line json_pick(const uint8_t *bytes, size_t length, vf_wanted *wanted, uint32_t count) {
    json_keeper keeper = {NULL, 0, 0, wanted, count, 0, 0};
    for (uint32_t k = 0; k < count; k++) {
        wanted[k].member.kind = 0;
        keeper.missing += wanted[k].is_first;
        keeper.lengths |= json_length_bit(wanted[k].length);
    }
    return (vf_line){0, json_read_members(bytes, length, &keeper)};
}
