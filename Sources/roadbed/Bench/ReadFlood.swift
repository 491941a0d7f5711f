import LedgerClient
import LedgerJSON
import Primitives
import Synchronization

/// Reads lists as fast as the nodes answer, to measure how much that disturbs the load.
final class ReadFlood: Sendable {
  struct Result: Sendable {
    var answered = 0
    /// Reads that a busy node put off.
    var putOff = 0
    /// Reads that failed in another way.
    var failed = 0
  }

  private let readers: Int
  private let nodes: [String]
  private let state = Mutex(Result())
  /// The items of a page: the most that a node gives.
  private static let page = 100
  private static let pause = Duration.milliseconds(100)

  init(readers: Int, nodes: [String]) {
    self.readers = readers
    self.nodes = nodes
  }

  var result: Result { state.withLock { $0 } }

  /// Reads until the tally's run is over, and counts what is answered in its measured part.
  func run(_ tally: LoadTally) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<readers {
        var configuration = ClientConfiguration()
        configuration.retries.attempts = 1
        let client = try LedgerClient(
          nodes: [try NodeAddress.parse(nodes[number % nodes.count])], configuration: configuration)
        group.addTask {
          await self.read(client, tally)
          await client.shutdown()
        }
      }
      try await group.waitForAll()
    }
  }

  /// One reader pages through the accounts, and asks for blocks in between.
  private func read(_ client: LedgerClient, _ tally: LoadTally) async {
    var next: String?
    while tally.isOpen {
      do throws(ClientError) {
        next = try await client.accounts(after: next, limit: Self.page).next
        count(tally) { $0.answered += 1 }
        _ = try await client.blocks(limit: Self.page)
        count(tally) { $0.answered += 1 }
      } catch {
        if case .busy = error { count(tally) { $0.putOff += 1 } } else { count(tally) { $0.failed += 1 } }
        try? await Task.sleep(for: Self.pause)
      }
    }
  }

  private func count(_ tally: LoadTally, _ body: (inout Result) -> Void) {
    if tally.isMeasuring { state.withLock { body(&$0) } }
  }
}
