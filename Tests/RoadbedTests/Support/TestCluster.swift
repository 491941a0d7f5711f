import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives
import Testing

/// A cluster of real processes in a temporary folder, on free ports.
struct TestCluster: Sendable {
  let folder: Folder
  let directory: String
  let basePort: Int
  let count: Int

  /// Creates a cluster, calls `body` with it, and afterwards always kills its processes and removes its folder.
  static func with(
    nodes: Int, suite: String = "p256-sha256", isUp: Bool = true, _ body: (TestCluster) async throws -> Void
  ) async throws {
    try await Folder.with { folder in
      let cluster = try await make(in: folder, nodes: nodes, suite: suite)
      do {
        if isUp { try await cluster.up() }
        try await body(cluster)
        cluster.killAll()
      } catch {
        cluster.killAll()
        Issue.record("the nodes' last messages: \(cluster.lastWords)")
        throw error
      }
    }
  }

  private struct NoPorts: Error {}

  private static func make(in folder: Folder, nodes: Int, suite: String) async throws -> TestCluster {
    let directory = folder.path("cluster")
    // These ports are below the range from which the system assigns client ports.
    for _ in 0..<20 {
      let port = Int.random(in: 50...150) * 200
      let run = try await Roadbed.run(
        "cluster", "new", "--dir", directory, "--nodes", "\(nodes)", "--suite", suite, "--base-port", "\(port)")
      if run.status == 0 { return TestCluster(folder: folder, directory: directory, basePort: port, count: nodes) }
      #expect(run.errorCode == "cluster.port-busy", "\(run.error)")
    }
    throw NoPorts()
  }

  func node(_ number: Int) -> String { "\(directory)/node\(number)" }
  func apiPort(_ number: Int) -> Int { basePort + 100 + number }
  func api(_ number: Int) -> String { "http://127.0.0.1:\(apiPort(number))" }
  var genesisFile: String { "\(directory)/genesis.json" }

