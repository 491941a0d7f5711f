internal import Primitives

/// Why a peer is blamed for a vote that it sent.
enum VoteFault: Error, Equatable {
  case badSignature(Statement)
  /// Two other votes of the signer already contradict each other, or this one, in this view.
  case contradictory(Statement)
}

extension VoteFault: ExplainedError {
  var code: String {
    switch self {
    case .badSignature: "vote.bad-signature"
    case .contradictory: "vote.contradictory"
    }
  }

  var explanation: String {
    switch self {
    case .badSignature(let statement):
      "a signature on a \(statement.kind) vote of view \(statement.view) is invalid"
    case .contradictory(let statement):
      "sent one more contradictory \(statement.kind) vote of view \(statement.view)"
    }
  }

  var nextStep: String {
    switch self {
    case .badSignature: "report it to the peer's operator"
    case .contradictory: "tell the peer's operator: its key may be in use twice"
    }
  }
}
