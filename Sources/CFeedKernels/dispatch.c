// Picks the twin once a process. `__builtin_cpu_supports` reads a variable set by a constructor: cheap enough to ask a call.
#include "CFeedKernels.h"
#include "kernels.h"

bool vf_has_avx2(void) { return false; }

vf_class vf_classify(const uint8_t *bytes, size_t length) { return vf_classify_plain(bytes, length); }
vf_record vf_split(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity) {
    return vf_split_plain(bytes, length, delimiter, fields, capacity);
}
vf_survey vf_survey_block(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter) {
    return vf_survey_block_plain(bytes, length, previous, delimiter);
}
size_t vf_utf8_prefix(const uint8_t *bytes, size_t length) { return vf_utf8_prefix_plain(bytes, length); }
uint8_t vf_needles_find(const vf_needles *needles, const uint8_t *bytes, size_t length) { return vf_needles_find_plain(needles, bytes, length); }
