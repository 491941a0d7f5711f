import Foundation
import Testing

@testable import chaos

@Testing.Suite("The relay with which a validator drips")
struct SlowRelayTests {
  /// A relay between `dialler` and `target`, both of which are the test.
  private struct Line {
    var relay: SlowRelay
    var dialler: Int32
    var target: Int32

    init() throws {
      let listener = try #require(TCPSocket.listen(host: "127.0.0.1", port: 0))
      relay = try SlowRelay(
        SlowRelay.Configuration(
          listen: "127.0.0.1:0", target: "127.0.0.1:\(TCPSocket.port(of: listener))", figures: "/dev/null"))
      relay.start()
      dialler = try #require(TCPSocket.connect(host: "127.0.0.1", port: relay.port, seconds: 60))
      target = accept(listener, nil, nil)
      close(listener)
    }

    func end() {
      relay.stop()
      close(dialler)
      close(target)
    }
  }

  private static let message = (0..<1 << 18).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  private func receive(_ count: Int, from descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < count {
      let received = recv(descriptor, &part, min(part.count, count - bytes.count), 0)
      guard received > 0 else { break }
      bytes += part[..<received]
    }
    return bytes
  }

  private func send(to descriptor: Int32) {
    Thread.detachNewThread { _ = TCPSocket.send(Self.message, to: descriptor) }
  }

  @Test("Until it drips, everything passes in both directions")
  func passes() throws {
    let line = try Line()
    for (from, to) in [(line.dialler, line.target), (line.target, line.dialler)] {
      send(to: from)
      #expect(receive(Self.message.count, from: to) == Self.message)
    }
    // It counts what it has passed on, a moment later.
    while line.relay.figures.bytes < UInt64(Self.message.count) { sched_yield() }
    #expect(line.relay.figures.bytes == UInt64(Self.message.count))
    line.end()
  }

  @Test("While it drips, a handshake passes, a large answer does not, questions do; later the answer is whole")
  func drips() throws {
    let line = try Line()
    line.relay.drip(true)
    send(to: line.target)
    let handshake = receive(SlowRelay.free + 1, from: line.dialler)
    send(to: line.dialler)
    #expect(receive(Self.message.count, from: line.target) == Self.message)
    #expect(line.relay.figures.bytes < UInt64(Self.message.count / 2))
    line.relay.drip(false)
    #expect(handshake + receive(Self.message.count - handshake.count, from: line.dialler) == Self.message)
    line.end()
  }

  @Test("When one side ends, so does the other")
  func ends() throws {
    let line = try Line()
    close(line.target)
    #expect(receive(1, from: line.dialler).isEmpty)
    line.relay.stop()
    close(line.dialler)
  }
}
