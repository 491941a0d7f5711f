import Ledger
import Testing

@Testing.Suite("Amounts")
struct AmountTests {
  @Test(
    "Decimal text is exact in both directions",
    arguments: [
      ("0", 0, 0), ("7", 0, 7), ("0.00", 2, 0), ("0.05", 2, 5), ("123.45", 2, 12345), ("1.000000", 6, 1_000_000),
      ("340282366920938463463374607431768211455", 0, UInt128.max),
      ("3402823669209384634633746074317682114.55", 2, UInt128.max),
      ("0.340282366920938463463374607431", 30, 340_282_366_920_938_463_463_374_607_431),
    ])
  func exact(text: String, decimals: Int, value: UInt128) throws {
    #expect(Amount(value).text(decimals: decimals) == text)
    #expect(Amount(decimal: text, decimals: decimals) == Amount(value))
  }

  @Test("Missing decimal digits are filled with zeros")
  func filled() {
    #expect(Amount(decimal: "5", decimals: 2) == Amount(500))
    #expect(Amount(decimal: "5.1", decimals: 2) == Amount(510))
  }

  @Test(
    "Text that is not an exact amount is refused",
    arguments: [
      "00", "007", "00.1", "01.1", "", ".", "1.", ".5", "1.234", "-1", "+1", " 1", "1 ", "1e3", "1,5", "1..2", "1.2.3",
      "0x10", "١",
      "3402823669209384634633746074317682114.56", "3402823669209384634633746074317682115",
      "99999999999999999999999999999999999999999",
    ])
  func refused(text: String) {
    #expect(Amount(decimal: text, decimals: 2) == nil)
  }

  @Test(
    "Different mistakes in a text give different errors",
    arguments: [
      ("3402823669209384634633746074317682114.56", .tooLarge), ("3402823669209384634633746074317682115", .tooLarge),
      (String(repeating: "9", count: 400), .tooLarge), ("1.234", .tooManyPlaces(3)), ("1e3", .notDecimal),
      (String(repeating: "9", count: 400) + "x", .notDecimal), ("", .notDecimal), ("1.", .notDecimal),
    ] as [(String, AmountFault)])
  func faults(text: String, fault: AmountFault) {
    #expect(throws: fault) { try Amount.parse(text, decimals: 2) }
    #expect(AmountFault.largest(decimals: 2) == "3402823669209384634633746074317682114.55")
  }

  @Test("Sums and differences outside 0...2^128-1 are nil")
  func bounds() {
    #expect(Amount(.max).adding(Amount(1)) == nil)
    #expect(Amount(.max - 1).adding(Amount(1)) == Amount(.max))
    #expect(Amount(4).subtracting(Amount(5)) == nil)
    #expect(Amount(5).subtracting(Amount(5)) == .zero)
  }
}
