import LedgerJSON
import Primitives

/// A change of the set of validators, or of a vote key in it, by the names of the nodes.
enum SetChange: Hashable, Sendable, CustomStringConvertible {
  case add(String)
  case rotateKey(String)
  case remove(String)
  case replace(String, by: String)

  /// The node whose vote key enters the set; nil if none does.
  var entering: String? {
    switch self {
    case .add(let name), .rotateKey(let name), .replace(_, by: let name): name
    case .remove: nil
    }
  }

  /// The words of the command after `roadbed validator`, without options.
  var words: [String] {
    switch self {
    case .add(let name): ["add", name]
    case .rotateKey(let name): ["rotate-key", name]
    case .remove(let name): ["remove", name]
    case .replace(let old, by: let new): ["replace", old, new]
    }
  }

  var description: String { words.joined(separator: " ") }

  /// The validators' names after the change, in the order of their indices (protocol rule R44).
  func names(from before: [String]) -> [String] {
    switch self {
    case .add(let name): before + [name]
    case .rotateKey: before
    case .remove(let name): before.filter { $0 != name }
    case .replace(let old, by: let new): before.filter { $0 != old } + [new]
    }
  }

  /// Whether the change, and nothing else, leads from the one set to the other.
  func leads(from before: ValidatorsView, to after: ValidatorsView) -> Bool {
    guard after.epoch == before.epoch + 1, after.names == names(from: before.names) else { return false }
    guard case .rotateKey(let name) = self else { return true }
    return after.voteKey(of: name) != before.voteKey(of: name)
  }
}

extension ValidatorsView {
  /// The validators' names, in the order of their indices.
  var names: [String] { items.map { "\($0.name)" } }

  fileprivate func voteKey(of name: String) -> PublicKey? { items.first { "\($0.name)" == name }?.voteKey }
}
