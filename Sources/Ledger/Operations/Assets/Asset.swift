internal import Primitives

/// An asset as recorded in the state.
public struct Asset: Hashable, Sendable {
  public let name: Name
  public var issuer: Name
  public var decimals: UInt8
  public var description: String
  /// The units in existence: issued and not retired.
  public var supply: Amount

  public init(name: Name, issuer: Name, decimals: UInt8, description: String, supply: Amount) {
    self.name = name
    self.issuer = issuer
    self.decimals = decimals
    self.description = description
    self.supply = supply
  }
}

extension Asset {
  /// Writes the value of the state's entry under the asset's name.
  func encodeValue(into writer: inout Writer) {
    issuer.encode(into: &writer)
    writer.byte(decimals)
    supply.encode(into: &writer)
    writer.text(description)
  }

  init(_ name: Name, valueFrom reader: inout Reader) throws(CodecError) {
    self.name = name
    issuer = try Name(from: &reader, "issuer")
    decimals = try Asset.decimals(&reader)
    supply = try Amount(from: &reader)
    description = try reader.textRange(limit: Limits.descriptionBytes, "description").text(in: reader.span)
  }

  /// Decodes a number of decimals and checks its limit.
  static func decimals(_ reader: inout Reader) throws(CodecError) -> UInt8 {
    let decimals = try reader.byte()
    guard decimals <= Limits.assetDecimals else {
      throw .tooLong(field: "decimals", value: UInt64(decimals), limit: UInt64(Limits.assetDecimals))
    }
    return decimals
  }
}
