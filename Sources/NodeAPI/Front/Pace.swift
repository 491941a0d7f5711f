internal import NIOCore

/// Counts the bytes that a client sends or reads, and determines the deadline for the next ones, so that neither a
/// pause nor a trickle can last for ever.
struct Pace {
  private let began: NIODeadline
  private var movedLast: NIODeadline
  private(set) var bytes = 0

  init(at now: NIODeadline) {
    began = now
    movedLast = now
  }

  /// Notes that `total` bytes have moved by now.
  mutating func moved(to total: Int, at now: NIODeadline) {
    guard total > bytes else { return }
    bytes = total
    movedLast = now
  }

  /// The deadline: `pause` after the last byte, but no later than `pause` after the time at which a client at the
  /// minimum rate would have got this far.
  func deadline(pause: TimeAmount, bytesPerSecond: Int) -> NIODeadline {
    let time = TimeAmount.nanoseconds(Int64(bytes) * 1_000_000_000 / Int64(bytesPerSecond))
    return min(movedLast + pause, began + pause + time)
  }
}
