import Foundation
import LedgerClient

/// Two clusters on one machine at the same time, one whose nodes sign with key files and one whose nodes have signer
/// processes: transactions one at a time, a few at the one and then a few at the other.
struct SignerComparison {
  let directory: String
  let nodes: Int
  let basePort: Int
  let transactions: Int

  /// Transactions at one cluster before it is the other's turn.
  private static let turn = 25

  func run() async throws {
    print(
      "set-up: two clusters of \(nodes) nodes on this machine, TLS and syncs on, one client, one at a time, in turns")
    let withFiles = LocalCluster(directory: "\(directory)/files")
    let withSigners = LocalCluster(directory: "\(directory)/signers")
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try withFiles.make(nodes: nodes, basePort: basePort)
    defer { withFiles.remove() }
    try withSigners.make(nodes: nodes, basePort: basePort + 200)
    defer { withSigners.remove() }
    let signers = try withSigners.startSigners()
    defer { for signer in signers { signer.terminate() } }
    try withFiles.start()
    try withSigners.start()
    let files = try await latencies(of: withFiles, withSigners)
    report("key files", files.first)
    report("signers", files.second)
    let more = median(files.second) - median(files.first)
    print(String(format: "with signers the median is %.2f ms longer", more))
  }

  private func latencies(
    of first: LocalCluster, _ second: LocalCluster
  ) async throws -> (first: [Double], second: [Double]) {
    try await LedgerClient.with(nodes: [try first.api()]) { firstClient in
      try await LedgerClient.with(nodes: [try second.api()]) { secondClient in
        let senders = [
          try Sender(firstClient, first, try first.description()),
          try Sender(secondClient, second, try second.description()),
        ]
        var latencies: [[Double]] = [[], []]
        for sender in senders { for _ in 0..<20 { try await sender.send() } }
        while latencies[1].count < transactions {
          for (index, sender) in senders.enumerated() {
            for _ in 0..<Self.turn {
              let start = ContinuousClock.now
              try await sender.send()
              latencies[index].append((ContinuousClock.now - start).seconds * 1000)
            }
          }
        }
        return (latencies[0].sorted(), latencies[1].sorted())
      }
    }
  }

  private func median(_ sorted: [Double]) -> Double { sorted[sorted.count / 2] }

  private func report(_ name: String, _ sorted: [Double]) {
    print(
      String(
        format: "%@, %d transactions: median %.2f ms, p90 %.2f, p99 %.2f, least %.2f", name, sorted.count,
        median(sorted),
        sorted[sorted.count * 9 / 10], sorted[sorted.count * 99 / 100], sorted[0]))
  }
}
