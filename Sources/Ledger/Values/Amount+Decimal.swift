/// Exact decimal text, scaled by an asset's decimals: 12345 with two decimals is "123.45". No floating point is
/// involved.
extension Amount {
  /// Reads `[0-9]+` or `[0-9]+.[0-9]+` with at most `decimals` digits after the point. Returns nil for anything else:
  /// a sign, a space, an exponent, a leading zero before other digits, more digits than the asset has decimals, or
  /// 2^128 and above.
  public init?(decimal: some StringProtocol, decimals: Int) {
    guard let amount = try? Amount.parse(decimal, decimals: decimals) else { return nil }
    self = amount
  }

  /// Reads an amount like `init(decimal:decimals:)`, but throws the reason if the text is not one.
  package static func parse(_ decimal: some StringProtocol, decimals: Int) throws(AmountFault) -> Amount {
    var value: UInt128? = 0
    var digits = 0
    var fraction: Int?
    for character in decimal.utf8 {
      if character == UInt8(ascii: ".") {
        guard fraction == nil, digits > 0 else { throw .notDecimal }
        fraction = 0
        continue
      }
      guard character >= UInt8(ascii: "0"), character <= UInt8(ascii: "9") else { throw .notDecimal }
      // A leading zero must be the only digit before the point.
      guard fraction != nil || digits == 0 || value != 0 else { throw .notDecimal }
      value = append(character - UInt8(ascii: "0"), to: value)
      digits += 1
      fraction = fraction.map { $0 + 1 }
    }
    guard digits > 0, fraction != 0 else { throw .notDecimal }
    let places = fraction ?? 0
    guard places <= decimals else { throw .tooManyPlaces(places) }
    for _ in places..<decimals { value = append(0, to: value) }
    guard let value else { throw .tooLarge }
    return Amount(value)
  }

  /// The amount with exactly `decimals` digits after the point, or without a point if `decimals` is 0.
  public func text(decimals: Int) -> String {
    guard decimals > 0 else { return rawValue.description }
    var digits = Array(rawValue.description.utf8)
    if digits.count <= decimals {
      digits.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: decimals + 1 - digits.count), at: 0)
    }
    digits.insert(UInt8(ascii: "."), at: digits.count - decimals)
    return String(decoding: digits, as: UTF8.self)
  }

  /// Appends a digit. Returns nil once the value reaches 2^128.
  private static func append(_ digit: UInt8, to value: UInt128?) -> UInt128? {
    guard let value else { return nil }
    let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
    let (sum, overflow) = tens.addingReportingOverflow(UInt128(digit))
    return tooLarge || overflow ? nil : sum
  }
}
