/// What the log has done since it was opened.
package struct LogStatistics: Hashable, Sendable {
  package var records = 0
  /// Bytes of payloads appended.
  package var payloadBytes = 0
  /// Bytes written to segments: payloads, headers, padding, marks, repairs.
  package var writtenBytes = 0
  /// Zeros and headers written to prepare segments ahead of need.
  package var preparedBytes = 0
  package var writes = 0
  package var syncs = 0

  package init() {}
}
