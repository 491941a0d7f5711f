package import Primitives

/// An own statement whose key is elsewhere: durable before the vote is sent, and signed meanwhile (protocol rule R49).
extension Statement: LogEntry {
  package static var entryKind: LogEntryKind { .statement }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .ownVote }

  package init(payload: [UInt8]) throws(CodecError) {
    self = try Reader.whole(payload) { (reader) throws(CodecError) in try Statement(from: &reader) }
  }

  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 128)
    encode(into: &writer)
    return writer.bytes
  }
}
