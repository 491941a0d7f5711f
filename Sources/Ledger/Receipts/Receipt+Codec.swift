public import Cryptography
public import Primitives

extension Receipt {
  /// The canonical encoding.
  public func bytes(_ chain: ChainContext) -> [UInt8] {
    var writer = Writer(capacity: 4096 + transaction.bytes.count + descendants.count * BlockHeader.byteCount)
    writer.byte(Receipt.version(of: chain))
    writer.longBytes(transaction.bytes)
    writer.integer(index)
    Receipt.encode(inclusionPath, into: &writer)
    outcome.encode(into: &writer)
    Receipt.encode(outcomePath, into: &writer)
    certifiedBlock.encode(into: &writer, chain: chain)
    if chain.hasEpochs { closings.encode(into: &writer) }
    return writer.bytes
  }

  /// Decodes all of `bytes` strictly. Proves nothing yet; see `verify`. `hash` must be of the chain's suite.
  public init(bytes: [UInt8], chain: ChainContext, hash: inout HashFunction) throws(ReceiptError) {
    guard bytes.count <= Receipt.byteLimit else { throw .tooLarge(bytes: bytes.count) }
    var reader = Reader(bytes.span.bytes)
    let signed = try Receipt.decode(&reader) { (reader) throws(CodecError) in
      let version = try reader.byte()
      guard version == Receipt.version(of: chain) else {
        throw CodecError.unknown(field: "receipt version", value: UInt64(version))
      }
      return try reader.longBytes(limit: Limits.transactionBytes, "transaction")
    }
    do throws(TransactionError) {
      transaction = try SignedTransaction(bytes: signed, chain: chain, hash: &hash)
    } catch {
      throw .transaction(error)
    }
    let proof = try Receipt.decode(&reader) { (reader) throws(CodecError) in
      (
        index: try reader.integer(UInt32.self), inclusion: try Receipt.path(&reader, "inclusion path"),
        outcome: try TransactionOutcome(from: &reader), path: try Receipt.path(&reader, "outcome path")
      )
    }
    index = proof.index
    inclusionPath = proof.inclusion
    outcome = proof.outcome
    outcomePath = proof.path
    let certified = try CertifiedBlock(from: &reader, chain: chain)
    header = certified.header
    result = certified.result
    descendants = certified.descendants
    certificate = certified.certificate
    closings =
      chain.hasEpochs
      ? try Receipt.decode(&reader) { (reader) throws(CodecError) in try Closings(from: &reader) } : Closings()
    guard reader.remaining == 0 else {
      throw .encoding(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
  }

  private static func encode(_ path: [Digest], into writer: inout Writer) {
    writer.byte(UInt8(clamping: path.count))
    for digest in path { writer.digest(digest) }
  }

  private static func path(_ reader: inout Reader, _ field: StaticText) throws(CodecError) -> [Digest] {
    let count = Int(try reader.byte())
    guard count <= Receipt.pathLimit else {
      throw .tooLong(field: field, value: UInt64(count), limit: UInt64(Receipt.pathLimit))
    }
    var path: [Digest] = []
    path.reserveCapacity(count)
    for _ in 0..<count { path.append(try reader.digest()) }
    return path
  }

  private static func decode<Value>(
    _ reader: inout Reader, _ body: (inout Reader) throws(CodecError) -> Value
  ) throws(ReceiptError) -> Value {
    do throws(CodecError) {
      return try body(&reader)
    } catch {
      throw .encoding(error)
    }
  }
}
