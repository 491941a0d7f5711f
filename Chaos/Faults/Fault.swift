import Primitives

/// One fault to inject, with everything about it that is decided at random.
struct Fault: Sendable, CustomStringConvertible {
  var kind: FaultKind
  /// The affected node, numbered from 1. For `halves`, the first node of the first half; for `storm` and
  /// `validators`, not used.
  var node: Int
  /// How long the fault lasts before it is healed.
  var milliseconds: Int
  /// Which form the fault takes, for kinds with two forms.
  var isOtherForm: Bool
  /// The seed for decisions during the fault.
  var seed: UInt64

  var description: String {
    let subject =
      switch kind {
      case .storm: "all nodes"
      case .halves: "halves, node\(node) in the first"
      case .validators: "a node joins"
      default: "node\(node)"
      }
    let form =
      switch kind {
      case .oneWay: isOtherForm ? ", what it sends" : ", what is sent to it"
      case .clock: isOtherForm ? ", behind" : ", ahead"
      case .validators: isOtherForm ? " and dials the others" : " and is dialled"
      default: ""
      }
    return "\(kind.rawValue) (\(subject)\(form), \(milliseconds) ms)"
  }
}
