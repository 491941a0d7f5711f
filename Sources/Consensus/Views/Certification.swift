import Primitives

/// Whether a notarized block was executed here.
enum Certification: Equatable, Sendable {
  /// No notarization yet.
  case none
  /// Its parent is not usable here yet.
  case waiting(Proposal)
  /// The node was asked to execute it.
  case running(Proposal)
  case yes(Proposal, result: Digest)
  /// It cannot be executed, for good.
  case no(Proposal)

  var isPending: Bool {
    switch self {
    case .waiting, .running: true
    case .none, .yes, .no: false
    }
  }
}
