#pragma once

/// How often this thread has asked for memory since it began. Linked into an executable, it stands before glibc's own malloc, calloc, realloc and
/// aligned kinds, for all that is loaded; those do the work.
unsigned long long allocation_count(void);
