public import Cryptography
public import Primitives

/// A transaction that is collecting signatures. Its operations and times are fixed, and therefore its id.
public struct TransactionDraft: Sendable {
  public let chain: ChainContext
  /// The canonical bytes before the signatures, for handing to a co-signer, who reads them with
  /// `init(unsignedBytes:chain:hash:)`.
  public let unsignedBytes: [UInt8]
  public let id: Digest
  let head: TransactionHead
  /// The signatures so far, in strictly ascending order of member and key.
  public private(set) var signatures: [TransactionSignature] = []

  /// Creates a draft without signatures. `nonce` makes otherwise equal transactions differ. `hash` must be of the
  /// chain's suite.
  public init(
    operations: [Operation], validUntil: Timestamp, nonce: UInt64, chain: ChainContext, hash: inout HashFunction
  ) throws(TransactionError) {
    var writer = Writer(capacity: TransactionLayout.headBytes + 160 * operations.count)
    writer.byte(TransactionLayout.version)
    writer.digest(chain.genesis)
    writer.integer(validUntil.rawValue)
    writer.integer(nonce)
    writer.integer(UInt32(clamping: operations.count))
    for operation in operations { operation.encode(into: &writer) }
    try self.init(unsignedBytes: writer.bytes, chain: chain, hash: &hash)
  }

  /// Decodes unsigned bytes strictly.
  public init(unsignedBytes: [UInt8], chain: ChainContext, hash: inout HashFunction) throws(TransactionError) {
    guard unsignedBytes.count <= Limits.transactionBytes else { throw .tooLarge(bytes: unsignedBytes.count) }
    var reader = Reader(unsignedBytes.span.bytes)
    head = try TransactionHead(from: &reader, chain: chain)
    try TransactionError.decode(&reader) { (reader) throws(CodecError) in try reader.end() }
    // Without room for even one signature it can never be submitted.
    guard head.keyProofCount < Limits.transactionSignatures else {
      throw .tooManySignatures(count: head.keyProofCount + 1)
    }
    id = TransactionLayout.id(ofUnsigned: unsignedBytes.span.bytes, hash: &hash)
    self.unsignedBytes = unsignedBytes
    self.chain = chain
  }

  /// Reopens a signed transaction for further signatures.
  public init(_ transaction: SignedTransaction, chain: ChainContext) {
    self.chain = chain
    unsignedBytes = Array(transaction.bytes.prefix(transaction.layout.unsignedCount))
    id = transaction.id
    head = TransactionHead(transaction.layout)
    signatures = transaction.signatures
  }

  /// Decodes strictly the bytes of a transaction that may lack signatures, even all of them: `bytes`.
  public init(bytes: [UInt8], chain: ChainContext, hash: inout HashFunction) throws(TransactionError) {
    guard bytes.count <= Limits.transactionBytes else { throw .tooLarge(bytes: bytes.count) }
    var reader = Reader(bytes.span.bytes)
    _ = try TransactionHead(from: &reader, chain: chain)
    let unsigned = reader.offset
    let count = try TransactionError.decode(&reader) { (reader) throws(CodecError) in try reader.byte() }
    if count > 0 {
      self.init(try SignedTransaction(bytes: bytes, chain: chain, hash: &hash), chain: chain)
    } else {
      try TransactionError.decode(&reader) { (reader) throws(CodecError) in try reader.end() }
      try self.init(unsignedBytes: Array(bytes.prefix(unsigned)), chain: chain, hash: &hash)
    }
  }

  public var validUntil: Timestamp { head.validUntil }
  public var nonce: UInt64 { head.nonce }
  public var operationCount: Int { head.operationCount }

  /// The operations, copied out of the bytes.
  public var operations: [Operation] {
    var operations: [Operation] = []
    operations.reserveCapacity(operationCount)
    var cursor = OperationCursor(unsignedBytes.span.bytes, count: operationCount)
    while let operation = cursor.next() { operations.append(Operation(operation, in: cursor.buffer)) }
    return operations
  }

  /// The canonical bytes with the signatures so far, of which there may be none: a byte with their number, and each.
  public var bytes: [UInt8] {
    var writer = Writer(capacity: unsignedBytes.count + 1 + 130 * signatures.count)
    writer.raw(unsignedBytes)
    // A number that does not fit is written as the largest possible, so that the decoder refuses it.
    writer.byte(UInt8(clamping: signatures.count))
    for signature in signatures { signature.encode(into: &writer) }
    return writer.bytes
  }

  /// The bytes that each signature signs.
  public var signedBytes: [UInt8] { SignedTransaction.signedBytes(id: id, chain: chain) }

  /// Adds a signature over `signedBytes` and replaces one by the same member and key. Does not verify it.
  public mutating func add(_ signature: TransactionSignature) {
    let place = signatures.firstIndex { !$0.precedes(signature) } ?? signatures.endIndex
    if place < signatures.endIndex, !signature.precedes(signatures[place]) {
      signatures[place] = signature
    } else {
      signatures.insert(signature, at: place)
    }
  }

  /// Keeps only the signatures at these places.
  public mutating func keepSignatures(_ isKept: (Int) -> Bool) {
    signatures = signatures.indices.filter(isKept).map { signatures[$0] }
  }

  /// Signs with one of `member`'s keys.
  public mutating func sign(as member: Name, with key: any SigningKey) throws(CryptoError) {
    let signature = try key.sign(signedBytes, for: unsignedBytes)
    add(TransactionSignature(member: member, key: key.publicKey, signature: signature))
  }

  /// The signed transaction. Throws if there are no signatures, too many signatures or too many bytes.
  public func assemble(hash: inout HashFunction) throws(TransactionError) -> SignedTransaction {
    try SignedTransaction(bytes: bytes, chain: chain, hash: &hash)
  }
}
