/// The reason why a text is not an amount of an asset that can be moved.
package enum AmountFault: Error, Hashable, Sendable {
  /// The text contains something other than digits and one point between them.
  case notDecimal
  /// The text has this many digits after the point, more than the asset has decimals.
  case tooManyPlaces(Int)
  /// The amount is 2^128 or more of the asset's smallest units.
  case tooLarge
  case zero

  /// What is wrong, for an asset with this many decimals.
  package func explanation(decimals: UInt8) -> String {
    switch self {
    case .notDecimal: "it is not a decimal number"
    case .tooManyPlaces(let places): "it has \(places) digits after the point, but the asset has \(decimals) decimals"
    case .tooLarge: "it is too large; the largest amount is \(AmountFault.largest(decimals: decimals))"
    case .zero: "it is zero"
    }
  }

  package func nextStep(decimals: UInt8) -> String {
    switch self {
    case .notDecimal: "write digits, and at most one point between them, without sign, space or exponent, such as 12.50"
    case .tooManyPlaces: "write at most \(decimals) digits after the point"
    case .tooLarge: "write at most \(AmountFault.largest(decimals: decimals))"
    case .zero: "write an amount above zero"
    }
  }

  /// The largest amount of an asset with this many decimals, as text.
  package static func largest(decimals: UInt8) -> String { Amount(UInt128.max).text(decimals: Int(decimals)) }
}
