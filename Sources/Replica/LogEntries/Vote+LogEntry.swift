package import Primitives

/// An own vote, which is durable before it is sent.
extension Vote: LogEntry {
  package static var entryKind: LogEntryKind { .vote }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .ownVote }

  package init(payload: [UInt8]) throws(CodecError) {
    self = try Reader.whole(payload) { (reader) throws(CodecError) in try Vote(from: &reader) }
  }

  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 192)
    encode(into: &writer)
    return writer.bytes
  }
}
