internal import Primitives

/// An account's balance of one asset.
public struct Balance: Hashable, Sendable {
  public let asset: Name
  public var amount: Amount

  public init(asset: Name, amount: Amount) {
    self.asset = asset
    self.amount = amount
  }
}

extension Balance {
  /// Decodes the amount of a balance that has an entry in the state, which must not be zero.
  static func amount(_ reader: inout Reader) throws(CodecError) -> Amount {
    let amount = try Amount(from: &reader)
    guard amount != .zero else { throw .invalid(field: "balance (must not be zero)") }
    return amount
  }
}
