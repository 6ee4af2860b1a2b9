/// Folders of shop systems that are joined to a file name now and then without the slash between them (M03): `…/catalog/productlamp.jpg`.
enum PictureFolders {
    static let all: [StaticString] = ["/media/catalog/product", "/media/catalog/category", "/wp-content/uploads"]

    static func isGluedToName(_ path: Text) -> Bool {
        for folder in all {
            let length = folder.utf8CodeUnitCount
            guard path.count > length else { continue }
            for start in 0..<(path.count - length) {
                let rest = path.dropFirst(start)
                if rest.startsFolded(with: folder) { return rest[length] != UInt8(ascii: "/") }
            }
        }
        return false
    }
}
