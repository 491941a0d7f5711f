public import Ledger
public import Primitives

// The ledger's values in answers. Names, digests, keys and signatures are strings, times are ISO 8601, heights are
// numbers. Amounts in smallest units are strings, because common JSON readers lose digits of large numbers.

/// Decodes a string and parses it. Throws if `parse` returns nil.
private func decode<Value>(
  _ decoder: any Decoder, _ allowed: String, _ parse: (String) -> Value?
) throws -> Value {
  let container = try decoder.singleValueContainer()
  let text = try container.decode(String.self)
  guard let value = parse(text) else {
    throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text.quoted) is not \(allowed)")
  }
  return value
}

extension Digest: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.digest) { Digest(hex: $0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension PublicKey: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.publicKey) { PublicKey(hex: $0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension Signature: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.signature) { Signature(hex: $0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension Name: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.name) { Name($0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension AccountName: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.account) { AccountName($0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension CollectionName: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.collection) { CollectionName($0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension HoldReference: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.holdReference) { HoldReference($0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension HoldNumber: Codable {
  private enum CodingKeys: String, CodingKey { case height, operation }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      height: try container.decode(Height.self, forKey: .height),
      operation: try container.decode(UInt32.self, forKey: .operation))
  }
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(height, forKey: .height)
    try container.encode(operation, forKey: .operation)
  }
}

extension Amount: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.units) { Amount(decimal: $0, decimals: 0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension AmountChange: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.change) { AmountChange($0) }
  }
  public func encode(to encoder: any Encoder) throws { try text().encode(to: encoder) }
}

extension Timestamp: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.time) { Timestamp(iso8601: $0) }
  }
  public func encode(to encoder: any Encoder) throws { try iso8601.encode(to: encoder) }
}

extension Height: Codable {
  public init(from decoder: any Decoder) throws { self.init(try UInt64(from: decoder)) }
  public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}

extension Checkpoint: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.checkpoint) { Checkpoint($0) }
  }
  public func encode(to encoder: any Encoder) throws { try description.encode(to: encoder) }
}

extension Suite: Codable {
  public init(from decoder: any Decoder) throws {
    self = try LedgerJSON.decode(decoder, Allowed.suite) { Suite(name: $0) }
  }
  public func encode(to encoder: any Encoder) throws { try name.encode(to: encoder) }
}

/// Encoded as an array of the roles' names.
extension Roles: Codable {
  public init(from decoder: any Decoder) throws {
    self = []
    var names = try decoder.unkeyedContainer()
    while !names.isAtEnd {
      let name = try names.decode(String.self)
      guard let role = Roles(name: name) else {
        throw DecodingError.dataCorruptedError(in: names, debugDescription: "\"\(name)\" is not \(Allowed.role)")
      }
      insert(role)
    }
  }
  public func encode(to encoder: any Encoder) throws { try names.encode(to: encoder) }
}
