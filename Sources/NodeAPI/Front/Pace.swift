internal import NIOCore

/// Bytes that a client sends or reads, and the deadline for the next. Neither a pause nor a trickle can last for ever.
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

  /// `pause` after the last byte, and no later than a client at the minimum rate would have got this far.
  func deadline(pause: TimeAmount, bytesPerSecond: Int) -> NIODeadline {
    let time = TimeAmount.nanoseconds(Int64(bytes) * 1_000_000_000 / Int64(bytesPerSecond))
    return min(movedLast + pause, began + pause + time)
  }
}
