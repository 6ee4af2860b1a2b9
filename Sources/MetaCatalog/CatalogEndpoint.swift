public import Events

/// Which catalogue to talk to, where, and as whom.
public struct CatalogEndpoint: Sendable {
    /// How the body of `items_batch` is written. Meta documents the form; its own WooCommerce plugin sends JSON, which spares the
    /// percent-encoding that makes non-Latin text three times as long.
    public enum BodyForm: String, Sendable, CaseIterable {
        case json, form
    }

    public static let defaultLocale = "en_US"
    public static let defaultRequestTimeout = Duration.seconds(120)

    /// With version, without trailing slash, such as `https://graph.facebook.com/v26.0`.
    public var graphURL: String
    /// Digits.
    public var catalogID: String
    public var accessToken: Secret
    /// Where the app demands it, each call carries `appsecret_proof`.
    public var appSecret: Secret?
    /// In which language Meta writes its messages. Another one than English cannot be grouped by `failureFamily(of:)`.
    public var locale: String
    public var bodyForm: BodyForm
    public var requestTimeout: Duration

    public init(
        graphURL: String, catalogID: String, accessToken: Secret, appSecret: Secret? = nil, locale: String = CatalogEndpoint.defaultLocale,
        bodyForm: BodyForm = .json, requestTimeout: Duration = CatalogEndpoint.defaultRequestTimeout
    ) {
        self.graphURL = graphURL
        self.catalogID = catalogID
        self.accessToken = accessToken
        self.appSecret = appSecret
        self.locale = locale
        self.bodyForm = bodyForm
        self.requestTimeout = requestTimeout
    }
}
