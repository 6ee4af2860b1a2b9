/// Every rule there is: a closed set, so that a metric label and a settings key can be one of them. Facts about each: `RuleID+Catalogue.swift`.
///
/// F files · I identity · T title · D description · L link · M pictures · P price · V availability · C condition · G brand and identifiers ·
/// K category · R variants · S other optional columns · B batches · X the whole run.
public enum RuleID: String, CaseIterable, Sendable, Hashable {
    case f01 = "F01", f02 = "F02", f03 = "F03", f04 = "F04", f05 = "F05", f06 = "F06", f07 = "F07", f08 = "F08"
    case f09 = "F09", f10 = "F10", f11 = "F11", f12 = "F12", f13 = "F13", f14 = "F14"
    case i01 = "I01", i02 = "I02", i03 = "I03", i04 = "I04", i05 = "I05", i06 = "I06", i07 = "I07", i08 = "I08"
    case i09 = "I09", i10 = "I10", i11 = "I11", i12 = "I12"
    case t01 = "T01", t02 = "T02", t03 = "T03", t04 = "T04", t05 = "T05", t06 = "T06", t07 = "T07", t08 = "T08"
    case t09 = "T09", t10 = "T10", t11 = "T11"
    case d01 = "D01", d02 = "D02", d03 = "D03", d04 = "D04", d05 = "D05", d06 = "D06", d07 = "D07", d08 = "D08"
    case d09 = "D09"
    case l01 = "L01", l02 = "L02", l03 = "L03", l04 = "L04", l05 = "L05", l06 = "L06", l07 = "L07", l08 = "L08"
    case m01 = "M01", m02 = "M02", m03 = "M03", m04 = "M04", m05 = "M05", m06 = "M06", m07 = "M07"
    case p01 = "P01", p02 = "P02", p03 = "P03", p04 = "P04", p05 = "P05", p06 = "P06", p07 = "P07", p08 = "P08"
    case p09 = "P09", p10 = "P10", p11 = "P11", p12 = "P12", p13 = "P13", p14 = "P14", p15 = "P15"
    case v01 = "V01", v02 = "V02", v03 = "V03", v04 = "V04", v05 = "V05", v06 = "V06"
    case c01 = "C01", c02 = "C02", c03 = "C03"
    case g01 = "G01", g02 = "G02", g03 = "G03", g04 = "G04", g05 = "G05", g06 = "G06", g07 = "G07", g08 = "G08"
    case k01 = "K01", k02 = "K02", k03 = "K03", k04 = "K04", k05 = "K05", k06 = "K06"
    case r01 = "R01", r02 = "R02", r03 = "R03", r04 = "R04", r05 = "R05", r06 = "R06", r07 = "R07"
    case s01 = "S01", s02 = "S02"
    case b01 = "B01", b02 = "B02", b03 = "B03", b04 = "B04", b05 = "B05", b06 = "B06"
    case x01 = "X01", x02 = "X02", x03 = "X03", x04 = "X04", x07 = "X07", x08 = "X08", x09 = "X09", x10 = "X10"

    /// Place in `allCases`: the index of the row path's counters. A test holds the two equal.
    var ordinal: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}
