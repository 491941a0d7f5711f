package import Cryptography
package import Primitives

/// Encoded entries of the state in any order, copied from a running ledger and sorted into chunks later.
package struct StateEntryBatch: Sendable {
  /// The concatenated entries, each encoded as in a chunk.
  package private(set) var bytes: [UInt8] = []
  /// The offset of each entry and the length of its key, in bytes.
  private var places: [(start: Int, keyLength: Int)] = []
  private var writer = Writer(capacity: 2048)

  package init() {}

  package var count: Int { places.count }

  mutating func append(_ entry: StateEntry) {
    writer.reset()
    writer.integer(UInt16(0))
    entry.key.encode(into: &writer)
    let keyLength = writer.count - 2
    writer.integer(UInt32(0))
    entry.encodeValue(into: &writer)
    let valueLength = writer.count - keyLength - 6
    let start = bytes.count
    bytes.append(contentsOf: writer.bytes)
    // The limits of names bound a key far below 65,536 bytes.
    Self.put(UInt16(keyLength), at: start, in: &bytes)
    Self.put(UInt32(valueLength), at: start + 2 + keyLength, in: &bytes)
    places.append((start, keyLength))
  }

  private static func put<Length: FixedWidthInteger>(_ length: Length, at offset: Int, in bytes: inout [UInt8]) {
    for place in 0..<MemoryLayout<Length>.size {
      bytes[offset + place] = UInt8(truncatingIfNeeded: length >> (8 * place))
    }
  }

  /// Calls `body` with the bytes of each entry and the digest of its key.
  package func forEach(hash: inout HashFunction, _ body: (_ entry: ArraySlice<UInt8>, _ key: Digest) -> Void) {
    for (index, place) in places.enumerated() {
      let end = index + 1 < places.count ? places[index + 1].start : bytes.count
      let key = bytes.span.bytes.extracting(place.start + 2..<place.start + 2 + place.keyLength)
      body(bytes[place.start..<end], hash.hash(.stateKey, key))
    }
  }

  /// Does the same with concatenated entries that were copied from batches.
  package static func forEach(
    in bytes: [UInt8], hash: inout HashFunction, _ body: (_ entry: ArraySlice<UInt8>, _ key: Digest) -> Void
  ) {
    func length(_ size: Int, at offset: Int) -> Int {
      (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    var start = 0
    while start + 2 <= bytes.count {
      let keyEnd = start + 2 + length(2, at: start)
      let end = keyEnd + 4 + length(4, at: keyEnd)
      body(bytes[start..<end], hash.hash(.stateKey, bytes.span.bytes.extracting(start + 2..<keyEnd)))
      start = end
    }
  }
}
