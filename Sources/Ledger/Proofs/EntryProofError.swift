public import Primitives

/// The reason why a proof about the state does not prove what it claims.
public enum EntryProofError: Error, Hashable, Sendable {
  case tooLarge(bytes: Int)
  /// The chain is older than proofs about the state.
  case earlierChain
  case encoding(CodecError)
  case header(BlockError)
  /// Nothing proves that the block and its result are final.
  case notCertified(ReceiptError)
  /// The block is final, but its state root does not bear out the entry.
  case state(MapProofError)
}

extension EntryProofError: ExplainedError {
  public var code: String {
    switch self {
    case .tooLarge: "proof.too-large"
    case .earlierChain: "proof.earlier-chain"
    case .encoding: "proof.malformed"
    case .header: "proof.malformed-header"
    case .notCertified(.closings(let error)): error.code
    case .notCertified: "proof.not-certified"
    case .state(let error): error.code
    }
  }

  public var explanation: String {
    switch self {
    case .tooLarge(let bytes): "the proof has \(bytes) bytes; the limit is \(EntryProof.byteLimit)"
    case .earlierChain: "the chain is of genesis version 1 or 2; proofs about the state exist from version 3 on"
    case .encoding(let error): "the proof is malformed: \(error.explanation)"
    case .header(let error): error.explanation
    case .notCertified(let error): "nothing proves that the block is final: \(error.explanation)"
    case .state(let error): error.explanation
    }
  }

  public var nextStep: String {
    switch self {
    case .earlierChain: "use receipts: those of older chains can still be verified"
    case .notCertified(.closings(let error)): error.nextStep
    case .header(.otherChain): "verify it with the genesis file of its own chain"
    default: "do not rely on it; fetch the proof again, preferably from another node"
    }
  }
}
