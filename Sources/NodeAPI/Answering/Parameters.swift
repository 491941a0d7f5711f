internal import Hummingbird
internal import Ledger
internal import Primitives

extension Request {
  /// A query parameter that is a whole number within `range`.
  func number<Value: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<Value>, default standard: Value
  ) throws -> Value {
    guard let text = uri.queryParameters[Substring(name)] else { return standard }
    guard let value = Value(text), range.contains(value) else {
      throw RequestError.parameter(
        name, String(text), allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func flag(_ name: String) throws -> Bool {
    switch uri.queryParameters[Substring(name)] {
    case nil, "false": return false
    case "true", "": return true
    case .some(let text): throw RequestError.parameter(name, String(text), allowed: "true or false")
    }
  }

  func text(_ name: String) -> String? { uri.queryParameters[Substring(name)].map(String.init) }

  /// How many items a page has: `limit`, 1 to 100.
  var pageLimit: Int {
    get throws { try number("limit", in: 1...100, default: 50) }
  }

  /// How long the caller wants to wait for finality, in milliseconds; nil if not at all.
  var finalityWait: UInt64? {
    get throws {
      switch text("wait") {
      case nil: return nil
      case "finalized": return try number("timeout", in: 1...60_000, default: 10_000)
      case .some(let other): throw RequestError.parameter("wait", other, allowed: "'finalized'")
      }
    }
  }
}

extension RequestContext {
  func digest(_ name: String) throws -> Digest {
    let text = try parameters.require(name)
    guard let digest = Digest(hex: text) else {
      throw RequestError.parameter(name, text, allowed: "64 hexadecimal digits")
    }
    return digest
  }

  func name(_ parameter: String) throws -> Name {
    let text = try parameters.require(parameter)
    guard let name = Name(text) else {
      throw RequestError.parameter(parameter, text, allowed: "a name: [a-z0-9][a-z0-9.-]{0,31}")
    }
    return name
  }

  func height(_ parameter: String) throws -> Height {
    let text = try parameters.require(parameter)
    guard let number = UInt64(text) else {
      throw RequestError.parameter(parameter, text, allowed: "a height, or 'latest'")
    }
    return Height(number)
  }
}
