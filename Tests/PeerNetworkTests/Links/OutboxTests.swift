internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Outbox")
struct OutboxTests {
  @Test("N4: frames beyond either limit are dropped and counted, even while the rest is in flight")
  func bounded() {
    var outbox = Outbox(frameLimit: 3, byteLimit: 10)
    #expect({ outbox.append([1, 2, 3, 4]) }())
    #expect({ outbox.append([1, 2, 3, 4]) }())
    #expect(!{ outbox.append([1, 2, 3]) }())
    #expect({ outbox.append([1, 2]) }())
    #expect(!{ outbox.append([]) }())
    #expect((outbox.framesDropped, outbox.bytesDropped) == (2, 3))

    var removed: [[UInt8]] = []
    #expect({ outbox.removeWaiting(into: &removed) }())
    #expect(removed == [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2]])
    #expect(!{ outbox.append([1]) }(), "removed, but not yet written")
    outbox.written(frames: 1, bytes: 4)
    #expect({ outbox.append([1]) }())
    #expect((outbox.frames, outbox.bytes) == (3, 7))
  }

  @Test("The link is woken once, until it finds nothing more to send")
  func wakesOnce() {
    var outbox = Outbox(frameLimit: 10, byteLimit: 10)
    var removed: [[UInt8]] = []
    #expect(!{ outbox.mustWake() }())
    _ = outbox.append([1])
    #expect({ outbox.mustWake() }())
    _ = outbox.append([2])
    #expect(!{ outbox.mustWake() }())
    #expect({ outbox.removeWaiting(into: &removed) }())
    removed = []
    _ = outbox.append([3])
    #expect(!{ outbox.mustWake() }(), "the link looks for more by itself")
    #expect({ outbox.removeWaiting(into: &removed) }())
    removed = []
    #expect(!{ outbox.removeWaiting(into: &removed) }())
    _ = outbox.append([4])
    #expect({ outbox.mustWake() }())
  }

  @Test("The end of a link drops everything that waits, and counts it")
  func clears() {
    var outbox = Outbox(frameLimit: 10, byteLimit: 10)
    _ = outbox.append([1, 2])
    _ = outbox.mustWake()
    outbox.clear()
    #expect((outbox.frames, outbox.bytes, outbox.framesDropped, outbox.bytesDropped) == (0, 0, 1, 2))
    _ = outbox.append([1])
    #expect({ outbox.mustWake() }())
  }
}
