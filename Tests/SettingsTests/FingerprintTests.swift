import Settings
import Testing

@Suite struct FingerprintTests {
    private func fingerprint(_ more: String = "") throws -> String { try #require(try settings(more).pipelines.first).mappingFingerprint }

    @Test("the fingerprint is a canonical text, whatever the order of the file")
    func golden() throws {
        let golden = """
            mapping/1
            column 2:id 3:sku
            column 5:title 4:name
            default currency 3:IQD
            version_column 2:at
            category as_is
            number_format auto
            rule 3:L05 5:error
            rule 3:T03 3:off

            """
        let one = "    columns: {id: sku, title: name}\n    defaults: {currency: IQD}\n    version_column: at\n    validation: {rules: {T03: off, L05: error}}"
        let other = "    validation: {rules: {L05: error, T03: false}}\n    version_column: at\n    columns: {title: name, id: sku}\n    defaults: {currency: IQD}"
        #expect(try fingerprint(one) == golden)
        #expect(try fingerprint(other) == golden)
    }

    @Test(
        "whatever changes how a row is judged or mapped changes the fingerprint",
        arguments: [
            "    columns: {id: sku}", "    defaults: {brand: x}", "    version_column: at", "    category: auto", "    category: {a: b}",
            "    number_format: comma_thousands", "    validation: {rules: {T03: off}}", "    validation: {price_limit: 5}",
            "    validation: {allowed_hosts: [a.example]}", "    validation: {free_decimals: IQD}", "    delimiter: tab",
            "    translate: {availability: {da: in stock}}", "    translate: {condition: {neu: new}}",
            "    columns: {price: \"{price} IQD\"}",
        ])
    func changes(more: String) throws { #expect(try fingerprint(more) != fingerprint()) }

    @Test(
        "what judges runs or moves items does not",
        arguments: [
            "    validation: {strict: true, max_rejected_share: 0.5, rejected_floor: 1}", "    validation: {ids_per_link: 5, ids_per_picture: 6}",
            "    delivery: {batch_size: 1}", "    watch: true",
        ])
    func stays(more: String) throws { #expect(try fingerprint(more) == fingerprint()) }
}
