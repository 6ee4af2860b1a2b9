// Between the files of this target only.
#ifndef KERNELS_H
#define KERNELS_H

#include "CFeedKernels.h"

uint32_t vf_class_of(uint8_t byte);

#if defined(__x86_64__)
vf_class vf_classify_avx2(const uint8_t *bytes, size_t length);
vf_record vf_split_avx2(const uint8_t *bytes, size_t length, uint8_t delimiter, vf_field *fields, uint32_t capacity);
vf_survey vf_survey_block_avx2(const uint8_t *bytes, size_t length, uint8_t previous, uint8_t delimiter);
size_t vf_utf8_prefix_avx2(const uint8_t *bytes, size_t length);
uint8_t vf_needles_find_avx2(const vf_needles *needles, const uint8_t *bytes, size_t length);
#endif

#endif
