package import Primitives

/// A certificate that this node received or assembled. The chain index keeps a finalization under its block.
extension Certificate: LogEntry {
  package static var entryKind: LogEntryKind { .certificate }
  package static var isAwaited: Bool { false }
  package static var part: BlockPart? { .finalization }
  package static var loss: LogEntryLoss { .harmless }

  package var block: Digest? { kind == .finalize ? statement.proposal?.block : nil }

  package init(payload: [UInt8]) throws(CodecError) {
    self = try Reader.whole(payload) { (reader) throws(CodecError) in try Certificate(from: &reader) }
  }

  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 512)
    encode(into: &writer)
    return writer.bytes
  }
}
