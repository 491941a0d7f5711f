package import Primitives

extension SnapshotManifest {
  /// The version of a manifest whose chunks' prefixes have the same number of bits, and of any other.
  private static let evenVersion: UInt8 = 1
  private static let unevenVersion: UInt8 = 2

  /// The encoding: version, entry count, the chunks, and the proof. With chunks of equal prefixes these are the number of
  /// bits and the digests; otherwise their number, and for each its number of bits and its digest.
  package func encoded(_ chain: ChainContext) -> [UInt8] {
    var writer = Writer(capacity: 1024 + chunks.count * (Digest.byteCount + 1))
    writer.byte(prefixes.isEmpty ? Self.evenVersion : Self.unevenVersion)
    writer.integer(entryCount)
    if prefixes.isEmpty {
      writer.byte(UInt8(chunks.count.trailingZeroBitCount))
      for chunk in chunks { writer.digest(chunk) }
    } else {
      writer.count(chunks.count)
      for (prefix, chunk) in zip(prefixes, chunks) {
        writer.byte(UInt8(prefix.bits))
        writer.digest(chunk)
      }
    }
    proof.encode(into: &writer, chain: chain)
    return writer.bytes
  }

  package init(_ bytes: [UInt8], chain: ChainContext) throws(SnapshotError) {
    var reader = Reader(bytes.span.bytes)
    let entryCount: UInt64
    let parts: (chunks: [Digest], prefixes: [KeyPrefix])
    do throws(CodecError) {
      let version = try reader.byte()
      entryCount = try reader.integer()
      switch version {
      case Self.evenVersion: parts = (try Self.evenChunks(&reader), [])
      case Self.unevenVersion: parts = try Self.unevenChunks(&reader)
      default: throw .unknown(field: "manifest version", value: UInt64(version))
      }
    } catch {
      throw .manifest(error)
    }
    let proof: CertifiedBlock
    do throws(ReceiptError) {
      proof = try CertifiedBlock(from: &reader, chain: chain)
    } catch {
      throw .proof(error)
    }
    guard reader.remaining == 0 else {
      throw .manifest(.trailingBytes(offset: reader.offset, count: reader.remaining))
    }
    self.init(entryCount: entryCount, chunks: parts.chunks, prefixes: parts.prefixes, proof: proof)
  }

  private static func evenChunks(_ reader: inout Reader) throws(CodecError) -> [Digest] {
    let bits = try reader.byte()
    guard bits <= Limits.snapshotPrefixBits else {
      throw .tooLong(field: "prefix bits", value: UInt64(bits), limit: UInt64(Limits.snapshotPrefixBits))
    }
    var chunks: [Digest] = []
    chunks.reserveCapacity(1 << Int(bits))
    for _ in 0..<1 << Int(bits) { chunks.append(try reader.digest()) }
    return chunks
  }

  private static func unevenChunks(
    _ reader: inout Reader
  ) throws(CodecError) -> (chunks: [Digest], prefixes: [KeyPrefix]) {
    let count = try reader.count(limit: Limits.snapshotChunks, "chunks of a snapshot")
    let length = count * (Digest.byteCount + 1)
    guard length <= reader.remaining else {
      throw .truncated(offset: reader.span.byteCount, missing: length - reader.remaining)
    }
    var chunks: [Digest] = []
    var depths: [UInt8] = []
    chunks.reserveCapacity(count)
    depths.reserveCapacity(count)
    for _ in 0..<count {
      depths.append(try reader.byte())
      chunks.append(try reader.digest())
    }
    guard let prefixes = KeyPrefix.all(depths) else { throw .invalid(field: "prefixes of the chunks") }
    return (chunks, prefixes)
  }
}
