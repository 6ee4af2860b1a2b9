import Events
import Testing

@Suite struct SignalTests {
    @Test("a reset signal says nothing")
    func reset() {
        var signal = Signal()
        signal.say(.error, "something")
        signal.field(.rows, 1)
        signal.add(.handleErrors)
        signal.reset()
        #expect(signal.level == .info && signal.message.isEmpty && signal.fields.isEmpty && signal.changes.isEmpty)
    }

    @Test("an unknown field is left out")
    func optionalFields() {
        var signal = Signal()
        signal.field(.file, nil as String?)
        signal.field(.row, nil as Int?)
        signal.field(.row, 7 as Int?)
        #expect(signal.fields.map(\.name) == [.row])
    }

    @Test("a signal that fits the catalogue has no problems")
    func fits() {
        var signal = Signal()
        signal.say(.info, "done")
        signal.add(.items, 3, LabelValue(.outcome, "accepted"))
        signal.add(.ruleFindings, 1, LabelValue(.rule, "any"), LabelValue(.severity, "warn"))
        signal.set(.unaccountedRows, 0)
        signal.observe(.handleLatency, 1.5)
        #expect(signal.problems == [])
    }

    static let misfits: [@Sendable (inout Signal) -> Void] = [
        { $0.set(.handleErrors, 1) },
        { $0.add(.unaccountedRows) },
        { $0.observe(.runDuration, 1) },
        { $0.add(.items) },
        { $0.add(.items, 1, LabelValue(.state, "accepted")) },
        { $0.add(.items, 1, LabelValue(.outcome, "eaten")) },
        { $0.add(.ruleFindings, 1, LabelValue(.severity, "warn"), LabelValue(.rule, "any")) },
        { $0.field(.file, "a"); $0.field(.file, "b") },
        { $0.say(.info, "") },
    ]

    @Test("a signal that does not fit says why", arguments: misfits.indices)
    func misfit(index: Int) {
        var signal = Signal()
        signal.say(.info, "done")
        Self.misfits[index](&signal)
        #expect(signal.problems.count == 1)
    }
}
