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
    var start = 0
    while start + 2 <= entries.count {
      let keyEnd = start + 2 + Self.length(at: start, in: entries)
      let end = keyEnd + 2 + Self.length(at: keyEnd, in: entries)
      add(entries[start..<end], key: hash.hash(.stateKey, entries.span.bytes.extracting(start + 2..<keyEnd)))
      start = end
    }
  }

  private static func length(at offset: Int, in bytes: [UInt8]) -> Int {
    Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
  }

  /// The encoded chunk.
  package consuming func finish() -> [UInt8] {
    places.sort { $0.key < $1.key }
    var writer = Writer(capacity: 4 + bytes.count)
    writer.count(places.count)
    for place in places { writer.raw(bytes.span.bytes.extracting(place.range)) }
    return writer.bytes
  }
}
