import Glibc

/// Moves a file out of a folder that others write to. Every step leaves a newer version where the next run finds it.
struct FolderMove {
    let source: String
    let target: String
    let pinned: any PinnedObject

    private static let copyBlockBytes = 1 << 20
    /// Names that are tried for a file that cannot have its own back.
    private static let mostNames = 100

    /// Looks before it renames, and compares after: only a writer within these microseconds is moved by mistake, and put back.
    func perform() throws(StoreError) -> MoveOutcome {
        try FolderStore.makeFolders(FolderPath.folder(of: target))
        guard let found = try revision(of: source) else { return try sourceGone() }
        guard found == pinned.info.revision else {
            try copy()
            return .copiedSourceChanged
        }
        guard rename(source, target) == 0 else {
            switch errno {
            case ENOENT: return try sourceGone()
            case EXDEV: return try moveAcrossDevices()
            default: throw StoreError.posix(source, doing: "move to \(target)")
            }
        }
        guard try revision(of: target) == pinned.info.revision else {
            try putBack(target)
            try copy()
            return .copiedSourceChanged
        }
        try FolderStore.flushFolder(of: target)
        try FolderStore.flushFolder(of: source)
        return .moved
    }

    private func sourceGone() throws(StoreError) -> MoveOutcome {
        if try revision(of: target) == pinned.info.revision { return .moved }
        try copy()
        return .copiedSourceGone
    }

    /// Where the archive is mounted from another disk: a copy, and only then the end of the source, under a name that no one writes to.
    private func moveAcrossDevices() throws(StoreError) -> MoveOutcome {
        try copy()
        let aside = FolderPath.folder(of: source) + "/" + Draft.freshName()
        guard rename(source, aside) == 0 else {
            if errno == ENOENT { return .copiedSourceGone }
            throw StoreError.posix(source, doing: "remove")
        }
        guard try revision(of: aside) == pinned.info.revision else {
            try putBack(aside)
            return .copiedSourceChanged
        }
        guard unlink(aside) == 0 else { throw StoreError.posix(source, doing: "remove") }
        try FolderStore.flushFolder(of: source)
        return .moved
    }

    /// Under its own name, or, where a still newer file has come there meanwhile, under `again-…` beside it. Never over another file.
    private func putBack(_ moved: String) throws(StoreError) {
        let folder = FolderPath.folder(of: source) + "/"
        let name = FolderPath.name(of: source)
        for number in 0..<Self.mostNames {
            let place = number == 0 ? source : folder + (number == 1 ? "again-" : "again-\(number)-") + name
            if link(moved, place) == 0 {
                try FolderStore.flushFolder(of: place)
                guard unlink(moved) == 0 else { throw StoreError.posix(moved, doing: "put back") }
                return
            }
            guard errno == EEXIST else { throw StoreError.posix(place, doing: "put back") }
        }
        throw StoreError(
            .failed, culprit: moved, detail: "it belongs to \(source), where every name is taken", remedy: "Move it back by hand, under a new name.")
    }

    /// The pinned version, whole, or nothing: a writer in place is noticed before and after.
    private func copy() throws(StoreError) {
        try demandIntact()
        let draft = try Draft(beside: target)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.copyBlockBytes, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while offset < pinned.info.size {
            let count = try pinned.read(into: buffer, at: offset)
            guard count > 0 else { break }
            try draft.write(UnsafeRawBufferPointer(rebasing: buffer[..<min(count, pinned.info.size - offset)]))
            offset += count
        }
        try demandIntact()
        try draft.publish(replacing: target)
    }

    private func demandIntact() throws(StoreError) {
        guard try pinned.isIntact() else {
            throw StoreError(
                .changed, culprit: target, detail: "the version that was read is gone: its file was overwritten in place",
                remedy: "Write new files under a hidden name and rename them; what was sent is kept in the synced store.")
        }
    }

    private func revision(of path: String) throws(StoreError) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw StoreError.posix(path, doing: "look at")
        }
        return ObjectInfo(key: "", status: status).revision
    }
}
