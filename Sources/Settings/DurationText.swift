/// A length of time as the settings write it, for options of the command line: `30m`, `4h`, `2d`.
public enum DurationText {
    public struct Unreadable: Error, Sendable, Equatable {
        public let message: String
        public let remedy: String
    }

    public static func parse(_ text: String, in range: ClosedRange<Duration>) throws(Unreadable) -> Duration {
        do throws(SettingFault) {
            guard case .duration(let length) = try SettingType.duration(range).parse(text) else {
                throw SettingFault(message: "'\(text)' is no duration", remedy: "write a number with a unit: 30m, 4h or 2d")
            }
            return length
        } catch {
            throw Unreadable(message: error.message, remedy: error.remedy)
        }
    }
}
