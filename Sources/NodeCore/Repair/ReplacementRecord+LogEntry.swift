package import BlockLog
package import Primitives
package import Replica

extension ReplacementRecord {
  package init<Entry: LogEntry>(_ entry: Entry, height: Height = .genesis) {
    self.init(kind: Entry.entryKind.rawValue, height: height, payload: entry.encoded())
  }
}
