public import Ledger
public import Primitives

/// An open hold: units that a payer set aside for a payee. `GET /v1/holds`.
public struct HoldView: Codable, Hashable, Sendable {
  /// The payer's account.
  public var from: AccountName
  public var reference: HoldReference
  /// The payee's account.
  public var to: AccountName
  public var asset: Name
  /// What is still held, as an exact decimal number scaled by the asset's decimals, such as `12.50`.
  public var amount: String
  /// The same amount in smallest units.
  public var units: Amount
  /// From this time of a block on, the payee can no longer capture, and the chain returns what is held.
  public var expires: Timestamp
  /// A member that may capture and release in the payee's place.
  public var arbiter: Name?
  public var placed: HoldNumber

  public init(_ hold: Hold, decimals: UInt8) {
    from = hold.from
    reference = hold.reference
    to = hold.to
    asset = hold.asset
    amount = hold.amount.text(decimals: Int(decimals))
    units = hold.amount
    expires = hold.expires
    arbiter = hold.arbiter
    placed = hold.placed
  }
}
