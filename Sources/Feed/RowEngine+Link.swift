internal import CFeedKernels

extension RowEngine {
    /// Longest address, in bytes once encoded (L06, M07).
    static var addressLimit: Int { 2000 }

    /// L01–L07.
    mutating func judgeLink() {
        let text = value(.link)
        link = text
        put(",\"link\":\"")
        if text.isEmpty {
            putByte(UInt8(ascii: "\""))
            lacking = .link
            return report(.l01, .link, text)
        }
        let classes = text.classes
        if hasRawCharacter(classes.mask) { report(.l04, .link, text) }
        let start = json
        guard let address = WebAddress(text) else {
            putString(text, classes.mask)
            lacking = .link
            return report(.l02, .link, text)
        }
        let host = hostVerdict(address.host)
        if !host.isValid {
            lacking = .link
            report(.l02, .link, text)
        }
        if !address.isSecure { report(.l03, .link, text) }
        if !host.isAllowed {
            report(.l05, .link, text)
        } else if host.isTest {
            reportTestHost(text)
        }
        if host.isExample { report(.l07, .link, text) }
        putAddress(text, classes.mask, address, host, rule: .l04, column: .link)
        if json - start - 1 > Self.addressLimit { report(.l06, .link, text) }
    }

    /// Without a list of allowed hosts nobody can be sure: at most a warning.
    @inline(never)
    private mutating func reportTestHost(_ text: Text) {
        guard isOn(.l05) else { return }
        report(.l05, .link, text, note: plan.options.allowedHosts.isEmpty)
    }

    /// M01–M05. Columns `image[0].url`, … go out as Meta's array of pictures, else `image_link` does.
    mutating func judgeImageLink() {
        if pictureCount == 0 {
            put(",\"image_link\":\"")
            judgeMainPicture()
        } else {
            put(",\"image\":[{\"url\":\"")
            judgeMainPicture()
            putFurtherPictures()
        }
    }

    @inline(__always)
    private mutating func judgeMainPicture() {
        let text = value(.imageLink)
        picture = text
        if text.isEmpty {
            putByte(UInt8(ascii: "\""))
            lacking = .imageLink
            return report(.m01, .imageLink, text)
        }
        let classes = text.classes
        guard let address = WebAddress(text), !hasRawCharacter(classes.mask) else {
            putString(text, classes.mask)
            lacking = .imageLink
            return report(.m02, .imageLink, text)
        }
        let host = pictureHostVerdict(address.host)
        if !host.isValid {
            lacking = .imageLink
            report(.m02, .imageLink, text)
        }
        judgePicturePath(address.rest, text)
        putAddress(text, classes.mask, address, host, rule: .m02, column: .imageLink)
    }

    @inline(__always)
    private mutating func judgePicturePath(_ rest: Text, _ text: Text) {
        let classes = rest.classes
        var path = rest
        if classes.mask & UInt32(VF_QUERY) != 0 { path = withoutQuery(rest) }
        if classes.mask & UInt32(VF_TWOSLASHES) != 0, hasTwoSlashes(path) { report(.m03, .imageLink, text) }
        let groups = vf_needles_find(pictureNeedles, rest.base, rest.count)
        if groups != 0 {
            if groups & WordLists.List.placeholderPicture.bit != 0, words.contains(.placeholderPicture, in: path) { report(.m04, .imageLink, text) }
            if groups & WordLists.pictureFolderBit != 0, PictureFolders.isGluedToName(path) { report(.m03, .imageLink, text) }
        }
        if !hasPictureExtension(path) { report(.m05, .imageLink, text) }
    }

    @inline(__always)
    private mutating func hostVerdict(_ host: Text) -> HostVerdict {
        linkHosts.remembered(host) ?? linkHosts.judge(host, allowed: plan.options.allowedHosts)
    }

    @inline(__always)
    private mutating func pictureHostVerdict(_ host: Text) -> HostVerdict { imageHosts.remembered(host) ?? imageHosts.judge(host, allowed: []) }

    private func withoutQuery(_ rest: Text) -> Text {
        var end = 0
        while end < rest.count, rest[end] != UInt8(ascii: "?"), rest[end] != UInt8(ascii: "#") { end += 1 }
        return Text(rest.base, end)
    }

    private func hasTwoSlashes(_ path: Text) -> Bool {
        guard path.count > 1 else { return false }
        for index in 1..<path.count where path[index] == UInt8(ascii: "/") && path[index - 1] == UInt8(ascii: "/") { return true }
        return false
    }

