/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): tiny, and the same on every machine.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A generator of its own for one subject, so that what is drawn for it depends on nothing else: not on the order of calls, not on other items.
    init(seed: UInt64, _ subject: String...) {
        // FNV-1a: Swift's own hashes change with every process.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for word in subject {
            for byte in word.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        self.init(seed: seed ^ hash)
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
