import ArgumentParser
import Cryptography
import Foundation
import Ledger
import LedgerClient
import LedgerJSON
import Primitives

/// Measures a fresh cluster from outside, as its users see it: over HTTP, against separate processes.
///
/// Creates and starts the cluster itself, using the `roadbed` binary in its own directory and a folder that it removes
/// afterwards. Prints every figure together with the set-up and the limits of the machine's disk and processor,
/// measured in the same run.
@main
struct ClusterBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster-bench",
    abstract: "Measure a fresh local cluster: first transaction, latency one at a time, idle load, memory.")

  @Option(help: "Nodes of the cluster.") var nodes = 4
  @Option(help: "Transactions sent one after another.") var transactions = 500
  @Option(help: "Seconds for which the idle cluster is watched.") var idleSeconds = 10
  @Option(help: "First port; the cluster uses 200 from there.") var basePort = 17_400
  @Flag(help: "Only compare nodes that have signer processes with nodes that have key files.") var signers = false
  @Option(help: "The folder to make the cluster in; it must not exist.") var dir: String?

  func run() async throws {
    let directory =
      dir ?? FileManager.default.temporaryDirectory.appendingPathComponent("cluster-bench-\(getpid())").path
    let limits = try MachineLimits.measure(in: directory)
    print(limits.text)
    if signers {
      let comparison = SignerComparison(
        directory: directory, nodes: nodes, basePort: basePort, transactions: transactions)
      return try await comparison.run()
    }
    print("set-up: \(nodes) nodes on this machine, TLS and syncs on, one client, one connection, one at a time")
    let cluster = LocalCluster(directory: directory)
    defer { cluster.remove() }
    let begun = ContinuousClock.now
    try cluster.make(nodes: nodes, basePort: basePort)
    try cluster.start()
    let description = try cluster.description()
    guard let api = URL(string: description.nodes[0].api) else { throw ValidationError("no API address") }
    try await LedgerClient.with(nodes: [api]) { client in
      let sender = try Sender(client, cluster, description)
      try await sender.send()
      let first = ContinuousClock.now - begun
      print(String(format: "first transaction final after %.2f s from an empty folder", first.seconds))
      try await measureIdle(description, cluster)
      for _ in 0..<20 { try await sender.send() }
      var latencies: [Double] = []
      for _ in 0..<transactions {
        let start = ContinuousClock.now
        try await sender.send()
        latencies.append((ContinuousClock.now - start).seconds * 1000)
      }
      latencies.sort()
      print(
        String(
          format: "submit to final, %d transactions: median %.2f ms, p90 %.2f, p99 %.2f, least %.2f, most %.2f",
          transactions, latencies[transactions / 2], latencies[transactions * 9 / 10],
          latencies[transactions * 99 / 100], latencies[0], latencies[transactions - 1]))
    }
    for node in description.nodes {
      let process = NodeFigures(pidFile: "\(directory)/\(node.directory)/node.pid")
      print("\(node.name): \(process.residentMegabytes) MB resident after the load")
    }
  }

  /// Measures what the nodes do while they receive no requests.
  private func measureIdle(_ description: ClusterDescription, _ cluster: LocalCluster) async throws {
    try await Task.sleep(for: .seconds(1))
    let files = description.nodes.map { NodeFigures(pidFile: "\(cluster.directory)/\($0.directory)/node.pid") }
    let before = files.map { (ticks: $0.processorSeconds, written: $0.writtenBytes) }
    try await Task.sleep(for: .seconds(idleSeconds))
    for (index, node) in description.nodes.enumerated() {
      let seconds = files[index].processorSeconds - before[index].ticks
      let written = files[index].writtenBytes - before[index].written
      print(
        String(
          format: "%@ idle for %d s: %.2f %% of a core, %d bytes written, %d MB resident", node.name, idleSeconds,
          seconds / Double(idleSeconds) * 100, written, files[index].residentMegabytes))
    }
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
