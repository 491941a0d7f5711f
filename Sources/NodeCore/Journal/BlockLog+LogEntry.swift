package import BlockLog
package import Primitives
package import Replica

extension BlockLog {
  /// Appends a record; it is durable after a later `sync`.
  package mutating func append(_ record: PendingRecord) throws(LogError) -> (LogPosition, RecordAddress) {
    try append(kind: record.kind.rawValue, height: record.height, payload: record.payload)
  }
}
