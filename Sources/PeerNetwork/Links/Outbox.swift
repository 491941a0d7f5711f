/// The frames that wait for one peer: bounded, and counted until the system has accepted their bytes.
struct Outbox {
  private let frameLimit: Int
  private let byteLimit: Int
  private var waiting: [[UInt8]] = []
  /// Waiting and in flight.
  private(set) var frames = 0
  private(set) var bytes = 0
  private(set) var framesDropped: UInt64 = 0
  private(set) var bytesDropped: UInt64 = 0
  /// The link knows that there is something to write, and will look for more when it is done.
  private var isBusy = false

  init(frameLimit: Int, byteLimit: Int) {
    self.frameLimit = frameLimit
    self.byteLimit = byteLimit
  }

  /// Queues a frame, or drops and counts it when that would pass a limit.
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

  /// True if the link has to be told that frames wait; it then counts as told.
  mutating func mustWake() -> Bool {
    guard !isBusy, !waiting.isEmpty else { return false }
    isBusy = true
    return true
  }

  /// Moves what waits into `frames`, which must be empty and whose buffer is reused. False when nothing waits.
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

  /// The link ended: drops what waits and what was in flight.
  mutating func clear() {
    framesDropped += UInt64(frames)
    bytesDropped += UInt64(bytes)
    waiting = []
    frames = 0
    bytes = 0
    isBusy = false
  }
}
