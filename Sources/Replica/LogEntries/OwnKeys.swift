package import Primitives

/// The newest vote keys of a log's node, besides the one that names the log's writer.
package struct OwnKeys: Equatable, Sendable {
  /// How many are remembered. A node has two at most: the one with which it votes, and the next.
  static let limit = 64

  /// The oldest first.
  package private(set) var list: [OwnKey] = []

  package init() {}

  package subscript(key: PublicKey) -> OwnKey.Votes? { list.first { $0.key == key }?.votes }

  /// Takes over a record of the log.
  package mutating func take(_ key: OwnKey) {
    list.removeAll { $0.key == key.key }
    list.append(key)
    if list.count > Self.limit { list.removeFirst() }
  }

  /// Notes that own votes may be lost.
  package mutating func loseVotes() {
    for place in list.indices { list[place].votes = .lost }
  }

  /// Notes that a voting bar was set.
  package mutating func takeBar() {
    for place in list.indices where list[place].votes == .lost { list[place].votes = .barred }
  }

  /// Writes the number of keys as a byte, and the keys.
  func encode(into writer: inout Writer) {
    writer.byte(UInt8(list.count))
    for key in list { key.encode(into: &writer) }
  }

  init(from reader: inout Reader) throws(CodecError) {
    let count = Int(try reader.byte())
    guard (1...Self.limit).contains(count) else { throw .invalid(field: "number of own keys (1 to 64)") }
    for _ in 0..<count {
      let key = try OwnKey(from: &reader)
      guard self[key.key] == nil else { throw .invalid(field: "own keys (must differ)") }
      list.append(key)
    }
  }
}
