package import BlockLog
package import Primitives

/// Why a signer's guard cannot be opened.
package enum SignerGuardError: Error, Equatable, Sendable {
  case damaged(file: String, offset: Int, reason: String)
  case otherChain(own: Digest, found: Digest)
  case disk(DiskError)
}

extension SignerGuardError: ExplainedError {
  package var code: String {
    switch self {
    case .damaged: "signer.guard-damaged"
    case .otherChain: "signer.guard-of-other-chain"
    case .disk(let error): error.code
    }
  }

  package var explanation: String {
    switch self {
    case .damaged(let file, let offset, let reason):
      "the signer's file '\(file)', which says what was signed, is damaged at byte \(offset): \(reason)"
    case .otherChain(let own, let found):
      "the signer's directory belongs to the chain with genesis \(found), not \(own)"
    case .disk(let error): error.explanation
    }
  }

  package var nextStep: String {
    switch self {
    case .damaged:
      "do not remove the file while the node may be in the views that it tells of: give the validator another key "
        + "(`roadbed validator replace`), or stop the node, let the others go on for some blocks, and only then begin anew"
    case .otherChain: "give the signer a directory of its own for each chain and key"
    case .disk(let error): error.nextStep
    }
  }
}
