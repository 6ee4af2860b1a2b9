import Events
import Telemetry
import Testing

@Suite struct MetricRegistryTests {
    private let registry = MetricRegistry(givenValues)
    private let accepted = LabelValue(.outcome, "accepted")

    private var dropped: MetricSnapshot.Value? {
        registry.snapshot().value(of: .telemetryDropped, LabelValue(.sink, "metrics"))
    }

    @Test("every series is there at zero from the start")
    func zeros() {
        let snapshot = registry.snapshot()
        for family in registry.families where family.metric != .ruleFindings {
            #expect(!family.series.isEmpty, "\(family.metric)")
            #expect(snapshot.series(of: family).count == family.series.count)
        }
        #expect(snapshot.value(of: .items, pipeline: "shop", accepted) == .counter(0))
        #expect(snapshot.value(of: .buildInfo, LabelValue(.version, "1.0.0")) == .gauge(1))
    }

    @Test("of a rule's findings the severity it has shows at zero, another one once it is counted")
    func sparse() throws {
        let family = try #require(registry.families.first { $0.metric == .ruleFindings })
        #expect(registry.snapshot().series(of: family).count == 4)  // two pipelines, two rules
        registry.apply(.init(.add, .ruleFindings, 2, LabelValue(.rule, "T01"), LabelValue(.severity, "warn")), pipeline: "shop")
        #expect(registry.snapshot().series(of: family).count == 5)
    }

    @Test("a change lands in its own series and in no other")
    func ownSeries() {
        for family in registry.families {
            for series in family.series {
                let registry = MetricRegistry(givenValues)
                let others = series.labels.filter { $0.name != .pipeline }
                let change = Signal.MetricChange(family.declaration.kind.change, family.metric, 3, others.first, others.dropFirst().first)
                let before = Set(registry.snapshot().pairs)
                #expect(registry.apply(change, pipeline: series.labels.first { $0.name == .pipeline }?.value))
                let changed = registry.snapshot().pairs.filter { !before.contains($0) }
                #expect(changed.map(\.labels) == [series.labels] && changed.map(\.metric) == [family.metric])
            }
        }
    }

    static let misfits: [(Signal.MetricChange, String?)] = [
        (.init(.add, .items, 1, LabelValue(.outcome, "eaten")), "shop"),
        (.init(.add, .items, 1, LabelValue(.outcome, "accepted")), "unknown"),
        (.init(.add, .items, 1, LabelValue(.outcome, "accepted")), nil),
        (.init(.add, .items, 1), "shop"),
        (.init(.add, .items, 1, LabelValue(.outcome, "accepted"), LabelValue(.state, "done")), "shop"),
        (.init(.add, .items, -1, LabelValue(.outcome, "accepted")), "shop"),
        (.init(.add, .items, .nan, LabelValue(.outcome, "accepted")), "shop"),
        (.init(.add, .unaccountedRows, 1), "shop"),
        (.init(.set, .handleErrors, 1), "shop"),
        (.init(.observe, .handleLatency, -1), "shop"),
        (.init(.observe, .handleLatency, .infinity), "shop"),
        (.init(.observe, .runDuration, 1), "shop"),
    ]

    @Test("a change that fits no series is counted as dropped and changes nothing", arguments: misfits.indices)
    func misfit(index: Int) {
        let (change, pipeline) = Self.misfits[index]
        #expect(!registry.apply(change, pipeline: pipeline))
        #expect(dropped == .counter(1))
    }

    @Test("an observation counts in the bucket whose bound it does not pass, and in all above")
    func histogram() throws {
        let histogram = try #require(registry.histogram(.handleLatency, pipeline: "shop"))
        for value in [0, 0.5, 0.500001, 1_800, 1_801] { histogram.observe(value) }
        guard case .histogram(let value) = registry.snapshot().value(of: .handleLatency, pipeline: "shop") else {
            Issue.record("no histogram")
            return
        }
        #expect(value.cumulative == [2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5])
        #expect(value.count == 5)
        #expect(abs(value.sum - 3_602.000001) < 1e-6)
    }

    @Test("many writers lose nothing, and a reader in between sees buckets that rise and counters that do not fall")
    func concurrency() async throws {
        let registry = registry
        let rounds = 20_000
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let counter = registry.counter(.items, pipeline: "shop", LabelValue(.outcome, "accepted"))
                    let histogram = registry.histogram(.handleLatency, pipeline: "shop")
                    for round in 0..<rounds {
                        counter?.add()
                        histogram?.observe(Double(round % 40))
                        if round % 100 == 0 { registry.apply(.init(.add, .handleErrors, 1), pipeline: "shop") }
                    }
                }
            }
            group.addTask {
                var last: UInt64 = 0
                for _ in 0..<200 {
                    let snapshot = registry.snapshot()
                    guard case .counter(let now) = snapshot.value(of: .items, pipeline: "shop", LabelValue(.outcome, "accepted")),
                        case .histogram(let latency) = snapshot.value(of: .handleLatency, pipeline: "shop")
                    else {
                        Issue.record("no series")
                        return
                    }
                    #expect(now >= last)
                    #expect(latency.cumulative == latency.cumulative.sorted())
                    last = now
                }
            }
        }
        let snapshot = registry.snapshot()
        #expect(snapshot.value(of: .items, pipeline: "shop", accepted) == .counter(UInt64(4 * rounds)))
        #expect(snapshot.value(of: .handleErrors, pipeline: "shop") == .counter(UInt64(4 * rounds / 100)))
        guard case .histogram(let latency) = snapshot.value(of: .handleLatency, pipeline: "shop") else {
            Issue.record("no histogram")
            return
        }
        #expect(latency.count == UInt64(4 * rounds))
        #expect(latency.sum == Double(4 * (0..<rounds).reduce(0) { $0 + $1 % 40 }))
    }
}

extension MetricSnapshot {
    fileprivate var pairs: [Pair] {
        families.flatMap { family in series(of: family).map { Pair(metric: family.metric, labels: $0.labels, value: $0.value) } }
    }
}

private struct Pair: Hashable {
    let metric: MetricName
    let labels: [LabelValue]
    let value: MetricSnapshot.Value
}

@Suite struct ExtendedRegistryTests {
    @Test("a series once shown stays, whatever the new values leave out, and its number goes on")
    func stays() {
        let registry = MetricRegistry(givenValues)
        registry.apply(.init(.add, .handleErrors, 3), pipeline: "shop")
        let other = registry.extended(with: GivenLabelValues(pipelines: ["annex"], rules: [.init(id: "T09", severity: "error")], version: "1.0.0"))
        #expect(other.snapshot().value(of: .handleErrors, pipeline: "shop") == .counter(3))
        #expect(other.apply(.init(.add, .handleErrors, 1), pipeline: "shop"), "a run that began before goes on counting")
        #expect(other.snapshot().value(of: .handleErrors, pipeline: "annex") == .counter(0))
        #expect(other.snapshot().value(of: .ruleFindings, pipeline: "shop", LabelValue(.rule, "T01"), LabelValue(.severity, "error")) == .counter(0))
        #expect(other.snapshot().value(of: .alertsSent, LabelValue(.channel, "ops"), LabelValue(.outcome, "sent")) == .counter(0))
    }
}
