internal import NIOCore

/// Flow control of a link's output: frames go to the socket in buffers as long as fewer bytes are in flight than the
/// window allows, and other work of the event loop gets its turn in between.
struct WriteWindow {
  enum Step {
    /// Write the buffer, and call `written` when the system has accepted it.
    case write(ByteBuffer, Part)
    /// More may wait, but other work of the event loop comes first.
    case yield
    /// Nothing waits, or the window is full.
    case pause
  }

  /// The number of frames completed by one buffer, and the bytes of frames (not of their lengths) in it.
  struct Part {
    var frames: Int
    var bytes: Int
  }

  /// The number of buffers to write before other work of the event loop gets its turn.
  static let buffersPerTurn = 16

  private let limit: Int
  private var batch = FrameBatch()
  private var buffer = ByteBuffer()
  private var bytesInFlight = 0
  private var isWriting = false
  private var buffersThisTurn = 0

  init(limit: Int) { self.limit = limit }

  /// Whether nothing is in flight or half written, so that one of the link's own frames may come next.
  var isIdle: Bool { bytesInFlight == 0 && batch.isAtBoundary }

  /// Begins a turn. Returns false within another turn, because the system may accept a buffer while it is being
  /// written.
  mutating func beginTurn() -> Bool {
    guard !isWriting else { return false }
    isWriting = true
    buffersThisTurn = 0
    return true
  }

  mutating func endTurn() { isWriting = false }

  /// What to do next in a turn. `refill` supplies more frames, and returns false if there are none.
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

  /// Notes that the system has accepted a buffer of `byteCount` bytes.
  mutating func written(_ byteCount: Int) { bytesInFlight -= byteCount }

  /// Frees the frames that were not written, because the link ended.
  mutating func removeAll() { batch = FrameBatch() }
}
