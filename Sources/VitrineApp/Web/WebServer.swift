import Engine
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The desk behind a socket: HTTP/1.1 by Hummingbird, with bounds on connections, headers and idleness.
struct WebServer: Service {
    /// Connections at the same time; more wait in the system's queue.
    static let mostConnections = 128
    /// A connection on which nothing moves is closed.
    static let idle = TimeAmount.seconds(60)
    private static let longestHeader = 8 * 1_024
    private static let longestHeaders = 16 * 1_024
    private static let mostHeaders = 64

    let desk: WebDesk
    let address: ListenAddress
    /// Nil: plain HTTP.
    var tls: TLSConfiguration?
    /// Told once with the port that it got.
    let onListening: @Sendable (_ port: Int) async -> Void

    func run() async throws {
        let logger = Logger(label: "web", to: desk.reporter)
        let http = HTTP1Channel.Configuration(
            idleTimeout: Self.idle,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: Self.longestHeader, maxHeaderListSize: Self.longestHeaders, maxHeaderFieldCount: Self.mostHeaders))
        let plain = HTTPServerBuilder.http1(configuration: http)
        let application = Application(
            responder: WebResponder(desk: desk), server: try tls.map { try .tls(plain, tlsConfiguration: $0) } ?? plain,
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections, logger: logger)),
            onServerRunning: { [onListening, address] channel in await onListening(channel.localAddress?.port ?? address.port) }, logger: logger)
        do {
            try await application.run()
        } catch let error where !(error is CancellationError) {
            throw RunStop(
                .serviceUnavailable, reason: "listen", culprit: "telemetry.prometheus.listen", detail: "cannot listen on \(address.text): \(error)",
                remedy: "Name an address of this machine with a free port, or stop what has it.")
        }
    }
}

/// `HOST:PORT`, an IPv6 address in brackets.
struct ListenAddress: Sendable, Equatable {
    let host: String
    let port: Int

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        let host = text[..<colon]
        self.host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
        self.port = Int(port)
    }

    var text: String { "\(bracketed):\(port)" }
    func url(port: Int, isSecure: Bool) -> String { "\(isSecure ? "https" : "http")://\(bracketed):\(port)" }
    private var bracketed: String { host.contains(":") ? "[\(host)]" : host }
}

/// A request's context that keeps the connection, so that it can be ended.
struct WebContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

struct WebResponder: HTTPResponder {
    typealias Context = WebContext

    let desk: WebDesk
    /// Hummingbird's own, without its router: it reports to swift-metrics how many requests there are and how long they take.
    private let metrics = MetricsMiddleware<WebContext>()

    init(desk: WebDesk) { self.desk = desk }

    func respond(to request: Request, context: WebContext) async throws -> Response {
        try await metrics.handle(Self.counted(request), context: context) { _, context in await answer(request, context) }
    }

    /// As it is counted: any stranger can name a method, so those that nothing here answers are one (OpenTelemetry, "HTTP metrics").
    private static func counted(_ request: Request) -> Request {
        guard request.method != .get, request.method != .head, let other = HTTPRequest.Method("_OTHER") else { return request }
        var head = request.head
        head.method = other
        return Request(head: head, body: request.body)
    }

    private func answer(_ request: Request, _ context: WebContext) async -> Response {
        let isHead = request.method == .head
        let answer = await desk.answer(WebRequest(request, from: context.channel.remoteAddress?.ipAddress))
        context.coreContext.endpointPath.value = answer.route.rawValue
        var headers = HTTPFields()
        headers[.contentType] = answer.response.contentType
        for (name, value) in answer.response.headers {
            if let name = HTTPFields.Element.Name(name) { headers.append(HTTPFields.Element(name: name, value: value)) }
        }
        if answer.closes { headers[.connection] = "close" }
        let length = answer.response.body.count
        let channel = answer.closes ? context.channel : nil
        let body = ResponseBody(contentLength: length) { [place = answer.place, bytes = answer.response.body] writer in
            if !isHead, !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
            try await writer.finish(nil)
            withExtendedLifetime(place) {}
            try? await channel?.close()
        }
        return Response(status: .init(code: answer.response.status), headers: headers, body: body)
    }
}

extension WebRequest {
    init(_ request: Request, from remote: String?) {
        self.init(
            method: request.method.rawValue, target: request.uri.string, accept: Self.joined(request, .accept),
            acceptEncoding: Self.joined(request, .acceptEncoding), authorization: request.headers[.authorization], remote: remote,
            bodyLength: Self.bodyLength(request))
    }

    /// A header that comes several times is one list.
    private static func joined(_ request: Request, _ name: HTTPFields.Element.Name) -> String? {
        let values = request.headers[values: name]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    private static func bodyLength(_ request: Request) -> Int? {
        if request.headers[.transferEncoding] != nil { return nil }
        guard let length = request.headers[.contentLength] else { return 0 }
        return Int(length)
    }
}
