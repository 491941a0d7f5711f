package import Cryptography
package import Primitives

/// Sorts the entries of one chunk and encodes them.
package struct StateChunkEncoder {
  private var bytes: [UInt8] = []
  private var places: [(key: Digest, range: Range<Int>)] = []

  package init() {}

  package mutating func add(_ entry: ArraySlice<UInt8>, key: Digest) {
    places.append((key, bytes.count..<bytes.count + entry.count))
    bytes.append(contentsOf: entry)
  }

  /// Adds concatenated entries, in the form of `StateEntryBatch.bytes`.
  package mutating func add(_ entries: [UInt8], hash: inout HashFunction) {
    StateEntryBatch.forEach(in: entries, hash: &hash) { add($0, key: $1) }
  }

  /// The encoded chunk.
  package consuming func finish() -> [UInt8] {
    places.sort { $0.key < $1.key }
    var writer = Writer(capacity: StateChunk.headerBytes + bytes.count)
    writer.count(places.count)
    for place in places { writer.raw(bytes.span.bytes.extracting(place.range)) }
    return writer.bytes
  }
}
