import Testing
import Transport

@testable import MetaCatalog

@Suite("What is read from an answer")
struct AnswerTests {
    @Test("handle and verdicts of a batch", arguments: [
        (#"{"handles":["Acx"]}"#, BatchAnswer(handle: "Acx")),
        (#"{"handles":["Acx"],"validation_status":[]}"#, BatchAnswer(handle: "Acx")),
        (#"{"handles":[],"validation_status":[]}"#, BatchAnswer(handle: nil)), (#"{"handles":[""]}"#, BatchAnswer(handle: nil)),
        (#"{"handles":null,"validation_status":null}"#, BatchAnswer(handle: nil)),
        (
            #"{"validation_status":[{"errors":[{"message":"Can not find required field id"}]}]}"#,
            BatchAnswer(handle: nil, verdicts: [InlineVerdict(retailerID: nil, errors: ["Can not find required field id"])])
        ),
        (
            #"{"handles":["Acx"],"validation_status":[{"retailer_id":"SKU-1","warnings":[{"message":"w1"},{"message":"w2"}]},{"retailer_id":"","errors":[{"message":"e"}]},{"retailer_id":77,"errors":[{}]}]}"#,
            BatchAnswer(
                handle: "Acx",
                verdicts: [
                    InlineVerdict(retailerID: "SKU-1", warnings: ["w1", "w2"]), InlineVerdict(retailerID: nil, errors: ["e"]),
                    InlineVerdict(retailerID: "77", errors: ["no message"]),
                ])
        ),
    ])
    func batch(body: String, expected: BatchAnswer) async throws {
        #expect(try await client(ScriptedTransport(body)).sentAnswer().0 == expected)
    }

    @Test("version, trace, usage and status of the call come with the answer")
    func info() async throws {
        let headers: HTTPHeaders = [
            "facebook-api-version": "v26.0", "x-fb-trace-id": "Trace1", "x-app-usage": #"{"call_count":28,"total_time":25,"total_cputime":25}"#,
        ]
        let (_, info) = try await client(ScriptedTransport(#"{"handles":["a"]}"#, headers: headers)).sentAnswer()
        #expect(info.apiVersionAnswered == "v26.0")
        #expect(info.fbtraceID == "Trace1")
        #expect(info.httpStatus == 200)
        #expect(info.usage == [UsageReading(quota: "app", ratio: 0.28)])
    }

    @Test("the status of a handle, as Meta's reference shows it")
    func status() async throws {
        let body = """
            { "data": [ { "handle": "AcxEXAMPLEhandle01", "status": "finished", "errors_total_count": 2, "warnings_total_count": 1,
              "errors":   [ { "line": 0, "id": "SKU-1001", "message": "Invalid value: Value passed at position 0 (id=SKU-1001) is invalid: ..." } ],
              "warnings": [ { "line": 3, "id": "SKU-1040", "message": "Descriptions are missing: ..." } ],
              "ids_of_invalid_requests": ["SKU-1001", "SKU-1001", "SKU-1077"] } ] }
            """
        let status = try await client(ScriptedTransport(body)).statusAnswer()
        #expect(
            status
                == HandleStatus(
                    state: .finished, errorsTotal: 2, warningsTotal: 1,
                    errors: [.init(line: 0, id: "SKU-1001", message: "Invalid value: Value passed at position 0 (id=SKU-1001) is invalid: ...")],
                    warnings: [.init(line: 3, id: "SKU-1040", message: "Descriptions are missing: ...")],
                    invalidIDs: ["SKU-1001", "SKU-1001", "SKU-1077"], invalidIDsPresent: true))
    }

    @Test("a state is read in any case, an unknown one is kept and not final", arguments: [
        ("scheduled", HandleStatus.State.scheduled, false), ("DISPATCHED", .dispatched, false), ("Started", .started, false),
        ("Finished", .finished, true), ("canceled", .canceled, true), ("Error", .error, true), ("In_Progress", .other("in_progress"), false),
    ])
    func state(word: String, state: HandleStatus.State, isFinal: Bool) async throws {
        let status = try await client(ScriptedTransport(#"{"data":[{"status":"\#(word)"}]}"#)).statusAnswer()
        #expect(status.state == state)
        #expect(status.state.isFinal == isFinal)
        #expect(status.state.word == word.lowercased())
    }

    @Test("missing lists are empty, missing totals count the lists, missing ids are told from none")
    func sparseStatus() async throws {
        let missing = try await client(ScriptedTransport(#"{"data":[{"status":"finished","errors":[{"message":"m"},{}]}]}"#)).statusAnswer()
        #expect(missing.errorsTotal == 2 && missing.warningsTotal == 0)
        #expect(missing.errors == [.init(message: "m"), .init(message: "no message")])
        #expect(!missing.invalidIDsPresent && missing.invalidIDs.isEmpty)
        let none = try await client(ScriptedTransport(#"{"data":[{"status":"finished","errors_total_count":3,"ids_of_invalid_requests":[]}]}"#))
            .statusAnswer()
        #expect(none.invalidIDsPresent && none.invalidIDs.isEmpty && none.errorsTotal == 3)
    }

    @Test("numbers as ids keep every digit")
    func numericIDs() async throws {
        let body = #"{"data":[{"status":"finished","errors_total_count":"1","ids_of_invalid_requests":[12345678901234567890, "007"]}]}"#
        let status = try await client(ScriptedTransport(body)).statusAnswer()
        #expect(status.invalidIDs == ["12345678901234567890", "007"])
        #expect(status.errorsTotal == 1)
    }

    @Test("a status answer without a status is malformed, and says why", arguments: [
        ("{}", "no list `data`"), (#"{"data":[]}"#, "`data` is empty"), (#"{"data":{}}"#, "no list `data`"), (#"{"data":[{}]}"#, "no `status`"),
        (#"{"data":[{"status":null}]}"#, "no `status`"), ("null", "no list `data`"),
    ])
    func malformedStatus(body: String, words: String) async throws {
        let failure = try await client(ScriptedTransport(body)).statusFailure()
        #expect(failure.kind == .malformedAnswer)
        #expect(failure.message.contains(words))
        #expect(failure.culprit == "check_batch_request_status of catalogue 1234567890")
    }

    @Test("thousands of ids are read")
    func manyIDs() async throws {
        let ids = (0..<5000).map { "\"SKU-\($0)\"" }.joined(separator: ",")
        let status = try await client(ScriptedTransport(#"{"data":[{"status":"finished","ids_of_invalid_requests":[\#(ids)]}]}"#)).statusAnswer()
        #expect(status.invalidIDs.count == 5000)
        #expect(status.invalidIDs.last == "SKU-4999")
    }

    @Test("the catalogue's name and size")
    func catalog() async throws {
        let transport = ScriptedTransport(#"{"id":"1234567890","name":"فروشگاه","product_count":5000}"#, headers: ["Facebook-API-Version": "v26.0"])
        guard case .answered(let catalog, let info) = await client(transport).catalog() else {
            Issue.record("failed")
            return
        }
        #expect(catalog == CatalogInfo(id: "1234567890", name: "فروشگاه", productCount: 5000))
        #expect(info.apiVersionAnswered == "v26.0")
        guard case .failed(let failure) = await client(ScriptedTransport("{}")).catalog() else {
            Issue.record("answered")
            return
        }
        #expect(failure.kind == .malformedAnswer)
    }
}
