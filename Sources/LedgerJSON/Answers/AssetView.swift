public import Ledger

/// An asset. `GET /v1/assets/{name}`.
public struct AssetView: Codable, Hashable, Sendable {
  public var name: Name
  public var issuer: Name
  public var description: String
  /// The number of digits after the point in amounts.
  public var decimals: UInt8
  /// The units issued and not retired, as an exact decimal number scaled by the decimals.
  public var supply: String
  /// The same supply in smallest units.
  public var supplyUnits: Amount
  /// The most units that may exist at once, scaled by the decimals; nil if there is no such limit.
  public var cap: String?
  /// The same cap in smallest units.
  public var capUnits: Amount?
  /// Whether the asset is frozen: its units can neither move nor be issued, retired, set aside or captured.
  public var frozen: Bool

  public init(
    name: Name, issuer: Name, description: String, decimals: UInt8, supply: Amount, terms: AssetTerms = AssetTerms()
  ) {
    self.name = name
    self.issuer = issuer
    self.description = description
    self.decimals = decimals
    self.supply = supply.text(decimals: Int(decimals))
    supplyUnits = supply
    cap = terms.cap?.text(decimals: Int(decimals))
    capUnits = terms.cap
    frozen = terms.isFrozen
  }
}
