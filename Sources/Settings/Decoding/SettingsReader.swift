import Yams

/// Walks the nodes of the file along the declarations. Goes on after a mistake, so that all of them are told at once.
struct SettingsReader {
    var problems: ProblemList

    mutating func section(_ node: Node?, declared: String, path: String, line: Int) -> Section {
        var section = Section(declared: declared, path: path, line: line)
        let children = SettingCatalogue.children[declared] ?? []
        for (keyNode, value) in node?.mapping.map(Array.init) ?? [] {
            let keyLine = keyNode.line ?? line
            guard let key = keyNode.scalar?.string, let declaration = children.first(where: { $0.key == key }) else {
                unknown(keyNode.scalar?.string ?? "", in: section, line: keyLine, children)
                continue
            }
            section.lines[key] = keyLine
            read(value, declaration, key, into: &section)
        }
        for child in children where !section.has(child.key) { complete(child, in: &section) }
        return section
    }

    /// A missing section is read as an empty one, so that what it must hold is asked for.
    private mutating func complete(_ child: SettingDeclaration, in section: inout Section) {
        if child.isRequired { missing(child, in: section, line: section.line) }
        if child.type == .section, !Self.isWholeOptional(child.path) {
            section.sections[child.key] = self.section(nil, declared: child.path, path: section.key(child.key), line: section.line)
        }
    }

    /// These mean something by being there at all.
    private static func isWholeOptional(_ path: String) -> Bool {
        ["alerts.rules[].runs", "alerts.rules[].active_hours", "alerts.digest"].contains(path)
    }

    private mutating func read(_ node: Node, _ declaration: SettingDeclaration, _ key: String, into section: inout Section) {
        let path = section.key(key)
        let line = section.line(of: key)
        switch declaration.type {
        case .section:
            guard node.isNothing || node.mapping != nil else { return wrongShape(path, node.line ?? line, "keys and values below it") }
            section.sections[key] = self.section(node, declared: declaration.path, path: path, line: line)
        case .named: section.groups[key] = named(node, declaration, path, line)
        case .list: section.groups[key] = list(node, declaration, path, line)
        default: section.values[key] = leaf(node, declaration, path, line)
        }
    }

    private mutating func named(_ node: Node, _ declaration: SettingDeclaration, _ path: String, _ line: Int) -> [Section] {
        guard let mapping = node.mapping else {
            if !node.isNothing || declaration.isRequired { wrongShape(path, node.line ?? line, "a name and its keys below it") }
            return []
        }
        if mapping.isEmpty, declaration.isRequired { wrongShape(path, line, "a name and its keys below it") }
        return mapping.map { keyNode, value in
            let name = keyNode.scalar?.string ?? ""
            let line = keyNode.line ?? line
            if !SettingType.isName(name) {
                problems.add(
                    line: line, key: path, "\(name.quoted) is no name", "use letters, digits, `.`, `_` and `-`, at most 64, no dot in front")
            }
            if value.mapping == nil, !value.isNothing { wrongShape("\(path).\(name)", line, "keys and values below it") }
            var section = section(value, declared: declaration.path + ".*", path: "\(path).\(name)", line: line)
            section.name = name
            return section
        }
    }

    private mutating func list(_ node: Node, _ declaration: SettingDeclaration, _ path: String, _ line: Int) -> [Section] {
        guard let sequence = node.sequence else {
            if !node.isNothing { wrongShape(path, node.line ?? line, "a list, each element with a `-` in front") }
            return []
        }
        return sequence.enumerated().map { place, element in
            let path = "\(path)[\(place)]"
            let line = element.line ?? line
            if element.mapping == nil { wrongShape(path, line, "keys and values") }
            return section(element, declared: declaration.path + "[]", path: path, line: line)
        }
    }

    /// Nil, with the problem told, where the value is not what it should be: the default then stands in, so that reading can go on.
    private mutating func leaf(_ node: Node, _ declaration: SettingDeclaration, _ path: String, _ line: Int) -> SettingValue? {
        let line = node.line ?? line
        if node.isNothing {
            if declaration.isRequired { problems.add(line: line, key: path, "has no value", declaration.remedyWhenMissing) }
            return .nothing
        }
        do throws(SettingFault) {
            return try value(node, declaration.type, path, line)
        } catch {
            problems.add(line: line, key: path, error)
            return nil
        }
    }

