import Primitives

/// Whether a notarized block was executed here.
enum Certification: Equatable, Sendable {
  /// There is no notarization yet.
  case none
  /// The parent is not usable here yet.
  case waiting(Proposal)
  /// The node was asked to execute the block.
  case running(Proposal)
  case yes(Proposal, result: Digest)
  /// The block can never be executed.
  case no(Proposal)

  var isPending: Bool {
    switch self {
    case .waiting, .running: true
    case .none, .yes, .no: false
    }
  }
}