  func genesis() throws -> Genesis {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: genesisFile)))
    return try GenesisDocument.parse(bytes, document: "genesis.json")
  }

  /// Changes settings of every node. Keys are lines of node.yaml as in the template, without the comment sign.
  func set(_ changes: [String: String]) throws {
    for number in 1...count {
      let path = "\(node(number))/node.yaml"
      var text = try String(contentsOfFile: path, encoding: .utf8)
      for (old, new) in changes {
        try #require(text.contains("  #\(old)\n"), "node.yaml has no \(old)")
        text = text.replacingOccurrences(of: "  #\(old)\n", with: "  \(new)\n")
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }
  }

  /// Whether a node has printed this text since its first start.
  func said(_ number: Int, _ text: String) -> Bool {
    ((try? String(contentsOfFile: "\(node(number))/node.log", encoding: .utf8)) ?? "").contains(text)
  }

  /// The value of the metric `name`, which has no labels, at a node.
  func metric(_ name: String, _ number: Int) throws -> Double {
    let lines = try RawHTTP.request("GET", "/metrics", port: apiPort(number)).body.split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix("\(name) ") }, "no \(name) in \(lines)")
    return try #require(Double(line.dropFirst(name.count + 1)))
  }

  func waitUntil(_ what: String, seconds: Double = 120, _ isTrue: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !isTrue() {
      try #require(ContinuousClock.now < deadline, "it took too long until \(what)")
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  // MARK: Processes

  func up() async throws {
    try await Roadbed.succeed("cluster", "up", "--dir", directory, "--detach", "--timeout", "60", seconds: 90)
    try await waitUntilAllAnswer()
  }

  /// Waits until all nodes answer, since `cluster up` is content with a quorum.
  func waitUntilAllAnswer() async throws {
    try await waitUntil("all nodes answer", seconds: 60) {
      (1...count).allSatisfy { number in
        (try? RawHTTP.request("GET", "/v1/status", port: apiPort(number)).status) == 200
      }
    }
  }

  func stop() async throws { try await Roadbed.succeed("cluster", "stop", "--dir", directory) }

  func start(_ number: Int) async throws {
    try await Roadbed.succeed("cluster", "start", "--dir", directory, "node\(number)", seconds: 90)
  }

  /// Kills a node without a chance to end cleanly.
  func kill(_ number: Int) {
    guard let pid = pid(number) else { return }
    Foundation.kill(pid, SIGKILL)
    while !hasEnded(pid) { usleep(1000) }
  }

  /// Whether the last thread of a process is gone, along with its lock and its ports.
  private func hasEnded(_ pid: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return true }
    let isZombie = stat.split(separator: ")").last?.hasPrefix(" Z") ?? true
    return isZombie && (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").count) ?? 0 <= 1
  }

  /// The codes of the reasons for which a node is not healthy.
  func complaints(_ number: Int) throws -> [String] {
    let body = try RawHTTP.request("GET", "/v1/health", port: apiPort(number)).body
    return try JSONDecoder().decode(HealthView.self, from: Data(body.utf8)).reasons.map(\.code)
  }

  /// The height of the last block that a node can show.
  func height(_ number: Int) throws -> UInt64 {
    let body = try RawHTTP.request("GET", "/v1/status", port: apiPort(number)).body
    return try JSONDecoder().decode(NodeStatus.self, from: Data(body.utf8)).height.rawValue
  }

  func killAll() {
    for number in 1...count { kill(number) }
  }

  func pid(_ number: Int) -> Int32? {
    guard let text = try? String(contentsOfFile: "\(node(number))/node.pid", encoding: .utf8),
      let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)),
      let command = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"),
      String(decoding: command, as: UTF8.self).contains(folder.path)
    else { return nil }
    return pid
  }

  var lastWords: String {
    (1...count).map { number in
      let text = (try? String(contentsOfFile: "\(node(number))/node.log", encoding: .utf8)) ?? ""
      return "node\(number): " + text.split(separator: "\n").suffix(8).joined(separator: "\n  ")
    }.joined(separator: "\n")
  }

  // MARK: The ledger

  func client(_ numbers: Int...) throws -> LedgerClient {
    let chosen = numbers.isEmpty ? Array(1...count) : numbers
    return try LedgerClient(nodes: try chosen.map { try NodeAddress.parse(api($0)) })
  }

  func signer(_ member: String) throws -> Signer {
    let name = try #require(Name(member))
    let suite = try genesis().suite
    return Signer(member: name, key: try KeyFile.read("\(directory)/keys/\(member).pem", suite: suite))
  }

  /// Opens accounts one at a time, which makes at least `count` blocks.
  func openAccounts(_ count: Int, from first: Int = 0) async throws {
    let builder = TransactionBuilder(genesis: try genesis())
    let signer = try signer("registry")
    let client = try client()
    for number in first..<first + count {
      let account = try #require(AccountName("registry/snapshot/a\(number)"))
      let transaction = try builder.transaction([.accountOpen(account: account, description: "")], signers: [signer])
      let result = try await client.submit(transaction, wait: .seconds(20))
      try #require(result.status == .finalized)
    }
    await client.shutdown()
  }

  /// Waits until every node has finalized the same block and no transactions wait. Checks twice, because an empty block
  /// may follow if a slow machine took long to make the last one final.
  func waitUntilLevel(seconds: Double = 60) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var before: Digest?
    while true {
      var tips: Set<Digest> = []
      for number in 1...count {
        let client = try client(number)
        let status = try? await client.status()
        await client.shutdown()
        tips.insert(status.flatMap { $0.mempool.transactions == 0 ? $0.block : nil } ?? .zero)
      }
      let tip = tips.count == 1 && !tips.contains(.zero) ? tips.first : nil
      if let tip, tip == before { return }
      before = tip
      try #require(ContinuousClock.now < deadline, "the tips of the nodes differ: \(tips)")
      try await Task.sleep(for: .milliseconds(tip == nil ? 100 : 400))
    }
  }

  /// How often each transaction is in the chain, as one node reports it.
  func occurrences(askedOf number: Int) async throws -> [Digest: Int] {
    let client = try client(number)
    var counts: [Digest: Int] = [:]
    let tip = try await client.status().height
    var height = Height(1)
    while height <= tip {
      let block = try await client.block(height)
      for id in block.transactions ?? [] { counts[id, default: 0] += 1 }
      height = Height(height.rawValue + 1)
    }
    await client.shutdown()
    return counts
  }
}
