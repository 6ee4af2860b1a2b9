public import Events

/// Who is told of each change of a metric, for exporters that send what happened since the last time. Must neither wait nor throw.
public protocol MetricSink: Sendable {
    func take(_ change: Signal.MetricChange, pipeline: String?)
}
