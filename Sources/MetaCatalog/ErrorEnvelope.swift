/// Meta's `error` object. Every key but `message` may be missing. Source: Graph API guide, "Handle Errors".
struct ErrorEnvelope: Equatable {
    var message: String
    var code: Int?
    var subcode: Int?
    var isTransient = false
    var userTitle: String?
    var userText: String?
    var fbtraceID: String?
    /// `error_data.blame_field_specs` names something: a field of an item is at fault.
    var blamesField = false

    /// Nil where the answer holds no error object.
    init?(_ answer: JSONValue) {
        guard let error = answer["error"] else { return nil }
        if case .text(let text) = error {  // the OAuth endpoints' form
            message = answer["error_description"]?.filledText ?? text
            return
        }
        guard case .object = error else { return nil }
        message = error["message"]?.filledText ?? "no message"
        code = error["code"]?.integer
        subcode = error["error_subcode"]?.integer
        isTransient = error["is_transient"]?.flag ?? false
        userTitle = error["error_user_title"]?.filledText
        userText = error["error_user_msg"]?.filledText
        fbtraceID = error["fbtrace_id"]?.filledText
        blamesField = Self.blamesField(error["error_data"])
    }

    /// Title and text that Meta wrote for people, as one sentence.
    var userMessage: String? {
        let parts = [userTitle, userText].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ": ")
    }

    /// `error_data` is an object, or a text that holds one: Meta's Python SDK handles both.
    private static func blamesField(_ data: JSONValue?) -> Bool {
        var data = data
        if case .text(let text)? = data { data = try? JSONReader.read(text) }
        return data?["blame_field_specs"]?.array?.isEmpty == false
    }
}
