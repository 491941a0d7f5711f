public import Cryptography
public import Primitives

/// Proves to anyone who trusts a state root what the state has under one key: an entry or nothing.
public struct StateProof: Hashable, Sendable {
  public var key: StateKey
  /// The entry; nil if the state has none under the key.
  public var entry: StateEntry?
  public var path: MapProof

  public init(key: StateKey, entry: StateEntry?, path: MapProof) {
    self.key = key
    self.entry = entry
    self.path = path
  }

  /// The entry under `key` in the state with this root; nil if the proof shows that there is none.
  ///
  /// `root` must come from a block result that a certificate covers.
  public func verify(root: Digest, hash: inout HashFunction) throws(MapProofError) -> StateEntry? {
    let value = try path.verify(key.digest(hash: &hash), root: root, hash: &hash)
    switch (entry, value) {
    case (nil, nil): return nil
    case (let entry?, let value?):
      guard entry.key == key else { throw .entryMismatch(inMap: true) }
      let computed = entry.valueDigest(hash: &hash)
      guard computed == value else { throw .otherValue(computed: computed, expected: value) }
      return entry
    case (_, let value): throw .entryMismatch(inMap: value != nil)
    }
  }

  /// Writes the key, a byte that says whether an entry follows, the value of the entry, and the path.
  public func encode(into writer: inout Writer) {
    key.encode(into: &writer)
    writer.byte(entry == nil ? 0 : 1)
    entry?.encodeValue(into: &writer)
    path.encode(into: &writer)
  }

  public init(from reader: inout Reader) throws(CodecError) {
    key = try StateKey(from: &reader)
    switch try reader.byte() {
    case 0: entry = nil
    case 1: entry = try StateEntry(key: key, from: &reader)
    case let flag: throw .unknown(field: "entry flag of a state proof", value: UInt64(flag))
    }
    path = try MapProof(from: &reader)
  }
}
