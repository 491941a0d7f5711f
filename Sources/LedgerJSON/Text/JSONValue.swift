/// Any JSON value (RFC 8259). Numbers are kept as written, so no amount passes through floating point.
public indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The text of a number, in JSON's grammar.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

  /// Whether both have the same texts, byte for byte. `==` also takes for equal what Unicode calls canonically equivalent.
  package func isExactly(_ other: JSONValue) -> Bool {
    switch (self, other) {
    case (.string(let text), .string(let other)), (.number(let text), .number(let other)):
      text.utf8.elementsEqual(other.utf8)
    case (.array(let values), .array(let others)):
      values.count == others.count && zip(values, others).allSatisfy { $0.isExactly($1) }
    case (.object(let members), .object(let others)):
      members.count == others.count
        && members.allSatisfy { key, value in others[key].map { value.isExactly($0) } ?? false }
    default: self == other
    }
  }

  /// The name of the value's type in errors.
  package var typeName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// For answers that contain values of any shape. Decoding uses the platform's decoder, so a number that is not a
/// 64-bit integer is reduced to the precision of a `Double`.
extension JSONValue: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ text: String) { stringValue = text }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    if let object = try? decoder.container(keyedBy: Key.self) {
      var members: [String: JSONValue] = [:]
      for key in object.allKeys { members[key.stringValue] = try object.decode(JSONValue.self, forKey: key) }
      self = .object(members)
      return
    }
    if var array = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      while !array.isAtEnd { elements.append(try array.decode(JSONValue.self)) }
      self = .array(elements)
      return
    }
    let single = try decoder.singleValueContainer()
    if single.decodeNil() {
      self = .null
    } else if let value = try? single.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? single.decode(String.self) {
      self = .string(value)
    } else if let value = try? single.decode(UInt64.self) {
      self = .integer(value)
    } else if let value = try? single.decode(Int64.self) {
      self = .integer(value)
    } else {
      self = .number("\(try single.decode(Double.self))")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let members):
      var object = encoder.container(keyedBy: Key.self)
      for key in members.keys.sorted() { try object.encode(members[key], forKey: Key(key)) }
    case .array(let elements):
      var array = encoder.unkeyedContainer()
      for element in elements { try array.encode(element) }
    case .null:
      var single = encoder.singleValueContainer()
      try single.encodeNil()
    case .bool(let value):
      var single = encoder.singleValueContainer()
      try single.encode(value)
    case .string(let value):
      var single = encoder.singleValueContainer()
      try single.encode(value)
    case .number(let text):
      var single = encoder.singleValueContainer()
      if let value = UInt64(text) {
        try single.encode(value)
      } else if let value = Int64(text) {
        try single.encode(value)
      } else if let value = Double(text) {
        try single.encode(value)
      } else {
        throw EncodingError.invalidValue(text, .init(codingPath: encoder.codingPath, debugDescription: "no number"))
      }
    }
  }
}
