package import Primitives

/// Why a statement was not signed.
package enum SigningRefusal: Error, Equatable, Sendable {
  /// Signing would contradict a statement that this validator has already signed.
  case conflict(with: Statement, refused: Statement)
  /// The key or the cryptographic library failed.
  case failed(reason: String)
}

extension SigningRefusal: ExplainedError {
  package var code: String {
    switch self {
    case .conflict: "vote.conflict"
    case .failed: "vote.signing-failed"
    }
  }

  package var explanation: String {
    switch self {
    case .conflict(let earlier, let refused):
      "signing a \(refused.kind) vote of view \(refused.view) would contradict the \(earlier.kind) vote already signed there"
    case .failed(let reason): "signing failed: \(reason)"
    }
  }

  package var nextStep: String {
    switch self {
    case .conflict:
      "voting has stopped; keep the directory as it is and report this: the node's own rules should have prevented it"
    case .failed: "check the key file and the machine's memory, then start the node again"
    }
  }
}
