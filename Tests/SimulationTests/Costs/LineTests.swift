import Primitives
import Testing

@testable import Simulation

@Testing.Suite("Lines and threads of a machine")
struct LineTests {
  /// The peer of each frame in the order of departure, and when it has left, in nanoseconds.
  private func departures(_ line: inout OutgoingLine) -> [(peer: Int, time: UInt64)] {
    var departures: [(peer: Int, time: UInt64)] = []
    while let piece = line.begin(at: 0) {
      line.finish()
      if piece.frame != nil { departures.append((piece.peer, piece.done)) }
    }
    return departures
  }

  private func line(bitsPerSecond: UInt64) -> OutgoingLine {
    var costs = SimulatedCosts()
    costs.bandwidth = bitsPerSecond
    return OutgoingLine(costs, peers: 4)
  }

  private func frame(_ bytes: Int) -> [UInt8] { Array(repeating: 0, count: bytes) }

  @Test("B bytes take B·8/R, and frames to one peer wait for each other")
  func queue() {
    var line = line(bitsPerSecond: 8_000_000)
    line.enqueue(frame(1000), to: 1)
    line.enqueue(frame(500), to: 1)
    let departures = departures(&line)
    #expect(departures.map(\.time) == [1_000_000, 1_500_000])
    #expect(line.sentBytes == 1500)
  }

  @Test("peers take turns: a vote does not wait for the whole of another peer's block")
  func turns() {
    var line = line(bitsPerSecond: 8_000_000_000)
    line.enqueue(frame(1 << 20), to: 1)
    line.enqueue(frame(1 << 20), to: 2)
    line.enqueue(frame(200), to: 3)
    line.enqueue(frame(200), to: 1)
    let departures = departures(&line)
    #expect(departures.map(\.peer) == [3, 1, 2, 1])
    #expect(departures[0].time == 2 * (16 << 10) + 200)
    #expect(departures[2].time - departures[1].time == 16 << 10, "both blocks end together")
    #expect(departures[3].time == 2 * (1 << 20) + 400)
  }

  @Test("work waits for the work before it, and idle time is not counted")
  func server() {
    var server = Server()
    #expect(server.work(100, from: 1000) == 1100)
    #expect(server.work(100, from: 1000) == 1200)
    #expect(server.work(100, from: 5000) == 5100)
    #expect(server.busy == 300)
    #expect(server.pass(50, ending: 5120) == 5150, "the line was not free in time to begin earlier")
    #expect(server.pass(50, ending: 9000) == 9000, "it came in while it was being sent")
  }
}
