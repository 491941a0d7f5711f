import BlockLog
import Ledger
import NodeCore
import Primitives
import Testing

@testable import Consensus
@testable import Replica
@testable import Simulation

/// A cluster that a test controls step by step, without clients and faults of its own.
final class SimulationHarness {
  let cluster: SimulatedCluster
  /// Δ in microseconds.
  let delta: UInt64 = 100_000
  /// The last validators, which have no node: the test signs and sends for them.
  let puppets: [Int]

  init(validators: Int, seed: UInt64 = 1, puppets: Int = 0, _ change: (inout SwarmOptions) -> Void = { _ in }) {
    var options = SwarmOptions()
    options.validators = validators
    if puppets > 0 {
      options.traitors = puppets
      options.traitorKind = .noise
    }
    change(&options)
    cluster = SimulatedCluster(seed: seed, options: options)
    cluster.areClientsActive = false
    self.puppets = Array(validators - puppets..<validators)
    for node in cluster.nodes where !self.puppets.contains(node.number) {
      cluster.createLog(of: node)
      cluster.start(node)
    }
    run(50_000)
    for puppet in self.puppets {
      for node in honest { cluster.step(node, .connected(PeerID(UInt16(puppet)))) }
    }
  }

  var honest: [SimulatedNode] { cluster.nodes.filter { $0.isHonest } }
  var violation: String? { cluster.report.violation }

  func blamed(_ code: String) -> Int { cluster.report.counts["blamed: \(code)", default: 0] }
  func rejected(_ code: String) -> Int { cluster.report.counts["rejected: \(code)", default: 0] }

  // MARK: Time

  func run(_ microseconds: UInt64) { cluster.run(until: cluster.later(microseconds)) { false } }

  /// Runs until `condition` holds. Returns false if it does not hold within that time.
  func run(atMost microseconds: UInt64, until condition: () -> Bool) -> Bool {
    let end = cluster.later(microseconds)
    while cluster.now < end, cluster.report.violation == nil {
      if condition() { return true }
      run(200)
    }
    return condition()
  }

  // MARK: Nodes

  func submit(to node: Int) {
    cluster.submit(cluster.workload.probe(at: cluster.clientTime, cluster.chain.model), to: cluster.nodes[node])
  }

  /// Lets more heights become final, with transactions submitted to a node. Returns false if that takes too long.
  func grow(_ heights: Int, by node: Int = 0) -> Bool {
    for _ in 0..<heights {
      let next = cluster.chain.height.rawValue + 1
      submit(to: node)
      guard run(atMost: 20 * delta, until: { isFinal(next) }) else { return false }
    }
    return true
  }

  /// Stops a node for good.
  func kill(_ node: Int) { cluster.crash(cluster.nodes[node], for: UInt64.max / 4...UInt64.max / 4) }

  func height(_ node: Int) -> UInt64 { cluster.nodes[node].run?.index.height.rawValue ?? 0 }
  func view(_ node: Int) -> UInt64 { cluster.nodes[node].run?.replica.status.view.rawValue ?? 0 }

  func isFinal(_ height: UInt64) -> Bool {
    honest.allSatisfy { $0.run == nil || $0.run?.index.height.rawValue ?? 0 >= height }
  }

  func isStopped(_ node: Int) -> Bool { cluster.nodes[node].run?.replica.stopped != nil }

  func holds(_ node: Int, _ kind: Statement.Kind, _ view: UInt64) -> Bool {
    cluster.nodes[node].run?.replica.consensus.certificate(for: Round(epoch: .first, view: View(view)), kind) != nil
  }

  /// Whether the node has decided to notarize in the view. The vote leaves the node after its next sync.
  func hasNotarized(_ node: Int, _ view: UInt64) -> Bool {
    guard let run = cluster.nodes[node].run, let index = run.replica.consensus.views.index(of: View(view)) else {
      return false
    }
    return run.replica.consensus.views[index].own.notarized != nil
  }

  /// The result of executing the view's block at the node.
  func result(_ node: Int, _ view: UInt64) -> Digest? {
    guard let run = cluster.nodes[node].run, let index = run.replica.consensus.views.index(of: View(view)),
      case .yes(_, let result) = run.replica.consensus.views[index].certification
    else { return nil }
    return result
  }

  // MARK: Links

  /// Cuts every direction between two nodes for which `passes` returns false, and restores the others.
  func connect(where passes: (_ from: Int, _ to: Int) -> Bool) {
    for from in cluster.nodes.indices {
      for to in cluster.nodes.indices { cluster.links[from][to].isCut = !passes(from, to) }
    }
  }

  /// Divides the nodes into two groups that do not hear each other.
  func split(_ group: Set<Int>) { connect { group.contains($0) == group.contains($1) } }

  func join() { connect { _, _ in true } }

  // MARK: Puppets

  /// A vote with the validator's signature.
  func vote(_ statement: Statement, as validator: Int) -> Vote {
    cluster.sign(statement, as: cluster.nodes[validator])
  }

  func certificate(_ statement: Statement, by signers: [Int]) -> Certificate {
    Certificate(
      statement: statement, signers: signers.map { ValidatorIndex(UInt16($0)) },
      signatures: signers.map { vote(statement, as: $0).signature })
  }

  /// The newest finalization that a running node holds.
  func finalization(of node: Int) throws -> Certificate {
    let run = try #require(cluster.nodes[node].run)
    let finalization = run.replica.consensus.finalization
    return try #require(finalization)
  }

  /// Sends a frame from a puppet to a node, or to all honest nodes if none is given.
  func send(_ frame: [UInt8], as puppet: Int? = nil, to node: Int? = nil) {
    let from = PeerID(UInt16(puppet ?? puppets[0]))
    for other in node.map({ [cluster.nodes[$0]] }) ?? honest { cluster.step(other, .frame(from: from, bytes: frame)) }
  }

  func send(_ message: PeerMessage, as puppet: Int? = nil, to node: Int? = nil) {
    send(message.encoded(), as: puppet, to: node)
  }

  /// An empty block on top of the newest final block.
  func nextBlock(_ change: (inout BlockHeader) -> Void = { _ in }) -> Block {
    let height = cluster.chain.height
    let tip = LedgerState(genesis: cluster.population.genesis).tip
    let parent = cluster.chain.blocks.last
    var header = BlockHeader(
      height: Height(height.rawValue + 1), parent: parent?.digest ?? tip.block,
      parentResult: cluster.chain.result(at: height) ?? tip.result,
      timestamp: cluster.clientTime.advanced(byMilliseconds: 2), transactionCount: 0, transactionRoot: .zero)
    change(&header)
    return Block.assemble(
      height: header.height, parent: header.parent, parentResult: header.parentResult, timestamp: header.timestamp,
      transactions: [], chain: cluster.population.chain, hash: &cluster.forgeHash)
  }

  /// The puppet's proposal of a block in a view that it leads.
  func proposal(_ block: Block, in view: UInt64, on parent: UInt64, as puppet: Int? = nil) -> PeerMessage {
    let proposal = Proposal(epoch: .first, view: View(view), parent: View(parent), block: block.digest)
    return .proposal(vote(.notarize(proposal), as: puppet ?? puppets[0]), block: block.bytes)
  }
}
