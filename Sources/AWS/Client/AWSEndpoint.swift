/// Where a service answers.
struct AWSEndpoint: Sendable, Equatable {
    var scheme: String
    /// With the port, where it is not the usual one: exactly what goes into the `Host` header.
    var authority: String
    /// Of an override, such as `/aws`; without a slash at its end, empty as a rule.
    var basePath: String
    var region: String
    /// Someone named it, so nothing is put before its host.
    var isOverride: Bool

    /// - Throws: `.noRegion`, or `.badConfiguration` for an override that is no http URL.
    init(_ service: AWSService, _ configuration: AWSConfiguration) throws(AWSError) {
        if let override = configuration.overrides[service] {
            try self.init(override: override, service, region: configuration.region ?? Self.regionOfOverrides)
            return
        }
        guard let region = configuration.region else {
            if service == .sts {  // The one service that answers without a region.
                self.init(scheme: "https", authority: "sts.amazonaws.com", basePath: "", region: Self.regionOfOverrides, isOverride: false)
                return
            }
            throw AWSError(.noRegion, culprit: "AWS \(service.rawValue): no region", remedy: "Set `aws.region`, AWS_REGION, or `region` in the profile.")
        }
        guard !region.isEmpty, region.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }) else {
            throw AWSError(.badConfiguration, culprit: "the AWS region `\(region)` is no region", remedy: "Give one such as eu-central-1.")
        }
        self.init(
            scheme: "https", authority: Self.host(service, region, configuration), basePath: "", region: region, isOverride: false)
    }

    /// What emulators expect where nobody named a region.
    private static let regionOfOverrides = "us-east-1"

    private init(scheme: String, authority: String, basePath: String, region: String, isOverride: Bool) {
        self.scheme = scheme
        self.authority = authority
        self.basePath = basePath
        self.region = region
        self.isOverride = isOverride
    }

    private init(override: String, _ service: AWSService, region: String) throws(AWSError) {
        let lower = override.lowercased()
        guard let scheme = ["https", "http"].first(where: { lower.hasPrefix($0 + "://") }) else {
            throw Self.bad(override, service)
        }
        let rest = override.dropFirst(scheme.count + 3)
        let authority = String(rest.prefix { $0 != "/" }).lowercased()
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        guard !authority.isEmpty, !authority.contains(where: { "?#@ ".contains($0) }), !path.contains(where: { "?# ".contains($0) }) else {
            throw Self.bad(override, service)
        }
        self.init(scheme: scheme, authority: Self.withoutUsualPort(authority, scheme), basePath: path, region: region, isOverride: true)
    }

    /// libcurl leaves the usual port out of the `Host` header, so it must not be signed either.
    private static func withoutUsualPort(_ authority: String, _ scheme: String) -> String {
        let usual = scheme == "https" ? ":443" : ":80"
        return authority.hasSuffix(usual) ? String(authority.dropLast(usual.count)) : authority
    }

    private static func bad(_ override: String, _ service: AWSService) -> AWSError {
        AWSError(
            .badConfiguration, culprit: "the endpoint `\(override)` for AWS \(service.rawValue) is no URL",
            remedy: "Correct AWS_ENDPOINT_URL_\(service.configurationID), AWS_ENDPOINT_URL or the profile: https://host[:port][/path].")
    }

    private static func host(_ service: AWSService, _ region: String, _ configuration: AWSConfiguration) -> String {
        let partition = AWSPartition(region: region)
        let prefix = service.prefix + (configuration.usesFIPS ? "-fips" : "")
        guard configuration.usesDualStack else { return "\(prefix).\(region).\(partition.suffix)" }
        return service == .s3 ? "\(prefix).dualstack.\(region).\(partition.suffix)" : "\(prefix).\(region).\(partition.dualStackSuffix)"
    }
}

/// A world of regions with a domain of its own. Source: botocore, partitions.json.
public struct AWSPartition: Sendable, Equatable {
    /// As in `arn:aws:…`.
    public let name: String
    let suffix: String
    let dualStackSuffix: String

    private static let others: [(prefix: String, partition: AWSPartition)] = [
        ("cn-", AWSPartition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn")),
        ("us-gov-", AWSPartition("aws-us-gov", "amazonaws.com", "api.aws")),
        ("us-iso-", AWSPartition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov")),
        ("us-isob-", AWSPartition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud")),
        ("eu-isoe-", AWSPartition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
        ("us-isof-", AWSPartition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov")),
        ("eusc-", AWSPartition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu")),
    ]

    public init(region: String) {
        self = Self.others.first { region.hasPrefix($0.prefix) }?.partition ?? AWSPartition("aws", "amazonaws.com", "api.aws")
    }

    private init(_ name: String, _ suffix: String, _ dualStackSuffix: String) {
        self.name = name
        self.suffix = suffix
        self.dualStackSuffix = dualStackSuffix
    }
}
