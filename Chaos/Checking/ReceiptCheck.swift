import Foundation
import Primitives

/// Fetches receipts, and verifies them with the genesis file alone, by the commands that everybody has.
struct ReceiptCheck: Sendable {
  let cluster: ChaosCluster
  /// What each node of the cluster has, in the same order.
  let copies: [ChainCopy]

  /// How many are verified at most.
  static let most = 40

  /// Chooses among acknowledged transactions: the first and the last one, and the last and the first one of the epochs
  /// around each closing block; of too many, some all over the chain.
  static func choose(_ acknowledged: [Digest: Height], around closings: [Height]) -> [Digest] {
    let all = acknowledged.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    let turns: [Digest?] = closings.flatMap { closing in
      [all.last { $0.value <= closing }?.key, all.first { $0.value > closing }?.key]
    }
    var chosen: [Digest] = []
    for id in ([all.first?.key] + turns + [all.last?.key]).compactMap(\.self) where !chosen.contains(id) {
      chosen.append(id)
    }
    guard chosen.count > most else { return chosen }
    return (0..<most).map { chosen[$0 * chosen.count / most] }
  }

  /// Throws unless every receipt proves what it is about. The nodes are asked in turn.
  func verify(_ ids: [Digest]) async throws {
    _ = try await Parallel.map(Array(ids.enumerated()), width: 2) { index, id in
      try await verify(id, of: node(for: id, turn: index))
    }
  }

  /// A node that has the block of the transaction.
  private func node(for id: Digest, turn: Int) -> ChaosNode {
    let place = turn % copies.count
    let has = copies[0].places[id].map { $0.rawValue >= copies[place].first } ?? false
    return cluster.nodes[has ? place : 0]
  }

  private func verify(_ id: Digest, of node: ChaosNode) async throws {
    let file = "\(cluster.files.directory)/receipt-\(id).json"
    let commands = [
      ["receipt", "get", "\(id)", "-o", file, "--node", node.place.api],
      ["receipt", "verify", file, "--genesis", cluster.files.genesisFile],
    ]
    for command in commands {
      let result = try await Shell.run([cluster.roadbed] + command)
      guard result.status == 0, result.output.contains("\(id)") else {
        throw ChaosError.broken(
          .receipts, "the receipt of \(id) from \(node.name): '\(command.joined(separator: " "))': \(result.output)")
      }
    }
    try FileManager.default.removeItem(atPath: file)
  }
}
