import Consensus
import Cryptography
import Ledger
import Primitives
import Simulation
import TestHarness

@testable import Replica

/// What a machine of the replica works with, alone: a step's context, a chain and a consensus, both at genesis.
///
/// Keys, votes and blocks come from a replica's harness, which is not used otherwise.
final class MachineHarness {
  let maker: ReplicaHarness
  let configuration: ReplicaConfiguration
  var context: StepContext
  var chain: Chain
  var consensus: Consensus

  init(validators: Int = 4, own: Int = 0, checkpoint: Checkpoint? = nil) throws {
    maker = try ReplicaHarness(validators: validators, own: own)
    let set = maker.population.genesis.validatorSet
    var configuration = ReplicaConfiguration(
      genesis: maker.population.genesis, chain: maker.population.chain, voteKeys: [set.voteKey(of: maker.own)])
    configuration.checkpoint = checkpoint
    self.configuration = configuration
    context = StepContext(configuration: configuration, position: .start, now: maker.now)
    chain = Chain(ledger: LedgerState(genesis: maker.population.genesis))
    consensus = Consensus(
      ConsensusConfiguration(
        validators: set, own: maker.own, openingBlock: maker.population.genesis.blockDigest),
      restored: RestoredConsensus(), now: maker.now.tick)
  }

  /// Feeds the consensus, whose effects do not matter.
  func feed(_ input: ConsensusInput) {
    var effects: [ConsensusEffect] = []
    consensus.step(input, now: context.now.tick, effects: &effects)
  }

  func advance(microseconds: UInt64) { context.now.tick = context.now.tick.advanced(byMicroseconds: microseconds) }

  func round(_ view: UInt64) -> Round { Round(epoch: .first, view: View(view)) }

  // MARK: What the step asked for

  var requests: [VerificationRequest] { context.effects.verifications }
  var sent: [Send] { context.effects.sends }

  var messages: [PeerMessage] { get throws { try context.effects.sends.map { try PeerMessage($0.frame) } } }

  var blame: [String] {
    context.effects.notices.compactMap { notice in
      guard case .misbehaved(_, let code, _) = notice else { return nil }
      return code
    }
  }

  func forgetEffects() { context.effects.removeAll() }
}
