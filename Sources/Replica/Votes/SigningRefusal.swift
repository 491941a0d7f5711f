package import Primitives

/// Why a statement was not signed.
package enum SigningRefusal: Error, Equatable, Sendable {
  /// Signing would contradict a statement that this validator has already signed.
  case conflict(with: Statement, refused: Statement)
  /// The key or the cryptographic library failed.
  case failed(reason: String)
  /// The signer cannot be used for a while. The statement may have been signed, and is signed later if it still matters.
  case away(reason: String)
  /// The signer, which has a memory of its own, will not sign this. The statement is never made.
  case declined(code: String, reason: String)
}

extension SigningRefusal: ExplainedError {
  package var code: String {
    switch self {
    case .conflict: "vote.conflict"
    case .failed: "vote.signing-failed"
    case .away: "node.signer-away"
    case .declined(let code, _): code
    }
  }

  package var explanation: String {
    switch self {
    case .conflict(let earlier, let refused):
      "signing a \(refused.kind) vote of view \(refused.view) would contradict the \(earlier.kind) vote already signed there"
    case .failed(let reason): "signing failed: \(reason)"
    case .away(let reason): "the signer is away, so this node does not vote: \(reason)"
    case .declined(_, let reason): reason
    }
  }

  package var nextStep: String {
    switch self {
    case .conflict:
      "voting has stopped; keep the directory as it is and report this: the node's own rules should have prevented it"
    case .failed: "check the key file and the machine's memory, then start the node again"
    case .away: "start the signer again, or free its disk: the node goes on by itself"
    case .declined: "nothing, if it happens once after a crash; otherwise find out who else uses the key"
    }
  }
}
