#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif
import CLibCurl

/// Starts the one thread of a transport.
enum LoopThread {
    /// Runs `body` on a new detached thread.
    ///
    /// The thread takes no signals: handlers belong to the program's own threads, and a SIGPIPE from a write inside OpenSSL (libcurl leaves
    /// it alone under CURLOPT_NOSIGNAL) must not end the process.
    static func start(_ body: @escaping @Sendable () -> Void) throws(TransportError) {
        let box = Unmanaged.passRetained(Box(body))
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let code = pthread_create(&thread, nil, enterLoopThread, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw TransportError(
                reason: .other(curlCode: Int(CURLE_FAILED_INIT.rawValue)), culprit: "no thread for the transport (errno \(code))",
                remedy: "raise the limit on processes and threads", requestMayHaveArrived: false)
        }
        #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
        #else
        pthread_detach(thread)
        #endif
    }

    fileprivate final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

#if canImport(Darwin)
private func enterLoopThread(_ box: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    runLoopThread(box)
    return nil
}
#else
private func enterLoopThread(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let box { runLoopThread(box) }
    return nil
}
#endif

private func runLoopThread(_ box: UnsafeMutableRawPointer) {
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<LoopThread.Box>.fromOpaque(box).takeRetainedValue().body()
}
