/// What is said of a rule, in words for people who do not program.
struct RuleFacts: Sendable {
    let title: String
    let severity: Severity
    let kind: RuleKind
    let checks: String
    let why: String
    let hint: String

    init(_ title: String, _ severity: Severity, _ kind: RuleKind, checks: String, why: String, hint: String) {
        self.title = title
        self.severity = severity
        self.kind = kind
        self.checks = checks
        self.why = why
        self.hint = hint
    }
}

/// What a rule looks at.
public enum RuleKind: String, CaseIterable, Sendable {
    case file, row, run
    /// What was sent before. Tells, and never stops a row: at most `warn`.
    case history
    /// A whole run beside the known catalogue. Holds the run, tells, or is off.
    case guardian
}

extension RuleID {
    /// A few words.
    public var title: String { facts.title }
    /// What must hold, in one sentence.
    public var checks: String { facts.checks }
    /// Why it matters.
    public var why: String { facts.why }
    /// How to mend it.
    public var hint: String { facts.hint }
    public var defaultSeverity: Severity { facts.severity }
    public var kind: RuleKind { facts.kind }

    /// The catalogue, in files by family.
    private static let catalogue: [RuleFacts] = RuleID.allCases.map(\.stated)

    var facts: RuleFacts { Self.catalogue[ordinal] }

    private var stated: RuleFacts {
        switch self {
        case .f01, .f02, .f03, .f04, .f05, .f06, .f07, .f08,
            .f09, .f10, .f11, .f12, .f13, .f14, .i01, .i02, .i03, .i04,
            .i05, .i06, .i07, .i08, .i09, .i10, .i11, .i12:
            filesFacts
        case .t01, .t02, .t03, .t04, .t05, .t06, .t07, .t08,
            .t09, .t10, .t11, .d01, .d02, .d03, .d04, .d05, .d06,
            .d07, .d08, .d09:
            textsFacts
        case .l01, .l02, .l03, .l04, .l05, .l06, .l07, .l08, .m01,
            .m02, .m03, .m04, .m05, .m06, .m07:
            linksFacts
        case .p01, .p02, .p03, .p04, .p05, .p06, .p07, .p08,
            .p09, .p10, .p11, .p12, .p13, .p14, .p15, .v01, .v02, .v03, .v04,
            .v05, .v06, .c01, .c02, .c03:
            offersFacts
        case .g01, .g02, .g03, .g04, .g05, .g06, .g07, .g08,
            .k01, .k02, .k03, .k04, .k05, .k06, .r01, .r02, .r03, .r04, .r05, .r06, .r07, .s01, .s02, .b01, .b02,
            .b03, .b04, .b05, .b06, .x01, .x02, .x03, .x04, .x07, .x08, .x09, .x10:
            kindsFacts
        }
    }
}
