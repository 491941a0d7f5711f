internal import Cryptography
public import Primitives

/// The facts gathered by walking over one transaction's bytes: its position in its buffer, its fixed fields, and its
/// id. A block's offset table consists of these.
@frozen
public struct TransactionLayout: Hashable, Sendable, BitwiseCopyable {
  /// The bytes of version, genesis digest, valid until, nonce and operation count, which precede the first operation.
  static let headBytes = 1 + Digest.byteCount + 8 + 8 + 4
  static let version: UInt8 = 1

  /// The digest of the unsigned bytes, under the transaction tag and the suite. Signatures do not change it.
  public let id: Digest
  /// The position of the signed bytes in their buffer.
  public let range: ByteRange
  public let validUntil: Timestamp
  public let nonce: UInt64
  private let rawUnsignedCount: UInt32
  private let rawOperationCount: UInt32
  private let rawSignatureCount: UInt8
  private let rawKeyProofCount: UInt8
  /// The first version of the rules that has all operations.
  public let rules: UInt16

  /// The number of bytes before the signatures.
  public var unsignedCount: Int { Int(rawUnsignedCount) }
  public var operationCount: Int { Int(rawOperationCount) }
  /// The number of signatures of members.
  public var signatureCount: Int { Int(rawSignatureCount) }
  /// The number of operations that carry the proof of a key, which is a signature as well.
  var keyProofCount: Int { Int(rawKeyProofCount) }
  /// The number of signatures to verify.
  public var verificationCount: Int { signatureCount + keyProofCount }

  /// Walks over all of a signed transaction once and checks every rule that does not require the state. `start` is
  /// the offset of `bytes` in their buffer.
  init(
    validating bytes: RawSpan, start: Int, chain: ChainContext, hash: inout HashFunction
  ) throws(TransactionError) {
    guard bytes.byteCount <= Limits.transactionBytes else { throw .tooLarge(bytes: bytes.byteCount) }
    var reader = Reader(bytes)
    let head = try TransactionHead(from: &reader, chain: chain)
    let unsigned = reader.offset
    let signatures = try TransactionLayout.skipSignatures(&reader, besides: head.keyProofCount)
    id = TransactionLayout.id(ofUnsigned: bytes.extracting(0..<unsigned), hash: &hash)
    range = ByteRange(start: start, count: bytes.byteCount)
    validUntil = head.validUntil
    nonce = head.nonce
    rawUnsignedCount = UInt32(unsigned)
    rawOperationCount = UInt32(head.operationCount)
    rawSignatureCount = UInt8(signatures)
    rawKeyProofCount = UInt8(head.keyProofCount)
    rules = head.rules
  }

  /// The layout of `draft.bytes`.
  init(_ draft: TransactionDraft, bytes: Int) {
    id = draft.id
    range = ByteRange(start: 0, count: bytes)
    validUntil = draft.validUntil
    nonce = draft.nonce
    rawUnsignedCount = UInt32(draft.unsignedBytes.count)
    rawOperationCount = UInt32(draft.operationCount)
    rawSignatureCount = UInt8(clamping: draft.signatures.count)
    rawKeyProofCount = UInt8(draft.head.keyProofCount)
    rules = draft.head.rules
  }

  private init(_ other: TransactionLayout, start: Int) {
    id = other.id
    range = ByteRange(start: start, count: other.range.count)
    validUntil = other.validUntil
    nonce = other.nonce
    rawUnsignedCount = other.rawUnsignedCount
    rawOperationCount = other.rawOperationCount
    rawSignatureCount = other.rawSignatureCount
    rawKeyProofCount = other.rawKeyProofCount
    rules = other.rules
  }

  /// The layout of the same transaction at another offset.
  func moved(to start: Int) -> TransactionLayout { TransactionLayout(self, start: start) }

  static func id(ofUnsigned bytes: RawSpan, hash: inout HashFunction) -> Digest {
    hash.hash(.transactionIdentity, bytes)
  }

  /// Moves past the signatures, which must not be too many together with `keyProofs`, and returns their number.
  private static func skipSignatures(
    _ reader: inout Reader, besides keyProofs: Int
  ) throws(TransactionError) -> Int {
    let count = Int(try TransactionError.decode(&reader) { (reader) throws(CodecError) in try reader.byte() })
    guard count > 0 else { throw .noSignatures }
    guard count + keyProofs <= Limits.transactionSignatures else {
      throw .tooManySignatures(count: count + keyProofs)
    }
    var previous: TransactionSignature?
    for index in 0..<count {
      let signature = try TransactionError.decode(&reader) { (reader) throws(CodecError) in
        try TransactionSignature(from: &reader)
      }
      if let previous, !previous.precedes(signature) { throw .signatureOrder(index: index) }
      previous = signature
    }
    try TransactionError.decode(&reader) { (reader) throws(CodecError) in try reader.end() }
    return count
  }
}

extension TransactionError {
  /// Runs a decoder and wraps its error.
  @inline(__always)
  static func decode<Value>(
    _ reader: inout Reader, _ body: (inout Reader) throws(CodecError) -> Value
  ) throws(TransactionError) -> Value {
    do throws(CodecError) {
      return try body(&reader)
    } catch {
      throw .encoding(error)
    }
  }
}
