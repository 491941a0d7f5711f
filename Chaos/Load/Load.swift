import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Synchronization

/// Clients that submit without pause, each one transaction at a time, to randomly chosen nodes.
final class Load: Sendable {
  let history = ClientHistory()
  let work: Work
  private let cluster: ChaosCluster
  private let clients: Int
  private let seed: UInt64
  private let isOver = Atomic<Bool>(false)
  /// The numbers of the nodes to which the clients submit.
  private let asked: Mutex<[Int]>
  /// Nodes that did not answer, and until when they are left alone.
  private let avoided = Mutex<[Int: ContinuousClock.Instant]>([:])

  /// How long a node should wait for finality before it answers.
  private static let wait = Duration.seconds(3)
  private static let avoidance = Duration.seconds(2)

  init(_ cluster: ChaosCluster, clients: Int, seed: UInt64) throws {
    self.cluster = cluster
    self.clients = clients
    self.seed = seed
    work = try Work(cluster.files)
    asked = Mutex(cluster.nodes.map(\.number))
  }

  func ask(only numbers: [Int]) { asked.withLock { $0 = numbers } }
  func askAll() { ask(only: cluster.nodes.map(\.number)) }

  /// Creates the members and the asset, and issues the first money.
  func open() async throws {
    for (transaction, effect) in try work.opening() {
      history.note(sending: transaction, effect)
      let deadline = ContinuousClock.now + .seconds(60)
      var answer = "none"
      while true {
        do {
          let result = try await cluster.nodes[0].client.submit(transaction, wait: .seconds(10))
          history.note(result, of: transaction.id, from: cluster.nodes[0].name)
          if result.outcome?.applied == true { break }
          answer = "\(result)"
          guard result.status == .accepted else { throw ChaosError.setUp("the load cannot start: \(answer)") }
        } catch let error as ClientError {
          answer = error.line
        }
        guard ContinuousClock.now < deadline else { throw ChaosError.setUp("the load cannot start: \(answer)") }
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// Runs `body` under the load, and waits until the clients have stopped.
  func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<clients {
        group.addTask { [self] in try await submit(SeededGenerator(seed: seed).fork("client \(number)")) }
      }
      defer { isOver.store(true, ordering: .relaxed) }
      let value: Value
      do {
        value = try await body()
      } catch {
        isOver.store(true, ordering: .relaxed)
        throw error
      }
      isOver.store(true, ordering: .relaxed)
      try await group.waitForAll()
      return value
    }
  }

  private func submit(_ generator: SeededGenerator) async throws {
    var random = generator
    while !isOver.load(ordering: .relaxed) {
      // Nodes must answer the same bytes as they did the first time, whether the transaction is final or not.
      if Int.random(in: 0..<12, using: &random) == 0, let old = history.any(using: &random) {
        history.noteResubmission()
        _ = await send(old, to: choose(&random))
        continue
      }
      let (transaction, effect) = try work.next(using: &random)
      history.note(sending: transaction, effect)
      let start = ContinuousClock.now
      let isAnswered = await send(transaction, to: choose(&random))
      if isAnswered {
        history.note(latency: (ContinuousClock.now - start).seconds)
      } else if Bool.random(using: &random) {
        // Does what a client does that got no answer: sends the same bytes to another node.
        history.noteResubmission()
        _ = await send(transaction, to: choose(&random))
      }
    }
  }

  /// Sends a transaction and records the answer.
  /// - Returns: whether the node accepted it.
  func send(_ transaction: SignedTransaction, to node: ChaosNode) async -> Bool {
    do throws(ClientError) {
      let result = try await node.client.submit(transaction, wait: Load.wait)
      history.note(result, of: transaction.id, from: node.name)
      return true
    } catch .refused(_, let status, let detail) {
      history.note(refusal: detail.code, of: transaction.id)
      // A node that does not serve says so immediately; without a pause, the client would do nothing but ask it again.
      if status == 503 { avoid(node) }
    } catch .busy(_, _, let detail) {
      history.note(refusal: detail.code, of: transaction.id)
      avoid(node)
    } catch {
      avoid(node)
    }
    return false
  }

  private func avoid(_ node: ChaosNode) {
    avoided.withLock { $0[node.number] = ContinuousClock.now + Load.avoidance }
  }

  private func choose(_ random: inout SeededGenerator) async -> ChaosNode {
    let asked = asked.withLock { $0 }
    while true {
      let now = ContinuousClock.now
      let left = avoided.withLock { avoided in asked.filter { (avoided[$0] ?? now) <= now } }
      if let number = left.randomElement(using: &random) { return cluster.node(number) }
      guard !isOver.load(ordering: .relaxed), !asked.isEmpty else { return cluster.nodes[0] }
      // None of the nodes answers; all are down for the moment.
      try? await Task.sleep(for: .milliseconds(100))
    }
  }
}
