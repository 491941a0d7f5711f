internal import Primitives

/// The blocks that were handed to the log and are not durable yet, with the records that came with them.
///
/// While they are at their limits, the replica takes no further blocks: a slow disk slows the node down and does not
/// fill its memory.
package struct LogBacklog {
  package struct Bounds: Sendable {
    package var blocks: Int
    package var bytes: Int

    package init(blocks: Int = Limits.undurableBlocks, bytes: Int = Limits.undurableBytes) {
      self.blocks = blocks
      self.bytes = bytes
    }
  }

  private struct Mark {
    var position: LogPosition
    /// The bytes of all records handed over before this block.
    var total: Int
  }

  private let bounds: Bounds
  private var marks: [Mark] = []
  /// The marks in front of this one are durable.
  private var first = 0
  /// The bytes of all records handed over.
  private var total = 0

  init(bounds: Bounds) { self.bounds = bounds }

  var blocks: Int { marks.count - first }
  var bytes: Int { first < marks.count ? total - marks[first].total : 0 }
  var isFull: Bool { blocks >= bounds.blocks || bytes >= bounds.bytes }

  mutating func append(_ record: borrowing PendingRecord, at position: LogPosition) {
    if record.kind == .block { marks.append(Mark(position: position, total: total)) }
    total += record.payload.count
  }

  mutating func advance(to durable: LogPosition) {
    while first < marks.count, marks[first].position <= durable { first += 1 }
    // The memory of durable marks is used again, at a cost that each mark pays once.
    guard first > 0, 2 * first >= marks.count else { return }
    marks.removeFirst(first)
    first = 0
  }

  func checkInvariants() {
    precondition(
      first <= marks.count && bytes >= 0, "\(first) of \(marks.count) blocks are durable, \(bytes) bytes not")
  }
}
