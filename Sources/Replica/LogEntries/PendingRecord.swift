package import Primitives

/// One record on its way to the log.
package struct PendingRecord: Equatable, Sendable {
  package let kind: LogEntryKind
  /// The height the record is about, 0 if none.
  package let height: Height
  /// The block the record is about, if the chain index wants to find it again.
  package let block: Digest?
  package let payload: [UInt8]

  /// - Parameter height: which the entry is about, 0 if none.
  package init<Entry: LogEntry>(_ entry: Entry, height: Height = .genesis) {
    kind = Entry.entryKind
    self.height = height
    block = entry.block
    payload = entry.encoded()
  }
}
