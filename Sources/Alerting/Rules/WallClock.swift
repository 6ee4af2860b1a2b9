import Events

extension ZoneRules {
    /// Days since 1970-01-01 where the clock on the wall is.
    func day(of time: Timestamp) -> Int {
        let seconds = Int(time.seconds) + offset(at: time)
        return seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    }

    /// - Parameter minute: from local midnight. A time that a change of clocks leaves out becomes the next one there is.
    func moment(day: Int, minute: Int) -> Timestamp {
        let wall = Timestamp(nanoseconds: 0) + .seconds(day * 86_400 + minute * 60)
        let guess = wall + .seconds(-offset(at: wall))
        return wall + .seconds(-offset(at: guess))
    }
}
