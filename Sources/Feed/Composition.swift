// The standard library composes without tables of ours and without Foundation, but only shows it to those who ask for its Unicode SPI.
@_spi(_Unicode) internal import Swift

extension String {
    /// In normalisation form C (Unicode Standard Annex 15).
    var composed: String {
        var scalars = UnicodeScalarView()
        scalars.append(contentsOf: _nfc)
        return String(scalars)
    }
}
