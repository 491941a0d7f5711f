import NodeCore
import Primitives
import Testing

@testable import Replica

@Testing.Suite("Persist, then send")
struct OutboxTests {
  private func send(_ number: UInt8, after position: UInt64) -> Send {
    Send(to: .all, frame: [number], after: LogPosition(position))
  }

  private func expect(_ sends: [Send], _ frames: [UInt8], at location: SourceLocation = #_sourceLocation) {
    #expect(sends.flatMap(\.frame) == frames, sourceLocation: location)
  }

  @Test("A frame is sent only when the log is durable up to its stamp, old before new")
  func order() {
    var outbox = Outbox()
    expect(outbox.release([send(1, after: 0), send(2, after: 3)], durable: .start), [1])
    expect(outbox.release([send(3, after: 3), send(4, after: 5)], durable: LogPosition(2)), [])
    let held = outbox.count
    #expect(held == 3)
    expect(outbox.release([send(5, after: 0)], durable: LogPosition(3)), [2, 3, 5])
    expect(outbox.release([], durable: LogPosition(5)), [4])
    let left = outbox.count
    #expect(left == 0)
  }

  @Test("A frame that waits for nothing does not wait behind one that does")
  func free() {
    var outbox = Outbox()
    expect(outbox.release([send(1, after: 9)], durable: .start), [])
    expect(outbox.release([send(2, after: 0)], durable: .start), [2])
    let held = outbox.count
    #expect(held == 1)
  }
}
