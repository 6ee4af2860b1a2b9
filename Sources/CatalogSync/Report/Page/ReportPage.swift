import Engine

extension SyncReport {
    /// `report.html`: one file that needs nothing else.
    public func html(for presentation: Presentation = Presentation()) -> [UInt8] {
        let title = "\(pipeline): \(state.inWords), run \(runID)"
        let frame = PageFrame(title: Shown.line(title), zone: presentation.zone, at: startedAt, tellsTime: false)
        return Self.renderer.render(FramedView(frame, ReportView(self, presentation)), with: "report-page")
    }

    private static let renderer = PageRenderer()
}
