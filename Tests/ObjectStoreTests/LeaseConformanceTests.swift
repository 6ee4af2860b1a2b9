import Events
import ObjectStore
import Testing

@Suite("Every lease")
struct LeaseConformanceTests {
    static let noon = Timestamp(year: 2026, month: 11, day: 21, hour: 12)
    private let first = LeaseHolder(runID: "run-1", process: "host:1")
    private let second = LeaseHolder(runID: "run-2", process: "host:2")

    @Test("is held by one, who is named to the other", arguments: StoreUnderTest.allCases)
    func exclusive(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let lease = try #require(try await store.take(first))
            #expect(try await store.holder(refusing: second) == first)
            #expect(try await store.holder(refusing: first) == first, "not even the same run gets it twice")
            await lease.release()
        }
    }

    @Test("is free again once it is given back", arguments: StoreUnderTest.allCases)
    func released(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let lease = try #require(try await store.take(first))
            await lease.release()
            await lease.release()
            #expect(try await store.take(second) != nil)
        }
    }

    @Test("of one name leaves the others free", arguments: StoreUnderTest.allCases)
    func names(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let lease = try #require(try await store.take(first, "shop/.lease"))
            let other = try #require(try await store.take(second, "boutique/.lease"))
            await lease.release()
            await other.release()
        }
    }

    @Test("goes to exactly one of many who ask at once", arguments: StoreUnderTest.allCases)
    func race(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let granted = try await withThrowingTaskGroup(of: (any Lease)?.self) { group in
                for number in 0..<16 {
                    group.addTask { try await store.take(LeaseHolder(runID: "run-\(number)", process: "host:1")) }
                }
                return try await group.reduce(into: [any Lease]()) { granted, lease in if let lease { granted.append(lease) } }
            }
            #expect(granted.count == 1)
            for lease in granted { await lease.release() }
        }
    }

    @Test("that is extended outlives its process for the same run, and for others until its time", arguments: StoreUnderTest.allCases)
    func grace(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let hour = Self.noon + .seconds(3600)
            do {
                let lease = try #require(try await store.take(first))
                try await lease.extend(until: hour)
            }
            var extended = first
            extended.until = hour
            #expect(try await store.holder(refusing: second, now: Self.noon) == extended)
            #expect(try await store.holder(refusing: second, now: hour + .nanoseconds(-1)) == extended)
            do {
                let stage = try #require(try await store.take(first, now: Self.noon))
                try await stage.extend(until: hour)
            }
            let other = try #require(try await store.take(second, now: hour))
            await other.release()
        }
    }

    @Test("that is extended and then given back is free for all", arguments: StoreUnderTest.allCases)
    func graceReleased(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let lease = try #require(try await store.take(first))
            try await lease.extend(until: Self.noon + .seconds(3600))
            await lease.release()
            #expect(try await store.take(second, now: Self.noon) != nil)
        }
    }

    @Test("cannot be extended after it was given back", arguments: StoreUnderTest.allCases)
    func extendAfterRelease(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            let lease = try #require(try await store.take(first))
            await lease.release()
            await #expect(throws: StoreError.self) { try await lease.extend(until: Self.noon) }
        }
    }

    @Test("is told what the next holder is called, whatever the last one was", arguments: StoreUnderTest.allCases)
    func texts(_ kind: StoreUnderTest) async throws {
        try await kind.use { store in
            for length in [64, 1, 900, 2, 30] {
                let holder = LeaseHolder(runID: String(repeating: "r", count: length), process: "host:\(length)")
                let lease = try #require(try await store.take(holder))
                #expect(try await store.holder(refusing: second) == holder)
                await lease.release()
            }
        }
    }
}

extension LeasingStore {
    /// Nil where somebody else has it.
    func take(_ holder: LeaseHolder, _ key: String = "shop/.lease", now: Timestamp = LeaseConformanceTests.noon) async throws -> (any Lease)? {
        switch try await lease(key, for: holder, now: now) {
        case .granted(let lease): lease
        case .held: nil
        }
    }

    /// Who holds it; nil too where it was granted, which the caller's comparison finds.
    func holder(refusing holder: LeaseHolder, now: Timestamp = LeaseConformanceTests.noon) async throws -> LeaseHolder? {
        switch try await lease("shop/.lease", for: holder, now: now) {
        case .granted: nil
        case .held(let other): other
        }
    }
}
