import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Synchronization

/// Clients that submit transactions without pause and record every one that a node reported as final.
final class Load: Sendable {
  private let acknowledged = Mutex<Set<Digest>>([])
  private let isOver = Atomic<Bool>(false)

  var ids: Set<Digest> { acknowledged.withLock { $0 } }

  /// Runs `body` under the load of `clients` clients, and waits until they have stopped.
  func run(on cluster: TestCluster, clients: Int, _ body: () async throws -> Void) async throws {
    let builder = TransactionBuilder(genesis: try cluster.genesis())
    let signer = try cluster.signer("registry")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<clients {
        group.addTask { [self] in await submit(number, cluster, builder, signer) }
      }
      do {
        try await body()
      } catch {
        isOver.store(true, ordering: .relaxed)
        throw error
      }
      isOver.store(true, ordering: .relaxed)
      try await group.waitForAll()
    }
  }

  private func submit(_ number: Int, _ cluster: TestCluster, _ builder: TransactionBuilder, _ signer: Signer) async {
    guard let client = try? cluster.client() else { return }
    var count = 0
    while !isOver.load(ordering: .relaxed) {
      count += 1
      guard let account = AccountName("registry/load/c\(number).\(count)"),
        let transaction = try? builder.transaction(
          [.accountOpen(account: account, description: "")], signers: [signer])
      else { break }
      // A transaction that fails while nodes are down was not acknowledged; the client tries the next one.
      if let result = try? await client.submit(transaction, wait: .seconds(10)), result.status == .finalized,
        result.outcome?.applied == true
      {
        acknowledged.withLock { _ = $0.insert(transaction.id) }
      } else {
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
    await client.shutdown()
  }

  /// Waits until `count` transactions are acknowledged.
  func wait(for count: Int, seconds: Double = 60) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ids.count < count {
      guard ContinuousClock.now < deadline else { throw TooFew(count: ids.count, wanted: count) }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  struct TooFew: Error {
    var count: Int
    var wanted: Int
  }
}
