internal import NIOCore

/// Flow control of what a link writes: frames go to the socket in buffers, while fewer bytes are in flight than the window
/// has, and the other work of the event loop gets its turn in between.
struct WriteWindow {
  enum Step {
    /// Write the buffer, and call `written` when the system has accepted it.
    case write(ByteBuffer, Part)
    /// More may wait, but other work of the event loop comes first.
    case yield
    /// Nothing waits, or the window is full.
    case pause
  }

  /// The frames that are complete with one buffer, and the bytes of frames (not of their lengths) in it.
  struct Part {
    var frames: Int
    var bytes: Int
  }

  /// Buffers written before other work of the event loop gets its turn.
  static let buffersPerTurn = 16

  private let limit: Int
  private var batch = FrameBatch()
  private var buffer = ByteBuffer()
  private var bytesInFlight = 0
  private var isWriting = false
  private var buffersThisTurn = 0

  init(limit: Int) { self.limit = limit }

  /// Nothing is in flight or half written, so that a frame of the link's own may go next.
  var isIdle: Bool { bytesInFlight == 0 && batch.isAtBoundary }

  /// Begins a turn. False inside another one, since the system may accept a buffer while it is being written.
  mutating func beginTurn() -> Bool {
    guard !isWriting else { return false }
    isWriting = true
    buffersThisTurn = 0
    return true
  }

  mutating func endTurn() { isWriting = false }

  /// What to do next in a turn. `refill` gives more frames, and false if there are none.
  mutating func next(refill: (inout [[UInt8]]) -> Bool) -> Step {
    guard bytesInFlight < limit else { return .pause }
    guard buffersThisTurn < Self.buffersPerTurn else { return .yield }
    buffersThisTurn += 1
    buffer.clear()
    let part = batch.write(into: &buffer, room: limit - bytesInFlight, refill: refill)
    let count = buffer.readableBytes
    guard count > 0 else { return .pause }
    bytesInFlight += count
    return .write(buffer, Part(frames: part.frames, bytes: part.bytes))
  }

  /// The system accepted a buffer of `byteCount` bytes.
  mutating func written(_ byteCount: Int) { bytesInFlight -= byteCount }

  /// The link ended: frees the frames that were not written.
  mutating func removeAll() { batch = FrameBatch() }
}
