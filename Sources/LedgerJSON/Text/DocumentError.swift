public import Primitives

/// The reason why a JSON document was refused: the document, the path in it, the value there and what is allowed
/// there.
public struct DocumentError: Error, Hashable, Sendable {
  public enum Fault: Hashable, Sendable {
    /// The text is not JSON. Line and column count from 1; the column counts bytes.
    case syntax(line: Int, column: Int, what: String)
    case missingKey(String)
    case unknownKey(String, allowed: [String])
    case type(found: String, expected: String)
    case value(String, allowed: String)
    /// The value is well formed, but breaks a rule of the ledger that has its own code.
    case rule(code: String, explanation: String, nextStep: String)
  }

  /// The name of a file, or `request body`.
  public var document: String
  /// The keys and indices that lead to the value, such as `members[2].keys[0]`; empty for the whole document.
  public var path: String
  public var fault: Fault

  public init(document: String, path: String = "", fault: Fault) {
    self.document = document
    self.path = path
    self.fault = fault
  }

  package init(document: String, path: String = "", rule error: some ExplainedError) {
    self.init(
      document: document, path: path,
      fault: .rule(code: error.code, explanation: error.explanation, nextStep: error.nextStep))
  }
}

extension DocumentError: ExplainedError {
  public var code: String {
    switch fault {
    case .syntax: "json.syntax"
    case .missingKey: "json.missing-key"
    case .unknownKey: "json.unknown-key"
    case .type: "json.wrong-type"
    case .value: "json.invalid-value"
    case .rule(let code, _, _): code
    }
  }

  private var place: String { path.isEmpty ? document : "\(document): \(path)" }

  public var explanation: String {
    switch fault {
    case .syntax(let line, let column, let what): "\(document): line \(line), column \(column): \(what)"
    case .missingKey(let key): "\(place): the key \"\(key)\" is missing"
    case .unknownKey(let key, _): "\(place): the key \(key.quoted) is unknown here"
    case .type(let found, let expected): "\(place): expected \(expected), found \(found)"
    case .value(let value, let allowed): "\(place): \(value) is not allowed here; allowed: \(allowed)"
    case .rule(_, let explanation, _): "\(place): \(explanation)"
    }
  }

  public var nextStep: String {
    switch fault {
    case .syntax: "correct the JSON at that place"
    case .missingKey(let key): "add \"\(key)\"; Documentation/api.md shows the form"
    case .unknownKey(_, let allowed):
      allowed.isEmpty ? "remove the key" : "remove the key, or use one of: \(allowed.joined(separator: ", "))"
    case .type(_, let expected): "write \(expected)"
    case .value(_, let allowed): "write \(allowed)"
    case .rule(_, _, let nextStep): nextStep
    }
  }
}
