package import Primitives

/// What opening a log found and did.
package struct RecoveryReport: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    /// The log is new.
    case created
    /// The log was closed after its last use.
    case clean
    /// The log was not closed, but every record was complete.
    case unclosed
    /// Bytes that a crash had left half written were cleared; none of them was ever durable.
    case cut(CutTail)
  }

  /// The bytes that were cleared, from the first place without a valid record on.
  package struct CutTail: Hashable, Sendable {
    package var file: String
    package var offset: Int
    /// The number of bytes cleared, up to the last non-zero one in each segment, over all segments.
    package var byteCount: Int
    /// The first position that is free again.
    package var position: LogPosition
    /// The last height before the cut.
    package var height: Height
    package var cause: String
  }

  package var outcome: Outcome
  package var segments: Int
  package var records: Int
  package var payloadBytes: Int
  package var last: LogPosition
  package var lastHeight: Height
  /// Files of segments that were still being prepared when the node stopped.
  package var removedFiles: [String]
  /// Bytes at the end that were written again because nothing proved that they had been synced.
  package var rewrittenBytes: Int

  /// A report for people: what was found, what was done, what to do next. One line each.
  package var lines: [String] {
    var lines: [String] = []
    switch outcome {
    case .created: lines.append("log: created")
    case .clean: lines.append("log: closed cleanly; \(contents)")
    // The log was created for a chain that has not begun: its first record is all it contains, and no node stopped with
    // it open.
    case .unclosed where records <= 1 && lastHeight == .genesis: lines.append("log: new, without any blocks yet")
    case .unclosed: lines.append("log: the node did not stop cleanly; every record is complete; \(contents)")
    case .cut(let cut):
      lines.append(
        "log: the node stopped while writing: cleared \(cut.byteCount) bytes that were never durable, from "
          + "\(cut.file) offset \(cut.offset) on, after height \(cut.height) (\(cut.cause)); \(contents); "
          + "nothing needs to be done")
    }
    if !removedFiles.isEmpty {
      lines.append("log: removed unfinished empty segments: \(removedFiles.joined(separator: ", "))")
    }
    return lines
  }

  private var contents: String {
    "\(records) record\(records == 1 ? "" : "s") in \(segments) segment\(segments == 1 ? "" : "s"), up to log position \(last) and height \(lastHeight)"
  }
}
