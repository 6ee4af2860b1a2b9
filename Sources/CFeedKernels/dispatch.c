// Picks the twin, once a process.
#include "kernels.h"

#if defined(__x86_64__)
static bool quick;

__attribute__((constructor)) static void look_at_processor(void) {
    __builtin_cpu_init();
    quick = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul")
        && __builtin_cpu_supports("popcnt");
}

bool vf_has_avx2(void) { return quick; }
#define PICK(name, ...) (quick ? name##_avx2(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
bool vf_has_avx2(void) { return false; }
#define PICK(name, ...) name##_plain(__VA_ARGS__)
#endif

vf_class vf_classify(const uint8_t *bytes, size_t length) { return PICK(vf_classify, bytes, length); }

vf_record vf_split(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity) {
    return PICK(vf_split, bytes, length, delimiter, fields, capacity);
}

vf_survey vf_survey_block(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter) {
    return PICK(vf_survey_block, bytes, length, previous, delimiter);
}

size_t vf_utf8_prefix(const uint8_t *bytes, size_t length) { return PICK(vf_utf8_prefix, bytes, length); }

uint8_t vf_needles_find(const vf_needles *needles, const uint8_t *bytes, size_t length) { return PICK(vf_needles_find, needles, bytes, length); }

size_t vf_find(const vf_texts *texts, const uint8_t *bytes, size_t length, size_t from) { return PICK(vf_find, texts, bytes, length, from); }

vf_line vf_read_line(const uint8_t *bytes, size_t length, vf_member *members, uint32_t capacity) {
    return PICK(vf_read_line, bytes, length, members, capacity);
}

vf_line vf_pick(const uint8_t *bytes, size_t length, vf_wanted *wanted, uint32_t count) { return PICK(vf_pick, bytes, length, wanted, count); }
