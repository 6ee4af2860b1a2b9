import CLibCurl

/// The one owner of a curl multi handle.
///
/// Sendable although it wraps a pointer: `wake` is `curl_multi_wakeup`, which libcurl documents as safe from any thread; everything else
/// is called by `CurlLoop` on its one thread; and the clean-up runs when the last reference is gone, so beside no other call.
final class MultiHandle: @unchecked Sendable {
    let raw: UnsafeMutableRawPointer

    init(connections: Int) throws(TransportError) {
        guard CurlLibrary.isReady, let raw = curl_multi_init() else {
            throw TransportError(
                reason: .other(curlCode: Int(CURLE_FAILED_INIT.rawValue)), culprit: "libcurl could not be set up",
                remedy: "give the process more memory", requestMayHaveArrived: false)
        }
        self.raw = raw
        // How many idle connections are kept.
        _ = vitrine_curl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, max(1, connections))
    }

    deinit { curl_multi_cleanup(raw) }

    func wake() { curl_multi_wakeup(raw) }
}

enum CurlLibrary {
    /// Set up once for the process and never torn down: other users of libcurl may live in it.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
