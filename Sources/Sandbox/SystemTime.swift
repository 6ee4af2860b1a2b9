#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

enum SystemTime {
    /// Whole seconds since 1970, from `time(2)`.
    static func unixSeconds() -> Int64 { Int64(time(nil)) }
}
