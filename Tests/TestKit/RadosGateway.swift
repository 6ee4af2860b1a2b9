import Foundation
import Synchronization

/// Ceph's S3 gateway over a cluster of one monitor and one disk in memory: strict where moto is not, in signatures, hashes and clocks.
///
/// Needs Debian's radosgw, ceph-mon, ceph-osd and ceph-common; everything it writes lies in a temporary folder, and all of it ends with
/// the process of the test.
public final class RadosGateway: Sendable {
    public static let accessKey = "RADOSKEY"
    public static let secretKey = "radossecret"

    public let url: String
    private let input: Pipe

    private static let programs = ["radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "monmaptool", "ceph"].map { Judge(program: $0) }

    /// For `.enabled(if:)`. Only on demand, since a cluster takes ten seconds to stand and most machines have none.
    public static let isWanted: Bool = {
        let missing = programs.filter { $0.path == nil }.map(\.name)
        if ProcessInfo.processInfo.environment["VITRINE_RADOS"] == nil {
            print("skipped: S3 on Ceph's gateway; ask for it with VITRINE_RADOS=1 (Debian: radosgw ceph-mon ceph-osd ceph-common)")
            return false
        }
        if missing.isEmpty { return true }
        print("skipped: \(missing.joined(separator: ", ")) is missing; apt-get install radosgw ceph-mon ceph-osd ceph-common")
        return false
    }()

    /// `ms_mon_client_mode`: without keys the gateway's usual mode would ask for encryption for ever.
    private static let script = #"""
        set -e
        cd "$1"; D=$1; PORT=$2; PORT2=$3; HTTP=$4
        FSID=$(cat /proc/sys/kernel/random/uuid); DISK=$(cat /proc/sys/kernel/random/uuid)
        mkdir mon osd rgw
        cat > ceph.conf <<END
        [global]
        fsid = $FSID
        mon host = [v2:127.0.0.1:$PORT,v1:127.0.0.1:$PORT2]
        auth_cluster_required = none
        auth_service_required = none
        auth_client_required = none
        run dir = $D
        crash dir = $D
        log file = $D/\$name.log
        admin socket = $D/\$name.asok
        pid file = $D/\$name.pid
        keyring = $D/keyring
        mon data = $D/mon
        mon data avail crit = 1
        osd data = $D/osd
        osd objectstore = memstore
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 1
        osd pool default pg autoscale mode = off
        osd crush chooseleaf type = 0
        [client.rgw]
        rgw frontends = beast endpoint=127.0.0.1:$HTTP
        rgw data = $D/rgw
        rgw thread pool size = 16
        ms_mon_client_mode = crc
        END
        C="-c $D/ceph.conf"
        RUNNING=; trap 'kill -9 $RUNNING 2>/dev/null; wait; rm -rf "$D"' EXIT
        monmaptool --create --fsid $FSID --addv a "[v2:127.0.0.1:$PORT,v1:127.0.0.1:$PORT2]" monmap >>log 2>&1
        ceph-mon $C --mkfs -i a --monmap monmap >>log 2>&1
        ceph-mon $C -i a -f >>log 2>&1 </dev/null & RUNNING="$RUNNING $!"
        timeout 60 ceph $C osd new $DISK >>log 2>&1
        ceph-osd $C -i 0 --mkfs --osd-uuid $DISK >>log 2>&1
        ceph-osd $C -i 0 -f >>log 2>&1 </dev/null & RUNNING="$RUNNING $!"
        radosgw $C -n client.rgw -f >>log 2>&1 </dev/null & RUNNING="$RUNNING $!"
        timeout 60 radosgw-admin $C -n client.rgw user create --uid=vitrine --display-name=Vitrine --access-key=RADOSKEY --secret-key=radossecret >>log 2>&1
        until (exec 3<>/dev/tcp/127.0.0.1/$HTTP) 2>/dev/null; do sleep 0.1; done
        echo up
        cat >/dev/null
        """#

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rados-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let ports = try FreePorts.take(3)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        // Swift takes the indentation of a literal's last line away, so that the lines of the inner document begin where they must.
        process.arguments = ["-c", Self.script, "rados", folder] + ports.map(String.init)
        input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard said == "up\n" else { throw MotoServer.NoServer(said: "radosgw: \(said)") }
        url = "http://127.0.0.1:\(ports[2])"
    }

    deinit { try? input.fileHandleForWriting.close() }

    /// Started by the first test that asks; it takes some ten seconds.
    public static func shared() async throws -> RadosGateway {
        let starting = current.withLock { current in
            let starting = current ?? Task { try await start() }
            current = starting
            return starting
        }
        return try await starting.value
    }

    public static func start() async throws -> RadosGateway {
        try await aside { try RadosGateway() }
    }

    private static let current = Mutex<Task<RadosGateway, any Error>?>(nil)

    public var environment: [String: String] {
        ["AWS_ENDPOINT_URL_S3": url, "AWS_ACCESS_KEY_ID": Self.accessKey, "AWS_SECRET_ACCESS_KEY": Self.secretKey, "AWS_REGION": "eu-central-1"]
    }
}
