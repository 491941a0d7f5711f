public import Cryptography
public import Primitives

/// Operations that are applied all or none, signed with one or more keys, as checked canonical bytes.
///
/// The checks cover everything that requires neither the state nor a signature verification.
public struct SignedTransaction: Sendable {
  /// The canonical encoding, including the signatures.
  public let bytes: [UInt8]
  public let layout: TransactionLayout

  /// Decodes all of `bytes` strictly. `hash` must be of the chain's suite.
  public init(bytes: [UInt8], chain: ChainContext, hash: inout HashFunction) throws(TransactionError) {
    layout = try TransactionLayout(validating: bytes.span.bytes, start: 0, chain: chain, hash: &hash)
    self.bytes = bytes
  }

  /// Copies a transaction out of its block.
  public init(_ view: TransactionView) {
    bytes = view.bytes.withUnsafeBytes { Array($0) }
    layout = view.layout.moved(to: 0)
  }

  public var id: Digest { layout.id }
  /// The last block time at which the transaction may be applied.
  public var validUntil: Timestamp { layout.validUntil }
  public var nonce: UInt64 { layout.nonce }
  public var operationCount: Int { layout.operationCount }

  public var view: TransactionView {
    @_lifetime(borrow self)
    get { TransactionView(layout, in: bytes.span.bytes) }
  }

  /// The signatures, in strictly ascending order of member and key.
  public var signatures: [TransactionSignature] {
    var signatures: [TransactionSignature] = []
    signatures.reserveCapacity(layout.signatureCount)
    var cursor = view.signatures
    while let signature = cursor.next() { signatures.append(signature) }
    return signatures
  }

  /// The member of the first signature, to whose share of the mempool the transaction counts.
  public var sponsor: Name {
    var cursor = view.signatures
    guard let first = cursor.next() else { preconditionFailure("transaction \(id) has no signature") }
    return first.member
  }

  /// The operations, copied out of the bytes.
  public var operations: [Operation] {
    var operations: [Operation] = []
    operations.reserveCapacity(operationCount)
    var cursor = view.operations
    while let operation = cursor.next() { operations.append(Operation(operation, in: cursor.buffer)) }
    return operations
  }

  /// The bytes that each signature of the transaction `id` signs: tag, suite byte, genesis digest, id.
  public static func signedBytes(id: Digest, chain: ChainContext) -> [UInt8] {
    var writer = Writer(.transactionSignature, capacity: 73)
    writer.byte(chain.suite.rawValue)
    writer.digest(chain.genesis)
    writer.digest(id)
    return writer.bytes
  }
}

extension SignedTransaction: Hashable {
  public static func == (left: SignedTransaction, right: SignedTransaction) -> Bool { left.bytes == right.bytes }
  public func hash(into hasher: inout Hasher) { hasher.combine(layout.id) }
}
