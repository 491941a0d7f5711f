internal import Primitives

/// What an account holds of one asset.
public struct Balance: Hashable, Sendable {
  public let asset: Name
  public var amount: Amount

  public init(asset: Name, amount: Amount) {
    self.asset = asset
    self.amount = amount
  }
}

extension Balance {
  /// Decodes an amount that has an entry in the state.
  static func amount(_ reader: inout Reader) throws(CodecError) -> Amount {
    let amount = try Amount(from: &reader)
    guard amount != .zero else { throw .invalid(field: "balance (must not be zero)") }
    return amount
  }
}
