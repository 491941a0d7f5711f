package import Primitives

/// How a node's log came to be, which decides whether it may vote at once. The first record of every log.
package enum LogOrigin: UInt8, Sendable {
  /// Made together with the chain: this validator has never voted.
  case founded = 1
  /// Made later, in place of one that is gone or for a node that joins: earlier votes may exist that this log
  /// does not know, so the node listens first (protocol rule R30).
  case joined = 2
}

extension LogOrigin: LogEntry {
  package static var entryKind: LogEntryKind { .origin }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .votingState }

  init(from reader: inout Reader) throws(CodecError) {
    let raw = try reader.byte()
    guard let origin = LogOrigin(rawValue: raw) else { throw .unknown(field: "origin", value: UInt64(raw)) }
    self = origin
  }

  package init(payload: [UInt8]) throws(CodecError) {
    self = try Reader.whole(payload) { (reader) throws(CodecError) in try LogOrigin(from: &reader) }
  }

  package func encoded() -> [UInt8] { [rawValue] }
}
