import CatalogSync
import Engine
import Events
import Feed
import FoundationEssentials
import Glibc
import Settings

/// The settings file, read, and the folder its relative paths start from.
struct LoadedSettings: Sendable {
    let settings: VitrineSettings
    /// Relative paths of the settings are relative to the settings file, so that cron and a shell mean the same.
    let folder: String
    /// Of times that people read.
    var zone = ZoneRules.utc
    /// By name: the zones that alerts name.
    private var zones: [String: ZoneRules] = [:]

    /// - Throws: `RunStop` with 78, naming file and line.
    static func load(_ path: String) throws -> LoadedSettings {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw RunStop(
                .settings, reason: "no_settings", culprit: path, detail: "there is no such file, or it cannot be read",
                remedy: "Name it with --config FILE, or begin with the example: vitrine.example.yaml. To see Vitrine at work: vitrine demo")
        }
        do {
            var settings = try VitrineSettings(yaml: String(decoding: bytes, as: UTF8.self), file: path, vocabulary: .vitrine)
            for place in settings.pipelines.indices { try readCategories(of: &settings.pipelines[place], in: folder(of: path), settings: path) }
            var loaded = LoadedSettings(settings: settings, folder: folder(of: path), zone: try zone(of: settings))
            for zone in settings.alerts.zones { loaded.zones[zone.name] = try rules(of: zone, settings: path) }
            return loaded
        } catch let stop as RunStop {
            throw stop
        } catch let problems as SettingsProblems {
            throw RunStop(problems)
        }
    }

    private static func readCategories(of pipeline: inout PipelineSettings, in folder: String, settings: String) throws {
        guard let name = pipeline.categoryFile else { return }
        let file = resolved(name, in: folder)
        let key = "pipelines.\(pipeline.name).category_file"
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw RunStop(
                .settings, reason: "no_category_file", culprit: "\(settings):\(pipeline.categoryFileLine)",
                detail: "\(key): there is no file \(file), or it cannot be read", remedy: "Its path starts from the folder of the settings.")
        }
        do throws(SettingsError) {
            pipeline.category = .table(try CategoryFile([UInt8](bytes), file: file, key: key).table)
        } catch {
            throw RunStop(error)
        }
    }

    private static func zone(of settings: VitrineSettings) throws -> ZoneRules {
        do {
            return try ZoneDatabase.zone(named: settings.timeZone, environment: Environment.all)
        } catch {
            throw RunStop(
                .settings, reason: "settings", culprit: "\(settings.file):\(settings.timeZoneLine)", detail: error.detail, remedy: error.remedy)
        }
    }

    private static func rules(of zone: ZoneName, settings: String) throws -> ZoneRules {
        do { return try ZoneDatabase.zone(named: zone.name, environment: Environment.all) } catch {
            let detail = error.detail.hasPrefix("time_zone: ") ? String(error.detail.dropFirst("time_zone: ".count)) : error.detail
            throw RunStop(.settings, reason: "settings", culprit: "\(settings):\(zone.line)", detail: "\(zone.key): \(detail)", remedy: error.remedy)
        }
    }

    /// Of a place that alerts name; nil: of the settings as a whole.
    func zone(_ name: ZoneName?) -> ZoneRules { name.flatMap { zones[$0.name] } ?? zone }

    /// How times and products of a pipeline are shown to people; the name need not be known.
    func presentation(of pipeline: String) -> Presentation {
        let template = settings.pipelines.first { $0.name == pipeline }?.productAdmin
        return Presentation(zone: zone, productLink: template.flatMap { ProductLink($0) })
    }

    func path(_ text: String) -> String { Self.resolved(text, in: folder) }

    private static func resolved(_ text: String, in folder: String) -> String {
        text.hasPrefix("/") || folder.isEmpty ? text : folder + "/" + text.droppingDotSlash
    }

    /// The pipelines to work on. - Throws: 64 where the name is not one of them.
    func pipelines(named name: String?) throws -> [PipelineSettings] {
        guard let name else { return settings.pipelines }
        let found = settings.pipelines.filter { $0.name == name }
        guard found.isEmpty else { return found }
        let known = settings.pipelines.map(\.name).joined(separator: ", ")
        throw RunStop(
            .usage, reason: "pipeline", culprit: name, detail: "\(settings.file) has no pipeline of this name",
            remedy: "It has: \(known).")
    }

    var secretSources: SecretSources {
        let folder = folder
        return SecretSources(environment: ProcessInfo.processInfo.environment) { path in
            let full = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
            return FileManager.default.contents(atPath: full).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }
}

extension AlertSettings {
    /// Of the digest and of active hours.
    fileprivate var zones: [ZoneName] {
        let hours = rules.compactMap { rule -> ZoneName? in
            guard case .noFileFor(_, let hours?) = rule.trigger else { return nil }
            return hours.timeZone
        }
        return hours + [digest?.timeZone].compactMap(\.self)
    }
}

extension SettingsVocabulary {
    static var vitrine: SettingsVocabulary {
        SettingsVocabulary(
            rules: Set(RuleID.allCases.map(\.rawValue)), figures: SyncReport.figures, columns: Set(Column.allCases.map(\.rawValue)))
    }
}

extension RunStop {
    init(_ problems: SettingsProblems) {
        let first = problems.errors.first
        let more = problems.errors.dropFirst().map(\.description) + (problems.isCut ? ["more: mend these first"] : [])
        let what = first.map { $0.key.isEmpty ? $0.message : "\($0.key): \($0.message)" } ?? ""
        self.init(
            .settings, reason: "settings", culprit: first.map { "\($0.file):\($0.line)" } ?? "the settings",
            detail: ([what] + more).joined(separator: "\n"), remedy: first?.remedy ?? "")
    }

    init(_ error: SettingsError) {
        self.init(
            .settings, reason: "settings", culprit: "\(error.file):\(error.line)", detail: error.key.isEmpty ? error.message : "\(error.key): \(error.message)", remedy: error.remedy)
    }
}

extension String {
    var droppingDotSlash: String { hasPrefix("./") ? String(dropFirst(2)) : self }
}