    /// A path without an extension may be a picture; one of two to five letters says what it is.
    @inline(__always)
    private func hasPictureExtension(_ path: Text) -> Bool {
        var length = 0
        while length < 6, length < path.count {
            let byte = path[path.count - 1 - length]
            if byte == UInt8(ascii: ".") { break }
            if !byte.isASCIILetter { return true }
            length += 1
        }
        guard (2...5).contains(length), length < path.count else { return true }
        let name = path.dropFirst(path.count - length)
        switch length {
        case 3: return name.equalsFolded("jpg") || name.equalsFolded("png") || name.equalsFolded("gif") || name.equalsFolded("bmp") || name.equalsFolded("tif")
        case 4: return name.equalsFolded("jpeg") || name.equalsFolded("webp") || name.equalsFolded("tiff")
        default: return false
        }
    }

    @inline(__always)
    private func hasRawCharacter(_ mask: UInt32) -> Bool { mask & UInt32(VF_SPACE | VF_CONTROL | VF_BREAK) != 0 }

    /// The address and its closing quote. What is not ASCII is percent-encoded (counted as a note of `rule`), in the host by punycode.
    @inline(__always)
    private mutating func putAddress(_ text: Text, _ mask: UInt32, _ address: WebAddress, _ host: HostVerdict, rule: RuleID, column: Column) {
        if mask & UInt32(VF_NONASCII) == 0 {
            // Only where L04 was turned down: a blank in an address is never sent.
            return hasRawCharacter(mask) ? putEncoded(text, address, host) : putString(text, mask)
        }
        report(.l04, column, text, note: true)
        putEncoded(text, address, host)
    }

    @inline(never)
    private mutating func putEncoded(_ text: Text, _ address: WebAddress, _ host: HostVerdict) {
        let before = Text(text.base, address.host.base - text.base)
        putPercentEncoded(before)
        if host.hasNonASCII, let plain = Punycode.host(address.host.string.composed) { putText(plain) } else { putPercentEncoded(address.host) }
        putPercentEncoded(address.rest)
        putByte(UInt8(ascii: "\""))
    }

    private mutating func putPercentEncoded(_ text: Text) {
        let hex: StaticString = "0123456789ABCDEF"
        for byte in text.buffer {
            if byte < 0x7F, byte > 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                putByte(byte)
            } else {
                putByte(UInt8(ascii: "%"))
                putByte(hex.utf8Start[Int(byte >> 4)])
                putByte(hex.utf8Start[Int(byte & 15)])
            }
        }
    }

    /// M07: `additional_image_link`, split at comma, semicolon, bar or blank, as a JSON array.
    mutating func judgeAdditionalPictures() {
        guard has(.additionalImageLink), pictureCount == 0 else { return }
        let text = value(.additionalImageLink)
        put(",\"additional_image_link\":[")
        var number = 0
        var isBad = text.count > Self.addressLimit
        var index = 0
        while index < text.count {
            let start = index
            while index < text.count, !isSeparator(text[index]) { index += 1 }
            if index > start {
                let part = Text(text.base + start, index - start)
                if let address = WebAddress(part), case let host = pictureHostVerdict(address.host), host.isValid {
                    if number > 0 { putByte(UInt8(ascii: ",")) }
                    putByte(UInt8(ascii: "\""))
                    putAddress(part, part.classes.mask, address, host, rule: .m07, column: .additionalImageLink)
                    number += 1
                } else {
                    isBad = true
                }
            }
            index += 1
        }
        putByte(UInt8(ascii: "]"))
        if isBad || number > 20 { report(.m07, .additionalImageLink, text) }
    }

    /// The tags of the first picture, and the others with theirs.
    @inline(never)
    private mutating func putFurtherPictures() {
        for (number, columns) in plan.pictures.enumerated() {
            if number > 0 {
                let text = value(at: columns.url)
                guard !text.isEmpty else { continue }
                guard let address = WebAddress(text), case let host = pictureHostVerdict(address.host), host.isValid else {
                    report(.m07, column: "image[\(number)].url", value: text.string)
                    continue
                }
                put(",{\"url\":\"")
                putAddress(text, text.classes.mask, address, host, rule: .m07, column: .additionalImageLink)
            }
            putTags(columns.tags)
            putByte(UInt8(ascii: "}"))
        }
        putByte(UInt8(ascii: "]"))
    }

    private mutating func putTags(_ places: [Int]) {
        var number = 0
        for place in places {
            let tag = value(at: place)
            guard !tag.isEmpty else { continue }
            if number == 0 { put(",\"tag\":[\"") } else { put(",\"") }
            putString(tag, tag.classes.mask)
            number += 1
        }
        if number > 0 { putByte(UInt8(ascii: "]")) }
    }

    private func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|") || byte.isBlank }
}
