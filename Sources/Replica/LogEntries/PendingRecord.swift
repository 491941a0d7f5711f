package import Primitives

/// A record to be appended to the log.
package struct PendingRecord: Equatable, Sendable {
  package let kind: LogEntryKind
  /// The height that the record is about, 0 if none.
  package let height: Height
  /// The block that the record is about, if the chain index must be able to find it.
  package let block: Digest?
  package let payload: [UInt8]

  /// - Parameter height: the height that the entry is about, 0 if none.
  package init<Entry: LogEntry>(_ entry: Entry, height: Height = .genesis) {
    kind = Entry.entryKind
    self.height = height
    block = entry.block
    payload = entry.encoded()
  }
}
