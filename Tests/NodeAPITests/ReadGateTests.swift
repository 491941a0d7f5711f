import Hummingbird
import NIOCore
import Synchronization
import Testing

@testable import NodeAPI

@Testing.Suite("The gate for reading")
struct ReadGateTests {
  private func address(_ text: String) throws -> ClientAddress {
    ClientAddress(try SocketAddress(ipAddress: text, port: 1))
  }

  /// A read that goes on until the test ends it, and notes in which order reads began.
  private final class Slow: Sendable {
    private let state = Mutex((isOpen: false, begun: [String]()))
    var begun: [String] { state.withLock { $0.begun } }
    func end() { state.withLock { $0.isOpen = true } }
    func read(_ name: String) async throws {
      state.withLock { $0.begun.append(name) }
      while !state.withLock({ $0.isOpen }) {
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }

  private func until(_ isTrue: () -> Bool) async { while !isTrue() { await Task.yield() } }

  @Test("H10: an address that has its share of reads open is refused with a time to ask again; others still read")
  func share() async throws {
    let gate = ReadGate(ReadLimits(running: 2, open: 8, addressShare: 4, retryAfter: 3))
    let (greedy, other) = (try address("10.0.0.1"), try address("10.0.0.2"))
    let slow = Slow()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 { group.addTask { try await gate.pass(greedy) { try await slow.read("greedy") } } }
      await until { slow.begun.count == 2 }
      let error = await #expect(throws: RequestError.self) { try await gate.pass(greedy) {} }
      #expect(error?.code == "api.read-share-used")
      #expect(error?.status.code == 429)
      #expect(error?.retryAfter == 3)
      // The other address waits for a place, and gets the first that is free.
      group.addTask { try await gate.pass(other) { try await slow.read("other") } }
      await until { gate.count == 3 }
      slow.end()
      try await group.waitForAll()
    }
    #expect(slow.begun == ["greedy", "greedy", "other"])
    #expect(gate.count == 0)
    try await gate.pass(greedy) {}
  }

  @Test(
    "H10: with all reads open, one more is refused as busy, and this machine's own programs leave a share to others")
  func full() async throws {
    let gate = ReadGate(ReadLimits(running: 1, open: 4, addressShare: 4, retryAfter: 1))
    let slow = Slow()
    let addresses = try (1...5).map { try address("10.0.0.\($0)") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for address in addresses[..<4] { group.addTask { try await gate.pass(address) { try await slow.read("") } } }
      await until { gate.count == 4 }
      let error = await #expect(throws: RequestError.self) { try await gate.pass(addresses[4]) {} }
      #expect(error?.code == "api.busy")
      #expect(error?.status.code == 503)
      #expect(error?.retryAfter == 1)
      slow.end()
      try await group.waitForAll()
    }
    #expect(try address("127.0.0.1").share(of: 256, 4) == 192)
    #expect(try address("10.0.0.1").share(of: 256, 4) == 64)
    #expect(try address("127.0.0.1").share(of: 256, 1) == 256)
    #expect(try address("10.0.0.1").share(of: 2, 4) == 1)
  }

  @Test("H10: waiting reads take turns by address, however many one address has")
  func turns() async throws {
    let gate = ReadGate(ReadLimits(running: 1, open: 100, addressShare: 1))
    let (greedy, other) = (try address("10.0.0.1"), try address("10.0.0.2"))
    let slow = Slow()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await gate.pass(greedy) { try await slow.read("first") } }
      await until { slow.begun.count == 1 }
      for number in 1...20 {
        group.addTask { try await gate.pass(greedy) { try await slow.read("greedy") } }
        await until { gate.waiting == number }
      }
      group.addTask { try await gate.pass(other) { try await slow.read("other") } }
      await until { gate.waiting == 21 }
      slow.end()
      try await group.waitForAll()
    }
    #expect(slow.begun.firstIndex(of: "other") == 2)
    #expect(slow.begun.count == 22)
  }

  @Test("A read whose client has left gives up its place in the queue, and one that failed gives up its own")
  func abandoned() async throws {
    struct Failed: Error {}
    let gate = ReadGate(ReadLimits(running: 1, open: 4, addressShare: 1))
    let client = try address("10.0.0.1")
    let slow = Slow()
    let running = Task { try await gate.pass(client) { try await slow.read("") } }
    await until { slow.begun.count == 1 }
    let waiting = Task { try await gate.pass(client) {} }
    await until { gate.waiting == 1 }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
    #expect(gate.count == 1)
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    await #expect(throws: Failed.self) { try await gate.pass(client) { throw Failed() } }
    #expect(gate.count == 0)
    try await gate.pass(client) {}
  }

  @Test("H10: waits for finality are bounded in total and for each address, and refused before anything is submitted")
  func waits() async throws {
    let budget = WaitBudget(limit: 100, addressShare: 4)
    let (first, second) = (try address("10.0.0.1"), try address("10.0.0.2"))
    var isRun = false
    try await budget.hold(20, for: first) {
      let error = await #expect(throws: RequestError.self) { try await budget.hold(6, for: first) { isRun = true } }
      #expect(error?.code == "api.waits-full")
      #expect(error?.status.code == 503)
      #expect(error?.retryAfter == 1)
      try await budget.hold(5, for: first) { #expect(budget.count == 25) }
      try await budget.hold(25, for: second) {
        try await budget.hold(55, for: address("127.0.0.1")) {
          let error = await #expect(throws: RequestError.self) {
            try await budget.hold(1, for: address("10.0.0.3")) { isRun = true }
          }
          #expect(error?.code == "api.waits-full")
        }
      }
    }
    #expect(!isRun)
    #expect(budget.count == 0)
  }
}
