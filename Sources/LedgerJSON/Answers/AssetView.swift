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

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(Name.self, forKey: .name)
    issuer = try values.decode(Name.self, forKey: .issuer)
    description = try values.decode(String.self, forKey: .description)
    decimals = try values.decode(UInt8.self, forKey: .decimals)
    supply = try values.decode(String.self, forKey: .supply)
    supplyUnits = try values.decode(Amount.self, forKey: .supplyUnits)
    cap = try values.decodeIfPresent(String.self, forKey: .cap)
    capUnits = try values.decodeIfPresent(Amount.self, forKey: .capUnits)
    // Nodes of before version 4 of the rules do not say.
    frozen = try values.decodeIfPresent(Bool.self, forKey: .frozen) ?? false
  }
}
