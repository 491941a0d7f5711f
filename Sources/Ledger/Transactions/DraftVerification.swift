public import Cryptography

/// What verifying the signatures of a draft showed. Whether the keys belong to the members is looked up in the state.
public struct DraftVerification: Hashable, Sendable {
  /// For each signature, in order, whether it is valid for the key that it names.
  public let signatures: [Bool]
  /// The validators for which an operation carries a key proof that is not valid, in the order of the operations.
  public let badKeyProofs: [Name]
}

extension TransactionDraft {
  /// Verifies the signatures and the proofs of keys. `verifier` must be of the chain's suite.
  public func verify(with verifier: inout SignatureVerifier) -> DraftVerification {
    let message = signedBytes
    let results = signatures.map { verifier.verify($0.signature, of: message, by: $0.key) }
    var bad: [Name] = []
    var cursor = OperationCursor(unsignedBytes.span.bytes, count: head.keyProofCount > 0 ? operationCount : 0)
    while let operation = cursor.next() {
      guard let proof = operation.keyProof else { continue }
      let item = proof.item(chain)
      if !verifier.verify(item.signature, of: item.message, by: item.key) { bad.append(proof.validator) }
    }
    return DraftVerification(signatures: results, badKeyProofs: bad)
  }
}
