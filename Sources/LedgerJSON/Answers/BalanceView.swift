public import Ledger

/// An account's balance of one asset.
public struct BalanceView: Codable, Hashable, Sendable {
  public var asset: Name
  /// What is available, as an exact decimal number scaled by the asset's decimals, such as `12.50`.
  public var amount: String
  /// The same amount in smallest units.
  public var units: Amount
  /// What open holds set aside, which is no part of `amount`, in both forms; absent if there is nothing.
  public var held: String?
  public var heldUnits: Amount?

  public init(asset: Name, units: Amount, held: Amount = .zero, decimals: UInt8) {
    self.asset = asset
    amount = units.text(decimals: Int(decimals))
    self.units = units
    guard held != .zero else { return }
    self.held = held.text(decimals: Int(decimals))
    heldUnits = held
  }
}
