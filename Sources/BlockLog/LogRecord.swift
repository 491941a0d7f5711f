package import Primitives

/// A record as it was appended.
package struct LogRecord: Hashable, Sendable {
  package var position: LogPosition
  package var address: RecordAddress
  package var kind: UInt8
  package var height: Height
  package var payload: [UInt8]
}
