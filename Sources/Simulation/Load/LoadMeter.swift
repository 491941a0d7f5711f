internal import Ledger
internal import Primitives
internal import Replica

/// Measures a run under load: since when each transaction has been waiting, when blocks became final, and the times of
/// each view.
final class LoadMeter {
  /// The ticks of one view, as far as it has progressed.
  struct ViewTimes {
    var leader: Int
    var proposed: Tick
    /// When the last copy of the proposal left the leader.
    var departed: Tick
    /// When the next leader obtained a notarization.
    var notarized: Tick?
    /// Bytes that the leader had sent by its own proposal, and by the proposal of the next view.
    var sentBefore: Int
    var sentAfter: Int?
  }

  struct FinalBlock {
    var tick: Tick
    var transactions: Int
    var bytes: Int
  }

  let plan: LoadPlan
  private(set) var views: [Round: ViewTimes] = [:]
  private(set) var blocks: [FinalBlock] = []
  private(set) var viewsGivenUp = 0
  private(set) var copiesAgain = 0
  /// In microseconds, for transactions that became final after `measuresFrom`.
  private(set) var latencies: [UInt64] = []
  var measuresFrom = Tick(.max)
  /// By node: the transactions that its clients wait for, and since when.
  private var waiting: [[Digest: Tick]]
  private var newest: [Round]
  private var turn = 0

  init(_ plan: LoadPlan) {
    self.plan = plan
    waiting = Array(repeating: [:], count: plan.validators)
    newest = Array(repeating: .genesis, count: plan.validators)
  }

  // MARK: Clients

  /// The next node in turn whose clients may send another call; nil if all of them have reached `inFlight`.
  func nextNode() -> Int? {
    for _ in 0..<plan.validators {
      turn = (turn + 1) % plan.validators
      if waiting[turn].count + plan.callSize <= plan.inFlight / plan.validators { return turn }
    }
    return nil
  }

  func submitted(_ id: Digest, to node: Int, at tick: Tick) { waiting[node][id] = tick }

  func committed(_ commits: [Commit], node: Int, at tick: Tick) {
    for commit in commits {
      if commit.height.rawValue == UInt64(blocks.count) + 1 {
        blocks.append(
          FinalBlock(tick: tick, transactions: commit.block.count, bytes: commit.block.bytes.count))
      }
      for id in commit.block.ids {
        guard let since = waiting[node].removeValue(forKey: id), tick >= measuresFrom else { continue }
        latencies.append(tick.microseconds(since: since))
      }
    }
  }

  // MARK: Views

  func proposed(_ round: Round, node: Int, _ cluster: SimulatedCluster) {
    guard views[round] == nil else { return }
    let before = Round(epoch: round.epoch, view: View(round.view.rawValue - 1))
    if let leader = views[before]?.leader { views[before]?.sentAfter = cluster.sentBytes(leader) }
    newest[node] = round
    views[round] = ViewTimes(
      leader: node, proposed: cluster.now, departed: cluster.now, sentBefore: cluster.sentBytes(node))
  }

  /// Records that a copy of a frame has left its node.
  func departed(_ frame: [UInt8], node: Int, at tick: Tick) {
    switch PeerMessage.Kind(of: frame) {
    case .proposal: views[newest[node]]?.departed = tick
    case .block: copiesAgain += 1
    default: break
    }
  }

  /// Records that a node has a certificate. Only the notarization that the next view's leader waits for counts.
  func certified(_ certificate: Certificate, by seat: Int, _ cluster: SimulatedCluster) {
    guard certificate.kind == .notarize, views[certificate.round]?.notarized == nil,
      cluster.leader(after: certificate.round) == seat
    else { return }
    views[certificate.round]?.notarized = cluster.now
  }

  func gaveUp() { viewsGivenUp += 1 }
}
