import Foundation
import LedgerClient
import LedgerJSON
import Primitives

/// The nodes of a run and the means to change their environment.
struct ChaosCluster: Sendable {
  let files: ClusterFiles
  private(set) var nodes: [ChaosNode]
  /// Nil on loopback.
  let network: NodeNetwork?
  let shaper: NodeNetwork.Shaper
  /// The number of the node whose disk can be filled.
  let smallDiskNode: Int
  let smallDisk: SmallDisk?
  let roadbed: String
  private let peers: String
  private let twinPlace: NodeEndpoint
  private let newcomerPlace: NodeEndpoint

  /// The number of places: one for each node, one for a second process with the same key, and one for a node that
  /// joins.
  static func places(for nodes: Int) -> Int { nodes + 2 }

  /// Creates the directories and sets up the nodes without starting them.
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
    twinPlace = place(count + 1)
    newcomerPlace = place(count + 2)
  }

  /// Creates a cluster on free ports of the loopback interface.
  private static func makeOnLoopback(
    in directory: String, nodes: Int, roadbed: String
  ) async throws -> (files: ClusterFiles, basePort: Int) {
    var last: any Error = ChaosError.setUp("no port was tried")
    // These ports are below the range from which the system assigns client ports.
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

  func node(_ number: Int) -> ChaosNode {
    nodes.first { $0.number == number } ?? nodes[(number - 1) % nodes.count]
  }

  /// The same cluster for those who do not look at one of the nodes.
  func without(_ number: Int) -> ChaosCluster {
    var others = self
    others.nodes.removeAll { $0.number == number }
    return others
  }

  /// The same cluster, with a node's process at its inner address, so that its peers reach it through a relay.
  func behindRelay(_ number: Int) throws -> ChaosCluster {
    var changed = self
    changed.nodes = try nodes.map { node in
      guard node.number == number else { return node }
      return try ChaosNode(
        number: number, name: node.name, directory: node.directory, place: node.place.behindRelay, peers: peers,
        roadbed: roadbed)
    }
    return changed
  }

  /// A second process with a node's key, in its own directory.
  func twin(of node: ChaosNode, directory: String) throws -> ChaosNode {
    try ChaosNode(
      number: nodes.count + 1, name: "\(node.name)-twin", directory: directory, place: twinPlace, peers: peers,
      roadbed: roadbed)
  }

  /// A node that joins while the chain runs. Nothing of it exists yet.
  func newcomer(_ name: String) throws -> ChaosNode {
    try ChaosNode(
      number: nodes.count + 2, name: name, directory: "\(files.directory)/\(name)", place: newcomerPlace, peers: peers,
      roadbed: roadbed)
  }

  /// The same cluster with one more node.
  func joined(by node: ChaosNode) -> ChaosCluster {
    var larger = self
    larger.nodes.append(node)
    return larger
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

  /// The current status of each node, queried in parallel; nil for nodes that do not answer.
  func statuses() async -> [NodeStatus?] {
    await withTaskGroup(of: (Int, NodeStatus?).self) { group in
      for (index, node) in nodes.enumerated() { group.addTask { (index, await node.status()) } }
      var all: [NodeStatus?] = Array(repeating: nil, count: nodes.count)
      for await (index, status) in group { all[index] = status }
      return all
    }
  }

  /// Waits until every node is healthy and has finalized a block above the greatest height that any node had before.
  /// - Returns: the seconds that this took.
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
  /// Waits until a block is final a few views above the nodes' current views. A node that lost its log votes again two
  /// views above those of its peers (R30); until then it counts as faulty, and another fault would be one too many. Its
  /// health reports this (`node.not-voting-yet`), but this function does not rely on that. No epoch may be about to end.
  func waitUntilSettled(within limit: Duration, after what: String) async throws {
    var goal = await statuses().compactMap { $0?.round }.max() ?? .genesis
    goal.view = View(goal.view.rawValue + 4)
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      if let block = try? await nodes[0].client.latestBlock(), let view = block.view,
        Round(epoch: Epoch(block.result.epoch ?? 0), view: View(view)) > goal
      {
        return
      }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw ChaosError.broken(
      .progress, "no block became final above \(goal) within \(Int(limit.seconds)) s after \(what)")
  }
}

extension NodeStatus {
  var round: Round { Round(epoch: Epoch(epoch), view: View(view)) }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
