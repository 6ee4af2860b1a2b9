/// Paths and keys, cut at the byte `/`. Never at the `Character`: to Swift a slash before a combining mark is another character, and
/// `..` behind such a slash would be no part of its own, although the kernel takes it for one.
enum FolderPath {
    private static let slash = UInt8(ascii: "/")

    /// What is before the last slash: `.` where there is none, `/` at the root of the machine.
    static func folder(of path: String) -> String {
        guard let last = path.utf8.lastIndex(of: slash) else { return "." }
        return last == path.utf8.startIndex ? "/" : text(path.utf8[..<last])
    }

    /// What is behind the last slash.
    static func name(of path: String) -> String {
        path.utf8.lastIndex(of: slash).map { text(path.utf8[path.utf8.index(after: $0)...]) } ?? path
    }

    /// True for a key that stays inside its folder and that `list` can show: names come from other people's exports.
    static func isInside(_ key: String) -> Bool {
        !key.utf8.contains(0)
            && key.utf8.split(separator: slash, omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8) && !part.starts(with: Draft.prefix.utf8)
            }
    }

    private static func text(_ bytes: Substring.UTF8View) -> String { String(decoding: bytes, as: UTF8.self) }
}
