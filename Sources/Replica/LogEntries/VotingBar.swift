package import Primitives

/// Ends the listening: votes above this view are allowed (protocol rules R30, R32).
package struct VotingBar: Sendable {
  /// The record names no epoch: the view belongs to the epoch that the log was written in, which begins with genesis.
  package var view: View

  package init(view: View) { self.view = view }
}

extension VotingBar: LogEntry {
  package static var entryKind: LogEntryKind { .votingBar }
  package static var isAwaited: Bool { true }
  package static var loss: LogEntryLoss { .votingState }

  package init(payload: [UInt8]) throws(CodecError) {
    view = View(try Reader.whole(payload) { (reader) throws(CodecError) in try reader.integer(UInt64.self) })
  }

  package func encoded() -> [UInt8] {
    var writer = Writer(capacity: 8)
    writer.integer(view.rawValue)
    return writer.bytes
  }
}
