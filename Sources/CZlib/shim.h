#pragma once
#include <zlib.h>

/// `inflateInit2` and `deflateInit2` are macros that pass the library's version and the size of the struct; Swift cannot call a macro.
/// 15 is the largest window (32 KiB); adding 16 asks for the gzip wrapper of RFC 1952 instead of zlib's own. Source: zlib.h.
static inline int vitrine_inflate_init_gzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

/// 8 is zlib's default memory level. Source: zlib.h.
static inline int vitrine_deflate_init_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
