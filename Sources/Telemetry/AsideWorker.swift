import Glibc
import Synchronization

/// One thread for work that must not keep a writer waiting, such as packing log files. It lives while there is something to do.
final class AsideWorker: Sendable {
    private struct State {
        var isRunning = false
        var wantsMore = false
    }

    private let state = Mutex(State())
    private let work: @Sendable () -> Void

    init(_ work: @escaping @Sendable () -> Void) { self.work = work }

    /// Has the work done, once more if it is under way already. Where no thread can be had, the next one does it.
    func start() {
        let mustStart = state.withLock { state in
            if state.isRunning {
                state.wantsMore = true
                return false
            }
            state.isRunning = true
            return true
        }
        guard mustStart else { return }
        let box = Unmanaged.passRetained(self)
        var thread = pthread_t()
        guard pthread_create(&thread, nil, { Unmanaged<AsideWorker>.fromOpaque($0!).takeRetainedValue().loop(); return nil }, box.toOpaque()) == 0 else {
            box.release()
            state.withLock { $0.isRunning = false }
            return
        }
        pthread_detach(thread)
    }

    private func loop() {
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            work()
            let goesOn = state.withLock { state in
                let more = state.wantsMore
                state.wantsMore = false
                state.isRunning = more
                return more
            }
            if !goesOn { return }
        }
    }

    /// Waits for the end of the work, at most so long. What is not done then is done by the next process.
    func wait(atMost limit: Duration) {
        let deadline = ContinuousClock.now + limit
        while state.withLock(\.isRunning), ContinuousClock.now < deadline { poll(nil, 0, 5) }
    }
}
