import Testing
import Transport

@testable import AWS

@Suite("Where a service answers")
struct EndpointTests {
    @Test("is told by region and partition", arguments: [
        (.s3, "eu-central-1", [:], "s3.eu-central-1.amazonaws.com"), (.cloudWatch, "us-east-1", [:], "monitoring.us-east-1.amazonaws.com"),
        (.logs, "cn-north-1", [:], "logs.cn-north-1.amazonaws.com.cn"), (.sqs, "us-gov-west-1", [:], "sqs.us-gov-west-1.amazonaws.com"),
        (.ssm, "us-iso-east-1", [:], "ssm.us-iso-east-1.c2s.ic.gov"), (.sns, "me-south-1", ["AWS_USE_FIPS_ENDPOINT": "true"], "sns-fips.me-south-1.amazonaws.com"),
        (.s3, "me-south-1", ["AWS_USE_DUALSTACK_ENDPOINT": "true"], "s3.dualstack.me-south-1.amazonaws.com"),
        (.secretsManager, "me-south-1", ["AWS_USE_DUALSTACK_ENDPOINT": "true"], "secretsmanager.me-south-1.api.aws"),
    ] as [(AWSService, String, [String: String], String)])
    func hosts(service: AWSService, region: String, environment: [String: String], host: String) throws {
        let configuration = AWSConfiguration.load(world: TestWorld(environment).world, region: region)
        let endpoint = try AWSEndpoint(service, configuration)
        #expect(endpoint.authority == host && endpoint.scheme == "https" && endpoint.region == region && !endpoint.isOverride)
    }

    static let config = """
        [default]
        region = eu-west-1
        [profile shop]
        region=eu-west-2
        endpoint_url = http://profile:1
        services = local
        [services local]
        s3 =
          endpoint_url = http://services:2
          addressing_style = path
        cloudwatch_logs =
          endpoint_url = http://logs:3
        """

    @Test("is overridden by variable of the service, variable, service of the profile, profile", arguments: [
        (.s3, ["AWS_ENDPOINT_URL_S3": "http://a:1", "AWS_ENDPOINT_URL": "http://b:1", "AWS_PROFILE": "shop"], "a:1"),
        (.sqs, ["AWS_ENDPOINT_URL_S3": "http://a:1", "AWS_ENDPOINT_URL": "http://b:1", "AWS_PROFILE": "shop"], "b:1"),
        (.s3, ["AWS_PROFILE": "shop"], "services:2"), (.logs, ["AWS_PROFILE": "shop"], "logs:3"), (.sqs, ["AWS_PROFILE": "shop"], "profile:1"),
        (.secretsManager, ["AWS_ENDPOINT_URL_SECRETS_MANAGER": "https://c:443/"], "c"), (.s3, ["AWS_ENDPOINT_URL": "http://c:80/base/"], "c"),
        (.s3, ["AWS_PROFILE": "shop", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"], "s3.eu-west-2.amazonaws.com"),
        (.s3, [:], "s3.eu-west-1.amazonaws.com"), (.s3, ["AWS_DEFAULT_REGION": "x-1"], "s3.x-1.amazonaws.com"),
        (.s3, ["AWS_DEFAULT_REGION": "x-1", "AWS_REGION": "y-1"], "s3.y-1.amazonaws.com"),
    ] as [(AWSService, [String: String], String)])
    func overrides(service: AWSService, environment: [String: String], host: String) throws {
        let world = TestWorld(environment.merging(["HOME": "/home/me"]) { first, _ in first }, files: ["/home/me/.aws/config": Self.config])
        #expect(try AWSEndpoint(service, AWSConfiguration.load(world: world.world, region: nil)).authority == host)
    }

    @Test("is refused where it is none, with the setting to correct", arguments: [
        "localhost:4566", "ftp://x", "https://", "http://user@x", "http://x/?a", "http://x y",
    ])
    func badOverride(url: String) {
        let configuration = AWSConfiguration.load(world: TestWorld(["AWS_ENDPOINT_URL": url]).world, region: "eu-central-1")
        #expect { try AWSEndpoint(.s3, configuration) } throws: { error in
            let error = error as? AWSError
            return error?.reason == .badConfiguration && error?.remedy.contains("AWS_ENDPOINT_URL_S3") == true
        }
    }

    @Test("is unknown without a region, and says what to set; STS answers all the same")
    func noRegion() throws {
        let configuration = AWSConfiguration.load(world: TestWorld().world, region: nil)
        #expect { try AWSEndpoint(.sns, configuration) } throws: { ($0 as? AWSError)?.reason == .noRegion }
        #expect(try AWSEndpoint(.sts, configuration).authority == "sts.amazonaws.com")
        #expect { try AWSEndpoint(.sns, AWSConfiguration.load(world: TestWorld().world, region: "evil.example/")) } throws: {
            ($0 as? AWSError)?.reason == .badConfiguration
        }
    }

    @Test("takes a bucket before its host where a certificate covers it", arguments: [
        ("shop-files", [:], "https://shop-files.s3.eu-central-1.amazonaws.com/k"), ("shop.files", [:], "https://s3.eu-central-1.amazonaws.com/shop.files/k"),
        ("shop-files", ["AWS_ENDPOINT_URL": "http://127.0.0.1:9/base"], "http://127.0.0.1:9/base/shop-files/k"),
    ] as [(String, [String: String], String)])
    func buckets(name: String, environment: [String: String], url: String) throws {
        var call = AWSCall(.getObject, .s3)
        call.method = .get
        call.bucket = name
        call.path = "/k"
        let configuration = AWSConfiguration.load(world: TestWorld(environment).world, region: "eu-central-1")
        let request = AWSRequest(call, try AWSEndpoint(.s3, configuration), .s3).httpRequest(nil, at: TestWorld().now)
        #expect(request.url == url)
    }

    @Test("trusts AWS_CA_BUNDLE before SSL_CERT_FILE, and tries as often as it is told", arguments: [
        (["AWS_CA_BUNDLE": "/a.pem", "SSL_CERT_FILE": "/b.pem"], "/a.pem", 3), (["SSL_CERT_FILE": "/b.pem", "AWS_MAX_ATTEMPTS": "7"], "/b.pem", 7),
        (["AWS_MAX_ATTEMPTS": "0"], nil, 1), (["AWS_MAX_ATTEMPTS": "many"], nil, 3), (["AWS_MAX_ATTEMPTS": "1000"], nil, 20),
    ] as [([String: String], String?, Int)])
    func knobs(environment: [String: String], caFile: String?, attempts: Int) {
        let configuration = AWSConfiguration.load(world: TestWorld(environment).world, region: nil)
        #expect(configuration.caFile == caFile && configuration.attempts == attempts && configuration.transport(userAgent: "v").caFile == caFile)
    }
}
