package import Primitives

/// How a node's log was created, which decides whether the node may vote immediately. It is the first record of every
/// log.
package enum LogOrigin: UInt8, Sendable {
  /// Created together with the chain, so this validator has never voted.
  case founded = 1
  /// Created later, to replace a lost log or for a node that joins. Earlier votes may exist that this log does not
  /// contain, so the node listens first (protocol rule R30).
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
