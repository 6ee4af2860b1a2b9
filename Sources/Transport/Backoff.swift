/// How long to wait before the next try: exponential growth with full jitter, so that many clients do not come back at the same moment.
///
/// Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: full jitter needs the fewest calls of those compared.
public struct Backoff: Sendable, Equatable {
    /// Largest wait after the first failure.
    public var base: Duration
    /// Largest wait after any failure.
    public var cap: Duration

    public init(base: Duration = .milliseconds(500), cap: Duration = .seconds(30)) {
        self.base = base
        self.cap = cap
    }

    /// The largest wait after failure number `failure` (from 1): `base`, 2 × `base`, 4 × `base`, … up to `cap`.
    public func ceiling(afterFailure failure: Int) -> Duration {
        var ceiling = base
        for _ in 1..<max(1, failure) where ceiling < cap { ceiling *= 2 }
        return min(ceiling, cap)
    }

    /// A wait drawn evenly from zero to the ceiling.
    public func wait(afterFailure failure: Int, using generator: inout some RandomNumberGenerator) -> Duration {
        // One draw, whatever it is: `Double.random` draws again where a value does not suit, which a test's fixed draws would never end.
        let share = Double(generator.next() >> 11) / Double((1 << 53) - 1)
        return ceiling(afterFailure: failure) * share
    }
}
