import Primitives

/// One thing that is about to happen, with all that chance decides of it.
struct Fault: Sendable, CustomStringConvertible {
  var kind: FaultKind
  /// The node that is struck, from 1; of a storm or of halves the first.
  var node: Int
  /// How long it lasts before it is healed.
  var milliseconds: Int
  /// Of faults with two forms, which.
  var isOtherForm: Bool
  /// For what is decided while it goes on.
  var seed: UInt64

  var description: String {
    let subject =
      switch kind {
      case .storm: "all nodes"
      case .halves: "halves, node\(node) in the first"
      default: "node\(node)"
      }
    let form =
      switch kind {
      case .oneWay: isOtherForm ? ", what it sends" : ", what is sent to it"
      case .clock: isOtherForm ? ", behind" : ", ahead"
      default: ""
      }
    return "\(kind.rawValue) (\(subject)\(form), \(milliseconds) ms)"
  }
}
