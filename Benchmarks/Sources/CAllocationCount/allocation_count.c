#include "allocation_count.h"

#include <errno.h>
#include <stddef.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static __thread unsigned long long asked;

unsigned long long allocation_count(void) { return asked; }

void *malloc(size_t size) {
    asked++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    asked++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    asked++;
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    asked++;
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **target, size_t alignment, size_t size) {
    void *room = memalign(alignment, size);
    if (!room) return ENOMEM;
    *target = room;
    return 0;
}
