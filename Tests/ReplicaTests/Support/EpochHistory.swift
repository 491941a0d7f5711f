import Ledger
import Primitives
import Simulation
import TestHarness

@testable import Replica

/// A replica that comes to the end of an epoch: its peers finalize an ordinary block in view 1, and in view 2 one that
/// changes the leader time-out. The suites about epochs derive from it.
class EpochHistory {
  let harness: ReplicaHarness
  let blocks: [Block]
  let points: [ChainPoint]
  let closing: Certificate

  convenience init() throws { try self.init(isSignerElsewhere: false) }

  /// The node itself leads none of the first views.
  init(isSignerElsewhere: Bool) throws {
    harness = try ReplicaHarness(validators: 7, own: 0, isSignerElsewhere: isSignerElsewhere)
    let first = harness.block([try harness.transaction()])
    let point = try harness.points([first])[0]
    let last = harness.block([try harness.change(of: point, timeout: 300)], on: point)
    blocks = [first, last]
    points = try harness.points(blocks)
    closing = try harness.finalization(last, points[1], view: 2, parent: 1)
  }

  /// Brings the node to where the closing is certified, and not final.
  func certifyClosing() throws {
    try harness.finalize([blocks[0]])
    try harness.propose(blocks[1], view: 2, parent: 1)
    try harness.certify(blocks[1], view: 2, parent: 1)
  }

  /// Brings the node to the next epoch, and the harness as well.
  func close() throws {
    try certifyClosing()
    harness.receive(.certificate(closing), from: 1)
    harness.epoch = Epoch(1)
  }

  var round: Round { Round(epoch: harness.replica.status.epoch, view: harness.replica.status.view) }

  var begun: [Epoch] {
    harness.notices.compactMap { if case .beganEpoch(let running) = $0 { running.epoch } else { nil } }
  }

  func sent(to peer: Int) -> [PeerMessage] {
    harness.sent.filter { $0.to == .peer(PeerID(UInt16(peer))) }.map(\.message)
  }
}
