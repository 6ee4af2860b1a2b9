import CLibCurl

/// The one owner of a curl easy handle and of what libcurl keeps pointers to: the header list and the buffer for its words on an error.
struct EasyHandle: ~Copyable {
    let raw: UnsafeMutableRawPointer
    private var list: UnsafeMutablePointer<curl_slist>?
    private var receivers: UnsafeMutablePointer<curl_slist>?
    private let words: UnsafeMutablePointer<CChar>

    /// Nil where there is no memory.
    init?() {
        guard let raw = curl_easy_init() else { return nil }
        self.raw = raw
        words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        set(CURLOPT_ERRORBUFFER, pointer: words)
    }

    deinit {
        curl_easy_cleanup(raw)
        curl_slist_free_all(list)
        curl_slist_free_all(receivers)
        words.deallocate()
    }

    // An option that libcurl does not know or take is a mistake in our own code, or a library older than we ask for. Going on without,
    // say, the limit on protocols would be worse than stopping.
    private func expectOK(_ code: CURLcode, _ option: CURLoption) {
        precondition(code == CURLE_OK, "curl_easy_setopt(\(option.rawValue)) failed with \(code.rawValue)")
    }

    func set(_ option: CURLoption, _ value: Int) { expectOK(vitrine_curl_set_long(raw, option, value), option) }
    func set(_ option: CURLoption, _ value: Bool) { set(option, value ? 1 : 0) }
    func set(_ option: CURLoption, offset: Int) { expectOK(vitrine_curl_set_offset(raw, option, curl_off_t(offset)), option) }
    func set(_ option: CURLoption, _ value: String) { expectOK(vitrine_curl_set_text(raw, option, value), option) }
    func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) { expectOK(vitrine_curl_set_pointer(raw, option, pointer), option) }
    func set(_ option: CURLoption, _ callback: @escaping vitrine_curl_bytes_callback) {
        expectOK(vitrine_curl_set_bytes_callback(raw, option, callback), option)
    }
    func setSeek(_ callback: @escaping @convention(c) (UnsafeMutableRawPointer?, curl_off_t, Int32) -> Int32) {
        expectOK(vitrine_curl_set_seek_callback(raw, callback), CURLOPT_SEEKFUNCTION)
    }

    /// Whole header lines, once for a handle.
    mutating func setHeaders(_ lines: [String]) {
        for line in lines { list = curl_slist_append(list, line) ?? list }
        expectOK(vitrine_curl_set_list(raw, CURLOPT_HTTPHEADER, list), CURLOPT_HTTPHEADER)
    }

    /// Those a mail is for, once for a handle.
    mutating func setReceivers(_ addresses: [String]) {
        for address in addresses { receivers = curl_slist_append(receivers, address) ?? receivers }
        expectOK(vitrine_curl_set_list(raw, CURLOPT_MAIL_RCPT, receivers), CURLOPT_MAIL_RCPT)
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        vitrine_curl_get_long(raw, info, &value)
        return value
    }

    func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        vitrine_curl_get_offset(raw, info, &value)
        return Int(value)
    }

    func microseconds(_ info: CURLINFO) -> Duration { .microseconds(offset(info)) }

    /// libcurl's words on the failure. What it says of a proxy may quote the proxy's address with its password, so that is left out.
    func words(for code: CURLcode) -> String {
        let detail = String(cString: words)
        if detail.isEmpty || detail.lowercased().contains("proxy") { return String(cString: curl_easy_strerror(code)) }
        return detail
    }
}
