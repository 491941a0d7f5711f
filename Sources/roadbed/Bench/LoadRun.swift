import LedgerClient
import LedgerJSON
import Primitives

/// Sends the prepared transactions in the requested shape.
struct LoadRun: Sendable {
  private let shape: LoadShape
  private let load: PreparedLoad
  private let nodes: [String]

  /// How long a node may wait for finality before it answers.
  private static let wait = Duration.seconds(30)
  /// Connections of each client in a run with a fixed rate, where requests do not wait for each other's answers.
  private static let openConnections = 32
  /// How often a run with a fixed rate sends the transactions that are due.
  private static let period = Duration.milliseconds(5)

  init(_ shape: LoadShape, _ load: PreparedLoad, nodes: [String]) {
    self.shape = shape
    self.load = load
    self.nodes = nodes
  }

  /// Runs the load, and the readers beside it.
  func run() async throws -> (LoadTally, ReadFlood.Result) {
    var clients: [LedgerClient] = []
    for number in 0..<shape.clients {
      var configuration = ClientConfiguration()
      // A refusal is a result here, so it is not retried.
      configuration.retries.attempts = 1
      if shape.rate != nil {
        // A due transaction may have to wait for a connection; its latency includes that wait.
        configuration.connections = Self.openConnections
        configuration.connectTimeout = Self.wait
      }
      clients.append(
        try LedgerClient(
          nodes: [try NodeAddress.parse(nodes[number % nodes.count])], configuration: configuration))
    }
    let begun = ContinuousClock.now
    let start = begun + .seconds(shape.warmUp)
    let tally = LoadTally(from: start, to: start + .seconds(shape.seconds))
    let flood = ReadFlood(readers: shape.readers, nodes: nodes)
    try await withThrowingTaskGroup(of: Void.self) { group in
      if shape.readers > 0 { group.addTask { try await flood.run(tally) } }
      if let rate = shape.rate {
        let clients = clients
        group.addTask { await sendAtRate(rate, from: begun, clients, tally) }
      } else {
        for client in clients { group.addTask { await sendInTurn(client, tally) } }
      }
      try await group.waitForAll()
    }
    for client in clients { await client.shutdown() }
    return (tally, flood.result)
  }

  /// Runs one client: sends a group, waits for the answer, then sends the next group.
  private func sendInTurn(_ client: LedgerClient, _ tally: LoadTally) async {
    while tally.isOpen {
      let group = load.take(shape.inFlight)
      guard !group.isEmpty else { return }
      let now = ContinuousClock.now
      let isTaken = await send(group, due: Array(repeating: now, count: group.count), client, tally)
      // Pause before asking a node again that applied nothing.
      if !isTaken { try? await Task.sleep(for: .milliseconds(20)) }
    }
  }

  /// Sends the due transactions every few milliseconds, regardless of outstanding answers.
  private func sendAtRate(
    _ rate: Double, from begun: ContinuousClock.Instant, _ clients: [LedgerClient], _ tally: LoadTally
  ) async {
    await withTaskGroup(of: Void.self) { group in
      var sent = 0
      var turn = 0
      while tally.isOpen {
        let due = Int((ContinuousClock.now - begun) / .seconds(1) * rate)
        while sent < due {
          let next = load.take(min(due - sent, shape.inFlight))
          guard !next.isEmpty else { return }
          let times = (1...next.count).map { begun + .seconds(Double(sent + $0) / rate) }
          sent += next.count
          turn += 1
          let client = clients[turn % clients.count]
          group.addTask { _ = await send(next, due: times, client, tally) }
        }
        try? await Task.sleep(for: Self.period)
      }
    }
  }

  /// Sends a group and records the outcomes.
  /// - Returns: whether any transaction was applied.
  private func send(
    _ group: ArraySlice<[UInt8]>, due: [ContinuousClock.Instant], _ client: LedgerClient, _ tally: LoadTally
  ) async -> Bool {
    tally.noteOffered(group.count, at: .now)
    var committed: [ContinuousClock.Instant] = []
    var failures: [String: Int] = [:]
    var putOff = 0
    do throws(ClientError) {
      let results =
        group.count == 1
        ? [try await client.submit(group[group.startIndex], wait: Self.wait)]
        : try await client.submit(many: Array(group), wait: Self.wait)
      for (result, time) in zip(results, due) {
        if result.outcome?.applied == true {
          committed.append(time)
        } else {
          failures[result.error?.code ?? result.outcome?.code ?? "client.not-final", default: 0] += 1
        }
        if result.error?.retryAfterMilliseconds != nil { putOff += 1 }
      }
    } catch {
      failures[error.code] = group.count
      if case .busy = error { putOff = group.count }
    }
    tally.note(committed: committed, failures: failures, putOff: putOff)
    return !committed.isEmpty
  }
}
