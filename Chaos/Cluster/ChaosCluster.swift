import Foundation
import LedgerClient
import LedgerJSON
import Primitives

/// The nodes of a run, and the ways to change their world.
struct ChaosCluster: Sendable {
  let files: ClusterFiles
  let nodes: [ChaosNode]
  /// Nil on loopback.
  let network: NodeNetwork?
  let shaper: NodeNetwork.Shaper
  /// The node whose disk can be filled, and its disk.
  let smallDiskNode: Int
  let smallDisk: SmallDisk?
  let roadbed: String
  private let peers: String
  private let sparePlace: NodeEndpoint

  /// Makes the directories and sets the nodes up, and starts none.
  init(
    directory: String, nodes count: Int, seed: UInt64, network: NodeNetwork?, shaper: NodeNetwork.Shaper,
    wantsSmallDisk: Bool, roadbed: String
  ) async throws {
    var random = SeededGenerator(seed: seed).fork("cluster")
    let files: ClusterFiles
    let place: (Int) -> NodeEndpoint
    if let network {
      files = try await ClusterFiles.make(in: directory, nodes: count, basePort: 7400, roadbed: roadbed)
      place = { NodeEndpoint.inNetwork(network, $0) }
    } else {
      let found = try await ChaosCluster.makeOnLoopback(in: directory, nodes: count, roadbed: roadbed)
      files = found.files
      place = { NodeEndpoint.onLoopback(basePort: found.basePort, $0) }
    }
    let peers = (1...count).map { "node\($0)=\(place($0).peers)" }.joined(separator: ",")
    nodes = try (1...count).map { number in
      try ChaosNode(
        number: number, name: "node\(number)", directory: files.node(number), place: place(number), peers: peers,
        roadbed: roadbed)
    }
    smallDiskNode = Int.random(in: 1...count, using: &random)
    smallDisk = wantsSmallDisk ? try? await SmallDisk.mount(under: files.node(smallDiskNode)) : nil
    self.files = files
    self.network = network
    self.shaper = shaper
    self.roadbed = roadbed
    self.peers = peers
    sparePlace = place(count + 1)
  }

  /// On ports that are free.
  private static func makeOnLoopback(
    in directory: String, nodes: Int, roadbed: String
  ) async throws -> (files: ClusterFiles, basePort: Int) {
    var last: any Error = ChaosError.setUp("no port was tried")
    // Below the ports that the system gives to clients.
    for _ in 0..<20 {
      let port = Int.random(in: 50...150) * 200
      do {
        return (try await ClusterFiles.make(in: directory, nodes: nodes, basePort: port, roadbed: roadbed), port)
      } catch {
        last = error
      }
    }
    throw last
  }

  func node(_ number: Int) -> ChaosNode { nodes[(number - 1) % nodes.count] }

  /// A second process of a node's key, from a directory of its own.
  func twin(of node: ChaosNode, directory: String) throws -> ChaosNode {
    try ChaosNode(
      number: nodes.count + 1, name: "\(node.name)-twin", directory: directory, place: sparePlace, peers: peers,
      roadbed: roadbed)
  }

  func startAll() async throws {
    for node in nodes { try await node.start() }
  }

  func killAll() async {
    for node in nodes { try? await node.kill() }
  }

  func shutdown() async {
    await killAll()
    for node in nodes { await node.endAsking() }
    if let smallDisk { await smallDisk.unmount() }
  }

  // MARK: Status

  /// What each node says now, all asked at once; nil of those that do not answer.
  func statuses() async -> [NodeStatus?] {
    await withTaskGroup(of: (Int, NodeStatus?).self) { group in
      for (index, node) in nodes.enumerated() { group.addTask { (index, await node.status()) } }
      var all: [NodeStatus?] = Array(repeating: nil, count: nodes.count)
      for await (index, status) in group { all[index] = status }
      return all
    }
  }

  /// Waits until every node is healthy and has finalized more than the highest of them had.
  /// - Returns: the seconds that it took.
  func waitForProgress(within limit: Duration, after what: String) async throws -> Double {
    let start = ContinuousClock.now
    var goal: UInt64?
    var waitingFor = ""
    while ContinuousClock.now - start < limit {
      let statuses = await statuses()
      let heights = statuses.map { $0?.height.rawValue }
      if goal == nil { goal = (heights.compactMap(\.self).max() ?? 0) + 1 }
      var late: [String] = []
      for (index, node) in nodes.enumerated() {
        guard let height = heights[index], height >= goal ?? 1 else {
          late.append("\(node.name) at \(heights[index].map(String.init) ?? "no answer")")
          continue
        }
        if await !(node.health()?.healthy ?? false) { late.append("\(node.name) unhealthy") }
      }
      if late.isEmpty { return (ContinuousClock.now - start).seconds }
      waitingFor = late.joined(separator: ", ")
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ChaosError.broken(
      .progress,
      "no progress within \(Int(limit.seconds)) s after \(what): all nodes must be above height \(goal ?? 0); \(waitingFor)"
    )
  }
}

extension ChaosCluster {
  /// Waits until blocks are final some views above where the nodes stand now. A node that lost its log votes again two
  /// views above where its peers stood; until then it counts as faulty, and another fault would be one too many. Its
  /// health says so (`node.not-voting-yet`); this does not rely on it.
  func waitUntilSettled(within limit: Duration, after what: String) async throws {
    let views = await statuses().compactMap { $0?.view }
    let goal = (views.max() ?? 0) + 4
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if let view = try? await nodes[0].client.latestBlock().view, view > goal { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ChaosError.broken(
      .progress, "no block became final above view \(goal) within \(Int(limit.seconds)) s after \(what)")
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
