import Testing
import Transport

@testable import MetaCatalog

@Suite("Quota headers")
struct UsageHeaderTests {
    @Test("samples of Meta's pages, and odd ones", arguments: [
        (
            "X-Business-Use-Case-Usage",
            #"{"1234567890":[{"type":"ads_management","call_count":96,"total_cputime":12,"total_time":20,"estimated_time_to_regain_access":0}]}"#,
            [UsageReading(quota: "ads_management", ratio: 0.96)]
        ),
        (
            "x-business-use-case-usage",
            #"{"1":[{"type":"a","call_count":1,"total_cputime":50,"total_time":20},{"type":"b","total_time":100,"estimated_time_to_regain_access":3}],"2":[{"type":"a","call_count":80,"estimated_time_to_regain_access":1}]}"#,
            [UsageReading(quota: "a", ratio: 0.8, regainAccess: .seconds(60)), UsageReading(quota: "b", ratio: 1, regainAccess: .seconds(180))]
        ),
        ("X-App-Usage", #"{"call_count":28,"total_time":25,"total_cputime":31}"#, [UsageReading(quota: "app", ratio: 0.31)]),
        (
            "X-Ad-Account-Usage", #"{"acc_id_util_pct":9.5,"reset_time_duration":100,"ads_api_access_tier":"standard_access"}"#,
            [UsageReading(quota: "ad_account", ratio: 0.095)]
        ),
        (
            "X-Ad-Account-Usage", #"{"acc_id_util_pct":100,"reset_time_duration":90}"#,
            [UsageReading(quota: "ad_account", ratio: 1, regainAccess: .seconds(90))]
        ),
        (
            "X-Business-Use-Case-Usage", #"{"1":[{"type":"Weird Type!","call_count":"40"},{"call_count":1}]}"#, [UsageReading(quota: "other", ratio: 0.4)]
        ),
        ("X-Business-Use-Case-Usage", #"{"1":[{"type":"a","call_count":1,"estimated_time_to_regain_access":1e300}]}"#, [
            UsageReading(quota: "a", ratio: 0.01, regainAccess: .seconds(86_400))
        ]), ("X-App-Usage", "{}", []), ("X-App-Usage", "no JSON", []), ("X-Business-Use-Case-Usage", "[]", []),
        ("X-Business-Use-Case-Usage", #"{"1":{"type":"a"}}"#, []), ("X-Other", #"{"call_count":28}"#, []),
    ])
    func header(name: String, value: String, readings: [UsageReading]) {
        #expect(UsageHeaders.readings(in: HTTPHeaders([(name: name, value: value)])) == readings)
    }

    @Test("all three headers are read together, and each as often as it is there")
    func together() {
        let headers = HTTPHeaders([
            (name: "X-App-Usage", value: #"{"call_count":1}"#), (name: "X-App-Usage", value: #"{"call_count":2}"#),
            (name: "X-Ad-Account-Usage", value: #"{"acc_id_util_pct":3}"#),
            (name: "X-Business-Use-Case-Usage", value: #"{"9":[{"type":"catalog","call_count":4}]}"#),
        ])
        #expect(UsageHeaders.readings(in: headers).map(\.quota) == ["ad_account", "app", "catalog"])
        #expect(UsageHeaders.readings(in: headers).map(\.ratio) == [0.03, 0.02, 0.04])
    }
}
