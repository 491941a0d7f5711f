package import Primitives

/// A vote key that the node has besides the one that names the log's writer, and what the log knows of the key's votes.
package struct OwnKey: Hashable, Sendable {
  /// How much of what the key ever signed the log has, which decides whether the node may vote with it.
  package enum Votes: UInt8, Sendable {
    /// All of it: the node generated the key while it wrote this log (protocol rule R46).
    case complete = 1
    /// Perhaps not all, so the node listens before it votes (R30, R32).
    case lost = 2
    /// What may be missing is at or below the last voting bar.
    case barred = 3
  }

  package var key: PublicKey
  package var votes: Votes

  package init(_ key: PublicKey, votes: Votes) {
    self.key = key
    self.votes = votes
  }

  func encode(into writer: inout Writer) {
    writer.publicKey(key)
    writer.byte(votes.rawValue)
  }

  init(from reader: inout Reader) throws(CodecError) {
    key = try reader.publicKey()
    let raw = try reader.byte()
    guard let votes = Votes(rawValue: raw) else { throw .unknown(field: "votes of an own key", value: UInt64(raw)) }
    self.votes = votes
  }
}

extension OwnKey: LogEntry {
  package static var entryKind: LogEntryKind { .ownKey }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .votingState }

  package init(payload: [UInt8]) throws(CodecError) {
    self = try Reader.whole(payload) { (reader) throws(CodecError) in try OwnKey(from: &reader) }
  }

  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 34)
    encode(into: &writer)
    return writer.bytes
  }
}
