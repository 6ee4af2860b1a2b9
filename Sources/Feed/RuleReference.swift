/// The reference page of all rules, in Markdown.
public func ruleReferenceMarkdown() -> String {
    var page = """
        # Rules

        Every rule has a stable id. Its severity can be set in the settings (`validation.rules`): `off`, `info`, `warn`, `error`; rules about
        whole files also `file`. A finding of severity `error` holds its row back, one of severity `file` its whole file. Rules that compare rows
        with each other (I09, T10, L08, M06, R02, R03) or with what was sent before (I10, P13, X07) look at the rows that are sent and never hold one
        back: at most `warn`. B05 cannot be turned
        down: a required field without a usable value is never sent.

        Guards (P14, P15, V06, X02, X03, X08, X09, X10) look at what a run is about to do to the catalogue as it is known. One that speaks holds the
        run: nothing is sent, the files stay, and a person says `vitrine release` or `vitrine discard`. Each can be `hold`, `warn` or `off`; their
        limits are in the settings under `guards`. A share is one of all known products, of which at least `guards.floor` are supposed.


        """
    for rule in RuleID.allCases {
        page += """
            ## \(rule.rawValue) \(rule.title)

            \(rule.checks)

            - Severity: `\(rule.defaultSeverity.rawValue)`, looks at \(rule.kind.words).
            - Why: \(rule.why)
            - How to mend it: \(rule.hint)


            """
    }
    return page
}

extension RuleKind {
    fileprivate var words: String {
        switch self {
        case .file: "one file"
        case .row: "one row"
        case .run: "the rows of a run"
        case .history: "what was sent before"
        case .guardian: "a whole run beside the known catalogue"
        }
    }
}
