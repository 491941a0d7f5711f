internal import NIOCore
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Write window")
struct WriteWindowTests {
  /// Frames that wait to be written.
  private struct Source {
    var waiting: [[UInt8]]

    mutating func refill(_ frames: inout [[UInt8]]) -> Bool {
      guard !waiting.isEmpty else { return false }
      swap(&frames, &waiting)
      return true
    }
  }

  /// Takes steps until the window stops writing. Returns what it wrote, and whether it asked for another turn.
  private static func turn(
    _ window: inout WriteWindow, _ source: inout Source, accepted: Bool
  ) -> (buffers: [[UInt8]], frames: Int, yielded: Bool) {
    var written: [[UInt8]] = []
    var frames = 0
    guard window.beginTurn() else { return (written, frames, false) }
    defer { window.endTurn() }
    while true {
      switch window.next(refill: { source.refill(&$0) }) {
      case .write(let buffer, let part):
        written.append(Array(buffer.readableBytesView))
        frames += part.frames
        if accepted { window.written(buffer.readableBytes) }
      case .yield: return (written, frames, true)
      case .pause: return (written, frames, false)
      }
    }
  }

  @Test("N4: no more bytes are in flight than the window allows, and the rest follows once they are accepted")
  func bounded() {
    var window = WriteWindow(limit: 100)
    let frame = [UInt8](repeating: 7, count: 250)
    var source = Source(waiting: [frame])
    var stream: [UInt8] = []
    var inFlight = 0
    for expected in [100, 100, 54] {
      let turn = Self.turn(&window, &source, accepted: false)
      inFlight = turn.buffers.map(\.count).reduce(0, +)
      #expect(inFlight == expected)
      #expect(turn.frames == (expected == 54 ? 1 : 0))
      #expect(!window.isIdle)
      stream += turn.buffers.flatMap { $0 }
      window.written(inFlight)
    }
    #expect(window.isIdle)
    #expect(stream == FrameDecoderTests.wire(frame))
  }

  @Test("A frame of the link itself waits in the middle of a frame, even when nothing is in flight")
  func middleOfFrame() {
    var window = WriteWindow(limit: 100)
    var source = Source(waiting: [Array(repeating: 7, count: 250)])
    let turn = Self.turn(&window, &source, accepted: false)
    window.written(turn.buffers.map(\.count).reduce(0, +))
    #expect(!window.isIdle)
    window.removeAll()
    #expect(window.isIdle)
  }

  @Test("After a bounded number of buffers the event loop gets its turn, and the next turn continues")
  func yields() {
    var window = WriteWindow(limit: 100)
    let frame = [UInt8](repeating: 7, count: 100 * (WriteWindow.buffersPerTurn + 1) - FrameKind.lengthBytes)
    var source = Source(waiting: [frame])
    let first = Self.turn(&window, &source, accepted: true)
    #expect(first.buffers.count == WriteWindow.buffersPerTurn)
    #expect(first.yielded)
    #expect(first.frames == 0)
    let second = Self.turn(&window, &source, accepted: true)
    #expect(second.buffers.count == 1)
    #expect(!second.yielded)
    #expect(second.frames == 1)
    #expect((first.buffers + second.buffers).flatMap { $0 } == FrameDecoderTests.wire(frame))
  }

  @Test("A buffer that is accepted while it is being written begins no turn within the turn")
  func oneTurn() {
    var window = WriteWindow(limit: 100)
    #expect({ window.beginTurn() }())
    #expect(!{ window.beginTurn() }())
    window.endTurn()
    #expect({ window.beginTurn() }())
  }
}
