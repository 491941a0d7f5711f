package import Primitives

/// Signs the own validator's statements. Called by the replica's loop only.
///
/// Not bound to classes, although all are: with a field that may be of any layout Swift passes `Replica` by address, and
/// else copies its four kilobytes for many a call that only looks something up.
package protocol VoteSigner: Sendable {
  func sign(_ statement: Statement) throws(SigningRefusal) -> Signature
  /// Nothing at or below this view will be signed again.
  func finalized(_ view: View)
}

/// Why a statement was not signed.
package enum SigningRefusal: Error, Equatable, Sendable {
  /// Signing would contradict what this validator has signed already.
  case conflict(with: Statement, refused: Statement)
  /// The key or the library failed.
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
      "signing a \(refused.kind) of view \(refused.view) would contradict the \(earlier.kind) already signed there"
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
