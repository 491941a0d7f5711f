public import Cryptography
public import Primitives

/// A transaction in place: its layout and its borrowed bytes.
///
/// Created only from bytes that have been walked over, so reading it cannot fail. Only that of a draft may lack signatures.
public struct TransactionView: ~Escapable {
  public let layout: TransactionLayout
  /// The signed bytes, to which the ranges in operation views refer.
  public let bytes: RawSpan

  @_lifetime(copy buffer)
  init(_ layout: TransactionLayout, in buffer: RawSpan) {
    self.layout = layout
    self.bytes = buffer.extracting(layout.range.start..<layout.range.end)
  }

  /// A draft in its own bytes.
  @_lifetime(copy bytes)
  init(_ draft: TransactionDraft, in bytes: RawSpan) {
    layout = TransactionLayout(draft, bytes: bytes.byteCount)
    self.bytes = bytes
  }

  public var id: Digest { layout.id }

  /// The operations in order, decoded one by one without allocation.
  public var operations: OperationCursor {
    @_lifetime(copy self)
    get { OperationCursor(bytes, count: layout.operationCount) }
  }

  /// The signatures in order, decoded one by one without allocation.
  public var signatures: SignatureCursor {
    @_lifetime(copy self)
    get { SignatureCursor(bytes, start: layout.unsignedCount) }
  }

  /// The proofs of keys in the operations, in order.
  public var keyProofs: [KeyProof] {
    var proofs: [KeyProof] = []
    // Hardly any transaction has one, and the others are not walked over again.
    guard layout.keyProofCount > 0 else { return proofs }
    var cursor = operations
    while let operation = cursor.next() {
      if let proof = operation.keyProof { proofs.append(proof) }
    }
    return proofs
  }

  /// Appends all signatures to verify, `layout.verificationCount` of them: those of the members, then the proofs of keys,
  /// each in order.
  public func appendSignatures(_ chain: ChainContext, to items: inout [VerificationItem]) {
    let message = SignedTransaction.signedBytes(id: id, chain: chain)
    var cursor = signatures
    while let signature = cursor.next() {
      items.append(VerificationItem(message: message, key: signature.key, signature: signature.signature))
    }
    for proof in keyProofs { items.append(proof.item(chain)) }
  }
}
