internal import Foundation
internal import Hummingbird

/// The query parameters. The path must accept each of them, and each may be given only once: ignoring a misspelt
/// parameter would change the meaning of the query.
struct Query {
  private let values: [String: String]

  /// - Parameter known: the parameters that the path accepts.
  init(_ request: Request, _ known: [String] = []) throws {
    var values: [String: String] = [:]
    for pair in (request.uri.query ?? "").split(separator: "&", omittingEmptySubsequences: true) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard known.contains(name) else { throw RequestError.unknownParameter(name, known) }
      guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding else {
        throw RequestError.parameter(name, String(pair), allowed: "\(name)=VALUE, percent-encoded")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw RequestError(
          .badRequest, code: "request.parameter", "'\(name)' is given more than once", nextStep: "give it once")
      }
    }
    self.values = values
  }

  /// A whole number within `range`.
  func number<Value: FixedWidthInteger>(
    _ name: String, in range: ClosedRange<Value>, default standard: Value
  ) throws -> Value {
    guard let text = values[name] else { return standard }
    guard let value = Value(canonical: text), range.contains(value) else {
      throw RequestError.parameter(
        name, text, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func flag(_ name: String) throws -> Bool {
    switch values[name] {
    case nil, "false": return false
    case "true": return true
    case .some(let text): throw RequestError.parameter(name, text, allowed: "true or false")
    }
  }

  /// The result of `parse` on a parameter; nil if it is not given.
  func value<Value>(_ name: String, _ parse: (String) -> Value?, allowed: String) throws -> Value? {
    guard let text = values[name] else { return nil }
    guard let value = parse(text) else { throw RequestError.parameter(name, text, allowed: allowed) }
    return value
  }

  /// The number of items on a page: `limit`, 1 to 100.
  var pageLimit: Int {
    get throws { try number("limit", in: 1...100, default: 50) }
  }

  /// The parameters of a path on which a request can wait.
  static let waiting = ["wait", "timeout"]

  /// How long the client wants to wait for finality, in milliseconds; nil if it does not want to wait.
  var finalityWait: UInt64? {
    get throws {
      let timeout: UInt64 = try number("timeout", in: 1...60_000, default: 10_000)
      switch values["wait"] {
      case nil:
        guard values["timeout"] == nil else {
          throw RequestError(
            .badRequest, code: "request.parameter", "'timeout' is given without 'wait'",
            nextStep: "add wait=finalized, or omit it")
        }
        return nil
      case "finalized": return timeout
      case .some(let other): throw RequestError.parameter("wait", other, allowed: "'finalized'")
      }
    }
  }
}
