import Hummingbird
import NIOCore

/// Carries requests to the model and its replies back to the wire, however badly they are to arrive.
struct SandboxResponder: HTTPResponder {
    typealias Context = SandboxContext

    /// Bytes of a body that are kept; the rest is read and thrown away, so that a client that sends too much hears why.
    let keptBytes: Int
    let model: @Sendable (SandboxRequest) -> SandboxReply

    /// Bytes after which the connection is closed: the sandbox must not be drowned.
    private var drownBytes: Int { 4 * keptBytes }

    func respond(to request: Request, context: SandboxContext) async throws -> Response {
        guard let read = try await read(request) else {
            await context.close()
            return Response(status: .contentTooLarge)
        }
        let reply = model(read)
        switch reply.ending {
        case .whole: break
        case .late(let pause): try await Task.sleep(for: pause)
        case .closed:
            await context.close()
        case .reset:
            await context.reset()
        case .hang(let limit):
            // Cancelled when the sandbox stops; the connection then ends like after the full time.
            try? await Task.sleep(for: limit)
            await context.close()
        case .cut: return Self.cut(reply, context)
        }
        return Self.response(reply, body: ResponseBody(byteBuffer: ByteBuffer(string: reply.body)))
    }

    private static func response(_ reply: SandboxReply, body: ResponseBody) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = reply.contentType
        for (name, value) in reply.headers {
            if let field = HTTPFields.Element.Name(name) { headers[field] = value }
        }
        return Response(status: .init(code: reply.status), headers: headers, body: body)
    }

    /// Announces the whole body, writes half of it, and closes.
    private static func cut(_ reply: SandboxReply, _ context: SandboxContext) -> Response {
        let bytes = Array(reply.body.utf8)
        let body = ResponseBody(contentLength: bytes.count) { writer in
            try await writer.write(ByteBuffer(bytes: bytes.prefix(bytes.count / 2)))
            await context.close()
            try await writer.finish(nil)
        }
        return response(reply, body: body)
    }

    private func read(_ request: Request) async throws -> SandboxRequest? {
        var body = ByteBuffer()
        var size = 0
        for try await chunk in request.body {
            size += chunk.readableBytes
            guard size <= drownBytes else { return nil }
            if size <= keptBytes { body.writeImmutableBuffer(chunk) }
        }
        return SandboxRequest(
            method: request.method.rawValue, path: request.uri.path, query: FormBody.fields(of: (request.uri.query ?? "").utf8),
            authorization: request.headers[.authorization], contentType: request.headers[.contentType],
            contentEncoding: request.headers[.contentEncoding], body: Array(body.readableBytesView), bodyBytes: size)
    }
}
