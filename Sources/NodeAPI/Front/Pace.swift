internal import NIOCore

/// Bytes that a client sends or takes, and by when it must have gone on. Neither a pause nor a trickle lasts for ever.
struct Pace {
  private let began: NIODeadline
  private var movedLast: NIODeadline
  private(set) var bytes = 0

  init(at now: NIODeadline) {
    began = now
    movedLast = now
  }

  /// `total` bytes have moved by now.
  mutating func moved(to total: Int, at now: NIODeadline) {
    guard total > bytes else { return }
    bytes = total
    movedLast = now
  }

  /// `pause` after the last byte, and no later than a client that keeps to the rate would be here.
  func deadline(pause: TimeAmount, bytesPerSecond: Int) -> NIODeadline {
    let time = TimeAmount.nanoseconds(Int64(bytes) * 1_000_000_000 / Int64(bytesPerSecond))
    return min(movedLast + pause, began + pause + time)
  }
}