    private func value(_ node: Node, _ type: SettingType, _ path: String, _ line: Int) throws(SettingFault) -> SettingValue {
        switch (type, node) {
        case (.texts, .sequence(let sequence)), (.choices, .sequence(let sequence)):
            var texts: [String] = []
            for element in sequence { texts.append(try word(element, type)) }
            return .texts(texts)
        case (.texts, .scalar), (.choices, .scalar): return .texts([try word(node, type)])
        case (.pairs, .mapping(let mapping)), (.choiceOrPairs, .mapping(let mapping)): return .pairs(try pairs(mapping))
        case (.flagOrPairs(let keys), .mapping(let mapping)):
            let pairs = try pairs(mapping)
            if let strange = pairs.keys.sorted().first(where: { !keys.contains($0) }) {
                throw SettingFault(message: "\(strange.quoted) is no key of ours", remedy: "write true, false or \(keys.map { "{\($0): …}" }.joined(separator: ", "))")
            }
            return .pairs(pairs)
        case (.pairs, _): throw SettingFault(message: "holds no keys", remedy: "write keys and values, such as {key: value}")
        case (.secret, .scalar(let scalar)): return .secret(try SecretReference(scalar.string, file: problems.file, line: line, key: path))
        case (_, .scalar(let scalar)): return try type.parse(scalar.string)
        default: throw SettingFault(message: "holds more than one value", remedy: "write one value on the same line")
        }
    }

    private func word(_ node: Node, _ type: SettingType) throws(SettingFault) -> String {
        guard case .scalar(let scalar) = node, case .text(let text) = try type.parse(scalar.string), !text.isEmpty else {
            throw SettingFault(message: "holds an element that is no word", remedy: "write a list of words, such as [one, two]")
        }
        return text
    }

    private func pairs(_ mapping: Node.Mapping) throws(SettingFault) -> [String: String] {
        var pairs: [String: String] = [:]
        for (key, value) in mapping {
            guard let key = key.scalar?.string, !key.isEmpty, let value = value.scalar?.string, !value.isEmpty else {
                throw SettingFault(message: "holds a key without one value", remedy: "write keys and values, such as {key: value}")
            }
            pairs[key] = value
        }
        return pairs
    }

    private mutating func unknown(_ key: String, in section: Section, line: Int, _ children: [SettingDeclaration]) {
        let known = children.map(\.key)
        let elsewhere = SettingCatalogue.all.first { $0.key == key }?.path
        let remedy =
            if let near = Spelling.nearest(to: key, in: known) { "did you mean \(near)?" }
            else if let elsewhere { "did you mean \(elsewhere)?" }
            else { "take it out, or write one of: \(known.joined(separator: ", "))" }
        problems.add(line: line, key: section.path, "\(key.quoted) is no key of ours", remedy)
    }

    private mutating func missing(_ declaration: SettingDeclaration, in section: Section, line: Int) {
        problems.add(line: line, key: section.key(declaration.key), "is missing", declaration.remedyWhenMissing)
    }

    private mutating func wrongShape(_ path: String, _ line: Int, _ expected: String) {
        problems.add(line: line, key: path, "has not the right shape", "write \(expected)")
    }
}

extension SettingDeclaration {
    fileprivate var remedyWhenMissing: String {
        switch type {
        case .secret: "add `\(key): env:NAME`, the environment variable that holds it"
        case .named: "add `\(key):` with a name and its keys below it; vitrine.example.yaml shows all of them"
        case .choice(let words): "add `\(key):` with one of \(words.joined(separator: ", "))"
        default: "add `\(key):`. \(doc)"
        }
    }
}

extension Node {
    /// 1-based, as people count.
    fileprivate var line: Int? { mark?.line }

    /// `null`, `~` or nothing at all, but not the word in quotes.
    var isNothing: Bool {
        guard case .scalar(let scalar) = self, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }
}
