/// The frames that wait for one peer: limited in number and bytes, and counted until the system has accepted their
/// bytes.
struct Outbox {
  private let frameLimit: Int
  private let byteLimit: Int
  private var waiting: [[UInt8]] = []
  /// Frames and bytes that wait or are in flight.
  private(set) var frames = 0
  private(set) var bytes = 0
  private(set) var framesDropped: UInt64 = 0
  private(set) var bytesDropped: UInt64 = 0
  /// Whether the link knows that there is something to write; it then looks for more when it has written that.
  private var isBusy = false

  init(frameLimit: Int, byteLimit: Int) {
    self.frameLimit = frameLimit
    self.byteLimit = byteLimit
  }

  /// Queues a frame, or drops and counts it if it would exceed a limit.
  mutating func append(_ frame: [UInt8]) -> Bool {
    guard frames < frameLimit, frame.count <= byteLimit - bytes else {
      drop(frame)
      return false
    }
    waiting.append(frame)
    frames += 1
    bytes += frame.count
    return true
  }

  mutating func drop(_ frame: [UInt8]) {
    framesDropped += 1
    bytesDropped += UInt64(frame.count)
  }

  /// Whether the link must be told that frames wait; if so, it counts as told from now on.
  mutating func mustWake() -> Bool {
    guard !isBusy, !waiting.isEmpty else { return false }
    isBusy = true
    return true
  }

  /// Moves the waiting frames into `frames`, which must be empty and whose buffer is reused. Returns false if nothing
  /// waits.
  mutating func removeWaiting(into frames: inout [[UInt8]]) -> Bool {
    guard !waiting.isEmpty else {
      isBusy = false
      return false
    }
    swap(&waiting, &frames)
    return true
  }

  mutating func written(frames: Int, bytes: Int) {
    self.frames -= frames
    self.bytes -= bytes
  }

  /// Drops the frames that wait or are in flight, because the link ended.
  mutating func clear() {
    framesDropped += UInt64(frames)
    bytesDropped += UInt64(bytes)
    waiting = []
    frames = 0
    bytes = 0
    isBusy = false
  }
}
