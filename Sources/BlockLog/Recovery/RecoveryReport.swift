package import Primitives

/// What opening a log found and did.
package struct RecoveryReport: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    /// The log is new.
    case created
    /// It was closed when it was last used.
    case clean
    /// It was not closed, and every record was whole.
    case unclosed
    /// Bytes that no crash-free run would leave, and that were never durable, were cleared.
    case cut(CutTail)
  }

  package struct CutTail: Hashable, Sendable {
    package var file: String
    package var offset: Int
    /// Bytes that were not zero, over all segments.
    package var byteCount: Int
    /// The first position that is free again.
    package var position: LogPosition
    /// The last height before.
    package var height: Height
    package var cause: String
  }

  package var outcome: Outcome
  package var segments: Int
  package var records: Int
  package var payloadBytes: Int
  package var last: LogPosition
  package var lastHeight: Height
  /// Files of segments that were being made when the node stopped.
  package var removedFiles: [String]
  /// Bytes at the end that were written again, because nothing proved that they were synced.
  package var rewrittenBytes: Int

  /// For people: what was found, what was done, what to do next. One line each.
  package var lines: [String] {
    var lines: [String] = []
    switch outcome {
    case .created: lines.append("log: created")
    case .clean: lines.append("log: closed cleanly; \(contents)")
    // Made for a chain that has not begun: its first record is all there is, and no life of a node ended with it open.
    case .unclosed where records <= 1 && lastHeight == .genesis: lines.append("log: new, with no block in it yet")
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
